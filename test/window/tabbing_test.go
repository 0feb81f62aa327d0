package window

import (
	"fmt"
	"strings"
	"testing"
)

// focusProblem says what is wrong with where the focus is: it cannot be seen, or not what has it.
const focusProblem = `const e = document.activeElement, name = e.tagName + ' ' + (e.getAttribute('aria-label') || e.textContent.trim() || e.id).slice(0, 50);
	if (e === document.body) return { Name: 'body' };
	e.dataset.reached = '';
	const box = e.getBoundingClientRect(), x = Math.min(innerWidth - 1, Math.max(0, box.left + Math.min(box.width, 40) / 2)), y = box.top + Math.min(box.height, 40) / 2;
	const there = document.elementFromPoint(x, y), label = e.labels?.[0];
	let why = '';
	if (box.bottom < 1 || box.top > innerHeight - 1 || box.right < 1 || box.left > innerWidth - 1) why = 'it is not on the screen';
	else if (!there || !(e.contains(there) || there.contains(e) || label?.contains(there) || e.closest('label, .mantine-Switch-root, .mantine-SegmentedControl-root, .mantine-Checkbox-root, .mantine-Input-wrapper')?.contains(there))) why = 'it lies under ' + (there?.outerHTML.slice(0, 80) ?? 'nothing');
	const rings = [e, e.parentElement, e.nextElementSibling, label, e.closest('[data-focused], .cm-editor')].filter(Boolean);
	const ringed = rings.some((r) => { const s = getComputedStyle(r), after = getComputedStyle(r, '::after'); return (s.outlineStyle !== 'none' && s.outlineWidth !== '0px') || s.boxShadow !== 'none' || after.borderTopStyle !== 'none'; });
	if (!why && !ringed && !e.closest('[role$=grid], .mantine-Input-wrapper')) why = 'nothing shows that it has the focus';
	return { Name: name, Why: why };`

// missed lists what could have the focus and never had it.
const missed = `const all = [...document.querySelectorAll('button, input, select, textarea, a[href], [tabindex]')];
	return all.filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }) && !('reached' in e.dataset) && !e.closest('[inert], [aria-hidden=true]')
		&& !(e.type === 'radio' && all.some((other) => other.name === e.name && 'reached' in other.dataset)))
		.map((e) => e.tagName + ' ' + (e.getAttribute('aria-label') || e.textContent.trim() || e.id).slice(0, 50))`

// TestTabbing goes through the screens with Tab alone: everything is reached, is seen when it is, and nothing holds the
// focus.
func TestTabbing(t *testing.T) {
	t.Parallel()
	w := openBrowser(t, options{})
	w.Wait("nav")
	w.still()
	w.Eventually("setup is shown", func() bool { return w.Says("Connect something") })
	w.walk("setup")
	w.sample()
	for _, screen := range []string{"Home", "Traffic", "Settings"} {
		w.ClickText("nav button", screen)
		w.Eventually(screen+" is shown", func() bool { return w.Has("#screen h1") })
		w.walk(strings.ToLower(screen))
	}
	w.walkInventory()
	w.ClickText("nav button", "Traffic")
	w.Click(w.row("What is the weather in Vienna?"))
	w.Keys("Enter")
	w.Wait("[data-pane=traffic-detail] [role=tab]")
	for _, view := range []struct{ key, shows string }{{"1", "h2"}, {"3", ".cm-content"}, {"5", "[role=grid]"}} {
		w.JS(`document.querySelector('[role=grid]').focus()`)
		w.Keys(view.key)
		w.Wait("[data-pane=traffic-detail] " + view.shows)
		w.walk("view " + view.key)
	}
	w.JS(`document.querySelector('[role=grid]').focus()`)
	w.Keys("Mod+R")
	w.Wait("[data-scope=repeater] textarea")
	w.walk("repeater")
	w.JS(`document.querySelector('[data-scope=repeater] textarea').focus()`)
	w.Keys("Alt+R")
	w.Wait("[data-pane=request] .cm-content")
	w.JS(`document.querySelector('[data-pane=request] .cm-content').focus()`)
	w.Keys("Escape", "Tab")
	if w.JS(`return document.activeElement === document.querySelector('[data-pane=request] .cm-content')`) == true {
		t.Error("Escape and Tab do not leave the editor")
	}
}

// walkInventory goes through the tabs of the inventory, with something open in each.
func (w *page) walkInventory() {
	w.t.Helper()
	for _, tab := range []struct{ name, list, open string }{
		{"Endpoints", "inventory-endpoints", "/v1/chat/completions"}, {"AI assets", "inventory-assets", "Model, "}, {name: "Sensitive data"}, {name: "Changes"}, {name: "Map"},
	} {
		w.part(tab.name)
		w.Wait("[data-scope=inventory] :is([role=row][id], li, [data-node])")
		switch {
		case tab.open != "":
			w.opened(tab.list, tab.open, "")
		case tab.name == "Changes": // every line has two stops
			w.Click("[aria-label='Kind of change']")
			w.ClickText("[role=option]", "New key")
			w.Eventually("only new keys are left", func() bool { return w.Has("[data-scope=inventory] li") && w.Count("[data-scope=inventory] li") < 20 })
		}
		w.walk("inventory " + strings.ToLower(tab.name))
	}
	w.Click("[data-node]")
	w.walk("inventory map, chosen")
}

// sample opens the sample project, and waits for what it holds and for the conversation that arrives then: until nothing
// is added any more, what is listed moves.
func (w *page) sample() {
	w.t.Helper()
	w.Call("Setup.PlaySample", struct{}{}, nil)
	w.Eventually("the sample project is shown", func() bool {
		return strings.Contains(w.Text("[aria-label=Project]"), "Sample") && !w.Says("\n0 exchanges")
	})
	w.Eventually("the demo conversation is over", func() bool { return w.Says("Done: the demo conversation") })
	var last int64
	same := 0
	w.Eventually("the inventory is at rest", func() bool {
		var at struct{ Revision, Behind int64 }
		if w.Call("Inventory.Overview", struct{}{}, &at); at.Behind > 0 || at.Revision != last {
			last, same = at.Revision, 0
		}
		same++
		return same > 10
	})
}

// walk presses Tab from the top of the page until it is there again.
func (w *page) walk(where string) {
	w.t.Helper()
	w.JS(`for (const e of document.querySelectorAll('[data-reached]')) delete e.dataset.reached; document.activeElement?.blur(); getSelection().removeAllRanges(); document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')`)
	said, steps := map[string]bool{}, 0
	for ; ; steps++ {
		w.Keys("Tab")
		var at struct{ Name, Why string }
		w.into(&at, focusProblem)
		if at.Name == "body" && steps > 0 {
			break
		}
		if at.Why != "" && !said[at.Name] {
			said[at.Name] = true
			w.t.Errorf("%s: %s: %s", where, at.Name, at.Why)
		}
		if steps > 200 {
			w.fail("%s: Tab goes round in %s", where, at.Name)
		}
	}
	w.t.Logf("%s: %d stops", where, steps)
	var left []string
	if w.into(&left, missed); len(left) > 0 {
		w.t.Errorf("%s: Tab never reached %s", where, fmt.Sprintf("%q", left))
	}
}
