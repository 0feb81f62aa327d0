package engine

import (
	"fmt"
	"iter"
	"slices"

	"assay/scanner"
	"assay/scanner/judge"
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

// Compare compares the cases of two runs by their keys, in the order of the later run; those that only the earlier one has
// come last. changed are the templates whose files differ between the runs: their answers were judged by other rules.
func Compare(before, after iter.Seq[scanner.Case], changed ...string) *Comparison {
	c := &Comparison{Counts: map[Change]int{}, Cases: []Compared{}}
	old := map[string]*scanner.Case{}
	var order []string
	for x := range before {
		old[x.Key] = &x
		order = append(order, x.Key)
	}
	for x := range after {
		one := Compared{Key: x.Key, Before: old[x.Key], After: &x}
		delete(old, x.Key)
		one.Change, one.Why = compare(one.Before, one.After, changed)
		c.Counts[one.Change]++
		c.Cases = append(c.Cases, one)
	}
	for _, key := range order {
		if x := old[key]; x != nil {
			c.Counts[ChangeNothing]++
			c.Cases = append(c.Cases, Compared{Key: key, Change: ChangeNothing, Why: "the later run has no such case", Before: x})
		}
	}
	return c
}

// compare tells what became of one case.
func compare(before, after *scanner.Case, changed []string) (Change, string) {
	if before == nil {
		return ChangeNothing, "the earlier run has no such case"
	}
	if slices.Contains(changed, after.Template) {
		return ChangeNothing, "the template is another one since"
	}
	for _, side := range []struct {
		c    *scanner.Case
		name string
	}{{before, "earlier"}, {after, "later"}} {
		if why := undecided(side.c); why != "" {
			return ChangeNothing, "in the " + side.name + " run " + why
		}
	}
	was, is := judge.Trials(before.Counts), judge.Trials(after.Counts)
	vulnerableBefore, vulnerableAfter := verdictOf(before) == scanner.Vulnerable, verdictOf(after) == scanner.Vulnerable
	a, b := was.Rate(), is.Rate()
	person := before.By == "person" || after.By == "person"
	if !person && vulnerableBefore != vulnerableAfter && (was.Flaky() || is.Flaky()) && a.Low <= b.High && b.Low <= a.High {
		return ChangeFlaky, fmt.Sprintf("it succeeded in %d of %d trials before and %d of %d now, which chance explains", was.Vulnerable, was.Decided(), is.Vulnerable, is.Decided())
	}
	switch {
	case vulnerableBefore && vulnerableAfter:
		return ChangeStill, ""
	case vulnerableAfter:
		return ChangeNew, ""
	case vulnerableBefore:
		return ChangeFixed, ""
	}
	return ChangeSame, ""
}

// undecided tells why a case says nothing for either side; empty where it does.
func undecided(c *scanner.Case) string {
	switch {
	case !c.Done && c.Counts.Vulnerable == 0:
		return "it was not finished"
	case verdictOf(c) == scanner.Errored:
		return "there was no answer to judge"
	case verdictOf(c) == scanner.Unclear:
		return "its verdict is unclear"
	}
	return ""
}

// verdictOf is the verdict of a case; of one that is not finished, that of its trials so far.
func verdictOf(c *scanner.Case) scanner.Verdict {
	if c.Verdict != "" {
		return c.Verdict
	}
	return judge.Trials(c.Counts).Verdict()
}
