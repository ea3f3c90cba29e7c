package program

import (
	"path"
	"testing"
	"time"
)

// The network of a slow visit, as Lighthouse defines slow 4G. Packets and the window with which a
// connection begins are those of TCP.
const (
	roundTrip  = 150 * time.Millisecond
	bandwidth  = 1.6e6 / 8 // bytes a second
	packet     = 1460
	packets    = 10
	answerHead = 1000
	// connecting are the round trips before the first request: two for the name, one each for the
	// connection and its encryption.
	connecting = 4
	// paintLimit is how late the largest part of a page may be drawn.
	paintLimit = 1500 * time.Millisecond
)

// needed is an answer that must be there before a page draws its largest part.
type needed struct {
	Name  string
	Bytes int
}

// neededToPaint are the page itself, what blocks drawing it, and the pictures that are in view.
const neededToPaint = `(() => {
	const shown = [...document.images].filter(x => x.getBoundingClientRect().top < innerHeight)
		.map(x => x.currentSrc);
	return [...performance.getEntriesByType('navigation'),
		...performance.getEntriesByType('resource').filter(x =>
			x.renderBlockingStatus === 'blocking' || shown.includes(x.name))]
		.map(x => ({Name: x.name, Bytes: x.encodedBodySize})); })()`

// arrival is when the last of the answers has come on a slow network to a browser that was never
// here: each is asked for when the one before it has come, and costs a round trip and the time for
// its bytes. Each time it fills the window of the connection, the rest waits until a round trip is
// over, and the window doubles.
func arrival(all []needed) time.Duration {
	at, window := connecting*roundTrip, packets*packet
	for _, x := range all {
		at += roundTrip
		size := x.Bytes + answerHead
		for ; size > window; window *= 2 {
			at += max(roundTrip, transfer(window))
			size -= window
		}
		at += transfer(size)
	}
	return at
}

func transfer(bytes int) time.Duration {
	return time.Duration(float64(bytes) / bandwidth * float64(time.Second))
}

// paintsInTime fails when the page that is shown needs more than itself, one style sheet and
// pictures to be drawn, or cannot be in time on a slow network.
func (b *tab) paintsInTime(name string) {
	b.Helper()
	all := eval[[]needed](b, neededToPaint)
	sheets := 0
	for _, x := range all[1:] {
		switch path.Ext(x.Name) {
		case ".css":
			sheets++
		case ".png", ".webp":
		default:
			b.Errorf("%s waits for %s before it is drawn", name, x.Name)
		}
	}
	if at := arrival(all); sheets != 1 || at > paintLimit {
		b.Errorf("%s is there after %v on a slow network, at most %v wanted: %v", name, at,
			paintLimit, all)
	}
}

func TestArrival(t *testing.T) {
	for name, test := range map[string]struct {
		bytes []int
		want  time.Duration
	}{
		"a small page":       {[]int{3000}, 5*roundTrip + 20*time.Millisecond},
		"and a sheet":        {[]int{3000, 13_600}, 6*roundTrip + 93*time.Millisecond},
		"more than a window": {[]int{14_000}, 6*roundTrip + 2*time.Millisecond},
		"a window that grew": {[]int{33_600, 13_600}, 7*roundTrip + 173*time.Millisecond},
		"three windows":      {[]int{3*14_600 + 1000}, 7*roundTrip + 10*time.Millisecond},
	} {
		var all []needed
		for _, n := range test.bytes {
			all = append(all, needed{Bytes: n})
		}
		if got := arrival(all); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
