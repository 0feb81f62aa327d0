package injection_test

import (
	"strings"
	"testing"

	"assay/scanner/injection"
	"assay/scanner/mutate"
)

// forms hide a text; package mutate, which was written for attacks of our own, does the hiding. The second half are two on
// top of each other.
var forms = []string{
	"base64", "base64url", "base32", "hex", "binary", "url", "html-entity", "json-escape", "hex-escape", "quoted-printable", "uuencode", "rot13", "atbash",
	"reverse", "leet", "zero-width", "sneaky-bits", "zero-width-bits", "tags", "variation-selectors", "emoji-payload", "homoglyph", "bidi", "morse", "braille",
	"nato", "fullwidth", "octal", "decimal", "ascii85", "rot47", "caesar(3)", "zalgo", "reverse-words",
	"base64 | base64", "rot13 | base64", "reverse | hex", "base64 | url", "hex | html-entity", "tags | base64", "base64 | base64 | base64",
}

// TestForms: attacks are found in at least 85 of 100 texts that hide them. Harmless texts that are hidden in forms in which
// nobody writes (tags, Morse, twice encoded) are taken for attacks, too; in those that people paste they are mostly not,
// though the samples are full of the words of attacks.
func TestForms(t *testing.T) {
	t.Parallel()
	attacks, harmless := english(t, "must.txt", true), english(t, "mustnot.txt", false)
	found, all, wrong, good := 0, 0, 0, 0
	for _, form := range forms {
		chain, err := mutate.Parse(strings.ReplaceAll(form, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		n, m := 0, 0
		for i := range attacks {
			for _, text := range []string{chain.Apply(attacks[i].text, 1), "Please read this and answer it: " + chain.Apply(attacks[i].text, 1)} {
				all++
				if injection.Scan(text, injection.Options{}).Attack {
					n++
				}
			}
		}
		for i := range harmless {
			good++
			if injection.Scan("What does this say? "+chain.Apply(harmless[i].text, 1), injection.Options{}).Attack {
				m++
			}
		}
		found, wrong = found+n, wrong+m
		t.Logf("%-36s %3d of %3d attacks, %d of %d harmless", form, n, 2*len(attacks), m, len(harmless))
	}
	t.Logf("%d of %d hidden attacks found (%.1f %%), %d of %d harmless texts taken for attacks (%.1f %%)", found, all, 100*float64(found)/float64(all), wrong, good, 100*float64(wrong)/float64(good))
	if found*100 < all*85 {
		t.Errorf("%d of %d hidden attacks found, want 85 %%", found, all)
	}
}

// english are samples in English, of users, that are told rightly as they are: ciphers are told by English words.
func english(t *testing.T, file string, attack bool) (all []sample) {
	for _, s := range samples(t, file) {
		lower := " " + strings.ToLower(s.text)
		plain := !strings.ContainsFunc(s.text, func(r rune) bool { return r >= 0x80 })
		if s.role == injection.User && plain && len(all) < 40 && (strings.Contains(lower, " the ") || strings.Contains(lower, " you")) &&
			injection.Scan(s.text, injection.Options{}).Attack == attack {
			all = append(all, s)
		}
	}
	return all
}
