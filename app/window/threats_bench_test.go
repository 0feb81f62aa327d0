package window_test

import (
	"fmt"
	"testing"
	"time"

	"assay/app/window"
	"assay/scanner"
)

// manyThreats keeps n threats of n/10 actors, each with one moment.
func (r *rig) manyThreats(n int) {
	r.t.Helper()
	severities := []scanner.Severity{scanner.SeverityCritical, scanner.SeverityHigh, scanner.SeverityMedium, scanner.SeverityLow, scanner.SeverityInfo}
	now := time.Now().UTC()
	w := &scanner.Watched{}
	for i := 1; i <= n; i++ {
		at := now.Add(-time.Duration(i) * time.Second)
		key := scanner.ActorKey(fmt.Sprintf("key:%08x", i%max(n/10, 1)))
		w.Threats = append(w.Threats, &scanner.Threat{
			ID: scanner.ThreatID(i), Rule: fmt.Sprintf("rule-%d", i%100), Title: fmt.Sprintf("Threat %d of many", i), Severity: severities[i%len(severities)], Actor: key,
			Host: "api.example.com", Model: "gpt-4o", First: at, Last: at, Raised: at, Count: 1, State: scanner.ThreatNew,
			Seen: "Somebody tries to steer the model.", OWASP: []string{"LLM01:2025"},
		})
		w.Moments = append(w.Moments, scanner.Moment{Threat: scanner.ThreatID(i), At: at, What: "An injection.", Weight: 1})
		if i <= n/10 {
			w.Actors = append(w.Actors, &scanner.Actor{Key: key, Kind: "key", Name: string(key[4:]), First: at, Last: at, Exchanges: 10, Risk: float64(i) / float64(n)})
		}
	}
	if err := r.store.SaveWatched(r.t.Context(), w); err != nil {
		r.t.Fatal(err)
	}
}

// BenchmarkThreats is what the watch asks for while it is looked at, over 100,000 threats of 10,000 actors.
func BenchmarkThreats(b *testing.B) {
	r := newRig(b)
	r.manyThreats(100_000)
	w := r.threats()
	for name, ask := range map[string]func() error{
		"first page": func() error { _, err := w.List(window.ThreatsIn{Limit: 200}); return err },
		"middle page": func() error {
			_, err := w.List(window.ThreatsIn{From: 50_000, Limit: 200})
			return err
		},
		"by last":  func() error { _, err := w.List(window.ThreatsIn{Sort: "last", Limit: 200}); return err },
		"words":    func() error { _, err := w.List(window.ThreatsIn{Text: "Threat 99", Limit: 200}); return err },
		"summary":  func() error { _, err := w.Summary(window.Nothing{}); return err },
		"hour":     func() error { _, err := w.Timeline(window.ThreatTimelineIn{Range: "hour"}); return err },
		"ever":     func() error { _, err := w.Timeline(window.ThreatTimelineIn{Range: "all"}); return err },
		"rules":    func() error { _, err := w.Rules(window.Nothing{}); return err },
		"actors":   func() error { _, err := w.Actors(window.ActorsIn{Limit: 200}); return err },
		"a threat": func() error { _, err := w.Get(window.ThreatIn{ID: "500"}); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
