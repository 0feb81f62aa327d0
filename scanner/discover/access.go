package discover

import (
	"net/netip"
	"strings"

	"assay/scanner"
)

// learnAccess adds the address that answered, and tells from where the endpoint can be reached.
func (l *lesson) learnAccess() {
	f := &l.e.Facts
	before := len(f.Addresses)
	// Behind another proxy the address is that proxy's.
	if srv := &l.s.Exchange.Server; srv.Addr != "" && srv.Via == "" {
		var cut bool
		f.Addresses, cut = add(f.Addresses, srv.Addr, maxAddresses)
		f.Cut = f.Cut || cut
	}
	if l.e.Access == "" || len(f.Addresses) > before || l.e.Access != scanner.AccessThirdParty && !ownServers[l.e.Provider] {
		l.e.Access = accessOf(hostName(l.e.Host), l.e.Provider, f.Addresses)
	}
}

// accessOf tells from where a host can be reached, and whose it is: by its name where that says it, else by the
// addresses that answered, of which the most open one counts. A name that everybody can look up is taken for public
// when no address is known.
func accessOf(name, provider string, addresses []string) scanner.Access {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if addr, err := netip.ParseAddr(name); err == nil {
		return accessOfAddr(addr)
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return scanner.AccessLoopback
	}
	if name == "" {
		return ""
	}
	if thirdParty(name, provider) {
		return scanner.AccessThirdParty
	}
	best := scanner.Access("")
	for _, address := range addresses {
		addr, err := netip.ParseAddr(hostName(address))
		if err != nil {
			continue
		}
		if found := accessOfAddr(addr); openness[found] > openness[best] {
			best = found
		}
	}
	switch {
	case best != "":
		return best
	case publicName(name):
		return scanner.AccessPublic
	default:
		return scanner.AccessInternal
	}
}

var openness = map[scanner.Access]int{scanner.AccessLoopback: 1, scanner.AccessInternal: 2, scanner.AccessPublic: 3}

// internalRanges are addresses that are not reachable from everywhere, from the registries of special-purpose
// addresses of IANA (RFC 6890). Those for documentation (RFC 5737, RFC 3849) are not among them: they stand for public
// ones.
var internalRanges = func() []netip.Prefix {
	var ranges []netip.Prefix
	for text := range strings.FieldsSeq(`10.0.0.0/8 172.16.0.0/12 192.168.0.0/16
		100.64.0.0/10 169.254.0.0/16 192.0.0.0/24 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4
		fc00::/7 fe80::/10 fec0::/10 64:ff9b:1::/48 100::/64 ff00::/8`) {
		ranges = append(ranges, netip.MustParsePrefix(text))
	}
	return ranges
}()

var (
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")
	nat64       = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: an IPv4 address in the last four bytes
	sixToFour   = netip.MustParsePrefix("2002::/16")    // RFC 3056: one after the first two
)

func accessOfAddr(addr netip.Addr) scanner.Access {
	addr = addr.Unmap().WithZone("")
	b := addr.As16()
	switch {
	case nat64.Contains(addr):
		addr = netip.AddrFrom4([4]byte(b[12:16]))
	case sixToFour.Contains(addr):
		addr = netip.AddrFrom4([4]byte(b[2:6]))
	}
	if addr.IsLoopback() || addr.IsUnspecified() || thisNetwork.Contains(addr) {
		return scanner.AccessLoopback
	}
	for _, r := range internalRanges {
		if r.Contains(addr) {
			return scanner.AccessInternal
		}
	}
	return scanner.AccessPublic
}
