package handlers_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/auth"
	"tandem/internal/referral"
)

const signedOutNote = "You were signed out. We kept what you typed on this page."

// arrive opens a browser in which nobody has signed in.
func (s *site) arrive(t testing.TB) *browser {
	t.Helper()
	return &browser{t: t, site: s, jar: map[string]*http.Cookie{}}
}

// comeIn goes through the sign-in as the person and returns where it leads.
func (b *browser) comeIn(u referral.User, returnTo string) string {
	b.t.Helper()
	b.site.provider.identity = auth.Identity{Key: u.Key, Name: u.Name, GivenName: u.GivenName,
		FamilyName: u.FamilyName, Email: u.Email}
	b.post("/auth/sign-in", url.Values{"return_to": {returnTo}}).
		leadsTo("https://login.example/authorize")
	a := b.get("/auth/callback?state=state&code=code").want(http.StatusSeeOther)
	b.user = must(b.site.SignIn(b.t.Context(), u))(b.t)
	return a.header.Get("Location")
}

// postTooLate posts a page after the session has ended and returns where the sign-in leads.
func (b *browser) postTooLate(path string, values url.Values) string {
	b.t.Helper()
	b.site.clock.move(13 * time.Hour)
	return b.postSignedOut(path, values)
}

func (b *browser) postSignedOut(path string, values url.Values) string {
	b.t.Helper()
	a := b.post(path, values).want(http.StatusSeeOther)
	to := must(url.Parse(a.header.Get("Location")))(b.t)
	if to.Path != "/auth/sign-in" {
		b.t.Fatalf("leads to %s", to)
	}
	page := b.get(to.String()).want(http.StatusOK)
	if kept := to.Query().Get("reason") == "kept"; kept !=
		strings.Contains(page.Text("main"), "We keep what you typed for 60 minutes.") {
		b.t.Errorf("the sign-in page says %q", page.Text("main"))
	}
	return page.Value("return_to")
}

// eve is another rep.
func eve() referral.User { return referral.User{Key: "tid:eve", Name: "Eve Example"} }

// stashes counts the pages that wait for a sign-in.
func (s *site) stashes(t testing.TB) (n int) {
	t.Helper()
	if err := s.Writer().QueryRow(`SELECT COUNT(*) FROM stashes`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// lateBrowser is one in which Priya has signed in and started a draft.
func lateBrowser(t testing.TB) (*browser, string) {
	t.Helper()
	b := newSite(t).arrive(t)
	b.comeIn(priya(), "/")
	return b, b.start(referral.CoSell)
}

// A page that is posted after the session has ended comes back after the sign-in, on every page of
// a draft, until the rep takes the saved version again.
func TestSignedOutPagesComeBack(t *testing.T) {
	for step, pairs := range goodAnswers() {
		t.Run(string(step), func(t *testing.T) {
			b, id := lateBrowser(t)
			path := stepPath(id, step) + "?return=check"
			before := b.get(path).want(http.StatusOK).form()
			values := b.get(path).fill(pairs...)
			values.Set("go", "continue")
			if step == referral.StepTarget {
				values.Add("target[0].id", "") // of the branch that was not chosen
			}
			back := b.postTooLate(path, values)
			if n := b.site.stashes(t); n != 1 {
				t.Errorf("%d pages wait", n)
			}
			if to := b.comeIn(priya(), back); to != path {
				t.Fatalf("the sign-in leads to %s", to)
			}
			page := b.get(path).want(http.StatusOK)
			if got := page.Text("#restored p"); got != signedOutNote {
				t.Errorf("note %q", got)
			}
			values.Del("go")
			if diff := cmp.Diff(values, page.stepForm()); diff != "" {
				t.Errorf("form (-typed +shown):\n%s", diff)
			}
			if d := b.stored(id); d.Revision != 1 || b.site.stashes(t) != 0 {
				t.Errorf("revision %d, %d pages wait", d.Revision, b.site.stashes(t))
			}
			b.post("/typed/discard", page.formAt("#restored")).leadsTo(path)
			page = b.get(path).want(http.StatusOK)
			page.None("#restored")
			if diff := cmp.Diff(before, page.form()); diff != "" {
				t.Errorf("last saved version (-want +got):\n%s", diff)
			}
		})
	}
}

// stepForm is what the form of a step page would post.
func (a *answer) stepForm() url.Values { return a.formAt("form.sheet") }

// Saving what came back makes it the saved version; the other buttons save as well.
func TestRestoredPageIsSaved(t *testing.T) {
	for _, button := range []string{"go=continue", "go=later", "add=1"} {
		b, id := lateBrowser(t)
		path := stepPath(id, referral.StepContacts)
		values := b.get(path).fill(goodAnswers()[referral.StepContacts]...)
		b.comeIn(priya(), b.postTooLate(path, values))
		shown := b.get(path).stepForm()
		name, value, _ := cut(button)
		shown.Set(name, value)
		b.post(path, shown).want(http.StatusSeeOther)
		if got := b.stored(id).Answers.CustomerProfile.Team[0].FirstName; got != "Sue" {
			t.Errorf("%s: saved %q", button, got)
		}
		b.get(path).want(http.StatusOK).None("#restored")
	}
}

func TestSignedOutOnOtherPages(t *testing.T) {
	b, id := lateBrowser(t)
	for path, checked := range map[string]string{"/drafts/new": "private",
		"/drafts/" + id + "/type": "partner-led"} {
		back := b.postTooLate(path, url.Values{"dealType": {checked}})
		if to := b.comeIn(priya(), back); to != path {
			t.Fatalf("the sign-in leads to %s", to)
		}
		page := b.get(path).want(http.StatusOK)
		if got := page.Text("#restored p"); got != signedOutNote {
			t.Errorf("%s: note %q", path, got)
		}
		if got := page.Attr("input[name=dealType][checked]", "value"); got != checked {
			t.Errorf("%s: chosen %q", path, got)
		}
		b.post(path, url.Values{"dealType": {checked}}).want(http.StatusSeeOther)
		b.get(path).want(http.StatusOK).None("#restored")
	}
}

func TestSignedOutInTheWizard(t *testing.T) {
	s := newSendSite(t)
	p := s.rep("Priya Raman", false)
	_, r := p.sent(contoso())
	b := s.arrive(t)
	b.comeIn(p.user, "/")
	path := "/referrals/" + r + "/connect"
	values := b.get(path).want(http.StatusOK).fill("inviteContext.notes", "Help with a demo")
	if to := b.comeIn(p.user, b.postTooLate(path, values)); to != path {
		t.Fatalf("the sign-in leads to %s", to)
	}
	page := b.get(path).want(http.StatusOK)
	page.One("#restored")
	if got := page.Text("textarea[name='inviteContext.notes']"); got != "Help with a demo" {
		t.Errorf("message %q", got)
	}
	b.post(path, page.stepForm()).want(http.StatusUnprocessableEntity)
	b.get(path).want(http.StatusOK).None("#restored")
}

// TestSignedOutAfterSending holds it for the pages on which a referral is moved on.
func TestSignedOutAfterSending(t *testing.T) {
	s := newLiveSite(t, referral.Private)
	b := s.arrive(t)
	b.comeIn(s.priya.user, "/")
	for path, want := range map[string]url.Values{
		"/edit/sharing":               agreed("cosell", "true", "false"),
		"/status":                     {"status": {"Closed/Lost"}},
		"/close?status=Closed%2FLost": {"statusReason": {"They stayed with paper."}},
	} {
		path = s.path(path)
		typed := b.get(path).want(http.StatusOK).form()
		maps.Copy(typed, want)
		if to := b.comeIn(s.priya.user, b.postTooLate(path, typed)); to != path {
			t.Fatalf("the sign-in leads to %s", to)
		}
		page := b.get(path).want(http.StatusOK)
		page.Sound()
		if got := page.Text("#restored p"); got != signedOutNote {
			t.Errorf("%s: note %q", path, got)
		}
		shown := page.stepForm()
		for name, value := range want {
			if diff := cmp.Diff(value, shown[name]); diff != "" {
				t.Errorf("%s: %s (-typed +shown):\n%s", path, name, diff)
			}
		}
		b.post("/typed/discard", page.formAt("#restored")).leadsTo(path)
		b.get(path).want(http.StatusOK).None("#restored")
	}
	moved := b.post(s.path("/close?status=Closed%2FLost"), url.Values{"status": {"Closed/Lost"},
		"statusReason": {""}}).want(http.StatusUnprocessableEntity)
	moved.None("#restored")
	b.get(s.path("/close?status=Closed%2FLost")).want(http.StatusOK).One("#restored")
}

// Nothing is sent, deleted or stopped by itself: the sign-in leads to the page with the button.
func TestSignedOutButtons(t *testing.T) {
	b, id := lateBrowser(t)
	b.complete(id)
	b.site.clock.move(13 * time.Hour)
	check := stepPath(id, referral.StepCheck)
	for referer, want := range map[string]string{
		"http://example.com" + check + "?a=b": check + "?a=b",
		"http://evil.example" + check:         "/referrals",
		"http://example.com//evil.example":    "/",
		"":                                    "/referrals",
		"://":                                 "/referrals",
	} {
		r := httptest.NewRequest(http.MethodPost, "/drafts/"+id+"/send", nil)
		r.Header.Set("Referer", referer)
		b.send(r).leadsTo("/auth/sign-in?return_to=" + url.QueryEscape(want))
	}
	if n := len(b.site.sender.submitted); n != 0 {
		t.Errorf("%d sends", n)
	}
}

// Two pages posted from two windows both come back.
func TestSignedOutInTwoWindows(t *testing.T) {
	b, id := lateBrowser(t)
	customer, deal := stepPath(id, referral.StepCustomer), stepPath(id, referral.StepDeal)
	one := b.get(customer).fill("customerProfile.name", "Contoso")
	two := b.get(deal).fill("name", "Rollout")
	b.postTooLate(customer, one)
	b.comeIn(priya(), b.postSignedOut(deal, two))
	for _, path := range []string{customer, deal} {
		b.get(path).want(http.StatusOK).One("#restored")
	}
}

// After a sign-out in another window the page is kept, too.
func TestSignedOutByHand(t *testing.T) {
	b, id := lateBrowser(t)
	path := stepPath(id, referral.StepCustomer)
	values := b.get(path).fill("customerProfile.name", "Contoso")
	b.post("/auth/sign-out", nil).want(http.StatusSeeOther)
	b.comeIn(priya(), b.postSignedOut(path, values))
	b.get(path).want(http.StatusOK).One("#restored")
}

// restoredNever lists what must happen between the post and Priya's sign-in so that nothing comes
// back.
var restoredNever = map[string]func(b *browser){
	"another person signs in first": func(b *browser) { b.comeIn(eve(), "/") },
	"an hour goes by":               func(b *browser) { b.site.clock.move(time.Hour) },
	"another browser": func(b *browser) {
		b.jar = map[string]*http.Cookie{}
	},
	"a forged cookie": func(b *browser) {
		forged := *b.jar["tandem-kept"]
		forged.Value = forged.Value[:40] + "AAAA" + forged.Value[44:]
		b.jar[forged.Name] = &forged
	},
	"the person's cookie in its place": func(b *browser) {
		swapped := *b.jar["tandem-person"]
		swapped.Name = "tandem-kept"
		b.jar[swapped.Name] = &swapped
	},
	"the draft is deleted": func(b *browser) {
		all := must(b.site.Drafts(b.t.Context(), b.user.Caller()))(b.t)
		if err := b.site.DeleteDraft(b.t.Context(), b.user.Caller(), all[0].ID); err != nil {
			b.t.Fatal(err)
		}
	},
}

func TestStashIsNobodyElses(t *testing.T) {
	for name, happens := range restoredNever {
		t.Run(name, func(t *testing.T) {
			b, id := lateBrowser(t)
			path := stepPath(id, referral.StepCustomer)
			values := b.get(path).fill("customerProfile.name", "Contoso")
			b.postTooLate(path, values)
			happens(b)
			b.comeIn(priya(), path)
			page := b.get(path)
			page.None("#restored")
			if strings.Contains(page.body, "Contoso") {
				t.Error("the page shows what was typed")
			}
		})
	}
}

// Another person finds an empty page, and what waited is gone.
func TestAnotherPersonFindsNothing(t *testing.T) {
	b, _ := lateBrowser(t)
	back := b.postTooLate("/drafts/new", url.Values{"dealType": {"private"}})
	b.comeIn(eve(), back)
	page := b.get("/drafts/new").want(http.StatusOK)
	page.None("#restored")
	page.None("input[checked]")
	if n := b.site.stashes(t); n != 0 {
		t.Errorf("%d pages wait", n)
	}
}

// The cookie of a stash that was used brings nothing back a second time.
func TestStashCannotBeReplayed(t *testing.T) {
	b, id := lateBrowser(t)
	path := stepPath(id, referral.StepCustomer)
	back := b.postTooLate(path, b.get(path).fill("customerProfile.name", "Contoso"))
	waiting := maps.Clone(b.jar)
	b.comeIn(priya(), back)
	if _, left := b.jar["tandem-kept"]; left {
		t.Error("the cookie stays")
	}
	b.post("/typed/discard", b.get(path).formAt("#restored")).leadsTo(path)
	b.jar["tandem-kept"] = waiting["tandem-kept"]
	b.comeIn(priya(), path)
	b.get(path).want(http.StatusOK).None("#restored")
}

// Nobody makes the site keep things for a person who did not sign in with this browser.
func TestStashNeedsAKnownPerson(t *testing.T) {
	b, id := lateBrowser(t)
	path := stepPath(id, referral.StepCustomer)
	values := b.get(path).fill("customerProfile.name", "Planted")
	forged := *b.jar["tandem-person"]
	forged.Value = forged.Value[:40] + "AAAA" + forged.Value[44:]
	session := *b.jar["tandem"]
	session.Name = "tandem-person"
	for name, cookie := range map[string]*http.Cookie{"none": nil, "forged": &forged,
		"a session's": &session} {
		stranger := b.site.arrive(t)
		if cookie != nil {
			stranger.jar[cookie.Name] = cookie
		}
		stranger.postSignedOut(path, values)
		if n := b.site.stashes(t); n != 0 || stranger.jar["tandem-kept"] != nil {
			t.Errorf("%s: %d pages wait", name, n)
		}
	}
}

func TestStashIsNotTooLarge(t *testing.T) {
	b, id := lateBrowser(t)
	b.site.clock.move(13 * time.Hour)
	path := stepPath(id, referral.StepCustomer)
	a := b.post(path, url.Values{"customerProfile.name": {strings.Repeat("x", 256<<10)}})
	if got := a.want(http.StatusRequestEntityTooLarge).Text("h1"); got !=
		"This page is too large to save" {
		t.Errorf("h1 %q", got)
	}
	if n := b.site.stashes(t); n != 0 {
		t.Errorf("%d pages wait", n)
	}
}

// The provider is told who is expected, and what the waiting sends of that person need.
func TestExpectedPerson(t *testing.T) {
	b, id := lateBrowser(t)
	must(b.site.SignIn(t.Context(), referral.User{Key: priya().Key, LoginHint: "priya@hint"}))(t)
	path := stepPath(id, referral.StepCustomer)
	b.postTooLate(path, b.get(path).fill("customerProfile.name", "Contoso"))
	b.site.sender.fresh = true
	b.post("/auth/sign-in", url.Values{"return_to": {path}})
	want := auth.Request{ReturnTo: path, LoginHint: "priya@hint", Fresh: true}
	if diff := cmp.Diff(want, b.site.provider.asked); diff != "" {
		t.Errorf("asked of the provider (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{b.user.ID}, slices.Compact(b.site.sender.demands)); diff != "" {
		t.Errorf("whose sends (-want +got):\n%s", diff)
	}
}

// The cookie that says who signed in last opens nothing, beside another person's session or alone.
func TestLastPersonIsNotSignedIn(t *testing.T) {
	b, id := lateBrowser(t)
	path := stepPath(id, referral.StepCustomer)
	other := b.site.arrive(t)
	other.comeIn(eve(), "/")
	other.jar["tandem-person"] = b.jar["tandem-person"]
	other.get(path).want(http.StatusNotFound)
	if shown := other.get("/help").Text("header"); !strings.Contains(shown, "Eve Example") {
		t.Errorf("signed in is %q", shown)
	}
	delete(other.jar, "tandem")
	other.get(path).leadsTo("/auth/sign-in?return_to=" + url.QueryEscape(path))
}
