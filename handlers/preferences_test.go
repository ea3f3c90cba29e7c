package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// getWith opens a page with further cookies.
func (b *browser) getWith(path string, cookies ...*http.Cookie) *answer {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return b.send(r)
}

// TestPreferencesAreWhatDraftsBeginWith chooses, and starts a draft.
func TestPreferencesAreWhatDraftsBeginWith(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	page := b.get("/preferences").want(http.StatusOK)
	page.Sound()
	a := b.post("/preferences", page.fill("currency", "GBP", "locale", "de-de",
		"phone", "+44 20 7946 0018"))
	a.leadsTo("/preferences?saved=1")
	again := b.get("/preferences?saved=1").want(http.StatusOK)
	again.Sound()
	if again.Value("currency") != "GBP" || again.Text("#saved") != "Your preferences are saved" {
		t.Errorf("after saving: %q", again.Text("main"))
	}
	d := b.stored(b.start(referral.CoSell))
	me := d.Answers.Team[0]
	if d.Answers.Details.Currency != "GBP" || me.PhoneNumber != "+44 20 7946 0018" ||
		me.ContactPreference.Locale != "de-de" {
		t.Errorf("a new draft begins with %+v", d.Answers)
	}
}

// TestPreferencesOfTheBrowser keeps language and colours in cookies, which pages obey.
func TestPreferencesOfTheBrowser(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	a := b.post("/preferences", url.Values{"language": {"zh-Hans"}, "theme": {"dark"}})
	a.want(http.StatusSeeOther)
	kept := (&http.Response{Header: a.header}).Cookies()
	page := b.getWith("/preferences", kept...).want(http.StatusOK)
	page.Sound()
	if lang, theme := page.Attr("html", "lang"), page.Attr("html", "data-theme"); lang != "zh-Hans" ||
		theme != "dark" {
		t.Errorf("lang %q, theme %q", lang, theme)
	}
	if page.Value("language") != "zh-Hans" || page.Value("theme") != "dark" {
		t.Errorf("the form says %q and %q", page.Value("language"), page.Value("theme"))
	}
	for _, c := range (&http.Response{Header: b.post("/preferences", url.Values{
		"language": {"xx"}, "theme": {"pink"}}).header}).Cookies() {
		if c.MaxAge >= 0 {
			t.Errorf("cookie %s is kept: %q", c.Name, c.Value)
		}
	}
	odd := b.getWith("/preferences", &http.Cookie{Name: "theme", Value: `x" onload="`})
	if strings.Contains(odd.body, "onload") {
		t.Error("the cookie is drawn as it is")
	}
}

func TestPreferencesRefuseAWrongPhone(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	a := b.post("/preferences", url.Values{"phone": {"ask <me>"}}).
		want(http.StatusUnprocessableEntity)
	a.Sound()
	if a.Value("phone") != "ask <me>" {
		t.Errorf("the phone is now %q", a.Value("phone"))
	}
}

// TestNewDraftsAreInvitedByTheOrganisation takes the id from the settings.
func TestNewDraftsAreInvitedByTheOrganisation(t *testing.T) {
	b := newSite(t).signIn(t, mei())
	b.post("/settings", url.Values{"organizationId": {"msft-mpn-1"}}).leadsTo("/settings")
	d := b.stored(b.start(referral.CoSell))
	if got := d.Answers.InviteContext.InvitedBy.OrganizationID; got != "msft-mpn-1" {
		t.Errorf("invited by %q", got)
	}
}
