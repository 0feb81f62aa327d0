package window

import (
	"strings"
	"testing"
	"time"
)

// TestJourney is what a tester does on the first day: connect clients, watch a conversation arrive, find it again, compare,
// change and send it again, throw away and bring back, come back tomorrow and find everything in place.
func TestJourney(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		target := startLab(t, 0)
		w.Eventually("a newcomer is shown how to connect", func() bool { return w.Says("Connect something") })
		w.Screenshot("setup")
		w.capturing()

		w.run(w.sdk("openai.mjs", target+"/openai/v1"))
		w.run(w.sdk("anthropic.mjs", target+"/anthropic"))
		w.ClickText("nav button, nav a", "Traffic")
		w.row("Tell the openai chat about kettles")
		w.row("anthropic message about kettles")
		w.Screenshot("traffic")

		w.watch(target)
		w.filter()
		w.group()
		w.compare()
		w.sendAgain()
		w.deleteAndUndo()
		w.themes()
	})
}

// capturing waits until the recorder is on.
func (w *page) capturing() {
	w.t.Helper()
	var state struct{ Capture struct{ On bool } }
	w.Eventually("capture is on", func() bool {
		w.Call("Session.State", struct{}{}, &state)
		return state.Capture.On
	})
}

// row waits for a row of the list that says a text, and returns a selector of it.
func (w *page) row(text string) string {
	w.t.Helper()
	id := ""
	w.Eventually("a row says "+text, func() bool { // only rows on the screen exist: look at the other end of the list too
		w.into(&id, `const one = [...document.querySelectorAll('[role=row][id]')].findLast((r) => r.getAttribute('aria-label').includes(arguments[0]));
			const grid = document.querySelector('[role=grid]');
			if (!one && grid) grid.scrollTop = grid.scrollTop > 0 ? 0 : grid.scrollHeight;
			one?.scrollIntoView({ block: 'center' });
			return one?.id ?? ''`, text)
		return id != ""
	})
	return "#" + id
}

// watch reads a conversation while it streams.
func (w *page) watch(target string) {
	w.t.Helper()
	slow := w.sdk("slow.mjs", target+"/openai/v1")
	if err := slow.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.Click(w.row("how a kettle boils water"))
	var lengths []int
	length := func() (n int) {
		w.into(&n, `return document.querySelector('[data-pane=traffic-detail]')?.innerText.length ?? 0`)
		return n
	}
	w.Eventually("the answer grows on the screen", func() bool {
		if n := length(); len(lengths) == 0 || n > lengths[len(lengths)-1] {
			lengths = append(lengths, n)
		}
		return len(lengths) >= 5
	})
	w.Screenshot("streaming")
	if err := slow.Wait(); err != nil {
		w.t.Fatal(err)
	}
	w.Eventually("the row says that it is complete", func() bool {
		return strings.Contains(w.JS(`return document.querySelector(arguments[0]).getAttribute('aria-label')`, w.row("how a kettle boils water")).(string), "complete")
	})
	for _, view := range []struct{ key, says string }{{"2", `"messages"`}, {"3", "POST "}, {"4", "00000000"}, {"5", "chat.completion.chunk"}} {
		w.Keys(view.key)
		w.Eventually("view "+view.key+" says "+view.says, func() bool { return strings.Contains(w.Text("[data-pane=traffic-detail]"), view.says) })
		w.Screenshot("view-" + view.key)
	}
	w.Keys("1")
}

// filter narrows the list by typing.
func (w *page) filter() {
	w.t.Helper()
	w.Keys("/")
	w.Keys(strings.Split("family:anthropic.messages", "")...)
	w.Keys("Enter")
	w.Eventually("only one family is left", func() bool {
		return w.JS(`const rows = [...document.querySelectorAll('[role=row][id]')];
			return rows.length > 0 && rows.every((r) => r.getAttribute('aria-label').includes('claude'))`) == true
	})
	w.Screenshot("filtered")
	w.Click("[aria-label='Clear the filter']")
	w.row("how a kettle boils water")
}

// group folds the turns of a conversation.
func (w *page) group() {
	w.t.Helper()
	before := w.Count("[role=row][id]")
	w.ClickText("label", "By conversation")
	w.Eventually("the list is grouped", func() bool { return w.Has("[role=row][aria-expanded]") || w.Count("[role=row][id]") != before })
	w.Screenshot("grouped")
	w.ClickText("label", "By conversation")
}

// compare selects two rows and asks for their differences.
func (w *page) compare() {
	w.t.Helper()
	w.Click(w.row("Tell the openai chat about kettles"))
	w.Keys("Shift+ArrowDown")
	w.Eventually("two rows are chosen", func() bool { return w.Count("[role=row][aria-selected=true]") == 2 })
	w.Keys("d")
	w.Eventually("the comparison is shown", func() bool { return w.Says("Meaning") })
	w.Screenshot("diff")
	w.Keys("Alt+ArrowLeft")
}

// sendAgain changes the prompt of a recorded request and sends it.
func (w *page) sendAgain() {
	w.t.Helper()
	w.Click(w.row("Tell the openai chat about kettles"))
	w.Keys("Mod+R")
	w.Wait("[data-scope=repeater]")
	const prompt = "[data-scope=repeater] textarea"
	w.Eventually("the prompt can be edited", func() bool {
		return w.JS(`return [...document.querySelectorAll(arguments[0])].some((e) => e.value.includes('about kettles'))`, prompt) == true
	})
	w.JS(`[...document.querySelectorAll(arguments[0])].find((e) => e.value.includes('about kettles')).setAttribute('data-prompt', '')`, prompt)
	w.Type("[data-prompt]", "What is 6 * 7?")
	w.Keys("Mod+Enter")
	w.answered("42")
	w.Screenshot("repeater")
}

// answered waits until the answer in the Repeater has a word of its own.
func (w *page) answered(word string) {
	w.t.Helper()
	w.Eventually("the answer says "+word, func() bool {
		return w.JS(`return [...document.querySelectorAll('[data-scope=viewer]')].some((e) => new RegExp('\\b' + arguments[0] + '\\b').test(e.innerText))`, word) == true
	})
}

// deleteAndUndo throws a row away and brings it back.
func (w *page) deleteAndUndo() {
	w.t.Helper()
	w.ClickText("nav button, nav a", "Traffic")
	w.Click(w.row("Tell the openai chat about kettles"))
	w.Keys("Delete")
	w.Eventually("the row is gone", func() bool {
		return w.JS(`return ![...document.querySelectorAll('[role=row][id]')].some((r) => r.getAttribute('aria-label').includes('Tell the openai chat about kettles'))`) == true
	})
	w.ClickText("button", "Undo")
	w.row("Tell the openai chat about kettles")
}

// themes shows the same screen in the three themes.
func (w *page) themes() {
	w.t.Helper()
	for _, theme := range []string{"dark", "light", "contrast"} {
		w.Keys("Mod+K")
		w.Wait("[role=dialog] input")
		w.Keys(strings.Split(map[string]string{"dark": "theme dark", "light": "theme light", "contrast": "high contrast theme"}[theme], "")...)
		time.Sleep(300 * time.Millisecond) // the palette filters as one types
		w.Keys("Enter")
		w.Eventually("the theme is "+theme, func() bool { return w.JS(`return document.documentElement.dataset.theme`) == theme })
		w.Screenshot("theme-" + theme)
	}
}
