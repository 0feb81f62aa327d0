package window

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestAccessToTests goes through the tests and what opens in them, as TestAccess does with the other screens.
func TestAccessToTests(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../frontend/node_modules/axe-core/axe.min.js")
	if err != nil {
		skip(t, "there is no axe; `make setup` installs it")
	}
	target := startWeakLab(t)
	w := openBrowser(t, options{})
	w.Wait("nav")
	w.still()
	c := &checker{page: w, source: string(source), advice: map[string]string{}}
	c.screen("Tests")
	c.tab("Runs")
	c.Eventually("there is no run", func() bool { return c.Says("No run yet") })
	c.check("tests without a run")
	c.tab("Plan")
	c.Eventually("there is no target", func() bool { return c.Says("No model is imported yet") })
	c.settled()
	c.check("tests plan empty")
	c.library()
	w.capturing()
	w.run(w.sdk("openai.mjs", target+"/openai/v1"))
	c.ran()
	c.runInLooks()
	t.Logf("%d states in three themes", c.checked)
}

// library looks at the tree, at what is open of it, and at a template of one's own with something wrong in it.
func (c *checker) library() {
	c.t.Helper()
	c.tab("Library")
	c.Click(c.inList("inventory-templates", "An order inside a tool's result"))
	c.Wait("[data-pane=tests-template] dl")
	c.settled()
	c.check("tests library")
	c.ClickText("[data-pane=tests-template] button", "Copy")
	c.Wait("[role=dialog] input")
	c.settled()
	c.check("tests copy")
	c.JS(`document.querySelector('[role=dialog] input').focus()`)
	c.Keys("Enter")
	c.Eventually("the copy is open", func() bool { return c.Has("[data-pane=tests-template]") && c.Says("my-") && !c.Has("[role=dialog]") })
	c.tab("YAML")
	c.Wait("[data-pane=tests-template] .cm-content")
	c.JS(`document.querySelector('[data-pane=tests-template] .cm-content').focus()`)
	c.Keys("Mod+Home", "x", "x")
	c.Eventually("what is wrong is said by its line", func() bool { return strings.Contains(c.said("[data-pane=tests-template]"), "Line 1:1") })
	c.ClickText("[data-pane=tests-template] button", "Run its examples")
	c.settled()
	c.check("tests yaml with a fault")
}

// ran plans a run for a recorded request, and lets it run to its end.
func (c *checker) ran() {
	c.t.Helper()
	c.visit("Traffic")
	c.Click(c.row("Tell the openai chat about kettles"))
	c.Keys("Mod+T")
	c.Eventually("the plan is worked out", func() bool {
		return strings.Contains(c.said("[data-pane=tests-forecast]"), "The first request, as an example")
	})
	c.settled()
	c.check("tests plan")
	c.JS(`[...document.querySelectorAll('[data-pane=tests-forecast] button')].find((e) => e.textContent.startsWith('Run ')).click()`)
	c.within(time.Minute, "the run is done", func() bool { return strings.Contains(c.said("[data-pane=tests-run]"), "done") })
	c.settled()
	c.check("tests run")
}

// runInLooks looks at a run in every way it is shown, and at a case of it.
func (c *checker) runInLooks() {
	c.t.Helper()
	c.chip("vulnerable")
	c.Click(c.inList("inventory-cases", "A persona that has no rules"))
	for _, part := range []string{"Proof", "Diff to baseline", "Exchange", "Judge", "About"} {
		c.tab(part)
		c.settled()
		c.check("tests case, " + part)
	}
	c.JS(`document.querySelector('[data-pane=inventory-cases][role=grid]').focus()`)
	c.Keys("v")
	c.Wait("[role=dialog] textarea")
	c.settled()
	c.check("tests overrule")
	c.Keys("Escape")
	c.Eventually("the dialog is closed", func() bool { return !c.Has("[role=dialog]") })
	for _, look := range []string{"By template", "Heat map"} {
		c.look(look)
		c.settled()
		c.check("tests " + look)
	}
	c.tab("Runs")
	c.Wait("[data-pane=tests-runs] table")
	c.settled()
	c.check("tests runs")
}
