package detect_test

import (
	"sort"
	"testing"

	"assay/scanner/detect"
	"assay/test/corpus"
)

type sample struct {
	Text   string `json:"text"`
	Entity string `json:"entity"`
	Rule   string `json:"rule"`
	Case   string `json:"case"`
	Spans  []struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"spans"`
}

// TestPersonalCorpus measures recall and precision over the samples of one entity each.
func TestPersonalCorpus(t *testing.T) {
	type score struct{ hit, miss, wrong int }
	scores := map[string]*score{}
	for _, s := range corpus.Read[sample](t, "sensitive", "pii-presidio.dev.jsonl.zst") {
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

// TestSecretCorpus measures how many secrets are found at all and under their own rule, and how often one is seen where
// there is none.
func TestSecretCorpus(t *testing.T) {
	for _, c := range []struct {
		file        string
		byRule, any float64
	}{
		{"secrets-gitleaks.dev.jsonl.zst", 0.97, 0.97},
		{"secrets-in-chat.dev.jsonl.zst", 0.90, 0.95},
	} {
		var named, some, positives, false_, negatives int
		for _, s := range corpus.Read[sample](t, "sensitive", c.file) {
			kinds := map[string]bool{}
			hit := false
			for _, span := range detect.Scan(s.Text, detect.Options{Least: 0.5}) {
				if span.Class == detect.Secret {
					kinds[span.Kind] = true
					hit = true
				}
			}
			if s.Case == "positive" {
				positives++
				if hit {
					some++
				}
				if kinds[s.Rule] {
					named++
				} else {
					t.Logf("missed %s (found %v) in %.200q", s.Rule, kinds, s.Text)
				}
				continue
			}
			negatives++
			if kinds[s.Rule] {
				false_++
				t.Logf("wrong %s in %.200q", s.Rule, s.Text)
			}
		}
		t.Logf("%s: by rule %.3f, any %.3f of %d; false %d of %d", c.file, float64(named)/float64(positives), float64(some)/float64(positives), positives, false_, negatives)
		if float64(named) < c.byRule*float64(positives) || float64(some) < c.any*float64(positives) || float64(false_) > 0.02*float64(negatives) {
			t.Errorf("%s: %d by rule and %d at all of %d, %d false of %d", c.file, named, some, positives, false_, negatives)
		}
	}
}

// TestOrdinaryTraffic measures how often something is seen in bodies of recorded traffic, which was scrubbed: what is left
// are addresses of examples and of authors, and what is no secret. Kinds that are right there are not counted against it.
func TestOrdinaryTraffic(t *testing.T) {
	all, size := bodies(t, 64<<20)
	kinds := map[string]int{}
	wrong := 0
	for _, text := range all {
		for _, span := range detect.Scan(text, detect.Options{Least: detect.Likely}) {
			kinds[span.Kind]++
			if span.Kind != "EMAIL_ADDRESS" && span.Kind != "PHONE_NUMBER" {
				wrong++
			}
		}
	}
	perMB := float64(wrong) / (float64(size) / 1e6)
	t.Logf("in %.1f MB: %v; %.2f false hits a MB", float64(size)/1e6, kinds, perMB)
	if perMB > 1 {
		t.Errorf("%.2f false hits a MB; at most 1", perMB)
	}
}

// TestSentences measures recall and precision of what counts (detect.Likely) in sentences with several kinds of data.
func TestSentences(t *testing.T) {
	asked := map[string]bool{
		"CREDIT_CARD": true, "EMAIL_ADDRESS": true, "IBAN_CODE": true, "IP_ADDRESS": true, "PHONE_NUMBER": true, "US_SSN": true, "US_DRIVER_LICENSE": true,
	}
	hit, missed, wrong := 0, 0, 0
	for _, s := range corpus.Read[sample](t, "sensitive", "pii-synth-presidio-research.dev.jsonl.zst") {
		found := map[string]int{}
		for _, span := range detect.Scan(s.Text, detect.Options{Least: detect.Likely}) {
			found[s.Text[span.Start:span.End]]++
		}
		for _, want := range s.Spans {
			switch {
			case found[want.Value] > 0:
				found[want.Value]--
				hit++
			case asked[want.Type]:
				missed++
				t.Logf("missed %s %q in %q", want.Type, want.Value, s.Text)
			}
		}
		for value, n := range found {
			if wrong += n; n > 0 {
				t.Logf("wrong %q in %q", value, s.Text)
			}
		}
	}
	recall, precision := float64(hit)/float64(hit+missed), float64(hit)/float64(hit+wrong)
	t.Logf("recall %.3f, precision %.3f", recall, precision)
	if recall < 0.9 || precision < 0.9 {
		t.Errorf("recall %.3f, precision %.3f; both should be at least 0.9", recall, precision)
	}
}
