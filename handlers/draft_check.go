package handlers

import (
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// checkPage shows all answers and whether they can be sent.
func checkPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, typed, err := d.Store.DraftWithTyped(c.Request().Context(), caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		if to := lockedAt(draft); to != "" {
			return see(c, to)
		}
		l := in(c)
		title := titled(l.T("Check your answers before sending"), l.T("New referral"))
		p := views.CheckPage{
			Shell:    shell(c, title, "drafts"),
			BackText: l.T(backTo(referral.StepTarget)),
			BackHref: stepURL(draft.ID, referral.StepTarget, nil),
			FileHref: "/drafts/" + draft.ID + "/payload.json",
		}
		w, err := d.review(c, draft, typed)
		if err != nil {
			return err
		}
		p.Cards, p.Send = w.cards(), w.sendBox()
		p.Registration = registration(in(c), draft.Answers)
		p.Send.Warnings = append(p.Send.Warnings, w.unasked(in(c))...)
		p.Send.Similar, err = similar(c, d.Store, draft, d.Now())
		if err != nil {
			return err
		}
		if p.Payload, p.Microsoft, err = previews(l, draft); err != nil {
			return err
		}
		return render(c, views.Check(p))
	}
}

// unknownYet stands for the engagement id before Microsoft has given it.
const unknownYet language.Key = "(Microsoft gives it in its first answer)"

// previews returns the bodies that will be sent, indented: the own one, and for co-sell the connected
// one as far as it is known.
func previews(
	l *language.Locale, draft referral.Draft,
) (own, microsoft string, err error) {
	body, err := referral.Payload(draft.Answers, draft.Stamp())
	if err != nil || !draft.Deal().Connects() {
		return pretty(body), "", err
	}
	second, err := referral.ConnectPayload(draft.Answers, draft.Stamp(), l.T(unknownYet),
		referral.NewConnect(draft.Answers))
	return pretty(body), pretty(second), err
}

// review is a draft as the check page shows it.
type review struct {
	locale   *language.Locale
	draft    referral.Draft
	rep      referral.User
	settings referral.Settings
	problems map[referral.Step]referral.Problems
	warnings referral.Problems
	// unsaved are the pages on which the rep typed something that he has not saved.
	unsaved []form.Item
}

func (d Deps) review(
	c echo.Context, draft referral.Draft, typed []referral.Typed,
) (review, error) {
	today := d.today(c)
	settings, err := d.Store.Settings(c.Request().Context(), caller(c))
	return review{locale: in(c), draft: draft, rep: user(c), settings: settings,
		unsaved:  unsaved(c, typed, draft),
		problems: referral.CheckAll(draft.Answers, today),
		warnings: referral.Warnings(draft.Answers, settings, today)}, err
}

// sendBox says what is missing, or what is sent.
func (w review) sendBox() views.SendBox {
	l, a := w.locale, w.draft.Answers
	b := views.SendBox{
		Missing:    w.missing(),
		Ticks:      []string{l.T("All 6 sections completed"), l.T("Customer agreed to sharing")},
		Contacts:   l.T("%d customer contacts", len(referral.People(a.CustomerProfile.Team))),
		Colleagues: l.T("%d colleagues", len(referral.People(a.Team))),
		Owner:      w.draft.OwnerName,
		Warnings:   w.warned(),
	}
	if a.Consent.ShareInfo != "true" {
		b.Ticks[1] = l.T("A private deal is not shared")
	}
	b.Ticks = append(b.Ticks, l.T("Data passes our checks for Microsoft’s API"))
	if w.draft.OwnerID == w.rep.ID {
		b.Action = "/drafts/" + w.draft.ID + "/send"
	}
	return b
}

// warned lists what should be checked before the draft is sent. When two answers have the same
// warning, each also names its page.
func (w review) warned() []form.Item {
	var out []form.Item
	said := map[string]int{}
	for _, p := range w.warnings {
		said[sentenceOf(w.locale, p)]++
	}
	for _, p := range w.warnings {
		f, _, _ := referral.FieldOf(p.Path)
		text := sentenceOf(w.locale, p)
		if said[text] > 1 {
			text = w.locale.T("%s: %s", w.locale.Label(f.Step.Title()), text)
		}
		out = append(out, form.Item{ID: fieldURL(w.draft.ID, f.Step, p.Path), Text: text})
	}
	return out
}

// unasked lists the contacts that were added after the rep had answered about consent.
func (w review) unasked(l *language.Locale) []form.Item {
	var out []form.Item
	for _, person := range w.draft.Receipt.Unasked(w.draft.Answers) {
		out = append(out, form.Item{
			ID: stepURL(w.draft.ID, referral.StepConsent, url.Values{"return": {"check"}}),
			Text: l.T("%s was added or changed after you answered about consent. Check your answers",
				person.String())})
	}
	return out
}

// missing lists everything that keeps the draft from being sent, in page order.
func (w review) missing() []form.Item {
	out := slices.Clone(w.unsaved)
	for _, s := range referral.Steps() {
		for _, p := range w.problems[s] {
			out = append(out, form.Item{ID: fieldURL(w.draft.ID, s, p.Path),
				Text: w.locale.T("%s: %s", w.locale.Label(s.Title()), sentenceOf(w.locale, p))})
		}
	}
	if referral.Stop(w.draft.Answers) != "" {
		out = append(out, form.Item{ID: "/drafts/" + w.draft.ID + "/consent/stop",
			Text: w.locale.T("%s: %s", w.locale.T("Consent"),
				w.locale.T("You need the customer’s agreement first"))})
	}
	return out
}
