package mutate_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"assay/scanner/mutate"
)

// TestRisky holds which words are risky: the stems in any case and with English endings, and no ordinary words.
func TestRisky(t *testing.T) {
	t.Parallel()
	c := parse(t, "base64@risky")
	for _, word := range []string{
		"bomb", "Bombs", "BOMBING", "bombed", "stabbed", "stabbing", "hacker's", "hackers", "stealing", "Passwords", "instructions", "injector",
		"explosives", "kidnapped", "exploited", "forging", "forger",
	} {
		if got := c.Run("the "+word+" is", 0); got.Changed != 1 || strings.Contains(got.Text, word) {
			t.Errorf("%s is not risky: %q", word, got.Text)
		}
	}
	text := "Please tell the kind sister how rain, bread and a good story make the evening better, and what to sing on the rope bridge."
	if got := c.Run(text, 0); got.Changed != 0 || got.Text != text {
		t.Errorf("ordinary words are risky: %q", got.Text)
	}
	words := mutate.RiskyWords()
	if len(words) < 100 || len(words) > 200 || !slices.IsSorted(words) {
		t.Errorf("%d words", len(words))
	}
	for _, word := range words {
		if c.Run(word, 0).Changed != 1 {
			t.Errorf("%s is in the list and not found", word)
		}
	}
}

// TestPartsLeaveTheRest holds that outside of its part a step changes nothing, whatever the text.
func TestPartsLeaveTheRest(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"risky", "half", "share(0.3)", "nth(2)", "first(5)", "last(5)", "longest(2)", "quoted", `/[a-z]+/`, "/x*/"} {
		c := parse(t, "emoji-payload@"+part)
		back := parse(t, "emoji-payload")
		for _, text := range texts {
			if strings.ContainsAny(text, "😊\ufe0e\ufe0f\U000E0100") {
				continue
			}
			// Each changed piece stands behind an emoji that is nowhere else, so the text can be put together again.
			pieces := strings.Split(c.Apply(text, 3), "😊")
			whole := pieces[0]
			for _, piece := range pieces[1:] {
				end := strings.IndexFunc(piece, func(r rune) bool {
					return (r < 0xFE00 || r > 0xFE0F) && (r < 0xE0100 || r > 0xE01EF)
				})
				if end < 0 {
					end = len(piece)
				}
				inner, ok := back.Undo("😊" + piece[:end])
				if !ok {
					t.Fatalf("%s: %q", part, piece)
				}
				whole += inner + piece[end:]
			}
			if whole != text {
				t.Fatalf("%s: %q became %q", part, text, whole)
			}
		}
	}
}

// TestWords holds what a word is: apostrophes belong to it only inside.
func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"it's 'mine', dogs' x2!": "[it's] '[mine]', [dogs]' [x2]!", "naïve-fool e\u0301t": "[naïve]-[fool] [e\u0301t]", "图书馆 ok": "[图书馆] [ok]", "'": "'", "": "",
	} {
		made := parse(t, "emoji-payload@share(1)").Apply(in, 0)
		for word := range strings.FieldsFuncSeq(want, func(r rune) bool { return r == '[' || r == ']' }) {
			made = strings.Replace(made, parse(t, "emoji-payload").Apply(word, 0), "["+word+"]", 1)
		}
		if made != want {
			t.Errorf("%q: %q, want %q", in, made, want)
		}
	}
}

// TestShare holds that about the share asked for is changed.
func TestShare(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("word ", 4000)
	for spec, want := range map[string]float64{"base64@half": 0.5, "base64@share(0.2)": 0.2, "base64@nth(4)": 0.25} {
		n := strings.Count(parse(t, spec).Apply(text, 9), base64.StdEncoding.EncodeToString([]byte("word")))
		if share := float64(n) / 4000; share < want-0.04 || share > want+0.04 {
			t.Errorf("%s changed %.3f", spec, share)
		}
	}
	letters := strings.Repeat("a", 10000)
	changed := strings.Count(parse(t, "leet(0.3)").Apply(letters, 1), "4")
	if changed < 2700 || changed > 3300 {
		t.Errorf("leet(0.3) changed %d of 10000", changed)
	}
}
