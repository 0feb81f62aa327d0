package ca_test

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/proxy/ca"
)

func load(tb testing.TB) *ca.Authority {
	tb.Helper()
	authority, err := ca.Load(filepath.Join(tb.TempDir(), "ca"))
	if err != nil {
		tb.Fatal(err)
	}
	return authority
}

func TestLoad(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "config", "ca")
	first, err := ca.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ca.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if first.Fingerprint() != second.Fingerprint() {
		t.Error("the second Load made another authority")
	}
	public, err := os.ReadFile(first.Path())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(public), "PRIVATE KEY") || string(public) != string(first.PEM()) {
		t.Error("ca.pem is not the certificate alone")
	}
	if runtime.GOOS != "windows" {
		checkMode(t, dir, 0o700)
		checkMode(t, filepath.Join(dir, "ca-key.pem"), 0o600)
		checkMode(t, first.Path(), 0o644)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
	root := first.Certificate()
	if !root.IsCA || !root.MaxPathLenZero || len(root.SubjectKeyId) != 20 {
		t.Errorf("the root is no authority of leaves only: %+v", root)
	}
	if err := root.CheckSignatureFrom(root); err != nil {
		t.Errorf("the root does not verify itself: %v", err)
	}
}

func checkMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s has mode %04o, want %04o", path, got, want)
	}
}

// TestLoadAtOnce starts as several processes would: none may end up with a key of its own.
func TestLoadAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	prints := make([]string, 20)
	var group sync.WaitGroup
	for i := range prints {
		group.Go(func() {
			authority, err := ca.Load(dir)
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = authority.Fingerprint()
		})
	}
	group.Wait()
	for _, print := range prints {
		if print != prints[0] {
			t.Fatalf("several authorities were made: %v", prints)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		change func(t *testing.T, key string)
		want   []string
	}{
		{"a key that others can read", func(t *testing.T, key string) {
			if runtime.GOOS == "windows" {
				t.Skip("Windows keeps access lists instead of modes")
			}
			must(t, os.Chmod(key, 0o644))
		}, []string{"can be read by other users", "0644", "chmod 600"}},
		{"an empty file", func(t *testing.T, key string) { must(t, os.WriteFile(key, nil, 0o600)) }, []string{"is damaged", "delete it"}},
		{"noise", func(t *testing.T, key string) {
			must(t, os.WriteFile(key, []byte(strings.Repeat("\x00\xff", 500)), 0o600))
		}, []string{"is damaged"}},
		{"a file cut in the middle", func(t *testing.T, key string) { must(t, os.Truncate(key, 700)) }, []string{"is damaged"}},
		{"a flipped byte", func(t *testing.T, key string) {
			raw := read(t, key)
			raw[200] ^= 1
			must(t, os.WriteFile(key, raw, 0o600))
		}, []string{"is damaged"}},
		{"the key of another", func(t *testing.T, key string) {
			other := read(t, filepath.Join(load(t).Dir(), "ca-key.pem"))
			block, _ := pem.Decode(read(t, key))
			_, rest := pem.Decode(other)
			must(t, os.WriteFile(key, append(pem.EncodeToMemory(block), rest...), 0o600))
		}, []string{"does not belong"}},
		{"a huge file", func(t *testing.T, key string) { must(t, os.Truncate(key, 1<<30)) }, []string{"is longer"}},
		{"a folder in its place", func(t *testing.T, key string) {
			must(t, os.Remove(key))
			must(t, os.Mkdir(key, 0o700))
		}, []string{"ca-key.pem"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			dir := load(t).Dir()
			row.change(t, filepath.Join(dir, "ca-key.pem"))
			_, err := ca.Load(dir)
			if err == nil {
				t.Fatal("Load took it")
			}
			for _, want := range row.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error %q does not say %q", err, want)
				}
			}
		})
	}
}

// TestLoadRepairs changes what can be put right without asking.
func TestLoadRepairs(t *testing.T) {
	t.Parallel()
	authority := load(t)
	must(t, os.WriteFile(authority.Path(), []byte("something else"), 0o644))
	if runtime.GOOS != "windows" {
		must(t, os.Chmod(authority.Dir(), 0o777))
	}
	again, err := ca.Load(authority.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if string(read(t, again.Path())) != string(authority.PEM()) {
		t.Error("ca.pem was not written again")
	}
	if runtime.GOOS != "windows" {
		checkMode(t, authority.Dir(), 0o700)
	}
}

func TestRootLife(t *testing.T) {
	t.Parallel()
	root := load(t).Certificate()
	if age := time.Since(root.NotBefore); age < 23*time.Hour || age > 25*time.Hour {
		t.Errorf("the root is valid since %s ago", age)
	}
	if left := time.Until(root.NotAfter); left < 9*365*24*time.Hour {
		t.Errorf("the root is valid for %s only", left)
	}
}

// FuzzLoad reads key files that anybody may have changed.
func FuzzLoad(f *testing.F) {
	f.Add(read(f, filepath.Join(load(f).Dir(), "ca-key.pem")))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "ca-key.pem"), content, 0o600))
		authority, err := ca.Load(dir)
		if err != nil {
			return
		}
		if _, err := authority.Leaf("example.com"); err != nil {
			t.Errorf("an authority that was loaded cannot sign: %v", err)
		}
	})
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func read(tb testing.TB, path string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(path)
	must(tb, err)
	return raw
}
