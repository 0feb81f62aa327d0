package window

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHome looks at how things stand: with nothing recorded, with traffic that nobody tested, and after tests of a target
// that gives in. A stranger has to read what is wrong and what to do first, and every number leads to what it counts.
func TestHome(t *testing.T) {
	t.Parallel()
	w := openBrowser(t, options{Args: []string{"--no-capture"}})
	w.Wait("nav")
	w.visit("Home")
	w.Eventually("three steps are said", func() bool { return w.Count("ol [role=img][aria-label='To do']") == 3 })
	w.pictured("home-empty")
	target := startWeakLab(t)
	w.fallsFor(target)
	w.visit("Home")
	w.overview()
	w.leads()
	w.covered()
	w.required()
	w.formula()
}

// TestHomeUntested looks at traffic that nobody tested: there is no score, and why is said.
func TestHomeUntested(t *testing.T) {
	t.Parallel()
	w := openBrowser(t, options{})
	w.Wait("nav")
	target := startLab(t, 0)
	w.capturing()
	w.run(w.sdk("openai.mjs", target+"/openai/v1"))
	w.visit("Home")
	w.Eventually("there is no score", func() bool {
		return w.homeSays("Not enough evidence for a score", "cannot be above", "What to do first", "Where the risk lies", "Latest conversations", "That does not mean safe")
	})
	w.pictured("home-untested")
}

// TestHomeSample is what a stranger sees of the sample project.
func TestHomeSample(t *testing.T) {
	t.Parallel()
	w := sample(t)
	w.visit("Home")
	w.Eventually("what is wrong is said", func() bool {
		return w.homeSays("How things stand", "of 100", "P0", "Newest critical findings", "Where the risk lies")
	})
	w.pictured("home-sample")
	w.Click("[data-scope=home] li button[class*=one] span[class*=grade]")
	w.Eventually("a part has a score of its own", func() bool { return w.homeSays("This is the score of a part:") })
	w.pictured("home-part")
	w.ClickText("[data-scope=home] button", "Show the whole project")
	w.Eventually("the whole is back", func() bool { return !w.homeSays("This is the score of a part:") })
	w.tab("Requirements")
	w.Eventually("what has to hold is said", func() bool { return w.homeSays("Fails", "Holds") })
	w.pictured("home-sample-requirements")
	w.tab("Coverage")
	w.Eventually("what was tested is said", func() bool { return w.homeSays("LLM01", "Plan a test") })
	w.pictured("home-sample-coverage")
}

// pictured keeps what Home looks like, dark and light, narrow and wide.
func (w *page) pictured(name string) {
	w.t.Helper()
	for _, width := range []int{900, 1440} {
		w.Resize(width, 900)
		for _, theme := range []string{"dark", "light"} {
			w.theme(theme)
			w.Eventually("the theme is "+theme, func() bool { return w.JS(`return document.documentElement.dataset.theme`) == theme })
			w.calm()
			w.whole(name)
			w.long(fmt.Sprintf("%s-%d-%s", name, width, theme))
		}
	}
	w.theme("dark")
	w.Resize(1280, 800)
}

// long keeps all of what scrolls on Home, not only what is in sight.
func (w *page) long(name string) {
	w.t.Helper()
	var tall, width float64
	w.into(&width, `return innerWidth`)
	w.into(&tall, `const one = document.querySelector('[data-pane^=home-]:not([data-pane=home-tabs])');
		return innerHeight + (one ? Math.max(0, one.scrollHeight - one.clientHeight) : 0)`)
	w.Resize(int(width), min(int(tall), 4000))
	w.calm()
	picture, err := w.screenshot()
	if err != nil {
		w.fail("picture of %s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(screens, name+".png"), picture, 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.Resize(int(width), 900)
}

// homeSays reports whether Home says all of it.
func (w *page) homeSays(words ...string) bool {
	w.t.Helper()
	text := w.said("[data-scope=home]")
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// overview is what a stranger reads first.
func (w *page) overview() {
	w.t.Helper()
	w.Eventually("how things stand is said", func() bool {
		return w.homeSays("How things stand", "Why", "What to do first", "P0", "Newest critical findings", "LLM10", "Not tested", "Plan a test", "never tested", "Where the risk lies", "weak bot")
	})
	w.pictured("home-overview")
}

// leads follows what Home says to its evidence.
func (w *page) leads() {
	w.t.Helper()
	w.Click("[data-scope=home] section button[class*=reason]")
	w.Eventually("a reason leads away from Home to its evidence", func() bool { return !w.Has("[data-scope=home]") })
	w.visit("Home")
	w.Click("[data-scope=home] button[aria-label^='Plan a test of LLM']")
	w.Eventually("the plan of a test is open", func() bool { return w.Has("[data-scope=tests]") && w.Says("cases") })
	w.visit("Home")
}

// covered looks at the frameworks.
func (w *page) covered() {
	w.t.Helper()
	w.tab("Coverage")
	w.Eventually("the categories are there", func() bool { return w.homeSays("LLM01", "Prompt Injection", "chat/completions", "Vulnerable") })
	w.pictured("home-coverage")
	w.Click("[data-pane=home-coverage] td button[aria-label*=completions]")
	w.Eventually("a cell leads to its evidence", func() bool { return !w.Has("[data-scope=home]") })
	w.visit("Home")
}

// required looks at what has to hold, and lets the guard hold one of it.
func (w *page) required() {
	w.t.Helper()
	w.tab("Requirements")
	w.Eventually("what fails is said first", func() bool { return w.homeSays("unknown is never good", "Fails", "Unknown") })
	w.pictured("home-requirements")
	w.JS(`[...document.querySelectorAll('[data-scope=home] button[aria-expanded]')].find((e) => e.textContent.includes('secret')).click()`)
	w.Eventually("it says why, and how to check", func() bool { return w.homeSays("assay requirements check", "To check", "Guard") })
	w.pictured("home-requirement")
	w.ClickText("[data-scope=home] button", "Let the guard hold it…")
	w.Eventually("it is asked for", func() bool { return w.Has("[role=dialog]") && w.Says("The guard is off") })
	w.calm()
	w.Screenshot("home-enforce")
	w.ClickText("[role=dialog] button", "Add the policy")
	w.Eventually("a policy says so", func() bool { return w.homeSays("which only says so") })
}

// formula looks at how the score is made.
func (w *page) formula() {
	w.t.Helper()
	w.tab("Score")
	w.Eventually("the table is there", func() bool {
		return w.homeSays("How the score is made", "It begins at 100", "Weaknesses", "Takes away")
	})
	w.pictured("home-score")
}
