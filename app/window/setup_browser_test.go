package window_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/app/window"
	"assay/storage"
)

// TestOpenBrowser opens the practice target's page in a real browser, on a screen of its own, and sees its requests
// arrive; the recorder was off.
func TestOpenBrowser(t *testing.T) {
	screen(t)
	o := newOffice(t, anyPort)
	found, err := o.setup.Found(window.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(found.Browsers, func(b window.FoundBrowser) bool { return b.Name == "chromium" }) {
		t.Skip("NOT RUN: chromium is not installed; build/setup.sh installs it")
	}
	target, err := o.setup.Target(window.TargetIn{On: true})
	if err != nil {
		t.Fatal(err)
	}
	started, err := o.setup.OpenBrowser(window.OpenBrowserIn{Name: "chromium", Page: target.Target.URL + "?ask=Hello"})
	if err != nil || started.Kind != "browser" || started.ID == "" {
		t.Fatalf("%+v, %v", started, err)
	}
	s := o.until("what the page asks for", func(window.SetupStatus) bool {
		return slices.ContainsFunc(o.rows(), func(r storage.Row) bool { return r.Path == "/api/chat" && r.LastUser == "Hello" })
	})
	var named int64 // the recorder looks programs up beside the traffic: on a busy machine some requests stay unnamed
	for _, c := range s.Clients {
		if c.Client != "" {
			named += c.Requests
		}
	}
	if len(s.Started) != 1 || s.Started[0].Ended || s.Started[0].Counted && s.Started[0].Requests != named {
		t.Errorf("while it is open: %+v; clients %+v", s.Started, s.Clients)
	}
	if _, err := o.setup.EndClient(window.StartedIn{ID: started.ID}); err != nil {
		t.Fatal(err)
	}
	s = o.until("its end", func(s window.SetupStatus) bool { return s.Started[0].Ended })
	if s.Started[0].Problem != "" {
		t.Errorf("it was asked to end, and says %q", s.Started[0].Problem)
	}
	if left, _ := filepath.Glob(filepath.Join(o.home.Dir(), "launch", "*", "chromium-*")); len(left) > 0 {
		t.Errorf("profiles were left: %v", left)
	}
	if s, err = o.setup.EndClient(window.StartedIn{ID: started.ID}); err != nil || len(s.Started) != 0 {
		t.Errorf("it is still listed: %+v, %v", s.Started, err)
	}
}

// screen gives the test a screen that nobody sees.
func screen(t *testing.T) {
	t.Helper()
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("NOT RUN: Xvfb is not installed; build/setup.sh installs it")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	_ = write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb names no display: %v", err)
	}
	_ = read.Close()
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	t.Setenv("HOME", t.TempDir()) // what the browser leaves beside its profile
}
