package storage_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

var foldTime = time.Date(2026, 3, 2, 8, 0, 0, 123000, time.UTC)

// recordRead records n exchanges and keeps that they were read.
func recordRead(t testing.TB, p *storage.Project, n int) []traffic.ID {
	t.Helper()
	ids := make([]traffic.ID, n)
	readings := map[traffic.ID]*llm.Conversation{}
	for i := range n {
		ids[i] = record(p.Recorder(), exchange("a.example", fmt.Sprintf("/users/%d", i), 200, nil, []byte("{}")), 1)
		readings[ids[i]] = &llm.Conversation{Kind: llm.KindPlain}
	}
	flush(t, p)
	if err := p.SaveReadings(t.Context(), readings); err != nil {
		t.Fatal(err)
	}
	return ids
}

func endpointOf(id scanner.EndpointID, path string) *scanner.Endpoint {
	return &scanner.Endpoint{
		ID: id, Key: scanner.Key{Scheme: "https", Host: "a.example", Method: "GET", Path: path}, Protocol: scanner.ProtocolREST, Kind: llm.KindPlain,
		Access: scanner.AccessPublic, Documented: scanner.DocumentedNo, FirstSeen: foldTime, LastSeen: foldTime.Add(time.Hour), First: 1, Last: 2,
		Found: foldTime, Risk: 40, Sample: path, Facts: scanner.Facts{
			Auth:     []scanner.Auth{{Kind: "bearer", Name: "authorization", N: 3, OK: 2, Last: 1}, {Kind: "none", N: 1}},
			Statuses: []scanner.Tally{{Value: "200", N: 3}}, Cut: true,
		},
	}
}

func placeOf(id scanner.PlaceID, endpoint scanner.EndpointID, path, kind string) *scanner.Place {
	return &scanner.Place{
		ID: id, Endpoint: endpoint, Direction: "request", Role: "user", Path: path, Type: kind, Class: "personal", Confidence: 0.75,
		Sample: "a…@e…", FirstSeen: foldTime, LastSeen: foldTime, First: 1, Last: 1,
	}
}

func assetOf(id scanner.AssetID, kind scanner.AssetKind, n int64) *scanner.Asset {
	return &scanner.Asset{
		ID: id, Kind: kind, Key: fmt.Sprint(kind, id), Name: fmt.Sprint("asset ", id), Host: "a.example", FirstSeen: foldTime, LastSeen: foldTime, First: 1,
		Last: 1, Found: foldTime, Count: n, Versions: 1, Fingerprint: "ab", Facts: scanner.AssetFacts{Description: "it", Endpoints: []scanner.EndpointID{1}},
	}
}

func save(t testing.TB, p *storage.Project, f *scanner.Fold) {
	t.Helper()
	if err := p.SaveFold(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func inventory(t testing.TB, p *storage.Project) *scanner.Inventory {
	t.Helper()
	inv, err := p.Inventory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func wantChecked(t testing.TB, p *storage.Project) {
	t.Helper()
	if found, err := p.Check(t.Context()); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

// of says that exchanges belong to an endpoint.
func of(ids []traffic.ID, endpoint scanner.EndpointID) map[traffic.ID]scanner.EndpointID {
	m := map[traffic.ID]scanner.EndpointID{}
	for _, id := range ids {
		m[id] = endpoint
	}
	return m
}

// wholeFold is a fold with something of everything.
func wholeFold(ids []traffic.ID) *scanner.Fold {
	return &scanner.Fold{
		Of: of(ids, 1), Endpoints: []*scanner.Endpoint{endpointOf(1, "/users/{id}")},
		Shapes: map[scanner.EndpointID][]byte{1: []byte("shape")}, Trees: map[string][]byte{"a.example": []byte("tree")},
		Assets:   []*scanner.Asset{assetOf(1, scanner.AssetClient, 2), assetOf(2, scanner.AssetPrompt, 7)},
		Versions: []scanner.Version{{Asset: 2, N: 1, Fingerprint: "x", Seen: foldTime, Exchange: ids[0], Text: "You are"}},
		Edges:    []*scanner.Edge{{From: 1, To: 2, Count: 3, First: 1, Last: 2, LastSeen: foldTime}},
		Uses:     []scanner.Use{{Asset: 1, Exchange: ids[0]}, {Asset: 1, Exchange: ids[1]}},
		Places:   []*scanner.Place{placeOf(1, 1, "/mail", "EMAIL_ADDRESS")},
		Hits:     []scanner.Hit{{Place: 1, Exchange: ids[0], N: 2}, {Place: 1, Exchange: ids[1], N: 1}},
		Changes: []scanner.Change{
			{ID: 1, At: foldTime, Found: foldTime, Kind: scanner.ChangeEndpoint, Endpoint: 1, Exchange: ids[0], What: "new", Detail: "d", Severity: "info"},
			{ID: 2, At: foldTime, Found: foldTime.Add(time.Minute), Kind: scanner.ChangeClient, Asset: 1, Exchange: ids[0], What: "new client", Severity: "low"},
		},
	}
}

func mustCount(t *testing.T, want int) func(int, error) {
	return func(n int, err error) {
		t.Helper()
		if err != nil || n != want {
			t.Fatalf("%d exchanges, %v; want %d", n, err, want)
		}
	}
}

// execute changes a project that nobody has open.
func execute(t testing.TB, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), script)
	if err := firstError(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
