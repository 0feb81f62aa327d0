package window

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pictures makes TestScreens keep what it sees, in every theme: `make screens`.
var pictures = flag.Bool("pictures", false, "TestScreens saves a picture of every state in build/screens")

// TestScreens brings every screen into each of its states, and needs it to be whole: nothing broke, every text is there,
// nothing is wider than the window. With -pictures it also saves what the states look like.
func TestScreens(t *testing.T) {
	for name, album := range map[string]func(t *testing.T){
		"empty": emptyScreens, "sample": sampleScreens, "exchange": exchangeScreens, "repeater": repeaterScreens,
		"settings": settingsScreens, "inventory": inventoryScreens, "tests": testScreens, "reports": reportScreens, "trouble": troubleScreens,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			album(t)
		})
	}
}

// album opens a browser for a row of states.
func album(t *testing.T, o options) *page {
	t.Helper()
	w := openBrowser(t, o)
	w.theme("dark")
	w.Wait("nav")
	return w
}

// sample opens a browser with the sample project, which is recorded while this is shown.
func sample(t *testing.T) *page {
	t.Helper()
	w := album(t, options{})
	w.Call("Setup.PlaySample", struct{}{}, nil)
	w.within(4*patience, "the sample project is there, and so is what was recorded live", func() bool { // word by word, as it is told
		var state struct {
			Project struct{ Name string }
			Jobs    []struct{ ID, State string }
		}
		w.Call("Session.State", struct{}{}, &state)
		for _, job := range state.Jobs {
			if job.State == "running" {
				return false
			}
			w.Call("Session.EndJob", map[string]string{"id": job.ID}, nil)
		}
		return state.Project.Name == "Sample"
	})
	return w
}

// theme makes the system ask for one: the window follows.
func (w *page) theme(name string) {
	w.t.Helper()
	media := map[string]string{"prefers-color-scheme": "dark", "prefers-contrast": "no-preference", "prefers-reduced-motion": "reduce"}
	switch name {
	case "light":
		media["prefers-color-scheme"] = "light"
	case "contrast":
		media["prefers-contrast"] = "more"
	}
	var features []any
	for key, value := range media {
		features = append(features, map[string]string{"name": key, "value": value})
	}
	w.devtools("Emulation.setEmulatedMedia", map[string]any{"features": features})
}

// devtools sends a command of the Chrome DevTools Protocol.
func (w *page) devtools(command string, params map[string]any) {
	w.t.Helper()
	if err := w.do("POST", "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, nil); err != nil {
		w.fail("%s: %v", command, err)
	}
}

// state checks what the window shows now and, with -pictures, saves it as NAME-dark.png and NAME-light.png.
func (w *page) state(name string) {
	w.t.Helper()
	w.inThemes(name, "dark", "light")
}

// mainState is a state that is saved in high contrast, too.
func (w *page) mainState(name string) {
	w.t.Helper()
	w.inThemes(name, "dark", "light", "contrast")
}

func (w *page) inThemes(name string, themes ...string) {
	w.t.Helper()
	w.calm()
	w.whole(name)
	if !*pictures {
		return
	}
	for _, theme := range themes {
		w.theme(theme)
		w.Eventually("the theme is "+theme, func() bool { return w.JS(`return document.documentElement.dataset.theme`) == theme })
		w.calm()
		picture, err := w.screenshot()
		if err != nil {
			w.fail("picture of %s: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(screens, name+"-"+theme+".png"), picture, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	w.theme("dark")
}

// calm waits until nothing is loading or moving: twice in a row, as one answer may ask for the next.
func (w *page) calm() {
	w.t.Helper()
	quiet := 0
	w.Eventually("the window is calm", func() bool {
		busy := w.JS(`await document.fonts.ready;
			await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
			const seen = (css) => [...document.querySelectorAll(css)].some((e) => e.checkVisibility());
			const moving = document.getAnimations().some((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity);
			return moving || seen('[role=row][aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root, [data-loading]')`)
		if quiet++; busy == true {
			quiet = 0
		}
		return quiet == 2
	})
}

// whole fails when a screen broke, shows a key in place of its text, or is wider than the window.
func (w *page) whole(name string) {
	w.t.Helper()
	faults := w.JS(`const faults = [];
		if (document.body.innerText.includes('This screen stopped working')) faults.push('it broke: ' + document.body.innerText.slice(0, 400));
		const key = /^(actions|commands|diff|exchange|frame|home|inventory|repeater|reports|settings|setup|traffic)(\.\w+)+$/;
		const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (texts.nextNode()) if (key.test(texts.currentNode.data.trim())) faults.push('a key: ' + texts.currentNode.data);
		for (const e of document.querySelectorAll('[aria-label], [title], [placeholder]'))
			for (const name of ['aria-label', 'title', 'placeholder'])
				if (key.test(e.getAttribute(name) ?? '')) faults.push('a key: ' + e.getAttribute(name));
		if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is ' + document.documentElement.scrollWidth + ' px wide');
		const clips = (e) => { for (let p = e.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX !== 'visible') return true; return false };
		for (const e of document.querySelectorAll('body *')) {
			const box = e.getBoundingClientRect();
			if (box.width > 0 && box.right > innerWidth + 1 && e.checkVisibility() && !clips(e)) { faults.push('outside the window: ' + e.outerHTML.slice(0, 200)); break }
		}
		return faults.join('\n')`)
	if faults != "" {
		if picture, err := w.screenshot(); err == nil {
			w.keep("fault-"+name, picture)
		}
		w.t.Errorf("%s: %v", name, faults)
	}
}

// visit opens a screen of the rail.
func (w *page) visit(screen string) {
	w.t.Helper()
	w.Click("nav :is(button, a)[aria-label^='" + screen + "']")
}

// find filters the list, opens the first row that is left, and shows it in a view: by its key, or by its name.
func (w *page) find(query, view string) {
	w.t.Helper()
	w.visit("Traffic")
	w.write("[role=combobox]", query)
	w.Keys("Enter")
	w.Eventually("the list is filtered", func() bool {
		return w.JS(`const grid = document.querySelector('[role$=grid]');
			return document.querySelector('search [role=combobox]').value === arguments[0] && grid.getAttribute('aria-rowcount') > 1`, query) == true
	})
	w.calm()
	w.top()
	w.Keys("Enter")
	w.Wait("[data-pane=traffic-detail]")
	switch {
	case len(view) == 1:
		w.Keys(view)
	case view != "":
		w.tab(view)
	}
}

// tab chooses one of the tabs, whose labels may end in a count or a key.
func (w *page) tab(name string) {
	w.t.Helper()
	w.Eventually("there is a tab "+name, func() bool {
		return w.JS(`const tab = [...document.querySelectorAll('[role=tab]')].find((e) => e.checkVisibility() && e.textContent.startsWith(arguments[0]));
			tab?.click(); return !!tab`, name) == true
	})
}

// top brings the keyboard to the first row.
func (w *page) top() {
	w.t.Helper()
	w.Eventually("the keyboard is at the first row", func() bool { // a key is not heard while another list opens
		w.JS(`document.querySelector('[role$=grid]').focus()`)
		w.Keys("Home")
		return w.Has("[role=row][data-index='0'][data-active]")
	})
}

// unfiltered shows the whole list again, at its newest end.
func (w *page) unfiltered() {
	w.t.Helper()
	w.Click("[aria-label='Clear the filter']")
	w.Keys("Escape")
}

// write types into an element as a person does, in place of what it holds.
func (w *page) write(css, text string) {
	w.t.Helper()
	w.Click(css)
	w.Keys("Mod+A", "Delete")
	w.letters(text)
}

// letters types a text key by key.
func (w *page) letters(text string) {
	w.t.Helper()
	w.Keys(strings.Split(text, "")...)
}
