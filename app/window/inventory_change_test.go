package window_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/app/window"
	"assay/scanner"
)

// TestPulseTellsOfTheInventory: a new revision is told, once.
func TestPulseTellsOfTheInventory(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fold(&scanner.Fold{Endpoints: someEndpoints()})
	want := must(r.inventory().Overview(window.OverviewIn{}))(t).Revision
	var told []int64
	for until := time.Now().Add(time.Minute); !slices.Contains(told, want); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("told of %v, want %d", told, want)
		}
		for _, p := range r.seen() {
			told = append(told, p.Inventory)
		}
	}
	if n := len(slices.DeleteFunc(told, func(v int64) bool { return v != want })); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestMergeSaysWhatCannotBe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for n, path := range []string{"/users/ann", "/users/bob", "/users/{id}", "/users/ann/keys", "/users/ann", "/teams/bob"} {
		e := endpoint(n+1, "a.example", "GET", path)
		if n == 4 {
			e.Method = "PUT"
		}
		r.fold(&scanner.Fold{Endpoints: []*scanner.Endpoint{e}})
	}
	r.fold(&scanner.Fold{Endpoints: []*scanner.Endpoint{endpoint(7, "b.example", "GET", "/users/bob")}})
	for _, row := range []struct {
		ids  []string
		want string
	}{
		{nil, "it takes two"},
		{[]string{"1"}, "it takes two"},
		{[]string{"1", "1"}, "they have the same path"},
		{[]string{"1", "5"}, "they have the same path"},
		{[]string{"1", "7"}, "they are of different hosts"},
		{[]string{"1", "4"}, "their paths have different numbers of segments"},
		{[]string{"1", "6"}, "their paths differ in more than one segment"},
		{[]string{"1", "2", "6"}, "their paths differ in more than one segment"},
		{[]string{"1", "99"}, "no longer in the inventory"},
		{[]string{"1", "x"}, "is not the id of an endpoint"},
	} {
		if out, err := r.inventory().Merge(window.MergeIn{IDs: row.ids}); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v: %+v %v, want %q", row.ids, out, err, row.want)
		}
	}
	for _, in := range []window.SplitIn{{ID: "1"}, {ID: "1", Segment: 1}, {ID: "3", Segment: -1}, {ID: "3", Segment: 2}, {ID: "3", Segment: 0}, {ID: "99"}, {ID: ""}} {
		if _, err := r.inventory().Split(in); app.CodeOf(err) != app.CodeUsage && app.CodeOf(err) != app.CodeNotFound {
			t.Errorf("split %+v: %v", in, err)
		}
	}
	if _, err := r.inventory().Split(window.SplitIn{ID: "3", Segment: 1}); app.CodeOf(err) != app.CodeNotFound || !strings.Contains(err.Error(), "what stood there") {
		t.Errorf("split of what nobody asked for: %v", err)
	}
	if _, err := r.inventory().Undecide(window.UndecideIn{Decision: "5"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("undecide: %v", err)
	}
}

var parameter = regexp.MustCompile(`\{[^}]*}`)

// templates are the paths of a host's endpoints, sorted, whatever their parameters are called.
func (r *rig) templates(host string) string {
	r.t.Helper()
	var all []string
	for _, row := range r.listed(window.EndpointsIn{Query: "host=" + host, Sort: "path"}) {
		all = append(all, parameter.ReplaceAllString(row.Path, "{}"))
	}
	return strings.Join(all, " ")
}

// TestMergeAndSplitStick: what a person says about paths holds for what is there and for what comes.
func TestMergeAndSplitStick(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ask := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			r.add(exchange("GET", "https://a.example"+path, 200, "", "{}"))
		}
		r.folded()
	}
	ask("/users/ann", "/users/bob", "/items/1", "/items/2", "/items/3")
	if got := r.templates("a.example"); got != "/items/{} /users/ann /users/bob" {
		t.Fatalf("learned: %s", got)
	}
	rows := r.listed(window.EndpointsIn{Query: "path:/users", Sort: "path"})
	merged := must(r.inventory().Merge(window.MergeIn{IDs: []string{rows[0].ID, rows[1].ID}}))(t)
	r.folded()
	users := r.listed(window.EndpointsIn{Query: "path:/users"})
	if len(users) != 1 || users[0].Count != 2 || !strings.HasPrefix(users[0].Path, "/users/{") || merged.Decision == "" {
		t.Fatalf("merged: %+v", users)
	}
	detail := must(r.inventory().Endpoint(window.EndpointIn{ID: users[0].ID}))(t)
	if len(detail.Decisions) != 1 || detail.Decisions[0].ID != merged.Decision || !detail.Decisions[0].Merge || len(detail.Samples) != 2 {
		t.Errorf("decisions: %+v, %d samples", detail.Decisions, len(detail.Samples))
	}
	ask("/users/ann")
	if users = r.listed(window.EndpointsIn{Query: "path:/users"}); len(users) != 1 || users[0].Count != 3 {
		t.Errorf("after one more: %+v", users)
	}
	items := r.listed(window.EndpointsIn{Query: "path:/items"})
	split := must(r.inventory().Split(window.SplitIn{ID: items[0].ID, Segment: 1}))(t)
	r.folded()
	if got := r.templates("a.example"); got != "/items/1 /items/2 /items/3 /users/{}" {
		t.Errorf("split: %s", got)
	}
	must(r.inventory().Undecide(window.UndecideIn(split)))(t)
	must(r.inventory().Undecide(window.UndecideIn(merged)))(t)
	r.folded()
	if got := r.templates("a.example"); got != "/items/{} /users/ann /users/bob" {
		t.Errorf("taken back: %s", got)
	}
}

func TestTypesOfOnesOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i := r.inventory()
	for _, payload := range []string{"SYSTEM_PROMPT", "TOOL_SCHEMA", "EMBEDDING_VECTOR"} { // discovery finds them, not detection
		if !slices.ContainsFunc(must(i.Types(window.OverviewIn{}))(t).BuiltIn, func(b window.BuiltInType) bool { return b.Name == payload }) {
			t.Errorf("%s is not among the types", payload)
		}
	}
	if out := must(i.Types(window.OverviewIn{}))(t); len(out.BuiltIn) < 100 || len(out.Custom) != 0 || out.BuiltIn[0].Name == "" || out.BuiltIn[0].What == "" {
		t.Errorf("at first: %d built in, %+v", len(out.BuiltIn), out.Custom)
	}
	own := window.CustomType{Name: "BADGE", Class: "personal", Pattern: `B-[0-9]{5}`, Match: []string{"B-12345"}, Ignore: []string{"B-12"}}
	if out := must(i.ProveType(own))(t); out.Problem != "" || fmt.Sprint(out.Samples) != "[{B-12345 true B-12345 true} {B-12 false  true}]" {
		t.Errorf("proven: %+v", out)
	}
	wrong := own
	wrong.Ignore = []string{"B-99999"}
	if out := must(i.ProveType(wrong))(t); len(out.Samples) != 2 || out.Samples[1].OK || out.Samples[1].Found != "B-99999" {
		t.Errorf("a sample that must not match: %+v", out)
	}
	if _, err := i.SetType(wrong); app.CodeOf(err) != app.CodeInput {
		t.Errorf("kept in spite of it: %v", err)
	}
	broken := own
	broken.Pattern = "("
	if out := must(i.ProveType(broken))(t); out.Problem == "" {
		t.Errorf("broken: %+v", out)
	}
	if out := must(i.SetType(own))(t); len(out.Custom) != 1 || fmt.Sprint(out.Custom[0]) != fmt.Sprint(own) {
		t.Errorf("kept: %+v", out.Custom)
	}
	if out := must(i.RemoveType(window.RemoveTypeIn{Name: "BADGE"}))(t); len(out.Custom) != 0 {
		t.Errorf("removed: %+v", out.Custom)
	}
	if _, err := i.RemoveType(window.RemoveTypeIn{Name: "BADGE"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("removed twice: %v", err)
	}
}

// exported saves the inventory and fetches the file.
func (r *rig) exported(in window.ExportInventoryIn) string {
	r.t.Helper()
	out := must(r.inventory().Export(in))(r.t)
	w := httptest.NewRecorder()
	r.desk.Handler().ServeHTTP(w, httptest.NewRequestWithContext(r.t.Context(), http.MethodGet, out.Download, nil))
	if w.Code != http.StatusOK || !strings.HasPrefix(out.Name, "p-") {
		r.t.Fatalf("%+v: %d, %+v", in, w.Code, out)
	}
	return w.Body.String()
}

func TestInventoryIsExported(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	list := someEndpoints()
	list[0].Path, list[1].Method, list[3].Facts.Models = "=cmd|' /C calc'!A0", "@SUM(A1)", []string{"+1", "a,\"b\"\nc"}
	r.fold(&scanner.Fold{Endpoints: list, Assets: []*scanner.Asset{asset(1, scanner.AssetModel, "gpt-4o")}})
	rows, err := csv.NewReader(strings.NewReader(r.exported(window.ExportInventoryIn{Format: "csv"}))).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	var found app.Inventory
	text := r.exported(window.ExportInventoryIn{Format: "json", Query: "kind:llm"})
	if err := json.Unmarshal([]byte(text), &found); err != nil || len(found.Endpoints) != 1 || found.Endpoints[0].ID != "4" || len(found.Models) != 1 {
		t.Errorf("%v: %s", err, text)
	}
	if _, err := r.inventory().Export(window.ExportInventoryIn{Format: "exe"}); app.CodeOf(err) != app.CodeUsage {
		t.Errorf("as a program: %v", err)
	}
	if _, err := r.inventory().Export(window.ExportInventoryIn{Format: "csv", Query: "hst:b"}); err == nil {
		t.Error("a query that cannot be read: no error")
	}
}
