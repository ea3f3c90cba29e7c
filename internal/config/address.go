package config

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

func (l *loader) addr() string {
	addr := l.value(Addr, defaultAddr)
	if _, ok := port(addr); !ok {
		l.problem(Addr, "is %q; use host:port, such as %s", addr, defaultAddr)
	}
	return addr
}

// port returns the port of host:port. ok is false when there is none from 0 to 65535.
func port(addr string) (p string, ok bool) {
	_, p, err := net.SplitHostPort(addr)
	if err != nil {
		return "", false
	}
	_, err = strconv.ParseUint(p, 10, 16)
	return p, err == nil
}

// baseURL defaults to localhost with the port of addr, so that another port needs one setting only.
func (l *loader) baseURL(addr string) string {
	p, ok := port(addr)
	if !ok {
		p = "8080"
	}
	return l.site(BaseURL, l.value(BaseURL, "http://localhost:"+p))
}

func (l *loader) apiBaseURL() string {
	if l.practice {
		return ""
	}
	return l.site(APIBaseURL, l.value(APIBaseURL, defaultAPI))
}

// site checks a URL that is scheme and host only, and returns it without a slash at the end.
func (l *loader) site(name, text string) string {
	u := l.webURL(name, text)
	if u == nil {
		return ""
	}
	if strings.Trim(u.Path, "/") != "" {
		l.problem(name, "must not have a path")
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// webURL checks what all URLs have in common. It returns nil after noting a problem, which never
// quotes the value: it may hold a password.
func (l *loader) webURL(name, text string) *url.URL {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "":
		l.problem(name, "is not a URL such as https://tandem.example.com")
	case !slices.Contains([]string{"http", "https"}, u.Scheme):
		l.problem(name, "must begin with https://")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		l.problem(name, "must use https; plain http is for localhost only")
	case u.User != nil:
		l.problem(name, "must not hold a user name or a password")
	case strings.ContainsAny(text, "?#"):
		l.problem(name, "must not have a query or a fragment")
	default:
		return u
	}
	return nil
}

// loopback reports whether a host is this machine: localhost, 127.0.0.0/8 or ::1.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}
