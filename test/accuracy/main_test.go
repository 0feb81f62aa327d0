package accuracy_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"assay/test/corpus"
)

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
	text, err := io.ReadAll(corpus.Open(t, name...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// lines decodes JSON lines.
func lines[T any](t *testing.T, text []byte) []T {
	t.Helper()
	return corpus.Decode[T](t, bytes.NewReader(text))
}
