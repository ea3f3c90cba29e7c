package static_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"tandem/static"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"app.css":            {Data: []byte(strings.Repeat("a{color:red}\n", 100))},
		"app.js":             {Data: []byte("1")},
		"help-check-en.webp": {Data: []byte("WEBP")},
	}
}

func fetch(t *testing.T, h http.Handler, url, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestAssetCarriesAHash(t *testing.T) {
	_, asset, _ := static.From(built())
	url := asset("app.css")
	if !regexp.MustCompile(`^/static/app\.[0-9a-f]{12}\.css$`).MatchString(url) {
		t.Errorf("URL = %q", url)
	}
	changed := built()
	changed["app.css"] = &fstest.MapFile{Data: []byte("b{}")}
	if _, again, _ := static.From(changed); again("app.css") == url {
		t.Errorf("other content has the same URL %q", url)
	}
}

func TestMissing(t *testing.T) {
	_, asset, missed := static.From(built())
	want := []string{"htmx.min.js", "help-check-zh-Hans.webp", "help-connect-en.webp",
		"help-connect-zh-Hans.webp"}
	if diff := cmp.Diff(want, missed); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	if url := asset("htmx.min.js"); url != "" {
		t.Errorf("URL of a missing asset = %q, want none", url)
	}
}

func TestHandlerServesForEver(t *testing.T) {
	tests := []struct{ name, kind string }{
		{"app.css", "text/css; charset=utf-8"},
		{"app.js", "text/javascript; charset=utf-8"},
		{"help-check-en.webp", "image/webp"},
	}
	handler, asset, _ := static.From(built())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := fetch(t, handler, asset(test.name), "")
			if answer.StatusCode != http.StatusOK {
				t.Fatalf("status = %d", answer.StatusCode)
			}
			if got := answer.Header.Get("Content-Type"); got != test.kind {
				t.Errorf("type = %q, want %q", got, test.kind)
			}
			want := "public, max-age=31536000, immutable"
			if got := answer.Header.Get("Cache-Control"); got != want {
				t.Errorf("cache control = %q, want %q", got, want)
			}
			body, err := io.ReadAll(answer.Body)
			if err != nil || string(body) != string(built()[test.name].Data) {
				t.Errorf("body = %q, %v", body, err)
			}
		})
	}
}

func TestHandlerZipsWhenItPays(t *testing.T) {
	handler, asset, _ := static.From(built())
	tests := []struct{ name, asset, accept, want string }{
		{"asked", "app.css", "br, gzip", "gzip"},
		{"weighted", "app.css", "gzip;q=0.5", "gzip"},
		{"refused", "app.css", "gzip;q=0", ""},
		{"not asked", "app.css", "br", ""},
		{"too small", "app.js", "gzip", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := fetch(t, handler, asset(test.asset), test.accept)
			if got := answer.Header.Get("Content-Encoding"); got != test.want {
				t.Errorf("encoding = %q, want %q", got, test.want)
			}
		})
	}
}

func TestZippedBodyIsTheFile(t *testing.T) {
	handler, asset, _ := static.From(built())
	zipped, err := gzip.NewReader(fetch(t, handler, asset("app.css"), "gzip").Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(zipped)
	if err != nil || string(body) != string(built()["app.css"].Data) {
		t.Errorf("body = %q, %v", body, err)
	}
}

func TestHandlerServesNothingElse(t *testing.T) {
	handler, _, _ := static.From(built())
	for _, url := range []string{"/static/", "/static/app.css", "/static/.keep"} {
		if got := fetch(t, handler, url, "").StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: status = %d, want 404", url, got)
		}
	}
}

// The binary must start with and without a build.
func TestEmbeddedAssetsAreServed(t *testing.T) {
	gone := static.Missing()
	for _, name := range []string{"app.css", "app.js", "htmx.min.js"} {
		url := static.Asset(name)
		if url == "" {
			if !strings.Contains(strings.Join(gone, " "), name) {
				t.Errorf("%s has no URL and is not missing", name)
			}
			continue
		}
		if got := fetch(t, static.Handler(), url, "").StatusCode; got != http.StatusOK {
			t.Errorf("%s: status = %d", name, got)
		}
	}
}
