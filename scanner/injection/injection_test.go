package injection_test

import (
	"os"
	"strings"
	"testing"

	"assay/scanner/injection"
)

// sample is a text written for these tests; none is taken from a collection.
type sample struct {
	role injection.Role
	text string
}

func samples(t *testing.T, name string) []sample {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	role := injection.User
	for line := range strings.SplitSeq(string(b), "\n") {
		if is, ok := strings.CutPrefix(line, "# "); ok {
			role = injection.Role(is)
		} else if line != "" {
			all = append(all, sample{role, line})
		}
	}
	return all
}

// TestSamples: at least 95 in 100 attacks are found, and of texts full of their words 95 in 100 are left alone. The second and
// later lots were written after the vocabulary was, and measured before it learned from them: 41, 52 and 37 in 100 attacks
// were found then, and 96, 97 and 92 in 100 harmless texts left alone.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file   string
		attack bool
		least  int
		right  int // in 100
	}{
		{"must.txt", true, 190, 95},
		{"mustnot.txt", false, 200, 95},
		{"second_must.txt", true, 130, 80},
		{"second_mustnot.txt", false, 75, 95},
		{"third_must.txt", true, 55, 75},
		{"third_mustnot.txt", false, 28, 95},
		{"fourth_must.txt", true, 40, 70},
		{"fourth_mustnot.txt", false, 40, 95},
	} {
		all := samples(t, c.file)
		if len(all) < c.least {
			t.Errorf("%s holds %d samples", c.file, len(all))
		}
		right := 0
		for _, s := range all {
			r := injection.Scan(s.text, injection.Options{Role: s.role})
			if r.Attack == c.attack {
				right++
			} else {
				t.Logf("%s: %s %.2f %q %s", c.file, s.role, r.Score, s.text, brief(r))
			}
		}
		t.Logf("%s: %d of %d right", c.file, right, len(all))
		if right*100 < len(all)*c.right {
			t.Errorf("%s: %d of %d right, want %d %%", c.file, right, len(all), c.right)
		}
	}
}
