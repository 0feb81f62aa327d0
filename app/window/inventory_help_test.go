package window_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"assay/app/window"
	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// inventory returns the inventory screen of a rig.
func (r *rig) inventory() *window.Inventory {
	r.t.Helper()
	for _, bound := range r.desk.Bound() {
		if i, ok := bound.(*window.Inventory); ok {
			return i
		}
	}
	r.t.Fatal("no inventory is bound")
	return nil
}

// fold keeps an inventory as if it had been folded from exchanges.
func (r *rig) fold(f *scanner.Fold) {
	r.t.Helper()
	if err := r.store.SaveFold(r.t.Context(), f); err != nil {
		r.t.Fatal(err)
	}
}

// folded waits until every exchange is in the inventory.
func (r *rig) folded() window.OverviewOut {
	r.t.Helper()
	until := time.Now().Add(3 * time.Minute)
	for {
		r.rest()
		out := must(r.inventory().Overview(window.OverviewIn{}))(r.t)
		if out.Behind == 0 {
			return out
		}
		if time.Now().After(until) {
			r.t.Fatalf("after three minutes %d exchanges are not folded", out.Behind)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// must is the result of a call that may not fail.
func must[T any](out T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(out)
		if err != nil {
			t.Fatalf("the window cannot be told: %v", err)
		}
		if strings.Contains(string(text), "null") && nullsIn(text) {
			t.Fatalf("there is a null in %.2000s", text)
		}
		return out
	}
}

// noon is when everything in these tests was seen first.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// endpoint is one that was seen n minutes after noon.
func endpoint(n int, host, method, path string) *scanner.Endpoint {
	seen := noon.Add(time.Duration(n) * time.Minute)
	return &scanner.Endpoint{
		ID: scanner.EndpointID(n), Key: scanner.Key{Scheme: "https", Host: host, Method: method, Path: path}, Protocol: scanner.ProtocolREST,
		Kind: llm.KindPlain, Access: scanner.AccessPublic, FirstSeen: seen, LastSeen: seen, First: traffic.ID(n), Last: traffic.ID(n), Found: seen,
	}
}

// asset is one of n exchanges.
func asset(n int, kind scanner.AssetKind, name string) *scanner.Asset {
	seen := noon.Add(time.Duration(n) * time.Minute)
	return &scanner.Asset{
		ID: scanner.AssetID(n), Kind: kind, Key: fmt.Sprint(n), Name: name, FirstSeen: seen, LastSeen: seen, First: 1, Last: 1, Found: seen,
		Count: int64(n),
	}
}

// listed are all rows of a list.
func (r *rig) listed(in window.EndpointsIn) []window.EndpointRow {
	r.t.Helper()
	out := must(r.inventory().Endpoints(in))(r.t)
	if out.Problem.Message != "" {
		r.t.Fatalf("%q: %+v", in.Query, out.Problem)
	}
	var rows []window.EndpointRow
	for len(rows) < out.Count {
		page := must(r.inventory().Page(window.EndpointsPageIn{View: out.View, From: len(rows), Limit: 500}))(r.t)
		if len(page.Items) == 0 {
			r.t.Fatalf("page at %d of %d is empty", len(rows), out.Count)
		}
		rows = append(rows, page.Items...)
	}
	return rows
}

// ids are the ids of rows, in one text.
func ids(rows []window.EndpointRow) string {
	var all []string
	for i := range rows {
		all = append(all, rows[i].ID)
	}
	return strings.Join(all, " ")
}

// illWilled is a name from somebody who means ill.
var illWilled = "\x00\x1b[31m\u202e</script>\"'`\n\r=cmd()\xff" + strings.Repeat("\U0001F600long", 2_000)
