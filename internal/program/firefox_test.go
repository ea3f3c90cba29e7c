package program

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/referral"
)

var firefox = flag.String("firefox", "",
	"save pictures of some pages as Firefox and Chromium draw them in this folder")

// frames is a page that draws others in frames and tells where their parts are.
//
//go:embed testdata/frames.html
var frames []byte

// box is where a part of a page is drawn. A leaf has no other part in it.
type box struct {
	What       string
	Index      int
	Leaf       bool
	X, Y, W, H float64
}

// drawing is a page as a browser draws it. Sideways is how far it scrolls to the side.
type drawing struct {
	Path, Title string
	Width       int
	Sideways    float64
	Boxes       []box
}

// TestFirefox draws pages in Firefox and in Chromium: all parts are in the same places, none covers
// another, and nothing scrolls to the side. With -firefox it also saves pictures of both, for a
// person to compare; make firefox runs that.
func TestFirefox(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: time.Now})
	v := newVisitor(t, s.config.BaseURL, s.practice.Issuer(), s.store)
	v.signIn()
	seed(t, s, v.user().Caller(), 5)
	wrong := v.keep(referral.CoSell, func(a referral.Answers) referral.Answers { return a })
	good := v.keep(referral.CoSell, v.answers)
	pages := []string{"/drafts/" + good.ID + "/deal", "/drafts/" + wrong.ID + "/needs",
		"/drafts/" + good.ID + "/check", "/drafts/" + good.ID + "/contacts", "/referrals"}
	site := v.signedIn()
	if *firefox != "" {
		v.sideBySide(site.url, pages)
	}
	ask := "/boxes?" + url.Values{"path": pages, "width": {"1280", "390"}}.Encode()
	v.openFirefox(site.url + ask)
	theirs := v.boxes(site)
	newTab(t, site.url, true).open(ask)
	for i, d := range v.boxes(site) {
		d.agrees(t, theirs[i])
		d.sound(t, "Chromium")
		theirs[i].sound(t, "Firefox")
	}
}

// boxes waits for what a browser tells.
func (v *visitor) boxes(site *framed) []drawing {
	v.Helper()
	select {
	case all := <-site.told:
		return all
	case <-time.After(2 * time.Minute):
		v.Fatal("the browser does not tell what it draws")
		return nil
	}
}

// apart is how many pixels a part may be elsewhere in the other browser, or larger.
const apart = 2

// agrees fails unless the other browser draws the same parts in the same places.
func (d drawing) agrees(t *testing.T, other drawing) {
	t.Helper()
	if len(d.Boxes) == 0 || len(d.Boxes) != len(other.Boxes) {
		t.Fatalf("%s, %d pixels: %d parts in Chromium, %d in Firefox", d.Title, d.Width,
			len(d.Boxes), len(other.Boxes))
	}
	for i, b := range d.Boxes {
		o := other.Boxes[i]
		if far := max(math.Abs(b.X-o.X), math.Abs(b.Y-o.Y), math.Abs(b.W-o.W),
			math.Abs(b.H-o.H)); far > apart || b.Index != o.Index {
			t.Errorf("%s, %d pixels: Chromium has %+v, Firefox %+v", d.Title, d.Width, b, o)
		}
	}
}

// sound fails when a part covers another, or something is out of sight at the side.
func (d drawing) sound(t *testing.T, browser string) {
	t.Helper()
	if d.Sideways > 0 {
		t.Errorf("%s, %d pixels: %s scrolls %v pixels to the side", d.Title, d.Width, browser,
			d.Sideways)
	}
	for i, b := range d.Boxes {
		for _, o := range d.Boxes[:i] {
			if b.Leaf && o.Leaf && b.covers(o) {
				t.Errorf("%s, %d pixels, %s: %+v covers %+v", d.Title, d.Width, browser, b, o)
			}
		}
	}
}

// covers tells whether two parts share more than an edge.
func (b box) covers(o box) bool {
	return min(b.X+b.W, o.X+o.W)-max(b.X, o.X) > 1 && min(b.Y+b.H, o.Y+o.H)-max(b.Y, o.Y) > 1
}

// framed is the program for browsers that have no cookies of their own: as the visitor, with pages
// that may be shown in frames.
type framed struct {
	url string
	// told has what each browser says of what it draws.
	told chan []drawing
}

func (v *visitor) signedIn() *framed {
	v.Helper()
	to, err := url.Parse(v.url)
	v.must(err)
	out := &framed{told: make(chan []drawing, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /boxes", func(w http.ResponseWriter, _ *http.Request) { w.Write(frames) })
	mux.HandleFunc("POST /boxes", func(_ http.ResponseWriter, r *http.Request) {
		var all []drawing
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &all)
		}
		if err != nil {
			v.Error(err)
		}
		out.told <- all
	})
	mux.Handle("/", &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Header.Del("Cookie")
			for _, c := range v.client.Jar.Cookies(to) {
				r.Out.AddCookie(c)
			}
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del("X-Frame-Options")
			r.Header.Set("Content-Security-Policy", strings.Replace(
				r.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'", "", 1))
			return nil
		}})
	site := httptest.NewServer(mux)
	v.Cleanup(site.Close)
	out.url = site.URL
	return out
}

// openFirefox shows a page in Firefox until the test ends.
func (v *visitor) openFirefox(address string) {
	v.Helper()
	cmd := exec.CommandContext(v.Context(), "firefox-esr", "--headless", "--no-remote",
		"--profile", v.TempDir(), address)
	v.must(cmd.Start())
	v.Cleanup(func() { _ = cmd.Wait() }) // it is killed, which is no success
}

// sideBySide saves pictures of pages by both browsers.
func (v *visitor) sideBySide(site string, pages []string) {
	v.Helper()
	v.must(os.MkdirAll(*firefox, 0o755))
	b := newTab(v.T, site, true)
	for _, path := range pages {
		for _, width := range []int64{1280, 500} {
			file := filepath.Join(*firefox, fmt.Sprintf("%s-%d-", filepath.Base(path), width))
			b.size(width, "light")
			b.open(path)
			b.picture(file + "chromium.png")
			v.drawn(file+"firefox.png", width, site+path)
		}
	}
}

// drawn saves what Firefox draws, in a profile of its own.
func (v *visitor) drawn(file string, width int64, address string) {
	v.Helper()
	out, err := exec.CommandContext(v.Context(), "firefox-esr", "--headless", "--no-remote",
		"--profile", v.TempDir(), "--screenshot", file, fmt.Sprintf("--window-size=%d", width),
		address).CombinedOutput()
	if err != nil {
		v.Errorf("firefox-esr: %v\n%s", err, out)
	}
}
