package program

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is the one Chromium of a test run; each tab has cookies of its own.
var browser struct {
	sync.Mutex
	ctx    context.Context
	cancel []func()
}

// openBrowser starts Chromium once. Without it the browser tests fail: make test installs it.
func openBrowser(t testing.TB) context.Context {
	t.Helper()
	browser.Lock()
	defer browser.Unlock()
	if browser.ctx != nil {
		return browser.ctx
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true))
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting chromium: %v", err)
	}
	browser.ctx, browser.cancel = ctx, []func(){cancel, cancelAlloc}
	return ctx
}

func stopBrowser() error {
	browser.Lock()
	defer browser.Unlock()
	if browser.ctx == nil {
		return nil
	}
	err := chromedp.Cancel(browser.ctx)
	for _, cancel := range browser.cancel {
		cancel()
	}
	return err
}

// tab is one browser tab with its own cookies, as one person uses it.
type tab struct {
	testing.TB
	ctx  context.Context
	base string
	// script is false when JavaScript is off.
	script bool
	// mouseless is true when the person has no mouse; such a tab audits nothing.
	mouseless bool
	// trees is true when tree compares what pages tell assistive technology.
	trees bool
	// audited holds the pages that were checked, by title and width.
	audited map[string]bool

	mu       sync.Mutex
	problems []string
	// document is the request of the page that is shown.
	document network.RequestID
	// allowed are parts of what the console may say.
	allowed []string
}

// newTab opens a tab on the program. Errors on the console and requests to other hosts fail the
// test at its end.
func newTab(t testing.TB, base string, script bool) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(openBrowser(t), chromedp.WithNewBrowserContext())
	b := &tab{TB: t, ctx: ctx, base: base, script: script, audited: map[string]bool{}}
	t.Cleanup(func() {
		cancel()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, p := range b.problems {
			t.Error(p)
		}
	})
	b.do(chromedp.EmulateViewport(1280, 900))
	_, err := chromedp.Call(ctx, emulation.SetTimezoneOverride,
		emulation.SetTimezoneOverrideParams{TimezoneID: "UTC"})
	b.must(err)
	if !script {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: true})
		b.must(err)
	}
	b.watch()
	return b
}

// watch collects what must not happen on any page.
func (b *tab) watch() {
	b.Helper()
	own, err := url.Parse(b.base)
	b.must(err)
	console := chromedp.Console(b.ctx)
	go func() {
		for m, err := range console {
			if err != nil {
				return
			}
			bad := m.IsException() || m.Type == "error" || m.Type == "warning"
			if bad && !expected(m.Text) && !b.allows(m.String()) {
				b.note("console: " + m.String())
			}
		}
	}()
	err = chromedp.Listen(b.ctx, func(ev any) {
		e, ok := ev.(*network.EventRequestWillBeSent)
		if !ok {
			return
		}
		b.mu.Lock()
		if e.Type == network.ResourceTypeDocument {
			b.document = e.RequestID
		}
		b.mu.Unlock()
		u, err := url.Parse(e.Request.URL)
		if err == nil && strings.HasPrefix(u.Scheme, "http") && u.Host != own.Host {
			b.note("request to another host: " + e.Request.URL)
		}
	})
	b.must(err)
}

// expected tells whether Chromium only reports the status of a page that is meant to have it.
func expected(text string) bool {
	return strings.Contains(text, "the server responded with a status of 4")
}

// allow lets the console say what a test brings about.
func (b *tab) allow(texts ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowed = append(b.allowed, texts...)
}

func (b *tab) allows(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.allowed, func(part string) bool {
		return strings.Contains(text, part)
	})
}

func (b *tab) note(problem string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.problems, problem) {
		b.problems = append(b.problems, problem)
	}
}

func (b *tab) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatalf("%v\non %s", err, b.where())
	}
}

// where describes the page for a failing test.
func (b *tab) where() string {
	ctx, cancel := context.WithTimeout(b.ctx, 3*time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](
		`(() => { const it = (document.querySelector('main') ?? document.body).cloneNode(true);
			it.querySelectorAll('select').forEach(x => x.remove());
			return it.textContent.replace(/\s+/g, ' ').slice(0, 1500); })()`))
	return at + "\n" + text
}

// do carries out steps and fails the test when they take more than fifteen seconds.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	// The first call binds the life of the tab to its context, so it goes without a limit.
	b.must(chromedp.Do(b.ctx))
	ctx, cancel := context.WithTimeout(b.ctx, 15*time.Second)
	defer cancel()
	b.must(chromedp.Do(ctx, steps...))
}

// load carries out steps that lead to another page and returns its status.
func (b *tab) load(steps ...chromedp.Action[chromedp.Void]) int64 {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 15*time.Second)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, steps...)
	b.must(err)
	if res == nil {
		return 0
	}
	return res.Status
}

// open goes to a path and checks the page.
func (b *tab) open(path string) int64 {
	b.Helper()
	status := b.load(chromedp.Navigate(b.base + path))
	return status
}

// eval returns the value of an expression; it works with JavaScript off, too.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 15*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v\non %s", firstLine(expression), err, b.where())
	}
	return v
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, `(document.querySelector(`+quote(selector)+`)?.innerText ?? '').trim()`)
}

// wantHeading fails unless the page's h1 is the given one. On a busy machine a page's answer is
// there before all of the page is.
func (b *tab) wantHeading(want string) {
	b.Helper()
	got := b.text("h1")
	for tries := 0; got == "" && tries < 50; tries++ {
		time.Sleep(100 * time.Millisecond)
		got = b.text("h1")
	}
	if got != want {
		b.Fatalf("h1 = %q, want %q\non %s", got, want, b.where())
	}
}

func quote(s string) string {
	q, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(q)
}

func named(name string) chromedp.CSS { return chromedp.CSS(fmt.Sprintf("[name=%s]", quote(name))) }

// fill types into the input with the name, key by key, in place of what it holds.
func (b *tab) fill(name, value string) {
	b.Helper()
	b.fillAt(named(name), value)
}

func (b *tab) fillAt(selector chromedp.CSS, value string) {
	b.Helper()
	if b.mouseless {
		b.retype(selector, value)
		return
	}
	if !eval[bool](b, `(() => { const it = document.querySelector(`+quote(string(selector))+`);
		if (it) it.value = ''; return !!it; })()`) {
		b.Fatalf("no input %s on %s", selector, b.where())
	}
	b.do(chromedp.ScrollIntoView(selector), chromedp.SendKeys(selector, value))
}

// choose selects the option of a select by its value.
func (b *tab) choose(name, value string) {
	b.Helper()
	if b.mouseless {
		b.typeAhead(name, value)
		return
	}
	b.do(chromedp.SetValue("select"+named(name), value))
}

// tick clicks the radio or checkbox with the name and value, through its label as people do.
func (b *tab) tick(name, value string) {
	b.Helper()
	selector := named(name) + chromedp.CSS(fmt.Sprintf("[value=%s]", quote(value)))
	if b.mouseless {
		b.tickByKeys(named(name), selector)
		return
	}
	b.do(chromedp.ScrollIntoView(selector),
		chromedp.Click(selector))
}

// unfold opens the details whose summary the selector names.
func (b *tab) unfold(summary chromedp.CSS) {
	b.Helper()
	open := eval[bool](b, `document.querySelector(`+quote(string(summary))+`).parentElement.open`)
	switch {
	case open:
	case b.mouseless:
		b.reach(string(summary))
		b.do(chromedp.KeyEvent(kb.Enter))
	default:
		b.do(chromedp.ScrollIntoView(summary), chromedp.Click(summary))
	}
}

// pressed is the element that press found by its text.
const pressed = chromedp.CSS("[data-pressed]")

// press clicks the button or link with the text in main, waits for the page it leads to, and
// returns its status.
func (b *tab) press(text string) int64 {
	b.Helper()
	b.mark(text)
	return b.goOn()
}

// mark marks the button or link with the text in main.
func (b *tab) mark(text string) {
	b.Helper()
	mark := `(() => { const words = s => s.replace(/\s+/g, ' ').trim();
		const it = [...document.querySelectorAll('main button, main a')].find(x =>
			!x.classList.contains('vh') && [x.innerText, x.textContent].map(words).includes(` +
		quote(text) + `));
		if (!it) return false; it.setAttribute('data-pressed', ''); return true; })()`
	if !eval[bool](b, mark) {
		b.Fatalf("no button or link %q on %s", text, b.where())
	}
}

// signIn goes through the practice provider as the named person.
func (b *tab) signIn(name string) {
	b.Helper()
	b.open("/referrals")
	b.wantHeading("Sign in")
	b.tree("sign-in")
	b.audit()
	b.press("Sign in")
	b.audit()
	mark := `(() => { const all = [...document.querySelectorAll('button')];
		const it = all.find(x => x.innerText.includes(` + quote(name) + `));
		if (!it) return false; it.setAttribute('data-pressed', ''); return true; })()`
	if !eval[bool](b, mark) {
		b.Fatalf("nobody is called %s on %s", name, b.where())
	}
	b.goOn()
	b.wantHeading("Referrals")
}

// goOn goes where the pressed button or link leads to.
func (b *tab) goOn() int64 {
	b.Helper()
	if b.mouseless {
		return b.keyed(pressed)
	}
	return b.load(chromedp.ScrollIntoView(pressed), chromedp.Click(pressed))
}

// block keeps scripts from loading, as a filter in the network or a broken deployment would.
func (b *tab) block() {
	b.Helper()
	b.script = false
	b.allow("ERR_BLOCKED_BY_CLIENT")
	_, err := chromedp.Call(b.ctx, network.SetBlockedURLs, network.SetBlockedURLsParams{
		URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/*.js", Block: true}}})
	b.must(err)
}

// enter presses the Enter key in the input with the name and waits for the page that follows.
func (b *tab) enter(name string) int64 {
	b.Helper()
	return b.load(chromedp.SendKeys(named(name), kb.Enter))
}
