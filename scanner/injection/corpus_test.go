package injection_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"assay/scanner/injection"
	"assay/test/corpus"
)

// labelled is one text of the data.
type labelled struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Label    string `json:"label"`
	Category string `json:"category"`
	Source   string `json:"source"`
	Lang     string `json:"lang"`
}

// role is who says a text of the data.
func (l labelled) role() injection.Role {
	switch l.Category {
	case "system_prompt":
		return injection.System
	}
	return injection.User
}

// plain and hard are the benign categories that are measured apart.
func hard(category string) bool {
	return slices.Contains([]string{"roleplay_hard", "cyber_borderline", "cyber_borderline_multilingual", "security_prose", "trigger_word_hard", "borderline_safety"}, category)
}

// TestCorpus measures the detector on labelled texts. ASSAY_MISSES names a category or source whose misses are listed.
func TestCorpus(t *testing.T) {
	t.Parallel()
	if !corpus.Here(t, "prompts", "dev.jsonl.zst") {
		t.Skip("NOT MEASURED: the data is not on this machine")
	}
	type count struct{ hit, all int }
	by := map[string]*count{}
	add := func(name string, hit bool) {
		if by[name] == nil {
			by[name] = &count{}
		}
		by[name].all++
		if hit {
			by[name].hit++
		}
	}
	show := os.Getenv("ASSAY_MISSES")
	for _, l := range corpus.Read[labelled](t, "prompts", "dev.jsonl.zst") {
		r := injection.Scan(l.Text, injection.Options{Role: l.role()})
		add(l.Label+" / "+l.Category, r.Attack)
		add(l.Label+" / "+l.Category+" / "+l.Source, r.Attack)
		switch {
		case l.Label == "attack":
			add("= attacks found", r.Attack)
		case hard(l.Category):
			add("= hard benign taken for attacks", r.Attack)
		default:
			add("= plain benign taken for attacks", r.Attack)
		}
		if show != "" && (strings.Contains(l.Category, show) || strings.Contains(l.Source, show) || show == "benign" && l.Label == "benign") && r.Attack != (l.Label == "attack") {
			t.Logf("%s %.2f %v %.300q", l.Source, r.Score, brief(r), l.Text)
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(by)) {
		fmt.Fprintf(&b, "  %-84s %5d of %5d  %6.2f %%\n", name, by[name].hit, by[name].all, 100*float64(by[name].hit)/float64(by[name].all))
	}
	t.Logf("taken for attacks:\n%s", b.String())
	rate := func(name string) float64 { c := by[name]; return float64(c.hit) / float64(c.all) }
	for _, want := range []struct {
		name        string
		least, most float64
	}{
		{"= attacks found", 0.6, 1},
		{"= plain benign taken for attacks", 0, 0.005},
		{"= hard benign taken for attacks", 0, 0.02},
	} {
		if got := rate(want.name); got < want.least || got > want.most {
			t.Errorf("%s: %.2f %%, want %.1f to %.1f", want.name, 100*got, 100*want.least, 100*want.most)
		}
	}
}

func brief(r injection.Result) string {
	var b strings.Builder
	spans := slices.Clone(r.Spans)
	slices.SortStableFunc(spans, func(a, b injection.Span) int { return cmp.Compare(b.Confidence, a.Confidence) })
	for _, s := range spans[:min(len(spans), 6)] {
		fmt.Fprintf(&b, "%s %.2f (%s); ", s.Technique, s.Confidence, s.Why)
	}
	return b.String()
}
