package rule_test

import (
	"flag"
	"io/fs"
	"strings"
	"testing"

	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/templates"
)

var update = flag.Bool("update", false, "write what is generated")

// shipped are the rules that come with the program, proven by the detectors.
func shipped(tb testing.TB) []*rule.Rule {
	tb.Helper()
	folder, err := fs.Sub(templates.Rules, "rules")
	if err != nil {
		tb.Fatal(err)
	}
	rules, problems := rule.Load(folder, watch.LookAt)
	for _, p := range problems {
		tb.Error(p)
	}
	return rules
}

// TestShipped holds the rules that come with the program to what they promise.
func TestShipped(t *testing.T) {
	t.Parallel()
	rules := shipped(t)
	if len(rules) < 60 {
		t.Errorf("%d rules are shipped; 60 are promised", len(rules))
	}
	covered := map[string]bool{}
	names := map[string]string{}
	for _, r := range rules {
		if first, taken := names[strings.ToLower(r.Name)]; taken {
			t.Errorf("%s and %s have one name", first, r.ID)
		}
		names[strings.ToLower(r.Name)] = r.ID
		for _, id := range append(append(append([]string{}, r.OWASP...), r.ASI...), r.ATLAS...) {
			covered[id] = true
			if framework.Title(id) == "" {
				t.Errorf("%s: no framework has %s", r.ID, id)
			}
		}
		if len(r.OWASP) == 0 || len(r.Tags) == 0 {
			t.Errorf("%s names no item of OWASP's list, or no tag", r.ID)
		}
		if r.Unproven > 0 {
			t.Errorf("%s has %d samples that were not proven", r.ID, r.Unproven)
		}
		if !strings.HasSuffix(r.Meaning, ".") || !strings.HasSuffix(r.Advice, ".") {
			t.Errorf("%s: its meaning and its advice are sentences", r.ID)
		}
		match, other := r.Proofs()
		least := 2
		if r.Window != "" {
			least = 1
		}
		if match < least || other < least {
			t.Errorf("%s has %d samples that match and %d that do not", r.ID, match, other)
		}
	}
	for _, id := range framework.OWASPItems() {
		if !covered[id] {
			t.Errorf("no rule is for %s", id)
		}
	}
	set, err := rule.NewSet(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Observe(&scanner.Sight{}, nil); len(got) > 0 {
		t.Errorf("nothing at all makes %s hold", got[0].Rule.ID)
	}
}
