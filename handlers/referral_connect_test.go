package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// invitation is what a rep answers in the wizard.
func invitation() url.Values {
	return url.Values{
		"inviteContext.assistanceRequestCode": {"ProofOfConceptOrDemo"},
		"inviteContext.notes":                 {"A specialist for the workshop, by January."},
		"customerProfile.team":                {"sue.smith@contoso.com"},
		"team":                                {"priya.raman@northbridge.example"},
		"details.notes":                       {"A pilot first."}, "details.dealValue": {"50000"},
		"go": {"continue"},
	}
}

func TestConnectBeginsWithTheDraft(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	page := priya.page("/referrals/"+r+"/connect", http.StatusOK)
	if got := page.Text("h1"); got != "What Microsoft receives" {
		t.Errorf("h1 %q", got)
	}
	want := []string{"Sue Smith", "Joe Hansen", "Priya Raman (you)"}
	var ticked []string
	for _, box := range page.All(`input[type="checkbox"]:checked`).EachIter() {
		ticked = append(ticked, page.Text(`label[for="`+box.AttrOr("id", "")+`"]`))
	}
	if diff := cmp.Diff(want, ticked); diff != "" {
		t.Errorf("ticked (-want +got):\n%s", diff)
	}
	if got := page.Text(".copied dl"); !strings.Contains(got,
		"USD 50,000.00, closing 14 January 2027") {
		t.Errorf("copied %q", got)
	}
	if got := page.Text(".pair__id code"); got != engagementID {
		t.Errorf("engagement ID %q", got)
	}
}

func TestConnectKeepsWrongAnswers(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	form := invitation()
	form.Del("customerProfile.team")
	form.Set("inviteContext.assistanceRequestCode", "")
	form.Set("different", "true")
	form.Set("details.dealValue", "fifty")
	path := "/referrals/" + r + "/connect"
	page := priya.submit(path, form, http.StatusUnprocessableEntity)
	want := []string{"Select what help you want from Microsoft",
		"Select at least one customer contact",
		"Deal value must be a number, like 50000 or 50,000.50"}
	if diff := cmp.Diff(want, page.Texts("#error-summary li")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if got := page.Text("title"); !strings.HasPrefix(got, "Error: ") {
		t.Errorf("title %q", got)
	}
	page = priya.page(path, http.StatusOK)
	page.None("#error-summary")
	if got := page.Value("details.dealValue"); got != "fifty" {
		t.Errorf("deal value %q", got)
	}
	page.None(`input[name="customerProfile.team"]:checked`)
	priya.get(path + "/check").leadsTo(path)
}

func TestConnectSendsMicrosoftsReferral(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	path := "/referrals/" + r + "/connect"
	priya.post(path, invitation()).leadsTo(path + "/check")
	page := priya.page(path+"/check", http.StatusOK)
	if got := page.All(".sum .change").First().AttrOr("href", ""); got != path+"#help" {
		t.Errorf("change leads to %q", got)
	}
	rev := page.Value("rev")
	priya.post(path+"/send", url.Values{"rev": {"99"}}).leadsTo(path + "/check")

	w := priya.post(path+"/send", url.Values{"rev": {rev}})
	id := strings.TrimPrefix(w.header.Get("Location"), "/sends/")
	sent, err := site.Send(t.Context(), priya.caller(), id)
	site.must(err)
	var body struct {
		EngagementID        string `json:"engagementId"`
		ExternalReferenceID string `json:"externalReferenceId"`
		Target              []struct{ Type, ID string }
		InviteContext       struct{ Notes, AssistanceRequestCode string } `json:"inviteContext"`
		CustomerProfile     struct{ Team []struct{ Email string } }
	}
	site.must(json.Unmarshal(sent.Body, &body))
	if sent.Kind != referral.Microsoft || sent.ReferralID != r || body.EngagementID != engagementID ||
		body.Target[0].ID != "msft" || len(body.CustomerProfile.Team) != 1 ||
		body.InviteContext.AssistanceRequestCode != "ProofOfConceptOrDemo" {
		t.Errorf("sent %s %s: %+v", sent.Kind, sent.ReferralID, body)
	}
	consent, err := site.Consent(t.Context(), priya.caller(), id)
	site.must(err)
	if consent == nil || consent.ByName != "Priya Raman" {
		t.Errorf("of the consent it keeps %+v", consent)
	}
	if ref := sent.ExternalReferenceID; ref == "" || ref != body.ExternalReferenceID {
		t.Errorf("a look-up would seek %q, not %q", ref, body.ExternalReferenceID)
	}
	// From now on every page of the wizard leads to the send.
	for _, p := range []string{path, path + "/check"} {
		priya.get(p).leadsTo("/sends/" + id)
	}
	priya.post(path+"/send", url.Values{"rev": {rev}}).leadsTo("/sends/" + id)
}

func TestConnectIsNotForOtherDeals(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	a := contoso()
	a.DealType = "partner-led"
	_, r := priya.sent(a)
	priya.get("/referrals/" + r + "/connect").leadsTo("/referrals/" + r)
}

// TestConnectedElsewhere leads away from the wizard when somebody created Microsoft's referral in
// Partner Center, and when there is no engagement that it could belong to.
func TestConnectedElsewhere(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	path := "/referrals/" + r
	own, err := site.Referral(t.Context(), priya.caller(), r)
	site.must(err)
	priya.page(path+"/connect", http.StatusOK)
	foreign := *accepted("ms-elsewhere", contoso())
	foreign.Kind, foreign.EngagementID = referral.Microsoft, own.EngagementID
	_, err = site.SaveListingPage(t.Context(), priya.listing(),
		referral.ListingPage{Referrals: []referral.Referral{foreign}})
	site.must(err)
	priya.get(path + "/connect").leadsTo(path)
	_, r = priya.sent(contoso())
	_, err = site.Writer().ExecContext(t.Context(),
		`UPDATE referrals SET engagement_id = '' WHERE id = $1`, r)
	site.must(err)
	priya.get("/referrals/" + r + "/connect").leadsTo("/referrals/" + r)
}

// connect carries Microsoft's referral of a deal to a state.
func (p *rep) connect(referralID string, r store.Result) (sendID string) {
	p.site.Helper()
	s, err := p.site.sender.Submit(p.site.Context(), p.caller(), referral.Send{
		Kind: referral.Microsoft, ReferralID: referralID, Revision: 1,
		Name: "Contoso field service rollout", Customer: "Contoso Customer Inc", Body: []byte("{}")})
	p.site.must(err)
	if r.State == referral.Accepted {
		r.Referral = accepted("ms-"+s.ID, contoso())
	}
	p.site.attempt(s.ID, r)
	return s.ID
}
