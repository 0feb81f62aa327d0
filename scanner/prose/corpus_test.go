package prose_test

import (
	"os"
	"strings"
	"testing"

	"assay/scanner/prose"
	"assay/test/corpus"
)

// TestCorpus measures gibberish on labelled texts: what optimisers made, and what is harmless. ASSAY_MISSES=1 lists what is wrong.
func TestCorpus(t *testing.T) {
	t.Parallel()
	if !corpus.Here(t, "prompts", "dev.jsonl.zst") {
		t.Skip("NOT MEASURED: the data is not on this machine")
	}
	type labelled struct{ Text, Label, Category, Source string }
	found, all := map[string]int{}, map[string]int{}
	for _, l := range corpus.Read[labelled](t, "prompts", "dev.jsonl.zst") {
		name := l.Label
		if strings.Contains(l.Source, "GCG") || strings.Contains(l.Source, "DSN") {
			name = l.Source
		} else if l.Label == "attack" {
			name += " others"
		}
		all[name]++
		p, is := prose.Gibberish(l.Text)
		if is && p.Score >= 0.5 {
			found[name]++
		}
		if os.Getenv("ASSAY_MISSES") != "" && (is && l.Label == "benign" || !is && strings.Contains(name, "GCG")) {
			t.Logf("%s %v %.2f %.200q", name, is, p.Score, l.Text[p.Start:])
		}
		if p, is := prose.Repetition(l.Text); is && l.Label == "benign" {
			t.Logf("repeats: %.80q", l.Text[p.Start:p.End])
		}
	}
	for name := range all {
		t.Logf("%-40s gibberish in %d of %d", name, found[name], all[name])
	}
	if found["benign"]*200 > all["benign"] {
		t.Errorf("%d of %d harmless texts are taken for gibberish, want at most 0.5 %%", found["benign"], all["benign"])
	}
}
