package discover_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"assay/scanner"
	"assay/traffic"
)

func TestHowConnectionsAreSecured(t *testing.T) {
	t.Parallel()
	expiry := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	secured := func(version, issuer string, unverified bool, until time.Time) shot {
		return shot{url: "https://a.example/x", server: traffic.Server{TLSVersion: version, CertIssuer: issuer, Unverified: unverified, CertExpiry: until}}
	}
	tests := []struct {
		name  string
		shots []shot
		want  []scanner.TLS
	}{
		{"an import does not say", []shot{{url: "https://a.example/x"}}, nil},
		{"plain text", repeat(shot{url: "http://a.example/x"}, 2), []scanner.TLS{{N: 2}}},
		{"TLS", repeat(secured("TLS 1.3", "CA", false, expiry), 3), []scanner.TLS{{Version: "TLS 1.3", Issuer: "CA", Expiry: "2027-01-01T00:00:00Z", N: 3}}},
		{"a renewed certificate", []shot{secured("TLS 1.3", "CA", false, expiry), secured("TLS 1.3", "CA", false, expiry.AddDate(1, 0, 0))}, []scanner.TLS{{Version: "TLS 1.3", Issuer: "CA", Expiry: "2028-01-01T00:00:00Z", N: 2}}},
		{"another issuer", []shot{secured("TLS 1.3", "CA", false, expiry), secured("TLS 1.3", "Own CA", true, time.Time{})}, []scanner.TLS{
			{Version: "TLS 1.3", Issuer: "CA", Expiry: "2027-01-01T00:00:00Z", N: 1}, {Version: "TLS 1.3", Issuer: "Own CA", Unverified: true, N: 1},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			l.fold(tt.shots...)
			if got := l.only().Facts.TLS; !slices.Equal(got, tt.want) {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestWhoElseMayRead(t *testing.T) {
	t.Parallel()
	tests := []struct{ host, origin, header, want string }{
		{"a.example.com", "", "", "nobody"},
		{"a.example.com", "https://evil.test", "", "nobody"},
		{"a.example.com", "", "Access-Control-Allow-Origin: *", "[*] false"},
		{"a.example.com", "https://evil.test", "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Credentials: true", "[*] true"},
		{"a.example.com", "https://evil.test", "access-control-allow-origin: https://evil.test\naccess-control-allow-credentials: true", "[reflected] true"},
		{"a.example.com", "https://app.example.com", "Access-Control-Allow-Origin: https://app.example.com", "[https://app.example.com] false"},
		{"a.example.co.uk", "https://evil.co.uk", "Access-Control-Allow-Origin: https://evil.co.uk", "[reflected] false"},
		{"localhost:8080", "http://localhost:3000", "Access-Control-Allow-Origin: http://localhost:3000", "[http://localhost:3000] false"},
		{"a.example.com", "https://evil.test", "Access-Control-Allow-Origin: https://app.example.com", "[https://app.example.com] false"},
		{"a.example.com", "null", "Access-Control-Allow-Origin: null", "[reflected] false"},
	}
	for _, tt := range tests {
		l := newLedger(t)
		s := shot{url: "https://" + tt.host + "/x", answerHeader: tt.header, answer: "{}"}
		if tt.origin != "" {
			s.header = "Origin: " + tt.origin
		}
		l.fold(s)
		got := "nobody"
		if c := l.only().Facts.CORS; c != nil {
			got = fmt.Sprint(c.Origins, " ", c.Credentials)
		}
		if got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}
