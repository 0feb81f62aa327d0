package population_test

import (
	"bytes"
	"iter"
	"slices"
	"testing"
	"time"

	"assay/lab/population"
	"assay/scanner"
	"assay/traffic"
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

// TestWrite imports what is written: every line is an exchange, in the order of time, with the truth of the sights.
func TestWrite(t *testing.T) {
	t.Parallel()
	o := population.Options{Seed: 9, Actors: 60, Days: 10, Share: 0.2}
	var out bytes.Buffer
	truth, err := population.Write(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	p := population.New(o)
	sights := 0
	next, stop := iter.Pull2(p.Sights())
	defer stop()
	for record, err := range traffic.ReadJSONL(&out) {
		if err != nil {
			t.Fatal(err)
		}
		_, s, ok := next()
		if !ok {
			t.Fatalf("%d sights, and more lines", sights)
		}
		if !record.Started.Equal(s.At) || record.Response == nil || record.Response.Status != s.Status {
			t.Fatalf("line %d: %v %v; the sight is %v %d", sights, record.Started, record.Response, s.At, s.Status)
		}
		sights++
	}
	if _, _, more := next(); more {
		t.Errorf("%d lines, and more sights", sights)
	}
	if !slices.Equal(truth, p.Truth()) || len(truth) != 12 {
		t.Errorf("the truth of the lines is\n%v\nthat of the sights\n%v", truth, p.Truth())
	}
	t.Logf("%d lines, %d attacks", sights, len(truth))
}

// TestSame checks that a seed is a population, and another seed another one.
func TestSame(t *testing.T) {
	t.Parallel()
	sum := func(seed uint64) (sum uint64) {
		for a, s := range population.New(population.Options{Seed: seed, Actors: 120, Days: 10}).Sights() {
			sum = sum*31 + uint64(s.At.UnixNano()) + uint64(a+2)*7 + uint64(s.Input) + uint64(len(s.Signs))
		}
		return sum
	}
	if first, again := sum(1), sum(1); first != again {
		t.Error("one seed gives two populations")
	}
	if sum(1) == sum(2) {
		t.Error("two seeds give one population")
	}
}

// TestMix plants only what is asked for.
func TestMix(t *testing.T) {
	t.Parallel()
	p := population.New(population.Options{Seed: 3, Actors: 400, Share: 0.05, Mix: map[population.Kind]float64{population.Crescendo: 3, population.Stuffing: 1}})
	got := map[population.Kind]int{}
	for _, one := range p.Truth() {
		got[one.Kind]++
	}
	if got[population.Crescendo] != 15 || got[population.Stuffing] != 5 || len(got) != 2 {
		t.Errorf("planted %v", got)
	}
	if quiet := population.New(population.Options{Actors: 50, Share: -1}); len(quiet.Truth()) != 0 {
		t.Errorf("planted %v, want none", quiet.Truth())
	}
}
