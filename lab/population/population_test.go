package population_test

import (
	"testing"
	"time"

	"assay/lab/population"
	"assay/scanner"
)

// TestTruth checks that what is said of the attacks is what the sights are.
func TestTruth(t *testing.T) {
	t.Parallel()
	p := population.New(population.Options{Seed: 5, Actors: 1500})
	count := map[int]int{}
	first, last := map[int]int64{}, map[int]int64{}
	actors := map[scanner.ActorKey]bool{}
	var at time.Time
	var index int64
	for a, s := range p.Sights() {
		if s.At.Before(at) {
			t.Fatalf("sight %d is at %v, the one before at %v", index, s.At, at)
		}
		at = s.At
		actors[s.Actor] = true
		if a >= 0 {
			if count[a] == 0 {
				first[a] = index
			}
			count[a]++
			last[a] = index
		}
		index++
	}
	truth := p.Truth()
	t.Logf("%d sights, %d actors, %d attacks", index, len(actors), len(truth))
	kinds := map[population.Kind]int{}
	for i, one := range truth {
		kinds[one.Kind]++
		if one.Count != count[i] || one.First != first[i] || one.Last != last[i] {
			t.Errorf("%s: %d requests, %d to %d; seen were %d, %d to %d", one.Kind, one.Count, one.First, one.Last, count[i], first[i], last[i])
		}
	}
	for _, kind := range population.Kinds() {
		if kinds[kind] != 3 {
			t.Errorf("%s: planted %d times, want 3", kind, kinds[kind])
		}
	}
}
