package handlers

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

func (k *conflict) lead(l *language.Locale, now time.Time) string {
	if k.closed() {
		return l.T("Microsoft’s copy was closed after you opened it. Your changes cannot be saved.")
	}
	if len(k.merge.Both) == 0 {
		return l.T("Microsoft’s copy changed after you opened it. We have not saved anything yet. " +
			"Your changes and Microsoft’s do not touch the same answers.")
	}
	if k.at.IsZero() {
		return l.T("Microsoft’s copy changed after you opened it. We have not saved anything yet. " +
			"For each answer, choose which one to keep.")
	}
	return l.T("Microsoft’s copy changed at %s, after you opened it. We have not saved anything "+
		"yet. For each answer, choose which one to keep.", nearTime(l, k.at, now))
}

func (k *conflict) changedAgain(l *language.Locale, now time.Time) string {
	if k.at.IsZero() {
		return l.T("It changed again.")
	}
	return l.T("It changed again at %s.", nearTime(l, k.at, now))
}

// nearTime is the time of day, with the day when that is not the one of now.
func nearTime(l *language.Locale, at, now time.Time) string {
	if l.Local(at).Format(time.DateOnly) == l.Local(now).Format(time.DateOnly) {
		return l.TimeOfDay(at)
	}
	return l.T("%s on %s", l.TimeOfDay(at), l.NearDay(at, now))
}

// choices are the answers that were changed on both sides. Nothing is chosen before the rep does.
func (k *conflict) choices(l *language.Locale) []views.Choice {
	_, mine := k.change.Currencies()
	theirs := referral.CurrencyOf(k.theirs)
	var out []views.Choice
	for i, x := range k.merge.Both {
		f := form.Field{Name: x.Name(), ID: fmt.Sprintf("choice-%d", i+1),
			Label: entryLabel(l, x), Value: k.chosen[x.Name()]}
		for _, p := range k.problems {
			if p.Path == x.Name() {
				f.Error = chooseText(l, x.Path, f.Label)
			}
		}
		out = append(out, views.Choice{Field: f,
			MineLabel: l.T("Your change"), Mine: shownVersion(l, x, x.Mine, mine),
			TheirsLabel: l.T("Now at Microsoft"), Theirs: shownVersion(l, x, x.Theirs, theirs)})
	}
	return out
}

// chooseText is what people read who did not choose. An answer that no sentence is made for is
// named by its label, so that two of them can be told apart.
func chooseText(l *language.Locale, path, label string) string {
	text := map[string]language.Key{
		"details.dealValue":       "Select which deal value to keep",
		"details.currency":        "Select which currency to keep",
		"details.closingDateTime": "Select which closing date to keep",
		"details.notes":           "Select which notes to keep",
		"externalReferenceId":     "Select which CRM reference to keep",
		"salesStage":              "Select which sales stage to keep",
		"campaignId":              "Select which campaign to keep",
		"customerProfile.team":    "Select which details of this customer contact to keep",
		"team":                    "Select which details of this team member to keep",
		"status":                  "Select which status to keep",
		"statusReason":            "Select which status reason to keep",
	}[path]
	if text == "" {
		return l.T("Select which answer to keep: %s", label)
	}
	return l.T(text)
}

// entryLabel is what an answer is called.
func entryLabel(l *language.Locale, x referral.Clash) string {
	if label := referral.EntryLabel(x.Path); label != "" {
		return l.Label(label)
	}
	return fieldLabel(l, x.Path)
}

// shownVersion is a value as people read it; an entry that is gone says so.
func shownVersion(
	l *language.Locale, x referral.Clash, raw json.RawMessage, currency string,
) string {
	text := referral.ShowEntry(l, x.Path, raw, currency)
	switch {
	case text != "":
		return text
	case x.Key != "":
		return l.T("Removed")
	}
	return l.T("Not provided")
}

// onlyTheirs are the changes of Microsoft's side alone.
func (k *conflict) onlyTheirs(l *language.Locale) views.KeptChanges {
	out := views.KeptChanges{Title: l.T("Changed only at Microsoft"),
		Text: l.T("We keep these changes.")}
	before, now := referral.CurrencyOf(k.change.Base), referral.CurrencyOf(k.theirs)
	for _, x := range k.merge.Theirs {
		out.Rows = append(out.Rows, keptRow(l, x, x.Theirs, now, before))
	}
	for _, r := range k.merge.Other {
		out.Rows = append(out.Rows, otherRow(l, r))
	}
	return out
}

// otherRow is a change of an answer that nobody can change from here.
func otherRow(l *language.Locale, r referral.Row) views.KeptRow {
	now := referral.ShowValue(l, r.Path, r.Returned, "")
	if now == "" {
		now = l.T("Removed")
	}
	return views.KeptRow{Label: fieldLabel(l, r.Path), Now: now,
		Was: referral.ShowValue(l, r.Path, r.Sent, "")}
}

// onlyMine are the rep's changes that nobody else touched.
func (k *conflict) onlyMine(l *language.Locale) views.KeptChanges {
	out := views.KeptChanges{Title: l.T("Changed only by you"),
		Text: l.T("We save these changes with your choices.")}
	if k.closed() {
		out.Text = l.T("Copy what you still need before you discard your changes.")
	}
	before, after := k.change.Currencies()
	for _, x := range k.merge.Mine {
		out.Rows = append(out.Rows, keptRow(l, x, x.Mine, after, before))
	}
	return out
}

func keptRow(
	l *language.Locale, x referral.Clash, now json.RawMessage, currency, before string,
) views.KeptRow {
	return views.KeptRow{Label: entryLabel(l, x), Now: shownVersion(l, x, now, currency),
		Was: strings.TrimSpace(referral.ShowEntry(l, x.Path, x.Base, before))}
}
