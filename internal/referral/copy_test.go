package referral_test

import (
	"net/url"
	"slices"
	"testing"

	"tandem/internal/referral"
)

// TestCopied copies Microsoft's sample, once before its closing date and once after.
func TestCopied(t *testing.T) {
	rep := referral.User{GivenName: "Mei", FamilyName: "Lin", Email: "mei.lin@northbridge.example"}
	a, err := referral.ReadAnswers(readFile(t, "seed-request.json"))
	if err != nil {
		t.Fatal(err)
	}
	a.ExternalReferenceID, a.Status = "OPP-1", "Closed/Won"
	a.Details.Requirements.Solutions = append(a.Details.Requirements.Solutions, "SOL-1-A")
	fresh := referral.NewDraft(referral.PartnerLed, rep, referral.Last{})
	d := referral.Copied(a, fresh, today)
	var team []string
	for _, m := range d.Answers.Team {
		team = append(team, m.FirstName)
	}
	if !slices.Equal(team, []string{"Mei", "John"}) {
		t.Errorf("team %q", team)
	}
	if d.Answers.DealType != "partner-led" || d.Answers.Status != "New/Pending" ||
		d.Answers.StatusReason+d.Answers.ExternalReferenceID != "" ||
		d.Answers.Details.Closing.Day != "14" || d.Answers.Details.Requirements.SolutionIDs == "" {
		t.Errorf("copied %+v", d.Answers)
	}
	if !d.IsDone(referral.StepCustomer) || d.IsDone(referral.StepConsent) ||
		d.Reached != referral.StepConsent.Number() {
		t.Errorf("done %v, reached %d", d.Done, d.Reached)
	}
	later := referral.Copied(a, fresh, day(2027, 1, 1))
	if !later.Answers.Details.Closing.Empty() || later.IsDone(referral.StepDeal) {
		t.Errorf("a closing date in the past is copied: %+v", later.Answers.Details.Closing)
	}
}

func TestJoinedTakesEachPersonOnce(t *testing.T) {
	a := answers(t, url.Values{"team[0].email": {"A@x.example"}, "team[1].email": {"b@x.example"},
		"team[2].email": {"a@X.example"}, "team[3].firstName": {"C"}})
	got := referral.Joined(a.Team[:1], a.Team[1:], 3)
	var who []string
	for _, m := range got {
		who = append(who, m.Email+m.FirstName)
	}
	if !slices.Equal(who, []string{"A@x.example", "b@x.example", "C"}) {
		t.Errorf("joined %q", who)
	}
	if most := referral.Joined(a.Team[:1], a.Team[1:], 2); len(most) != 2 {
		t.Errorf("%d people, at most 2", len(most))
	}
}
