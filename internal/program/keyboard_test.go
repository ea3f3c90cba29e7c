package program

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/internal/referral"
)

// TestKeyboard goes through pages by Tab alone: every link, button and input is a stop, in the
// order of the document, and each stop is seen: outlined, in view and covered by nothing.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	draft, owner := b.ready(s)
	seed(t, s, owner, 3)
	list, err := s.store.Referrals(t.Context(), owner, referral.Filter{Page: 1})
	b.must(err)
	one := "/referrals/" + list.Referrals[0].ID
	for _, path := range []string{"/referrals", "/drafts", draft + "/contacts", draft + "/deal",
		draft + "/needs", draft + "/check", one, one + "/response", one + "/connect",
		"/pipeline", "/preferences", "/help"} {
		t.Run(path[:min(len(path), 14)], func(t *testing.T) { b.tabThrough(t, path) })
	}
}

// stops are what Tab can reach, in the order of the document: of radios only one.
const stops = `[...document.querySelectorAll('a[href], button, input, select, textarea, summary, ' +
	'[tabindex="0"]')].filter(x => x.tabIndex >= 0 && x.checkVisibility({visibilityProperty: true}) &&
	x.type !== 'hidden' && (x.type !== 'radio' || x === (document.querySelector('input[name="' +
	CSS.escape(x.name) + '"]:checked') ?? document.querySelector('input[name="' +
	CSS.escape(x.name) + '"]'))))`

// seen describes what is wrong with the element that has the focus; empty when nothing is.
const seen = `(() => {
	const x = document.activeElement, at = stops.indexOf(x), want = stops[next++];
	if (x !== want) { next = at + 1; return 'Tab comes to ' + x.outerHTML.slice(0, 120) +
		'\n  and not to ' + want?.outerHTML.slice(0, 120); }
	const c = getComputedStyle(x), box = x.getBoundingClientRect();
	if (c.outlineStyle === 'none' || parseFloat(c.outlineWidth) < 2)
		return 'no outline: ' + x.outerHTML.slice(0, 120);
	const top = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2,
		box.y + Math.min(box.height, 20) / 2);
	if (!top || !(x.contains(top) || top.contains(x)))
		return 'covered or out of view: ' + x.outerHTML.slice(0, 120);
	return ''; })()`

func (b *tab) tabThrough(t *testing.T, path string) {
	t.Helper()
	b.open(path)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('details').forEach(x =>
		x.open = !x.matches('.menu, .steps-sm')); window.stops = ` + stops + `; window.next = 0;`))
	n := eval[int](b, `stops.length`)
	if n < 8 {
		t.Errorf("%s: only %d stops", path, n)
	}
	for i := range n {
		b.do(chromedp.KeyEvent(kb.Tab))
		if wrong := eval[string](b, seen); wrong != "" {
			t.Errorf("%s, stop %d: %s", path, i+1, wrong)
		}
	}
}

// reach presses Tab until the focus is on what the selector names.
func (b *tab) reach(selector string) {
	b.Helper()
	for range 400 {
		if eval[bool](b, `document.activeElement.matches(`+quote(selector)+`)`) {
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.Fatalf("Tab does not come to %s on %s", selector, b.where())
}

// keyed does with the keyboard alone what a click would.
func (b *tab) keyed(selector chromedp.CSS) int64 {
	b.Helper()
	b.reach(string(selector))
	return b.load(chromedp.KeyEvent(kb.Enter))
}

// retype replaces what an input holds by the keyboard alone.
func (b *tab) retype(selector chromedp.CSS, value string) {
	b.Helper()
	b.reach(string(selector))
	b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)),
		chromedp.KeyEvent(kb.Delete), chromedp.KeyEvent(value))
}

// typeAhead selects an option of a select by typing how it begins.
func (b *tab) typeAhead(name, value string) {
	b.Helper()
	selector := "select" + string(named(name))
	label := eval[string](b, `[...document.querySelector(`+quote(selector)+`).options].find(x =>
		x.value === `+quote(value)+`).label.split(' –')[0]`)
	b.reach(selector)
	b.do(chromedp.KeyEvent(label))
	if got := eval[string](b, `document.activeElement.value`); got != value {
		b.Errorf("typing %q selects %q, not %q", label, got, value)
	}
}

// tickByKeys comes to a group of radios by Tab and to its option by the arrow, to a checkbox by
// Tab, and presses Space.
func (b *tab) tickByKeys(name, option chromedp.CSS) {
	b.Helper()
	if eval[string](b, `document.querySelector(`+quote(string(option))+`).type`) == "checkbox" {
		b.reach(string(option))
		b.do(chromedp.KeyEvent(" "))
		return
	}
	b.reach(string(name))
	for range 10 {
		if eval[bool](b, `document.activeElement.matches(`+quote(string(option))+`)`) {
			break
		}
		b.do(chromedp.KeyEvent(kb.ArrowDown))
	}
	b.do(chromedp.KeyEvent(" "))
}
