package window

import (
	"strings"
	"testing"
)

// testScreens are the screens of tests with a run behind them: what was sent, what came of it, and what that proves.
func testScreens(t *testing.T) {
	w := album(t, options{})
	for screen, name := range map[string]string{"Models": "models-empty", "Tests": "tests-empty", "Findings": "findings-empty"} {
		w.visit(screen)
		w.state(name)
	}
	w.fallsFor(startWeakLab(t))
	w.visit("Models")
	w.Wait("[data-scope=models] [role=row][id]")
	w.state("models")
	w.visit("Tests")
	w.tab("Library")
	w.Wait("[data-pane=inventory-templates] [role=row][id]")
	w.state("tests-library")
	w.tab("Plan")
	w.Wait("[data-pane=tests-plan]")
	w.state("tests-plan")
	w.tab("Runs")
	w.Eventually("the run is listed", func() bool { return w.Says("quick on weak bot") })
	w.state("tests-runs")
	w.JS(`[...document.querySelectorAll('a, button')].find((e) => e.textContent === 'quick on weak bot').click()`)
	w.Wait("[data-pane=inventory-cases] [role=row][id]")
	w.Click(w.inList("inventory-cases", "A picture whose address carries the conversation"))
	w.Eventually("the proof is shown", func() bool {
		return strings.Contains(w.said("[data-pane=tests-case]"), "Sent as a retrieved document") && w.Has("[data-pane=tests-case] mark")
	})
	w.mainState("tests-run")
	w.visit("Findings")
	w.Click(w.inList("inventory-findings", pictured))
	w.Wait("[data-pane=findings-detail] mark")
	w.mainState("findings")
}
