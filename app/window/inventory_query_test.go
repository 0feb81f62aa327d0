package window_test

import (
	"testing"

	"assay/app"
	"assay/app/window"
	"assay/scanner"
	"assay/traffic"
)

// selects tells how many exchanges a query selects in Traffic.
func (r *rig) selects(query string) int64 {
	r.t.Helper()
	out := r.open(window.ViewIn{Query: query, All: true})
	if out.Problem.Message != "" || query == "" {
		r.t.Fatalf("%q: %+v", query, out.Problem)
	}
	return int64(out.Count)
}

// TestCountsOpenWhatTheyCount: on the sample project every count of the inventory is that of its query in Traffic.
func TestCountsOpenWhatTheyCount(t *testing.T) {
	t.Parallel()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	path, err := (&app.App{Home: home, Version: "test"}).MakeSample(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := openRig(t, path)
	i := r.inventory()
	overview := r.folded()
	seen := map[string]int{}
	same := func(what, name, query string, n int64) {
		t.Helper()
		seen[what]++
		if got := r.selects(query); got != n {
			t.Errorf("%s %s: %d, and %s selects %d", what, name, n, query, got)
		}
	}
	own, err := r.store.Own(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := overview.Outside + own
	for _, row := range r.listed(window.EndpointsIn{}) {
		all += row.Count
		same("endpoint", row.Host+row.Path, row.Query, row.Count)
		detail := must(i.Endpoint(window.EndpointIn{ID: row.ID}))(t)
		if int64(len(detail.Samples)) != min(row.Count, 20) {
			t.Errorf("%s%s has %d samples of %d", row.Host, row.Path, len(detail.Samples), row.Count)
		}
		for _, a := range detail.Auths {
			if a.Query != "" {
				same("auth", row.Host+row.Path+" "+a.Kind, a.Query, a.N)
			}
		}
		for _, p := range detail.Places {
			same("place", p.Label+" "+p.Path, p.Query, p.Count)
		}
	}
	if total, err := r.store.Count(t.Context(), nil); err != nil || total.N != all {
		t.Errorf("%d exchanges, and endpoints have %d (%v)", total.N, all, err)
	}
	for _, a := range must(i.Assets(window.AssetsIn{}))(t).Items {
		same(a.Kind, a.Name, a.Query, a.Count)
	}
	for _, n := range must(i.Map(window.OverviewIn{}))(t).Nodes {
		same("node", n.Name, n.Query, n.Count)
	}
	for _, s := range must(i.Sensitive(window.SensitiveIn{}))(t).Types {
		same("type", s.Type, s.Query, s.Exchanges)
	}
	for _, what := range []string{"endpoint", "auth", "model", "service", "prompt", "tool", "mcp-tool", "key", "client", "node", "place", "type"} {
		if seen[what] == 0 {
			t.Errorf("the sample has no %s", what)
		}
	}
	t.Logf("compared: %v", seen)
}

// TestQueriesAskForAnyName: a person may call a type of sensitive data what they like.
func TestQueriesAskForAnyName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	f := scanner.Fold{Endpoints: []*scanner.Endpoint{{ID: 1, Key: scanner.Key{Host: "h.example", Method: "GET", Path: "/"}}}}
	for n, name := range []string{`a"b`, `back\slash\`, "gpt*", "a (b, c)", "or", "=x", "~/re/", "a b", "\x00\x1b", "ünï", illWilled} {
		f.Places = append(f.Places, &scanner.Place{ID: scanner.PlaceID(n + 1), Endpoint: 1, Direction: "request", Path: "body", Type: name, Class: "personal"})
	}
	r.fold(&f)
	types := must(r.inventory().Sensitive(window.SensitiveIn{Limit: 10}))(t).Types
	if len(types) != len(f.Places) {
		t.Fatalf("%d types of %d", len(types), len(f.Places))
	}
	for _, one := range types {
		q, err := traffic.Parse(one.Query)
		if err != nil || q.Root == nil {
			t.Errorf("%.40q: %.100q: %v", one.Type, one.Query, err)
			continue
		}
		if len(one.Type) > 1000 {
			continue
		}
		c := q.Root.(traffic.Compare)
		if c.Field != "sensitive" || c.Op != traffic.OpEqual || c.Values[0].Text != one.Type || c.Values[0].Glob {
			t.Errorf("%q is asked for with %s", one.Type, one.Query)
		}
	}
}

// TestOperationsAreNamed: where one path stands for everything, a line of Traffic says what was asked for.
func TestOperationsAreNamed(t *testing.T) {
	t.Parallel()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	path, err := (&app.App{Home: home, Version: "test"}).MakeSample(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := openRig(t, path)
	r.folded()
	out := r.open(window.ViewIn{Query: "kind:mcp-server", All: true})
	asked := map[string]bool{}
	for _, item := range r.items(out.View) {
		asked[item.Row.Operation] = true
	}
	for _, method := range []string{"tools/list", "tools/call"} {
		if !asked[method] {
			t.Errorf("no line says %s: %v", method, asked)
		}
	}
}
