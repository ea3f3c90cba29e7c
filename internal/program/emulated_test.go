package program

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// longWord is a name of which no line can break at a space.
var longWord = strings.Repeat("Donaudampfschifffahrts", 4)

// TestEmulated looks at pages on paper and in forced colours, and goes back after sending. The
// names are longer than the places they stand in.
func TestEmulated(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	draft, _ := b.ready(s)
	b.open(draft + "/customer")
	b.fill("customerProfile.name", longWord)
	b.press("Save and continue")
	b.open(draft + "/deal")
	b.fill("name", longWord)
	b.fill("details.dealValue", "fifty thousand")
	b.press("Save and continue")
	b.forcedColours()
	b.open(draft + "/deal")
	b.fill("details.dealValue", "50,000")
	b.press("Save and continue")
	b.holds("/drafts", draft+"/deal", draft+"/delete", draft+"/check")
	b.paper("check", 3)
	b.twice("Send referral")
	b.settle("Referral sent")
	if n := eval[string](b, `sessionStorage.submits`); n != "1" {
		t.Errorf("a double click submits %s times", n)
	}
	sent := eval[string](b, `location.pathname`)
	b.paper("sent", 2)
	b.do(chromedp.NavigateBack())
	if eval[bool](b, `[...document.querySelectorAll('button')].some(x =>
		x.innerText === 'Send referral')`) {
		b.Errorf("going back offers to send again on %s", b.where())
	}
	deal := sent[:len(sent)-len("/sent")]
	b.open(deal)
	b.paper("referral", 4)
	b.open(deal + "/response")
	b.run(`document.querySelectorAll('details').forEach(x => x.open = true)`)
	b.paper("response", 5)
	b.holds("/referrals", deal+"/sent", deal+"/connect", deal+"/edit/deal", deal)
	if n := s.practice.Simulator().Count(); n != 1 {
		t.Errorf("%d referrals at Microsoft, want 1", n)
	}
}

// twice presses a button two times within a moment, and counts in the session's storage how often
// its form was submitted.
func (b *tab) twice(text string) {
	b.Helper()
	b.load(chromedp.Evaluate[chromedp.Void](`{
		sessionStorage.submits = 0;
		document.addEventListener('submit', () => sessionStorage.submits++);
		const x = [...document.querySelectorAll('button')].find(x => x.innerText === ` + quote(text) + `);
		x.click();
		x.click();
	}`))
}

// holds opens pages and fails when a text stands out of its place, on a phone or beside the list of
// steps.
func (b *tab) holds(paths ...string) {
	b.Helper()
	for _, path := range paths {
		b.open(path)
		for _, width := range []int64{390, 1280} {
			b.size(width, "light")
			if over := eval[int](b, `Math.max(document.documentElement.scrollWidth - innerWidth,
				...[...document.querySelectorAll('main :is(small, dd, h1, p):not(.vh)')].map(x =>
					x.clientWidth && x.scrollWidth - x.clientWidth))`); over > 1 {
				b.Errorf("%s: %d pixels stand out at %d", path, over, width)
			}
		}
	}
}

// emulate sets the medium and whether the system's colours replace ours.
func (b *tab) emulate(medium, forced string) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: forced}}})
	b.must(err)
}

// paper fails unless the page prints without anything to press, on few sheets, with no row cut in
// two and nothing that one would have to scroll to.
func (b *tab) paper(name string, most int) {
	b.Helper()
	b.emulate("print", "none")
	if found := eval[string](b, `[...document.querySelectorAll('button, input, select, nav, summary')]
		.filter(x => x.checkVisibility() && !x.closest('.vh') && x.getBoundingClientRect().width > 1 &&
			x.tagName !== 'SUMMARY').map(x => x.outerHTML.slice(0, 120)).join('\n')`); found != "" {
		b.Errorf("%s prints\n%s", name, found)
	}
	if found := eval[string](b, `[...document.querySelectorAll('main :is(.scard, .sum > div, .rt tr)')]
		.filter(x => x.checkVisibility() && getComputedStyle(x).breakInside !== 'avoid')
		.slice(0, 5).map(x => x.outerHTML.slice(0, 120)).join('\n')`); found != "" {
		b.Errorf("%s may be cut on paper in\n%s", name, found)
	}
	if found := eval[string](b, `[...document.querySelectorAll('main pre')].filter(x =>
		x.checkVisibility() && x.scrollHeight > x.clientHeight + 1).map(x => x.id).join(' ')`); found != "" {
		b.Errorf("%s does not print all of %s", name, found)
	}
	pdf, err := chromedp.Call(b.ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{})
	b.must(err)
	if n := bytes.Count(pdf.Data, []byte("/Type /Page\n")); n == 0 || n > most {
		b.Errorf("%s prints on %d sheets, want %d at most", name, n, most)
	}
	b.keepPicture("print-" + name)
	b.emulate("", "none")
}

func (b *tab) keepPicture(name string) {
	b.Helper()
	if *pictures != "" {
		b.picture(filepath.Join(*pictures, "pages", name+".png"))
	}
}

// forcedColours fails unless every control keeps a border, and the wrong field and the current step
// are marked by more than a background.
func (b *tab) forcedColours() {
	b.Helper()
	b.emulate("", "active")
	if !eval[bool](b, `matchMedia('(forced-colors: active)').matches`) {
		b.Fatal("no forced colours")
	}
	if found := eval[string](b, `[...document.querySelectorAll('main .ds-input, main .ds-button')]
		.filter(x => x.checkVisibility() && !x.closest('.vh')).filter(x => {
			const c = getComputedStyle(x);
			return c.appearance === 'none' && (parseFloat(c.borderTopWidth) < 1 ||
				c.borderTopStyle === 'none') && parseFloat(c.outlineWidth) < 1;
		}).map(x => x.outerHTML.slice(0, 120)).join('\n')`); found != "" {
		b.Errorf("without a border in forced colours:\n%s", found)
	}
	b.choiceIsSeen()
	if got := eval[string](b, `getComputedStyle(document.querySelector('.is-now .steps__n'))
		.outlineStyle`); got != "solid" {
		b.Errorf("the outline of the current step is %s", got)
	}
	if got := eval[string](b, `getComputedStyle(document.querySelector('.has-error'))
		.borderInlineStartStyle`); got != "solid" {
		b.Errorf("the bar of the wrong field is %s", got)
	}
	b.keepPicture("forced-colours")
	b.emulate("", "none")
}

// choiceIsSeen fails unless a radio looks another way when it is chosen.
func (b *tab) choiceIsSeen() {
	b.Helper()
	box := eval[[]float64](b, `(() => {
		window.choice = document.querySelector('main input[type=radio]:checked');
		const x = choice.getBoundingClientRect();
		return [x.x + scrollX, x.y + scrollY, x.width, x.height]; })()`)
	look := func() []byte {
		b.Helper()
		shot, err := chromedp.Call(b.ctx, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{
			CaptureBeyondViewport: new(true), Clip: &cdppage.Viewport{X: box[0], Y: box[1],
				Width: box[2], Height: box[3], Scale: 1}})
		b.must(err)
		return shot.Data
	}
	chosen := look()
	b.run(`choice.checked = false`)
	if bytes.Equal(chosen, look()) {
		b.Error("in forced colours a choice cannot be seen")
	}
	b.run(`choice.checked = true`)
}
