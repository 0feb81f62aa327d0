package window_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/app/window"
	"assay/llm"
	"assay/scanner"
)

// someEndpoints are six of two hosts.
func someEndpoints() []*scanner.Endpoint {
	list := []*scanner.Endpoint{
		endpoint(1, "shop.example", "GET", "/items"), endpoint(2, "shop.example", "POST", "/items"), endpoint(3, "shop.example", "GET", "/b/{id}"),
		endpoint(4, "api.openai.com", "POST", "/v1/chat/completions"), endpoint(5, "api.openai.com", "POST", "/v1/embeddings"),
		endpoint(6, "shop.example", "GET", "/a"),
	}
	list[2].Risk, list[3].Risk, list[4].Risk = 50, 80, 10
	list[2].Facts.Risks = []scanner.Risk{{Code: "no-auth", Points: 50, What: "Anybody may ask"}, {Code: "x", What: "no"}}
	list[3].Kind, list[3].Provider, list[3].Facts.Models, list[3].Facts.Streamed = llm.KindLLM, "openai", []string{"gpt-4o"}, 3
	list[4].Kind = llm.KindEmbedding
	list[0].LastSeen = noon.Add(time.Hour)
	return list
}

func TestEndpointsAreSortedFilteredAndPaged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fold(&scanner.Fold{Endpoints: someEndpoints()})
	for _, row := range []struct {
		in   window.EndpointsIn
		want string
	}{
		{window.EndpointsIn{}, "4 3 5 1 2 6"},
		{window.EndpointsIn{Sort: "risk"}, "1 2 6 5 3 4"},
		{window.EndpointsIn{Sort: "path"}, "6 3 1 2 4 5"},
		{window.EndpointsIn{Sort: "first", Desc: true}, "6 5 4 3 2 1"},
		{window.EndpointsIn{Sort: "last", Desc: true}, "1 6 5 4 3 2"},
		{window.EndpointsIn{Sort: "new"}, "1 2 3 4 5 6"},
		{window.EndpointsIn{Query: "host=shop.example", Sort: "host"}, "6 3 1 2"},
		{window.EndpointsIn{Query: "method=POST -kind:embedding", Sort: "new"}, "2 4"},
		{window.EndpointsIn{Query: "model:gpt"}, "4"},
		{window.EndpointsIn{Query: "risk>=50", Sort: "kind"}, "4 3"},
		{window.EndpointsIn{Query: "endpoint:(5, 6)", Sort: "host"}, "5 6"},
		{window.EndpointsIn{Query: "path=/nowhere"}, ""},
	} {
		if got := ids(r.listed(row.in)); got != row.want {
			t.Errorf("%+v: %s, want %s", row.in, got, row.want)
		}
	}
	out := must(r.inventory().Endpoints(window.EndpointsIn{Query: "risk>=50"}))(t)
	if out.Count != 2 || out.Total != 6 || out.Revision == 0 || !strings.HasPrefix(out.Explain, "endpoints ") {
		t.Errorf("list: %+v", out)
	}
	page := must(r.inventory().Page(window.EndpointsPageIn{View: out.View, From: 1, Limit: 7}))(t)
	if ids(page.Items) != "3" || page.Count != 2 {
		t.Errorf("page: %+v", page)
	}
	three := page.Items[0]
	if three.Host != "shop.example" || three.Path != "/b/{id}" || three.Risk != 50 || three.Why != "Anybody may ask" || three.Query != "endpoint:3" ||
		three.FirstSeen != "2026-11-20T12:03:00.000Z" || three.Access != "public" || three.Streamed || three.Dynamic {
		t.Errorf("row: %+v", three)
	}
	for _, from := range []int{-1, 2, 3, 1 << 40} {
		if page := must(r.inventory().Page(window.EndpointsPageIn{View: out.View, From: from, Limit: 1}))(t); page.Count != 2 || len(page.Items) > 1 {
			t.Errorf("page from %d: %+v", from, page)
		}
	}
}

func TestEndpointsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for query, column := range map[string]int{`a and hst:b`: 7, `host:"a`: 6, "a tokens>5": 3} {
		out := must(r.inventory().Endpoints(window.EndpointsIn{Query: query}))(t)
		if out.View != "" || out.Problem.Column != column || out.Problem.Message == "" {
			t.Errorf("%q: %+v, want column %d", query, out, column)
		}
	}
	if _, err := r.inventory().Endpoints(window.EndpointsIn{Sort: "colour"}); app.CodeOf(err) != app.CodeUsage {
		t.Errorf("sorted by colour: %v", err)
	}
	if _, err := r.inventory().Page(window.EndpointsPageIn{View: "77"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("page of no list: %v", err)
	}
	for _, id := range []string{"", "x", "--4", "-", "0", "99999999999999999999", illWilled} {
		if _, err := r.inventory().Endpoint(window.EndpointIn{ID: id}); app.CodeOf(err) != app.CodeUsage || len(err.Error()) > 1000 {
			t.Errorf("endpoint %.40q: %v", id, err)
		}
		if _, err := r.inventory().Asset(window.AssetIn{ID: id}); app.CodeOf(err) != app.CodeUsage || len(err.Error()) > 1000 {
			t.Errorf("asset %.40q: %v", id, err)
		}
	}
	if _, err := r.inventory().Endpoint(window.EndpointIn{ID: "12"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("endpoint that is not there: %v", err)
	}
	if _, err := r.inventory().Endpoint(window.EndpointIn{ID: "-12"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("endpoint that no document has: %v", err)
	}
	if _, err := r.inventory().Asset(window.AssetIn{ID: "-12"}); app.CodeOf(err) != app.CodeUsage {
		t.Errorf("asset of a negative id: %v", err)
	}
	if _, err := r.inventory().Asset(window.AssetIn{ID: "12"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("asset that is not there: %v", err)
	}
}

// TestListsOfEndpointsAreFew: what a window forgot about is not kept for ever, what it looks at is.
func TestListsOfEndpointsAreFew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fold(&scanner.Fold{Endpoints: someEndpoints()})
	there := func(view string) bool {
		_, err := r.inventory().Page(window.EndpointsPageIn{View: view, Limit: 1})
		return err == nil
	}
	first := must(r.inventory().Endpoints(window.EndpointsIn{}))(t).View
	second := must(r.inventory().Endpoints(window.EndpointsIn{}))(t).View
	third := must(r.inventory().Endpoints(window.EndpointsIn{Replaces: first}))(t).View
	if there(first) || !there(second) || !there(third) {
		t.Errorf("after one was replaced: %v %v %v", there(first), there(second), there(third))
	}
	for range 20 {
		must(r.inventory().Endpoints(window.EndpointsIn{}))(t)
		if !there(third) {
			t.Fatal("the list that is used was closed")
		}
	}
	if there(second) {
		t.Error("twenty more were opened, and one that nobody used is there")
	}
	if _, err := r.session().OpenProject(window.ProjectIn{Path: t.TempDir() + "/other.assay"}); err != nil {
		t.Fatal(err)
	}
	if there(third) {
		t.Error("a list of another project is there")
	}
}

// TestListedEndpointIsGone: it became part of another one after the list was made.
func TestListedEndpointIsGone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	list := someEndpoints()
	r.fold(&scanner.Fold{Endpoints: list})
	out := must(r.inventory().Endpoints(window.EndpointsIn{Sort: "new"}))(t)
	gone, kept := *list[0], *list[1]
	gone.Merged, kept.Risk = kept.ID, 99
	r.fold(&scanner.Fold{Endpoints: []*scanner.Endpoint{&gone, &kept}, Moved: map[scanner.EndpointID]scanner.EndpointID{1: 2}})
	again := must(r.inventory().Endpoints(window.EndpointsIn{Sort: "new"}))(t)
	if again.Count != 5 || again.Revision <= out.Revision {
		t.Errorf("after the merge: %+v, before %+v", again, out)
	}
	page := must(r.inventory().Page(window.EndpointsPageIn{View: out.View, Limit: 2}))(t)
	if ids(page.Items) != "1 2" || page.Items[0].Path != "" || page.Items[1].Risk != 99 {
		t.Errorf("the old list: %+v", page.Items)
	}
	if moved := must(r.inventory().Endpoint(window.EndpointIn{ID: "1"}))(t); moved.Row.ID != "2" || moved.MovedFrom != "1" {
		t.Errorf("a link to what was merged leads to %s, moved from %q", moved.Row.ID, moved.MovedFrom)
	}
	if there := must(r.inventory().Endpoint(window.EndpointIn{ID: "2"}))(t); there.MovedFrom != "" {
		t.Errorf("moved from %q", there.MovedFrom)
	}
}

func TestOverviewCounts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	list := someEndpoints()
	list[0].Documented, list[1].Documented, list[2].Documented = scanner.DocumentedYes, scanner.DocumentedNo, scanner.DocumentedNever
	r.fold(&scanner.Fold{
		Endpoints: list,
		Assets:    []*scanner.Asset{asset(1, scanner.AssetModel, "a"), asset(2, scanner.AssetModel, "b"), asset(3, scanner.AssetKey, "c")},
		Changes:   []scanner.Change{{ID: 1, At: noon, Found: time.Now(), Kind: scanner.ChangeFull, Endpoint: 1, What: "too many paths", Severity: "medium"}},
	})
	out := must(r.inventory().Overview(window.OverviewIn{}))(t)
	want := window.OverviewOut{
		Revision: out.Revision, Endpoints: 6, Hosts: 2, AI: 2, New: 6, Shadow: 1, Unseen: 1, Risky: 2, Full: []window.Count{{Value: "shop.example", N: 4}},
		Assets: []window.Count{{Value: "model", N: 2}, {Value: "key", N: 1}}, Classes: []window.Count{},
		Kinds:    []window.Count{{Value: "plain", N: 4}, {Value: "embedding", N: 1}, {Value: "llm", N: 1}},
		Accesses: []window.Count{{Value: "public", N: 6}}, Changes: 1,
	}
	if fmt.Sprintf("%+v", out) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", out, want)
	}
	visited := must(r.inventory().Visit(window.OverviewIn{}))(t)
	if visited.Visited == "" || visited.New != 0 || visited.Changes != 0 {
		t.Errorf("after a visit: %+v", visited)
	}
	fresh := endpoint(7, "new.example", "GET", "/")
	fresh.Found = time.Now().Add(time.Minute)
	r.fold(&scanner.Fold{Endpoints: []*scanner.Endpoint{fresh}})
	if out := must(r.inventory().Overview(window.OverviewIn{}))(t); out.New != 1 || out.Endpoints != 7 {
		t.Errorf("after one more: %+v", out)
	}
	if rows := r.listed(window.EndpointsIn{Sort: "new", Desc: true}); !rows[0].New || rows[1].New {
		t.Errorf("new: %+v", rows[:2])
	}
	if got := ids(r.listed(window.EndpointsIn{Query: "new:yes"})); got != "7" {
		t.Errorf("new:yes lists %s", got)
	}
}
