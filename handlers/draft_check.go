package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// checkPage shows all answers and whether they can be sent.
func checkPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		draft, err := d.Store.Draft(c.Request().Context(), caller(c), c.Param("d"))
		if err != nil {
			return err
		}
		if to := lockedAt(draft); to != "" {
			return see(c, "%s", to)
		}
		p := views.CheckPage{
			Shell:    shell(c, "Check your answers before sending – New referral", "drafts"),
			BackText: strings.ToLower(referral.StepTarget.Title()),
			BackHref: stepURL(draft.ID, referral.StepTarget, nil),
			FileHref: "/drafts/" + draft.ID + "/payload.json",
		}
		w, err := d.review(c, draft)
		if err != nil {
			return err
		}
		p.Cards, p.Send = w.cards(), w.sendBox()
		p.Registration = registration(in(c), draft.Answers)
		p.Send.Warnings = append(p.Send.Warnings, w.unasked(in(c))...)
		p.Send.Similar, err = similar(c.Request().Context(), d.Store, caller(c), draft, d.Now())
		if err != nil {
			return err
		}
		if p.Payload, p.Microsoft, err = previews(draft); err != nil {
			return err
		}
		return render(c, views.Check(p))
	}
}

// unknownYet stands for the engagement id before Microsoft has given it.
const unknownYet = "(Microsoft gives it in its first answer)"

// previews returns the bodies that will be sent: the own one, and for co-sell the connected one as
// far as it is known.
func previews(draft referral.Draft) (own, microsoft string, err error) {
	body, err := referral.Payload(draft.Answers, draft.Stamp())
	if err != nil || !draft.Deal().Connects() {
		return string(body), "", err
	}
	second, err := referral.ConnectPayload(draft.Answers, draft.Stamp(), unknownYet,
		referral.NewConnect(draft.Answers))
	return string(body), string(second), err
}

// review is a draft that is looked through before it is sent.
type review struct {
	draft    referral.Draft
	rep      referral.User
	settings referral.Settings
	problems map[referral.Step]referral.Problems
	warnings referral.Problems
	// unsaved are the pages on which the rep typed something that he has not saved.
	unsaved []form.Item
}

func (d Deps) review(c echo.Context, draft referral.Draft) (review, error) {
	ctx, today := c.Request().Context(), referral.Today(d.Now())
	typed, err := unsaved(c, d.Store, draft)
	if err != nil {
		return review{}, err
	}
	settings, err := d.Store.Settings(ctx, caller(c))
	return review{draft: draft, rep: user(c), settings: settings, unsaved: typed,
		problems: referral.CheckAll(draft.Answers, today),
		warnings: referral.Warnings(draft.Answers, settings, today)}, err
}

// sendBox says what is missing, or what is sent.
func (w review) sendBox() views.SendBox {
	a := w.draft.Answers
	b := views.SendBox{
		Missing:    w.missing(),
		Ticks:      []string{"All 6 sections completed", "Customer agreed to sharing"},
		Contacts:   counted(len(referral.People(a.CustomerProfile.Team)), "customer contact"),
		Colleagues: counted(len(referral.People(a.Team)), "colleague"),
		Owner:      w.draft.OwnerName,
		Warnings:   w.warned(),
	}
	if a.Consent.ShareInfo != "true" {
		b.Ticks[1] = "A private deal is not shared"
	}
	b.Ticks = append(b.Ticks, "Data passes our checks for Microsoft’s API")
	if w.draft.OwnerID == w.rep.ID {
		b.Action = "/drafts/" + w.draft.ID + "/send"
	}
	return b
}

// warned lists what should be looked at before the draft is sent.
func (w review) warned() []form.Item {
	var out []form.Item
	for _, p := range w.warnings {
		f, _, _ := referral.FieldOf(p.Path)
		out = append(out, form.Item{ID: fieldURL(w.draft.ID, f.Step, p.Path), Text: p.Text()})
	}
	return out
}

// unasked names the contacts who came into the draft after the rep had answered about consent.
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
				Text: s.Title() + ": " + lowerFirst(p.Text())})
		}
	}
	if referral.Stop(w.draft.Answers) != "" {
		out = append(out, form.Item{ID: "/drafts/" + w.draft.ID + "/consent/stop",
			Text: "Consent: you need the customer’s agreement first"})
	}
	return out
}

// lowerFirst makes a sentence go on after a colon. Abbreviations stay as they are.
func lowerFirst(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[n:])
	if !unicode.IsLower(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[n:]
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
