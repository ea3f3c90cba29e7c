package program

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
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

// pictures is where the journey leaves a picture of every page instead of checking it.
var pictures = flag.String("pictures", "", "save pictures of the pages in this folder")

var noLetters = regexp.MustCompile(`[^a-z0-9]+`)

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
	// audited holds the pages that were checked, by title and width.
	audited map[string]bool

	mu       sync.Mutex
	problems []string
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
		if e, ok := ev.(*network.EventRequestWillBeSent); ok {
			u, err := url.Parse(e.Request.URL)
			if err == nil && strings.HasPrefix(u.Scheme, "http") && u.Host != own.Host {
				b.note("request to another host: " + e.Request.URL)
			}
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

// wantHeading fails unless the page's h1 is the given one.
func (b *tab) wantHeading(want string) {
	b.Helper()
	if got := b.text("h1"); got != want {
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
	if !eval[bool](b, `(() => { const it = document.querySelector(`+quote(string(selector))+`);
		if (it) it.value = ''; return !!it; })()`) {
		b.Fatalf("no input %s on %s", selector, b.where())
	}
	b.do(chromedp.ScrollIntoView(selector), chromedp.SendKeys(selector, value))
}

// choose selects the option of a select by its value.
func (b *tab) choose(name, value string) {
	b.Helper()
	b.do(chromedp.SetValue("select"+named(name), value))
}

// tick clicks the radio or checkbox with the name and value, through its label as people do.
func (b *tab) tick(name, value string) {
	b.Helper()
	selector := chromedp.CSS(fmt.Sprintf("input[name=%s][value=%s]", quote(name), quote(value)))
	b.do(chromedp.ScrollIntoView(selector),
		chromedp.Click(selector))
}

// unfold opens the details whose summary the selector names.
func (b *tab) unfold(summary chromedp.CSS) {
	b.Helper()
	if !eval[bool](b, `document.querySelector(`+quote(string(summary))+`).parentElement.open`) {
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
	return b.load(chromedp.ScrollIntoView(pressed), chromedp.Click(pressed))
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
	b.audit()
	b.press("Sign in")
	b.audit()
	mark := `(() => { const all = [...document.querySelectorAll('button')];
		const it = all.find(x => x.innerText.includes(` + quote(name) + `));
		if (!it) return false; it.setAttribute('data-pressed', ''); return true; })()`
	if !eval[bool](b, mark) {
		b.Fatalf("nobody is called %s on %s", name, b.where())
	}
	b.load(chromedp.Click(pressed))
	b.wantHeading("Referrals")
}

// size sets the width of the window and the colour scheme.
func (b *tab) size(width int64, scheme string) {
	b.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			// A colour that is still changing would be measured on its way.
			{Name: "prefers-reduced-motion", Value: "reduce"}}})
	b.must(err)
}

// audit checks the page as it is: no violation of axe-core's rules in light at 1280 and in dark at
// 390 pixels, no sideways scroll and nothing cut off at 320 pixels, also with wide spacing of the
// text, unique ids. Each page is audited once.
func (b *tab) audit() {
	b.Helper()
	b.auditAs(eval[string](b, `document.title +
		(document.querySelector('table') ? ', with a table' : '')`))
}

// auditAs audits a state of a page that its title does not tell from others.
func (b *tab) auditAs(title string) {
	b.Helper()
	if b.audited[title] {
		return
	}
	b.audited[title] = true
	if *pictures != "" {
		b.pictures(title)
		return
	}
	if b.script {
		b.axe(title)
	}
	b.size(320, "light")
	b.fits(title)
	b.do(chromedp.Evaluate[chromedp.Void](wideText))
	b.fits(title + ", wide text")
	b.do(chromedp.Evaluate[chromedp.Void](`document.adoptedStyleSheets = []`))
	if twice := eval[string](b, `(() => { const all = [...document.querySelectorAll('[id]')]
		.map(x => x.id); return all.filter((x, i) => all.indexOf(x) !== i).join(' '); })()`); twice != "" {
		b.Errorf("%s: ids that are not unique: %s", title, twice)
	}
	b.size(1280, "light")
}

// wideText spaces the text as WCAG 1.4.12 says it may be.
const wideText = `(() => { const s = new CSSStyleSheet(); s.replaceSync('* { line-height: 1.5 ' +
	'!important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } ' +
	'p { margin-block-end: 2em !important }'); document.adoptedStyleSheets = [s]; })()`

// fits fails unless the page can be read without scrolling sideways, and nothing of it is cut off.
func (b *tab) fits(title string) {
	b.Helper()
	if over := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		b.Errorf("%s: scrolls sideways by %d pixels at 320\n%s", title, over, eval[string](b,
			`[...document.querySelectorAll('body *')].filter(x =>
				x.getBoundingClientRect().right > innerWidth + 1).slice(0, 5)
				.map(x => x.outerHTML.slice(0, 160)).join('\n')`))
	}
	if cut := eval[string](b, `[...document.querySelectorAll('body :not(.vh, input)')].filter(x =>
		['hidden', 'clip'].includes(getComputedStyle(x).overflowX) && x.clientWidth > 1 &&
		x.scrollWidth > x.clientWidth + 1).map(x => x.outerHTML.slice(0, 160)).join('\n')`); cut != "" {
		b.Errorf("%s: cut off at 320\n%s", title, cut)
	}
}

func (b *tab) axe(title string) {
	b.Helper()
	source, err := os.ReadFile(filepath.Join("../../node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		b.Fatalf("axe-core is missing, run make assets: %v", err)
	}
	b.do(chromedp.Evaluate[chromedp.Void](string(source)))
	for _, look := range []struct {
		width  int64
		scheme string
	}{{1280, "light"}, {390, "dark"}} {
		b.size(look.width, look.scheme)
		found := eval[string](b, `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
			'wcag22aa', 'best-practice']}).then(r => r.violations.map(v => v.id + ': ' +
			v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)
			.join('\n  ')).join('\n'))`)
		if found != "" {
			b.Errorf("%s, %d pixels, %s: axe finds\n%s", title, look.width, look.scheme, found)
		}
	}
}

// pictures saves what the page looks like in both widths and colour schemes.
func (b *tab) pictures(title string) {
	b.Helper()
	name := strings.Trim(noLetters.ReplaceAllString(strings.ToLower(
		strings.Replace(title, " – Tandem", "", 1)), "-"), "-")
	for _, width := range []int64{1280, 390} {
		for _, scheme := range []string{"light", "dark"} {
			b.size(width, scheme)
			b.picture(filepath.Join(*pictures, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)))
		}
	}
	b.size(1280, "light")
}

// picture saves a screenshot of the whole page.
func (b *tab) picture(file string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 15*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	b.must(err)
	b.must(os.MkdirAll(filepath.Dir(file), 0o755))
	b.must(os.WriteFile(file, png, 0o644))
}

// enter presses the Enter key in the input with the name and waits for the page that follows.
func (b *tab) enter(name string) int64 {
	b.Helper()
	return b.load(chromedp.SendKeys(named(name), kb.Enter))
}
