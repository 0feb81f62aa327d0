package detect_test

import (
	"bufio"
	"encoding/json"
	"testing"

	"assay/scanner/detect"
	"assay/test/corpus"
)

// bodies reads bodies of recorded LLM requests where they lie beside the project, up to so many bytes.
func bodies(tb testing.TB, most int) (all []string, size int) {
	tb.Helper()
	lines := bufio.NewScanner(corpus.Open(tb, "wire", "dev.jsonl.zst"))
	lines.Buffer(nil, 256<<20)
	for size < most && lines.Scan() {
		var row struct {
			Request string `json:"request_body"`
			Answer  string `json:"response_body"`
		}
		if json.Unmarshal(lines.Bytes(), &row) == nil || row.Request != "" {
			for _, text := range []string{row.Request, row.Answer} {
				if text != "" {
					all, size = append(all, text), size+len(text)
				}
			}
		}
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return all, size
}

// BenchmarkScan looks for personal data and secrets in bodies of recorded LLM traffic, each as it is; and for secrets alone
// as gitleaks' own detector does, in a part of them.
func BenchmarkScan(b *testing.B) {
	b.Run("assay", func(b *testing.B) {
		all, size := bodies(b, 32<<20)
		b.SetBytes(int64(size))
		kinds := map[string]int{}
		for b.Loop() {
			clear(kinds)
			for _, text := range all {
				for _, span := range detect.Scan(text, detect.Options{Least: detect.Likely}) {
					kinds[span.Kind]++
				}
			}
		}
		b.Logf("in %d texts, %d MB: %v", len(all), size>>20, kinds)
	})
	b.Run("gitleaks-way", func(b *testing.B) {
		all, size := bodies(b, 4<<20)
		b.SetBytes(int64(size))
		found := 0
		for b.Loop() {
			found = 0
			for _, text := range all {
				found += detect.ScanWhole(text)
			}
		}
		b.Logf("in %d texts, %d MB: %d secrets", len(all), size>>20, found)
	})
}
