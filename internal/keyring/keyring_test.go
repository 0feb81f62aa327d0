package keyring_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/internal/keyring"
)

func open(tb testing.TB, dir, phrase string) keyring.Keyring {
	tb.Helper()
	ring, err := keyring.Open(tb.Context(), dir, keyring.Options{FileOnly: true, Passphrase: phrase})
	if err != nil {
		tb.Fatal(err)
	}
	return ring
}

func TestFile(t *testing.T) {
	t.Parallel()
	for _, phrase := range []string{"", "correct horse"} {
		t.Run("passphrase "+phrase, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "config")
			ring := open(t, dir, phrase)
			secrets := map[string][]byte{
				"key":           []byte("sk-secret-value"),
				"binary":        {0, 1, 0xff, 0},
				"empty":         {},
				"long":          bytes.Repeat([]byte("x"), 1<<20),
				"ключ/with: \n": []byte("name"),
			}
			for name, secret := range secrets {
				must(t, ring.Set(t.Context(), name, secret))
			}
			for _, reader := range []keyring.Keyring{ring, open(t, dir, phrase)} {
				for name, want := range secrets {
					got, err := reader.Get(t.Context(), name)
					if err != nil || !bytes.Equal(got, want) {
						t.Errorf("%q holds %d bytes, %v; want %d", name, len(got), err, len(want))
					}
				}
			}
			must(t, ring.Set(t.Context(), "key", []byte("new")))
			if got, err := ring.Get(t.Context(), "key"); err != nil || string(got) != "new" {
				t.Errorf("after a second Set it holds %q, %v", got, err)
			}
			must(t, ring.Delete(t.Context(), "key"))
			must(t, ring.Delete(t.Context(), "key"))
			if _, err := ring.Get(t.Context(), "key"); !errors.Is(err, keyring.ErrNotFound) {
				t.Errorf("after Delete the error is %v", err)
			}
			checkFiles(t, dir)
		})
	}
}

// checkFiles finds no secret in plain text and no file that others can read.
func checkFiles(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		raw, err := os.ReadFile(path)
		must(t, err)
		if bytes.Contains(raw, []byte("sk-secret")) || bytes.Contains(raw, []byte("correct horse")) {
			t.Errorf("%s holds a secret in plain text", entry.Name())
		}
		info, err := entry.Info()
		must(t, err)
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %04o", entry.Name(), info.Mode().Perm())
		}
		if strings.HasPrefix(entry.Name(), ".") {
			t.Errorf("a temporary file is left: %s", entry.Name())
		}
	}
}

func TestFileRefuses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name          string
		before, after string // passphrases
		change        func(t *testing.T, dir string)
		is            error
		want          string
	}{
		{name: "a wrong passphrase", before: "one", after: "two", is: keyring.ErrPassphrase, want: "ASSAY_PASSPHRASE"},
		{name: "no passphrase", before: "one", is: keyring.ErrPassphrase, want: "set ASSAY_PASSPHRASE"},
		{name: "a passphrase for a key file", after: "two", is: keyring.ErrPassphrase, want: "unset ASSAY_PASSPHRASE"},
		{name: "a flipped byte", change: flip("secrets.bin", -1), want: "was changed"},
		{name: "a flipped byte in the header", change: flip("secrets.bin", 16), want: "was changed"},
		{name: "a flipped byte under a passphrase", before: "one", after: "one", change: flip("secrets.bin", -1), is: keyring.ErrPassphrase},
		{name: "a newer version", change: flip("secrets.bin", 13), want: "damaged"},
		{name: "another key", change: flip("secrets.key", 0), want: "was changed"},
		{name: "a cut file", change: func(t *testing.T, dir string) { must(t, os.Truncate(filepath.Join(dir, "secrets.bin"), 40)) }, want: "is damaged"},
		{name: "an empty file", change: func(t *testing.T, dir string) { must(t, os.Truncate(filepath.Join(dir, "secrets.bin"), 0)) }, want: "is damaged"},
		{name: "a cut key", change: func(t *testing.T, dir string) { must(t, os.Truncate(filepath.Join(dir, "secrets.key"), 7)) }, want: "7 bytes instead of 32"},
		{name: "no key", change: func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "secrets.key"))) }, want: "is missing"},
		{name: "a key that others can read", change: func(t *testing.T, dir string) {
			if runtime.GOOS == "windows" {
				t.Skip("Windows keeps access lists instead of modes")
			}
			must(t, os.Chmod(filepath.Join(dir, "secrets.key"), 0o640))
		}, want: "chmod 600"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			must(t, open(t, dir, row.before).Set(t.Context(), "key", []byte("value")))
			if row.change != nil {
				row.change(t, dir)
			}
			_, err := keyring.Open(t.Context(), dir, keyring.Options{FileOnly: true, Passphrase: row.after})
			if err == nil || !strings.Contains(err.Error(), row.want) || row.is != nil && !errors.Is(err, row.is) {
				t.Errorf("the error is %v, want one with %q", err, row.want)
			}
		})
	}
}

func flip(name string, at int) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		path := filepath.Join(dir, name)
		raw, err := os.ReadFile(path)
		must(t, err)
		raw[(at+len(raw))%len(raw)] ^= 1
		must(t, os.WriteFile(path, raw, 0o600))
	}
}

// TestProcesses lets several processes, with several goroutines each, write to one file: no write may be lost.
func TestProcesses(t *testing.T) {
	t.Parallel()
	const role, processes, writers = "ASSAY_TEST_KEYRING_WRITER", 4, 8
	if writer := os.Getenv(role); writer != "" {
		dir, name, _ := strings.Cut(writer, "|")
		var group sync.WaitGroup
		for i := range writers {
			group.Go(func() {
				own, err := keyring.Open(t.Context(), dir, keyring.Options{FileOnly: true})
				if err == nil {
					err = own.Set(t.Context(), fmt.Sprintf("%s-%d", name, i), []byte(name))
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		return
	}
	dir := t.TempDir()
	self, err := os.Executable()
	must(t, err)
	var group sync.WaitGroup
	for i := range processes {
		group.Go(func() {
			cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestProcesses$")
			cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|p%d", role, dir, i))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	group.Wait()
	ring := open(t, dir, "")
	for i := range processes {
		for j := range writers {
			if _, err := ring.Get(t.Context(), fmt.Sprintf("p%d-%d", i, j)); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestFallback opens without a session bus, as on a server: the file must be there at once, and say why.
func TestFallback(t *testing.T) { // not parallel: it sets the environment
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		t.Skip("NOT RUN: the keychain of this system needs no session bus")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	start := time.Now()
	ring, err := keyring.Open(t.Context(), t.TempDir(), keyring.Options{})
	must(t, err)
	if took := time.Since(start); took > 2500*time.Millisecond {
		t.Errorf("it took %s to find no keychain", took)
	}
	if !strings.Contains(ring.Backend(), "secrets.bin") || !strings.Contains(ring.Backend(), "no D-Bus") {
		t.Errorf("the backend is %s", ring.Backend())
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "nobody"))
	ring, err = keyring.Open(t.Context(), t.TempDir(), keyring.Options{})
	must(t, err)
	if !strings.Contains(ring.Backend(), "does not work") {
		t.Errorf("the backend is %s", ring.Backend())
	}
}

// TestSecretService runs this test again on a session bus of its own with an unlocked GNOME Keyring.
func TestSecretService(t *testing.T) {
	t.Parallel()
	const role = "ASSAY_TEST_SECRET_SERVICE"
	if dir := os.Getenv(role); dir != "" {
		useKeychain(t, dir)
		return
	}
	for _, name := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("NOT RUN: %s is not installed; build/setup.sh installs it", name)
		}
	}
	home := t.TempDir()
	dir := filepath.Join(home, "assay")
	must(t, open(t, dir, "").Set(t.Context(), "older", []byte("of the file")))
	self, err := os.Executable()
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "dbus-run-session", "--", "sh", "-c",
		`printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "$0" -test.v -test.run='^TestSecretService$'`, self)
	cmd.Env = append(os.Environ(), role+"="+dir, "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_DATA_HOME="+home, "DISPLAY=")
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestSecretService") {
		t.Errorf("%v\n%s", err, out)
	}
}

func useKeychain(t *testing.T, dir string) {
	t.Helper()
	ring, err := keyring.Open(t.Context(), dir, keyring.Options{Patience: 20 * time.Second})
	must(t, err)
	if !strings.Contains(ring.Backend(), "Secret Service") {
		t.Fatalf("the backend is %s", ring.Backend())
	}
	secret := []byte{0, 0xff, 'x'}
	must(t, ring.Set(t.Context(), "key", secret))
	if got, err := ring.Get(t.Context(), "key"); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("it holds %q, %v", got, err)
	}
	if got, err := ring.Get(t.Context(), "older"); err != nil || string(got) != "of the file" {
		t.Errorf("what the file held is %q, %v", got, err)
	}
	must(t, ring.Delete(t.Context(), "older"))
	must(t, ring.Delete(t.Context(), "key"))
	for _, name := range []string{"key", "older", "never"} {
		if _, err := ring.Get(t.Context(), name); !errors.Is(err, keyring.ErrNotFound) {
			t.Errorf("for %q the error is %v", name, err)
		}
	}
}

// FuzzFile opens files that anybody may have changed.
func FuzzFile(f *testing.F) {
	dir := f.TempDir()
	must(f, open(f, dir, "").Set(f.Context(), "key", []byte("value")))
	good, err := os.ReadFile(filepath.Join(dir, "secrets.bin"))
	must(f, err)
	key, err := os.ReadFile(filepath.Join(dir, "secrets.key"))
	must(f, err)
	f.Add(good)
	f.Add(good[:50])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "secrets.bin"), content, 0o600))
		must(t, os.WriteFile(filepath.Join(dir, "secrets.key"), key, 0o600))
		_, err := keyring.Open(t.Context(), dir, keyring.Options{FileOnly: true})
		if err == nil && !bytes.Equal(content, good) {
			t.Error("a changed file was opened")
		}
	})
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
