package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestSignInPage(t *testing.T) {
	site := newSendSite(t)
	nobody := &rep{browser: &browser{t: t, site: site.site}, site: site}
	page := nobody.page("/auth/sign-in?return_to=/sends/x&reason=send", http.StatusOK)
	if got := page.Value("return_to"); got != "/sends/x" {
		t.Errorf("return_to %q", got)
	}
	if got := page.Text("form[action='/auth/sign-in'] button"); got != "Sign in with Microsoft" {
		t.Errorf("button %q", got)
	}
	if got := page.Text("[role=status]"); !strings.HasPrefix(got, "Microsoft needs you") {
		t.Errorf("reason %q", got)
	}

	site.provider.down = true
	page = nobody.page("/auth/sign-in?return_to=/sends/x", http.StatusOK)
	if got := page.Text("#down"); got != "Sign-in is not available" {
		t.Errorf("note %q", got)
	}
	if got := page.Attr(".actions a", "href"); got != "/auth/sign-in?return_to=%2Fsends%2Fx" {
		t.Errorf("try again leads to %q", got)
	}
	page.None("main form")
}

func TestSignInPageOfASignedInPerson(t *testing.T) {
	site := newSendSite(t)
	page := site.rep("Priya Raman", false).page("/auth/sign-in", http.StatusOK)
	if got := page.Text(".actions a"); got != "Go to your referrals" {
		t.Errorf("offers %q", got)
	}
}

func TestErrorPage(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	a := priya.get("/referrals/nothing")
	id, page := a.header.Get("X-Request-Id"), sound(a, http.StatusNotFound)
	if got := page.Text("h1"); got != "Page not found" {
		t.Errorf("h1 %q", got)
	}
	if got := page.Text("main code"); got != id || id == "" {
		t.Errorf("request id %q, want %q", got, id)
	}
	_, deal := priya.sent(contoso())
	theirs := sound(site.rep("Bo Lind", false).get("/referrals/"+deal), http.StatusNotFound)
	if got := theirs.Text("main"); !strings.Contains(got, "If a colleague sent you the link") {
		t.Errorf("of someone else's deal: %q", got)
	}
}
