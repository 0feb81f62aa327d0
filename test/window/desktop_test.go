package window

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNoDisplay starts the desktop program where there is nothing to show it on.
func TestNoDisplay(t *testing.T) {
	t.Parallel()
	if built.desktop == "" {
		skip(t, "the desktop program could not be built: "+built.why)
	}
	for name, display := range map[string]string{"none": "DISPLAY=", "gone": "DISPLAY=:65000"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := installation(t, options{}, "window")
			cmd := quiet(t, built.desktop, w.Project)
			cmd.Env = append(w.environment(), display, "WAYLAND_DISPLAY=")
			p, url := firstLine(t, cmd, func(line string) bool { return strings.HasPrefix(line, "http://127.0.0.1:") })
			resp, err := http.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK || !strings.Contains(p.words(), "the same window is served to a browser") {
				t.Errorf("%s, and it said %s", resp.Status, p.words())
			}
			if p.end(20 * time.Second); p.err != nil {
				t.Errorf("it ended with %v", p.err)
			}
		})
	}
}

// TestDesktopEnds needs SIGTERM to end the window cleanly: the recorder drained, size and place remembered.
func TestDesktopEnds(t *testing.T) {
	t.Parallel()
	w := openWindow(t, options{})
	w.Wait("nav")
	w.Call("Session.StartCapture", map[string]string{"listen": "127.0.0.1:0"}, nil)
	if left, _ := filepath.Glob(filepath.Join(w.Home, "running", "*.json")); len(left) != 1 {
		t.Fatalf("the recorder is not announced: %v", left)
	}
	if err := w.app.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var settings struct {
		Window struct{ Width, Height int }
	}
	for began := time.Now(); time.Since(began) < patience; time.Sleep(50 * time.Millisecond) {
		left, _ := filepath.Glob(filepath.Join(w.Home, "running", "*.json"))
		data, _ := os.ReadFile(filepath.Join(w.Home, "settings.json"))
		if json.Unmarshal(data, &settings) == nil && settings.Window.Width > 0 && len(left) == 0 {
			break
		}
	}
	if settings.Window.Width != 1280 || settings.Window.Height != 800 {
		t.Errorf("the remembered size is %+v", settings.Window)
	}
	if left, _ := filepath.Glob(filepath.Join(w.Home, "running", "*.json")); len(left) != 0 {
		t.Errorf("the recorder was not ended: %v", left)
	}
}

// TestMenu chooses Help, Keys in the menu bar by keyboard, and needs the window to run that command.
func TestMenu(t *testing.T) {
	t.Parallel()
	need(t, "xdotool")
	w := openWindow(t, options{})
	w.Wait("nav")
	// There is no window manager here to give the window the keyboard. Left of the first menu is the last one.
	cmd := exec.CommandContext(t.Context(), "xdotool", "search", "--onlyvisible", "--name", "Assay", "windowfocus", "--sync",
		"key", "--delay", "100", "F10", "Left", "Down", "Down", "Return")
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	w.Wait("[role=dialog]")
	w.Screenshot("keys")
}
