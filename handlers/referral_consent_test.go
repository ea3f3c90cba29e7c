package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestConsentReceipt answers in Chinese, adds a contact later, sends, and reads the receipt.
func TestConsentReceipt(t *testing.T) {
	s := newSite(t)
	b := s.signIn(t, priya())
	id := b.start(referral.CoSell)
	b.complete(id)
	r := b.stored(id).Receipt
	if r == nil || r.ByName != "Priya Raman" || r.Language != "en" || !r.At.Equal(s.clock.Now()) ||
		len(r.Contacts) != 1 || r.Contacts[0].String() != "Sue Smith <sue.smith@contoso.com>" {
		t.Fatalf("receipt %+v", r)
	}
	consent := b.get(stepPath(id, referral.StepConsent)).Texts("legend")
	for i, said := range r.Said {
		if said.Question != consent[i] || said.Answer != "Yes" {
			t.Errorf("receipt says %+v, the page asked %q", said, consent[i])
		}
	}
	s.clock.move(time.Hour)
	b.fillStep(id, referral.StepContacts, "go=continue", "customerProfile.team[0].firstName", "Suzan").
		want(http.StatusSeeOther)
	const added = "Suzan Smith <sue.smith@contoso.com> was added or changed after you answered " +
		"about consent. Check your answers"
	page := b.get(stepPath(id, referral.StepCheck))
	page.Sound()
	if got := page.Texts(".sendbox .ticks a"); !slices.Contains(got, added) {
		t.Errorf("the check page warns of %q", got)
	}
	b.post("/drafts/"+id+"/send", nil).want(http.StatusSeeOther)
	s.accept(t, b.stored(id).SendID)
	card := b.get("/referrals/" + b.stored(id).ReferralID).want(http.StatusOK)
	card.Sound()
	text := card.Text(`section[aria-labelledby="consent"]`)
	for _, want := range []string{consent[0], consent[1], "Priya Raman",
		"22 November 2026, 14:32:00 UTC", "Sue Smith <sue.smith@contoso.com>"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt lacks %q: %s", want, text)
		}
	}
}
