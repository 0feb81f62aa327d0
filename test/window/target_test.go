package window

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// options say how a window is opened.
type options struct {
	Home    string   // an installation to go on with; empty makes one
	Project string   // empty means the one used last
	Args    []string // more for `assay serve`; the desktop program has no others
	Env     []string // more for `assay serve`
	NoVisit bool     // the page is not waited for
}

// eachTarget runs a test on the real window and in a browser.
func eachTarget(t *testing.T, o options, test func(t *testing.T, w *page)) {
	t.Helper()
	for _, target := range []struct {
		name string
		open func(*testing.T, options) *page
	}{{"window", openWindow}, {"browser", openBrowser}} {
		t.Run(target.name, func(t *testing.T) {
			w := target.open(t, o)
			if !o.NoVisit {
				w.Eventually("the page is drawn", func() bool { return w.JS(`return document.querySelector('#root')?.childElementCount > 0`) == true })
			}
			test(t, w)
		})
	}
}

// installation makes what a window has of its own.
func installation(t *testing.T, o options, target string) *page {
	t.Helper()
	w := &page{t: t, Target: target, Home: o.Home, Project: o.Project}
	if w.Home == "" {
		w.Home = t.TempDir()
	}
	if w.Project == "" {
		w.Project = filepath.Join(w.Home, "projects", "default.assay")
	}
	return w
}

func (w *page) environment() []string {
	return append(os.Environ(), "ASSAY_HOME="+w.Home, "ASSAY_KEYRING=file", "ASSAY_PROJECT=", "HOME="+w.Home, "XDG_RUNTIME_DIR="+w.Home,
		"NO_AT_BRIDGE=1", "DBUS_SESSION_BUS_ADDRESS=disabled:", "LIBGL_ALWAYS_SOFTWARE=1", "LANG=C.UTF-8")
}

// openBrowser serves the window to headless Chromium.
func openBrowser(t *testing.T, o options) *page {
	t.Helper()
	need(t, "chromedriver", "chromium")
	w := installation(t, o, "browser")
	args := append([]string{"serve", "--no-open", "--json", "--record-listen", "127.0.0.1:0", "--project", w.Project}, o.Args...)
	serve := exec.CommandContext(t.Context(), built.assay, args...)
	serve.Env = append(w.environment(), o.Env...)
	serve.Cancel = func() error { return nil } // ended by start's cleanup, which gives it time
	var ready struct {
		URL string `json:"url"`
	}
	var line string
	w.app, line = firstLine(t, serve, func(line string) bool { return strings.HasPrefix(line, "{") })
	if err := json.Unmarshal([]byte(line), &ready); err != nil {
		t.Fatal(err)
	}
	port := chromedriver(t)
	chromium, _ := exec.LookPath("chromium")
	w.connect("http://127.0.0.1:"+port, map[string]any{
		"goog:chromeOptions": map[string]any{"binary": chromium, "args": []string{
			"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb", // no flag sets the size of the page itself
		}},
		"goog:loggingPrefs": map[string]string{"browser": "ALL"},
	})
	t.Cleanup(func() { w.noComplaints() })
	if err := w.open(ready.URL); err != nil {
		t.Fatal(err)
	}
	w.URL = ready.URL
	w.Resize(1280, 800)
	return w
}

// chromedriver starts a driver and returns its port. It takes any port of IPv6 and then the same one of IPv4, which another
// program may have: then it is started again.
func chromedriver(t *testing.T) string {
	t.Helper()
	const started, taken = "started successfully on port ", "port not available"
	for range 5 {
		_, line := firstLine(t, quiet(t, "chromedriver", "--port=0"), func(line string) bool {
			return strings.Contains(line, started) || strings.Contains(line, taken)
		})
		if _, port, ok := strings.Cut(line, started); ok {
			return strings.TrimRight(port, ".")
		}
	}
	t.Fatal("chromedriver found no port five times")
	return ""
}

// noComplaints fails the test for what Chromium wrote to its console: scripts that failed, a violated policy.
func (w *page) noComplaints() {
	var entries []struct{ Level, Message string }
	if err := w.do("POST", "/se/log", map[string]string{"type": "browser"}, &entries); err != nil {
		return // the session is over
	}
	for _, e := range entries {
		if e.Level == "SEVERE" && !w.Forbids {
			w.t.Errorf("the console says: %s", e.Message)
		}
	}
}

// anyPort makes the recorder of a new installation take any free port: several windows are open at once.
func (w *page) anyPort() {
	w.t.Helper()
	file := filepath.Join(w.Home, "settings.json")
	if _, err := os.Stat(file); err == nil {
		return
	}
	if err := os.WriteFile(file, []byte(`{"version":1,"capture":{"listen":"127.0.0.1:0"}}`), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// openWindow shows the production window on a display of its own.
func openWindow(t *testing.T, o options) *page {
	t.Helper()
	need(t, "Xvfb", "WebKitWebDriver", "gcc", "pkg-config", "import")
	if built.desktop == "" {
		skip(t, "the desktop program could not be built: "+built.why)
	}
	w := installation(t, o, "window")
	w.anyPort()
	marker := filepath.Join(t.TempDir(), "pid")
	script := filepath.Join(t.TempDir(), "run.sh")
	text := fmt.Sprintf("#!/bin/sh\necho $$ $(date +%%s%%N) > '%s'\nexport LD_PRELOAD='%s'\nexec '%s' '%s'\n", marker, built.automation, built.desktop, w.Project)
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	driver := quiet(t, "WebKitWebDriver", "--host=127.0.0.1", "--port="+port)
	w.display = display(t)
	driver.Env = append(w.environment(), "DISPLAY="+w.display)
	start(t, driver)
	w.connect("http://127.0.0.1:"+port, map[string]any{"webkitgtk:browserOptions": map[string]any{"binary": script}})
	data, err := os.ReadFile(marker)
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	var began int64
	if _, err := fmt.Sscan(string(data), &pid, &began); err != nil {
		t.Fatal(err)
	}
	w.began = time.Unix(0, began)
	running, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	w.app = &process{cmd: &exec.Cmd{Process: running}}
	return w
}

// connect begins the session, which ends before the driver does.
func (w *page) connect(base string, capabilities map[string]any) {
	w.t.Helper()
	d, err := newDriver(w.t.Context(), base, capabilities)
	if err != nil {
		w.t.Fatal(err)
	}
	w.driver = d
	ended := *d
	ended.ctx = contextWithoutEnd(d.ctx)
	w.t.Cleanup(func() { _ = ended.close() }) // the desktop program ends with it, and the driver then finds no window
}

// display starts an X server and returns its name.
func display(t *testing.T) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd := quiet(t, "Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{write}
	p := start(t, cmd)
	write.Close()
	_ = read.SetReadDeadline(time.Now().Add(20 * time.Second))
	var number int
	if _, err := fmt.Fscan(read, &number); err != nil {
		t.Fatalf("Xvfb did not start: %v %s", err, p.words())
	}
	return ":" + strconv.Itoa(number)
}

// quiet is a command that the test's own end does not kill: start's cleanup ends it, in order.
func quiet(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(contextWithoutEnd(t.Context()), name, args...)
	return cmd
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// need skips the test where a tool is missing.
func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			skip(t, "there is no "+tool+"; `make setup` installs it")
		}
	}
}

// skip leaves a target out, and says so; in CI that is a failure.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip("THE WINDOW IS NOT TESTED HERE: " + why)
}
