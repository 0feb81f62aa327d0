package launch_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"assay/proxy/launch"
)

// TestAt takes programs that are called like a browser, and nothing else.
func TestAt(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files of Windows have no right to be run")
	}
	dir := t.TempDir()
	file := func(name string, mode os.FileMode) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bundle := file("Google Chrome.app/Contents/MacOS/Google Chrome", 0o700)
	for _, row := range []struct{ path, name, problem string }{
		{file("chromium", 0o700), "chromium", ""},
		{file("firefox-esr", 0o700), "firefox", ""},
		{file("msedge.exe", 0o700), "edge", ""},
		{filepath.Join(dir, "Google Chrome.app"), "chrome", ""},
		{bundle, "chrome", ""},
		{file("rm", 0o700), "", "not the name of a browser"},
		{file("text/chromium", 0o600), "", "may not be run"},
		{filepath.Join(dir, "text"), "", "not a program"},
		{filepath.Join(dir, "none/chromium"), "", "no program at"},
		{"chromium", "", "not a whole path"},
		{filepath.Join(dir, "chromium") + " --evil", "", "no program at"},
	} {
		found, err := launch.At(row.path)
		switch {
		case row.problem == "" && (err != nil || found.Name != row.name):
			t.Errorf("%s: %+v, %v; want %s", row.path, found, err, row.name)
		case row.problem != "" && (err == nil || !strings.Contains(err.Error(), row.problem)):
			t.Errorf("%s: %v, want an error with %q", row.path, err, row.problem)
		}
	}
}

// TestRuns tells the processes of browsers apart by the names the system gives them.
func TestRuns(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		browser, process string
		want             bool
	}{
		{"chromium", "chromium", true},
		{"chrome", "chrome", true},
		{"chrome", "Google Chrome", true},
		{"edge", "msedge.exe", true},
		{"firefox", "firefox-bin", true},
		{"firefox", "node", false},
		{"brave", "", false},
	} {
		if got := (launch.Browser{Name: row.browser}).Runs(row.process); got != row.want {
			t.Errorf("%s, %q: %v", row.browser, row.process, got)
		}
	}
}
