package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
)

func TestSnapshots(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	if at, err := p.LatestSnapshot(t.Context()); !at.IsZero() || err != nil {
		t.Fatal(at, err)
	}
	day := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	for i, cause := range []string{"day", "run:1", "day", "run:2", "run:1"} {
		err := p.SaveSnapshot(t.Context(), storage.Snapshot{At: day.Add(time.Duration(i) * time.Hour), Cause: cause, Definition: fmt.Appendf(nil, "{\"n\":%d}", i)})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		limit int
		want  []string
	}{
		{0, []string{`day {"n":0}`, `day {"n":2}`, `run:2 {"n":3}`, `run:1 {"n":4}`}},
		{2, []string{`run:2 {"n":3}`, `run:1 {"n":4}`}},
	} {
		list, err := p.Snapshots(t.Context(), test.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range list {
			got = append(got, s.Cause+" "+string(s.Definition))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("limit %d: %v, want %v", test.limit, got, test.want)
		}
	}
	if at, err := p.LatestSnapshot(t.Context()); !at.Equal(day.Add(4*time.Hour)) || err != nil {
		t.Error(at, err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	reader := open(t, path, storage.Options{ReadOnly: true})
	if list, err := reader.Snapshots(t.Context(), 0); len(list) != 4 || err != nil {
		t.Error(list, err)
	}
	if err := reader.SaveSnapshot(t.Context(), storage.Snapshot{At: day, Cause: "day"}); err == nil {
		t.Error("a snapshot was kept in a project that is only read")
	}
}

// TestDefinitions are the latest ones of each asset of a kind.
func TestDefinitions(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	if _, err := p.Inventory(t.Context()); err != nil {
		t.Fatal(err)
	}
	asset := func(id scanner.AssetID, kind scanner.AssetKind) *scanner.Asset {
		return &scanner.Asset{ID: id, Kind: kind, Key: fmt.Sprint(id), Name: fmt.Sprint("a", id)}
	}
	err := p.SaveFold(t.Context(), &scanner.Fold{
		Assets: []*scanner.Asset{asset(1, scanner.AssetTool), asset(2, scanner.AssetMCPTool), asset(3, scanner.AssetTool)},
		Versions: []scanner.Version{
			{Asset: 1, N: 1, Text: `{"name":"old"}`}, {Asset: 1, N: 2, Text: `{"name":"new"}`}, {Asset: 2, N: 1, Text: `{"name":"mcp"}`},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	texts, err := p.Definitions(t.Context(), scanner.AssetTool)
	if err != nil || len(texts) != 1 || texts[1] != `{"name":"new"}` {
		t.Error(texts, err)
	}
}

// TestThreatHeads says of threats what Threats says, but for what it leaves out.
func TestThreatHeads(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	w := &scanner.Watched{}
	for i, state := range []scanner.ThreatState{scanner.ThreatNew, scanner.ThreatClosed, scanner.ThreatConfirmed, scanner.ThreatHarmless} {
		w.Threats = append(w.Threats, &scanner.Threat{
			ID: scanner.ThreatID(i + 1), Rule: "r", Title: "T", Severity: scanner.SeverityHigh, State: state, Actor: "client:curl", Host: "h", Model: "m", First: at,
			Last: at.Add(time.Hour), Raised: at, Count: 3, Note: "n", OWASP: []string{"LLM01:2025"}, Seen: "s", Advice: "a", Usual: "u", Score: 0.5,
		})
	}
	if err := p.SaveWatched(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	heads, err := p.ThreatHeads(t.Context(), scanner.ThreatNew, scanner.ThreatConfirmed)
	if err != nil || len(heads) != 2 {
		t.Fatal(heads, err)
	}
	slices.SortFunc(heads, func(a, b *scanner.Threat) int { return int(a.ID - b.ID) })
	for i, id := range []scanner.ThreatID{1, 3} {
		want, err := p.Threat(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want.Raised, want.Usual, want.Score = time.Time{}, "", 0
		if d := cmp.Diff(want, heads[i]); d != "" {
			t.Error(d)
		}
	}
}
