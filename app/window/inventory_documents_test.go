package window_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"assay/app"
	"assay/app/window"
)

const petStore = `{"openapi":"3.0.3","info":{"title":"Pets","version":"1"},"servers":[{"url":"https://pets.example"}],"paths":{
"/pets":{"get":{"operationId":"listPets","parameters":[{"name":"limit","in":"query","required":true,"schema":{"type":"integer"}}],"responses":{"200":{"description":"x"}}}},
"/owners":{"get":{"operationId":"listOwners","responses":{"200":{"description":"x"}}}}}}`

// TestDocumentsAndTraffic: an endpoint is in a document, or not, or was never seen.
func TestDocumentsAndTraffic(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i := r.inventory()
	r.add(exchange("GET", "https://pets.example/pets?color=red", 200, "", "[]"), exchange("GET", "https://pets.example/admin", 200, "", "{}"),
		exchange("GET", "https://else.example/", 200, "", "{}"))
	r.folded()
	added := must(i.AddDocument(window.AddDocumentIn{Name: "pets.json", Text: petStore}))(t).Document
	if added.Name != "pets.json" || added.Operations != 2 || added.Seen != 1 || added.Unseen != 1 || added.Shadow != 1 || !slices.Equal(added.Hosts, []string{"pets.example"}) {
		t.Errorf("added: %+v", added)
	}
	var states []string
	for _, row := range r.listed(window.EndpointsIn{Sort: "path"}) {
		states = append(states, row.Path+" "+row.Documented)
		if row.Documented != "unseen" {
			continue
		}
		detail := must(i.Endpoint(window.EndpointIn{ID: row.ID}))(t)
		if detail.Row.ID != row.ID || detail.Row.Count != 0 || detail.Row.FirstSeen != "" || len(detail.Samples) != 0 || r.selects(row.Query) != 0 {
			t.Errorf("never seen: %+v", detail)
		}
	}
	if got := strings.Join(states, ", "); got != "/ , /admin shadow, /owners unseen, /pets documented" {
		t.Errorf("endpoints: %s", got)
	}
	if out := must(i.Overview(window.OverviewIn{}))(t); out.Shadow != 1 || out.Unseen != 1 || out.Documents != 1 {
		t.Errorf("overview: %+v", out)
	}
	pets := r.listed(window.EndpointsIn{Query: "documented:documented"})
	detail := must(i.Endpoint(window.EndpointIn{ID: pets[0].ID}))(t)
	if len(detail.Documents) != 1 || detail.Documents[0].Document != "pets.json" || detail.Documents[0].Operation != "listPets" || len(detail.Documents[0].Differences) != 2 {
		t.Errorf("documented as: %+v", detail.Documents)
	}
	var exported struct {
		OpenAPI string         `json:"openapi"`
		Paths   map[string]any `json:"paths"`
	}
	text := r.exported(window.ExportInventoryIn{Format: "openapi", Query: "host=pets.example"})
	if err := json.Unmarshal([]byte(text), &exported); err != nil || !strings.HasPrefix(exported.OpenAPI, "3.1") || len(exported.Paths) != 2 {
		t.Errorf("%v: %s", err, text)
	}
	if out := must(i.RemoveDocument(window.RemoveDocumentIn{ID: added.ID}))(t); len(out.Items) != 0 {
		t.Errorf("removed: %+v", out)
	}
	if _, err := i.RemoveDocument(window.RemoveDocumentIn{ID: added.ID}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("removed twice: %v", err)
	}
	if rows := r.listed(window.EndpointsIn{}); len(rows) != 3 || rows[0].Documented+rows[1].Documented+rows[2].Documented != "" {
		t.Errorf("without a document: %+v", rows)
	}
}

// TestBrokenDocuments say what is wrong.
func TestBrokenDocuments(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, text := range map[string]string{"empty": "", "text": "hello", "cut.json": petStore[:200], "list": "[]", "ill": illWilled} {
		if out, err := r.inventory().AddDocument(window.AddDocumentIn{Name: name, Text: text}); app.CodeOf(err) != app.CodeInput {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	some := strings.Replace(petStore, `"paths":{`, `"paths":{"/broken":7,`, 1)
	if out := must(r.inventory().AddDocument(window.AddDocumentIn{Name: "some.json", Text: some, Hosts: "a.example, b.example"}))(t); len(out.Document.Problems) == 0 || out.Document.Operations == 0 {
		t.Errorf("partly broken: %+v", out)
	}
	if out := must(r.inventory().Documents(window.OverviewIn{}))(t); len(out.Items) != 1 {
		t.Errorf("kept: %+v", out)
	}
}
