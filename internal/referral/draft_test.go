package referral_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

var rep = referral.User{ID: "u1", Name: "Priya Raman", GivenName: "Priya", FamilyName: "Raman",
	Email: "priya.raman@northbridge.example"}

func TestNewDraft(t *testing.T) {
	d := referral.NewDraft(referral.CoSell, rep, referral.Last{Country: "GB", Currency: "GBP",
		Locale: "en-gb", Phone: "+44 20 7946 0018"})
	me := d.Answers.Team[0]
	if me.FullName() != "Priya Raman" || me.PhoneNumber != "+44 20 7946 0018" {
		t.Errorf("first team member = %+v", me)
	}
	if d.Answers.CustomerProfile.Address.Country != "GB" || d.Answers.Details.Currency != "GBP" {
		t.Errorf("last used answers are not there: %+v", d.Answers)
	}
	if d.Next(today) != referral.StepCustomer {
		t.Errorf("a new draft begins at %s", d.Next(today))
	}
}

func TestNextFollowsTheSteps(t *testing.T) {
	d := referral.Draft{Answers: answers(t, seed())}
	for _, s := range referral.Steps() {
		if got := d.Next(today); got != s {
			t.Fatalf("next = %s, want %s", got, s)
		}
		d.MarkDone(s)
	}
	if got := d.Next(today); got != referral.StepCheck {
		t.Errorf("next of a complete draft = %s", got)
	}
	later := referral.Date{Year: 2019, Month: time.January, Day: 1}
	if got := d.Next(later); got != referral.StepDeal {
		t.Errorf("next when the closing date has passed = %s, want deal", got)
	}
}

// TestPutKeepsOtherSteps posts the whole form to each step: only that step's answers may change.
func TestPutKeepsOtherSteps(t *testing.T) {
	all := answers(t, seed())
	var built referral.Answers
	for _, s := range referral.Steps() {
		var one referral.Answers
		one.Put(s, all)
		if diff := cmp.Diff(all.Only(s), one); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s, diff)
		}
		built.Put(s, all)
	}
	built.DealType = all.DealType
	if diff := cmp.Diff(all, built); diff != "" {
		t.Errorf("the steps together are not the whole (-want +got):\n%s", diff)
	}
}

func TestFingerprint(t *testing.T) {
	d := referral.Draft{Answers: answers(t, seed())}
	before := map[referral.Step]string{}
	for _, s := range referral.Steps() {
		before[s] = d.Fingerprint(s)
	}
	d.Answers = with(t, url.Values{"name": {"Another"}})
	for _, s := range referral.Steps() {
		if changed := d.Fingerprint(s) != before[s]; changed != (s == referral.StepDeal) {
			t.Errorf("%s: fingerprint changed = %v", s, changed)
		}
	}
}

func TestTargetID(t *testing.T) {
	const guid = "01e2abcd-52b0-4af3-a3ae-1fd1530b3563"
	for _, tt := range []struct {
		kind string
		ids  []string
		want string
	}{
		{"SolutionProfile", []string{"SOL-1-A", guid}, "SOL-1-A"},
		{"BusinessProfileLocation", []string{"SOL-1-A", guid}, guid},
		{"BusinessProfileLocation", []string{guid}, guid},
		{"SolutionProfile", []string{" SOL-1-A "}, "SOL-1-A"},
		{"SolutionProfile", nil, ""},
	} {
		a := referral.Answers{Target: []referral.Target{{Type: tt.kind, ID: tt.ids}}}
		if got := a.TargetID(tt.kind); got != tt.want {
			t.Errorf("TargetID(%s) of %q = %q, want %q", tt.kind, tt.ids, got, tt.want)
		}
	}
}

func TestFullName(t *testing.T) {
	for _, tt := range []struct{ first, last, want string }{
		{"Sue", "Smith", "Sue Smith"}, {"伟", "王", "王伟"}, {"", "Smith", "Smith"}, {"Sue", "", "Sue"},
	} {
		m := referral.Member{FirstName: tt.first, LastName: tt.last}
		if got := m.FullName(); got != tt.want {
			t.Errorf("FullName = %q, want %q", got, tt.want)
		}
	}
}
