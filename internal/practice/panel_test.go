package practice_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tandem/internal/partnercenter"
	"tandem/internal/practice"
)

func (a *api) page(t *testing.T) *goquery.Document {
	t.Helper()
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/practice/", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("the page answers %d: %s", w.Code, w.Body)
	}
	return parse(t, w.Result())
}

func (a *api) press(t *testing.T, action string, form url.Values) *http.Response {
	t.Helper()
	r := httptest.NewRequest("POST", action, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestPanelShowsEveryFaultAndTheLastCalls(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	a.create(t, call, sample(t))
	for range 25 {
		a.client.Referral(t.Context(), call, "nothing")
	}
	a.client.Create(t.Context(), call, encode(t, edit(sample(t), "name", nil)))
	doc := a.page(t)
	checkPage(t, doc)
	if got := doc.Find("title").Text(); got != "Practice controls" {
		t.Errorf("title is %q", got)
	}
	if got := doc.Find("input[type=radio][name=kind]").Length(); got != len(practice.Faults()) {
		t.Errorf("%d faults are offered, want %d", got, len(practice.Faults()))
	}
	if doc.Find("input[type=radio][checked]").Length() != 1 {
		t.Error("not exactly one fault is selected")
	}
	if !strings.Contains(doc.Find(".lead").Text(), "It holds 1 referral.") {
		t.Errorf("lead is %q", doc.Find(".lead").Text())
	}
	rows := doc.Find("tbody tr")
	if rows.Length() != 20 {
		t.Errorf("%d calls are shown", rows.Length())
	}
	newest := rows.First().Text()
	for _, part := range []string{"10:00:00", "POST /v1.0/engagements/referrals", "400 Bad Request",
		"name is missing"} {
		if !strings.Contains(newest, part) {
			t.Errorf("newest call %q does not say %q", newest, part)
		}
	}
}

func TestPanelActions(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	own := a.create(t, call, sample(t)).Referral
	body := edit(sample(t), "engagementId", own.EngagementID)
	body["target"] = []any{object{"type": "BusinessProfileLocation", "id": "msft"}}
	a.create(t, call, body)
	for _, step := range []struct {
		action string
		form   url.Values
		done   func() bool
	}{
		{"/practice/faults", url.Values{"kind": {"rate-limit"}, "method": {"POST"}, "count": {"2"}},
			func() bool { q := a.sim.Queued(); return len(q) == 1 && q[0].Count == 2 && q[0].Method == "POST" }},
		{"/practice/faults/clear", nil, func() bool { return len(a.sim.Queued()) == 0 }},
		{"/practice/microsoft", url.Values{"answer": {"decline"}},
			func() bool { return a.sim.Referrals()[1].Substatus == "Declined" }},
		{"/practice/referrals/forget", nil, func() bool { return a.sim.Count() == 0 }},
		{"/practice/sign-out", nil, func() bool {
			_, err := a.client.List(t.Context(), call, partnercenter.Query{})
			return statusOrZero(err) == 401
		}},
	} {
		res := a.press(t, step.action, step.form)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/practice/" {
			t.Errorf("%s answers %s to %q", step.action, res.Status, res.Header.Get("Location"))
		}
		if !step.done() {
			t.Errorf("%s was not done", step.action)
		}
	}
}

func TestPanelShowsWhatIsQueued(t *testing.T) {
	a := newAPI(t)
	a.press(t, "/practice/faults", url.Values{"kind": {"locked"}, "method": {"PATCH"}, "count": {"3"}})
	got := a.page(t).Find("section li").Text()
	want := "Changing a referral (3 times): Somebody else is changing this engagement."
	if strings.TrimSpace(got) != want {
		t.Errorf("queued: %q, want %q", got, want)
	}
}

func TestPanelRefusesNonsense(t *testing.T) {
	a := newAPI(t)
	for action, form := range map[string]url.Values{
		"/practice/faults?1":   {"kind": {"x"}, "count": {"1"}},
		"/practice/faults?2":   {"kind": {"slow"}, "count": {"0"}},
		"/practice/faults?3":   {"kind": {"slow"}, "count": {"many"}},
		"/practice/faults?4":   {"kind": {"slow"}, "count": {"1000"}},
		"/practice/faults?5":   {"kind": {"slow"}, "count": {"1"}, "method": {"PUT"}},
		"/practice/microsoft?": {"answer": {"maybe"}},
	} {
		res := a.press(t, action, form)
		if res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s %v answers %s", action, form, res.Status)
		}
		checkPage(t, parse(t, res))
	}
	if len(a.sim.Queued()) != 0 {
		t.Errorf("queued %v", a.sim.Queued())
	}
}
