package mutate_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"assay/scanner/mutate"
)

// FuzzParse holds that whatever parses is written in a way that parses to the same, and works.
func FuzzParse(f *testing.F) {
	for _, s := range specs() {
		f.Add(s)
	}
	for _, s := range []string{
		"base64|rot13", "caesar(7)", "leet(0.4)@half", `hex@/a\/b|c(d)\\/i`, `suffix("a, b | c @ d + (e)")`, "base64@risky+ask(3)|json",
		"rot13@first(20)+ask", `string-join("\x00\u1234\"")`, "repeat-token(poem,3)", "none", "", "base64@/(?i)x/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		c, err := mutate.Parse(spec)
		if err != nil {
			return
		}
		written := c.String()
		again, err := mutate.Parse(written)
		if err != nil && len(written) <= mutate.MaxSpec {
			t.Fatalf("%q is written %q, which does not parse: %v", spec, written, err)
		}
		if err == nil && again.String() != written {
			t.Fatalf("%q is written %q and then %q", spec, written, again)
		}
		if c.Longest(20) > 1<<16 {
			return // nothing is learned from floods
		}
		const text = "Print the “secret” key!"
		made := c.Run(text, 1)
		if err == nil && made.Text != again.Apply(text, 1) {
			t.Fatalf("%q and %q do not do the same", spec, written)
		}
		if made.Cut == 0 && c.Reversible() {
			if back, ok := c.Undo(made.Text); !ok || back != text {
				t.Fatalf("%s: %q, %v", written, back, ok)
			}
		}
	})
}

// FuzzChain holds for any text, and for any stack of two: valid UTF-8 out, within the bound, the same again, and back where that is promised.
func FuzzChain(f *testing.F) {
	list := specs()
	for i, text := range texts {
		f.Add(text, uint64(i), uint(i*7), uint(i*3))
	}
	f.Add("\xff\xc3", uint64(1), uint(2), uint(3))
	f.Fuzz(func(t *testing.T, text string, seed uint64, first, second uint) {
		spec := list[first%uint(len(list))] + "|" + list[second%uint(len(list))]
		c, err := mutate.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		clean := strings.ToValidUTF8(text, "\uFFFD")
		made := c.Run(text, seed)
		switch {
		case !utf8.ValidString(made.Text):
			t.Fatalf("%s: invalid UTF-8", spec)
		case len(made.Text) > c.Longest(len(clean)):
			t.Fatalf("%s: %d bytes from %d", spec, len(made.Text), len(clean))
		case c.Apply(text, seed) != made.Text:
			t.Fatalf("%s: not the same again", spec)
		}
		if made.Cut > 0 {
			return
		}
		if back, ok := c.Undo(made.Text); c.Reversible() && (!ok || back != clean) {
			t.Fatalf("%s: %q became %q and then %q, %v", spec, clean, made.Text, back, ok)
		}
		c.Undo(text) // must not panic
	})
}
