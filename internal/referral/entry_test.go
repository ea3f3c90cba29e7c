package referral_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

func day(y int, m time.Month, d int) referral.Date { return referral.Date{Year: y, Month: m, Day: d} }

func TestEntryIsOfferedBetweenItsDays(t *testing.T) {
	july, june := day(2025, time.July, 1), day(2026, time.June, 30)
	for name, test := range map[string]struct {
		entry referral.Entry
		day   referral.Date
		want  bool
	}{
		"without limits":        {referral.Entry{}, july, true},
		"on the first day":      {referral.Entry{From: july}, july, true},
		"before the first day":  {referral.Entry{From: july}, day(2025, time.June, 30), false},
		"on the last day":       {referral.Entry{From: july, Until: june}, june, true},
		"after the last day":    {referral.Entry{Until: june}, day(2026, time.July, 1), false},
		"on the day it retires": {referral.Entry{From: july}.Retired(june), june, false},
		"the day before":        {referral.Entry{}.Retired(june), day(2026, time.June, 29), true},
		"restored":              {referral.Entry{}.Retired(june).Restored(june), june, true},
		"restored too early":    {referral.Entry{From: june}.Restored(july), july, true},
	} {
		if got := test.entry.ValidOn(test.day); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// lists are settings with one area and one solution.
func lists() referral.Settings {
	return referral.Settings{Entries: []referral.Entry{
		{ID: "1", Kind: referral.SolutionAreas, Code: "SEC", Name: "Security"},
		{ID: "2", Kind: referral.SolutionAreas, Code: "AI", Name: "AI Business Solutions"},
		{ID: "3", Kind: referral.SolutionPlays, Code: "Data Security", Name: "Data Security",
			Area: "SEC"},
		{ID: "4", Kind: referral.SolutionPlays, Code: "Odd", Name: "Odd", Area: "Gone"},
		{ID: "5", Kind: referral.SolutionPlays, Code: "Old", Name: "Old", Area: "SEC",
			Until: day(2025, time.June, 30)},
		{ID: "6", Kind: referral.OwnSolutions, Code: "SOL-1-A", Name: "Field service"},
	}}
}

func TestOfferedPlaysStandUnderTheirAreas(t *testing.T) {
	want := []referral.Group{
		{Label: "Security", Choices: []referral.Choice{{ID: "Data Security", Label: "Data Security"}}},
		{Label: "Gone", Choices: []referral.Choice{{ID: "Odd", Label: "Odd"}}},
	}
	got := lists().OfferedPlays(day(2026, time.November, 22))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plays (-want +got):\n%s", diff)
	}
	if name := lists().NameOf(referral.SolutionAreas, "sec"); name != "Security" {
		t.Errorf("the name of sec is %q", name)
	}
}

func TestCheckEntry(t *testing.T) {
	ok := referral.EntryAnswers{Name: "Field service", Code: "SOL-34104-EBB"}
	date := func(d, m, y string) referral.ClosingDate { return referral.ClosingDate{Day: d, Month: m, Year: y} }
	for name, test := range map[string]struct {
		kind         referral.EntryKind
		id           string
		answers      referral.EntryAnswers
		path, wanted string
	}{
		"good":         {referral.OwnSolutions, "", ok, "", ""},
		"a role":       {referral.PartnerRoles, "", referral.EntryAnswers{Name: "Transaction"}, "", ""},
		"without name": {referral.PartnerRoles, "", referral.EntryAnswers{}, "name", "Enter the name"},
		"a wrong id": {referral.OwnSolutions, "", referral.EntryAnswers{Name: "A", Code: "1234"},
			"code", "Enter a solution ID, like SOL-34104-EBB"},
		"a double": {referral.OwnSolutions, "", referral.EntryAnswers{Name: "A", Code: "sol-1-a"},
			"code", "SOL-1-A is in the list already"},
		"itself": {referral.OwnSolutions, "6", referral.EntryAnswers{Name: "A", Code: "SOL-1-A"}, "", ""},
		"a play without area": {referral.SolutionPlays, "", referral.EntryAnswers{Name: "New"},
			"area", "Select the solution area"},
		"no day": {referral.PartnerRoles, "", referral.EntryAnswers{Name: "A",
			From: date("31", "2", "2026")}, "from.day", "The first day must be a real date"},
		"the wrong way round": {referral.PartnerRoles, "", referral.EntryAnswers{Name: "A",
			From: date("1", "7", "2026"), Until: date("30", "6", "2026")},
			"until.day", "The last day must not be before the first day"},
	} {
		ps := referral.CheckEntry(test.answers, test.kind, test.id, lists())
		if test.path == "" && len(ps) > 0 {
			t.Errorf("%s: %v", name, ps)
		}
		if got := ps.At(test.path); test.path != "" && (got != test.wanted || len(ps) != 1) {
			t.Errorf("%s: %v, want %q", name, ps, test.wanted)
		}
	}
}

func TestReadEntries(t *testing.T) {
	text := "Supply chain; SOL-2-B\n\nSOL-3-C\tPlanning\nSOL-4-D\nAgain|sol-2-b\nOld; SOL-1-A\n"
	got, ps := referral.ReadEntries(text, referral.OwnSolutions, "", lists())
	want := []referral.Entry{
		{Kind: referral.OwnSolutions, Name: "Supply chain", Code: "SOL-2-B"},
		{Kind: referral.OwnSolutions, Name: "Planning", Code: "SOL-3-C"},
		{Kind: referral.OwnSolutions, Name: "SOL-4-D", Code: "SOL-4-D"},
	}
	if diff := cmp.Diff(want, got); diff != "" || len(ps) > 0 {
		t.Errorf("%v; entries (-want +got):\n%s", ps, diff)
	}
	plays, ps := referral.ReadEntries("A play\n", referral.SolutionPlays, "SEC", lists())
	want = []referral.Entry{{Kind: referral.SolutionPlays, Name: "A play", Code: "A play", Area: "SEC"}}
	if diff := cmp.Diff(want, plays); diff != "" || len(ps) > 0 {
		t.Errorf("%v; plays (-want +got):\n%s", ps, diff)
	}
	_, ps = referral.ReadEntries("Fine; SOL-9-Z\nonly a name", referral.OwnSolutions, "", lists())
	wanted := "Line 2 must be a name and a solution ID, like Field service; SOL-34104-EBB"
	if ps.At("list") != wanted {
		t.Errorf("a line without id: %v", ps)
	}
	if _, ps = referral.ReadEntries("SOL-1-A", referral.OwnSolutions, "", lists()); len(ps) != 1 {
		t.Errorf("nothing new: %v", ps)
	}
}

// TestOfferedSolutionsAreOfOneSpelling offers an id that an earlier version took as it was typed in
// the spelling that answers have.
func TestOfferedSolutionsAreOfOneSpelling(t *testing.T) {
	s := referral.Settings{Entries: []referral.Entry{
		{Kind: referral.OwnSolutions, Code: "sol-1-a", Name: "Field service"}}}
	if got := s.Offered(referral.OwnSolutions, today); !referral.Has(got, "SOL-1-A") {
		t.Errorf("offered: %v", got)
	}
	typed := referral.EntryAnswers{Code: "sol-1-a"}
	if got := typed.Entry(referral.OwnSolutions).Code; got != "SOL-1-A" {
		t.Errorf("stored as %q", got)
	}
}
