package window

import (
	"strings"
	"testing"
)

// TestStart needs a window to open on nothing: title, rail, a project, and a picture of it.
func TestStart(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		var title string
		if err := w.do("GET", "/title", nil, &title); err != nil || !strings.Contains(title, "Assay") {
			t.Errorf("the title is %q (%v)", title, err)
		}
		w.Wait("nav")
		var state struct {
			Mode    string
			Project struct{ Open bool }
		}
		w.Eventually("the project is open", func() bool {
			w.Call("Session.State", struct{}{}, &state)
			return state.Project.Open
		})
		if want := map[string]string{"window": "desktop", "browser": "browser"}[w.Target]; state.Mode != want {
			t.Errorf("the mode is %s, want %s", state.Mode, want)
		}
		t.Logf("%s: first paint after %s, %d MiB", w.Target, w.FirstPaint(), memory(t, w.app.cmd.Process.Pid)>>20)
		w.Wait("main h1, main h2, main h3")
		w.Screenshot("start")
	})
}
