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
	b.press("Send referral")
	b.settle("Referral sent")
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
	b.paper("response", 4)
	b.holds("/referrals", deal+"/sent", deal+"/connect", deal+"/edit/deal", deal)
	if n := s.practice.Simulator().Count(); n != 1 {
		t.Errorf("%d referrals at Microsoft, want 1", n)
	}
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

// paper fails unless the page prints without anything to press, on few sheets.
func (b *tab) paper(name string, most int) {
	b.Helper()
	b.emulate("print", "none")
	if found := eval[string](b, `[...document.querySelectorAll('button, input, select, nav, summary')]
		.filter(x => x.checkVisibility() && !x.closest('.vh') && x.getBoundingClientRect().width > 1 &&
			x.tagName !== 'SUMMARY').map(x => x.outerHTML.slice(0, 120)).join('\n')`); found != "" {
		b.Errorf("%s prints\n%s", name, found)
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
