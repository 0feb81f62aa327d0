package discover

import "assay/scanner"

// changes numbers the lines of the timeline.
type changes struct{ last int64 }

func newChanges(inv *scanner.Inventory) *changes { return &changes{last: inv.LastChange} }

func (c *changes) number(t *batch) {
	for i := range t.fold.Changes {
		c.last++
		t.fold.Changes[i].ID = c.last
		t.fold.Changes[i].Found = t.now
	}
}
