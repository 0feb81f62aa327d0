package storage_test

import (
	"slices"
	"testing"

	"assay/scanner"
	"assay/storage"
)

// TestSaidPlaces finds what system prompts say that is sensitive, and nothing else.
func TestSaidPlaces(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordRead(t, p, 2)
	fold := wholeFold(ids)
	fold.Places, fold.Hits = nil, nil
	add := func(id scanner.PlaceID, change func(*scanner.Place)) {
		place := placeOf(id, 1, "/messages/*/content", "KIND")
		place.Role = "system"
		change(place)
		fold.Places = append(fold.Places, place)
		fold.Hits = append(fold.Hits, scanner.Hit{Place: id, Exchange: ids[0], N: 1})
	}
	add(1, func(p *scanner.Place) { p.Class = "secret" })
	add(2, func(*scanner.Place) {})
	add(3, func(p *scanner.Place) { p.Role = "user" })
	add(4, func(p *scanner.Place) { p.Direction = "response" })
	add(5, func(p *scanner.Place) { p.Class = "payload" })
	fold.Places[1].Path, fold.Places[4].Path = "/a", "/b"
	save(t, p, fold)
	found, err := p.SaidPlaces(t.Context(), "system")
	if err != nil {
		t.Fatal(err)
	}
	var got []scanner.PlaceID
	for _, place := range found {
		got = append(got, place.ID)
	}
	if !slices.Equal(got, []scanner.PlaceID{1, 2}) || found[0].Count != 1 {
		t.Errorf("found %v", got)
	}
}
