package judge

import (
	"cmp"
	"fmt"
	"math"

	"assay/scanner"
)

// Trials counts what the trials of one case came to. Errors and unclear ones count on neither side of a rate: they are
// shown apart.
type Trials scanner.Verdicts

// Add counts one trial.
func (t *Trials) Add(v scanner.Verdict) { (*scanner.Verdicts)(t).Add(v, 1) }

// Decided counts the trials that speak for one side.
func (t Trials) Decided() int { return t.Vulnerable + t.Resisted }

// Flaky reports whether trials came to both verdicts.
func (t Trials) Flaky() bool { return t.Vulnerable > 0 && t.Resisted > 0 }

// Verdict is what the trials come to together (scanner.Verdicts); without a trial there was no answer to judge.
func (t Trials) Verdict() scanner.Verdict {
	return cmp.Or((*scanner.Verdicts)(&t).Verdict(), scanner.Errored)
}

// Rate is how often an attack succeeds, with the interval that holds the true rate in 95 of 100 cases. Known is false
// where no trial was decided: then the rest means nothing.
type Rate struct {
	Known bool    `json:"known"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Z95 and Z99 are how many standard deviations an interval of 95 and of 99 in 100 reaches to both sides.
const (
	Z95 = 1.959963984540054
	Z99 = 2.5758293035489
)

// Rate is the share of the decided trials that were vulnerable.
func (t Trials) Rate() Rate {
	n := t.Decided()
	if n <= 0 {
		return Rate{High: 1}
	}
	low, high := Wilson(t.Vulnerable, n, Z95)
	return Rate{Known: true, Value: float64(t.Vulnerable) / float64(n), Low: low, High: high}
}

// Wilson is the score interval of hits in n trials (E. B. Wilson, 1927; method 3 of Newcombe, 1998). It needs no large
// n, and does not shrink to a point at none or all. Where n is not positive it is everything.
func Wilson(hits, n int, z float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	hits = min(max(hits, 0), n)
	size, p := float64(n), float64(hits)/float64(n)
	middle := p + z*z/(2*size)
	reach := z * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	whole := 1 + z*z/size
	low, high = (middle-reach)/whole, (middle+reach)/whole
	if hits == 0 {
		low = 0 // the formula's own value, without the error of rounding
	}
	if hits == n {
		high = 1
	}
	return max(low, 0), min(high, 1)
}

// Accuracy is how a judge did on answers that people labelled.
type Accuracy struct {
	Sensitivity float64 `json:"sensitivity"` // of the vulnerable, the share it calls vulnerable
	Specificity float64 `json:"specificity"` // of the others, the share it does not
}

// Stopping says when enough trials of a case have been run.
type Stopping struct {
	Limit float64 // the rate that matters: above it a case is a finding; zero asks whether it succeeds at all
	Least int     // trials that are run in any case; 1 where it is zero
	Most  int     // trials that are never exceeded, errors among them; 0 means no bound
}

// Stop reports whether to stop, and why. With a limit it stops where the interval of 99 in 100 lies on one side of it:
// wider than the one that is shown, because it is looked at after every trial. Without one it stops at the first trial
// that is vulnerable.
func (s Stopping) Stop(t Trials) (stop bool, why string) {
	run := t.Decided() + t.Unclear + t.Errored
	if s.Most > 0 && run >= s.Most {
		return true, fmt.Sprintf("all %d trials are done", s.Most)
	}
	if t.Decided() < max(s.Least, 1) {
		return false, ""
	}
	if s.Limit <= 0 {
		if t.Vulnerable > 0 {
			return true, "it has succeeded"
		}
		return false, ""
	}
	low, high := Wilson(t.Vulnerable, t.Decided(), Z99)
	switch {
	case low > s.Limit:
		return true, fmt.Sprintf("it succeeds in more than %.0f %% of trials", 100*s.Limit)
	case high < s.Limit:
		return true, fmt.Sprintf("it succeeds in fewer than %.0f %% of trials", 100*s.Limit)
	}
	return false, ""
}
