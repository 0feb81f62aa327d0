package judge_test

import (
	"math"
	"testing"

	"assay/scanner"
	"assay/scanner/judge"
)

// TestWilson checks against published intervals: Newcombe, Statistics in Medicine 17 (1998), table I, method 3; and for
// n of 3 the values that R's prop.test(correct = FALSE) and Agresti and Coull (1998) give.
func TestWilson(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		hits, n   int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
		{0, 3, 0, 0.5615},
		{1, 3, 0.0615, 0.7923},
		{2, 3, 0.2077, 0.9385},
		{3, 3, 0.4385, 1},
		{0, 10, 0, 0.2775},
		{5, 10, 0.2366, 0.7634},
		{0, 0, 0, 1},
	} {
		low, high := judge.Wilson(x.hits, x.n, judge.Z95)
		if math.Abs(low-x.low) > 0.00006 || math.Abs(high-x.high) > 0.00006 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", x.hits, x.n, low, high, x.low, x.high)
		}
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	var trials judge.Trials
	if trials.Rate().Known || trials.Verdict() != scanner.Errored {
		t.Error("no trial says nothing")
	}
	for _, v := range []scanner.Verdict{scanner.Vulnerable, scanner.Errored, scanner.Resisted, scanner.Unclear, scanner.Errored, scanner.Resisted} {
		trials.Add(v)
	}
	r := trials.Rate()
	if trials != (judge.Trials{1, 2, 1, 2}) || !trials.Flaky() || math.Abs(r.Value-1.0/3) > 1e-9 || trials.Verdict() != scanner.Vulnerable {
		t.Errorf("errors count on a side: %+v %+v", trials, r)
	}
	if (judge.Trials{Vulnerable: 3, Errored: 1}).Flaky() {
		t.Error("errors make nothing flaky")
	}
}

// TestStop works out exactly how often looking after every trial decides wrongly.
func TestStop(t *testing.T) {
	t.Parallel()
	s := judge.Stopping{Limit: 0.3, Least: 3, Most: 60}
	for _, x := range []struct {
		rate        float64
		above       bool // it is
		most        float64
		leastTrials float64
	}{{0.15, false, 0.02, 10}, {0.5, true, 0.02, 8}} {
		// probability of each count of hits after n trials that did not stop
		alive, wrong, trials := []float64{1}, 0.0, 0.0
		for n := 1; n <= s.Most; n++ {
			next := make([]float64, n+1)
			for hits, p := range alive {
				next[hits] += p * (1 - x.rate)
				next[hits+1] += p * x.rate
			}
			for hits, p := range next {
				trials += p
				if stop, _ := s.Stop(judge.Trials{Vulnerable: hits, Resisted: n - hits}); stop {
					low, high := judge.Wilson(hits, n, judge.Z99)
					if x.above && high < s.Limit || !x.above && low > s.Limit {
						wrong += p
					}
					next[hits] = 0
				}
			}
			alive = next
		}
		t.Logf("at %.0f %%: wrong in %.2f %% of cases, %.1f trials instead of %d", 100*x.rate, 100*wrong, trials, s.Most)
		if wrong > x.most || trials > float64(s.Most)*0.85 {
			t.Errorf("at %.0f %%: wrong in %.3f, %.1f trials", 100*x.rate, wrong, trials)
		}
	}
	if stop, why := (judge.Stopping{}).Stop(judge.Trials{Vulnerable: 1}); !stop || why == "" {
		t.Error("one success is enough")
	}
	if stop, _ := (judge.Stopping{Most: 3}).Stop(judge.Trials{Errored: 2}); stop {
		t.Error("errors decide nothing")
	}
	if stop, _ := (judge.Stopping{Most: 3}).Stop(judge.Trials{Errored: 3}); !stop {
		t.Error("more than the most")
	}
}
