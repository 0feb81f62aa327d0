package discover_test

import (
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/discover"
)

// TestPlacesCorpus looks for sensitive data in recorded traffic. It was scrubbed, and most of what is found in it is made
// up; the figure to watch is how much of it there is.
func TestPlacesCorpus(t *testing.T) {
	seen := recordings(t)
	size := sizeOf(seen)
	book, err := discover.Open(nil, nil, discover.Options{})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	hits, kinds := 0, map[string]int{}
	ofPlace := map[scanner.PlaceID]*scanner.Place{}
	for chunk := range slices.Chunk(seen, 200) {
		fold, err := book.Fold(chunk)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range fold.Places {
			if ofPlace[p.ID] == nil && os.Getenv("ASSAY_SHOW") != "" {
				t.Logf("%s %s %s %q %s %s (%d)", p.Class, p.Type, p.Direction, p.Role, p.Path, p.Sample, p.First)
			}
			ofPlace[p.ID] = p
		}
		for _, h := range fold.Hits {
			if p := ofPlace[h.Place]; p.Class != "payload" {
				kinds[p.Type] += h.N
				hits += h.N
			}
		}
	}
	took := time.Since(began)
	t.Logf("%d exchanges, %.1f MB of bodies in %s: %.0f exchanges/s, %.1f MB/s", len(seen), float64(size)/1e6, took.Round(time.Millisecond),
		float64(len(seen))/took.Seconds(), float64(size)/1e6/took.Seconds())
	t.Logf("%d hits at %d places, %.2f a MB", hits, len(ofPlace), float64(hits)/(float64(size)/1e6))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%6d %s", kinds[kind], kind)
	}
}
