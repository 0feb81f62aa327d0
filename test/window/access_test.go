package window

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// checker is axe (https://github.com/dequelabs/axe-core) and what has been found with it.
type checker struct {
	*page
	source   string
	advice   map[string]string // best practice that is not followed, where it was seen first
	checked  int
	colour   time.Duration
	complete time.Duration
}

// TestAccess goes through the screens and what opens on them, and needs each to be within reach of everybody: the rules
// of WCAG 2.2 AA that a program can check, with the contrast of every theme.
func TestAccess(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../frontend/node_modules/axe-core/axe.min.js")
	if err != nil {
		skip(t, "there is no axe; `make setup` installs it")
	}
	w := openBrowser(t, options{})
	w.Wait("nav")
	w.still()
	c := &checker{page: w, source: string(source), advice: map[string]string{}}
	c.beforeTraffic()
	c.traffic()
	c.details()
	c.compared()
	c.repeater()
	c.inventoried()
	c.settings()
	c.overEverything()
	t.Logf("%d states in three themes; axe took %v, and %v for colours", c.checked, c.complete.Round(time.Millisecond), c.colour.Round(time.Millisecond))
	for _, id := range slices.Sorted(maps.Keys(c.advice)) {
		t.Logf("best practice: %s: %s", id, c.advice[id])
	}
}

// still makes the page ask for fewer movements: nothing is checked half-way.
func (w *page) still() {
	w.t.Helper()
	emulated := map[string]any{"cmd": "Emulation.setEmulatedMedia", "params": map[string]any{
		"features": []any{map[string]string{"name": "prefers-reduced-motion", "value": "reduce"}},
	}}
	if err := w.do("POST", "/goog/cdp/execute", emulated, nil); err != nil {
		w.fail("reduced motion: %v", err)
	}
}

// violation is a rule that something in the page breaks.
type violation struct {
	ID     string
	Impact string
	Best   bool // only best practice, not a rule of WCAG
	Where  []string
}

// check checks the page as it is now, under a name, which its screenshot has too.
func (c *checker) check(name string) {
	c.t.Helper()
	if c.JS(`return typeof axe`) != "object" {
		c.JS(c.source)
	}
	c.checked++
	for i, theme := range []string{"contrast", "light", "dark"} {
		c.JS(`document.documentElement.dataset.theme = arguments[0];
			document.documentElement.dataset.mantineColorScheme = arguments[0] === 'light' ? 'light' : 'dark';
			return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`, theme)
		began := time.Now()
		var found []violation
		c.into(&found, `const options = arguments[0] ? { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] } : { runOnly: { type: 'rule', values: ['color-contrast'] } };
			const { violations } = await axe.run(document, { ...options, resultTypes: ['violations'] });
			return violations.map(({ id, impact, tags, nodes }) => ({ ID: id, Impact: impact, Best: tags.includes('best-practice'),
				Where: nodes.slice(0, 6).map(({ target, html, any }) => target.join(' ') + ' ' + html.slice(0, 160) + ' ' + (any[0]?.message ?? '')) }))`, i == 0)
		if i == 0 {
			c.complete += time.Since(began)
		} else {
			c.colour += time.Since(began)
		}
		c.judge(name+", "+theme, found)
	}
}

// judge fails the test for what keeps somebody out, and remembers the rest.
func (c *checker) judge(where string, found []violation) {
	c.t.Helper()
	for _, v := range found {
		switch {
		case v.Best:
			if c.advice[v.ID] == "" {
				c.advice[v.ID] = fmt.Sprintf("%s (%s): %s", where, v.Impact, strings.Join(v.Where, "\n\t"))
			}
		default:
			c.t.Errorf("%s: %s (%s)\n\t%s", where, v.ID, v.Impact, strings.Join(v.Where, "\n\t"))
		}
	}
}

// write puts the focus into a field, and types in place of what it holds.
func (c *checker) write(field, text string) {
	c.t.Helper()
	c.Wait(field)
	c.JS(`const field = document.querySelector(arguments[0]); field.focus(); field.select()`, field)
	c.Keys(strings.Split(text, "")...)
}

// screen goes to one of the rail.
func (c *checker) screen(name string) {
	c.t.Helper()
	c.Click("nav button[aria-label^='" + name + "']")
	c.settled()
}

// settled waits until nothing is on its way any more.
func (c *checker) settled() {
	c.t.Helper()
	c.Eventually("everything is loaded", func() bool {
		return c.JS(`return document.getAnimations().every((a) => a.playState !== 'running' || a.effect.getTiming().iterations === Infinity)
			&& !document.querySelector('main .mantine-Skeleton-root, main [aria-busy=true]')`) == true
	})
}

// beforeTraffic looks at what a newcomer sees.
func (c *checker) beforeTraffic() {
	c.Wait("main h1, main h2")
	c.Eventually("setup is shown", func() bool { return c.Says("Connect something") })
	c.settled()
	c.check("setup")
	c.ClickText("main button", "Check")
	c.Eventually("the certificate was checked", func() bool { return c.Has("main table") })
	c.ClickText("main button", "Trust on this computer…")
	c.check("setup certificate")
	for _, name := range []string{"Home", "Traffic", "Inventory", "Repeater"} {
		c.screen(name)
		c.check(strings.ToLower(name) + " empty")
	}
}

// traffic looks at the list of the sample project.
func (c *checker) traffic() {
	c.sample()
	c.screen("Home")
	c.check("home")
	c.screen("Traffic")
	c.Wait("[role=row][id]")
	c.settled()
	c.check("traffic")
	c.Keys("/", "h", "o")
	c.Wait("[role=listbox] [role=option]")
	c.Keys("ArrowDown")
	c.check("filter suggestions")
	c.Keys("Escape")
	c.write("[role=combobox]", "hots:x")
	c.Wait("[role=alert]")
	c.check("filter problem")
	c.write("[role=combobox]", "kettlesandpans")
	c.Keys("Enter")
	c.Eventually("nothing matches", func() bool { return c.Says("Nothing matches this filter") })
	c.check("filter without a match")
	c.Click("[aria-label='Clear the filter']")
	c.ClickText("label", "By conversation")
	c.Wait("[role=row][aria-expanded]")
	c.ClickText("button", "Expand all")
	c.settled()
	c.check("traffic grouped")
	c.ClickText("label", "By conversation")
	c.Click("[aria-label='Columns']")
	c.Wait("fieldset")
	c.check("columns")
	c.Keys("Escape")
	c.ClickText("button", "Saved")
	c.check("saved filters")
	c.Keys("Escape")
}

// details looks at one exchange in its views, and at what can be done with it.
func (c *checker) details() {
	c.Click(c.row("What is the weather in Vienna?"))
	c.Keys("Enter")
	c.Wait("[data-pane=traffic-detail] [role=tab]")
	var views []string
	c.into(&views, `return [...document.querySelectorAll('[data-pane=traffic-detail] [role=tab]')].map((tab) => tab.firstChild.textContent.trim() || tab.innerText)`)
	if len(views) != 7 {
		c.fail("the views are %q", views)
	}
	for at := range views {
		c.JS(`document.querySelectorAll('[data-pane=traffic-detail] [role=tab]')[arguments[0]].click()`, at)
		c.settled()
		time.Sleep(150 * time.Millisecond) // a view is loaded when it is shown first
		c.settled()
		c.check(fmt.Sprintf("view %d", at+1))
	}
	c.Keys("1")
	c.JS(`document.querySelector('[role=grid]').focus()`)
	for _, open := range []struct{ name, key, shows string }{
		{"menu", "Shift+F10", "[role=menu] [role=menuitem]"},
		{"colours", "m", "[role=toolbar]"},
		{"tags", "t", "form input"},
		{"note", "Mod+;", "form textarea"},
		{"export", "Mod+E", "[role=dialog]"},
	} {
		c.Keys(open.key)
		c.Wait(open.shows)
		c.settled()
		c.check(open.name)
		c.Keys("Escape")
		c.Eventually(open.name+" is closed, and the list has the focus again", func() bool {
			return !c.Has(open.shows) && c.JS(`return document.activeElement.getAttribute('role')`) == "grid"
		})
	}
	c.Keys("Delete")
	c.Wait(".mantine-Notification-root")
	c.settled()
	c.check("toast")
	c.ClickText("button", "Undo")
}

// compared looks at a comparison in each of its ways.
func (c *checker) compared() {
	c.Click(c.row("What is the weather in Vienna?"))
	c.Keys("Shift+ArrowDown", "d")
	c.Wait("[data-pane=diff] [role=tab]")
	c.settled()
	for at, way := range []string{"meaning", "json", "text"} {
		c.JS(`document.querySelectorAll('[data-pane=diff] [role=tab]')[arguments[0]].click()`, []int{0, 2, 1}[at])
		c.settled()
		c.check("diff " + way)
	}
	c.ClickText("label", "Side by side")
	c.settled()
	c.check("diff side by side")
	c.Keys("Alt+ArrowLeft")
}

// repeater looks at a request that is changed and sent again.
func (c *checker) repeater() {
	c.Click(c.row("What is the weather in Vienna?"))
	c.Keys("Mod+R")
	c.Wait("[data-scope=repeater] textarea")
	c.settled()
	c.check("repeater form")
	c.ClickText("[data-pane=request] label", "Raw")
	c.Wait("[data-pane=request] .cm-content")
	c.check("repeater raw")
	c.Click("[aria-label='Paste a curl command']")
	c.Wait("[role=dialog] textarea")
	c.check("curl")
	c.Keys("Escape")
}

// inventoried looks at every tab of the inventory, at what opens there, and at its dialogs.
func (c *checker) inventoried() {
	s := startShop(c.t)
	c.capturing()
	c.stocked(s)
	c.part("Endpoints")
	c.opened("inventory-endpoints", "/shop/till", "/shop/till")
	for _, tab := range []string{"Endpoints", "AI assets", "Sensitive data", "Changes", "Map"} {
		c.part(tab)
		c.Wait("[data-scope=inventory] :is([role=row][id], li, [data-node])")
		c.settled()
		c.check("inventory " + strings.ToLower(tab))
	}
	c.Click("[data-node]")
	c.check("inventory map, chosen")
	c.ClickText("[data-scope=inventory] label", "Table")
	c.Wait("[data-pane=inventory-map] tbody tr")
	c.check("inventory map as a table")
	c.part("AI assets")
	c.opened("inventory-assets", "MCP tool, look_up_price", "look_up_price")
	c.check("inventory asset")
	c.part("Sensitive data")
	c.ClickText("button", "Manage types…")
	c.Wait("[role=dialog] dl")
	c.check("inventory types")
	c.ClickText("[role=dialog] button", "Add a type")
	c.field("Name", "STAFF_CODE")
	c.field("Form of the value", `\d+`)
	c.field("Must match", "none")
	c.Wait("[role=dialog] [data-ok]")
	c.check("inventory type")
	c.closed()
	c.ClickText("button", "Documents")
	c.ClickText("[role=dialog] button", "Paste text")
	c.Click("[role=dialog] summary")
	c.check("inventory documents")
	c.closed()
}

// settings looks at every section.
func (c *checker) settings() {
	c.screen("Settings")
	var sections []string
	c.into(&sections, `return [...document.querySelectorAll('main nav button')].map((b) => b.innerText)`)
	if len(sections) < 7 {
		c.fail("the sections are %q", sections)
	}
	for _, section := range sections {
		c.ClickText("main nav button", section)
		c.settled()
		c.check("settings " + strings.ToLower(section))
	}
	c.write("main [type=search]", "proxy")
	c.settled()
	c.check("settings search")
	c.write("main [type=search]", "zzz")
	c.check("settings nothing found")
	c.write("main [type=search]", "erase")
	c.ClickText("main button", "Erase…")
	c.Wait("[role=dialog]")
	c.check("erase")
	c.Keys("Escape")
}

// overEverything looks at what opens over any screen.
func (c *checker) overEverything() {
	c.screen("Home")
	for _, open := range []struct{ name, key, shows string }{
		{"palette", "Mod+K", "[role=dialog] input"},
		{"keys", "?", "[role=dialog] section"},
	} {
		c.Keys(open.key)
		c.Wait(open.shows)
		c.check(open.name)
		c.Keys("Escape")
		c.Eventually(open.name+" is closed", func() bool { return !c.Has(open.shows) })
	}
	c.Click("[aria-label^='Capture:']")
	c.Wait("[role=dialog] dl")
	c.check("capture")
	c.Keys("Escape")
	c.Click("[aria-label='Project']")
	c.Wait("[role=menu]")
	c.check("projects")
	c.Keys("Escape")
}
