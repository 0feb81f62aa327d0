package mutate_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"assay/scanner/mutate"
)

// TestString holds how chains are written, and that what is written is read as the same chain.
func TestString(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                             "none",
		" none ":                       "none",
		"base64":                       "base64",
		" BASE64 | rot13 ":             "base64|rot13",
		"caesar( 7 )":                  "caesar(7)",
		"caesar(007)":                  "caesar(7)",
		"leet(0.40)":                   "leet(0.4)",
		"leet(1e-1)":                   "leet(0.1)",
		`vigenere("LEMON")`:            "vigenere(LEMON)",
		`suffix("a, b | c @ d + (e)")`: `suffix("a, b | c @ d + (e)")`,
		`string-join(" ")`:             `string-join(" ")`,
		"suffix(two words)":            `suffix("two words")`,
		"base64 @ risky":               "base64@risky",
		"base64@half+ask":              "base64@half+ask",
		"base64@share(0.30)":           "base64@share(0.3)",
		"hex@first(20)|rot13@last(3)":  "hex@first(20)|rot13@last(3)",
		`hex@/a\/b|c(d)\\/i`:           `hex@/a\/b|c(d)\\/i`,
		"base64+ask(3)|json":           "base64+ask(3)|json",
		"base64 + ask ( 3 )":           "base64+ask(3)",
		"repeat-token(poem, 10)":       "repeat-token(poem,10)",
		"ansi(red,written)":            "ansi(red,written)",
		"zero-width-bits@longest(2)":   "zero-width-bits@longest(2)",
		"rot13@nth(2)|rot13@quoted":    "rot13@nth(2)|rot13@quoted",
	} {
		c := parse(t, in)
		if c.String() != want {
			t.Errorf("%q is written %q, want %q", in, c, want)
		}
		if again := parse(t, c.String()); again.String() != want {
			t.Errorf("%q is read as %q", want, again)
		}
	}
}

// TestErrors holds that a wrong chain says where and which word is nearest.
func TestErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in      string
		column  int
		message string
		nearest string
	}{
		{"base46", 1, `no mutation "base46"; did you mean "base64"?`, "base64"},
		{"rot13|bas64url", 7, `did you mean "base64url"?`, "base64url"},
		{"hex| homoglif", 6, `did you mean "homoglyph"?`, "homoglyph"},
		{"xyzzy", 1, `no mutation "xyzzy"`, ""},
		{"base64|", 8, "a mutation's name is missing before the end", ""},
		{"|base64", 1, `missing before "|"`, ""},
		{"base64 rot13", 8, `"r" is not expected here; mutations are separated by |`, ""},
		{"base64(3)", 8, "base64 takes no value in parentheses", ""},
		{"caesar(26)", 8, `n is a whole number from 1 to 25, not "26"`, ""},
		{"caesar(x)", 8, `not "x"`, ""},
		{"caesar()", 8, `a value is missing before ")"`, ""},
		{"caesar(3", 9, "ends with , or ), not with the end", ""},
		{"caesar(3,4)", 10, "caesar takes at most 1: n", ""},
		{"leet(1.5)", 6, `share is a share from 0 to 1, not "1.5"`, ""},
		{"leet(NaN)", 6, "is a share from 0 to 1", ""},
		{"math(blod)", 6, `did you mean "bold"?`, "bold"},
		{`vigenere("a`, 10, "the quote is not closed", ""},
		{`vigenere("")`, 10, "key has 1 to 100 bytes, not 0", ""},
		{"base64@rysky", 8, `no part "rysky"; did you mean "risky"?`, "risky"},
		{"base64@first", 13, "first needs a number in parentheses, such as first(20)", ""},
		{"base64@first(0)", 14, "first takes a whole number from 1 to 1000000", ""},
		{"base64@first(2", 15, "a ) is missing before the end", ""},
		{"base64@share", 13, "share needs a number", ""},
		{"base64@share(2)", 14, "from 0 to 1", ""},
		{"base64@/a(/", 8, "no regular expression (RE2): missing closing )", ""},
		{"base64@/a", 8, "not closed by /", ""},
		{"base64@//", 8, "a regular expression has 1 to 1000 bytes", ""},
		{"json@risky", 6, "json is for the whole text", ""},
		{"base64+aks", 8, `after + stands "ask"`, "ask"},
		{"base64+ask(99)", 12, "ask takes a whole number from 1 to 12", ""},
		{"base64+ask|json+ask", 17, "json leaves nothing to decode", ""},
		{"upper+ask", 7, "upper leaves nothing to decode", ""},
		{"rot13|é", 7, `missing before "é"`, ""},
		{`suffix("é")|bsae64`, 13, `did you mean "base64"?`, "base64"},
		{strings.Repeat("rot13|", 16) + "rot13", 97, "more than 16 mutations", ""},
		{strings.Repeat("x", 5000), 1, "longer than 4096 bytes", ""},
	} {
		_, err := mutate.Parse(c.in)
		wrong, ok := errors.AsType[*mutate.Error](err)
		if !ok {
			t.Errorf("%.60q: %v", c.in, err)
			continue
		}
		if wrong.Column != c.column || !strings.Contains(wrong.Message, c.message) || wrong.Nearest != c.nearest {
			t.Errorf("%.60q: column %d, %q, nearest %q; want column %d, %q, nearest %q",
				c.in, wrong.Column, wrong.Message, wrong.Nearest, c.column, c.message, c.nearest)
		}
	}
}

// TestForms holds that the parts and ways to ask that are listed for pickers can be used.
func TestForms(t *testing.T) {
	t.Parallel()
	for _, form := range mutate.Parts() {
		if c := parse(t, "base64@"+form.Example); c.String() != "base64@"+form.Example || form.What == "" {
			t.Errorf("%s is written %s", form.Example, c)
		}
	}
	for i, way := range mutate.Ways() {
		want := strings.Replace(way, "…", "aGk=", 1)
		if got := parse(t, fmt.Sprintf("base64+ask(%d)", i+1)).Apply("hi", 0); got != strings.Replace(want, "§HOW§", "Base64", 1) {
			t.Errorf("%d: %q, want %q", i+1, got, want)
		}
	}
}

// TestLookup holds that a mutation is found by its name, in any case, and a wrong name by the nearest.
func TestLookup(t *testing.T) {
	t.Parallel()
	for _, m := range mutate.All() {
		found, err := mutate.Lookup(strings.ToUpper(m.Name))
		if err != nil || found.Name != m.Name || m.What == "" || m.Family == "" {
			t.Errorf("%s: %q, %v", m.Name, found.Name, err)
		}
		if m.Reversible && (!m.Readable() || m.Loses != "") {
			t.Errorf("%s is reversible, and not readable or loses something", m.Name)
		}
		if m.Readable() && !m.Reversible && m.Loses == "" {
			t.Errorf("%s does not say what it loses", m.Name)
		}
	}
	_, err := mutate.Lookup("morsecode")
	if err == nil || err.Error() != `no mutation "morsecode"; did you mean "morse"?` {
		t.Errorf("%v", err)
	}
}

// TestAsk holds that every way to ask can be told from the others, names what is to be decoded from the outside in, and is taken away again.
func TestAsk(t *testing.T) {
	t.Parallel()
	ways := map[string]bool{}
	for n := range 12 {
		c := parse(t, "base64|rot13+ask("+string("123456789"[n%9])+")")
		if n >= 9 {
			c = parse(t, "base64|rot13+ask(1"+string("012"[n-9])+")")
		}
		for _, text := range texts {
			made := c.Apply(text, 5)
			if back, ok := c.Undo(made); !ok || back != text {
				t.Fatalf("%s of %q: %q, %v", c, text, back, ok)
			}
			if any, ok := parse(t, "base64|rot13+ask").Undo(made); !ok || any != text {
				t.Fatalf("%s of %q is not told from the other ways: %q, %v", c, text, any, ok)
			}
			if !strings.Contains(made, "ROT13, then Base64") {
				t.Fatalf("%s does not say what to decode: %q", c, made)
			}
		}
		ways[c.Apply("x", 0)] = true
	}
	if len(ways) != 12 {
		t.Errorf("%d ways", len(ways))
	}
	c, chosen := parse(t, "base64+ask"), map[string]bool{}
	for seed := range uint64(400) {
		chosen[c.Apply("x", seed)] = true
	}
	if len(chosen) != 12 {
		t.Errorf("the seed chose %d of 12 ways", len(chosen))
	}
	undone, ok := parse(t, "rot13+ask|base64+ask(4)|hex").Undo(parse(t, "rot13+ask|base64+ask(4)|hex").Apply("some text", 3))
	if !ok || undone != "some text" {
		t.Errorf("%q, %v", undone, ok)
	}
}

// TestUndoStrangers holds that a text that the chain did not make is refused rather than read as something.
func TestUndoStrangers(t *testing.T) {
	t.Parallel()
	for spec, text := range map[string]string{
		"base64": "a$b=", "base32": "1", "hex": "abc", "binary": "0101", "decimal": "300", "ascii85": "v", "base85": " ", "base45": "ZZZ",
		"base2048": "7x", "ecoji": "☕☕", "url": "%zz", "html-entity": "&#65", "json-escape": `\u12`, "hex-escape": `\x1`, "uuencode": "begin",
		"morse": ".-.-.-.-", "nato": "Hallo Welt", "zero-width": "ab", "sneaky-bits": "\u2062", "emoji-payload": "😊x", "bidi": "abc",
		"json": `{"type": "task"}`, "zalgo": "abc", "stretch": "abc", "acrostic": "apple", "payload-splitting": "a = b", "many-shot": "User: x",
		"context-flooding": "x", "repeat-token": "x", "repeat(3)": "ab\nab\nac", "padding": "x", "chatml": "x", "prefix": "x", "markdown": "```\nx\n```",
		"base64@risky": "Ym9tYg==", "leet": "l337", "base64+ask(2)": "Ym9tYg==", "rot13|base64": "/////w==",
	} {
		if got, ok := parse(t, spec).Undo(text); ok {
			t.Errorf("%s: %q is read as %q", spec, text, got)
		}
	}
	for spec, text := range map[string]string{
		"base2048": "8", "ecoji": "👕", "base64": "Zh==\n=", "braille": "\xff", "a1z26": "27", "polybius": "66", "bacon": "BBBBB", "char-space": "a b ", "zero-width": "a\u200b", "code-chameleon": "x",
	} {
		if got, ok := parse(t, spec).Undo(text); ok {
			t.Errorf("%s: %q is read as %q", spec, text, got)
		}
	}
	if _, ok := parse(t, "rot13").Undo("\xff"); ok {
		t.Error("invalid UTF-8 is read")
	}
}
