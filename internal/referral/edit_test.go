package referral_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

// atMicrosoft is a referral with things Tandem does not know and values in odd shapes.
const atMicrosoft = `{"id":"r-1","name":"Rollout","status":"Active","substatus":"Accepted",
	"externalReferenceId":"TANDEM-d1","favorite":true,"eTag":"\"e1\"",
	"customerProfile":{"name":"Contoso","ids":{},"team":[
		{"firstName":"Sue","lastName":"Smith","email":"Sue.Smith@contoso.com","phoneNumber":"1234567890",
			"contactPreference":{"locale":null,"disableNotifications":null},"role":"CIO"},
		{"firstName":"Joe","lastName":"Hansen","email":"joe.hansen@contoso.com","phoneNumber":"4035698759",
			"contactPreference":{"locale":"en-us","disableNotifications":true}}]},
	"consent":{"consentToShareReferralWithMicrosoftSellers":false},
	"details":{"dealValue":50000.0,"currency":"USD","notes":"A <pilot> first.",
		"closingDateTime":"2027-01-14T10:30:00Z","requirements":{"solutions":[
			{"type":"Category","id":"Chatbot","name":"Chatbot","solutionType":null},
			{"type":"Name","id":"SOL-34104-EBB","publisherName":"Northbridge"}]}},
	"team":[{"firstName":"Priya","lastName":"Raman","email":"priya.raman@northbridge.example",
		"phoneNumber":"+44 20 7946 0018","contactPreference":{"locale":"en-us","disableNotifications":false}}]}`

// shown are the answers as the edit pages show them.
func shown(t testing.TB) referral.Answers {
	t.Helper()
	a, err := referral.ReadAnswers([]byte(atMicrosoft))
	if err != nil {
		t.Fatal(err)
	}
	a.ExternalReferenceID = referral.GivenReference(a.ExternalReferenceID)
	a.Details.Requirements = a.Details.Requirements.SplitSolutions()
	return a
}

func TestRevise(t *testing.T) {
	jane := referral.NewMember("en-gb")
	jane.FirstName, jane.LastName, jane.Email = "Jane", "Doe", "jane.doe@contoso.com"
	jane.PhoneNumber = "555 123 4567"
	tests := []struct {
		name    string
		section referral.Section
		change  func(*referral.Answers)
		want    string
	}{
		{"nothing of the deal", referral.SectionDeal, func(*referral.Answers) {}, `[]`},
		{"nothing of the contacts", referral.SectionContacts, func(*referral.Answers) {}, `[]`},
		{"nothing of the team", referral.SectionTeam, func(*referral.Answers) {}, `[]`},
		{"nothing of the solutions", referral.SectionSolutions, func(*referral.Answers) {}, `[]`},
		{"the same value in other words", referral.SectionDeal, func(a *referral.Answers) {
			a.Details.DealValue, a.Details.Closing.Month = "50,000.00", "jan"
		}, `[]`},
		{"value, date and notes", referral.SectionDeal, func(a *referral.Answers) {
			a.Details.DealValue, a.Details.Closing.Day, a.Details.Notes = "65,000", "15", " Go & see "
		}, `[{"op":"replace","path":"/details/dealValue","value":"65000"},
			{"op":"replace","path":"/details/closingDateTime","value":"2027-01-15T00:00:00Z"},
			{"op":"replace","path":"/details/notes","value":"Go & see"}]`},
		{"what was not there", referral.SectionDeal, func(a *referral.Answers) {
			a.CampaignID, a.SalesStage, a.ExternalReferenceID = "C-7", "Proposal", "OPP-1"
		}, `[{"op":"replace","path":"/externalReferenceId","value":"OPP-1"},
			{"op":"add","path":"/salesStage","value":"Proposal"},
			{"op":"add","path":"/campaignId","value":"C-7"}]`},
		{"notes taken away", referral.SectionDeal, func(a *referral.Answers) {
			a.Details.Notes = ""
		}, `[{"op":"replace","path":"/details/notes","value":""}]`},
		{"a contact added", referral.SectionContacts, func(a *referral.Answers) {
			a.CustomerProfile.Team = append(a.CustomerProfile.Team, jane, referral.Member{})
		}, `[{"op":"add","path":"/customerProfile/team/-","value":{"contactPreference":
			{"disableNotifications":false,"locale":"en-gb"},"email":"jane.doe@contoso.com",
			"firstName":"Jane","lastName":"Doe","phoneNumber":"555 123 4567"}}]`},
		{"a contact changed and one removed", referral.SectionContacts, func(a *referral.Answers) {
			a.CustomerProfile.Team = a.CustomerProfile.Team[:1]
			a.CustomerProfile.Team[0].PhoneNumber = "1"
		}, `[{"op":"replace","path":"/customerProfile/team","value":[{"contactPreference":
			{"disableNotifications":null,"locale":null},"email":"Sue.Smith@contoso.com",
			"firstName":"Sue","lastName":"Smith","phoneNumber":"1","role":"CIO"}]}]`},
		{"a solution in place of another", referral.SectionSolutions, func(a *referral.Answers) {
			a.Details.Requirements.Solutions = []string{"BigData"}
		}, `[{"op":"replace","path":"/details/requirements/solutions","value":[
			{"id":"SOL-34104-EBB","publisherName":"Northbridge","type":"Name"},
			{"id":"BigData","name":"Big data","type":"Category"}]}]`},
		{"a solution by id", referral.SectionSolutions, func(a *referral.Answers) {
			a.Details.Requirements.SolutionIDs += "\nSOL-1-AB"
		}, `[{"op":"add","path":"/details/requirements/solutions/-",
			"value":{"id":"SOL-1-AB","type":"Name"}}]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := shown(t)
			tt.change(&a)
			edits, err := referral.Revise([]byte(atMicrosoft), tt.section, a)
			if err != nil {
				t.Fatal(err)
			}
			body, err := referral.PatchBody([]byte(atMicrosoft), edits)
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, tt.want, string(body))
			after, err := referral.ApplyEdits([]byte(atMicrosoft), edits)
			if err != nil {
				t.Fatal(err)
			}
			if done, err := referral.Carried(after, edits); err != nil || !done {
				t.Errorf("not carried out: %v", err)
			}
			done, err := referral.Carried([]byte(atMicrosoft), edits)
			if err != nil || done != (len(edits) == 0) {
				t.Errorf("carried out before: %v", done)
			}
			if !strings.Contains(string(after), `"favorite":true`) {
				t.Error("an unknown field was dropped")
			}
		})
	}
}

func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	var w, g any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMoveAndShare(t *testing.T) {
	lost, err := referral.Move([]byte(atMicrosoft), referral.Standing{Status: "Closed",
		Substatus: "Lost"}, "Went elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	body, err := referral.PatchBody([]byte(atMicrosoft), lost)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, `[{"op":"replace","path":"/status","value":"Closed"},
		{"op":"replace","path":"/substatus","value":"Lost"},
		{"op":"add","path":"/statusReason","value":"Went elsewhere"}]`, string(body))
	share, err := referral.Share([]byte(atMicrosoft))
	if err != nil {
		t.Fatal(err)
	}
	body, err = referral.PatchBody([]byte(atMicrosoft), share)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, `[{"op":"replace","value":true,
		"path":"/consent/consentToShareReferralWithMicrosoftSellers"}]`, string(body))
}

// TestCheckEdit complains about what was typed, and never about what Microsoft has already.
func TestCheckEdit(t *testing.T) {
	day := referral.Date{Year: 2027, Month: 6, Day: 1} // the closing date has passed
	tests := []struct {
		name    string
		section referral.Section
		change  func(*referral.Answers)
		want    []string
	}{
		{"a closing date that has passed", referral.SectionDeal, func(*referral.Answers) {}, nil},
		{"a language nobody knows", referral.SectionContacts, func(*referral.Answers) {}, nil},
		{"no value, a past date", referral.SectionDeal, func(a *referral.Answers) {
			a.Details.DealValue, a.Details.Closing.Day = "", "15"
		}, []string{"Enter the deal value", "Closing date must be today or in the future"}},
		{"notes gone", referral.SectionDeal, func(a *referral.Answers) { a.Details.Notes = " " },
			[]string{"Enter notes for the people working on the deal"}},
		{"a contact without a phone", referral.SectionContacts, func(a *referral.Answers) {
			a.CustomerProfile.Team[1].PhoneNumber = ""
		}, []string{"Enter a phone number for contact 2"}},
		{"a wrong phone, with no country on the page", referral.SectionContacts,
			func(a *referral.Answers) {
				a.CustomerProfile.Team[1].PhoneNumber = "12"
			}, []string{"Enter a phone number for contact 2, like +49 30 23125 012"}},
		{"nobody in the team", referral.SectionTeam, func(a *referral.Answers) {
			a.Team = []referral.Member{referral.NewMember("")}
		}, []string{"Enter a first name for team member 1", "Enter a last name for team member 1",
			"Enter an email address for team member 1", "Enter a phone number for team member 1"}},
		{"no solution", referral.SectionSolutions, func(a *referral.Answers) {
			a.Details.Requirements = referral.Requirements{}
		}, []string{"Select at least one solution"}},
		{"no solution id", referral.SectionSolutions, func(a *referral.Answers) {
			a.Details.Requirements.SolutionIDs = "my solution"
		}, []string{"Enter solution IDs like SOL-34104-EBB, one on each line"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := shown(t)
			tt.change(&a)
			var got []string
			was := shown(t)
			was.CustomerProfile.Address.Country = "DE"
			for _, p := range referral.CheckEdit(tt.section, referral.CoSell, was, a, day) {
				got = append(got, p.Text())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
