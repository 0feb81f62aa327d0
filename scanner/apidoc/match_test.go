package apidoc_test

import (
	"slices"
	"testing"

	"assay/scanner"
	"assay/scanner/apidoc"
)

const shop = `{"openapi":"3.0.0","servers":[{"url":"https://api.shop.example/v1"}],"paths":{
	"/users/{id}":{"get":{"operationId":"getUser","parameters":[{"in":"query","name":"fields","schema":{"type":"string"}},{"in":"query","name":"page","required":true,"schema":{"type":"integer"}}]}},
	"/users/me":{"get":{"operationId":"getMe"}},
	"/files/{name}.json":{"get":{"operationId":"getFile"}},
	"/orders":{"post":{"operationId":"order","deprecated":true,"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","properties":{"n":{"type":"number"}},"required":["n"]}}}}}},
	"/never":{"get":{}}}}`

func endpoint(id scanner.EndpointID, method, path, sample string, parameters ...scanner.Parameter) *scanner.Endpoint {
	return &scanner.Endpoint{
		ID: id, Key: scanner.Key{Scheme: "https", Host: "api.shop.example", Method: method, Path: path}, Sample: sample,
		Facts: scanner.Facts{Parameters: parameters},
	}
}

func matcher(t *testing.T, text string) *apidoc.Matcher {
	t.Helper()
	return apidoc.NewMatcher([]apidoc.Kept{{ID: 7, Document: read(t, text)}})
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	m := matcher(t, shop)
	for _, c := range []struct {
		method, path, sample string
		want                 scanner.Documented
		operation            string
	}{
		{"GET", "/v1/users/{user_id}", "/v1/users/17", scanner.DocumentedYes, "getUser"},
		{"GET", "/v1/users/{user_id}", "/v1/users/me", scanner.DocumentedYes, "getUser"},
		{"GET", "/v1/users/me", "/v1/users/me", scanner.DocumentedYes, "getMe"},
		{"GET", "/v1/users/alice", "/v1/users/alice", scanner.DocumentedYes, "getUser"},
		{"GET", "/v1/files/{file}", "/v1/files/a.json", scanner.DocumentedYes, "getFile"},
		{"GET", "/v1/files/{file}", "/v1/files/a.xml", scanner.DocumentedNo, ""},
		{"DELETE", "/v1/users/{id}", "/v1/users/17", scanner.DocumentedNo, ""},
		{"GET", "/v0/users/{id}", "/v0/users/17", scanner.DocumentedNo, ""},
		{"OPTIONS", "/v1/users/{id}", "/v1/users/17", "", ""},
	} {
		e := endpoint(1, c.method, c.path, c.sample)
		m.Describe(e)
		got := ""
		if len(e.Facts.Documents) > 0 {
			got = e.Facts.Documents[0].Operation
		}
		if e.Documented != c.want || got != c.operation {
			t.Errorf("%s %s: %q %q, want %q %q", c.method, c.path, e.Documented, got, c.want, c.operation)
		}
	}
	other := endpoint(1, "GET", "/v1/users/{id}", "/v1/users/1")
	other.Host = "elsewhere.example"
	if m.Describe(other); other.Documented != "" {
		t.Errorf("a host that no document covers is %q", other.Documented)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	m := matcher(t, shop)
	e := endpoint(
		1, "GET", "/v1/users/{id}", "/v1/users/17",
		scanner.Parameter{In: "path", Name: "id", Types: []string{"integer"}},
		scanner.Parameter{In: "query", Name: "fields", Types: []string{"uuid"}},
		scanner.Parameter{In: "query", Name: "page", Types: []string{"word"}, Optional: true},
		scanner.Parameter{In: "query", Name: "debug", Types: []string{"boolean"}},
	)
	m.Describe(e)
	var declared []string
	for _, p := range e.Facts.Parameters {
		declared = append(declared, p.Declared)
	}
	if want := []string{"", "", apidoc.OtherType, apidoc.Undocumented}; !slices.Equal(declared, want) {
		t.Errorf("declared: %q, want %q", declared, want)
	}
	order := endpoint(2, "POST", "/v1/orders", "/v1/orders")
	order.Facts.Auth = []scanner.Auth{{Kind: "none", N: 2, OK: 2}}
	got := m.Differences(order)
	want := []string{`body parameter "n" is required, and was never seen`, "it is deprecated, and still used"}
	if len(got) != 1 || !slices.Equal(got[0].Differences, want) {
		t.Errorf("differences: %+v", got)
	}
}

func TestUnseen(t *testing.T) {
	t.Parallel()
	m := matcher(t, shop)
	seen := []*scanner.Endpoint{
		endpoint(1, "GET", "/v1/users/{id}", "/v1/users/17"), endpoint(2, "GET", "/v1/users/me", "/v1/users/me"),
		endpoint(3, "GET", "/v1/admin", "/v1/admin"),
	}
	var paths []string
	ids := map[scanner.EndpointID]bool{}
	for _, e := range m.Unseen(seen) {
		paths = append(paths, e.Method+" "+e.Host+e.Path)
		if e.ID >= 0 || ids[e.ID] || e.Documented != scanner.DocumentedNever {
			t.Errorf("%+v", e)
		}
		ids[e.ID] = true
	}
	slices.Sort(paths)
	want := []string{"GET api.shop.example/v1/files/{name}.json", "GET api.shop.example/v1/never", "POST api.shop.example/v1/orders"}
	if !slices.Equal(paths, want) {
		t.Errorf("unseen: %q, want %q", paths, want)
	}
	if got := m.Summaries(seen); got[0] != (apidoc.Summary{ID: 7, Seen: 2, Unseen: 3, Shadow: 1}) {
		t.Errorf("summary: %+v", got)
	}
}

func TestGuessHosts(t *testing.T) {
	t.Parallel()
	d := read(t, `{"swagger":"2.0","basePath":"/v1","paths":{"/users/{id}":{"get":{}},"/orders":{"post":{}},"/x":{"get":{}}}}`)
	seen := []*scanner.Endpoint{endpoint(1, "GET", "/v1/users/{id}", "/v1/users/17"), endpoint(2, "POST", "/v1/orders", "/v1/orders")}
	if got := apidoc.GuessHosts(d, seen); !slices.Equal(got, []string{"api.shop.example"}) {
		t.Errorf("with two of three operations: %q", got)
	}
	if got := apidoc.GuessHosts(d, seen[:1]); got != nil {
		t.Errorf("with one of three: %q", got)
	}
	d.ServedAt("api.shop.example")
	e := endpoint(1, "GET", "/v1/users/{id}", "/v1/users/17")
	if apidoc.NewMatcher([]apidoc.Kept{{ID: 1, Document: d}}).Describe(e); e.Documented != scanner.DocumentedYes {
		t.Errorf("served there: %q", e.Documented)
	}
}

// TestTwoDocuments: what two documents have is seen in both, and unseen once.
func TestTwoDocuments(t *testing.T) {
	t.Parallel()
	m := apidoc.NewMatcher([]apidoc.Kept{{ID: 7, Document: read(t, shop)}, {ID: 8, Document: read(t, shop)}})
	e := endpoint(1, "GET", "/v1/users/{id}", "/v1/users/17")
	if m.Describe(e); len(e.Facts.Documents) != 2 || len(m.Differences(e)) != 2 {
		t.Errorf("described by %+v", e.Facts.Documents)
	}
	if got := m.Unseen([]*scanner.Endpoint{e}); len(got) != 4 {
		t.Errorf("%d are unseen", len(got))
	}
	for _, s := range m.Summaries([]*scanner.Endpoint{e}) {
		if s.Seen != 1 || s.Unseen != 4 || s.Shadow != 0 {
			t.Errorf("%+v", s)
		}
	}
}
