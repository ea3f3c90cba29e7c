package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/referral"
)

func agreed(deal, share, contact string) url.Values {
	return url.Values{"dealType": {deal}, "consent.consentToToShareInfoWithOthers": {share},
		"consent.consentToContact": {contact}}
}

// TestOpenPrivateDeal lets Microsoft's sellers see a private deal, once the customer agreed, and
// then invites Microsoft.
func TestOpenPrivateDeal(t *testing.T) {
	s := newLiveSite(t, referral.Private)
	share := s.path("/edit/sharing")
	page := s.priya.get(share).want(http.StatusOK)
	page.Sound()
	if n := len(page.Texts("[name=dealType]")); n != 2 {
		t.Errorf("%d choices", n)
	}
	wrong := s.priya.submit(share, url.Values{}, http.StatusUnprocessableEntity)
	if got := wrong.Texts("#error-summary li"); len(got) != 3 ||
		got[0] != "Select who will work on this deal" {
		t.Errorf("errors %q", got)
	}
	s.priya.post(share, agreed("partner-led", "false", "true")).leadsTo(share + "/stop?reason=share")
	s.priya.post(share, agreed("cosell", "true", "false")).leadsTo(share + "/stop?reason=contact")
	s.priya.page(share+"/stop?reason=contact", http.StatusOK)
	if c := s.microsoft().Consent.ShareWithSellers; c == nil || *c {
		t.Fatal("Microsoft's sellers see the deal already")
	}
	to := s.priya.saved(share, agreed("partner-led", "true", "false"))
	if c := s.microsoft().Consent.ShareWithSellers; c == nil || !*c ||
		!strings.HasPrefix(to, s.path("?changed=")) {
		t.Fatalf("leads to %s, consent %v", to, c)
	}
	r, err := s.Referral(t.Context(), s.priya.caller(), s.id)
	s.must(err)
	if r.Deal != referral.PartnerLed {
		t.Errorf("the deal is %s", r.Deal)
	}
	s.priya.post(share, agreed("private", "true", "true")).want(http.StatusUnprocessableEntity)
	s.priya.post(share, agreed("cosell", "true", "true")).leadsTo(s.path("/connect?changed=1"))
	if got := s.priya.page(s.path("/connect?changed=1"), http.StatusOK).Text("#done"); got !=
		"You changed who works on this deal." {
		t.Errorf("the wizard says %q", got)
	}
	s.priya.get(share).leadsTo(s.path(""))
	wizard := s.priya.get(s.path("/connect")).want(http.StatusOK)
	wizard.Sound()
	if n := len(wizard.Texts("#done")); n != 0 {
		t.Errorf("the wizard says %d times that something was done", n)
	}
	form := wizard.fill("inviteContext.assistanceRequestCode", "GeneralOrOther",
		"inviteContext.notes", "Join us.")
	s.priya.post(s.path("/connect"), form).leadsTo(s.path("/connect/check"))
	check := s.priya.page(s.path("/connect/check"), http.StatusOK)
	for _, want := range []string{`"type": "Shared"`,
		`"consentToShareReferralWithMicrosoftSellers": true`, `"consentToContact": true`} {
		if !strings.Contains(check.Text("main"), want) {
			t.Errorf("Microsoft's referral lacks %s", want)
		}
	}
}

// TestPrivateToCosell goes all the way at once, and needs somebody to call.
func TestPrivateToCosell(t *testing.T) {
	s := newLiveSite(t, referral.Private)
	contacts := s.path("/edit/contacts")
	form := s.priya.get(contacts).fill("customerProfile.team[0].phoneNumber", "",
		"customerProfile.team[1].phoneNumber", "")
	s.priya.saved(contacts, form)
	share := s.path("/edit/sharing")
	page := s.priya.submit(share, agreed("cosell", "true", "true"), http.StatusUnprocessableEntity)
	if got := page.Text("#error-summary li"); got != "Add a customer contact with a phone number first" {
		t.Errorf("error %q", got)
	}
	form = s.priya.get(contacts).fill("customerProfile.team[0].phoneNumber", "555 123 4567")
	s.priya.saved(contacts, form)
	if to := s.priya.saved(share, agreed("cosell", "true", "true")); to != s.path("/connect?changed=1") {
		t.Fatalf("leads to %s", to)
	}
	s.priya.page(s.path("/connect"), http.StatusOK)
}
