package accuracy_test

import (
	"encoding/json"
	"fmt"
	"testing"
)

// inventory is what `assay inventory --json` prints, as far as it is compared here.
type inventory struct {
	Endpoints []struct {
		ID     string   `json:"id"`
		Host   string   `json:"host"`
		Kind   string   `json:"kind"`
		Family string   `json:"family"`
		Models []string `json:"models"`
		Count  int      `json:"count"`
	} `json:"endpoints"`
	Models []struct {
		Name     string   `json:"name"`
		Answered []string `json:"answered"`
	} `json:"models"`
	Outside int `json:"outside"`
	Behind  int `json:"behind"`
}

// checkInventory proves that the inventory says of the exchanges what their lines say: every exchange is in one endpoint,
// endpoints that call models are those whose exchanges do, and every model that answered is listed.
func checkInventory(t *testing.T, printed []byte, rows []row) {
	t.Helper()
	var inv inventory
	if err := json.Unmarshal(printed, &inv); err != nil {
		t.Fatal(err)
	}
	counted, kinds := inv.Outside, map[string]string{}
	for _, e := range inv.Endpoints {
		counted += e.Count
		kinds[e.ID] = e.Kind
	}
	if counted != len(rows) || inv.Behind != 0 {
		t.Errorf("the inventory counts %d exchanges of %d, and is %d behind", counted, len(rows), inv.Behind)
	}
	models := map[string]bool{}
	for _, m := range inv.Models {
		models[m.Name] = true
		for _, name := range m.Answered {
			models[name] = true
		}
	}
	s := scores{}
	of := map[string][2]int{} // exchanges of an endpoint that are calls of a model, and all
	for _, r := range rows {
		at := func() string { return fmt.Sprintf("%s %s %s", r["method"], r["url"], r["model"]) }
		n := of[r.text("endpoint_id")]
		if n[1]++; r.callsModel() {
			n[0]++
			if model := r.text("model"); model != "" && r["error"] == nil { // of those that failed not all exist
				s.add("models that are listed", models[model], at)
			}
		}
		of[r.text("endpoint_id")] = n
	}
	for id, n := range of {
		calls := kinds[id] == "llm" || kinds[id] == "chat-backend" || kinds[id] == "rag" || kinds[id] == "agent"
		switch n[0] {
		case 0:
			s.add("endpoints without a call", !calls || kinds[id] == "rag" || kinds[id] == "agent", func() string { return id + " is " + kinds[id] })
		case n[1]:
			s.add("endpoints of calls", calls, func() string { return id + " is " + kinds[id] })
		}
	}
	s.log(t, "The inventory of the same, through `assay inventory --json`")
	s.demand(t, 0.995, "endpoints of calls", "endpoints without a call", "models that are listed")
}
