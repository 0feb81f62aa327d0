package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// binary is the program under test, built once.
var binary string

// target is the practice target all tests talk to, a process of its own, over TLS.
var target *labProcess

func TestMain(m *testing.M) {
	code, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func runAll(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "assay-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a folder left in the temporary place harms nobody
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if binary, err = program(ctx, dir); err != nil {
		return 1, err
	}
	if target, err = startLab(ctx, dir); err != nil {
		return 1, err
	}
	defer func() {
		target.stop()
		target.remove()
	}()
	return m.Run(), nil
}

// program is the binary ASSAY_BINARY names, such as one about to be released, or one built here.
func program(ctx context.Context, dir string) (string, error) {
	if ready := os.Getenv("ASSAY_BINARY"); ready != "" {
		return filepath.Abs(ready)
	}
	built := filepath.Join(dir, "assay")
	build := exec.CommandContext(ctx, "go", "build", "-o", built, "assay/cmd/assay")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return built, nil
}

// run runs the program to its end and returns what it printed; home is its folder for settings.
func run(t *testing.T, home string, args ...string) []byte {
	t.Helper()
	return runIn(t, environment(home), binary, args...)
}

// environment is that of this process, with a home of its own for the program and without a proxy.
func environment(home string) []string {
	return append(os.Environ(), "ASSAY_HOME="+home, "NO_COLOR=1", "HTTP_PROXY=", "HTTPS_PROXY=", "http_proxy=", "https_proxy=")
}

// runIn runs any program to its end and returns its standard output; it must succeed.
func runIn(t *testing.T, env []string, name string, args ...string) []byte {
	t.Helper()
	out, err := tryIn(t, env, name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tryIn is runIn for programs that may fail.
func tryIn(t *testing.T, env []string, name string, args ...string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Env = env
	command.WaitDelay = 5 * time.Second
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		return out.Bytes(), fmt.Errorf("%s %q: %w\n%s%s", filepath.Base(name), args, err, clip(out.Bytes()), clip(errs.Bytes()))
	}
	return out.Bytes(), nil
}

func clip(b []byte) []byte { return b[:min(len(b), 4000)] }

// lines decodes JSON lines.
func lines[T any](t *testing.T, out []byte) []T {
	t.Helper()
	var all []T
	decoder := json.NewDecoder(bytes.NewReader(out))
	for decoder.More() {
		var one T
		if err := decoder.Decode(&one); err != nil {
			t.Fatalf("%v in %s", err, clip(out))
		}
		all = append(all, one)
	}
	return all
}
