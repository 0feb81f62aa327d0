package accuracy_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// data is the folder of the recordings, beside the repository of those who have it.
var data = filepath.Join("..", "..", "..", "shared", "data")

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) {
	code, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		code = 1
	}
	os.Exit(code)
}

func runAll(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "assay-accuracy-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a folder left in the temporary place harms nobody
	if binary = os.Getenv("ASSAY_BINARY"); binary != "" {
		binary, err = filepath.Abs(binary)
	} else {
		binary = filepath.Join(dir, "assay")
		build := exec.CommandContext(context.Background(), "go", "build", "-o", binary, "assay/cmd/assay")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, failed := build.CombinedOutput(); failed != nil {
			err = fmt.Errorf("build the program: %w\n%s", failed, out)
		}
	}
	if err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// assay runs the program to its end and returns what it printed.
func assay(t *testing.T, home string, in []byte, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, binary, args...)
	command.Env = append(os.Environ(), "ASSAY_HOME="+home, "ASSAY_KEYRING=file", "NO_COLOR=1")
	command.Stdin = bytes.NewReader(in)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		t.Fatalf("assay %q: %v\n%s", args, err, errs.Bytes()[:min(errs.Len(), 4000)])
	}
	return out.Bytes()
}

// load unpacks a file of the recordings; the test ends where it is missing.
func load(t *testing.T, name ...string) []byte {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join(append([]string{data}, name...)...))
	if err != nil {
		t.Skipf("NOT MEASURED: the recordings are not on this machine (%v)", err)
	}
	reader, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	text, err := reader.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// lines decodes JSON lines.
func lines[T any](t *testing.T, text []byte) []T {
	t.Helper()
	var all []T
	scan := bufio.NewScanner(bytes.NewReader(text))
	scan.Buffer(nil, 256<<20)
	for scan.Scan() {
		var one T
		if err := json.Unmarshal(scan.Bytes(), &one); err != nil {
			t.Fatalf("%v in %.300s", err, scan.Bytes())
		}
		all = append(all, one)
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
