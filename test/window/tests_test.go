package window

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/lab"
)

// runOf is what the window says of a run.
type runOf struct {
	Row struct {
		State string `json:"state"`
		Tally struct {
			Cases    int            `json:"cases"`
			Counts   map[string]int `json:"counts"`
			Trials   int            `json:"trials"`
			Requests int            `json:"requests"`
		} `json:"tally"`
	} `json:"row"`
}

// startWeakLab starts a practice target that gives in to everything.
func startWeakLab(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(contextWithoutEnd(t.Context()))
	server, err := lab.New(lab.Options{Weak: lab.AllWeak}).Start(ctx, "127.0.0.1:0", false)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	return server.URL()
}

// TestTests is what a tester does with a recorded request: attacks it without any configuration, watches, opens a proof with
// its diff, overrules one, is cut off in the middle, comes back and goes on, does it again, compares, and takes it home.
func TestTests(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T, options) *page{"window": openWindow, "browser": openBrowser} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			target := startWeakLab(t)
			var before runOf
			if !t.Run("begun", func(t *testing.T) {
				w := open(t, options{Home: home})
				w.capturing()
				w.run(w.sdk("openai.mjs", target+"/openai/v1"))
				w.inLibrary()
				w.planned()
				w.proof()
				w.overruled()
				before = w.cutOff()
			}) {
				return
			}
			t.Run("gone on", func(t *testing.T) {
				w := open(t, options{Home: home})
				w.resumed(before)
				w.mapOfRun()
				w.again()
				w.comparedRuns()
				w.takenHome()
			})
		})
	}
}

// inLibrary finds a template, reads what it proves and proves its examples.
func (w *page) inLibrary() {
	w.t.Helper()
	w.visit("Tests")
	w.tab("Library")
	w.Wait("[data-pane=inventory-templates]")
	w.Keys("/")
	w.Eventually("the filter has the focus", func() bool {
		if w.JS(`return document.activeElement?.matches('[data-scope=tests] search input')`) == true {
			return true
		}
		w.JS(`document.querySelector('[data-pane=inventory-templates][role=grid]')?.focus()`)
		w.Keys("/")
		return false
	})
	w.letters("persona")
	w.Keys("Enter")
	w.Click(w.inList("inventory-templates", "A persona that has no rules"))
	w.Eventually("what it proves is told", func() bool {
		text := w.said("[data-pane=tests-template]")
		return strings.Contains(text, "LLM01:2025") && strings.Contains(text, "How to fix")
	})
	w.Screenshot("tests-library")
	w.tab("YAML")
	w.ClickText("[data-pane=tests-template] button", "Run its examples")
	w.Eventually("its examples are proven", func() bool {
		text := w.said("[data-pane=tests-template]")
		return strings.Contains(text, "judged as they should be") && !strings.Contains(text, "should be resisted, judged")
	})
	w.Screenshot("tests-yaml")
}

// planned sends a recorded request to the tests and runs what is planned, slowly enough to be seen.
func (w *page) planned() {
	w.t.Helper()
	w.visit("Traffic")
	w.Click(w.row("Tell the openai chat about kettles"))
	w.Keys("Shift+F10")
	w.Eventually("the menu sends it to the tests", func() bool { // its keys stand beside it
		return w.JS(`const one = [...document.querySelectorAll('[role=menuitem]')].find((e) => e.textContent.startsWith('Send to Tests')); one?.click(); return !!one`) == true
	})
	w.Eventually("it is a target", func() bool {
		return strings.Contains(w.said("[data-pane=tests-plan]"), "Tell the openai chat about kettles")
	})
	w.suite("Quick")
	w.suite("Standard")
	w.Eventually("there is a field for the rate", func() bool {
		return w.JS(`const label = [...document.querySelectorAll('[data-pane=tests-plan] label')].find((e) => e.textContent === 'Requests a second');
			label?.control?.setAttribute('data-rate', ''); return !!label?.control`) == true
	})
	w.Type("[data-rate]", "10")
	w.Eventually("the button says what is sent where", func() bool {
		text := w.said("[data-pane=tests-forecast]")
		return strings.Contains(text, "cases on openai gpt-4o") && strings.Contains(text, "The first request, as an example") &&
			strings.Contains(text, "POST http://127.0.0.1")
	})
	w.Screenshot("tests-plan")
	w.JS(`document.querySelector('[data-pane=tests-plan]').focus()`)
	w.Eventually("the run begins", func() bool {
		return w.JS(`const run = [...document.querySelectorAll('[data-pane=tests-forecast] button')].find((e) => e.textContent.startsWith('Run ') && !e.disabled);
			run?.click(); return !!run`) == true
	})
	w.Eventually("rows arrive", func() bool {
		return w.JS(`return [...document.querySelectorAll('[data-pane=inventory-cases] [role=row][id]')].filter((e) => e.getAttribute('aria-label').startsWith('vulnerable')).length > 1`) == true
	})
	w.Eventually("the status bar tells of it", func() bool { return strings.Contains(w.said("[data-pane=status]"), "Run 1: ") })
	w.Screenshot("tests-run")
}

// suite presses a suite of the plan.
func (w *page) suite(name string) {
	w.t.Helper()
	w.Eventually("there is a suite "+name, func() bool {
		return w.JS(`const one = [...document.querySelectorAll('[data-pane=tests-plan] button[aria-pressed]')].find((e) => e.querySelector('strong')?.textContent === arguments[0]);
			one?.click(); return !!one`, name) == true
	})
}

// chip opens the cases of a verdict.
func (w *page) chip(verdict string) {
	w.t.Helper()
	w.Eventually("there is a number of "+verdict, func() bool {
		return w.JS(`const one = [...document.querySelectorAll('[data-pane=tests-looks] button[aria-pressed]')].find((e) => e.textContent.startsWith(arguments[0]));
			if (one?.getAttribute('aria-pressed') === 'false') one.click();
			return one?.getAttribute('aria-pressed') === 'true'`, verdict) == true
	})
}

// proof opens a vulnerable case: its evidence is marked, and its diff to the answer without an attack shown. What is open
// stays so while more arrives.
func (w *page) proof() {
	w.t.Helper()
	w.chip("vulnerable")
	w.Type("[data-scope=tests] search input", "persona-without-rules") // what else arrives moves none of its rows
	w.Eventually("only this template is left", func() bool {
		return w.JS(`const rows = [...document.querySelectorAll('[data-pane=inventory-cases] [role=row][id]')];
			return rows.length > 0 && rows.every((r) => r.getAttribute('aria-label').includes('A persona that has no rules'))`) == true
	})
	w.Click("#cases-0")
	w.Eventually("the proof is shown", func() bool {
		text := w.said("[data-pane=tests-case]")
		return strings.Contains(text, "A persona that has no rules") && strings.Contains(text, "Sent as the user's message") && w.Has("[data-pane=tests-case] mark")
	})
	w.Screenshot("tests-proof")
	open := w.said("[data-pane=tests-case] h2")
	more := w.numberOf("vulnerable")
	w.Eventually("more arrives", func() bool { return w.numberOf("vulnerable") > more || w.numberOf("pending") == 0 })
	if now := w.said("[data-pane=tests-case] h2"); now != open {
		w.t.Errorf("%q was open, and is %q now", open, now)
	}
	w.tab("Diff to baseline")
	w.Eventually("the diff is shown", func() bool { return w.Has("[data-pane=tests-case] ins") })
	w.Screenshot("tests-diff")
	w.tab("Proof")
}

// numberOf is the number on the chip of a verdict.
func (w *page) numberOf(verdict string) (n int) {
	w.t.Helper()
	w.into(&n, `const one = [...document.querySelectorAll('[data-pane=tests-looks] button[aria-pressed]')].find((e) => e.textContent.startsWith(arguments[0]));
		return Number(one?.textContent.match(/([\d,]+)/)?.[1].replaceAll(',', '') ?? 0)`, verdict)
	return n
}

// overruled says that it was a false positive, takes that back, and says it again.
func (w *page) overruled() {
	w.t.Helper()
	says := func(word string) func() bool {
		return func() bool { return strings.Contains(w.said("[data-pane=tests-case] header"), word) }
	}
	w.JS(`document.querySelector('[data-pane=inventory-cases][role=grid]').focus()`)
	w.Keys("f")
	w.Wait("[role=dialog] textarea")
	w.letters("a mock")
	w.Keys("Enter")
	w.Eventually("it counts as resisted", says("resisted"))
	w.ClickText("button", "Undo")
	w.Eventually("it counts as vulnerable again", says("vulnerable"))
	w.ClickText("[data-pane=tests-case] button", "False positive")
	w.Wait("[role=dialog] textarea")
	w.letters("a mock")
	w.Keys("Enter")
	w.Eventually("it counts as resisted", says("resisted"))
	w.Screenshot("tests-overruled")
}

// cutOff kills the program in the middle of the run.
func (w *page) cutOff() (run runOf) {
	w.t.Helper()
	w.Call("Tests.Run", map[string]string{"id": "1"}, &run)
	if run.Row.State != "running" {
		w.t.Fatalf("the run is %s already: it should be cut off in the middle", run.Row.State)
	}
	w.Forbids = true // the connection is lost
	if err := w.app.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		w.t.Fatal(err)
	}
	return run
}

// resumed finds the run broken off, with what was answered, and lets it go on to its end: no case is lost, and none counts twice.
func (w *page) resumed(before runOf) {
	w.t.Helper()
	w.visit("Tests")
	w.tab("Runs")
	w.Eventually("the run is broken off", func() bool { return strings.Contains(w.said("[data-pane=tests-runs]"), "interrupted") })
	w.Screenshot("tests-interrupted")
	w.Click("[data-pane=tests-runs] tbody th button")
	w.Eventually("it says how far it came", func() bool { return w.Says("Broken off at ") })
	w.ClickText("[data-pane=tests-run] button", "Resume")
	var now runOf
	w.within(2*time.Minute, "the run is done", func() bool {
		w.Call("Tests.Run", map[string]string{"id": "1"}, &now)
		return now.Row.State == "done"
	})
	tally := now.Row.Tally
	sum := 0
	for _, n := range tally.Counts {
		sum += n
	}
	if tally.Cases != before.Row.Tally.Cases || sum != tally.Cases || tally.Counts["pending"] != 0 {
		w.t.Errorf("it began with %d cases and ended with %+v", before.Row.Tally.Cases, tally)
	}
	w.Eventually("the window shows it", func() bool { return strings.Contains(w.said("[data-pane=tests-run]"), "done") })
	w.chip("resisted")
	w.inList("inventory-cases", "a mock") // what a person said is remembered
}

// mapOfRun opens cases by a number of the heat map.
func (w *page) mapOfRun() {
	w.t.Helper()
	w.look("Heat map")
	w.Wait("[data-pane=inventory-heat] [data-heat]")
	w.Screenshot("tests-heat")
	w.Click("[data-pane=inventory-heat] [data-heat]")
	w.Eventually("its cases are shown", func() bool {
		return w.Has("[data-pane=inventory-cases] [role=row][id]") && w.Has("[aria-label^='No longer only']")
	})
}

// look chooses how the cases are shown.
func (w *page) look(name string) {
	w.t.Helper()
	w.Eventually("there is a look "+name, func() bool {
		return w.JS(`const one = [...document.querySelectorAll('[data-pane=tests-looks] label')].find((e) => e.textContent === arguments[0]);
			one?.click(); return !!one`, name) == true
	})
}

// again sends the same once more: what a person said of an answer counts there too.
func (w *page) again() {
	w.t.Helper()
	w.Call("Tests.Star", map[string]any{"id": "1", "starred": true}, nil)
	w.tab("Plan")
	w.find("source:proxy", "1")
	w.Keys("Mod+T")
	w.Eventually("it is a target", func() bool {
		return strings.Contains(w.said("[data-pane=tests-plan]"), "Tell the openai chat about kettles")
	})
	w.suite("Quick")
	w.suite("Standard")
	w.Eventually("the run begins", func() bool {
		return w.JS(`const run = [...document.querySelectorAll('[data-pane=tests-forecast] button')].find((e) => e.textContent.startsWith('Run ') && !e.disabled);
			if (document.querySelector('[aria-busy=true]')) return false;
			run?.click(); return !!run`) == true
	})
	w.within(time.Minute, "the second run is done", func() bool {
		var all struct{ Runs []struct{ ID, State string } }
		w.Call("Tests.Runs", struct{}{}, &all)
		return len(all.Runs) == 2 && all.Runs[0].State == "done"
	})
}

// comparedRuns looks what became of the cases since the run with the star.
func (w *page) comparedRuns() {
	w.t.Helper()
	w.Eventually("another run can be chosen", func() bool {
		return w.JS(`const one = document.querySelector('[aria-label="Compare with another run"]'); one?.click(); return !!one`) == true
	})
	w.Eventually("the run with the star is offered", func() bool {
		return w.JS(`const one = [...document.querySelectorAll('[role=option]')].find((e) => e.textContent.startsWith('★ Run 1')); one?.click(); return !!one`) == true
	})
	w.Eventually("most is still vulnerable", func() bool {
		return w.Has("[data-pane=inventory-compared] [role=row][aria-label^='still vulnerable']")
	})
	w.Screenshot("tests-compare")
}

// takenHome exports the run. The desktop program asks where to with a dialog of the system, which cannot be driven here.
func (w *page) takenHome() {
	w.t.Helper()
	if w.Target != "browser" {
		return
	}
	folder := w.t.TempDir()
	w.devtools("Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": folder})
	saved := func(item string) (data []byte) {
		w.ClickText("[data-pane=tests-run] button", "Export")
		w.ClickText("[role=menuitem]", item)
		w.Eventually(item+" is downloaded", func() bool {
			files, _ := filepath.Glob(filepath.Join(folder, "*"))
			for _, file := range files {
				if strings.HasSuffix(file, ".crdownload") {
					continue
				}
				if text, err := os.ReadFile(file); err == nil && len(text) > 0 {
					data = text
					_ = os.Remove(file)
				}
			}
			return data != nil
		})
		w.Eventually("the menu is closed", func() bool { return !w.Has("[role=menu]") })
		return data
	}
	var sarif struct {
		Version string `json:"version"`
		Runs    []struct {
			Results []struct {
				RuleID string `json:"ruleId"`
			} `json:"results"`
		} `json:"runs"`
	}
	if err := json.Unmarshal(saved("SARIF 2.1.0, for code scanners"), &sarif); err != nil || sarif.Version != "2.1.0" || len(sarif.Runs) != 1 || len(sarif.Runs[0].Results) < 5 {
		w.t.Errorf("SARIF: %v %+v", err, sarif)
	}
	var junit struct {
		XMLName xml.Name `xml:"testsuites"`
		Suites  []struct {
			Name string `xml:"name,attr"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(saved("JUnit, for CI"), &junit); err != nil || len(junit.Suites) < 5 {
		w.t.Errorf("JUnit: %v %+v", err, junit)
	}
}
