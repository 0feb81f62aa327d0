package discover_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"assay/scanner/discover"
	"assay/scanner/paths/testdata/sampleapi"
	"assay/traffic"
)

// TestTemplatesOfTheCorpus measures, over 50 APIs whose truth is known, how well a Book puts requests together that come
// in small batches: pairwise F1.
func TestTemplatesOfTheCorpus(t *testing.T) {
	t.Parallel()
	var hit, miss, wrong float64
	for seed := range uint64(50) { // the tree by itself is asked for all 200 (scanner/paths)
		requests := sampleapi.New(rand.New(rand.NewPCG(seed, 7)))
		a, keep := newAsked(), newCabinet()
		book := openEndpoints(t, nil, keep)
		for from := 0; from < len(requests); from += 32 {
			var seen []discover.Seen
			for _, q := range requests[from:min(from+32, len(requests))] {
				seen = append(seen, answered(a, q))
			}
			keep.save(foldSeen(t, book, seen...))
		}
		learned := make([]string, len(requests))
		for i := range requests {
			e := keep.endpoints[keep.of[traffic.ID(i+1)]]
			learned[i] = e.Method + " " + e.Path
		}
		h, m, w := sampleapi.Pairs(requests, learned)
		hit, miss, wrong = hit+h, miss+m, wrong+w
		if f := 2 * h / (2*h + m + w); f < 0.9 {
			t.Logf("seed %d: F1 %.3f\n%s", seed, f, strings.Join(keep.names(), "\n"))
		}
	}
	f1 := 2 * hit / (2*hit + miss + wrong)
	t.Logf("pairwise F1 %.4f (recall %.4f, precision %.4f)", f1, hit/(hit+miss), hit/(hit+wrong))
	if f1 < 0.97 {
		t.Errorf("pairwise F1 %.4f, want 0.97", f1)
	}
}

// answered is a request of the corpus with an answer of its shape.
func answered(a *asked, q sampleapi.Request) discover.Seen {
	answer := ""
	if q.Shape != "" {
		answer = fmt.Sprintf(`{"%s_id":1,"%s_name":"x","created":"2026-11-21"}`, q.Shape, q.Shape)
	}
	return a.call(q.Method+" https://api.example"+q.Path, "", "", 200, answer)
}
