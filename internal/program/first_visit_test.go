package program

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// slow asks for a measurement, which no test depends on: machines differ.
var slow = flag.Int("slow", 0, "measure pages on a slow network, that many times each")

// traffic notes what a tab asks for and how many bytes come over the network for it.
type traffic struct {
	sync.Mutex
	// urls are those that are still loading.
	urls  map[network.RequestID]string
	bytes map[string]float64
}

// watchTraffic begins to note what the tab loads.
func (b *tab) watchTraffic() *traffic {
	b.Helper()
	l := &traffic{urls: map[network.RequestID]string{}, bytes: map[string]float64{}}
	b.must(chromedp.Listen(b.ctx, func(ev any) {
		l.Lock()
		defer l.Unlock()
		switch e := ev.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, "data:") {
				l.urls[e.RequestID] = e.Request.URL
				l.bytes[e.Request.URL] += 0
			}
		case *network.EventLoadingFinished:
			if at, ok := l.urls[e.RequestID]; ok {
				l.bytes[at] += e.EncodedDataLength
				delete(l.urls, e.RequestID)
			}
		}
	}))
	return l
}

// cold empties the browser's cache and forgets what was noted.
func (l *traffic) cold(b *tab) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, network.ClearBrowserCache, cdp.Empty{})
	b.must(err)
	l.warm()
}

// warm forgets what was noted.
func (l *traffic) warm() {
	l.Lock()
	defer l.Unlock()
	clear(l.bytes)
}

// idle tells whether all that was asked for has come.
func (l *traffic) idle() bool {
	l.Lock()
	defer l.Unlock()
	return len(l.urls) == 0
}

// loaded returns what was asked for and how many bytes came, in all and for each, once they came.
func (l *traffic) loaded() (all int, each map[string]int) {
	for i := 0; i < 100 && !l.idle(); i++ {
		time.Sleep(50 * time.Millisecond)
	}
	l.Lock()
	defer l.Unlock()
	each = map[string]int{}
	for u, n := range l.bytes {
		each[u] = int(n)
		all += int(n)
	}
	return all, each
}

// firstVisit opens a page as a browser does that was never here: all comes from the program itself,
// and is little.
func (b *tab) firstVisit(at string, most int) {
	b.Helper()
	l := b.watchTraffic()
	l.cold(b)
	b.open(at)
	all, each := l.loaded()
	kinds := map[string]bool{}
	for address, n := range each {
		if !strings.HasPrefix(address, b.base+"/") {
			b.Errorf("%s asks for %s", at, address)
		}
		kinds[path.Ext(address)] = n > 0
	}
	if !kinds[".css"] || !kinds[".js"] || all > most {
		b.Errorf("a first visit of %s loads %d bytes, at most %d wanted: %v", at, all, most, each)
	}
}

// networks are slow 4G as Lighthouse defines it: 150 ms a round trip, 1.6 Mbit/s down, 750 kbit/s
// up, a processor four times slower. The second is how Lighthouse applies it to a browser whose
// requests it delays: almost four round trips for each, as on a new connection, and a tenth of the
// bandwidth for what protocols add.
func networks() []network.Conditions {
	return []network.Conditions{
		{Latency: 150, DownloadThroughput: 1.6e6 / 8, UploadThroughput: 750e3 / 8},
		{Latency: 562.5, DownloadThroughput: 0.9 * 1.6e6 / 8, UploadThroughput: 0.9 * 750e3 / 8}}
}

// slowDown puts the tab on a network and on a slow processor.
func (b *tab) slowDown(on network.Conditions) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule,
		network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{&on}})
	b.must(err)
	_, err = chromedp.Call(b.ctx, emulation.SetCPUThrottlingRate,
		emulation.SetCPUThrottlingRateParams{Rate: 4})
	b.must(err)
}

// paint is when a page drew its largest part, in milliseconds after it was asked for, and what
// that part is.
type paint struct {
	At   float64
	What string
}

const largestPaint = `new Promise(done => new PerformanceObserver(list => {
	const e = list.getEntries().at(-1)
	done({At: e.startTime, What: e.element?.tagName.toLowerCase() ?? ''})
}).observe({type: 'largest-contentful-paint', buffered: true}))`

// TestSlowNetwork prints when pages have drawn their largest part on a slow network, with the
// styles and scripts in the browser's cache and without. make measure-lcp runs it.
func TestSlowNetwork(t *testing.T) {
	if *slow == 0 {
		t.Skip("a measurement: make measure-lcp")
	}
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	draft, owner := b.ready(s)
	seed(t, s, owner, 30)
	b.open("/referrals")
	deal := eval[string](b, `document.querySelector('tbody a').getAttribute('href')`)
	l := b.watchTraffic()
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintln(out, "| page\t| ms a request\t| cache\t| LCP ms, median\t| worst\t| what\t| bytes\t|")
	fmt.Fprintln(out, "|---\t|---:\t|---\t|---:\t|---:\t|---\t|---:\t|")
	for _, page := range [][2]string{{"step: customer profile", draft + "/customer"},
		{"step: deal details", draft + "/deal"}, {"step: needs", draft + "/needs"},
		{"check", draft + "/check"}, {"list of 25", "/referrals"}, {"referral", deal}} {
		for _, on := range networks() {
			b.slowDown(on)
			b.measure(out, l, fmt.Sprintf("%s\t| %v", page[0], on.Latency), page[1])
		}
	}
	b.must(out.Flush())
}

// measure writes two lines about a page.
func (b *tab) measure(out io.Writer, l *traffic, name, at string) {
	b.Helper()
	for _, cache := range []string{"empty", "filled"} {
		var times []float64
		var bytes int
		var last paint
		for range *slow {
			if l.warm(); cache == "empty" {
				l.cold(b)
			}
			b.open(at)
			last = eval[paint](b, largestPaint)
			times = append(times, last.At)
			bytes, _ = l.loaded()
		}
		slices.Sort(times)
		fmt.Fprintf(out, "| %s\t| %s\t| %.0f\t| %.0f\t| %s\t| %d\t|\n", name, cache,
			times[len(times)/2], times[len(times)-1], last.What, bytes)
	}
}
