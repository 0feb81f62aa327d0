package window

import (
	"strings"
	"testing"
)

// TestInventoryReopened finds on the next day what was found and what was said about it, and so does who only reads.
func TestInventoryReopened(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	project := ""
	t.Run("today", func(t *testing.T) {
		w := openBrowser(t, options{Home: home})
		project = w.Project
		s := startShop(t)
		w.capturing()
		w.stocked(s)
	})
	t.Run("tomorrow", func(t *testing.T) {
		first := openBrowser(t, options{Home: home})
		first.found()
		second := openBrowser(t, options{Home: home, Project: project, Args: []string{"--no-capture"}})
		second.Eventually("it can only be read", func() bool { return second.Says("can only be read") })
		second.found()
		second.Screenshot("inventory-read-only")
	})
}

// stocked records a shop and says what a person says about it: a merge, a type, a document.
func (w *page) stocked(s *shop) {
	w.t.Helper()
	s.tools(w)
	s.pulled.Store(true)
	s.tools(w)
	for _, path := range []string{"/shop/prices", "/shop/hours", "/shop/tea/black/stock", "/shop/tea/green/stock"} {
		s.get(w, path)
	}
	w.through("POST", s.URL+"/shop/till", `{"badge":"E-123456","mail":"`+mail+`"}`)
	w.Call("Inventory.SetType", map[string]any{
		"name": "STAFF_NUMBER", "class": "personal", "keys": "", "pattern": `\bE-\d{6}\b`, "list": []string{}, "validator": "",
		"match": []string{"badge E-123456"}, "ignore": []string{"E-12"},
	}, nil)
	w.through("POST", s.URL+"/shop/till", `{"badge":"E-654321"}`)
	w.Call("Inventory.AddDocument", map[string]string{"name": "shop.yaml", "text": s.describe(), "hosts": ""}, nil)
	var teas []string
	w.Eventually("everything is in the inventory", func() bool {
		var list struct{ View string }
		w.Call("Inventory.Endpoints", map[string]any{"query": "path:/shop/tea", "sort": "path", "desc": false, "replaces": ""}, &list)
		var rows struct{ Items []struct{ ID string } }
		w.Call("Inventory.Page", map[string]any{"view": list.View, "from": 0, "limit": 10}, &rows)
		teas = nil
		for _, row := range rows.Items {
			teas = append(teas, row.ID)
		}
		var places struct{ Items []struct{ Type string } }
		w.Call("Inventory.Sensitive", map[string]any{"type": "STAFF_NUMBER", "class": "", "endpoint": "", "from": 0, "limit": 10}, &places)
		return len(teas) == 2 && len(places.Items) > 0
	})
	w.Call("Inventory.Merge", map[string]any{"ids": teas}, nil)
}

// found looks for all of it.
func (w *page) found() {
	w.t.Helper()
	w.part("Endpoints")
	w.inList("inventory-endpoints", "/shop/tea/{")
	w.press("Never seen")
	w.inList("inventory-endpoints", "/shop/returns/{number}")
	w.Click("[data-scope=inventory] [aria-label='Clear the filter']")
	w.opened("inventory-endpoints", "/shop/tea/{", "/shop/tea/")
	w.Eventually("what was said about the path is shown", func() bool { return strings.Contains(w.said("[data-pane=inventory-detail]"), "merged") })
	w.part("AI assets")
	w.inList("inventory-assets", "MCP tool, look_up_price")
	w.part("Sensitive data")
	w.inList("inventory-places", "STAFF_NUMBER")
	w.inList("inventory-places", "EMAIL_ADDRESS")
	w.part("Changes")
	w.line("high", "Tool definition changed", "look_up_price")
	w.part("Map")
	w.Wait("[data-node]")
}
