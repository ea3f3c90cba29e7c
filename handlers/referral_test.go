package handlers_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
	"tandem/internal/store"
)

func refused() store.Result {
	return store.Result{State: referral.Rejected,
		Outcome: referral.Outcome{Kind: referral.OutcomeBusy, Status: 423}}
}

func done() store.Result {
	return store.Result{State: referral.Accepted,
		Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201}}
}

func TestSentPage(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	page := priya.page("/referrals/"+r+"/sent", http.StatusOK)
	if got := page.Text(".done p"); !strings.Contains(got,
		"Microsoft accepted Contoso field service rollout on") ||
		!strings.Contains(got, "Its status is Active – Accepted.") {
		t.Errorf("text %q", got)
	}
	if got := page.Texts(".done__id code")[0]; got != engagementID {
		t.Errorf("engagement ID %q", got)
	}
	want := []string{"Create the Microsoft referral", "Review Microsoft’s response"}
	if diff := cmp.Diff(want, page.Texts(".actions a")); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	if got := page.Text(".nextbox"); !strings.Contains(got, "Microsoft’s sellers cannot help yet.") {
		t.Errorf("next %q", got)
	}

	send := priya.connect(r, done())
	priya.get("/sends/" + send).leadsTo("/referrals/" + r + "/sent")
	page = priya.page("/referrals/"+r+"/sent", http.StatusOK)
	if got := page.Text("h1"); got != "Microsoft’s referral was created" {
		t.Errorf("h1 %q", got)
	}
}

func TestSentPageOfPartnerLedDeal(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	a := contoso()
	a.DealType = "partner-led"
	_, r := priya.sent(a)
	page := priya.page("/referrals/"+r+"/sent", http.StatusOK)
	if diff := cmp.Diff([]string{"Review Microsoft’s response"},
		page.Texts(".actions a")); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
}

// TestReferralPageFillsGaps shows the closing date that Microsoft's answer lost, and no stamp of
// ours as a CRM reference.
func TestReferralPageFillsGaps(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	got := accepted(remoteID, contoso())
	got.Raw = regexp.MustCompile(`"closingDateTime":"[^"]*",`).ReplaceAll(s.Body, nil)
	r := done()
	r.Referral = got
	site.attempt(s.ID, r)
	stored, err := site.Send(t.Context(), priya.caller(), s.ID)
	site.must(err)
	priya.connect(stored.ReferralID, refused())
	page := priya.page("/referrals/"+stored.ReferralID, http.StatusOK)
	rows := map[string]string{}
	for _, row := range page.All(".sum > div").EachIter() {
		rows[texts(row.Find("dt"))[0]] = texts(row.Find("dd"))[0]
	}
	for key, want := range map[string]string{
		"Closing date":         "14 January 2027Not in Microsoft’s answer",
		"Your CRM reference":   "Not provided",
		"Marketplace purchase": "Have not decided",
		"Address":              "One Microsoft Way Redmond, WA 98052 United States",
		"Target":               "Solution profile SOL-34104-EBB",
	} {
		if rows[key] != want {
			t.Errorf("%s: %q, want %q", key, rows[key], want)
		}
	}
	history := page.Texts("[aria-labelledby=history] dd")
	want := []string{"Draft started – Priya Raman", "Sending begun – Priya Raman",
		"Sent to Microsoft", "Accepted by Microsoft",
		"Microsoft’s referral: Sending begun – Priya Raman",
		"Microsoft’s referral: Sent to Microsoft", "Microsoft’s referral: Refused by Microsoft"}
	if diff := cmp.Diff(want, history); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestReferralPage(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	page := priya.page("/referrals/"+r, http.StatusOK)
	if got := page.Text("h1"); got != "Contoso field service rollout" {
		t.Errorf("h1 %q", got)
	}
	for _, want := range []string{"USD 50,000.00", "United States", "Sales qualified",
		"Accepted by Microsoft", "Sue Smith"} {
		if !strings.Contains(page.Text("main"), want) {
			t.Errorf("page lacks %q", want)
		}
	}
	tests := []struct {
		name   string
		result store.Result
		tag    string
		action string
	}{
		{"not created", store.Result{}, "Not created yet", "Create the Microsoft referral"},
		{"failed", refused(), "Failed", "Try again to create the Microsoft referral"},
		{"created", done(), "Active – Accepted", "Review Microsoft’s response"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.result.State != "" {
				priya.connect(r, tt.result)
			}
			page := priya.page("/referrals/"+r, http.StatusOK)
			if got := page.Texts(".pair__c .ds-tag")[1]; got != tt.tag {
				t.Errorf("tag %q, want %q", got, tt.tag)
			}
			if got := page.Texts(".actions a")[0]; got != tt.action {
				t.Errorf("action %q, want %q", got, tt.action)
			}
		})
	}
}

func TestResponsePage(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	page := priya.page("/referrals/"+r+"/response", http.StatusOK)
	if got := page.Text(".pagehead .ds-tag"); got != "201 Created" {
		t.Errorf("tag %q", got)
	}
	rows := map[string][]string{}
	for _, tr := range page.All(".cmp tbody tr").EachIter() {
		cells := texts(tr.Find("td"))
		rows[texts(tr.Find("th"))[0]] = cells
	}
	want := map[string][]string{
		"Status":       {"New", "Active", "Changed"},
		"Closing date": {"14 January 2027", "Not in the response", "Not returned"},
		"Referral ID":  {"–", remoteID, "Added"},
		"Created":      {"–", "22 November 2026, 14:40:12 UTC", "Added"},
	}
	for label, cells := range want {
		if diff := cmp.Diff(cells, rows[label]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", label, diff)
		}
	}
	if _, ok := rows["Deal value"]; ok {
		t.Error("50000 and 50000.0 count as a change")
	}
	if got := page.Text("#missing"); !strings.HasSuffix(got, "answers did not come back") {
		t.Errorf("note %q", got)
	}
	all := priya.page("/referrals/"+r+"/response?all=1", http.StatusOK)
	if a, b := all.All(".cmp tbody tr").Length(), len(rows); a <= b {
		t.Errorf("all shows %d rows, changes only %d", a, b)
	}
	for _, want := range []string{"Priya Raman", "14:31:59 UTC", "5d2f4b0e-8c1f-4a59-9f0b-1b8a5c0a1c11",
		`"e-1"`} {
		if got := page.Text("section[aria-labelledby=support]"); !strings.Contains(got, want) {
			t.Errorf("support lacks %q: %q", want, got)
		}
	}
}

func TestResponseWithoutOneAnswer(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	got := accepted(remoteID, contoso())
	got.Raw = regexp.MustCompile(`"closingDateTime":"[^"]*",`).ReplaceAll(s.Body, nil)
	r := done()
	r.Referral = got
	site.attempt(s.ID, r)
	stored, err := site.Send(t.Context(), priya.caller(), s.ID)
	site.must(err)
	page := priya.page("/referrals/"+stored.ReferralID+"/response", http.StatusOK)
	if got := page.Text("#missing"); got != "One answer did not come back" {
		t.Errorf("note %q", got)
	}
	if got := page.Texts(".app-note p")[0]; got != "Not in Microsoft’s response: Closing date." {
		t.Errorf("missing %q", got)
	}
	update := page.All("[aria-labelledby=missing] a")
	if got, to := update.Text(), hrefOf(0, update); got != "Update the closing date" ||
		to != "/referrals/"+stored.ReferralID+"/edit/deal#closing-day" {
		t.Errorf("the note leads by %q to %s", got, to)
	}
	priya.lang = "zh-Hans"
	chinese := priya.page("/referrals/"+stored.ReferralID+"/response", http.StatusOK)
	for _, id := range chinese.Texts(".cmp code") {
		if strings.Contains(id, "年") {
			t.Errorf("the day %s is written as an id", id)
		}
	}
	priya.lang = ""
	copied := page.All("#support-text").Text()
	for _, want := range []string{"Engagement ID: " + got.EngagementID + "\n", "Referral ID: " +
		got.RemoteID + "\n", "Sent by: Priya Raman, ", `ETag: "e-1"`} {
		if !strings.Contains(copied, want) {
			t.Errorf("what is copied for support lacks %q: %q", want, copied)
		}
	}
	if got := page.All("[data-copy=support-text]").Length(); got != 1 {
		t.Errorf("%d buttons copy it", got)
	}
}

func TestResponseFile(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, r := priya.sent(contoso())
	a := priya.get("/referrals/" + r + "/response.json")
	if a.status != http.StatusOK || a.body != raw ||
		!strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("got %d %q", a.status, a.header)
	}
}

// texts are the words of each element, with single spaces.
func texts(s *goquery.Selection) []string {
	return s.Map(func(_ int, e *goquery.Selection) string {
		return strings.Join(strings.Fields(e.Text()), " ")
	})
}

// TestLinkFromAColleague leads a member of the deal's team to his own page of it.
func TestLinkFromAColleague(t *testing.T) {
	site := newSendSite(t)
	priya, daniel := site.rep("Priya Raman", false), site.rep("Daniel Okafor", false)
	_, hers := priya.sent(contoso())
	daniel.page("/referrals/"+hers, http.StatusNotFound)
	deal, err := site.Referral(t.Context(), priya.caller(), hers)
	site.must(err)
	pass := daniel.listing()
	same := *accepted(deal.RemoteID, contoso())
	same.Kind = referral.Own
	_, err = site.SaveListingPage(t.Context(), pass,
		referral.ListingPage{Referrals: []referral.Referral{same}})
	site.must(err)
	to := daniel.get("/referrals/" + hers).want(http.StatusSeeOther).header.Get("Location")
	if page := daniel.page(to, http.StatusOK); page.Text("h1") != contoso().Name {
		t.Errorf("the link leads to %q", page.Text("h1"))
	}
}
