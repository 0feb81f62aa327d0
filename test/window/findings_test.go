package window

import (
	"strings"
	"testing"
)

// TestFindings looks at what a test proved: the proof, why it matters, how to fix it; says what it holds of it by keys, of
// several together, and takes that back.
func TestFindings(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		w.visit("Findings")
		w.Eventually("none is not said to be safe", func() bool {
			return w.Says("Nothing was tested yet") && w.Says("No findings does not mean safe") && w.Says("LLM10 Unbounded Consumption")
		})
		w.Screenshot("findings-none")
		w.fallsFor(startWeakLab(t))
		w.inList("inventory-findings", "Critical, ")
		w.Eventually("it says what was tested", func() bool { return w.Says("of 10 categories tested") })
		w.finding()
		w.judged()
		w.together()
		w.narrowedFindings()
	})
}

// fallsFor imports the target and runs the quick suite against it, as the other screens do.
func (w *page) fallsFor(target string) {
	w.t.Helper()
	var model struct{ ID string }
	w.Call("Models.Add", map[string]any{"provider": "openai", "url": target + "/v1", "model": "gpt-4o", "name": "weak bot", "auth": "none"}, &model)
	var run struct{ ID string }
	w.Call("Tests.Start", map[string]any{"targets": []string{"model:" + model.ID}, "suites": []string{"quick"}, "confirmed": true}, &run)
	var now struct {
		Row struct{ State string } `json:"row"`
	}
	w.within(4*patience, "the run is done", func() bool {
		w.Call("Tests.Run", map[string]string{"id": run.ID}, &now)
		return now.Row.State == "done"
	})
}

// findingSays reports whether the list says a state of a finding.
func (w *page) findingSays(title, state string) bool {
	w.t.Helper()
	return w.JS(`return [...document.querySelectorAll('[data-pane=inventory-findings] [role=row][id]')].some((r) => r.getAttribute('aria-label').includes(arguments[0] + ',') && r.getAttribute('aria-label').includes(', ' + arguments[1] + ','))`, title, state) == true
}

// pictured is a finding of the quick suite whose proof stands in the answer.
const pictured = "A picture whose address carries the conversation"

// finding opens one and reads it.
func (w *page) finding() {
	w.t.Helper()
	w.Click(w.inList("inventory-findings", pictured))
	w.Eventually("all of it is there", func() bool {
		text := w.said("[data-pane=findings-detail]")
		for _, says := range []string{
			"What happened", "Evidence", "Why it matters", "Prompt Injection", "AML.T0051", "CWE-", "How to fix", "img-src", "Reproduce", "Copy as curl", "History", "First seen",
		} {
			if !strings.Contains(text, says) {
				return false
			}
		}
		return true
	})
	w.Eventually("what proves it is marked", func() bool {
		return strings.Contains(w.said("[data-pane=findings-detail] mark"), "https://")
	})
	w.Screenshot("findings-detail")
}

// judged says what a person holds of it, by a key, and takes it back.
func (w *page) judged() {
	w.t.Helper()
	w.JS(`document.querySelector('[data-pane=inventory-findings][role=grid]').focus()`)
	w.Keys("v")
	w.Eventually("it is verified", func() bool { return w.findingSays(pictured, "Verified") })
	w.Eventually("its history says so", func() bool {
		return w.JS(`return [...document.querySelectorAll('[data-pane=findings-detail] li')].some((e) => e.innerText.replace(/\s+/g, ' ').includes('New → Verified'))`) == true
	})
	w.Keys("Mod+Z")
	w.Eventually("it is new again", func() bool { return w.findingSays(pictured, "New") })
}

// together accepts several at once, and takes that back with one click.
func (w *page) together() {
	w.t.Helper()
	w.Keys("Home", "Shift+ArrowDown", "Shift+ArrowDown")
	w.Eventually("three are chosen", func() bool { return w.Says("3 chosen") })
	w.Keys("a")
	accepted := func() int { return w.Count("[data-pane=inventory-findings] [role=row][aria-label*=', Accepted,']") }
	w.Eventually("three are accepted", func() bool { return accepted() == 3 })
	w.Screenshot("findings-accepted")
	w.ClickText("button", "Undo")
	w.Eventually("none is", func() bool { return accepted() == 0 })
}

// narrowedFindings filters the list by severity and by words.
func (w *page) narrowedFindings() {
	w.t.Helper()
	w.JS(`[...document.querySelectorAll('[data-scope=findings] button[aria-pressed]')].find((e) => e.textContent.startsWith('Critical')).click()`)
	w.Eventually("only critical ones are left", func() bool {
		return w.JS(`const rows = [...document.querySelectorAll('[data-pane=inventory-findings] [role=row][id]')];
			return rows.length > 0 && rows.every((r) => r.getAttribute('aria-label').startsWith('Critical, '))`) == true
	})
	w.JS(`document.querySelector('[data-pane=inventory-findings][role=grid]').focus()`)
	w.Keys("/")
	w.letters("picture")
	w.Keys("Enter")
	w.Eventually("one is left", func() bool { return w.Count("[data-pane=inventory-findings] [role=row][id]") == 1 })
	w.ClickText("[data-scope=findings] button", "Clear")
	w.Eventually("all are back", func() bool { return w.Count("[data-pane=inventory-findings] [role=row][id]") > 5 })
}
