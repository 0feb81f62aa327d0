package discover

import (
	"strings"
	"time"

	"assay/scanner"
)

// learnTLS adds how the connection was secured. An exchange that was imported usually does not say: that is unknown,
// not plain text.
func (l *lesson) learnTLS() {
	srv := &l.s.Exchange.Server
	t := scanner.TLS{Version: srv.TLSVersion, Issuer: short(srv.CertIssuer), Unverified: srv.Unverified}
	switch {
	case srv.TLSVersion != "":
		if !srv.CertExpiry.IsZero() {
			t.Expiry = srv.CertExpiry.UTC().Format(time.RFC3339)
		}
	case plainText(l.e.Scheme):
		t.Issuer, t.Unverified = "", false
	default:
		return
	}
	f := &l.e.Facts
	for i := range f.TLS {
		have := &f.TLS[i]
		if have.Version == t.Version && have.Issuer == t.Issuer && have.Unverified == t.Unverified {
			have.N++
			if t.Expiry != "" && t.Expiry != have.Expiry {
				have.Expiry = t.Expiry
			}
			return
		}
	}
	if len(f.TLS) >= maxTLS {
		f.Cut = true
		return
	}
	t.N, t.Issuer = 1, strings.Clone(t.Issuer)
	f.TLS = append(f.TLS, t)
}

// plainText reports whether a scheme travels unencrypted.
func plainText(scheme string) bool { return scheme == "http" || scheme == "ws" }
