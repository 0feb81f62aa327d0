package window

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// changed makes an MCP server give its tool another definition: the badge counts it, the timeline says how bad it is, and
// who looked has seen it.
func (w *page) changed(s *shop) {
	w.t.Helper()
	s.tools(w)
	w.part("Changes")
	w.line("Looks up the price", "New tool", "look_up_price")
	w.Eventually("who looks has seen it", func() bool { return w.news() == "" })
	w.part("AI assets")
	s.pulled.Store(true)
	s.tools(w)
	w.Eventually("the badge counts it", func() bool { return w.news() != "" })
	w.part("Changes")
	w.line("high", "Tool definition changed", "look_up_price")
	w.line("high", "Tool gives orders to the model", "look_up_price")
	w.Screenshot("inventory-changes")
	w.Eventually("the visit takes the badge away", func() bool { return w.news() == "" })
	w.Eventually("what was new when they came stays marked", func() bool {
		return w.JS(`return [...document.querySelectorAll('[data-pane=inventory-changes] li')].some((e) => e.innerText.includes('new') && e.innerText.includes('Tool definition changed'))`) == true
	})
	w.JS(`[...document.querySelectorAll('[data-pane=inventory-changes] li')].find((e) => e.innerText.includes('Tool definition changed')).querySelector('button').click()`)
	w.Eventually("the tool is open, with its warning and its versions", func() bool {
		text := w.said("[data-pane=inventory-detail]")
		return strings.Contains(text, "Its description gives orders to the model") && strings.Contains(text, "rug pull") && strings.Contains(text, "id_rsa") && strings.Contains(text, "Version 2")
	})
	w.Screenshot("inventory-pulled")
	w.Keys("Escape")
}

// news is the badge of the tab of changes.
func (w *page) news() string {
	w.t.Helper()
	return strings.TrimSpace(strings.TrimPrefix(w.said("[data-scope=inventory] [role=tab]:nth-of-type(4)"), "Changes"))
}

// line waits for a line of the timeline.
func (w *page) line(severity, kind, subject string) {
	w.t.Helper()
	w.Eventually("the timeline says "+kind+" "+subject, func() bool {
		return w.JS(`return [...document.querySelectorAll('[data-pane=inventory-changes] li')].some((e) => (e.dataset.severity === arguments[0] || e.innerText.includes(arguments[0]))
			&& e.innerText.includes(arguments[1]) && e.innerText.includes(arguments[2]))`, severity, kind, subject) == true
	})
}

// mapped looks at who calls what: as a drawing, and as a table.
func (w *page) mapped() {
	w.t.Helper()
	w.part("Map")
	w.Eventually("client, service and model are drawn", func() bool {
		return w.JS(`const kinds = new Set([...document.querySelectorAll('[data-node]')].map((e) => e.dataset.kind));
			return ['client', 'service', 'model', 'tool'].every((kind) => kinds.has(kind)) && document.querySelectorAll('[data-pane=inventory-map] path').length > 3`) == true
	})
	w.JS(`[...document.querySelectorAll('[data-node]')].find((e) => e.innerText.includes('gpt-4o-mini')).focus()`)
	w.Keys("Enter")
	w.Eventually("who uses the model is said", func() bool {
		return strings.Contains(w.said("[data-pane=inventory-node]"), "gpt-4o-mini") && strings.Contains(w.said("[data-pane=inventory-node]"), "Service")
	})
	w.Screenshot("inventory-map")
	w.ClickText("[data-scope=inventory] label", "Table")
	w.Eventually("the arrows are lines of a table", func() bool {
		return w.JS(`const lines = [...document.querySelectorAll('[data-pane=inventory-map] tbody tr')].map((e) => e.innerText);
			return lines.some((l) => l.includes('Client') && l.includes('Service')) && lines.some((l) => l.includes('Service') && l.includes('gpt-4o-mini'))`) == true
	})
	w.ClickText("[data-scope=inventory] label", "Map")
}

// merged makes one endpoint of two, and takes it back.
func (w *page) merged(s *shop) {
	w.t.Helper()
	s.get(w, "/shop/tea/black/stock")
	s.get(w, "/shop/tea/green/stock")
	w.part("Endpoints")
	w.write("[data-scope=inventory] [role=combobox]", "path:/shop/tea")
	w.Keys("Enter")
	w.Eventually("only the two are left", func() bool { return w.Count("[data-pane=inventory-endpoints] [role=row][id]") == 2 })
	for _, tea := range []string{"green", "black"} {
		w.JS(`document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }))`, w.inList("inventory-endpoints", "/shop/tea/"+tea+"/stock"))
	}
	w.ClickText("button", "Merge")
	w.Eventually("they are one", func() bool {
		return w.listed("inventory-endpoints", "/shop/tea/{") != "" && w.listed("inventory-endpoints", "/shop/tea/green") == ""
	})
	w.Screenshot("inventory-merged")
	w.ClickText("button", "Undo")
	w.Eventually("they are two again", func() bool {
		return w.listed("inventory-endpoints", "/shop/tea/{") == "" && w.listed("inventory-endpoints", "/shop/tea/green/stock") != "" && w.listed("inventory-endpoints", "/shop/tea/black/stock") != ""
	})
	w.Click("[data-scope=inventory] [aria-label='Clear the filter']")
}

// documented imports a document, of which one part cannot be read: that is said with its place, and the rest is used.
func (w *page) documented(s *shop) {
	w.t.Helper()
	w.ClickText("button", "Documents")
	w.ClickText("[role=dialog] button", "Paste text")
	w.paste("Text of the document", s.describe())
	w.ClickText("[role=dialog] button", "Import")
	w.Eventually("the document is listed", func() bool { return w.Has("[role=dialog] section details summary") })
	w.Click("[role=dialog] section details summary")
	w.Eventually("what could not be read is said with line and column", func() bool {
		return w.JS(`return /line 13, column 10/.test(document.querySelector('[role=dialog] section details').innerText)`) == true
	})
	w.Screenshot("inventory-documents")
	w.closed()
	w.press("Never seen")
	w.inList("inventory-endpoints", "DELETE "+strings.TrimPrefix(s.URL, "http://")+"/shop/returns/{")
	w.press("Shadow")
	w.inList("inventory-endpoints", "/shop/hours")
	if w.listed("inventory-endpoints", "/shop/prices") != "" {
		w.t.Error("a documented endpoint is a shadow")
	}
	w.Screenshot("inventory-shadow")
	w.Click("[data-scope=inventory] [aria-label='Clear the filter']")
}

// exported saves the inventory in each of its forms. The desktop program asks where to with a dialog of the system, which
// cannot be driven here.
func (w *page) exported() {
	w.t.Helper()
	if w.Target != "browser" {
		return
	}
	folder := w.t.TempDir()
	w.devtools("Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": folder})
	for _, form := range []struct{ item, ends string }{{"CSV", ".csv"}, {"JSON", ".json"}, {"OpenAPI 3.1", ".openapi.json"}} {
		w.ClickText("[data-scope=inventory] button", "Export")
		w.ClickText("[role=menuitem]", form.item)
		var text string
		w.Eventually(form.item+" is downloaded", func() bool {
			text = ""
			files, _ := filepath.Glob(filepath.Join(folder, "*"))
			for _, file := range files {
				if data, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, ".crdownload") {
					text = string(data)
					_ = os.Remove(file)
				}
			}
			return text != ""
		})
		if !strings.Contains(text, "/shop/hours") {
			w.t.Errorf("%s does not have an endpoint that was seen: %.300s", form.item, text)
		}
		if form.item != "CSV" && !json.Valid([]byte(text)) {
			w.t.Errorf("%s is not JSON: %.300s", form.item, text)
		}
		w.Eventually("the menu is closed", func() bool { return !w.Has("[role=menu]") })
	}
}
