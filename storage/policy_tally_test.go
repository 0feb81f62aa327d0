package storage_test

import (
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
)

// TestRestorePolicy brings a policy back under its id, under which its rulings are counted.
func TestRestorePolicy(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	if tallies, err := p.RulingTallies(t.Context()); err != nil || len(tallies) > 0 {
		t.Errorf("nothing ruled, and the tallies are %v, %v", tallies, err)
	}
	one := scanner.Policy{Name: "one", Action: scanner.Block, Added: watchTime}
	var err error
	if one.ID, err = p.SetPolicy(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	rulings := []scanner.Ruling{
		{At: watchTime, Policy: one.ID, Action: scanner.Block, Done: true}, {At: watchTime.Add(time.Hour), Policy: one.ID, Action: scanner.Block}, {At: watchTime, Policy: 70},
	}
	if err := p.AddRulings(t.Context(), rulings); err != nil {
		t.Fatal(err)
	}
	if err := p.RemovePolicy(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	if two, err := p.SetPolicy(t.Context(), scanner.Policy{Name: "two"}); err != nil || two == one.ID {
		t.Fatalf("another policy got the id %d, %v", two, err)
	}
	for range 2 { // the second time it is there
		if err := p.RestorePolicy(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	list, err := p.Policies(t.Context())
	if err != nil || len(list) != 2 || list[0].ID != one.ID || list[0].Name != "one" || !list[0].Added.Equal(watchTime) {
		t.Errorf("the policies are %+v, %v", list, err)
	}
	tallies, err := p.RulingTallies(t.Context())
	want := storage.RulingTally{Rulings: 2, Done: 1, Last: watchTime.Add(time.Hour)}
	if got := tallies[one.ID]; err != nil || len(tallies) != 2 || got.Rulings != want.Rulings || got.Done != want.Done || !got.Last.Equal(want.Last) {
		t.Errorf("the tallies are %+v, %v", tallies, err)
	}
}
