package config

import (
	"net/netip"
	"strings"
)

// proxies returns the networks of the trusted proxies, those of this machine first.
func (l *loader) proxies() []netip.Prefix {
	all := []netip.Prefix{
		netip.PrefixFrom(netip.AddrFrom4([4]byte{127}), 8),
		netip.PrefixFrom(netip.IPv6Loopback(), 128),
	}
	text := l.value(TrustedProxies, "")
	if text == "" {
		return all
	}
	for part := range strings.SplitSeq(text, ",") {
		network, ok := network(strings.TrimSpace(part))
		switch {
		case !ok:
			l.problem(TrustedProxies, "holds %q; use addresses and networks such as 10.0.0.4 or "+
				"10.0.1.0/24, with commas between them", strings.TrimSpace(part))
		case network.Bits() == 0:
			l.problem(TrustedProxies, "holds %s: every address; name the proxies alone", network)
		default:
			all = append(all, network)
		}
	}
	return all
}

// network reads an address or a network.
func network(text string) (netip.Prefix, bool) {
	if one, err := netip.ParseAddr(text); err == nil {
		one = one.Unmap().WithZone("")
		return netip.PrefixFrom(one, one.BitLen()), true
	}
	many, err := netip.ParsePrefix(text)
	return many.Masked(), err == nil
}
