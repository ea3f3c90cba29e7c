package program

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// pictures is where the journey leaves a picture of every page instead of checking it.
var pictures = flag.String("pictures", "", "save pictures of the pages in this folder")

var noLetters = regexp.MustCompile(`[^a-z0-9]+`)

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
	if b.audited[title] || b.mouseless {
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
	b.reflow(title)
	b.size(1280, "light")
}

// reflow checks the page at 320 pixels, also with wide text.
func (b *tab) reflow(title string) {
	b.Helper()
	b.size(320, "light")
	b.fits(title)
	b.do(chromedp.Evaluate[chromedp.Void](wideText))
	b.fits(title + ", wide text")
	b.do(chromedp.Evaluate[chromedp.Void](`document.adoptedStyleSheets = []`))
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
	for _, as := range []look{{1280, "light"}, {390, "dark"}} {
		b.size(as.width, as.scheme)
		b.violations(title, as)
	}
}

// violations fails the test for what axe-core and faultsOfPage find on the page as it looks now.
func (b *tab) violations(title string, as look) {
	b.Helper()
	if !eval[bool](b, `'axe' in window`) {
		source, err := os.ReadFile(filepath.Join("../../node_modules", "axe-core", "axe.min.js"))
		if err != nil {
			b.Fatalf("axe-core is missing, run make assets: %v", err)
		}
		b.do(chromedp.Evaluate[chromedp.Void](string(source)))
	}
	found := eval[string](b, `axe.run({resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa',
		'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => r.violations.map(v => v.id +
		': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)
		.join('\n  ')).join('\n'))`)
	if found != "" {
		b.Errorf("%s, %d pixels, %s: axe finds\n%s", title, as.width, as.scheme, found)
	}
	if found := eval[string](b, faultsOfPage); found != "" {
		b.Errorf("%s, %d pixels, %s:\n%s", title, as.width, as.scheme, found)
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
