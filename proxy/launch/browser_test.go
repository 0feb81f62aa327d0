package launch_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/proxy/launch"
)

// TestBrowser opens pages of hosts that do not exist in every browser of this computer, without a window. The proxy must
// see them over TLS, also for localhost, and nothing else: a browser that talks to its maker would fill the recording.
func TestBrowser(t *testing.T) {
	t.Parallel()
	found := launch.Browsers()
	for _, name := range []string{"chromium", "firefox"} {
		if !hasBrowser(found, name) {
			t.Logf("NOT RUN: %s is not installed; build/setup.sh installs it", name)
		}
	}
	for _, browser := range found {
		t.Run(browser.Name, func(t *testing.T) {
			t.Parallel()
			m := startMITM(t)
			s := m.session(t)
			for _, page := range []string{"https://browser.example/page", "http://localhost:" + closedPort(t) + "/local"} {
				open(t, browser, s, page, func() bool {
					return m.count(page[strings.LastIndex(page, "/"):]) > 0
				})
			}
			one, ok := m.saw("browser.example", "/page")
			if !ok || !one.secure {
				t.Errorf("the proxy saw no TLS request of the browser, but %+v", m.seen)
			}
			if m.count("/local") == 0 {
				t.Errorf("the proxy saw no request for localhost, but %+v", m.seen)
			}
			for _, one := range m.seen {
				if one.host != "browser.example" && !strings.HasPrefix(one.host, "localhost") {
					t.Errorf("the browser asked for %s%s by itself", one.host, one.path)
				}
			}
		})
	}
}

func hasBrowser(found []launch.Browser, name string) bool {
	for _, browser := range found {
		if browser.Name == name {
			return true
		}
	}
	return false
}

// open starts the browser and ends it once the page has been asked for, and a moment later.
func open(t *testing.T, browser launch.Browser, s launch.Session, page string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	cmd, err := browser.Command(ctx, s, "--headless", page)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "HOME="+s.Dir)
	log, err := os.Create(filepath.Join(s.Dir, "browser.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for !done() && ctx.Err() == nil {
		time.Sleep(20 * time.Millisecond)
	}
	if ctx.Err() == nil {
		time.Sleep(1500 * time.Millisecond) // what it would ask for by itself
	}
	cancel()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) && !errors.Is(err, context.Canceled) {
		t.Logf("%s: %v", browser.Name, err)
	}
	if !done() {
		text, _ := os.ReadFile(log.Name())
		t.Logf("%s wrote:\n%s", browser.Name, text)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		os    string
		files []string
		path  []string
		want  []launch.Browser
	}{
		{"nothing", "linux", nil, nil, nil},
		{
			"debian", "linux", nil,
			[]string{"chromium", "firefox-esr"},
			[]launch.Browser{
				{Name: "chromium", Engine: launch.Chromium, Path: "/usr/bin/chromium"},
				{Name: "firefox", Engine: launch.Firefox, Path: "/usr/bin/firefox-esr"},
			},
		},
		{
			"a snap before the script that starts it", "linux",
			[]string{"/snap/bin/firefox"},
			[]string{"firefox"},
			[]launch.Browser{{Name: "firefox", Engine: launch.Firefox, Path: "/snap/bin/firefox", Confined: "/home/p/snap/firefox/common"}},
		},
		{
			"flatpak", "linux",
			[]string{"/home/p/.local/share/flatpak/exports/bin/com.brave.Browser"},
			[]string{"flatpak"},
			[]launch.Browser{{
				Name: "brave", Engine: launch.Chromium, Path: "/usr/bin/flatpak", Args: []string{"run", "com.brave.Browser"},
				Confined: "/home/p/.var/app/com.brave.Browser/cache",
			}},
		},
		{
			"mac", "darwin",
			[]string{"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/home/p/Applications/Firefox.app/Contents/MacOS/firefox"},
			nil,
			[]launch.Browser{
				{Name: "chrome", Engine: launch.Chromium, Path: "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"},
				{Name: "firefox", Engine: launch.Firefox, Path: "/home/p/Applications/Firefox.app/Contents/MacOS/firefox"},
			},
		},
		{
			"windows", "windows",
			[]string{`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`, `C:\Users\p\AppData\Local\Google\Chrome\Application\chrome.exe`},
			nil,
			[]launch.Browser{
				{Name: "chrome", Engine: launch.Chromium, Path: `C:\Users\p\AppData\Local\Google\Chrome\Application\chrome.exe`},
				{Name: "edge", Engine: launch.Chromium, Path: `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`},
			},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			places := launch.Places{
				OS: row.os, Home: "/home/p",
				Getenv: func(name string) string {
					return map[string]string{
						"ProgramFiles": `C:\Program Files`, "ProgramFiles(x86)": `C:\Program Files (x86)`, "LOCALAPPDATA": `C:\Users\p\AppData\Local`,
					}[name]
				},
				LookPath: func(name string) (string, error) {
					for _, known := range row.path {
						if known == name {
							return "/usr/bin/" + name, nil
						}
					}
					return "", exec.ErrNotFound
				},
				IsFile: func(path string) bool {
					for _, known := range row.files {
						if known == path {
							return true
						}
					}
					return false
				},
			}
			got := places.Browsers()
			if len(got) != len(row.want) {
				t.Fatalf("found %+v, want %+v", got, row.want)
			}
			for i := range got {
				if got[i].Name != row.want[i].Name || got[i].Engine != row.want[i].Engine || got[i].Path != row.want[i].Path ||
					got[i].Confined != row.want[i].Confined || strings.Join(got[i].Args, " ") != strings.Join(row.want[i].Args, " ") {
					t.Errorf("found %+v, want %+v", got[i], row.want[i])
				}
			}
		})
	}
}
