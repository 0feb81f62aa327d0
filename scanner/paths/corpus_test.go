package paths_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"assay/scanner/paths"
	"assay/scanner/paths/testdata/sampleapi"
)

func api(r *rand.Rand) []sampleapi.Request { return sampleapi.New(r) }

// TestCorpus measures, over 200 APIs whose truth is known, how well pairs of requests are put together: pairwise F1.
func TestCorpus(t *testing.T) {
	t.Parallel()
	var hit, miss, wrong float64
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		requests := api(r)
		tree := paths.New()
		for _, q := range requests {
			tree.Add(q.Sample)
		}
		tree.Settle()
		learned := make([]string, len(requests))
		for i, q := range requests {
			learned[i] = q.Method + " " + tree.Template(q.Path)
		}
		h, m, w := sampleapi.Pairs(requests, learned)
		hit, miss, wrong = hit+h, miss+m, wrong+w
		if f := 2 * h / (2*h + m + w); f < 0.9 {
			t.Logf("seed %d: F1 %.3f\n%s", seed, f, strings.Join(tree.Templates(), "\n"))
		}
	}
	f1 := 2 * hit / (2*hit + miss + wrong)
	t.Logf("pairwise F1 %.4f (recall %.4f, precision %.4f)", f1, hit/(hit+miss), hit/(hit+wrong))
	if f1 < 0.97 {
		t.Errorf("pairwise F1 %.4f, want 0.97", f1)
	}
}
