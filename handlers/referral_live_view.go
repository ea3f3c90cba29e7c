package handlers

import (
	"slices"
	"time"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// answerTime is how long an invitation waits for an answer (Microsoft's co-sell pages).
const answerTime = 14 * 24 * time.Hour

// waiting says how long there is for an answer.
type waiting struct {
	// days takes how many there are and the last one.
	days, lastDay, over language.Key
}

// deadline says how long the side that was invited has to answer; empty when it has, or when nobody
// was invited.
func deadline(l *language.Locale, p pair, now time.Time) string {
	if awaitsUs(p.own) {
		return waiting{"You have %d days left to answer, until %s.",
			"Your time to answer ends in less than a day.",
			"Your time to answer is over."}.until(l, answerBy(p.own), now)
	}
	if p.connected == nil || p.connected.Status != "New" {
		return ""
	}
	return waiting{"Microsoft has %d days left to answer, until %s.",
		"Microsoft’s time to answer ends in less than a day.",
		"Microsoft’s time to answer is over."}.until(l, answerBy(*p.connected), now)
}

// answerBy is when an invitation expires; zero when that is not known.
func answerBy(r referral.Referral) time.Time {
	if r.ExpiresAt.IsZero() && !r.OpenedAt.IsZero() {
		return r.OpenedAt.Add(answerTime)
	}
	return r.ExpiresAt
}

func (w waiting) until(l *language.Locale, end, now time.Time) string {
	left := end.Sub(now)
	switch {
	case end.IsZero():
		return ""
	case left <= 0:
		return l.T(w.over)
	case left < 24*time.Hour:
		return l.T(w.lastDay)
	}
	return l.T(w.days, daysTo(l.Local(now), l.Local(end)), l.Date(l.Local(end)))
}

// daysTo counts the days of the calendar from one day to a later one.
func daysTo(from, to time.Time) int {
	return int(midnight(to).Sub(midnight(from)) / (24 * time.Hour))
}

// midnight is the day of t where it is, in UTC, so that all days are as long.
func midnight(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// advice is what to do about Microsoft's answer, with the reason in Microsoft's own words.
func advice(l *language.Locale, r *referral.Referral) (n views.Notice, reason string) {
	if r == nil {
		return n, ""
	}
	a, ok := referral.AdviceFor(r.Standing())
	if !ok {
		return n, ""
	}
	if answers, err := answersOf(*r); err == nil {
		reason = answers.StatusReason
	}
	return views.Notice{Title: l.Label(a.Title), Text: l.Label(a.Text)}, reason
}

// partnerCenter names what Microsoft's service does not offer to other programs: among it, to
// register a deal that was won. Source: learn.microsoft.com/partner/develop/create-a-referral, its
// first note, and learn.microsoft.com/partner-center/register-deals.
func partnerCenter(l *language.Locale, own referral.Referral) views.Elsewhere {
	v := views.Elsewhere{Title: l.T("Only in Partner Center"),
		Texts: []string{l.T("Matching the customer’s account and checking MACC eligibility are not " +
			"offered to other programs. Do both in Partner Center.")},
		Link: l.T("Open Partner Center"), Href: "https://partner.microsoft.com/dashboard"}
	if own.Substatus == "Won" {
		v.Texts = append([]string{l.T("You won this deal. Register it in Partner Center, under " +
			"Co-sell opportunities, if it is eligible.")}, v.Texts...)
	}
	return v
}

// doneText says what became of the change that led to the page.
func doneText(l *language.Locale, id string, changes []referral.Change) string {
	if id == "none" {
		return l.T("You changed nothing, so nothing was saved.")
	}
	for _, ch := range changes {
		if ch.ID == id && ch.State == referral.Accepted {
			return l.T("Microsoft accepted your change.")
		}
	}
	return ""
}

// openChange shows the newest change that waits for the rep or is on its way: what it sets, what
// became of it, and what can be done about it.
func openChange(l *language.Locale, changes []referral.Change) views.OpenChange {
	for _, ch := range slices.Backward(changes) {
		v := views.OpenChange{Lines: editLines(l, ch), Text: l.T("See how your change stands"),
			Href: changePath(ch.ID)}
		switch {
		case ch.Conflicts():
			v.Notice = views.Notice{Title: l.T("Someone else changed this referral, too"),
				Text: l.T("Your change is not saved yet. Choose which answers to keep.")}
			v.Text = l.T("Choose which answers to keep")
		case ch.MovesOn():
			v.Notice = views.Notice{Title: l.T("Saving your change at Microsoft"),
				Text: l.T("It goes on by itself.")}
		case ch.Open() || ch.State == referral.Rejected:
			line := changeOutcomeOf(ch)
			v.Notice = views.Notice{Title: l.T(line.title), Text: lineText(l, line, ch)}
			v.Actions = changeButtons(l, line, ch)
		default:
			continue
		}
		return v
	}
	return views.OpenChange{}
}

// addEdits adds the links to the pages on which the referral is changed.
func addEdits(l *language.Locale, v *views.Referral, own referral.Referral) {
	self := referralPath(own.ID)
	for i, s := range v.Sections {
		page, ok := map[string]referral.Section{"contacts": referral.SectionContacts,
			"deal": referral.SectionDeal, "needs": referral.SectionSolutions,
			"our-team": referral.SectionTeam}[s.ID]
		if !ok {
			continue
		}
		v.Sections[i].ChangeHref = editPath(own.ID, page)
		v.Sections[i].Change = updateSection(page)
	}
	move := views.Action{Text: l.T("Update status"), Href: self + "/status", Secondary: true}
	if awaitsUs(own) {
		move.Text, move.Secondary = l.T("Accept or decline"), false
		v.Actions = slices.Insert(v.Actions, 0, move)
	} else {
		v.Actions = append(v.Actions, move)
	}
	if len(referral.Upgrades(own.Deal)) > 0 {
		v.Actions = append(v.Actions, views.Action{Text: l.T("Change who works on this deal"),
			Href: editPath(own.ID, referral.SectionSharing), Secondary: true})
	}
}

// updateSection is the text of the link that changes a section.
func updateSection(s referral.Section) language.Key {
	switch s {
	case referral.SectionContacts:
		return "Update[ customer contacts]"
	case referral.SectionTeam:
		return "Update[ our team]"
	case referral.SectionSolutions:
		return "Update[ what the customer needs]"
	}
	return "Update[ deal details]"
}

// changeEvent says in words what happened to a change.
func changeEvent(kind string) (text language.Key, ok bool) {
	text, ok = map[string]language.Key{
		referral.EventChangeQueued:   "Change begun",
		referral.EventChangeAccepted: "Change accepted by Microsoft",
		referral.EventChangeRejected: "Change refused by Microsoft",
		referral.EventChangeConflict: "Someone else changed it first",
		referral.EventChangeDropped:  "Change discarded",
		referral.EventChangeEnded:    "Change ended by an administrator",
		referral.EventDealUpgraded:   "Made a deal on which Microsoft works, too",
	}[kind]
	return text, ok
}

// describeChanges says of the changes in the history who changed what: the old value and the new.
func describeChanges(
	l *language.Locale, rows []views.HistoryRow, events []referral.Event,
	changes []referral.Change,
) {
	known := map[string]referral.Change{}
	for _, ch := range changes {
		known[ch.ID] = ch
	}
	for i, e := range events {
		text, ok := changeEvent(e.Kind)
		if !ok || i >= len(rows) {
			continue
		}
		ch := known[e.Detail]
		rows[i].What, rows[i].Detail = l.T(text), ""
		switch {
		case e.Kind == referral.EventChangeQueued:
			rows[i].Lines = editLines(l, ch)
		case e.Kind == referral.EventChangeRejected && ch.State == referral.Rejected:
			rows[i].Detail = lineText(l, changeOutcomeOf(ch), ch)
		}
	}
}

// withAnswer adds to the history when Microsoft accepted its referral, or closed it without that.
func withAnswer(
	l *language.Locale, rows []views.HistoryRow, r *referral.Referral,
) []views.HistoryRow {
	if r == nil || r.DecidedAt.IsZero() {
		return rows
	}
	answer := r.Standing()
	if answer.Substatus == "Won" || answer.Substatus == "Lost" { // it was accepted before
		answer = referral.Standing{Status: "Active", Substatus: "Accepted"}
	}
	at := slices.IndexFunc(rows, func(x views.HistoryRow) bool { return x.At.After(r.DecidedAt) })
	if at < 0 {
		at = len(rows)
	}
	return slices.Insert(rows, at, views.HistoryRow{At: r.DecidedAt,
		What: l.T("%s: %s", l.T("Microsoft’s referral"), answer.In(l))})
}

// editLines tell each answer that a change sets, from the old value to the new.
func editLines(l *language.Locale, ch referral.Change) []string {
	var lines []string
	before, after := ch.Currencies()
	for _, e := range ch.Edits {
		x := referral.Clash{Path: e.Path, Key: e.Key}
		label, now := entryLabel(l, x), shownVersion(l, x, e.New, after)
		if e.Old == nil {
			lines = append(lines, l.T("%s: %s", label, now))
			continue
		}
		lines = append(lines, l.T("%s: %s (was %s)", label, now,
			shownVersion(l, x, e.Old, before)))
	}
	return lines
}
