package program

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/internal/referral"
)

const organisation = "customerProfile.name"

// atCustomer signs Priya in and starts a draft, whose first page is open.
func (b *tab) atCustomer() (path string) {
	b.Helper()
	b.signIn("Priya Raman")
	b.open("/drafts/new")
	b.tick("dealType", string(referral.CoSell))
	b.press("Start")
	b.wantHeading("Customer profile")
	return eval[string](b, `location.pathname`)
}

// keys types into the input with the name, after what it holds.
func (b *tab) keys(name, text string) {
	b.Helper()
	b.do(chromedp.SendKeys(named(name), text))
}

// wantStatus waits until the line beside the heading begins with the text.
func (b *tab) wantStatus(text string) {
	b.Helper()
	for range 100 {
		if strings.HasPrefix(b.text("#save-status"), text) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Fatalf("the status is %q, want %q", b.text("#save-status"), text)
}

// countAutosaves counts from now on how often the page is kept.
const countAutosaves = `window.counting ??= document.addEventListener('htmx:before:request',
	() => autosaves++) ?? true; window.autosaves = 0`

// TestAutosave types as people do: with a pause it is kept by one request, the caret stays where it
// is, and what was typed is there again after the page was left without a button.
func TestAutosave(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	path := b.atCustomer()
	b.run(countAutosaves)
	b.keys(organisation, "Contso")
	b.keys(organisation, kb.ArrowLeft+kb.ArrowLeft+"o")
	b.wantStatus("Draft saved at")
	b.auditAs("autosaved")
	if n := eval[int](b, `autosaves`); n != 1 {
		t.Errorf("%d requests for one pause", n)
	}
	b.do(chromedp.SetValue(named("customerProfile.address.country"), "JP"))
	b.run(`document.getElementById('country').dispatchEvent(new Event('change', {bubbles: true}))`)
	b.wait("the state is a prefecture", func() bool {
		return b.text("label[for=state]") == "Prefecture"
	})
	b.wantFocus(string(named(organisation)))
	if at := eval[int](b, `document.activeElement.selectionStart`); at != 5 {
		t.Errorf("the caret is at %d", at)
	}
	b.open(path)
	b.wantValue(organisation, "Contoso")
	if got := b.text("#restored p"); !strings.HasPrefix(got, "We filled in what you typed on") {
		t.Errorf("note %q", got)
	}
	b.auditAs("restored")

	// Left in a hurry: the last words go out when the page does.
	b.keys(organisation, kb.End+" Inc")
	b.open("/drafts")
	b.wait("the last words are kept", func() bool { return strings.Contains(s.typed(t), "Contoso+Inc") })
	b.open(path)
	b.wantValue(organisation, "Contoso Inc")

	b.press("Save and finish later")
	b.wantHeading("Drafts")
	b.open(path)
	b.wantValue(organisation, "Contoso Inc")
	if got := b.text("#restored"); got != "" {
		t.Errorf("after saving: %q", got)
	}
	// A button's own post is not undone by what the script keeps.
	b.open(strings.Replace(path, "/customer", "/contacts", 1))
	b.keys("customerProfile.team[0].firstName", "Sue")
	b.press("Add another contact")
	b.wantFocus(`[name="customerProfile.team[1].firstName"]`)
	b.open(strings.Replace(path, "/customer", "/contacts", 1))
	if got := b.text("#restored"); got != "" {
		t.Errorf("after adding a contact: %q", got)
	}
	b.wantValue("customerProfile.team[0].firstName", "Sue")
}

// typed is what the only working copy holds.
func (s *server) typed(t *testing.T) (form string) {
	t.Helper()
	err := s.store.Writer().QueryRow(`SELECT form FROM working_copies`).Scan(&form)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// offline takes the network from the page, or gives it back.
func (b *tab) offline(off bool) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule,
		network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
			{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}}})
	b.must(err)
	_, err = chromedp.Call(b.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{
		Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
	b.must(err)
}

// TestAutosaveFails keeps what is typed on the page whatever goes wrong, says so once, and tries
// again.
func TestAutosaveFails(t *testing.T) {
	t.Parallel()
	const broken = `window.real ??= fetch; window.fetch = async () => new Response('', {status: 500})`
	var clock stepClock
	s := practiceProgram(t, world{now: clock.now()})
	b := newTab(t, s.config.BaseURL, true)
	b.allow("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
	path := b.atCustomer()
	typed := ""
	for _, tt := range []struct {
		name          string
		begin, finish func()
		says          string
	}{
		{"signed out", func() { clock.move(13 * time.Hour) }, func() { clock.move(-13 * time.Hour) },
			"Not saved. You are signed out. Sign in in a new tab, then come back."},
		{"fault", func() { b.run(broken) }, func() { b.run(`window.fetch = real`) },
			"Not saved. There is a problem with this service. We keep trying."},
		{"offline", func() { b.offline(true) }, func() { b.offline(false) },
			"Not saved. You are offline. We keep trying."},
	} {
		tt.begin()
		b.keys(organisation, "a")
		b.wantStatus(tt.says)
		b.auditAs("autosave, " + tt.name)
		b.run(`window.said = document.querySelector('#save-status[role=alert]')`)
		if tt.name == "offline" {
			b.do(chromedp.Click(chromedp.CSS("main form .actions button")))
			b.wantHeading("Customer profile") // a button does not lead away from what is not kept
		}
		b.run(countAutosaves)
		b.keys(organisation, "b")
		b.until(`autosaves > 0 && document.querySelector('#save-status') === said`)
		typed += "ab"
		b.wantValue(organisation, typed)
		tt.finish()
		if tt.name != "offline" { // there the browser tells that the network is back
			b.keys(organisation, "c")
			typed += "c"
		}
		b.wantStatus("Draft saved at")
		b.wantValue(organisation, typed)
	}
	b.open(path)
	b.wantValue(organisation, typed)
}

// run evaluates a statement.
func (b *tab) run(script string) {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void]("{" + script + "}"))
}

// until waits for the expression to become true.
func (b *tab) until(expression string) {
	b.Helper()
	b.wait(expression, func() bool { return eval[bool](b, expression) })
}

// wait waits for something to happen.
func (b *tab) wait(what string, happened func() bool) {
	b.Helper()
	for range 100 {
		if happened() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Fatalf("never came true: %s\non %s", what, b.where())
}

// TestSessionDialog asks, some minutes before the session ends, to stay. The focus is inside,
// Escape closes, it returns to where one typed, and another tab's answer counts.
func TestSessionDialog(t *testing.T) {
	t.Parallel()
	const later = `document.dispatchEvent(new Event('visibilitychange'))`
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	b.atCustomer()
	b.run(`window.real = Date.now; window.ahead = 0; Date.now = () => real() + ahead * 1000`)
	b.keys(organisation, "Contoso")
	b.wantStatus("Draft saved at")
	b.run(`ahead = 12 * 3600 - 360; ` + later)
	b.until(`!document.querySelector('#session').open`)
	b.run(countAutosaves)
	b.run(`const real = fetch; window.fetches = 0; window.fetch = (...all) => (fetches++, real(...all))`)
	b.run(`ahead += 120; ` + later)
	b.until(`document.querySelector('#session').open`)
	b.wantFocus("#session form[action='/session/keep'] button")
	b.until(`autosaves > 0`) // the field has lost the focus, which is no reason to ask the server
	if n := eval[int](b, `fetches`); n != 0 {
		t.Errorf("the dialog made %d requests by itself", n)
	}
	b.auditAs("session dialog")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until(`!document.querySelector('#session').open`)
	b.wantFocus(string(named(organisation)))

	b.run(later) // who closed it is not asked again
	b.until(`!document.querySelector('#session').open`)
	b.run(`new BroadcastChannel('session').postMessage(Date.now() + 12 * 3600e3)`)
	b.run(`ahead += 600; ` + later)
	b.until(`!document.querySelector('#session').open`)

	b.run(`ahead += 12 * 3600 - 840; ` + later)
	b.until(`document.querySelector('#session').open`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`!document.querySelector('#session').open`)
	b.wantFocus(string(named(organisation)))
	b.run(`ahead += 600; ` + later)
	b.until(`!document.querySelector('#session').open`)
	b.wantValue(organisation, "Contoso")
}

// TestTwoWindows saves a page that was saved elsewhere meanwhile: the rep chooses, and nothing that
// was typed is lost.
func TestTwoWindows(t *testing.T) {
	t.Parallel()
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			s := practiceProgram(t, world{now: sampleClock()})
			b := newTab(t, s.config.BaseURL, script)
			path := b.atCustomer()
			d, err := s.store.Draft(t.Context(), referral.Caller{Admin: true},
				strings.Split(path, "/")[2])
			b.must(err)
			b.fill(organisation, "Contoso")
			b.fill("customerProfile.address.city", "Redmond")
			d.Answers.CustomerProfile.Name = "Fabrikam"
			d.Answers.CustomerProfile.Address.AddressLine1 = "One Way"
			_, err = s.store.SaveDraft(t.Context(), referral.Caller{UserID: d.OwnerID}, d)
			b.must(err)
			if status := b.press("Save and continue"); status != 409 {
				t.Errorf("status %d", status)
			}
			b.wantHeading("You changed this page in another window")
			b.audit()
			b.press("Save my choices")
			b.wantProblem("Select which answer to keep: Organisation name")
			b.audit()
			b.tick(organisation, "mine")
			b.press("Save my choices")
			b.wantHeading("Customer profile")
			b.wantValue(organisation, "Contoso")
			b.wantValue("customerProfile.address.city", "Redmond")
			b.wantValue("customerProfile.address.addressLine1", "One Way")
		})
	}
}
