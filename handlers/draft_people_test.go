package handlers_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

func TestAddRemoveUndo(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	const s = referral.StepContacts
	path := stepPath(id, s)
	sue := goodAnswers()[s]
	b.fillStep(id, s, "add=1", sue...).leadsTo(path + "?focus=2")
	page := b.get(path + "?focus=2").want(http.StatusOK)
	page.Sound()
	if got := page.Attr("[autofocus]", "id"); got != "c2-first" {
		t.Errorf("the keyboard goes to %q", got)
	}
	b.lang = "zh-Hans" // asks for the family name first
	if got := b.get(path+"?focus=2").Attr("[autofocus]", "id"); got != "c2-last" {
		t.Errorf("in Chinese the keyboard goes to %q", got)
	}
	b.lang = ""
	if got := page.Text(`button[name="remove"][value="1"]`); got != "Remove contact 1, Sue Smith" {
		t.Errorf("button %q", got)
	}
	b.fillStep(id, s, "remove=1", "customerProfile.team[1].firstName", "Joe").
		leadsTo(path + "?removed=1")
	page = b.get(path + "?removed=1")
	page.Sound()
	if got := page.Text("#removed h2"); got != "Contact 1, Sue Smith, removed" {
		t.Errorf("banner %q", got)
	}
	page.None(`button[name="remove"]`)
	b.fillStep(id, s, "undo=1").leadsTo(path)
	if diff := cmp.Diff([]string{"Sue", "Joe"}, firstNames(b, id)); diff != "" {
		t.Errorf("after Undo (-want +got):\n%s", diff)
	}
	b.get(path).None("#removed")
}

func TestRemoveTheOneInTheMiddle(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	const s, name = referral.StepContacts, "customerProfile.team[%d].firstName"
	for i, first := range []string{"Ada", "Bea", "Cid"} {
		b.fillStep(id, s, "add=1", fmt.Sprintf(name, i), first)
	}
	b.fillStep(id, s, "remove=2")
	if diff := cmp.Diff([]string{"Ada", "Cid", ""}, firstNames(b, id)); diff != "" {
		t.Errorf("after Remove (-want +got):\n%s", diff)
	}
	b.fillStep(id, s, "undo=1")
	if diff := cmp.Diff([]string{"Ada", "Bea", "Cid", ""}, firstNames(b, id)); diff != "" {
		t.Errorf("after Undo (-want +got):\n%s", diff)
	}
}

func firstNames(b *browser, id string) []string {
	var out []string
	for _, m := range b.stored(id).Answers.CustomerProfile.Team {
		out = append(out, m.FirstName)
	}
	return out
}

func TestUndoIsOverAfterTheNextSave(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.fillStep(id, referral.StepContacts, "add=1", goodAnswers()[referral.StepContacts]...)
	b.fillStep(id, referral.StepContacts, "remove=1")
	b.fillStep(id, referral.StepCustomer, "go=later")
	b.get(stepPath(id, referral.StepContacts)).None("#removed")
}

func TestRemoveNobody(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	path := stepPath(id, referral.StepContacts)
	for _, n := range []string{"0", "-1", "2", "99999999999999999999", "x", ""} {
		b.fillStep(id, referral.StepContacts, "remove="+n).leadsTo(path)
	}
	b.fillStep(id, referral.StepContacts, "remove=1").leadsTo(path + "?removed=1")
	if n := len(b.stored(id).Answers.CustomerProfile.Team); n != 1 {
		t.Errorf("%d contacts, want a blank one", n)
	}
}

func TestRemoveMyselfAsksFirst(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	const s = referral.StepTeam
	path := stepPath(id, s)
	b.fillStep(id, s, "add=1", goodAnswers()[s]...).leadsTo(path + "?focus=2")
	b.fillStep(id, s, "remove=1", "team[1].firstName", "John").leadsTo(path + "?confirm=1")
	if n := len(b.stored(id).Answers.Team); n != 2 {
		t.Fatalf("%d members before the rep confirmed, want 2", n)
	}
	page := b.get(path + "?confirm=1")
	page.Sound()
	if got := page.Attr("#confirm-remove button", "value"); got != "1" {
		t.Errorf("Remove me posts %q", got)
	}
	if got := page.Attr("#confirm-remove a", "href"); got != path {
		t.Errorf("who stays goes to %q", got)
	}
	kept := b.get(path + "?confirm=1&return=check")
	if got := kept.Attr("#confirm-remove a", "href"); got != path+"?return=check" {
		t.Errorf("who came from the check page and stays goes to %q", got)
	}
	b.post(path+"?confirm=1", page.fill("remove", "1")).leadsTo(path + "?removed=1")
	if got := b.stored(id).Answers.Team[0].FirstName; got != "John" {
		t.Errorf("the team begins with %q", got)
	}
}

func TestTeamBeginsWithTheRep(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	page := b.get(stepPath(id, referral.StepTeam))
	if got := page.Text("#team-member-1 .ds-tag"); got != "You" {
		t.Errorf("note %q", got)
	}
	if got := page.Attr("#t1-email", "value"); got != priya().Email {
		t.Errorf("e-mail %q", got)
	}
	if got := page.Attr("#t1-email", "autocomplete"); got != "email" {
		t.Errorf("autocomplete %q", got)
	}
}

func TestMostContacts(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	for n := 2; n <= referral.MaxContacts; n++ {
		b.fillStep(id, referral.StepContacts, "add=1").
			leadsTo(fmt.Sprintf("%s?focus=%d", stepPath(id, referral.StepContacts), n))
	}
	b.get(stepPath(id, referral.StepContacts)).None(`button[name="add"]`)
	b.fillStep(id, referral.StepContacts, "add=1")
	if n := len(b.stored(id).Answers.CustomerProfile.Team); n != referral.MaxContacts {
		t.Errorf("%d contacts, want %d", n, referral.MaxContacts)
	}
}

// TestPhoneExampleOfTheCountry shows a wrong phone number beside one of the customer's country, in
// the hint and in the error.
func TestPhoneExampleOfTheCountry(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.fillStep(id, referral.StepCustomer, "go=later", "customerProfile.address.country", "DE")
	page := b.fillStep(id, referral.StepContacts, "go=continue", append(
		goodAnswers()[referral.StepContacts], "customerProfile.team[0].phoneNumber", "12")...)
	page.want(http.StatusUnprocessableEntity).Sound()
	if got := page.Text("#c1-phone-hint"); got != "For example, +49 30 23125 012" {
		t.Errorf("hint %q", got)
	}
	ps := referral.Check(b.stored(id).Answers, referral.StepContacts, referral.Date{})
	if got := ps[0].Text(); got != "Enter a phone number for contact 1, like +49 30 23125 012" {
		t.Errorf("the rules say %q", got)
	}
	page.shows(ps[0])
}
