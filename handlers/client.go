package handlers

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks of the proxies in front of the program, which tell by X-Forwarded-For on
// whose behalf they ask.
type Proxies []netip.Prefix

func (p Proxies) trust(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(a) })
}

// client is the address that a request comes from: the connection's or, as long as that is a trusted
// proxy's, the one before it in X-Forwarded-For. What is left of the first address that no trusted
// proxy wrote is anybody's invention and never looked at. It is a zero Addr when the connection has
// none.
func (p Proxies) client(r *http.Request) netip.Addr {
	at := plainAddr(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		before := plainAddr(strings.TrimSpace(hop))
		if !before.IsValid() || !p.trust(at) {
			break
		}
		at = before
	}
	return at
}

// plainAddr reads an address with or without a port, as proxies write either.
func plainAddr(text string) netip.Addr {
	at, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		with, _ := netip.ParseAddrPort(text) // zero when it is none
		at = with.Addr()
	}
	return at.Unmap().WithZone("")
}

// subnet is how much of an IPv6 address tells customers of a provider apart; each of them may use
// all addresses below it.
const subnet = 64

// networkOf is the address, of IPv6 its network.
func networkOf(a netip.Addr) string {
	if network, err := a.Prefix(subnet); err == nil && a.Is6() {
		return network.String()
	}
	return a.String()
}
