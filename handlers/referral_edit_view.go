package handlers

import (
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// buttonKeep answers the question whether reps mean to remove themselves with no.
const buttonKeep stepButton = "keep"

// stepFor is the page of the guided form that asks the same as a section.
func stepFor(s referral.Section) (referral.Step, bool) {
	switch s {
	case referral.SectionDeal:
		return referral.StepDeal, true
	case referral.SectionContacts:
		return referral.StepContacts, true
	case referral.SectionTeam:
		return referral.StepTeam, true
	case referral.SectionSolutions:
		return referral.StepNeeds, true
	}
	return "", false
}

// editTitle is the heading of a section's page.
func editTitle(s referral.Section) language.Key {
	switch s {
	case referral.SectionContacts:
		return "Change customer contacts"
	case referral.SectionTeam:
		return "Change our team"
	case referral.SectionSolutions:
		return "Change solutions"
	}
	return "Change deal details"
}

// visit asks the section's questions as the guided form asks them.
func (e *editing) visit(l *language.Locale, p editPost, rep referral.User) *visit {
	step, _ := stepFor(e.section)
	a := p.answers
	a.DealType = string(e.own.Deal)
	a.CustomerProfile.Address = e.was.CustomerProfile.Address // no page asks it
	return &visit{step: step, rep: rep, locale: l, query: p.query, problems: p.problems,
		draft: referral.Draft{OwnerID: e.own.OwnerID, Answers: a}}
}

func (e *editing) show(c echo.Context, d Deps, status int, p editPost) error {
	l := in(c)
	back := referralPath(e.own.ID)
	title := l.T(editTitle(e.section))
	page := views.EditPage{Shell: shell(c, title+" – "+e.own.Name, "referrals"), Name: e.own.Name,
		Title: title, Lead: e.lead(l), BackHref: back, ETag: e.etag, Replaces: p.replaces,
		Fresh: e.fresh(l, d.Now()), Note: editNote(l, p),
		Pickers: e.section == referral.SectionSolutions, Frozen: e.frozen(l),
		Autosave: editPath(e.own.ID, e.section) + autosaveEnd, Restored: p.note}
	if e.known() {
		page.Questions = e.questions(l, p, user(c))
		page.Shell.HasErrors = len(page.Questions.Errors()) > 0
	}
	return renderStatus(c, status, views.ReferralEdit(page))
}

func (e *editing) lead(l *language.Locale) string {
	if e.section == referral.SectionTeam {
		return l.T("Microsoft shows the deal only to the people in this team.")
	}
	return ""
}

// editNote says why a page came back though nothing is wrong with the answers.
func editNote(l *language.Locale, p editPost) views.Notice {
	switch {
	case p.closed:
		return views.Notice{Title: l.Label(referral.ClosedReason),
			Text: l.T("What you typed is not saved. Copy what you still need.")}
	case p.busy:
		return views.Notice{Title: l.T("An earlier change is still being saved"),
			Text: l.T("We kept what you typed. Save again in a moment.")}
	case p.stale:
		return views.Notice{Title: l.T("Microsoft’s copy changed after you opened this page"),
			Text: l.T("We kept what you typed. Check your answers and save again.")}
	}
	return views.Notice{}
}

// fresh says how new Microsoft's values on the page are; nothing when Microsoft has newer ones.
func (e *editing) fresh(l *language.Locale, now time.Time) string {
	if e.etag != e.own.ETag {
		return ""
	}
	return freshness(l, e.fetch, now)
}

// freshness says when Microsoft last showed the referral.
func freshness(l *language.Locale, f referral.Fetch, now time.Time) string {
	age := now.Sub(f.DoneAt)
	switch {
	case f.DoneAt.IsZero() && f.Running(now):
		return l.T("Asking Microsoft for the newest values")
	case f.DoneAt.IsZero():
		return l.T("These are the values of Microsoft’s last answer")
	case f.Outcome.Kind != "":
		return l.T("We could not ask Microsoft again. These values are from %s.",
			l.DateTime(f.DoneAt))
	case age < time.Minute:
		return l.T("Refreshed just now")
	case age < time.Hour:
		return l.T("Refreshed %d minutes ago", int(age.Minutes()))
	}
	return l.T("Refreshed on %s", l.DateTime(f.DoneAt))
}

// questions are those of the section, with what was typed.
func (e *editing) questions(l *language.Locale, p editPost, rep referral.User) views.Questions {
	v := e.visit(l, p, rep)
	switch e.section {
	case referral.SectionContacts:
		return v.contactQuestions()
	case referral.SectionTeam:
		q := v.teamQuestions()
		q.KeepHref = "" // what was typed is on this page alone
		return q
	case referral.SectionSolutions:
		q := v.needsQuestions()
		const solutions = 3 // the other pickers ask what is frozen
		only := views.NeedsQuestions{Pickers: q.Pickers[solutions : solutions+1],
			SolutionIDs: q.SolutionIDs}
		only.Pickers[0].Open = true
		return only
	}
	q := views.EditDealQuestions{DealQuestions: v.dealQuestions(),
		Stage:    v.field("salesStage", "Sales stage", p.answers.SalesStage),
		Campaign: v.field("campaignId", "Campaign", p.answers.CampaignID)}
	q.Stage.Label, q.Campaign.Label = l.T("Sales stage"), l.T("Campaign")
	q.Stage.Hint = l.T("The stage in your own sales process, for example Proposal")
	q.Campaign.Hint = l.T("The ID of the marketing campaign that led to this deal")
	q.Stage.Optional, q.Campaign.Optional, q.Campaign.NoSpellcheck = true, true, true
	return q
}

// frozen are the answers of the section that Microsoft lets nobody change.
func (e *editing) frozen(l *language.Locale) []views.FrozenRow {
	a, r := e.was, e.was.Details.Requirements
	row := func(path, value string) views.FrozenRow {
		return views.FrozenRow{Label: fieldLabel(l, path), Value: value,
			Reason: l.Label(referral.FrozenReason(path))}
	}
	switch e.section {
	case referral.SectionDeal:
		return []views.FrozenRow{row("name", a.Name),
			row("qualification", labelOf(l, referral.Qualifications(), a.Qualification)),
			row("marketplaceIntent", labelOf(l, referral.MarketplaceIntents(),
				a.MarketplaceIntent))}
	case referral.SectionContacts:
		return []views.FrozenRow{row("customerProfile.name", a.CustomerProfile.Name)}
	case referral.SectionSolutions:
		return []views.FrozenRow{
			row("details.requirements.industries", listed(l, referral.Industries(), r.Industries)),
			row("details.requirements.products", listed(l, referral.Products(), r.Products)),
			row("details.requirements.services", listed(l, referral.Services(), r.Services))}
	}
	return nil
}

// listed are the labels of ids, as in a sentence.
func listed(l *language.Locale, choices []referral.Choice, ids []string) string {
	return l.List(labels(l, choices, ids))
}
