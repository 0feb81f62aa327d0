package detect_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"testing"

	"assay/scanner/detect"
)

type sample struct {
	Text   string `json:"text"`
	Entity string `json:"entity"`
	Case   string `json:"case"`
	Spans  []struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"spans"`
}

// corpus reads a recorded corpus that lies beside the project, where it does.
func corpus(t *testing.T, name string) []sample {
	t.Helper()
	file := filepath.Join("..", "..", "..", "shared", "data", "sensitive", name)
	if _, err := os.Stat(file); err != nil {
		t.Skip("the corpus is not here")
	}
	cmd := exec.CommandContext(t.Context(), "zstd", "-dqc", file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var all []sample
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPersonalCorpus measures recall and precision over the samples of one entity each.
func TestPersonalCorpus(t *testing.T) {
	type score struct{ hit, miss, wrong int }
	scores := map[string]*score{}
	for _, s := range corpus(t, "pii-presidio.dev.jsonl.zst") {
		sc := scores[s.Entity]
		if sc == nil {
			sc = &score{}
			scores[s.Entity] = sc
		}
		found := map[string]int{}
		for _, span := range detect.Scan(s.Text, detect.Options{}) {
			if span.Kind == s.Entity {
				found[s.Text[span.Start:span.End]]++
			}
		}
		for _, want := range s.Spans {
			switch {
			case found[want.Value] > 0:
				sc.hit++
				found[want.Value]--
			case want.Value == "" && len(found) > 0:
				sc.hit++
				found = nil
			default:
				sc.miss++
				t.Logf("missed %s in %q", s.Entity, s.Text)
			}
		}
		for value, n := range found {
			if n > 0 {
				sc.wrong++
				t.Logf("wrong %s %q in %q", s.Entity, value, s.Text)
			}
		}
	}
	var total score
	var kinds []string
	for kind := range scores {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		sc := scores[kind]
		total.hit, total.miss, total.wrong = total.hit+sc.hit, total.miss+sc.miss, total.wrong+sc.wrong
	}
	recall := float64(total.hit) / float64(total.hit+total.miss)
	precision := float64(total.hit) / float64(total.hit+total.wrong)
	t.Logf("%d kinds: recall %.3f, precision %.3f", len(kinds), recall, precision)
	if recall < 0.9 || precision < 0.9 {
		t.Errorf("recall %.3f, precision %.3f; both should be at least 0.9", recall, precision)
	}
}
