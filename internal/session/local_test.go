package session_test

import (
	"net/url"
	"strings"
	"testing"

	"tandem/internal/session"
)

func TestLocalPath(t *testing.T) {
	for in, want := range map[string]string{
		"/":                            "/",
		"/referrals/7/edit?step=2#top": "/referrals/7/edit?step=2#top",
		"/search?q=a%2F%2Fb":           "/search?q=a%2F%2Fb",
		"/search?back=https://x.test/": "/search?back=https://x.test/",
		"/a//b":                        "/a//b",
		"":                             "/",
		"referrals":                    "/",
		"//evil.example":               "/",
		"///evil.example":              "/",
		`/\evil.example`:               "/",
		`\/evil.example`:               "/",
		`/a\b`:                         "/",
		"/\t/evil.example":             "/",
		"/\n/evil.example":             "/",
		"/\r\nSet-Cookie: a=b":         "/",
		"/a\x00":                       "/",
		"/a\x7f":                       "/",
		"/a\u0085b":                    "/",
		"/a\xff":                       "/",
		"\t//evil.example":             "/",
		" //evil.example":              "/",
		"https://evil.example":         "/",
		"https:/evil.example":          "/",
		"javascript:alert(1)":          "/",
		"/%zz":                         "/",
	} {
		if got := session.LocalPath(in); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/a?b#c", "//x", `/\x`, "/\t/x", "/@x:1/..//x", "https://x", "/:80"} {
		f.Add(s)
	}
	base := &url.URL{Scheme: "https", Host: "tandem.example", Path: "/auth/callback"}
	f.Fuzz(func(t *testing.T, s string) {
		got := session.LocalPath(s)
		// What a browser does before it looks at an address.
		seen := strings.NewReplacer("\t", "", "\r", "", "\n", "", `\`, "/").Replace(got)
		if !strings.HasPrefix(seen, "/") || strings.HasPrefix(seen, "//") {
			t.Fatalf("LocalPath(%q) = %q leaves the host", s, got)
		}
		u, err := base.Parse(got)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil {
			t.Fatalf("LocalPath(%q) = %q leads to %v, %v", s, got, u, err)
		}
		if again := session.LocalPath(got); again != got {
			t.Fatalf("LocalPath(%q) = %q, and of that %q", s, got, again)
		}
	})
}
