package discover_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

// assetShelf stands for storage: it keeps what folds say and gives it back, as copies.
type assetShelf struct {
	endpoints map[scanner.EndpointID]scanner.Endpoint
	shapes    map[scanner.EndpointID][]byte
	trees     map[string][]byte
	assets    map[scanner.AssetID][]byte // JSON: nothing is shared with the Book
	edges     map[[2]scanner.AssetID]scanner.Edge
	versions  map[scanner.AssetID][]scanner.Version
	uses      map[scanner.Use]bool
	changes   []scanner.Change
}

func newAssetShelf() *assetShelf {
	return &assetShelf{
		endpoints: map[scanner.EndpointID]scanner.Endpoint{}, shapes: map[scanner.EndpointID][]byte{}, trees: map[string][]byte{},
		assets: map[scanner.AssetID][]byte{}, edges: map[[2]scanner.AssetID]scanner.Edge{},
		versions: map[scanner.AssetID][]scanner.Version{}, uses: map[scanner.Use]bool{},
	}
}

func (s *assetShelf) save(tb testing.TB, f *scanner.Fold) {
	tb.Helper()
	for _, e := range f.Endpoints {
		s.endpoints[e.ID] = *e
	}
	maps.Copy(s.shapes, f.Shapes)
	maps.Copy(s.trees, f.Trees)
	for _, a := range f.Assets {
		b, err := json.Marshal(a)
		if err != nil {
			tb.Fatal(err)
		}
		s.assets[a.ID] = b
	}
	for _, e := range f.Edges {
		s.edges[[2]scanner.AssetID{e.From, e.To}] = *e
	}
	for _, v := range f.Versions {
		if want := len(s.versions[v.Asset]) + 1; v.N != want {
			tb.Fatalf("asset %d: version %d came when %d was due", v.Asset, v.N, want)
		}
		s.versions[v.Asset] = append(s.versions[v.Asset], v)
	}
	for _, u := range f.Uses {
		if s.uses[u] {
			tb.Fatalf("use %+v came twice", u)
		}
		s.uses[u] = true
	}
	s.changes = append(s.changes, f.Changes...)
}

func (s *assetShelf) inventory(tb testing.TB) *scanner.Inventory {
	tb.Helper()
	inv := &scanner.Inventory{Assets: s.list(tb)}
	for _, id := range slices.Sorted(maps.Keys(s.endpoints)) {
		e := s.endpoints[id]
		inv.Endpoints = append(inv.Endpoints, &e)
	}
	for _, e := range s.edges {
		inv.Edges = append(inv.Edges, &e)
	}
	for _, c := range s.changes {
		inv.LastChange = max(inv.LastChange, c.ID)
	}
	return inv
}

// list returns all assets by id.
func (s *assetShelf) list(tb testing.TB) []*scanner.Asset {
	tb.Helper()
	var all []*scanner.Asset
	for _, id := range slices.Sorted(maps.Keys(s.assets)) {
		a := &scanner.Asset{}
		if err := json.Unmarshal(s.assets[id], a); err != nil {
			tb.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

func (s *assetShelf) of(tb testing.TB, kind scanner.AssetKind) []*scanner.Asset {
	tb.Helper()
	return slices.DeleteFunc(s.list(tb), func(a *scanner.Asset) bool { return a.Kind != kind })
}

// one returns the only asset of a kind.
func (s *assetShelf) one(tb testing.TB, kind scanner.AssetKind) *scanner.Asset {
	tb.Helper()
	all := s.of(tb, kind)
	if len(all) != 1 {
		tb.Fatalf("%d assets of the kind %s, want 1: %v", len(all), kind, assetNames(all))
	}
	return all[0]
}

func assetNames(all []*scanner.Asset) (names []string) {
	for _, a := range all {
		names = append(names, a.Name)
	}
	return names
}

// lines returns what the timeline says about assets: kind and sentence.
func (s *assetShelf) lines(kinds ...scanner.ChangeKind) (lines []string) {
	for _, c := range s.changes {
		if c.Asset != 0 && (len(kinds) == 0 || slices.Contains(kinds, c.Kind)) {
			lines = append(lines, fmt.Sprintf("%s: %s", c.Kind, c.What))
		}
	}
	return lines
}

func (s *assetShelf) Shape(id scanner.EndpointID) ([]byte, error) { return s.shapes[id], nil }
func (s *assetShelf) Tree(host string) ([]byte, error)            { return s.trees[host], nil }

func (s *assetShelf) LatestVersion(id scanner.AssetID) (scanner.Version, error) {
	all := s.versions[id]
	if len(all) == 0 {
		return scanner.Version{}, nil
	}
	return all[len(all)-1], nil
}

var turnTime = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func assetOptions() discover.Options {
	return discover.Options{
		Now:  func() time.Time { return turnTime },
		Cost: func(c *llm.Conversation) (int64, bool) { return 7, c.Model != "" },
	}
}

// foldAssets folds exchanges in batches, opening a new Book before each of them where reopen says so.
func foldAssets(tb testing.TB, seen []discover.Seen, batch int, reopen bool) *assetShelf {
	tb.Helper()
	s := newAssetShelf()
	var book *discover.Book
	for part := range slices.Chunk(seen, max(batch, 1)) {
		if book == nil || reopen {
			var err error
			if book, err = discover.Open(s.inventory(tb), s, assetOptions()); err != nil {
				tb.Fatal(err)
			}
		}
		f, err := book.Fold(part)
		if err != nil {
			tb.Fatal(err)
		}
		s.save(tb, f)
	}
	return s
}

// turn is one exchange as a test writes it.
type turn struct {
	url, process, agent string
	header              []string // name, value, …
	request             string
	answerType, answer  string
	status              int
}

// seenTurns makes exchanges of calls, a minute apart.
func seenTurns(calls ...turn) (seen []discover.Seen) {
	for i, c := range calls {
		h := traffic.Header{{Name: "Content-Type", Value: "application/json"}}
		if c.agent != "" {
			h = append(h, traffic.Field{Name: "User-Agent", Value: c.agent})
		}
		for pair := range slices.Chunk(c.header, 2) {
			h = append(h, traffic.Field{Name: pair[0], Value: pair[1]})
		}
		if c.status == 0 {
			c.status = 200
		}
		if c.answerType == "" {
			c.answerType = "application/json"
		}
		x := &traffic.Exchange{
			ID: traffic.ID(i + 1), Started: turnTime.Add(-time.Hour).Add(time.Duration(i) * time.Minute), Source: traffic.SourceProxy, Kind: traffic.KindHTTP,
			State: traffic.StateComplete, Client: traffic.Client{Process: c.process},
			Request:  traffic.Request{Method: "POST", URL: c.url, Header: h},
			Response: &traffic.Response{Status: c.status, Header: traffic.Header{{Name: "Content-Type", Value: c.answerType}}},
		}
		seen = append(seen, seenTurn(x, []byte(c.request), []byte(c.answer)))
	}
	return seen
}

func seenTurn(x *traffic.Exchange, request, answer []byte) discover.Seen {
	conv := llm.Parse(llm.Input{
		Method: x.Request.Method, URL: x.Request.URL, Status: x.Response.Status, Ended: true,
		RequestHeader: x.Request.Header, RequestBody: request, ResponseHeader: x.Response.Header, ResponseBody: answer,
	})
	return discover.Seen{Exchange: x, Conversation: &conv, Request: request, Response: answer}
}
