package mutate_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"

	"assay/scanner/mutate"
)

// sample is what a chain has to make of a text, worked out by testdata/samples.py and not by this package.
type sample struct {
	Chain string `json:"chain"`
	In    string `json:"in"`
	Out   string `json:"out"`
	Like  string `json:"like"` // a regular expression for all of it, where chance or much text is in it
	From  string `json:"from"`
}

func samples(t testing.TB) []sample {
	t.Helper()
	data, err := os.ReadFile("testdata/samples.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []sample
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSamples holds that every mutation does what other tools do.
func TestSamples(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range samples(t) {
		c := parse(t, s.Chain)
		for _, name := range c.Mutations() {
			seen[name] = true
		}
		got := c.Apply(s.In, 1)
		if s.Like != "" {
			if !regexp.MustCompile(`\A(?:` + s.Like + `)\z`).MatchString(got) {
				t.Errorf("%s of %q (%s):\n got %q\nwant %s", s.Chain, s.In, s.From, got, s.Like)
			}
			continue
		}
		if got != s.Out {
			t.Errorf("%s of %q (%s):\n got %q\nwant %q", s.Chain, s.In, s.From, got, s.Out)
		}
		if back, ok := c.Undo(s.Out); c.Reversible() && (!ok || back != s.In) {
			t.Errorf("%s: %q is read back as %q, %v", s.Chain, s.Out, back, ok)
		}
	}
	for _, m := range mutate.All() {
		if !seen[m.Name] {
			t.Errorf("%s has no sample", m.Name)
		}
	}
}

// TestUnion holds that everything the brief of the test engine lists is here (redteam.md, 3).
func TestUnion(t *testing.T) {
	t.Parallel()
	var names []string
	for _, m := range mutate.All() {
		if slices.Contains(names, m.Name) {
			t.Errorf("two are called %s", m.Name)
		}
		names = append(names, m.Name)
	}
	for _, want := range []string{
		"base64", "base64url", "base32", "hex", "base85", "ascii85", "base2048", "rot13", "caesar", "atbash", "vigenere", "binary", "morse",
		"nato", "braille", "url", "html-entity", "json-escape", "quoted-printable", "uuencode", "leet", "pig-latin", "reverse",
		"first-letter", "acrostic", "char-space", "string-join", "insert-punctuation", "random-capitals", "camel-case", "superscript",
		"zalgo", "diacritics", "homoglyph", "fullwidth", "zero-width", "bidi", "tags", "variation-selectors", "sneaky-bits", "tatweel",
		"presentation-forms", "regional", "emoji-payload", "ecoji", "ansi", "chatml", "llama2", "llama3", "inst", "many-shot",
		"refusal-suppression", "prefix-injection", "payload-splitting", "markdown", "json", "yaml", "xml", "python", "policy-puppetry",
		"context-flooding", "repeat-token", "past-tense", "future-tense", "suffix",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing", want)
		}
	}
}
