package refusal_test

import (
	"crypto/sha256"
	"testing"

	"assay/scanner/refusal"
	"assay/test/corpus"
)

type labelled struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Label  string `json:"label"`
	Source string `json:"source"`
	Prompt string `json:"prompt"`
}

// answers reads the labelled answers that lie beside the project, where they do.
func answers(t *testing.T) []labelled {
	t.Helper()
	return corpus.Read[labelled](t, "prompts", "refusals-dev.jsonl.zst")
}

// score counts answers: an answer is refused where it declines, in part or whole.
type score struct{ right, all, falsely, complied, kind int }

func (s *score) accuracy() float64     { return float64(s.right) / float64(s.all) }
func (s *score) falseRefusal() float64 { return float64(s.falsely) / float64(s.complied) }

// TestCorpus measures against people's labels. A sixth, by a hash of the answer's id, was never looked at while the
// rules were written; it is so few that one answer is more than two in a hundred, hence its lower bar.
func TestCorpus(t *testing.T) {
	t.Parallel()
	var seen, unseen score
	for _, a := range answers(t) {
		hash := sha256.Sum256([]byte(a.ID))
		s, held := &seen, hash[0]%3 == 0 && hash[1]%2 == 1
		if held {
			s = &unseen
		}
		r := refusal.Find(a.Text, a.Prompt)
		want, got := a.Label != "compliance", r.Kind != refusal.None
		s.all++
		if !want {
			s.complied++
		}
		switch {
		case want == got:
			s.right++
		case got:
			s.falsely++
		}
		if a.Label == map[refusal.Kind]string{refusal.None: "compliance", refusal.Partial: "partial_refusal", refusal.Full: "refusal"}[r.Kind] {
			s.kind++
		}
		if want != got && !held {
			t.Logf("%s is %s, not %s (%s %v): %q: %.300q", a.ID, a.Label, r.Kind, r.Reason, r.Spans, a.Prompt, a.Text)
		}
	}
	total := score{seen.right + unseen.right, seen.all + unseen.all, seen.falsely + unseen.falsely, seen.complied + unseen.complied, seen.kind + unseen.kind}
	for _, x := range []struct {
		name  string
		s     score
		least float64
	}{{"looked at", seen, 0.94}, {"held out", unseen, 0.9}, {"all", total, 0.94}} {
		t.Logf("%-9s %d answers: accuracy %.1f %%, false refusals %.1f %% of %d, all three kinds right %.1f %%", x.name, x.s.all, 100*x.s.accuracy(), 100*x.s.falseRefusal(), x.s.complied, 100*float64(x.s.kind)/float64(x.s.all))
		if x.s.accuracy() < x.least || x.s.falseRefusal() > 0.04 {
			t.Errorf("%s: accuracy must be at least %.0f %% at no more than 4 %% false refusals", x.name, 100*x.least)
		}
	}
}
