package detect_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"assay/scanner/detect"
)

// BenchmarkScan reads real LLM JSON where it lies beside the project.
func BenchmarkScan(b *testing.B) {
	file := filepath.Join("..", "..", "..", "shared", "data", "wire", "dev.jsonl.zst")
	if _, err := os.Stat(file); err != nil {
		b.Skip("the corpus is not here")
	}
	cmd := exec.CommandContext(b.Context(), "zstd", "-dqc", file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(io.LimitReader(out, 16<<20))
	if err != nil {
		b.Fatal(err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	const window = 64 << 10
	b.SetBytes(int64(len(text)))
	kinds := map[string]int{}
	for b.Loop() {
		clear(kinds)
		for at := 0; at < len(text); at += window {
			for _, span := range detect.Scan(string(text[at:min(len(text), at+window)]), detect.Options{Least: 0.5}) {
				kinds[span.Kind]++
			}
		}
	}
	b.Logf("in %d MB: %v", len(text)>>20, kinds)
}
