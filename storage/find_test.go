package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// TestFindAgreesWithList finds what List lists, in windows and at once, and Match agrees about every exchange.
func TestFindAgreesWithList(t *testing.T) {
	t.Parallel()
	const n = 2200 // more than one window
	p := open(t, temp(t), storage.Options{})
	if _, err := p.Import(t.Context(), small(n), storage.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	readings := make([]*llm.Conversation, n-100) // the last hundred are not read
	for i := range readings {
		readings[i] = smallReading(i, fmt.Sprint("common words and ", i%7))
		if i%4 == 0 {
			readings[i] = &llm.Conversation{Kind: llm.KindPlain}
		}
	}
	saveReadings(t, p, readings)
	if _, err := p.Delete(t.Context(), 5, 1499); err != nil {
		t.Fatal(err)
	}
	settle(t, p)
	var every []traffic.ID
	for id := range traffic.ID(n + 2) {
		every = append(every, id)
	}
	for _, broad := range []bool{false, true} {
		if broad {
			storage.SetBreadth(p, 100, 500)
		}
		for _, text := range []string{
			"", "host=api3.example.com", "host:api status>=500", "model=o3", "common", "user:common host=api1.example.com", "path:nowhere", "id:17..42", "-common", "has:answer or status:500",
		} {
			q := query(t, text)
			rows, err := p.List(t.Context(), storage.Filter{Where: q, Limit: -1, OldestFirst: true})
			if err != nil {
				t.Fatal(err)
			}
			var found []storage.Hit
			err = p.Find(t.Context(), q, time.Now(), func(hits []storage.Hit) error {
				if len(hits) > 0 && len(found) > 0 && hits[len(hits)-1].ID >= found[0].ID {
					t.Errorf("%q: a part up to %d comes after one from %d", text, hits[len(hits)-1].ID, found[0].ID)
				}
				found = append(slices.Clone(hits), found...)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			compareHits(t, text, found, rows)
			matched, err := p.Match(t.Context(), q, time.Now(), every)
			if err != nil || !slices.Equal(matched, found) {
				t.Errorf("%q: %d match (%v), %d are found", text, len(matched), err, len(found))
			}
		}
	}
	enough := errors.New("enough")
	if err := p.Find(t.Context(), nil, time.Now(), func([]storage.Hit) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("got %v, want the error of yield", err)
	}
}

func compareHits(t *testing.T, text string, found []storage.Hit, rows []storage.Row) {
	t.Helper()
	if len(found) != len(rows) {
		t.Errorf("%q: found %d, listed %d", text, len(found), len(rows))
		return
	}
	for i, h := range found {
		r := &rows[i]
		sort := storage.Unread
		switch {
		case r.Read && r.Kind == llm.KindPlain:
			sort = storage.Plain
		case r.Read:
			sort = storage.Call
		}
		if h.ID != r.ID || h.Conversation != r.Conversation || h.Sort != sort {
			t.Errorf("%q: found %+v, listed %d of %d, %v", text, h, r.ID, r.Conversation, sort)
			return
		}
		if sort == storage.Unread && (h.URL != r.URL || h.Method != r.Method || h.MIME != r.MIME) || sort != storage.Unread && h.URL != "" {
			t.Errorf("%q: found %+v, listed %s %s %s", text, h, r.Method, r.URL, r.MIME)
			return
		}
	}
}

func TestRowsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	if _, err := p.Import(t.Context(), small(5), storage.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	saveReadings(t, p, []*llm.Conversation{smallReading(0, "hello there"), smallReading(1, "hello again")})
	rows, err := p.Rows(t.Context(), []traffic.ID{2, 99, 4, 1, 2}, true)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range rows {
		got = append(got, rows[i].ID.String()+" "+rows[i].LastUser)
	}
	if want := []string{"2 1 hello again", "4 ", "1 0 hello there", "2 1 hello again"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if rows, err := p.Rows(t.Context(), nil, true); err != nil || len(rows) > 0 {
		t.Errorf("no ids: %v %v", rows, err)
	}
}

func TestFiltersUsedLast(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	var want []string
	for i := range 25 {
		q := fmt.Sprint("id:", i)
		if err := p.UsedFilter(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		want = append([]string{q}, want...)
	}
	if err := p.UsedFilter(t.Context(), "id:10"); err != nil {
		t.Fatal(err)
	}
	want = slices.DeleteFunc(want, func(q string) bool { return q == "id:10" })
	want = append([]string{"id:10"}, want...)[:20]
	if _, recent, err := p.Filters(t.Context()); err != nil || !slices.Equal(recent, want) {
		t.Errorf("got %v %v, want %v", recent, err, want)
	}
}

// TestLook follows a project that is written elsewhere.
func TestLook(t *testing.T) {
	t.Parallel()
	path := temp(t)
	writing := open(t, path, storage.Options{})
	id := record(writing.Recorder(), exchange("a.example", "/", 200, nil, []byte("1")), 1)
	flush(t, writing)
	reading := open(t, path, storage.Options{ReadOnly: true})
	feed := reading.Committed()
	defer feed.Close()
	look := func() (ended, changed []traffic.ID, missed bool) {
		t.Helper()
		if err := reading.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		return feed.Take()
	}
	if ended, changed, missed := look(); len(ended)+len(changed) > 0 || missed {
		t.Errorf("the first look: %v %v %v", ended, changed, missed)
	}
	settle(t, writing)
	look()
	if ended, changed, missed := look(); len(ended)+len(changed) > 0 || missed {
		t.Errorf("nothing happened: %v %v %v", ended, changed, missed)
	}
	second := record(writing.Recorder(), exchange("a.example", "/", 200, nil, []byte("2")), 1)
	flush(t, writing)
	if ended, changed, _ := look(); !slices.Equal(ended, []traffic.ID{second}) || len(changed) > 0 {
		t.Errorf("another exchange: %v %v", ended, changed)
	}
	if err := writing.SaveReading(t.Context(), id, smallReading(1, "hello there")); err != nil {
		t.Fatal(err)
	}
	if ended, changed, _ := look(); len(ended) > 0 || !slices.Equal(changed, []traffic.ID{id}) {
		t.Errorf("the first was read: %v %v", ended, changed)
	}
	if _, err := writing.Delete(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if ended, changed, _ := look(); len(ended) > 0 || !slices.Contains(changed, second) {
		t.Errorf("the second was deleted: %v %v", ended, changed)
	}
}
