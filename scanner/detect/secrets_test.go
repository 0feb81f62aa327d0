package detect

import (
	"slices"
	"testing"
)

// TestOwnRules proves our rules by their samples: what must match, and what must not.
func TestOwnRules(t *testing.T) {
	t.Parallel()
	for _, r := range secrets().rules {
		for _, text := range r.Match {
			if !found(r.ID, `{"api_key":"`+text+`"}`) || !found(r.ID, text) {
				t.Errorf("%s does not match %q", r.ID, text)
			}
		}
		for _, text := range r.Ignore {
			if found(r.ID, text) {
				t.Errorf("%s matches %q", r.ID, text)
			}
		}
	}
}

// TestRulesAreWhole: every expression compiles, and every rule of ours carries samples.
func TestRulesAreWhole(t *testing.T) {
	t.Parallel()
	own, err := readRules("rules/assay.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range own.rules {
		if len(r.Match) == 0 || len(r.Ignore) == 0 {
			t.Errorf("%s has no samples", r.ID)
		}
	}
	for _, r := range secrets().rules {
		r.compiled()
		if len(r.Keywords) == 0 {
			t.Errorf("%s has no keyword, so it is never asked", r.ID)
		}
	}
}

func found(id, text string) bool {
	return slices.ContainsFunc(Scan(text, Options{}), func(s Span) bool { return s.Kind == id })
}

// TestPlaces: a secret inside a string inside a string is found where it stands.
func TestPlaces(t *testing.T) {
	t.Parallel()
	const key = "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"
	for _, text := range []string{
		key,
		`{"arguments":"{\"path\":\"a\\tb\",\"key\":\"` + key + `\"}"}`,
		"line one\\nline two\\n\\\"" + key + "\\\"\\n",
	} {
		spans := Scan(text, Options{})
		if len(spans) != 1 || text[spans[0].Start:spans[0].End] != key {
			t.Errorf("found %v in %q", spans, text)
		}
	}
}
