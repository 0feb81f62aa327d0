package window_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"assay/app/window"
	"assay/traffic"
)

// TestListSyncEqualsOpen does what can be done to exchanges, in no order, and compares views that were synced all along
// with views that are opened anew.
func TestListSyncEqualsOpen(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			m := &monkey{rig: newRig(t), rand: rand.New(rand.NewPCG(seed, 3)), turns: map[string]int{}}
			var views []*window.ViewIn
			names, anew := map[*window.ViewIn]string{}, ""
			for _, query := range []string{"", "model:o3", "user:\"bob asks\" or has:tag", "host:a.example or state:open", "-has:colour"} {
				for _, in := range []window.ViewIn{{}, {All: true}, {Group: true}, {All: true, Group: true}} {
					in.Query = query
					if len(views)%4 == int(seed) { // a few of them: not all fit
						names[&in] = m.open(in).View
						views = append(views, &in)
					} else {
						views = append(views, nil)
					}
				}
			}
			for range 7 {
				for range 6 {
					m.act()
					for _, in := range views {
						if in != nil && m.rand.IntN(3) == 0 {
							m.checkedSync(names[in])
						}
					}
				}
				m.rest()
				for _, in := range views {
					if in == nil {
						continue
					}
					m.checkedSync(names[in])
					now := *in
					now.Replaces = anew
					fresh := m.open(now)
					anew = fresh.View
					if in.Group {
						m.copyExpanded(names[in], fresh.View)
					}
					if got, want := told(m.items(names[in])), told(m.items(fresh.View)); !slices.Equal(got, want) {
						t.Fatalf("%+v: synced %v, opened %v", *in, got, want)
					}
					if synced := m.sync(names[in]); synced.Folded != fresh.Folded {
						t.Fatalf("%+v: %d folded, opened %d", *in, synced.Folded, fresh.Folded)
					}
				}
			}
		})
	}
}

// monkey does what can be done to exchanges.
type monkey struct {
	*rig
	rand    *rand.Rand
	turns   map[string]int
	last    int64
	under   []*traffic.Exchange // that are under way
	deleted []string
}

func (m *monkey) act() {
	switch m.rand.IntN(9) {
	case 0, 1, 2:
		who := []string{"ann", "bob", "cid"}[m.rand.IntN(3)]
		m.turns[who]++
		m.note(m.add(turn(who, m.turns[who], []string{"gpt-4o", "o3"}[m.rand.IntN(2)])))
	case 3:
		m.note(m.add(page("a.example"), page("b.example")))
	case 4:
		m.begin()
	case 5:
		m.end()
	case 6:
		id := m.some()
		if out, err := m.list.Delete(window.DeleteIn{IDs: []string{id}}); err != nil {
			m.t.Fatal(err)
		} else if out.N > 0 {
			m.deleted = append(m.deleted, id)
		}
	case 7:
		if n := len(m.deleted); n > 0 {
			if _, err := m.list.Delete(window.DeleteIn{IDs: m.deleted[n-1:], Undo: true}); err != nil {
				m.t.Fatal(err)
			}
			m.deleted = m.deleted[:n-1]
		}
	case 8:
		in := window.MarkIn{IDs: []string{m.some()}, Set: []string{"tags", "colour"}}
		if m.rand.IntN(2) == 0 {
			in.Tags, in.Colour = []string{"x"}, "red"
		}
		_, _ = m.list.Mark(in) // it may be deleted
	}
}

func (m *monkey) note(ids []string) {
	for _, id := range ids {
		n, _ := strconv.ParseInt(id, 10, 64)
		m.last = max(m.last, n)
	}
}

func (m *monkey) some() string { return strconv.FormatInt(1+m.rand.Int64N(m.last+1), 10) }

// begin records the beginning of a call or of something else.
func (m *monkey) begin() {
	x := page("a.example")
	if m.rand.IntN(2) == 0 {
		x = turn("dan", 1, "o3")
	}
	rec := m.store.Recorder()
	x.ID = rec.NextID()
	m.last = max(m.last, int64(x.ID))
	head := *x
	head.State, head.Response = traffic.StateOpen, nil
	rec.Record(traffic.Event{ID: x.ID, Kind: traffic.EventBegin, Exchange: &head})
	if err := rec.Flush(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	m.under = append(m.under, x)
}

func (m *monkey) end() {
	if len(m.under) == 0 {
		return
	}
	x := m.under[0]
	m.under = m.under[1:]
	rec := m.store.Recorder()
	rec.Record(traffic.Event{ID: x.ID, Kind: traffic.EventData, Side: traffic.FromClient, Data: x.Request.Body.Data})
	rec.Record(traffic.Event{ID: x.ID, Kind: traffic.EventData, Side: traffic.FromServer, Data: x.Response.Body.Data})
	end := *x
	rec.Record(traffic.Event{ID: x.ID, Kind: traffic.EventEnd, Exchange: &end})
	if err := rec.Flush(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
}

// checkedSync syncs a view and looks whether what it says about it is true. Now and then it expands something.
func (m *monkey) checkedSync(view string) {
	before := m.items(view)
	out := m.sync(view)
	if m.rand.IntN(4) == 0 && len(before) > 0 {
		if c := before[m.rand.IntN(len(before))].Row.Conversation; c != "" {
			toggled, err := m.list.Toggle(window.ToggleIn{View: view, Conversation: c, Expand: m.rand.IntN(2) == 0})
			if err != nil {
				m.t.Fatal(err)
			}
			toggled.From = min(toggled.From, out.From)
			out = toggled
		}
	}
	after := m.items(view)
	if out.Count != len(after) {
		m.t.Fatalf("view %s has %d items, sync said %d", view, len(after), out.Count)
	}
	same := 0
	was, is := told(before), told(after)
	for same < min(len(was), len(is)) && was[same] == is[same] {
		same++
	}
	if out.From > same {
		m.t.Fatalf("sync said that nothing before %d changed:\n%v\n%v", out.From, was, is)
	}
	for i, item := range after {
		at, err := m.list.Locate(window.LocateIn{View: view, ID: item.Row.ID})
		if err != nil || at.Index != i && !item.Expanded {
			m.t.Fatalf("item %d of %v is found at %d, %v", i, is, at.Index, err)
		}
	}
}

// copyExpanded expands in a view what is expanded in another.
func (m *monkey) copyExpanded(from, to string) {
	for _, item := range m.items(from) {
		if item.Expanded {
			if _, err := m.list.Toggle(window.ToggleIn{View: to, Conversation: item.Row.Conversation, Expand: true}); err != nil {
				m.t.Fatal(err)
			}
		}
	}
}

// TestListChangesWhileItLooks deletes and brings back what a long search has found already, or finds yet.
func TestListChangesWhileItLooks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var list []*traffic.Exchange
	const n = 1100 // more than the first part of the search
	for i := range n {
		list = append(list, page(fmt.Sprintf("host%d.example", i%7)))
	}
	ids := r.add(list...)
	r.rest()
	if _, err := r.list.Delete(window.DeleteIn{IDs: []string{ids[7], ids[n-10]}}); err != nil {
		t.Fatal(err)
	}
	release := window.HoldSearches(r.desk)
	t.Cleanup(release)
	out, err := r.list.Open(window.ViewIn{Query: "text~/index/", All: true})
	if err != nil || !out.Looking {
		t.Fatalf("%+v, %v", out, err)
	}
	for _, in := range []window.DeleteIn{{IDs: []string{ids[3], ids[n-5]}}, {IDs: []string{ids[7], ids[n-10]}, Undo: true}} {
		if _, err := r.list.Delete(in); err != nil {
			t.Fatal(err)
		}
		r.sync(out.View)
	}
	release()
	for r.sync(out.View).Looking {
		time.Sleep(50 * time.Millisecond)
	}
	want := slices.Delete(slices.Delete(ids, n-5, n-4), 3, 4)
	if got := told(r.items(out.View)); !slices.Equal(got, want) {
		t.Errorf("%d items, want %d; %v is at 7", len(got), len(want), got[7])
	}
}

// TestListFromManySides uses views from several goroutines while exchanges arrive: the race detector looks on.
func TestListFromManySides(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.add(turn("ann", 1, "o3"), page("a.example"))
	var wait sync.WaitGroup
	stop := make(chan struct{})
	for side := range 4 {
		wait.Go(func() {
			view := r.open(window.ViewIn{Group: side%2 == 0, All: side > 1, Query: []string{"", "since:1h"}[side%2]}).View
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if i%10 == 9 {
					view = r.open(window.ViewIn{Group: side%2 == 0, Replaces: view}).View
				}
				_, _ = r.list.Sync(window.SyncIn{View: view})
				_, _ = r.list.Page(window.PageIn{View: view, Limit: 50})
				_, _ = r.list.Toggle(window.ToggleIn{View: view, Expand: i%2 == 0})
				_, _ = r.list.Locate(window.LocateIn{View: view, ID: "1"})
				_, _ = r.list.Suggest(window.SuggestIn{Text: "host:", Cursor: 5})
			}
		})
	}
	for i := range 20 {
		r.add(turn("ann", i+2, "o3"), page("b.example"))
	}
	close(stop)
	wait.Wait()
}
