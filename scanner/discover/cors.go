package discover

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"assay/traffic"

	"assay/scanner"
)

// reflected stands in CORS.Origins for the origin of another site, given back to whoever asked.
const reflected = "reflected"

// learnCORS adds whom an answer allows to read it in a browser (Fetch standard, section 3.3). An answer that allows the
// very site that asked, and that site is another one, is called reflected: whether any site would be allowed only a
// test can tell.
func (l *lesson) learnCORS(origin, credentials string) {
	asked := l.s.Exchange.Request.Header.Get("Origin")
	if origin != "*" && asked != "" && strings.EqualFold(origin, asked) && !sameSite(asked, l.e.Host) {
		origin = reflected
	}
	f := &l.e.Facts
	if f.CORS == nil {
		f.CORS = &scanner.CORS{}
	}
	var cut bool
	f.CORS.Origins, cut = add(f.CORS.Origins, origin, maxOrigins)
	f.Cut = f.Cut || cut
	f.CORS.Credentials = f.CORS.Credentials || credentials == "true"
	f.CORS.Last = l.s.Exchange.ID
}

// sameSite reports whether an origin and a host belong to the same registered domain.
func sameSite(origin, host string) bool {
	a, b := traffic.SplitURL(origin).Host, hostName(host)
	if a == b {
		return true
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(a)
	if err != nil {
		return false
	}
	other, err := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && site == other
}
