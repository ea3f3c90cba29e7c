package program

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tandem/internal/partnercenter"
	"tandem/internal/practice"
)

// TestLiveList works with 250 referrals that Microsoft has, in pages of 100 whose next links point
// at a host that must never be called: first with JavaScript, then the same without.
func TestLiveList(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	away := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		calls.Add(1)
	}))
	defer away.Close()
	s := practiceProgram(t, world{now: sampleClock()})
	sim := s.practice.Simulator()
	sim.PrintNextLinks(away.URL + "/v1.0/referrals")
	if err := sim.Fill(rep, 250); err != nil {
		t.Fatal(err)
	}
	slow := practice.Fault{Kind: practice.Slow, Method: http.MethodGet, Delay: time.Second}
	if err := sim.Fail(slow); err != nil {
		t.Fatal(err)
	}
	for _, script := range []bool{true, false} {
		b := newTab(t, s.config.BaseURL, script)
		b.signIn("Priya Raman")
		b.loaded(script)
		b.audit()
		b.filters(sim.Referrals())
		b.sorts()
		b.turnsPages()
		b.ignoresUnknown()
		b.charts()
		if script {
			b.keepsPlace(sim)
		}
	}
	stale(t, s)
	if n := calls.Load(); n != 0 {
		t.Errorf("%d calls to the other host", n)
	}
}

// loaded waits for the whole list; with JavaScript it comes to the page that is open, numbers of
// the tabs and all.
func (b *tab) loaded(script bool) {
	b.Helper()
	if script {
		b.settleOn("Loading your referrals from Microsoft")
		b.auditAs("loading the list")
		b.do(chromedp.Evaluate[chromedp.Void](`window.stayed = true`))
	}
	b.settleOn("200 referrals, newest update first")
	if got := b.text(`.tabs a[aria-current]`); !strings.HasPrefix(got, "Submitted") ||
		!strings.HasSuffix(got, "200") {
		b.Errorf("the tab says %q", got)
	}
	if script && !eval[bool](b, `window.stayed === true`) {
		b.Error("the page was loaded again")
	}
}

// keepsPlace has the list read anew while somebody is at a row of it: what changed comes to the
// top, and he stays at his row.
func (b *tab) keepsPlace(sim *practice.Simulator) {
	b.Helper()
	b.must(sim.Fail(practice.Fault{Kind: practice.Slow, Method: http.MethodGet,
		Delay: 3 * time.Second}))
	all := sim.Referrals()
	old := all[slices.IndexFunc(all, func(r partnercenter.Referral) bool {
		return strings.HasPrefix(r.Name, "Bike telemetry platform 2")
	})]
	b.must(sim.Change(old.ID, partnercenter.Replace("/salesStage", "Proposal")))
	b.open("/referrals")
	b.press("Refresh")
	b.settleOn("Looking for changes")
	const focused = `(document.activeElement.closest('tr')?.innerText ?? '').split('\n')[0]`
	before := eval[string](b, `(document.querySelectorAll('.c-name a')[3].focus(), `+focused+`)`)
	for began := time.Now(); strings.Contains(b.text("main"), "Looking for changes"); {
		if time.Since(began) > 20*time.Second {
			b.Fatalf("still looking on %s", b.where())
		}
		time.Sleep(100 * time.Millisecond)
	}
	if rows := b.rows(); !strings.HasPrefix(rows[0], old.Name) {
		b.Errorf("the first row is %q, not %q", rows[0], old.Name)
	}
	if after := eval[string](b, focused); before == "" || after != before {
		b.Errorf("was at %q and is at %q", before, after)
	}
}

// filters searches together with filters, keeps them in the URL, and takes one away.
func (b *tab) filters(all []partnercenter.Referral) {
	b.Helper()
	want := 0
	for _, r := range all {
		if strings.Contains(r.CustomerProfile.Name, "Contoso") && r.Status == "Active" &&
			r.CustomerProfile.Address.Country == "DE" &&
			(len(r.Target) == 0 || r.Target[0].ID != "msft") {
			want++
		}
	}
	if want == 0 {
		b.Fatal("nothing to find")
	}
	b.open("/referrals")
	b.fill("q", "contoso")
	b.choose("status", "Active")
	b.unfold(".filters details summary")
	b.choose("country", "DE")
	b.follow("Apply filters")
	b.counts(want, 200)
	query, err := url.ParseQuery(strings.TrimPrefix(eval[string](b, `location.search`), "?"))
	b.must(err)
	for name, value := range map[string]string{"q": "contoso", "status": "Active", "country": "DE"} {
		if query.Get(name) != value {
			b.Errorf("the URL has %s=%q", name, query.Get(name))
		}
	}
	for _, row := range b.rows() {
		if !strings.Contains(row, "Contoso") || !strings.Contains(row, "Active") {
			b.Errorf("found %q", row)
		}
	}
	b.auditAs("list with filters")
	b.follow("Remove filter Country: Germany")
	if got := b.text(".applied"); strings.Contains(got, "Germany") || !strings.Contains(got, "contoso") {
		b.Errorf("filters in use: %q", got)
	}
	b.open("/referrals?email=JOHN.DOE%40northbridge.example")
	b.counts(25, 200)
}

// sorts orders by value both ways and goes back to how the list was.
func (b *tab) sorts() {
	b.Helper()
	b.open("/referrals?status=Closed")
	before := b.rows()
	b.follow("Deal value")
	if got := eval[string](b, `document.querySelector('[aria-sort]').innerText.trim()`); got !=
		"Deal value" {
		b.Errorf("sorted by %q", got)
	}
	down := b.rows()
	if slices.Equal(before, down) {
		b.Error("sorting changed nothing")
	}
	b.follow("Deal value")
	if up := b.rows(); slices.Equal(up, down) {
		b.Error("sorting the other way changed nothing")
	}
	b.back()
	b.sameRows("after going back", down)
	b.back()
	b.sameRows("after going back twice", before)
}

// turnsPages goes through pages by their links, and back.
func (b *tab) turnsPages() {
	b.Helper()
	b.open("/referrals?status=open")
	var seen []string
	for {
		seen = append(seen, b.rows()...)
		if len(seen) == 4*25 {
			b.audit()
		}
		if eval[bool](b, `!document.querySelector('.pager a[rel=next]')`) {
			break
		}
		b.follow("Next page")
	}
	total := len(seen)
	slices.Sort(seen)
	if n := len(slices.Compact(seen)); n != total || total != 150 {
		b.Errorf("%d rows, %d different ones", total, n)
	}
	b.back()
	b.settleOn("101 to 125 of 150.")
}

func (b *tab) ignoresUnknown() {
	b.Helper()
	b.open("/referrals?status=Nonsense&sort=sideways&country=XX&page=99&owner=you")
	b.counts(200, 200)
	if got := b.text(".pager a[aria-current]"); got != "1" {
		b.Errorf("beyond the end is page %q", got)
	}
}

// charts looks at the sum of the list, as filtered as the list is.
func (b *tab) charts() {
	b.Helper()
	b.open("/pipeline")
	b.auditAs("pipeline of 250")
	b.open("/pipeline?status=Closed")
	if got := b.text("[role=status]"); !strings.HasPrefix(got, "50 referrals") {
		b.Errorf("closed ones: %q", got)
	}
	b.auditAs("pipeline of closed ones")
}

// stale takes Microsoft away: what is kept is shown with its age, and nobody else sees it.
func stale(t *testing.T, s *server) {
	t.Helper()
	b := newTab(t, s.config.BaseURL, false)
	b.signIn("Priya Raman")
	sim := s.practice.Simulator()
	b.must(sim.Fail(practice.Fault{Kind: practice.Unavailable, Method: http.MethodGet, Count: 99}))
	const down = "We cannot load your referrals from Microsoft. These are from 1 October, 09:0"
	for began := time.Now(); !strings.Contains(b.text("main"), down); b.open("/referrals") {
		if time.Since(began) > 20*time.Second {
			b.Fatalf("no note on %s", b.where())
		}
		if eval[bool](b, `!!document.querySelector('.live form')`) {
			b.press("Refresh") // nothing follows within seconds of the last time
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.counts(200, 200)
	b.auditAs("stale list")
	other := newTab(t, s.config.BaseURL, false)
	other.signIn("Daniel Okafor")
	if got := other.rows(); len(got) > 0 {
		t.Errorf("another rep sees %d rows, the first %q", len(got), got[0])
	}
	sim.ClearFaults()
}

// counts fails unless the list says how many there are.
func (b *tab) counts(want, of int) {
	b.Helper()
	text := fmt.Sprintf("%d referrals of %d,", want, of)
	switch {
	case want == of:
		text = fmt.Sprintf("%d referrals,", of)
	case want == 1:
		text = fmt.Sprintf("1 referral of %d,", of)
	}
	b.settleOn(text)
}

// rows are the texts of the rows of the list.
func (b *tab) rows() []string {
	b.Helper()
	return eval[[]string](b, `[...document.querySelectorAll('.rt tbody tr')].map(x =>
		x.innerText.replace(/\s+/g, ' '))`)
}

func (b *tab) sameRows(when string, want []string) {
	b.Helper()
	for began := time.Now(); !slices.Equal(b.rows(), want); time.Sleep(50 * time.Millisecond) {
		if time.Since(began) > 5*time.Second {
			b.Fatalf("%s: rows %q, want %q", when, b.rows(), want)
		}
	}
}

// follow presses a link or button and waits for what it leads to, whether that is a page or the
// part of one that a script swaps.
func (b *tab) follow(text string) {
	b.Helper()
	b.mark(text)
	b.do(chromedp.Evaluate[chromedp.Void](`window.here = true; window.swapped = false;
		document.addEventListener('htmx:after:swap', () => { window.swapped = true; }, {once: true})`),
		chromedp.ScrollIntoView(pressed), chromedp.Click(pressed))
	const come = `document.readyState === 'complete' && (window.swapped || !window.here)`
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		// While a page goes, it cannot be asked.
		if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](come)); err == nil && ok {
			break
		}
		if time.Since(began) > 10*time.Second {
			b.Fatalf("%q leads nowhere on %s", text, b.where())
		}
	}
	b.do(chromedp.Evaluate[chromedp.Void](
		`document.querySelectorAll('[data-pressed]').forEach(x => x.removeAttribute('data-pressed'))`))
}

// back goes back in the browser's history; it does not wait for the page.
func (b *tab) back() {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`history.back()`))
}
