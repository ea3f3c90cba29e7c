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
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	draft, owner := b.ready(s)
	seed(t, s, owner, 3)
	list, err := s.store.Referrals(t.Context(), owner, referral.Filter{Page: 1})
	b.must(err)
	one := "/referrals/" + list.Referrals[0].ID
	for _, path := range []string{"/referrals", "/drafts", draft + "/contacts", draft + "/deal",
		draft + "/needs", draft + "/check", one, one + "/response", one + "/connect"} {
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
