package program

import (
	_ "embed"
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// every widens the crawl from one look at each page in each language to all four.
var every = flag.Bool("crawl.every", false, "look at each page in every width and colour scheme")

// faultsOfPage finds what is wrong with a page as it stands.
//
//go:embed testdata/page.js
var faultsOfPage string

// sight is a page in a state: how to come to it, and what it is called.
type sight struct {
	path string
	// lead is a script that leads on from there; empty stays.
	lead string
	name string
	// status is that of the page; zero is any.
	status int64
}

// look is a width and a colour scheme.
type look struct {
	width  int64
	scheme string
}

// looks are so ordered that a page's two looks, at an index and at the one with the last bit
// turned, differ in both.
func looks() []look {
	return []look{{1280, "light"}, {390, "dark"}, {1280, "dark"}, {390, "light"}}
}

// TestCrawl looks at every page and state that links lead to, in both languages. Each page is seen
// in two of the four looks, one in each language, which alternate from page to page; the flag
// -crawl.every looks at all. With -pictures it saves what it sees.
func TestCrawl(t *testing.T) {
	s := practiceProgram(t, world{now: time.Now,
		stderr: meant{`status=500 error="loading draft`, "attempt to write a readonly database"}})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.person = "mei.lin@northbridge.example"
	v.signIn()
	v.everyState(s)
	unlinked := v.hard(s)
	pages := validated(t)
	first := newTab(t, s.config.BaseURL, true)
	newTab(t, s.config.BaseURL, true).tooOften(pages)
	first.signIn("Mei Lin")
	sights := first.discover(unlinked...)
	if len(sights) < 60 {
		t.Errorf("only %d pages found", len(sights))
	}
	sights = append(sights, v.refusals()...)
	t.Logf("%d pages and states", len(sights))
	first.away(s, pages)
	for i, tag := range []string{"en", "zh-Hans"} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, s.config.BaseURL, true)
			b.signIn("Mei Lin")
			b.allow("a status of 5")
			b.open("/help?lang=" + tag)
			began := time.Now()
			for n, it := range sights {
				b.sight(it, tag, n^i)
				b.keepSource(pages, it.name+"-"+tag)
			}
			t.Logf("%v", time.Since(began).Round(time.Second))
		})
	}
}

// idInPath is what differs between pages of the same kind.
var idInPath = regexp.MustCompile(`/([a-z0-9]{20,}|[a-z]+-\d+)`)

// structure is what a page is made of, without what people typed.
const structure = `(async path => { const res = await fetch(path);
	if (!(res.headers.get('Content-Type') ?? '').startsWith('text/html')) return {};
	const doc = new DOMParser().parseFromString(await res.text(), 'text/html');
	const plain = s => s.replace(/[a-z0-9]{20,}|\d+/g, '');
	const main = doc.querySelector('main');
	return { at: new URL(res.url).pathname + new URL(res.url).search,
		made: [...new Set([...main.querySelectorAll('*')].map(x => plain(x.tagName + '.' +
			x.className + '#' + x.id)))].sort().join() + (/sends/.test(res.url) ?
			main.querySelector('h1').textContent : ''),
		links: [...doc.querySelectorAll('a[href]')].map(x => x.getAttribute('href')) }; })`

// discover follows the links of all pages, those of seeds among them. Of pages of the same kind
// that are made of the same parts it keeps one.
func (b *tab) discover(seeds ...string) (out []sight) {
	b.Helper()
	seeds = append(seeds, "/referrals", "/drafts", "/drafts/new", "/referrals?tab=attention",
		"/referrals?q=nothing", "/referrals?status=New&ms=failed&owner=me&updated=30&sort=value",
		"/preferences", "/settings", "/settings/people", "/settings/contacts", "/nowhere",
		"/drafts/new?customerProfile.name=Fabrikam&details.dealValue=50000&unknown=x",
		"/practice/", "/auth/sign-in?reason=failed")
	queue := slices.Clone(seeds)
	asked, kept := map[string]bool{}, map[string]bool{}
	for len(queue) > 0 {
		path, _, _ := strings.Cut(queue[0], "#")
		queue = queue[1:]
		if asked[path] || !leadsOn(path) && !slices.Contains(seeds, path) {
			continue
		}
		asked[path] = true
		got := eval[struct {
			At, Made string
			Links    []string
		}](b, structure+`(`+quote(path)+`)`)
		kind := idInPath.ReplaceAllString(got.At, "/id") + got.Made
		if got.At == "" || kept[kind] {
			continue
		}
		kept[kind] = true
		queue = append(queue, got.Links...)
		out = append(out, sight{path: got.At, name: nameOf(got.At, len(out))})
	}
	return slices.Concat(out, wrongOnes(out))
}

func nameOf(path string, n int) string {
	name := noLetters.ReplaceAllString(idInPath.ReplaceAllString(path, ""), "-")
	return fmt.Sprintf("%03d-%s", n, strings.Trim(name, "-"))
}

// leadsOn tells whether the crawl goes to a page: of what only differs in the order or in a filter
// one is enough, and a few pages act when they are opened.
func leadsOn(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "lang=") {
		return false
	}
	for _, part := range []string{"/auth/sign-out", ".csv", ".json", ".ics", "/static/", "return=",
		"focus=", "sort="} {
		if strings.Contains(path, part) {
			return false
		}
	}
	list, query, _ := strings.Cut(path, "?")
	return list != "/referrals" || strings.Count(query, "=") < 2
}

// answerable are the ends of the paths of pages that are filled in.
var answerable = regexp.MustCompile(`/(customer|contacts|consent|deal|needs|team|target|connect|` +
	`close|new|conflict/[a-z0-9]+|settings/(solutions|contacts))$`)

// wrongOnes are the pages again with every text missing: what they say then.
func wrongOnes(all []sight) (out []sight) {
	seen := map[string]bool{}
	for _, s := range all {
		kind := idInPath.ReplaceAllString(s.path, "/id")
		if answerable.MatchString(s.path) && !seen[kind] {
			seen[kind] = true
			out = append(out, sight{path: s.path, lead: empty, name: s.name + "-wrong"})
		}
	}
	return out
}

// empty clears the first form of the page, but for that of a note, and sends it.
const empty = `(() => { const form = document.querySelector(
		'main form[method=post]:has(input):not(#restored)');
	for (const x of form.elements) {
		if (['text', 'email', 'tel', 'textarea'].includes(x.type)) x.value = '';
		if (x.type === 'select-one') x.selectedIndex = 0;
		if (['radio', 'checkbox'].includes(x.type)) x.checked = false;
	}
	form.requestSubmit(form.querySelector('button:not([type=button])')); })()`

// sight goes to a page and looks at it.
func (b *tab) sight(it sight, tag string, n int) {
	b.Helper()
	status := b.open(it.path)
	if it.lead != "" {
		status = b.load(chromedp.Evaluate[chromedp.Void](it.lead))
	}
	if it.status != 0 && status != it.status {
		b.Errorf("%s: status %d, want %d on %s", it.name, status, it.status, b.where())
	}
	b.look(it, tag, n)
}

// look checks the page that is shown, or saves pictures of it.
func (b *tab) look(it sight, tag string, n int) {
	b.Helper()
	shown := looks()[n%4 : n%4+1]
	if *every || *pictures != "" {
		shown = looks()
	}
	for _, as := range shown {
		b.size(as.width, as.scheme)
		if *pictures != "" {
			b.picture(filepath.Join(*pictures, "pages", fmt.Sprintf("%s-%s-%d-%s.png", it.name, tag,
				as.width, as.scheme)))
			continue
		}
		b.violations(fmt.Sprintf("%s (%s)", it.name, tag), as)
	}
	if *pictures != "" {
		return
	}
	if b.translated(it) {
		b.paintsInTime(it.name + " " + tag)
	}
	b.reflow(it.name + " " + tag)
	if got := eval[string](b, `document.documentElement.lang`); got != tag && b.translated(it) {
		b.Errorf("%s is in %s, not in %s", it.path, got, tag)
	}
}

// translated tells whether a page is in all languages: that of the stand-ins is English.
func (b *tab) translated(it sight) bool { return !strings.HasPrefix(it.path, "/practice/") }
