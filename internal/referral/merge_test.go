package referral_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/language"
	"tandem/internal/referral"
)

// theirs is atMicrosoft after somebody changed it there.
func theirs(t testing.TB, pairs ...string) []byte {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(atMicrosoft, pairs[i]) {
			t.Fatalf("there is no %s", pairs[i])
		}
	}
	return []byte(strings.NewReplacer(pairs...).Replace(atMicrosoft))
}

func edited(t testing.TB, change func(*referral.Answers), sections ...referral.Section) []referral.Edit {
	t.Helper()
	a := shown(t)
	change(&a)
	var all []referral.Edit
	for _, s := range sections {
		edits, err := referral.Revise([]byte(atMicrosoft), s, a)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, edits...)
	}
	return all
}

func names(all []referral.Clash) []string {
	var out []string
	for _, c := range all {
		out = append(out, c.Name())
	}
	return out
}

// TestMerge keeps apart what both sides changed, what one did, and what came to the same.
func TestMerge(t *testing.T) {
	mine := edited(t, func(a *referral.Answers) {
		a.Details.DealValue, a.Details.Notes, a.SalesStage = "65000", "Mine.", "Proposal"
		a.Details.Currency = "EUR"
		jane := referral.NewMember("en-gb")
		jane.FirstName, jane.LastName, jane.Email = "Jane", "Doe", "jane.doe@contoso.com"
		a.CustomerProfile.Team = append(a.CustomerProfile.Team, jane)
	}, referral.SectionDeal, referral.SectionContacts)
	now := theirs(t, `50000.0`, `58000`, `"USD"`, `"EUR"`, `2027-01-14`, `2027-02-14`,
		`"4035698759"`, `"999 999 9999"`, `"name":"Rollout"`, `"name":"Rollout 2"`, `\"e1\"`, `\"e2\"`)
	m, err := referral.NewMerge([]byte(atMicrosoft), now, mine)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{"both": names(m.Both), "mine": names(m.Mine),
		"theirs": names(m.Theirs)}
	for _, row := range m.Other {
		got["other"] = append(got["other"], row.Path)
	}
	want := map[string][]string{
		"both": {"details.dealValue"},
		"mine": {"salesStage", "details.notes", "customerProfile.team[jane.doe@contoso.com]"},
		"theirs": {"details.closingDateTime",
			"customerProfile.team[joe.hansen@contoso.com]"},
		"other": {"name"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	clash := m.Both[0]
	for side, raw := range map[string][]byte{"USD 65,000.00": clash.Mine,
		"USD 58,000.00": clash.Theirs, "USD 50,000.00": clash.Base} {
		if shown := referral.ShowEntry(language.English(), clash.Path, raw, "USD"); shown != side {
			t.Errorf("%s is shown as %s", side, shown)
		}
	}
}

// TestResolve makes the chosen changes to what is there now, and nothing else.
func TestResolve(t *testing.T) {
	mine := edited(t, func(a *referral.Answers) {
		a.Details.DealValue, a.Details.Notes = "65000", "Mine."
		a.CustomerProfile.Team = a.CustomerProfile.Team[:1]
	}, referral.SectionDeal, referral.SectionContacts)
	now := theirs(t, `50000.0`, `58000`, `"4035698759"`, `"999 999 9999"`, `pilot`, `trial`)
	m, err := referral.NewMerge([]byte(atMicrosoft), now, mine)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Both) != 3 || len(m.Mine) != 0 {
		t.Fatalf("both %q, mine %q", names(m.Both), names(m.Mine))
	}
	edits := m.Resolve(func(c referral.Clash) bool { return c.Path != "details.notes" })
	after, err := referral.ApplyEdits(now, edits)
	if err != nil {
		t.Fatal(err)
	}
	a, err := referral.ReadAnswers(after)
	if err != nil {
		t.Fatal(err)
	}
	if a.Details.DealValue != "65000" || a.Details.Notes != "A <trial> first." ||
		len(a.CustomerProfile.Team) != 1 {
		t.Errorf("after: %s", after)
	}
	if none := m.Resolve(func(referral.Clash) bool { return false }); len(none) != 0 {
		t.Errorf("keeping Microsoft's leaves %d edits", len(none))
	}
}

// TestMergeOfStandings keeps status and substatus together.
func TestMergeOfStandings(t *testing.T) {
	won, err := referral.Move([]byte(atMicrosoft), referral.ParseStanding("Closed/Won"), "")
	if err != nil {
		t.Fatal(err)
	}
	now := theirs(t, `"status":"Active","substatus":"Accepted"`,
		`"status":"Closed","substatus":"Expired"`)
	m, err := referral.NewMerge([]byte(atMicrosoft), now, won)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Both) != 1 || len(m.Theirs) != 0 || len(m.Other) != 0 {
		t.Fatalf("merge %+v", m)
	}
	if got := referral.ShowEntry(language.English(), "status", m.Both[0].Theirs, ""); got != "Closed – Expired" {
		t.Errorf("theirs %q", got)
	}
}

func TestMergeOfNoJSON(t *testing.T) {
	for _, pair := range [][2]string{{"x", atMicrosoft}, {atMicrosoft, "x"}} {
		if _, err := referral.NewMerge([]byte(pair[0]), []byte(pair[1]), nil); err == nil {
			t.Errorf("%.3q and %.3q were compared", pair[0], pair[1])
		}
	}
}
