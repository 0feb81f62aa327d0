package window_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/app/window"
	"assay/storage"
	"assay/traffic"
)

func TestListShowsCallsAndFoldsTheRest(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.add(page("a.example"), turn("ann", 1, "gpt-4o"), page("b.example"), turn("ann", 2, "gpt-4o"))
	r.rest()
	refused := exchange("CONNECT", "pinned.example:443", 0, "", "")
	refused.Kind, refused.State = traffic.KindTunnel, traffic.StateFailed
	refused.Fault = &traffic.Fault{Stage: traffic.StageClientTLS, Reason: "the client refused the certificate"}
	ids = append(ids, r.add(refused)...)
	r.rest()

	calls := r.open(window.ViewIn{})
	if got := told(r.items(calls.View)); !slices.Equal(got, []string{ids[1], ids[3], ids[4]}) || calls.Count != 3 || calls.Folded != 2 || calls.Total != 5 {
		t.Errorf("calls: %v, %+v", got, calls)
	}
	all := r.open(window.ViewIn{All: true})
	if got := told(r.items(all.View)); !slices.Equal(got, ids) || all.Folded != 0 {
		t.Errorf("all: %v, %+v", got, all)
	}
	some := r.open(window.ViewIn{Query: "host:b.example or user:asks", All: false})
	if got := told(r.items(some.View)); !slices.Equal(got, []string{ids[1], ids[3]}) || some.Folded != 1 {
		t.Errorf("some: %v, %+v", got, some)
	}
	if some.Explain == "" || some.Problem.Message != "" {
		t.Errorf("explained as %+v", some)
	}
	row := r.items(calls.View)[1].Row
	if row.LastUser != "ann asks 2" || row.Answer != "ann is told 2" || row.Model != "gpt-4o" || row.TotalTokens != 7 || row.Conversation != ids[1] {
		t.Errorf("row: %+v", row)
	}
}

func TestListSaysWhatIsWrongWithAQuery(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	out := r.open(window.ViewIn{Query: "größe and hst:a"})
	if p := out.Problem; out.View != "" || p.Column != 11 || p.Length != 3 || p.Nearest != "host" || p.Message == "" {
		t.Errorf("got %+v", out)
	}
	_, err := r.list.Sync(window.SyncIn{View: "nothing"})
	var known *app.Error
	if !errors.As(err, &known) || known.Code != app.CodeNotFound || known.Hint == "" {
		t.Errorf("a view that is not there: %v", err)
	}
}

// TestListWhileItStreams follows a call from its request on.
func TestListWhileItStreams(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	view := r.open(window.ViewIn{}).View
	x := turn("ann", 1, "gpt-4o")
	begin := *x
	begin.State, begin.Response = traffic.StateOpen, nil
	rec := r.store.Recorder()
	id := rec.NextID()
	rec.Record(traffic.Event{ID: id, Kind: traffic.EventBegin, Exchange: &begin})
	rec.Record(traffic.Event{ID: id, Kind: traffic.EventData, Side: traffic.FromClient, Data: x.Request.Body.Data})
	other := rec.NextID()
	plain := *page("a.example")
	plain.State, plain.Response = traffic.StateOpen, nil
	rec.Record(traffic.Event{ID: other, Kind: traffic.EventBegin, Exchange: &plain})
	if err := rec.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := r.sync(view); out.Count != 1 || out.From != 0 || out.Folded != 1 || out.Total != 2 {
		t.Errorf("sync: %+v", out)
	}
	row := r.items(view)[0].Row
	if row.State != "open" || row.LastUser != "ann asks 1" || row.Model != "gpt-4o" || row.Kind != "llm" {
		t.Errorf("row of a call that is under way: %+v", row)
	}
	end := *x
	rec.Record(traffic.Event{ID: id, Kind: traffic.EventData, Side: traffic.FromServer, Data: x.Response.Body.Data})
	rec.Record(traffic.Event{ID: id, Kind: traffic.EventEnd, Exchange: &end})
	if err := rec.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.rest()
	if out := r.sync(view); out.Count != 1 || out.From != 1 {
		t.Errorf("sync at its end: %+v", out)
	}
	if row := r.items(view)[0].Row; row.State != "complete" || row.Answer != "ann is told 1" {
		t.Errorf("row at its end: %+v", row)
	}
}

func TestListGroupsConversations(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	// 1 and 3 are ann's, 2 and 5 bob's, 4 is none
	r.add(turn("ann", 1, "gpt-4o"), turn("bob", 1, "o3"))
	r.rest()
	r.add(turn("ann", 2, "gpt-4o"), page("a.example"))
	r.rest()
	r.add(turn("bob", 2, "o3"))
	r.rest()
	view := r.open(window.ViewIn{All: true, Group: true}).View
	want := func(what, items string) {
		t.Helper()
		if got := strings.Join(told(r.items(view)), " "); got != items {
			t.Errorf("%s: %s, want %s", what, got, items)
		}
	}
	toggle := func(conversation string, expand bool, from int) {
		t.Helper()
		out, err := r.list.Toggle(window.ToggleIn{View: view, Conversation: conversation, Expand: expand})
		if err != nil || out.From != from {
			t.Errorf("toggle %q %v: %+v %v, want from %d", conversation, expand, out, err, from)
		}
	}
	locate := func(id string, index int) {
		t.Helper()
		if out, err := r.list.Locate(window.LocateIn{View: view, ID: id}); err != nil || out.Index != index {
			t.Errorf("locate %s: %d %v, want %d", id, out.Index, err, index)
		}
	}
	want("folded", "3x2 4 5x2")
	locate("1", 0)
	locate("5", 2)
	locate("99", -1)
	toggle("1", true, 0)
	want("ann expanded", "3x2+ .1 .3 4 5x2")
	locate("1", 1)
	locate("4", 3)
	toggle("1", true, 6-1)
	toggle("", true, 0)
	want("all expanded", "3x2+ .1 .3 4 5x2+ .2 .5")
	toggle("1", false, 0)
	want("all but ann", "3x2 4 5x2+ .2 .5")
	r.add(turn("ann", 3, "gpt-4o"))
	r.rest()
	if out := r.sync(view); out.From != 0 || out.Count != 5 {
		t.Errorf("a third turn: %+v", out)
	}
	want("a third turn", "4 5x2+ .2 .5 6x3")
	if _, err := r.list.Delete(window.DeleteIn{IDs: []string{"5"}}); err != nil {
		t.Fatal(err)
	}
	if out := r.sync(view); out.From != 0 || out.Count != 4 {
		t.Errorf("bob's last turn deleted: %+v", out)
	}
	want("bob's last turn deleted", "2x1+ .2 4 6x3")
	toggle("", false, 0)
	want("folded again", "2x1 4 6x3")
}

func TestListSyncSaysFromWhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.add(page("a.example"), page("b.example"), page("c.example"))
	r.rest()
	view := r.open(window.ViewIn{All: true}).View
	if out := r.sync(view); out.From != 3 || out.Count != 3 {
		t.Errorf("nothing happened: %+v", out)
	}
	r.add(page("d.example"))
	r.rest()
	if out := r.sync(view); out.From != 3 || out.Count != 4 || out.Total != 4 {
		t.Errorf("one more: %+v", out)
	}
	if _, err := r.list.Delete(window.DeleteIn{IDs: []string{"2"}}); err != nil {
		t.Fatal(err)
	}
	// A page that is asked for before the next sync has no hole.
	if items := r.items(view); len(items) != 4 || items[1].Row.ID != "2" || items[1].Row.URL != "" {
		t.Errorf("deleted meanwhile: %v", told(items))
	}
	if out := r.sync(view); out.From != 1 || out.Count != 3 {
		t.Errorf("one deleted: %+v", out)
	}
	if out, err := r.list.Delete(window.DeleteIn{IDs: []string{"2", "2", "17"}, Undo: true}); err != nil || out.N != 1 {
		t.Errorf("brought back: %+v %v", out, err)
	}
	if out := r.sync(view); out.From != 1 || out.Count != 4 {
		t.Errorf("one brought back: %+v", out)
	}
}

func TestListMarksAndUndoes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.add(page("a.example"), page("b.example"), page("c.example"))
	r.rest()
	mark := func(in window.MarkIn) window.MarkOut {
		t.Helper()
		out, err := r.list.Mark(in)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	marks := func() (list []string) {
		for _, i := range r.items(r.open(window.ViewIn{All: true}).View) {
			list = append(list, strings.Join(i.Row.Tags, "+")+"/"+i.Row.Note+"/"+i.Row.Colour)
		}
		return list
	}
	mark(window.MarkIn{IDs: []string{"1"}, Set: []string{"tags", "note"}, Tags: []string{"todo", " todo ", "later"}, Note: "ask"})
	mark(window.MarkIn{IDs: []string{"2"}, Set: []string{"colour"}, Colour: "red"})
	first := marks()
	if want := []string{"todo+later/ask/", "//red", "//"}; !slices.Equal(first, want) {
		t.Fatalf("marked: %q, want %q", first, want)
	}
	tagged := r.open(window.ViewIn{Query: "has:tag", All: true}).View
	out := mark(window.MarkIn{IDs: []string{"3", "2", "1", "99"}, Set: []string{"tags", "colour"}, Tags: []string{"done"}, Colour: "blue"})
	if got := marks(); !slices.Equal(got, []string{"done/ask/blue", "done//blue", "done//blue"}) {
		t.Errorf("marked together: %q", got)
	}
	if got := r.sync(tagged); got.Count != 3 {
		t.Errorf("has:tag: %+v", got)
	}
	if len(out.Before) != 3 {
		t.Errorf("before: %+v", out.Before)
	}
	for _, before := range out.Before {
		mark(before)
	}
	if got := marks(); !slices.Equal(got, first) {
		t.Errorf("undone: %q, want %q", got, first)
	}
	out = mark(window.MarkIn{IDs: []string{"1", "2"}, Set: []string{"add-tags"}, Tags: []string{"later", "seen"}})
	if got := marks(); !slices.Equal(got, []string{"todo+later+seen/ask/", "later+seen//red", "//"}) {
		t.Errorf("tags added: %q", got)
	}
	for _, before := range out.Before {
		mark(before)
	}
	if got := marks(); !slices.Equal(got, first) {
		t.Errorf("added tags taken back: %q, want %q", got, first)
	}
	facets, err := r.list.Facets(window.Nothing{})
	if err != nil || !slices.Equal(facets.Tags, []string{"later", "todo"}) || !slices.Equal(facets.Colours, traffic.Colours) {
		t.Errorf("facets: %+v %v", facets, err)
	}
	for _, in := range []window.MarkIn{{IDs: []string{"1"}, Set: []string{"colour"}, Colour: "mauve"}, {IDs: []string{"1"}, Set: []string{"state"}}, {IDs: []string{"x"}, Set: []string{"note"}}} {
		if _, err := r.list.Mark(in); app.CodeOf(err) != app.CodeUsage {
			t.Errorf("%+v: %v, want a usage error", in, err)
		}
	}
	if _, err := r.list.Mark(window.MarkIn{IDs: []string{"99"}, Set: []string{"note"}}); !errors.Is(err, storage.ErrNoExchange) {
		t.Errorf("an exchange that is not there: %v", err)
	}
}

func TestListFiltersAreKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if out, err := r.list.Filters(window.Nothing{}); err != nil || len(out.Saved)+len(out.Recent) != 0 || out.Saved == nil || out.Recent == nil {
		t.Errorf("a new project: %+v %v", out, err)
	}
	for _, in := range []window.SaveFilterIn{{Name: "b", Query: "host:b"}, {Name: " A ", Query: " host:a "}, {Name: "c", Query: "id:1"}, {Name: "c"}} {
		if _, err := r.list.SaveFilter(in); err != nil {
			t.Fatal(err)
		}
	}
	out, err := r.list.SaveFilter(window.SaveFilterIn{Name: "b", Query: "host:bb"})
	if want := []window.SavedFilter{{"A", "host:a"}, {"b", "host:bb"}}; err != nil || !slices.Equal(out.Saved, want) {
		t.Errorf("saved %+v %v, want %+v", out.Saved, err, want)
	}
	for _, in := range []window.SaveFilterIn{{Name: " ", Query: "id:1"}, {Name: strings.Repeat("x", 81), Query: "id:1"}} {
		if _, err := r.list.SaveFilter(in); app.CodeOf(err) != app.CodeUsage {
			t.Errorf("%+v: %v", in, err)
		}
	}
	var wrong *traffic.QueryError
	if _, err := r.list.SaveFilter(window.SaveFilterIn{Name: "x", Query: "hst:1"}); !errors.As(err, &wrong) {
		t.Errorf("a filter that cannot be read: %v", err)
	}
	// What is typed on the way to a query is not remembered.
	first := r.open(window.ViewIn{Query: "host:a"})
	second := r.open(window.ViewIn{Query: "host:ab", Replaces: first.View})
	until := time.Now().Add(10 * time.Second)
	for {
		out, err := r.list.Filters(window.Nothing{})
		if err != nil || time.Now().After(until) {
			t.Fatalf("%+v %v", out, err)
		}
		if slices.Equal(out.Recent, []string{"host:ab"}) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if _, err := r.list.Page(window.PageIn{View: first.View, Limit: 1}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("a view that was replaced: %v", err)
	}
	r.sync(second.View)
}

func TestListSuggests(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.add(turn("ann", 1, "gpt-4o"), page("größe.example"))
	r.rest()
	if _, err := r.list.Mark(window.MarkIn{IDs: []string{"1"}, Set: []string{"tags"}, Tags: []string{"todo"}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		want  string
		start int
	}{
		{"hos", "host:", 0},
		{"größe host:ap", "api.openai.com", 11},
		{"model:g", "gpt-4o", 6},
		{"tag:t", "todo", 4},
		{"method:P", "POST", 7},
		{"status:2", "200", 7},
	} {
		out, err := r.list.Suggest(window.SuggestIn{Text: c.text, Cursor: len([]rune(c.text))})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(out.Suggestions, func(s window.Suggestion) bool { return s.Text == c.want })
		if i < 0 || out.Suggestions[i].Start != c.start || out.Suggestions[i].End != len([]rune(c.text)) {
			t.Errorf("%s: %+v, want %q from %d", c.text, out.Suggestions, c.want, c.start)
		}
		if out.Problem.Message != "" || out.Explain == "" {
			t.Errorf("%s: %+v", c.text, out)
		}
	}
	if out, err := r.list.Suggest(window.SuggestIn{Text: "hots:", Cursor: 5}); err != nil || out.Problem.Nearest != "host" || out.Suggestions == nil {
		t.Errorf("a wrong field: %+v %v", out, err)
	}
}

func TestListKeepsFewViews(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.open(window.ViewIn{}).View
	second := r.open(window.ViewIn{}).View
	for range 6 {
		r.open(window.ViewIn{})
	}
	r.sync(first) // used last
	r.open(window.ViewIn{})
	r.sync(first)
	if _, err := r.list.Sync(window.SyncIn{View: second}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("the view that was not used for longest is still open: %v", err)
	}
}

// TestListAges looks at a filter that selects less as time passes: the window is told to ask.
func TestListAges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var view window.ViewOut
	for age := 1; view.Count == 0; age *= 4 { // on a busy machine it may be too old before it is looked for
		if age > 64 {
			t.Fatal("what is young enough is not shown")
		}
		r.add(page("a.example"))
		r.rest()
		view = r.open(window.ViewIn{Query: fmt.Sprintf("age:<%ds", age), All: true})
	}
	r.seen()
	until := time.Now().Add(3 * time.Minute)
	for r.sync(view.View).Count > 0 {
		if time.Now().After(until) {
			t.Fatal("what is too old is still there after three minutes")
		}
		for !slices.ContainsFunc(r.seen(), func(p window.Pulse) bool { return p.Missed }) {
			if time.Now().After(until) {
				t.Fatal("no pulse says that something may have changed")
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// TestListAfterAnotherProjectWasOpened holds a view of the one before.
func TestListAfterAnotherProjectWasOpened(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.add(page("a.example"))
	view := r.open(window.ViewIn{All: true}).View
	for _, bound := range r.desk.Bound() {
		if session, ok := bound.(*window.Session); ok {
			if _, err := session.OpenProject(window.ProjectIn{Path: t.TempDir() + "/other"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := r.list.Page(window.PageIn{View: view, Limit: 1}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("a view of another project: %v", err)
	}
	if out := r.open(window.ViewIn{All: true}); out.Count != 0 || out.Total != 0 {
		t.Errorf("the other project: %+v", out)
	}
}
