package app_test

import (
	"os"
	"testing"

	"assay/app"
)

// BenchmarkPosture works out how a project stands: the one that ASSAY_BENCH_PROJECT names, of which it changes nothing but its snapshots, else a
// small one. For 100,000 exchanges:
//
//	assay lab population --seed 7 --actors 200 --days 14 -o week.jsonl; head -100000 week.jsonl > w.jsonl
//	assay import jsonl w.jsonl --project w.assay; then a run of owasp-llm-top-10 on the practice target
func BenchmarkPosture(b *testing.B) {
	home, err := app.OpenHome(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	a := &app.App{Home: home, Version: "test"}
	path := os.Getenv("ASSAY_BENCH_PROJECT")
	if path == "" {
		if path, err = a.MakeSample(b.Context(), func(int64, int64) {}); err != nil {
			b.Fatal(err)
		}
	}
	p, err := a.OpenProject(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for name, ask := range map[string]func() error{
		"project":      func() error { _, err := p.Posture(b.Context(), ""); return err },
		"part":         func() error { _, err := p.Posture(b.Context(), "model:gpt-4o"); return err },
		"assets":       func() error { _, err := p.PostureAssets(b.Context()); return err },
		"requirements": func() error { _, err := p.Requirements(b.Context()); return err },
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
