package accuracy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
)

// sample is a text with what is in it.
type sample struct {
	Text   string `json:"text"`
	Entity string `json:"entity"`
	Rule   string `json:"rule"`
	Case   string `json:"case"` // of secrets: positive or negative
	Label  string `json:"label"`
	Spans  []struct {
		Value string `json:"value"`
	} `json:"spans"`
}

// detected is one line of `assay detect`.
type detected struct {
	Refusal string `json:"refusal"`
	Spans   []struct {
		Kind       string  `json:"kind"`
		Class      string  `json:"class"`
		Start      int     `json:"start"`
		End        int     `json:"end"`
		Confidence float64 `json:"confidence"`
	} `json:"spans"`
}

// detect runs the texts of samples through `assay detect`.
func detect(t *testing.T, role string, samples []sample) []detected {
	t.Helper()
	var in bytes.Buffer
	for n, s := range samples {
		line, err := json.Marshal(map[string]any{"id": n, "text": s.Text, "role": role})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	out := lines[detected](t, assay(t, t.TempDir(), in.Bytes(), "detect"))
	if len(out) != len(samples) {
		t.Fatalf("%d lines for %d texts", len(out), len(samples))
	}
	return out
}

// likely is how sure a secret has to be to count: what is less sure is a guess by form.
const likely = 0.5

// TestSecrets looks for secrets in texts and in requests to models.
func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file            string
		byRule, anyRule float64
	}{{"secrets-gitleaks.dev.jsonl.zst", 0.97, 0.97}, {"secrets-in-chat.dev.jsonl.zst", 0, 0.95}} {
		samples := lines[sample](t, load(t, "sensitive", c.file))
		s := scores{}
		for n, got := range detect(t, "user", samples) {
			want := samples[n]
			found, named := false, false
			for _, span := range got.Spans {
				if span.Class == "secret" && span.Confidence >= likely {
					found, named = true, named || span.Kind == want.Rule
				}
			}
			at := func() string { return fmt.Sprintf("%s in %.120q", want.Rule, want.Text) }
			if want.Case == "positive" {
				s.add("found by their own rule", named, at)
				s.add("found", found, at)
			} else {
				s.add("rightly not found", !named, at)
			}
		}
		s.log(t, "Secrets, "+c.file+", through `assay detect`")
		s.demand(t, c.byRule, "found by their own rule")
		s.demand(t, c.anyRule, "found")
		s.demand(t, 0.98, "rightly not found")
	}
}

// TestPersonal looks for personal data, each sample for its own type.
func TestPersonal(t *testing.T) {
	t.Parallel()
	samples := lines[sample](t, load(t, "sensitive", "pii-presidio.dev.jsonl.zst"))
	s, types := scores{}, map[string]bool{}
	for n, got := range detect(t, "user", samples) {
		want := samples[n]
		types[want.Entity] = true
		runes, found := []rune(want.Text), map[string]int{}
		for _, span := range got.Spans {
			if span.Kind == want.Entity {
				found[string(runes[span.Start:span.End])]++
			}
		}
		for _, w := range want.Spans {
			is := found[w.Value] > 0 || w.Value == "" && len(found) > 0
			s.add("found (recall)", is, func() string { return fmt.Sprintf("%s in %.120q", want.Entity, want.Text) })
			if is {
				s.add("right (precision)", true, nil)
				found[w.Value]--
			}
			if w.Value == "" {
				clear(found)
			}
		}
		for value, more := range found {
			for range more {
				s.add("right (precision)", false, func() string { return fmt.Sprintf("%s %q in %.120q", want.Entity, value, want.Text) })
			}
		}
	}
	s.log(t, fmt.Sprintf("Personal data, %d types, through `assay detect`", len(types)))
	s.demand(t, 0.9, "found (recall)", "right (precision)")
}

// TestRefusals compares what the phrases of refusals say with what people said.
func TestRefusals(t *testing.T) {
	t.Parallel()
	samples := lines[sample](t, load(t, "prompts", "refusals-dev.jsonl.zst"))
	s := scores{}
	for n, got := range detect(t, "assistant", samples) {
		want := samples[n]
		at := func() string { return fmt.Sprintf("%.160q", want.Text) }
		if want.Label == "compliance" {
			s.add("answers taken for such", got.Refusal == "none", at)
		} else {
			s.add(want.Label+" seen as one", got.Refusal != "none", at)
		}
	}
	s.log(t, "Refusals, through `assay detect`")
	s.demand(t, 0.95, "answers taken for such")
	s.demand(t, 0.85, "refusal seen as one")
}
