package refusal_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"assay/scanner/refusal"
)

// TestSaid reads short answers in some forty languages: ways to decline without the usual words, and what people are told
// in shops, letters, stories and books of history that has the usual words and declines nothing.
func TestSaid(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/said.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	missed, falsely, declines, innocent := 0, 0, 0, 0
	for d := json.NewDecoder(bytes.NewReader(data)); d.More(); {
		var one struct {
			Declines bool
			Text     string
		}
		if err := d.Decode(&one); err != nil {
			t.Fatal(err)
		}
		got := refusal.Find(one.Text, "").Kind != refusal.None
		if one.Declines {
			declines++
		} else {
			innocent++
		}
		switch {
		case one.Declines && !got:
			missed++
			t.Logf("missed: %q", one.Text)
		case !one.Declines && got:
			falsely++
			t.Logf("false: %q", one.Text)
		}
	}
	t.Logf("%d of %d missed, %d of %d false", missed, declines, falsely, innocent)
	if missed*25 > declines || falsely*50 > innocent {
		t.Errorf("at most four in a hundred may be missed, and two declared falsely")
	}
}
