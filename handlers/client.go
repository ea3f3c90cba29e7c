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

// client is the address that a request comes from. It starts with that of the connection and, as
// long as it has a trusted proxy's, takes the next one to the left in X-Forwarded-For. Anything
// further left could be made up and is ignored. It is the zero Addr when the connection has none.
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

// subnet is the length of the prefix that one customer of an internet provider has in IPv6. All
// addresses in it count as one client.
const subnet = 64

// networkOf is the address, of IPv6 its network.
func networkOf(a netip.Addr) string {
	if network, err := a.Prefix(subnet); err == nil && a.Is6() {
		return network.String()
	}
	return a.String()
}
