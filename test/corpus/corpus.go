// Package corpus opens the recorded and labelled data that lies beside the repository of those who have it. Tests that
// need it are skipped, and say so, where it is missing. Nothing of it is ever part of the repository.
package corpus

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// mostLine bounds a line: recorded bodies are long.
const mostLine = 256 << 20

// Here reports whether a file of the data is on this machine.
func Here(tb testing.TB, path ...string) bool {
	tb.Helper()
	_, err := os.Stat(place(tb, path))
	return err == nil
}

// Open gives the text of a packed file, named by its path in the folder of data.
func Open(tb testing.TB, path ...string) io.Reader {
	tb.Helper()
	f, err := os.Open(place(tb, path))
	if err != nil {
		tb.Skipf("NOT MEASURED: the data is not on this machine (%v)", err)
	}
	tb.Cleanup(func() { _ = f.Close() })
	z, err := zstd.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(z.Close)
	return z
}

// Read decodes every line of a packed file.
func Read[T any](tb testing.TB, path ...string) []T {
	tb.Helper()
	return Decode[T](tb, Open(tb, path...))
}

// Decode decodes JSON lines.
func Decode[T any](tb testing.TB, r io.Reader) []T {
	tb.Helper()
	var all []T
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, mostLine)
	for lines.Scan() {
		var one T
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			tb.Fatalf("%v in %.300s", err, lines.Bytes())
		}
		all = append(all, one)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return all
}

func place(tb testing.TB, path []string) string {
	tb.Helper()
	return filepath.Join(append([]string{root(tb), "..", "shared", "data"}, path...)...)
}

// root is the folder of the repository: tests run in that of their package.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("no go.mod above the test")
		}
		dir = up
	}
}
