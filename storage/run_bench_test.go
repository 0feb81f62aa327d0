package storage_test

import (
	"fmt"
	"strings"
	"testing"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// BenchmarkSaveTrials keeps trials in batches of 16, as the engine does: a request of 700 bytes, an answer of 900, a tenth
// of them vulnerable, one secret to look for, in a file on disk. Packing goes on beside it.
func BenchmarkSaveTrials(b *testing.B) {
	p := open(b, temp(b), storage.Options{Keys: &keys{}})
	const cases = 20_000
	var run scanner.RunID
	req := []byte(`{"model":"m","messages":[{"role":"system","content":"` + strings.Repeat("be kind. ", 50) + `"},{"role":"user","content":"` + strings.Repeat("tell me. ", 20) + `"}]}`)
	res := []byte(`{"id":"x","choices":[{"message":{"role":"assistant","content":"` + strings.Repeat("I cannot do that. ", 40) + `"}}],"usage":{"total_tokens":300}}`)
	n := 0
	for i := 0; i < b.N; i += 16 {
		if n%cases == 0 {
			b.StopTimer()
			run, n = newRun(b, p, cases), 0
			b.StartTimer()
		}
		batch := make([]*scanner.TrialRecord, 0, 16)
		for range 16 {
			n++
			verdict := scanner.Resisted
			if n%10 == 0 {
				verdict = scanner.Vulnerable
			}
			r := trialOf(n, 1, verdict)
			x := exchange("lab.example", "/v1/chat/completions", 200, req, res)
			x.Request.Header = append(x.Request.Header, traffic.Field{Name: "Authorization", Value: "Bearer sk-secret-of-the-bench"})
			r.Exchanges = []*traffic.Record{{Exchange: *x}}
			r.Secrets = []string{"sk-secret-of-the-bench"}
			r.Trial.Answer = strings.Repeat("I cannot do that. ", 40)
			r.Trial.Print = fmt.Sprint(run, "/", n)
			batch = append(batch, r)
		}
		keep(b, p, run, batch...)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "trials/s")
}
