package window

import (
	"testing"
)

// inventoryScreens are the tabs of the inventory of the sample project, with what opens in them.
func inventoryScreens(t *testing.T) {
	w := sample(t)
	s := startShop(t)
	w.Call("Session.StartCapture", map[string]string{"listen": "127.0.0.1:0"}, nil)
	w.capturing()
	w.stocked(s)
	w.part("Endpoints")
	w.Wait("[data-pane=inventory-endpoints] [role=row][id]")
	w.mainState("inventory-endpoints")
	w.write("[data-scope=inventory] [role=combobox]", "kind:llm auth:b")
	w.Wait("[role=listbox] [role=option]")
	w.state("inventory-suggestions")
	w.Keys("Escape", "Escape")
	w.write("[data-scope=inventory] [role=combobox]", "kind:llm and (risk>")
	w.Wait("[data-scope=inventory] [role=alert]")
	w.Keys("Escape")
	w.state("inventory-error")
	w.write("[data-scope=inventory] [role=combobox]", "host:nowhere.example")
	w.Keys("Enter")
	w.Eventually("nothing matches", func() bool { return w.Says("No endpoint matches this filter") })
	w.state("inventory-nothing")
	w.Click("[data-scope=inventory] [aria-label='Clear the filter']")
	w.opened("inventory-endpoints", "api.openai.com/v1/chat/completions", "/v1/chat/completions")
	w.mainState("inventory-endpoint")
	for _, part := range sectionsShown([]section{
		{"Parameters", "parameters"}, {"Schema", "schema"}, {"Sensitive data", "places"}, {"Auth and access", "access"}, {"Changes", "timeline"},
	}) {
		w.JS(`[...document.querySelectorAll('[data-pane=inventory-detail] h3')].find((e) => e.firstChild.textContent === arguments[0]).scrollIntoView({ block: 'start' })`, part.title)
		w.state("inventory-endpoint-" + part.name)
	}
	w.opened("inventory-endpoints", "/shop/tea/{", "/shop/tea/")
	w.JS(`[...document.querySelectorAll('[data-pane=inventory-detail] h3')].at(-1).scrollIntoView({ block: 'end' })`)
	w.state("inventory-endpoint-decisions")
	w.Click("[data-pane=inventory-detail] h2 [aria-haspopup=menu]")
	w.Wait("[role=menu]")
	w.state("inventory-split")
	w.Keys("Escape")
	w.assetStates()
	w.dataStates()
	w.part("Changes")
	w.Wait("[data-pane=inventory-changes] li")
	w.mainState("inventory-changes")
	w.part("Map")
	w.Wait("[data-node]")
	w.mainState("inventory-map")
	w.JS(`[...document.querySelectorAll('[data-node][data-kind=service]')].find((e) => e.innerText.includes('api.openai.com')).click()`)
	w.mainState("inventory-map-chosen")
	w.ClickText("[data-scope=inventory] label", "Table")
	w.Wait("[data-pane=inventory-map] tbody tr")
	w.state("inventory-map-table")
	w.ClickText("button", "Documents")
	w.Click("[role=dialog] summary")
	w.state("inventory-documents")
	w.closed()
	w.part("Endpoints")
	w.ClickText("[data-scope=inventory] button", "Export")
	w.Wait("[role=menu]")
	w.state("inventory-export")
}

// section is a part of a detail, and the name of its picture.
type section struct{ title, name string }

// sectionsShown are those to scroll to: a detail was whole before it was scrolled, so all of them only for pictures.
func sectionsShown(all []section) []section {
	if *pictures {
		return all
	}
	return all[:1]
}

// assetStates are those of AI assets.
func (w *page) assetStates() {
	w.t.Helper()
	w.part("AI assets")
	w.Wait("[data-pane=inventory-assets] [role=row][id]")
	w.mainState("inventory-assets")
	all := []struct{ chip, row, title, name string }{
		{"MCP tools", "look_up_price", "look_up_price", "pulled"},
		{"Models", "Model, gpt-4o", "gpt-4o", "model"},
		{"Services", "Service, ", "", "service"},
		{"Prompts", "Prompt, ", "", "prompt"},
		{"Keys", "Key, ", "", "key"},
		{"Clients", "Client, ", "", "client"},
	}
	if !*pictures { // the same parts, with other facts
		all = all[:2]
	}
	for _, one := range all {
		w.press(one.chip)
		w.opened("inventory-assets", one.row, one.title)
		w.state("inventory-asset-" + one.name)
	}
}

// dataStates are those of sensitive data.
func (w *page) dataStates() {
	w.t.Helper()
	w.part("Sensitive data")
	w.Wait("[data-pane=inventory-places] [role=row][id]")
	w.mainState("inventory-sensitive")
	w.ClickText("button", "Manage types…")
	w.Wait("[role=dialog] dl")
	w.state("inventory-types")
	w.ClickText("[role=dialog] button", "Add a type")
	w.field("Name", "STAFF_CODE")
	w.field("Form of the value", `\bE-\d{6}\b`)
	w.field("Must match", "badge E-12345")
	w.Wait("[role=dialog] [data-ok]")
	w.state("inventory-type")
	w.closed()
}
