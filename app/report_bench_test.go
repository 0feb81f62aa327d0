package app_test

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/report"
	"assay/scanner"
	"assay/traffic"
)

// BenchmarkReport is a report of 500 findings over 100,000 exchanges: the issue wants HTML within 3 s and PDF within 10 s.
// ASSAY_BENCH_PROJECT names a folder in which the project stays, to be measured from outside.
func BenchmarkReport(b *testing.B) {
	const exchanges, findings = 100_000, 500
	ctx, folder := b.Context(), cmp.Or(os.Getenv("ASSAY_BENCH_PROJECT"), b.TempDir())
	home, err := app.OpenHome(filepath.Join(folder, "home"))
	if err != nil {
		b.Fatal(err)
	}
	a := &app.App{Home: home, Version: "bench"}
	path := filepath.Join(folder, "bench.assay")
	if _, err := os.Stat(path); err != nil {
		benchTraffic(b, a, path, exchanges)
	}
	p, err := a.OpenProject(ctx, path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.Close() })
	benchFindings(b, p, findings)
	for _, format := range []string{"html", "pdf", "json", "bundle"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				r, err := p.Report(ctx, app.ReportOptions{Audience: report.Technical})
				if err != nil {
					b.Fatal(err)
				}
				data, err := r.Bytes(ctx, format)
				if err != nil || len(r.Document.Weaknesses) != findings {
					b.Fatal(len(r.Document.Weaknesses), err)
				}
				b.ReportMetric(float64(len(data))/(1<<20), "MiB")
			}
		})
	}
}

// benchTraffic imports calls of models.
func benchTraffic(b *testing.B, a *app.App, path string, exchanges int) {
	b.Helper()
	in, out := io.Pipe()
	go func() {
		for i := range exchanges {
			fmt.Fprintf(out, `{"method":"POST","url":"https://api%d.example.com/v1/chat/completions","request_headers":{"Content-Type":"application/json"},"request_body":%q,`+
				`"status":200,"response_headers":{"Content-Type":"application/json"},"response_body":%q}`+"\n", i%200,
				fmt.Sprintf(`{"model":"gpt-%d","messages":[{"role":"user","content":"hello %d"}]}`, i%40, i),
				fmt.Sprintf(`{"model":"gpt-%d","choices":[{"index":0,"message":{"role":"assistant","content":"I am well, number %d"}}]}`, i%40, i))
		}
		out.Close()
	}()
	if _, err := a.Import(b.Context(), path, in, app.ImportOptions{Format: "jsonl", Name: "bench"}); err != nil {
		b.Fatal(err)
	}
}

// benchFindings keeps a run with findings whose answers are as long as those of models are, with something to hide in each.
func benchFindings(b *testing.B, p *app.Project, n int) {
	b.Helper()
	all := plants(3, n/len(breeds)+1)
	answer := strings.Repeat("Of course. The record says what you asked for, and this is how it goes on for a while. ", 40)
	run := &scanner.Run{Name: "bench", State: scanner.RunRunning, Created: time.Now(), Targets: []scanner.RunTarget{{Ref: "model:1", Name: "bench", Host: "api1.example.com"}}}
	var cases []scanner.Case
	var records []*scanner.TrialRecord
	for i := 1; i <= n; i++ {
		template := fmt.Sprintf("template-%d", i)
		cases = append(cases, scanner.Case{N: i, Key: template, Template: template, Severity: scanner.SeverityHigh, OWASP: []string{"LLM02:2025"}, Target: "model:1", Mutation: "none", Trials: 3})
		for trial := 1; trial <= 3; trial++ {
			records = append(records, &scanner.TrialRecord{
				Trial: scanner.Trial{
					Case: i, N: trial, Started: time.Now(), Took: time.Second, Answer: answer + all[i].sentence, Print: fmt.Sprint(i), Requests: 1,
					Sent: []scanner.Sent{{Slot: "json:/messages/0/content", Plain: answer[:1500]}},
					Judgement: scanner.Judgement{Verdict: scanner.Vulnerable, Reason: "It told what it must not.", By: "rules", Confidence: 0.9, Evidence: []scanner.Evidence{
						{Signal: "regex", Where: "answer", Start: len(answer), End: len(answer) + len(all[i].sentence), Why: "a secret"},
					}},
				},
				Done: trial == 3, Exchanges: []*traffic.Record{leakExchange(i, "https://api1.example.com/v1/chat/completions", all[i:i+1])},
				Finding: &scanner.Finding{
					Print: fmt.Sprint(i), Source: "test", Template: template, Title: fmt.Sprintf("Weakness %d", i), Severity: scanner.SeverityHigh, OWASP: []string{"LLM02:2025"},
					Target: "model:1", Name: "bench", Class: "regex", Reason: "It told what it must not.",
				},
			})
		}
	}
	ctx := b.Context()
	id, err := p.Store().CreateRun(ctx, run, func(yield func(scanner.Case) bool) {
		for _, c := range cases {
			if !yield(c) {
				return
			}
		}
	}, nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := p.Store().SaveTrials(ctx, id, records); err != nil {
		b.Fatal(err)
	}
	if err := p.Store().SetRunState(ctx, id, scanner.RunDone, "", time.Second); err != nil {
		b.Fatal(err)
	}
	if err := p.Store().Settle(ctx); err != nil {
		b.Fatal(err)
	}
}
