package discover

import (
	"assay/scanner"
	"assay/traffic"
)

// keyOf tells which endpoint an exchange belongs to, its path as it was sent; not ok for one that belongs to none.
func keyOf(s *Seen) (key scanner.Key, ok bool) {
	if s.Exchange.Kind == traffic.KindTunnel {
		return key, false
	}
	u := traffic.SplitURL(s.Exchange.Request.URL)
	return scanner.Key{Scheme: u.Scheme, Host: u.Host, Method: s.Exchange.Request.Method, Path: u.Path}, true
}
