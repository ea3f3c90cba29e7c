package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestOutcomeNamesTheField(t *testing.T) {
	tests := []struct{ path, step, id, label string }{
		{"customerProfile.address.country", "customer", "country", "Country or region"},
		{"customerProfile.ids", "customer", "duns", "Customer IDs"},
		{"customerProfile.team[1].email", "contacts", "c2-email", "Contact 2: Email address"},
		{"consent.consentToContact", "consent", "contact", "Contact them"},
		{"details.closingDateTime", "deal", "closing-day", "Closing date"},
		{"details.requirements.solutions", "needs", "solutions", "Solutions"},
		{"team", "team", "t1-first", "Our team"},
		{"target", "target", "target-type", "Target"},
		{"substatus", "target", "status", "Substatus"},
	}
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			s := priya.queue(contoso())
			site.attempt(s.ID, store.Result{State: referral.Rejected, Outcome: referral.Outcome{
				Kind: referral.OutcomeInvalid, Status: 400, Path: tt.path}})
			page := priya.page("/sends/"+s.ID, http.StatusOK)
			sentence := "Microsoft reports a problem with: " + tt.label
			if got := page.Text(".app-note p"); got != sentence {
				t.Errorf("got %q", got)
			}
			to := "/drafts/" + s.DraftID + "/" + tt.step + "?return=check&send=" + s.ID
			if got := page.Attr(".app-note a", "href"); got != to+"#"+tt.id {
				t.Errorf("link %q, want %q", got, to+"#"+tt.id)
			}
			if got := page.Attr(".actions a", "href"); got != "/drafts/"+s.DraftID+"/check" {
				t.Errorf("check leads to %q", got)
			}
			priya.get(to).want(http.StatusOK).marks(tt.id, sentence)
			priya.get(to + "x").want(http.StatusOK).None("#error-summary")
		})
	}
}

// marks fails the test unless the page shows the one error, in the summary and beside the input.
func (a *answer) marks(id, sentence string) {
	a.t.Helper()
	a.Sound()
	a.One("#" + id)
	if got := a.Texts(`#error-summary a[href="#` + id + `"]`); len(got) != 1 || got[0] != sentence {
		a.t.Errorf("error summary %q, want %q", got, sentence)
	}
	if diff := cmp.Diff([]string{"Error: " + sentence},
		a.Texts(".ds-validation-message")); diff != "" {
		a.t.Errorf("beside the field (-want +got):\n%s", diff)
	}
}

func TestOutcomeOfMicrosoftsReferral(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, own := priya.sent(contoso())
	s, err := site.sender.Submit(t.Context(), priya.caller(), referral.Send{
		Kind: referral.Microsoft, ReferralID: own, Revision: 1, Name: "N", Body: []byte("{}")})
	site.must(err)
	site.attempt(s.ID, store.Result{State: referral.Rejected, Outcome: referral.Outcome{
		Kind: referral.OutcomeInvalid, Status: 400, Path: "inviteContext.notes"}})
	page := priya.page("/sends/"+s.ID, http.StatusOK)
	text := page.Text(".app-note")
	if !strings.Contains(text, "the deal stays partner-led") ||
		!strings.Contains(text, "Only Microsoft’s referral is sent again.") {
		t.Errorf("text %q", text)
	}
	connect := "/referrals/" + own + "/connect"
	field := page.One(".app-note a").AttrOr("href", "")
	if field != connect+"?send="+s.ID+"#message" {
		t.Errorf("field leads to %q", field)
	}
	path, _, _ := strings.Cut(field, "#")
	priya.get(path).want(http.StatusOK).marks("message",
		"Microsoft reports a problem with: Message to Microsoft")
	if got := page.Attr(".actions a", "href"); got != connect {
		t.Errorf("check leads to %q", got)
	}
}
