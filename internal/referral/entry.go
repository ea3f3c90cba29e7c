package referral

import (
	"strings"
	"time"
)

// EntryKind is one of the lists that an organisation keeps in its settings. Its value is the last
// part of the list's URL.
type EntryKind string

// The lists. Microsoft changes roles, areas and plays each fiscal year, which begins in July, and
// has not published their ids: nothing of them is known to the program.
const (
	OwnSolutions  EntryKind = "solutions"
	PartnerRoles  EntryKind = "partner-roles"
	SolutionAreas EntryKind = "solution-areas"
	SolutionPlays EntryKind = "solution-plays"
)

// EntryKinds lists the lists in the order of the settings page.
func EntryKinds() []EntryKind {
	return []EntryKind{OwnSolutions, PartnerRoles, SolutionAreas, SolutionPlays}
}

// Valid tells whether k is one of EntryKinds.
func (k EntryKind) Valid() bool {
	return k == OwnSolutions || k == PartnerRoles || k == SolutionAreas || k == SolutionPlays
}

// Entry is one line of a list in the settings.
type Entry struct {
	// ID is Tandem's own; empty before the entry is stored.
	ID   string
	Kind EntryKind
	// Code goes over the wire; it is unique in its list. Name is what people read.
	Code, Name string
	// Area is the Code of the solution area to which a solution play belongs; else empty.
	Area string
	// From is the first day on which the entry is offered, Until the last. A zero date sets no
	// limit.
	From, Until Date
	// Revision grows by one with each change; 0 before the entry is stored.
	Revision int
}

// ValidOn tells whether the entry is offered on the day.
func (e Entry) ValidOn(day Date) bool {
	return !day.Before(e.From) && (e.Until == Date{} || !e.Until.Before(day))
}

// Retired returns the entry with the day before the given one as its last.
func (e Entry) Retired(day Date) Entry {
	t := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1)
	e.Until = Date{t.Year(), t.Month(), t.Day()}
	return e
}

// Restored returns the entry without a last day, and offered from the day on at the latest.
func (e Entry) Restored(day Date) Entry {
	e.Until = Date{}
	if day.Before(e.From) {
		e.From = Date{}
	}
	return e
}

// Settings are what an organisation keeps for all its deals. The zero Settings offer nothing.
type Settings struct {
	// OrganizationID is inviteContext.invitedBy.organizationId of new drafts; may be empty.
	OrganizationID string
	// Entries are all lines of all lists, retired ones too, in the order of the pages.
	Entries []Entry
}

// Of returns the entries of one list.
func (s Settings) Of(k EntryKind) []Entry {
	var out []Entry
	for _, e := range s.Entries {
		if e.Kind == k {
			out = append(out, e)
		}
	}
	return out
}

// Offered returns the choices of one list on a day.
func (s Settings) Offered(k EntryKind, day Date) []Choice {
	var out []Choice
	for _, e := range s.Of(k) {
		if !e.ValidOn(day) {
			continue
		}
		if k == OwnSolutions {
			e.Code = SolutionID(e.Code)
		}
		out = append(out, Choice{ID: e.Code, Label: e.Name})
	}
	return out
}

// OfferedPlays returns the solution plays of a day, grouped by area. Areas that are not in the list
// of areas come last, under their code.
func (s Settings) OfferedPlays(day Date) []Group {
	var out []Group
	at := map[string]int{}
	for _, a := range s.Of(SolutionAreas) {
		at[a.Code] = len(out)
		out = append(out, Group{Label: a.Name})
	}
	for _, e := range s.Of(SolutionPlays) {
		if !e.ValidOn(day) {
			continue
		}
		i, known := at[e.Area]
		if !known {
			i, at[e.Area] = len(out), len(out)
			out = append(out, Group{Label: e.Area})
		}
		out[i].Choices = append(out[i].Choices, Choice{ID: e.Code, Label: e.Name})
	}
	return filled(out)
}

func filled(all []Group) []Group {
	var out []Group
	for _, g := range all {
		if len(g.Choices) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// Find returns the entry of a list by its code, whatever its case.
func (s Settings) Find(k EntryKind, code string) (Entry, bool) {
	for _, e := range s.Entries {
		if e.Kind == k && strings.EqualFold(e.Code, code) {
			return e, true
		}
	}
	return Entry{}, false
}

// NameOf returns what people read for a code: the name of its entry, or the code itself.
func (s Settings) NameOf(k EntryKind, code string) string {
	if e, ok := s.Find(k, code); ok {
		return e.Name
	}
	return code
}

// SettingsChange is one line of the history of the settings, which is never changed.
type SettingsChange struct {
	At       time.Time // UTC
	UserName string
	// What is one of the Settings constants.
	What string
	// Kind is the list; empty for OrganizationID.
	Kind EntryKind
	// Before and After are the entry, or in Name the organisation id; zero when there is none.
	Before, After Entry
}

// What can be done to the settings.
const (
	SettingsAdded    = "added"
	SettingsChanged  = "changed"
	SettingsRetired  = "retired"
	SettingsRestored = "restored"
)

// Suggestion is a solution that was sent in past referrals and is not in the settings.
type Suggestion struct {
	Code, Name string
	// Count is in how many referrals it was sent.
	Count int
}
