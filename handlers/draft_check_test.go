package handlers_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/htmlcheck"
	"tandem/internal/referral"
)

func cmpSorted(less func(a, b string) bool) cmp.Option { return cmpopts.SortSlices(less) }

// TestCheckShowsWhatIsSent shows answers in lines, and without what is dropped on the way.
func TestCheckShowsWhatIsSent(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	for _, x := range []struct {
		step        referral.Step
		name, value string
	}{
		{referral.StepDeal, "details.notes", "First line\r\n\r\nSecond line"},
		{referral.StepCustomer, "customerProfile.address.postalCode", "９８０５２"},
		{referral.StepContacts, "customerProfile.team[0].email", "Sue <mailto:sue@contoso.com>"},
	} {
		form := b.get(stepPath(id, x.step)).fill(x.name, x.value)
		b.post(stepPath(id, x.step), form).want(http.StatusSeeOther)
	}
	page := b.get(stepPath(id, referral.StepCheck)).want(http.StatusOK)
	if n := page.All("dd:contains('First line') br").Length(); n != 2 {
		t.Errorf("%d line breaks in the notes, want 2", n)
	}
	got := page.Text("main")
	if !strings.Contains(got, "WA 98052") || strings.Contains(got, "mailto") {
		t.Errorf("the page says %q", got)
	}
}

func TestCheckShowsAllAnswers(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	page := b.get(stepPath(id, referral.StepCheck)).want(http.StatusOK)
	page.Sound()
	got := map[string]string{}
	keys := page.Texts(".sum dt")
	for i, value := range page.Texts(".sum dd") {
		got[keys[i]] = value
	}
	want := map[string]string{
		"Organisation":            "Contoso Customer Inc",
		"Address":                 "One Microsoft Way, 34 Redmond, WA 98052 United States",
		"Size":                    "10 to 50 employees",
		"D-U-N-S number":          "Not provided",
		"Share their information": "Yes, with Microsoft and other partners",
		"Contact them":            "Yes, about this deal",
		"Referral name":           "Contoso field service rollout",
		"Your CRM reference":      "OPP-20431",
		"Deal value":              "USD 50,000.00",
		"Closing date":            "14 January 2027",
		"Qualification":           "Sales qualified",
		"Marketplace purchase":    "Have not decided",
		"Notes":                   "Customer is looking to leverage Dynamics 365.",
		"What the customer needs": "Change what the customer needs",
		"Industries":              "Not provided",
		"Products":                "Dynamics 365 Enterprise",
		"Services":                "Not provided",
		"Solutions":               "Internet of Things",
		"Who works on it": "You and Microsoft together (co-sell) " +
			"Change who works on it",
		"Target":            "Solution profile SOL-34104-EBB",
		"Invite message":    "Hi, hoping you can help this customer.",
		"Invited by":        "Not provided",
		"Status on sending": "New – Pending",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if got := page.Text("#send-h"); got != "Ready to send" {
		t.Errorf("send box %q", got)
	}
	for id, want := range map[string]string{"#payload": `"type": "Shared"`,
		"#payload-microsoft": `"engagementId": "`} {
		if got := page.Text(id); !strings.Contains(got, want) {
			t.Errorf("the preview %s lacks %s: %q", id, want, got)
		}
	}
}

// TestCheckLinksToWhatIsMissing follows every link of a draft without answers.
func TestCheckLinksToWhatIsMissing(t *testing.T) {
	for _, deal := range referral.Deals() {
		b, id := draftOf(t, deal)
		page := b.get(stepPath(id, referral.StepCheck)).want(http.StatusOK)
		page.Sound()
		if got := page.Text("#send-h"); got != "Not ready yet" {
			t.Errorf("send box %q", got)
		}
		page.None(`form[action$="/send"]`)
		wrong := 0
		for _, ps := range referral.CheckAll(b.stored(id).Answers,
			referral.Today(b.site.clock.Now(), nil)) {
			wrong += len(ps)
		}
		if n := page.All(".sendbox li a").Length(); n != wrong {
			t.Errorf("%d links for %d problems", n, wrong)
		}
		hrefs := append(hrefs(page, ".sendbox li a"), hrefs(page, ".scard a.ds-link, a.change")...)
		for _, href := range hrefs {
			to, fragment, _ := strings.Cut(href, "#")
			field := b.get(to).want(http.StatusOK)
			if fragment != "" && field.All("#"+fragment).Length() != 1 {
				t.Errorf("%s leads to nothing", href)
			}
		}
	}
}

func TestCheckLinksToTheWrongPartOfARow(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	b.fillStep(id, referral.StepCustomer, "go=continue", "customerProfile.address.city", "")
	link := b.get(stepPath(id, referral.StepCheck)).One(".sum a[data-color=danger]")
	want := stepPath(id, referral.StepCustomer) + "?return=check#city"
	if got := link.AttrOr("href", ""); got != want || link.Text() != "Enter the city" {
		t.Errorf("%q leads to %q, want %q", link.Text(), got, want)
	}
}

func hrefs(page *answer, selector string) []string {
	var out []string
	links := page.All(selector)
	for i := range links.Length() {
		out = append(out, links.Eq(i).AttrOr("href", ""))
	}
	return out
}

func TestCheckWithoutAgreement(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	b.fillStep(id, referral.StepConsent, "go=continue", "consent.consentToContact", "false")
	page := b.get(stepPath(id, referral.StepCheck))
	if got := page.Texts(".sendbox li"); !cmp.Equal(got,
		[]string{"Consent: You need the customer’s agreement first"}) {
		t.Errorf("missing: %q", got)
	}
	b.post("/drafts/"+id+"/send", nil).leadsTo(stepPath(id, referral.StepCheck))
	if n := len(b.site.sender.submitted); n != 0 {
		t.Errorf("%d sends", n)
	}
}

func TestPayloadFile(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	a := b.get("/drafts/" + id + "/payload.json").want(http.StatusOK)
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="payload.json"` {
		t.Errorf("disposition %q", got)
	}
	var body struct{ Name string }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || body.Name !=
		"Contoso field service rollout" {
		t.Errorf("body %q: %v", body.Name, err)
	}
}

func TestSendDraft(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	draft := b.stored(id)
	a := b.post("/drafts/"+id+"/send", nil).want(http.StatusSeeOther)
	to := a.header.Get("Location")
	body := must(referral.Payload(draft.Answers, draft.Stamp()))(t)
	want := []referral.Send{{Kind: referral.Own, DraftID: id, Revision: draft.Revision,
		Name: "Contoso field service rollout", Customer: "Contoso Customer Inc",
		ExternalReferenceID: "OPP-20431", Body: body, Consent: draft.Receipt}}
	if diff := cmp.Diff(want, b.site.sender.submitted); diff != "" {
		t.Errorf("submitted (-want +got):\n%s", diff)
	}
	b.post("/drafts/"+id+"/send", nil).leadsTo(to)
	for _, page := range []string{"", "/customer", "/deal", "/check", "/type", "/consent/stop",
		"/delete"} {
		b.get("/drafts/" + id + page).leadsTo(to)
	}
	b.post("/drafts/"+id+"/type", map[string][]string{"dealType": {"private"}}).
		want(http.StatusConflict)
}

func TestSentDraftLeadsToItsReferral(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	to := b.post("/drafts/"+id+"/send", nil).header.Get("Location")
	send := strings.TrimPrefix(to, "/sends/")
	b.site.accept(t, send)
	b.get("/drafts/" + id + "/check").
		leadsTo("/referrals/" + b.stored(id).ReferralID + "/sent")
}

func TestSendMeetsANewerSave(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	b.site.sender.err = referral.ErrConflict
	b.post("/drafts/"+id+"/send", nil).leadsTo(stepPath(id, referral.StepCheck))
}

func TestCheckWarnsOfTheSameDeal(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	a := contoso()
	_, r := priya.sent(a)
	a.CustomerProfile.Name = strings.ToUpper(a.CustomerProfile.Name)
	a.Details.DealValue, a.Details.Closing.Year = "50,000.00", "2099"
	other := contoso()
	other.Details.DealValue = "50001"
	check := func(a referral.Answers) *htmlcheck.Page {
		d, err := site.CreateDraft(t.Context(), priya.caller(), referral.Draft{Answers: a, Reached: 7})
		site.must(err)
		return priya.page(stepPath(d.ID, referral.StepCheck), http.StatusOK)
	}
	page := check(a)
	want := "You sent a similar referral on 22 November: Contoso field service rollout. " +
		"Check it is not the same deal."
	if got := page.Text(".sendbox .inset"); got != want {
		t.Errorf("note %q, want %q", got, want)
	}
	if got := page.Attr(".sendbox .inset a", "href"); got != "/referrals/"+r {
		t.Errorf("leads to %q", got)
	}
	check(other).None(".sendbox .inset")
	site.clock.move(60 * 24 * time.Hour)
	priya = site.rep("Priya Raman", false)
	if got := check(a).Text(".sendbox .inset"); !strings.Contains(got, "22 November 2026:") {
		t.Errorf("in the next year: %q", got)
	}
	site.clock.move(31 * 24 * time.Hour)
	priya = site.rep("Priya Raman", false)
	check(a).None(".sendbox .inset")
}

// TestCheckHintsAtRegistration says what Microsoft's rules are for a deal that Microsoft sees.
func TestCheckHintsAtRegistration(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	page := b.get(stepPath(id, referral.StepCheck)).want(http.StatusOK)
	page.Sound()
	if text := page.Text("main"); !strings.Contains(text, "Wait 72 hours after sending") ||
		!strings.Contains(text, "Microsoft decides") {
		t.Error("the page does not say how long to wait")
	}
}

// TestAddressesAreInTheOrderOfTheirCountry writes the postal code where the country has it.
func TestAddressesAreInTheOrderOfTheirCountry(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	for country, want := range map[string]string{
		"DE": "Werderscher Markt 1 10117 Berlin Germany",
		"AR": "Werderscher Markt 1 10117 Berlin, BE Argentina",
		"GB": "Werderscher Markt 1 Berlin 10117 United Kingdom",
		"AU": "Werderscher Markt 1 Berlin, BE 10117 Australia",
	} {
		state := ""
		if country[0] == 'A' {
			state = "BE"
		}
		const at = "customerProfile.address."
		b.fillStep(id, referral.StepCustomer, "go=continue", at+"country", country,
			at+"addressLine1", "Werderscher Markt 1", at+"addressLine2", "", at+"city", "Berlin",
			at+"state", state, at+"postalCode", "10117").want(http.StatusSeeOther)
		page := b.get(stepPath(id, referral.StepCheck)).want(http.StatusOK)
		if got := page.Texts(".sum dd")[1]; got != want {
			t.Errorf("%s: %q, want %q", country, got, want)
		}
	}
}
