package window

import (
	"strings"
	"testing"
)

// TestKeyboard goes from capture to filter, Repeater and sending with the keyboard alone.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		target := startLab(t, 0)
		w.capturing()
		w.run(w.sdk("anthropic.mjs", target+"/anthropic"))

		w.Keys("Mod+2")
		w.row("anthropic message about kettles")
		w.Keys("/")
		w.Keys(strings.Split("kettles model:claude", "")...)
		w.Keys("Enter")
		w.Eventually("one row is left", func() bool {
			return w.JS(`return document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')`) == "2"
		})
		w.tabTo("the list", `document.activeElement.getAttribute('role') === 'grid'`)
		w.Keys("Home", "Enter")
		w.Eventually("the chat is shown", func() bool {
			return w.JS(`return document.querySelector('[data-pane=traffic-detail]')?.innerText.includes('kettles')`) == true
		})
		w.Keys("Mod+R")
		w.Wait("[data-scope=repeater]")
		w.Wait("[data-scope=repeater] textarea")
		w.tabTo("the prompt", `document.activeElement.tagName === 'TEXTAREA' && document.activeElement.value.includes('about kettles')`)
		w.Keys("Mod+A")
		w.Keys(strings.Split("What is 6 * 7?", "")...)
		w.Keys("Mod+Enter")
		w.answered("42")
	})
}

// tabTo presses Tab until something has the focus.
func (w *page) tabTo(what, holds string) {
	w.t.Helper()
	for range 60 {
		if w.JS(`return `+holds) == true {
			return
		}
		w.Keys("Tab")
	}
	w.fail("Tab never reached %s", what)
}
