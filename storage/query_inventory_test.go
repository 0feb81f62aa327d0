package storage_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// visited is when somebody last looked at the inventory of world.
var visited = time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC)

func (f *facts) inventoried(field string) []string {
	if field == "sensitive" {
		var out []string
		for _, p := range f.places {
			out = append(out, p.Type, p.Class)
		}
		return out
	}
	if f.endpoint == nil {
		return nil
	}
	switch field {
	case "access":
		return []string{string(f.endpoint.Access)}
	case "documented":
		if f.endpoint.Documented != "" {
			return []string{string(f.endpoint.Documented)}
		}
	case "auth":
		var kinds []string
		for _, a := range f.endpoint.Facts.Auth {
			kinds = append(kinds, a.Kind)
		}
		return kinds
	}
	return nil
}

func (f *facts) inventoriedNumber(field string) (int64, bool) {
	if field == "asset" {
		return f.asset, f.asset > 0
	}
	if f.endpoint == nil {
		return 0, false
	}
	switch field {
	case "endpoint":
		return int64(f.endpoint.ID), true
	case "risk":
		return int64(f.endpoint.Risk), true
	case "count":
		return f.endpoint.Count, true
	case "first":
		return f.endpoint.FirstSeen.UnixMicro(), true
	case "last":
		return f.endpoint.LastSeen.UnixMicro(), true
	case "new":
		if f.endpoint.Found.After(visited) {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// tallyEndpoints counts the exchanges of endpoints, as the test knows them.
func tallyEndpoints(all []*facts) {
	for _, f := range all {
		if f.endpoint != nil {
			f.endpoint.Count = 0
		}
	}
	for _, f := range all {
		if f.endpoint != nil {
			f.endpoint.Count++
		}
	}
}

// enlist folds exchanges into six endpoints, with sensitive data in half of them, and leaves some out.
func enlist(t *testing.T, p *storage.Project, all []*facts) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(7, 8))
	auths := [][]scanner.Auth{{{Kind: "bearer"}, {Kind: "none"}}, {{Kind: "api-key"}}, {{Kind: "cookie"}}, nil}
	f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}}
	var places [][]*scanner.Place
	for i := range 6 {
		e := endpointOf(scanner.EndpointID(i+1), string(rune('a'+i)))
		e.Access = []scanner.Access{scanner.AccessPublic, scanner.AccessInternal, scanner.AccessLoopback, scanner.AccessThirdParty}[i%4]
		e.Documented = []scanner.Documented{scanner.DocumentedYes, scanner.DocumentedNo, ""}[i%3]
		e.Risk, e.Facts.Auth = i*17, auths[i%4]
		e.FirstSeen, e.Found = time.Date(2026, 2, 1+4*i, 0, 0, 0, 0, time.UTC), visited.AddDate(0, 0, 2*i-5)
		e.LastSeen = e.FirstSeen.AddDate(0, 0, 3)
		f.Endpoints = append(f.Endpoints, e)
		at := []*scanner.Place{}
		for j, kind := range []string{"EMAIL_ADDRESS", "IBAN_CODE", "github-pat"} {
			place := placeOf(scanner.PlaceID(3*i+j+1), e.ID, "/x", kind)
			place.Class = []string{"personal", "personal", "secret"}[j]
			at = append(at, place)
		}
		f.Places = append(f.Places, at...)
		places = append(places, at)
	}
	for i := range 3 {
		f.Assets = append(f.Assets, assetOf(scanner.AssetID(i+1), scanner.AssetClient, 1))
	}
	for _, each := range all {
		n := rnd.IntN(8)
		if n == 7 {
			continue // not folded
		}
		if n == 6 {
			f.Of[each.id] = 0
			continue
		}
		each.endpoint = f.Endpoints[n]
		f.Of[each.id] = each.endpoint.ID
		each.asset = int64(rnd.IntN(4))
		if each.asset > 0 {
			f.Uses = append(f.Uses, scanner.Use{Asset: scanner.AssetID(each.asset), Exchange: each.id})
		}
		for _, place := range places[n] {
			if rnd.IntN(5) == 0 {
				each.places = append(each.places, place)
				f.Hits = append(f.Hits, scanner.Hit{Place: place.ID, Exchange: each.id, N: 1})
			}
		}
	}
	save(t, p, f)
	if err := p.Visit(t.Context(), visited); err != nil {
		t.Fatal(err)
	}
}

func TestInventoryWords(t *testing.T) {
	t.Parallel()
	p, _ := world(t, 100)
	for field, want := range map[string][]string{
		"sensitive": {"EMAIL_ADDRESS", "IBAN_CODE", "github-pat", "personal", "secret"}, "auth": {"api-key", "bearer", "cookie", "none"},
	} {
		if words, err := p.Words(t.Context(), field); err != nil || !slices.Equal(words, want) {
			t.Errorf("%s: %v, %v", field, words, err)
		}
	}
}
