package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestMyData downloads one's own data, and nobody else's.
func TestMyData(t *testing.T) {
	s := newSendSite(t)
	priya, eve := s.rep("Priya Raman", false), s.rep("Eve Example", false)
	priya.sent(contoso())
	a := priya.get("/privacy/data.json").want(http.StatusOK)
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="tandem-data.json"` {
		t.Errorf("disposition %q", got)
	}
	var data struct{ Profile, Referrals []map[string]any }
	if err := json.Unmarshal([]byte(a.body), &data); err != nil {
		t.Fatal(err)
	}
	if len(data.Profile) != 1 || data.Profile[0]["name"] != "Priya Raman" || len(data.Referrals) != 1 {
		t.Errorf("data %+v", data)
	}
	if body := eve.get("/privacy/data.json").body; strings.Contains(body, "Contoso") {
		t.Error("Eve gets Priya's data")
	}
	priya.page("/preferences", http.StatusOK).One(`a[href="/privacy/data.json"]`)
}

func TestErasePersonPages(t *testing.T) {
	s := newSendSite(t)
	priya, mei := s.rep("Priya Raman", false), s.rep("Mei Lin", true)
	_, r := priya.sent(contoso())
	page := mei.page("/settings/people", http.StatusOK)
	erase := "/settings/people/" + priya.user.ID + "/erase"
	page.One(`a[href="` + erase + `"]`)
	page.None(`a[href="/settings/people/` + mei.user.ID + `/erase"]`)
	data := mei.get("/settings/people/" + priya.user.ID + "/data.json").want(http.StatusOK)
	if !strings.Contains(data.body, "Contoso") {
		t.Error("the admin's copy of her data has nothing of her")
	}
	if h1 := mei.page(erase, http.StatusOK).Text("h1"); h1 != "Erase this person’s data?" {
		t.Errorf("h1 %q", h1)
	}
	mei.post(erase, nil).leadsTo("/settings/people?erased=1")
	page = mei.page("/settings/people?erased=1", http.StatusOK)
	page.None(`a[href="` + erase + `"]`)
	if text := page.Text("main"); strings.Contains(text, "Priya") ||
		!strings.Contains(text, "Erased on 22 Nov 2026") {
		t.Errorf("the list says %q", text)
	}
	priya.get("/referrals").want(http.StatusSeeOther) // signed out
	text := mei.page("/referrals/"+r, http.StatusOK).Text("main")
	if !strings.Contains(text, "Former user "+priya.user.ID[:6]) || strings.Contains(text, "Priya") {
		t.Errorf("her referral says %q", text)
	}
	mei.post("/settings/people/"+mei.user.ID+"/erase", nil).want(http.StatusForbidden)
	mei.post("/settings/people/unknown/erase", nil).want(http.StatusNotFound)
}

// TestErasingWaitsForSends says why a person cannot be erased yet.
func TestErasingWaitsForSends(t *testing.T) {
	s := newSendSite(t)
	priya, mei := s.rep("Priya Raman", false), s.rep("Mei Lin", true)
	send := priya.queue(contoso())
	erase := "/settings/people/" + priya.user.ID + "/erase"
	want := "1 send or change with this person is not done. Finish or stop it first: Needs " +
		"attention lists it."
	for _, page := range []*answer{mei.get(erase), mei.post(erase, nil)} {
		if got := page.Text(".app-note p"); got != want {
			t.Errorf("status %d: %q", page.status, got)
		}
		page.None(`main form:not([action]) button`)
	}
	contact := url.Values{"email": {"sue.smith@contoso.com"}, "go": {"erase"}}
	page := mei.submit("/settings/contacts", contact, http.StatusConflict)
	if got := page.Text(".app-note p"); !strings.Contains(got, "not done") {
		t.Errorf("contact: %q", got)
	}
	s.attempt(send.ID, store.Result{State: referral.Rejected,
		Outcome: referral.Outcome{Kind: referral.OutcomeInvalid, Status: 400}})
	mei.post("/settings/contacts", contact).leadsTo("/settings/contacts?erased=1")
	mei.post(erase, nil).leadsTo("/settings/people?erased=1")
}

// TestEndingWhatIsUndone ends what somebody left behind, so that he can be erased.
func TestEndingWhatIsUndone(t *testing.T) {
	s := newSendSite(t)
	priya, mei := s.rep("Priya Raman", false), s.rep("Mei Lin", true)
	waits, lost := priya.queue(contoso()), priya.queue(contoso())
	s.attempt(lost.ID, store.Result{State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeLookupError, Status: 401}})
	person := "/settings/people/" + priya.user.ID
	page := mei.page(person+"/erase", http.StatusOK)
	rows := strings.Join(page.Texts(`form[action$="/end"] dd`), "; ")
	if !strings.Contains(rows, "It is not at Microsoft. It is stopped.") ||
		!strings.Contains(rows, "It may be at Microsoft. It stays unknown and is never sent again") {
		t.Errorf("the page says %q", rows)
	}
	page.One(`a[href="/sends/` + waits.ID + `"]`)
	page.One(`a[href="/sends/` + lost.ID + `"]`)
	page.One(`form[action="` + person + `/end"] button`)
	priya.post(person+"/end", nil).want(http.StatusForbidden)
	mei.post("/settings/people/"+mei.user.ID+"/end", nil).want(http.StatusForbidden)
	mei.post(person+"/end", nil).leadsTo(person + "/erase?ended=1")
	page = mei.page(person+"/erase?ended=1", http.StatusOK)
	page.None(`form[action$="/end"]`)
	page.None("#blocked")
	if got := page.Text("#ended"); got != "What was not done is ended" {
		t.Errorf("the note says %q", got)
	}
	if got := mei.page("/sends/"+lost.ID, http.StatusOK).Text("h1"); got !=
		"An administrator ended this send" {
		t.Errorf("the send says %q", got)
	}
	mei.page("/referrals?tab=attention", http.StatusOK).None(`a[href="/sends/` + lost.ID + `"]`)
	priya.post("/sends/"+lost.ID+"/check", nil)
	priya.post("/sends/"+lost.ID+"/again", nil)
	if got := mei.page("/sends/"+lost.ID, http.StatusOK).Text("h1"); got !=
		"An administrator ended this send" {
		t.Errorf("after her clicks the send says %q", got)
	}
	mei.post(person+"/erase", nil).leadsTo("/settings/people?erased=1")
}

func TestEraseContactPages(t *testing.T) {
	s := newSendSite(t)
	priya, mei := s.rep("Priya Raman", false), s.rep("Mei Lin", true)
	_, r := priya.sent(contoso())
	priya.draft(contoso())
	const path = "/settings/contacts"
	mei.page(path, http.StatusOK).None("#found")
	for _, typed := range []string{"", "sue", "Sue <sue.smith@contoso.com>"} {
		page := mei.submit(path, url.Values{"email": {typed}}, http.StatusUnprocessableEntity)
		if page.Value("email") != typed {
			t.Errorf("%q became %q", typed, page.Value("email"))
		}
		page.One("#error-summary")
	}
	page := mei.submit(path, url.Values{"email": {"nobody@contoso.com"}, "go": {"find"}}, http.StatusOK)
	if got := page.Text("#found + p"); got != "This address stands nowhere in Tandem." {
		t.Errorf("nobody: %q", got)
	}
	page = mei.submit(path, url.Values{"email": {" Sue.Smith@Contoso.com "}, "go": {"find"}},
		http.StatusOK)
	facts := strings.Join(page.Texts("#found ~ dl div"), "; ")
	if want := "Drafts2; What was sent1; Microsoft’s answers2"; facts != want {
		t.Errorf("found %q, want %q", facts, want)
	}
	before := priya.page("/referrals/"+r, http.StatusOK).Text("main")
	if !strings.Contains(before, "sue.smith@contoso.com") {
		t.Fatal("finding erased already")
	}
	mei.post(path, url.Values{"email": {page.Attr(`input[type="hidden"]`, "value")},
		"go": {"erase"}}).leadsTo(path + "?erased=1")
	after := priya.page("/referrals/"+r, http.StatusOK).Text("main")
	if strings.Contains(strings.ToLower(after), "sue") ||
		!strings.Contains(after, "A contact’s data was erased") {
		t.Errorf("the referral says %q", after)
	}
	priya.page("/referrals/"+r+"/response", http.StatusOK)
}
