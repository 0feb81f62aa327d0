package requirement_test

import (
	"fmt"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/requirement"
)

// BenchmarkCheck asks all presets of a project with 5,000 endpoints and 2,000 assets.
func BenchmarkCheck(b *testing.B) {
	all := presets(b)
	w := requirement.World{Exchanges: 100_000, Now: time.Unix(1_800_000_000, 0)}
	for i := range 5000 {
		w.Endpoints = append(w.Endpoints, &scanner.Endpoint{
			ID: scanner.EndpointID(i + 1), Key: scanner.Key{Scheme: "https", Host: fmt.Sprint("h", i%50, ".example"), Method: "POST", Path: fmt.Sprint("/", i)}, Kind: llm.KindLLM,
			Access: scanner.AccessPublic, Count: 20,
			Facts: scanner.Facts{
				Auth: []scanner.Auth{{Kind: "bearer", N: 20, OK: 20}}, TLS: []scanner.TLS{{Version: "TLS 1.3", Expiry: "2027-01-01T00:00:00Z", N: 20}},
				Sensitive: []scanner.SensitiveTally{{Type: "EMAIL_ADDRESS", Class: "personal", Where: "request", Count: 2}},
			},
		})
	}
	for i := range 2000 {
		w.Assets = append(w.Assets, &scanner.Asset{ID: scanner.AssetID(i + 1), Kind: scanner.AssetTool, Name: fmt.Sprint("transfer_money_", i), Versions: 1})
	}
	for b.Loop() {
		fresh := w
		for _, r := range all {
			if r.Of != requirement.Exchanges {
				subjects, complete := fresh.Subjects(r.Of)
				r.Check(subjects, complete, w.Now)
			}
		}
	}
}
