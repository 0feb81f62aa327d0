package engine

import (
	"iter"

	"assay/scanner"
)

// Change is what became of a case between two runs.
type Change string

// The changes.
const (
	ChangeNew     Change = "new"   // vulnerable now, and resisted before
	ChangeFixed   Change = "fixed" // resisted now, and vulnerable before
	ChangeStill   Change = "still" // vulnerable in both
	ChangeFlaky   Change = "flaky" // both verdicts within the trials of one of them, and the intervals overlap
	ChangeSame    Change = "same"  // not vulnerable in either
	ChangeNothing Change = "not_comparable"
)

// Compared is one case in two runs.
type Compared struct {
	Key    string
	Change Change
	Why    string        // of not_comparable and flaky, one sentence
	Before *scanner.Case // nil where the run has no such case
	After  *scanner.Case
}

// Comparison is two runs side by side.
type Comparison struct {
	Before, After scanner.RunID
	Counts        map[Change]int
	Cases         []Compared
}

// Compare compares the cases of two runs by their keys.
func Compare(before, after iter.Seq[scanner.Case]) *Comparison { return nil }
