package window_test

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/app/window"
)

// faultIn reads an error as the window does.
func faultIn(t *testing.T, err error) (f window.Fault) {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	if err := json.Unmarshal([]byte(err.Error()), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFaultsForTheWindow needs errors to be sentences that name nothing of the command line.
func TestFaultsForTheWindow(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s := newRig(t).session()
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.assay")
	if err := os.WriteFile(foreign, []byte("this is no project"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, busy := s.StartCapture(window.CaptureIn{Listen: taken.Addr().String()})
	_, broken := s.OpenProject(window.ProjectIn{Path: foreign})
	_, beneath := s.OpenProject(window.ProjectIn{Path: filepath.Join(foreign, "p.assay")})
	for name, err := range map[string]error{"port taken": busy, "foreign": broken, "no folder": beneath} {
		f := faultIn(t, err)
		t.Logf("%s: %s / %s", name, f.Message, f.Hint)
		for _, text := range []string{f.Message, f.Hint} {
			if strings.Contains(text, "--") || strings.Contains(text, "`assay") {
				t.Errorf("%s: %q is for the command line", name, text)
			}
			if text != "" && strings.ToUpper(text[:1]) != text[:1] {
				t.Errorf("%s: %q is no sentence", name, text)
			}
		}
	}
	if f := faultIn(t, busy); !strings.Contains(f.Hint, "Settings") {
		t.Errorf("the hint of a port that is taken is %q", f.Hint)
	}
}
