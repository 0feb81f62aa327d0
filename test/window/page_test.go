package window

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is how long a step waits for what it needs, on a machine that is busy with other tests.
const patience = 15 * time.Second

// page is an open window that a test drives. A step that cannot be done ends the test, with a screenshot.
type page struct {
	*driver
	t       *testing.T
	Target  string   // window or browser
	Home    string   // of the installation: $ASSAY_HOME
	Project string   // its file
	URL     string   // as it was printed; only in a browser
	Forbids bool     // the test does what is forbidden: the console may complain
	display string   // the X server of its own; only a window's
	app     *process // the program that shows the window, or serves it
	began   time.Time
}

// try repeats a step until it works, something other than waiting is needed, or patience ends.
func (w *page) try(what string, step func() error) {
	w.t.Helper()
	began := time.Now()
	for {
		err := step()
		if err == nil {
			return
		}
		if !passing(err) || time.Since(began) > patience {
			w.fail("%s: %v", what, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (w *page) fail(format string, args ...any) {
	w.t.Helper()
	if picture, err := w.screenshot(); err == nil {
		w.t.Logf("what it looked like: %s", w.keep("failed-"+strings.ReplaceAll(w.t.Name(), "/", "-"), picture))
	}
	w.t.Fatalf(format, args...)
}

// Click clicks the first element that matches, once it can be clicked.
func (w *page) Click(css string) {
	w.t.Helper()
	w.try("click "+css, func() error { return w.on(css, "POST", "/click", map[string]any{}, nil) })
}

// ClickText clicks the first element that matches and says exactly this, once it stands still: what slides in is no longer
// under the pointer when it is pressed.
func (w *page) ClickText(css, text string) {
	w.t.Helper()
	last := ""
	w.try(fmt.Sprintf("click %s %q", css, text), func() error {
		var place string
		err := w.script(&place, `for (const e of document.querySelectorAll('[data-clicked]')) e.removeAttribute('data-clicked');
			const all = [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility());
			const one = all.find((e) => e.textContent.trim() === arguments[1] || e.getAttribute('aria-label') === arguments[1]);
			one?.scrollIntoView({ block: 'nearest' }); one?.setAttribute('data-clicked', '');
			return one ? JSON.stringify(one.getBoundingClientRect()) : ''`, css, text)
		if err != nil {
			return err
		}
		if place == "" || place != last {
			last = place
			return &driverError{Code: "no such element", Message: css + " " + text}
		}
		defer func() {
			_ = w.script(nil, `for (const e of document.querySelectorAll('[data-clicked]')) e.removeAttribute('data-clicked')`)
		}()
		return w.on("[data-clicked]", "POST", "/click", map[string]any{}, nil)
	})
}

// Type writes into the first element that matches, in place of what it held.
func (w *page) Type(css, text string) {
	w.t.Helper()
	w.try("type into "+css, func() error {
		if err := w.on(css, "POST", "/clear", map[string]any{}, nil); err != nil {
			return err
		}
		return w.on(css, "POST", "/value", map[string]string{"text": text}, nil)
	})
}

// Keys presses keys where the focus is, one chord after the other: "Mod+K", "ArrowDown", "j".
func (w *page) Keys(chords ...string) {
	w.t.Helper()
	var actions []map[string]string
	for _, one := range chords {
		actions = append(actions, chord(one)...)
	}
	w.try(fmt.Sprint("press ", chords), func() error {
		return w.do("POST", "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": actions}}}, nil)
	})
}

// Text returns the visible text of the first element that matches, once there is one.
func (w *page) Text(css string) (text string) {
	w.t.Helper()
	w.try("text of "+css, func() error { return w.on(css, "GET", "/text", nil, &text) })
	return text
}

// Count returns how many visible elements match now.
func (w *page) Count(css string) (n int) {
	w.t.Helper()
	w.into(&n, `return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).length`, css)
	return n
}

// Has reports whether a visible element matches now.
func (w *page) Has(css string) bool {
	w.t.Helper()
	return w.Count(css) > 0
}

// Says reports whether the text can be read in the window now.
func (w *page) Says(text string) (says bool) {
	w.t.Helper()
	w.into(&says, `return document.body.innerText.includes(arguments[0])`, text)
	return says
}

// Wait waits for a visible element that matches.
func (w *page) Wait(css string) {
	w.t.Helper()
	w.Eventually(css+" is shown", func() bool { return w.Has(css) })
}

// Eventually waits until something holds.
func (w *page) Eventually(what string, holds func() bool) {
	w.t.Helper()
	w.within(patience, what, holds)
}

// within waits so long until something holds.
func (w *page) within(long time.Duration, what string, holds func() bool) {
	w.t.Helper()
	for began := time.Now(); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Since(began) > long {
			w.fail("it never came: %s", what)
		}
	}
}

// JS runs the body of a function, whose arguments are args, and returns what it (or its promise) gives: nil, bool,
// float64, string, []any or map[string]any.
func (w *page) JS(script string, args ...any) (value any) {
	w.t.Helper()
	w.into(&value, script, args...)
	return value
}

func (w *page) into(value any, script string, args ...any) {
	w.t.Helper()
	if err := w.script(value, script, args...); err != nil {
		w.fail("script: %v\n%s", err, script)
	}
}

// Resize gives the page, not the window around it, a size in pixels.
func (w *page) Resize(width, height int) {
	w.t.Helper()
	var frame struct{ Width, Height int }
	w.into(&frame, `return { Width: outerWidth - innerWidth, Height: outerHeight - innerHeight }`)
	rect := map[string]int{"width": width + frame.Width, "height": height + frame.Height}
	if err := w.do("POST", "/window/rect", rect, nil); err != nil {
		w.fail("resize: %v", err)
	}
}

// Call calls a bound method, as the window does, and reads its result into out (nil: nobody wants it).
func (w *page) Call(method string, in, out any) {
	w.t.Helper()
	var result json.RawMessage
	w.into(&result, `const [object, method] = arguments[0].split('.'); return window.go.window[object][method](arguments[1])`, method, in)
	if out == nil {
		return
	}
	if err := json.Unmarshal(result, out); err != nil {
		w.fail("%s: %v", method, err)
	}
}

// screenshot is what the window looks like. Of the real window it is a picture of its screen, menu bar included:
// WebKitGTK's own takes a minute now and then, or for ever.
func (w *page) screenshot() ([]byte, error) {
	if w.display == "" {
		return w.driver.screenshot()
	}
	return exec.CommandContext(contextWithoutEnd(w.t.Context()), "import", "-display", w.display, "-window", "root", "png:-").Output()
}

// Screenshot saves what the window looks like as build/screens/NAME-TARGET.png.
func (w *page) Screenshot(name string) {
	w.t.Helper()
	picture, err := w.screenshot()
	if err != nil {
		w.t.Fatalf("screenshot %s: %v", name, err)
	}
	w.keep(name, picture)
}

func (w *page) keep(name string, picture []byte) string {
	w.t.Helper()
	path := filepath.Join(screens, name+"-"+w.Target+".png")
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// FirstPaint returns how long it took from the start of the program to the first paint of content. In a browser, which
// runs before, from the start of the navigation.
func (w *page) FirstPaint() (took time.Duration) {
	w.t.Helper()
	w.Eventually("the first paint", func() bool {
		var at float64 // milliseconds since 1970; since the navigation in a browser
		w.into(&at, `const paint = performance.getEntriesByName('first-contentful-paint')[0];
			return paint ? paint.startTime + (arguments[0] ? performance.timeOrigin : 0) : 0`, w.Target == "window")
		took = time.Duration(at * float64(time.Millisecond))
		if w.Target == "window" {
			took -= time.Duration(w.began.UnixNano())
		}
		return at > 0
	})
	return took
}
