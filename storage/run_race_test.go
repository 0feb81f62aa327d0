package storage_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
)

// TestTestsAtOnce keeps trials of two runs while a person overrules, looks and deletes: in the end everything is exact.
func TestTestsAtOnce(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{Keys: &keys{}})
	const cases, workers = 200, 4
	runs := []scanner.RunID{newRun(t, p, cases), newRun(t, p, cases)}
	var all sync.WaitGroup
	for _, run := range runs {
		for w := range workers {
			all.Go(func() {
				for n := w + 1; n <= cases; n += workers {
					r := trialOf(n, 1, verdicts[n%4])
					r.Trial.Print, r.Secrets = fmt.Sprint("print", n%20), []string{secretPass}
					if err := p.SaveTrials(t.Context(), run, []*scanner.TrialRecord{r}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	kept := make(chan struct{})
	var person sync.WaitGroup
	person.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-kept:
				return
			default:
			}
			print := fmt.Sprint("print", i%20)
			_, _, err1 := p.Cases(t.Context(), runs[i%2], storage.CaseQuery{Sort: "verdict", Limit: 10})
			_, _, err2 := p.Findings(t.Context(), storage.FindingQuery{Run: runs[i%2]})
			err3 := p.SetOverrule(t.Context(), scanner.Overrule{Print: print, Verdict: verdicts[i%4], At: time.Now()})
			err4 := p.RemoveOverrule(t.Context(), fmt.Sprint("print", (i+7)%20))
			trials, err5 := p.Trials(t.Context(), runs[i%2], i%cases+1)
			if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
				t.Error(err)
			}
			for _, trial := range trials {
				if _, err := p.Delete(t.Context(), trial.Exchanges...); err != nil {
					t.Error(err)
				}
			}
		}
	})
	all.Wait()
	close(kept)
	person.Wait()
	for _, run := range runs {
		r := getRun(t, p, run)
		if r.Tally.Pending() != 0 || r.Tally.Trials != cases || r.Tally.Requests != cases {
			t.Errorf("%+v", r.Tally)
		}
	}
	wantChecked(t, p)
}
