package window

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// card and mail are personal data that is sent, and must not be shown.
const (
	card = "4111 1111 1111 1111"
	mail = "grace.hopper@navy.example"
)

// TestInventory is what a tester does with what was found: sees it come, narrows it, opens it, follows every count, says
// what is sensitive, sees a tool change its mind, draws the map, corrects a path, compares with the document, takes it home.
func TestInventory(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		target := startLab(t, 0)
		s := startShop(t)
		w.capturing()
		w.visit("Inventory")
		w.Eventually("it says what will be here", func() bool { return w.Says("Nothing was recorded yet") })
		w.run(w.sdk("openai.mjs", target+"/openai/v1"))
		w.run(w.sdk("mcp.mjs", target+"/mcp"))
		w.arrives(s)
		w.narrowed()
		w.inDetail()
		w.followed()
		w.prompts(target)
		w.assets()
		w.personal(target)
		w.ownType()
		w.changed(s)
		w.mapped()
		w.merged(s)
		w.documented(s)
		w.exported()
	})
}

// part shows a tab of the inventory.
func (w *page) part(name string) {
	w.t.Helper()
	w.visit("Inventory")
	w.Wait("[data-scope=inventory] [role=tab]")
	w.tab(name)
	w.Eventually(name+" is chosen", func() bool {
		return w.JS(`return document.querySelector('[data-scope=inventory] [role=tab][aria-selected=true]')?.textContent.startsWith(arguments[0])`, name) == true
	})
}

// listed is a row of a list of the inventory that says a text; empty when there is none in sight: then it looks further on
// the next time.
func (w *page) listed(list, text string) (css string) {
	w.t.Helper()
	w.into(&css, `const one = [...document.querySelectorAll('[data-pane=' + arguments[0] + '] [role=row][id]')].find((r) => r.getAttribute('aria-label')?.includes(arguments[1]));
		const grid = document.querySelector('[data-pane=' + arguments[0] + '][role=grid]');
		if (!one && grid) grid.scrollTop = grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1 ? 0 : grid.scrollTop + grid.clientHeight * 0.8;
		if (one) grid.scrollTop += one.getBoundingClientRect().top - grid.getBoundingClientRect().top - grid.clientHeight / 2;
		return one ? '#' + CSS.escape(one.id) : ''`, list, text)
	return css
}

// inList waits for such a row.
func (w *page) inList(list, text string) (css string) {
	w.t.Helper()
	w.Eventually(text+" is listed", func() bool {
		css = w.listed(list, text)
		return css != ""
	})
	return css
}

// opened clicks a row and waits for its detail.
func (w *page) opened(list, text, title string) {
	w.t.Helper()
	w.Click(w.inList(list, text))
	w.Eventually(title+" is open", func() bool {
		return strings.Contains(w.said("[data-pane=inventory-detail] h2"), title) && w.Has("[data-pane=inventory-detail][aria-busy=false]")
	})
}

// said is what can be read in an element, empty when it is not there.
func (w *page) said(css string) (text string) {
	w.t.Helper()
	w.into(&text, `return document.querySelector(arguments[0])?.innerText ?? ''`, css)
	return text
}

// arrives asks for what was never asked for, and looks how soon the list shows it as new. One of three times has to be
// within a second: this machine may be busy with other tests, the inventory is not.
func (w *page) arrives(s *shop) {
	w.t.Helper()
	w.inList("inventory-endpoints", "/openai/v1/chat/completions")
	var all []time.Duration
	for n := range 3 {
		path := fmt.Sprintf("/shop/%s", []string{"prices", "shelves", "hours"}[n])
		ended := s.get(w, path)
		var at float64
		w.into(&at, `const [path] = arguments, began = performance.now();
			const row = () => [...document.querySelectorAll('[role=row][id]')].find((r) => r.getAttribute('aria-label')?.startsWith('new, ') && r.getAttribute('aria-label').includes(path + ','));
			return new Promise((done) => { const look = () => row() ? done(Date.now()) : performance.now() - began > 12000 ? done(0) : setTimeout(look, 10); look(); })`, path)
		if at == 0 {
			w.fail("%s is not marked as new in the list", path)
		}
		all = append(all, time.Duration((at-float64(ended.UnixMicro())/1000)*float64(time.Millisecond)))
	}
	w.t.Logf("%s: new endpoints are in the list %v after their answers", w.Target, all)
	if slices.Min(all) > time.Second {
		w.t.Errorf("a new endpoint is in the list only %v after its answer", all)
	}
	w.Screenshot("inventory")
}

// narrowed filters the list and sorts it.
func (w *page) narrowed() {
	w.t.Helper()
	const filter = "[data-scope=inventory] [role=combobox]"
	w.JS(`document.querySelector('[data-pane=inventory-endpoints][role=grid]').focus()`)
	w.Keys("/")
	w.letters("kind:llm")
	w.Keys("Enter")
	w.Eventually("only calls of models are left", func() bool {
		return w.JS(`const rows = [...document.querySelectorAll('[data-pane=inventory-endpoints] [role=row][id]')];
			return rows.length > 0 && rows.every((r) => r.getAttribute('aria-label').includes('LLM'))`) == true
	})
	w.write(filter, "knid:llm")
	w.Eventually("a wrong field is named, with the nearest one", func() bool { return w.Says("Use kind") })
	w.Click("[data-scope=inventory] [aria-label='Clear the filter']")
	w.inList("inventory-endpoints", "/shop/hours")
	w.ClickText("[role=columnheader] button", "Path")
	w.Eventually("the list is sorted by path", func() bool {
		return w.JS(`const paths = [...document.querySelectorAll('[data-pane=inventory-endpoints] [role=row][id]')].map((r) => r.getAttribute('aria-label').match(/127\.0\.0\.1(?::\d+)?(\/[^,]*)/)?.[1] ?? '');
			return document.querySelector('[role=columnheader][aria-sort=ascending]')?.innerText.trim() === 'Path' && paths.length > 4 && paths.every((p, i) => i === 0 || paths[i - 1] <= p)`) == true
	})
}

// inDetail opens an endpoint by keyboard and looks for every part of it.
func (w *page) inDetail() {
	w.t.Helper()
	w.JS(`document.querySelector('[data-pane=inventory-endpoints][role=grid]').focus()`)
	w.Keys("Home")
	w.Eventually("the keyboard comes to the chat", func() bool {
		here := w.JS(`return document.querySelector('[data-pane=inventory-endpoints] [data-active]')?.getAttribute('aria-label') ?? ''`)
		if strings.Contains(here.(string), "/openai/v1/chat/completions") {
			return true
		}
		w.Keys("j")
		return false
	})
	w.Keys("Enter")
	w.Eventually("Enter opens it", func() bool {
		return strings.Contains(w.said("[data-pane=inventory-detail] h2"), "/openai/v1/chat/completions")
	})
	w.Wait("[data-pane=inventory-detail][aria-busy=false]")
	for _, title := range []string{"Why this risk", "Samples", "Parameters", "Schema", "Sensitive data", "Auth and access", "Documents", "Changes"} {
		w.Eventually("there is "+title, func() bool {
			return w.JS(`return [...document.querySelectorAll('[data-pane=inventory-detail] h3')].some((h) => h.firstChild.textContent === arguments[0])`, title) == true
		})
	}
	text := w.said("[data-pane=inventory-detail]")
	for _, fact := range []string{"gpt-4o-mini", "bearer", "messages", "this machine", "200 × "} {
		if !strings.Contains(text, fact) {
			w.t.Errorf("the detail does not say %q:\n%s", fact, text)
		}
	}
	w.Screenshot("inventory-endpoint")
	w.Keys("Escape")
	w.Eventually("Escape closes it, and the list has the focus", func() bool {
		return !w.Has("[data-pane=inventory-detail]") && w.JS(`return document.activeElement.getAttribute('role')`) == "grid"
	})
}

// followed presses the count of an endpoint: Traffic shows as many exchanges, by a filter that can be read.
func (w *page) followed() {
	w.t.Helper()
	row := w.inList("inventory-endpoints", "/openai/v1/chat/completions")
	var count string
	w.into(&count, `return document.querySelector(arguments[0] + ' [data-do=traffic]').innerText.replace(/\D/g, '')`, row)
	w.Click(row + " [data-do=traffic]")
	w.Eventually("Traffic lists what was counted: "+count, func() bool {
		return w.JS(`return document.querySelector('search [role=combobox]')?.value.includes('endpoint:') && document.querySelector('[role=grid]')?.getAttribute('aria-busy') !== 'true'
			&& document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(Number(arguments[0]) + 1)`, count) == true
	})
	if count < "1" {
		w.t.Errorf("it counts %q exchanges", count)
	}
	w.Click("[aria-label='Clear the filter']")
}

// prompts sends two versions of a system prompt and compares them.
func (w *page) prompts(target string) {
	w.t.Helper()
	const common = "You are Nora, the support assistant of Example Bank.\nAnswer questions about accounts and cards.\nNever promise anything.\n"
	w.prompt(target, common+"Be brief.", "Hello")
	w.prompt(target, common+"Be brief, and never mention the vault.", "Hello")
	w.part("AI assets")
	w.press("Prompts")
	w.opened("inventory-assets", "Nora, the support assistant", "Nora")
	w.Eventually("both versions are compared", func() bool {
		text := w.said("[data-pane=inventory-detail]")
		return strings.Contains(text, "Be brief, and never mention the vault.") && strings.Contains(text, "Version 2") && strings.Contains(text, "Compare")
	})
	w.Screenshot("inventory-prompt")
	w.Keys("Escape")
}

// press presses a chip, whatever it counts by then.
func (w *page) press(label string) {
	w.t.Helper()
	w.try("press the chip "+label, func() error {
		err := w.script(nil, `for (const e of document.querySelectorAll('[data-scope=inventory] [aria-pressed]'))
			e.toggleAttribute('data-chip', e.textContent.startsWith(arguments[0] + ' '))`, label)
		if err != nil {
			return err
		}
		return w.on("[data-chip]", "POST", "/click", map[string]any{}, nil)
	})
}

// assets looks for one of each kind, and opens a tool.
func (w *page) assets() {
	w.t.Helper()
	w.part("AI assets")
	w.press("All")
	for _, asset := range []string{"Model, gpt-4o-mini", "Tool, get_weather", "MCP tool, find_order", "Client, ", "Key, "} {
		w.inList("inventory-assets", asset)
	}
	if w.Says("sk-lab-window-0123456789") {
		w.t.Error("a key is shown")
	}
	w.opened("inventory-assets", "MCP tool, find_order", "find_order")
	w.Eventually("its definition is shown", func() bool { return strings.Contains(w.said("[data-pane=inventory-detail]"), "inputSchema") })
	w.Keys("Escape")
}

// personal sends an address and a card number: their places are shown, masked.
func (w *page) personal(target string) {
	w.t.Helper()
	w.prompt(target, "Answer briefly.", "My card is "+card+" and my address is "+mail+".")
	w.part("Sensitive data")
	for _, what := range []string{"CREDIT_CARD", "EMAIL_ADDRESS"} {
		w.inList("inventory-places", what)
	}
	for _, secret := range []string{card, strings.ReplaceAll(card, " ", ""), mail} {
		if w.Says(secret) {
			w.t.Errorf("%s is shown", secret)
		}
	}
	w.Screenshot("inventory-sensitive")
}

// ownType defines a type, sees its samples fail and then hold, saves it, and sees it found.
func (w *page) ownType() {
	w.t.Helper()
	w.ClickText("button", "Manage types…")
	w.ClickText("[role=dialog] button", "Add a type")
	w.field("Name", "STAFF_NUMBER")
	w.field("Form of the value", `\bE-\d{6}\b`)
	w.field("Must match", "badge E-12345")
	w.Eventually("a sample that is not found is said", func() bool { return w.Says("It should match.") })
	w.Screenshot("inventory-type")
	if w.JS(`return [...document.querySelectorAll('[role=dialog] button')].find((b) => b.textContent === 'Save').disabled`) != true {
		w.t.Error("it can be saved while a sample is wrong")
	}
	w.field("Must match", "badge E-123456")
	w.field("Must not match", "E-12")
	w.Eventually("all samples hold", func() bool {
		return w.JS(`return [...document.querySelectorAll('[role=dialog] [data-ok]')].map((e) => e.dataset.ok).join() === 'true,true'`) == true
	})
	w.ClickText("[role=dialog] button", "Save")
	w.Eventually("it is in the list of one's own types", func() bool {
		return w.JS(`return [...document.querySelectorAll('[role=dialog] li')].some((e) => e.innerText.includes('STAFF_NUMBER'))`) == true
	})
	w.closed()
}

// field writes into the field of a dialog that has a label.
func (w *page) field(label, text string) {
	w.t.Helper()
	w.labelled(label)
	w.Type("[data-field]", text)
}

// paste puts a text of several lines there: as keys, each of them would end something.
func (w *page) paste(label, text string) {
	w.t.Helper()
	w.labelled(label)
	w.JS(`const area = document.querySelector('[data-field]');
		Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, arguments[0]);
		area.dispatchEvent(new Event('input', { bubbles: true }))`, text)
}

// labelled marks the field of a dialog that has a label.
func (w *page) labelled(label string) {
	w.t.Helper()
	w.Eventually("there is a field "+label, func() bool {
		return w.JS(`document.querySelectorAll('[data-field]').forEach((e) => delete e.dataset.field);
			const field = [...document.querySelectorAll('[role=dialog] label')].find((e) => e.firstChild.textContent === arguments[0])?.control;
			if (field) field.dataset.field = '';
			return !!field`, label) == true
	})
}

// closed ends a dialog.
func (w *page) closed() {
	w.t.Helper()
	w.Keys("Escape")
	w.Eventually("the dialog is closed", func() bool { return !w.Has("[role=dialog]") })
}
