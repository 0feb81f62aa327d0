package window

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAddress needs the token to leave the address at once and to survive a reload, and a page without it to be told.
func TestAddress(t *testing.T) {
	t.Parallel()
	w := openBrowser(t, options{})
	w.Wait("nav")
	origin, token, _ := strings.Cut(w.URL, "/#")
	if here := w.JS(`return location.href`); here != origin+"/" {
		t.Errorf("the address is %s", here)
	}
	if seen := w.JS(`return JSON.stringify([document.documentElement.outerHTML, history.state, document.cookie, Object.keys(localStorage)])`); strings.Contains(seen.(string), token) {
		t.Error("the token is in the page")
	}
	w.JS(`location.reload()`)
	w.Wait("nav")
	w.Call("Session.State", struct{}{}, nil)

	w.Forbids = true // its requests are refused
	w.JS(`sessionStorage.clear(); location.reload()`)
	w.Eventually("a page without its token says so", func() bool {
		return strings.Contains(w.refused("Session.State"), "without its token")
	})
}

// refused returns the error of a call, and nothing where it succeeds.
func (w *page) refused(method string) (text string) {
	w.t.Helper()
	w.into(&text, `const [object, method] = arguments[0].split('.');
		return window.go.window[object][method]({}).then(() => '', (reason) => String(reason))`, method)
	return text
}

// TestConnection cuts the connection, by a call that is too large for it, and needs the page to say so and to recover.
func TestConnection(t *testing.T) {
	t.Parallel()
	w := openBrowser(t, options{})
	w.Wait("nav")
	w.JS(`window.said = []; addEventListener('assay:connection', (event) => window.said.push(event.detail))`)
	w.Forbids = true
	failed := w.JS(`return window.go.window.Session.State({ padding: 'x'.repeat(33 << 20) }).then(() => '', String)`)
	if !strings.Contains(failed.(string), `"code":"connection"`) {
		t.Errorf("the call that was cut off failed with %v", failed)
	}
	w.Eventually("the connection is restored", func() bool { return w.JS(`return window.said.join()`) == "lost,restored" })
	w.Call("Session.State", struct{}{}, nil)

	if w.app.end(patience); w.app.err != nil {
		t.Errorf("the program ended with %v", w.app.err)
	}
	w.Eventually("the end of the program is noticed", func() bool {
		return strings.Contains(w.refused("Session.State"), `"code":"connection"`)
	})
	w.Screenshot("connection-lost")
}

// TestReadOnly opens a project a second time.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	first := openBrowser(t, options{})
	first.Wait("nav")
	second := openBrowser(t, options{Home: first.Home, Project: first.Project})
	second.Wait("nav")
	var state struct {
		Project struct {
			Open     bool   `json:"open"`
			ReadOnly bool   `json:"read_only"`
			Why      string `json:"why"`
		}
		Capture struct{ On bool }
	}
	second.Call("Session.State", struct{}{}, &state)
	if !state.Project.Open || !state.Project.ReadOnly || state.Project.Why == "" || state.Capture.On {
		t.Errorf("the second one has it as %+v", state)
	}
	second.Screenshot("read-only")
}

// TestInvitation starts `assay serve` with a launcher of browsers that only writes down what it is given, and opens that.
func TestInvitation(t *testing.T) {
	t.Parallel()
	w := openBrowser(t, options{})
	folder := t.TempDir()
	given := filepath.Join(folder, "given")
	launcher := "#!/bin/sh\necho \"$1\" > '" + given + ".new' && mv '" + given + ".new' '" + given + "'\n"
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(launcher), 0o700); err != nil {
		t.Fatal(err)
	}
	serve := quiet(t, built.assay, "serve", "--no-capture", "--project", filepath.Join(folder, "p.assay"))
	serve.Env = append(w.environment(), "PATH="+folder+":"+os.Getenv("PATH"))
	_, printed := firstLine(t, serve, func(line string) bool { return strings.HasPrefix(line, "http://") })
	var address string
	w.Eventually("the launcher is started", func() bool {
		data, err := os.ReadFile(given)
		address = strings.TrimSpace(string(data))
		return err == nil
	})
	origin, token, _ := strings.Cut(printed, "/#")
	if !strings.HasPrefix(address, origin+"/#once-") || strings.Contains(address, token) {
		t.Fatalf("the launcher was given %s for %s", address, printed)
	}
	if err := w.open(address); err != nil {
		t.Fatal(err)
	}
	w.Wait("nav")
	w.Call("Session.State", struct{}{}, nil)
	if here := w.JS(`return location.href`); here != origin+"/" {
		t.Errorf("the address is %s", here)
	}
	w.JS(`location.reload()`)
	w.Wait("nav")
	w.Call("Session.State", struct{}{}, nil)
}
