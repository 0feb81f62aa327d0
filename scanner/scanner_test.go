package scanner_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"assay/scanner"
)

func TestVerdictOfTrials(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		counts scanner.Verdicts
		want   scanner.Verdict
	}{
		{scanner.Verdicts{}, ""},
		{scanner.Verdicts{Vulnerable: 1, Resisted: 9, Errored: 3}, scanner.Vulnerable},
		{scanner.Verdicts{Resisted: 1, Unclear: 9}, scanner.Resisted},
		{scanner.Verdicts{Unclear: 1, Errored: 9}, scanner.Unclear},
		{scanner.Verdicts{Errored: 1}, scanner.Errored},
	} {
		if got := test.counts.Verdict(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.counts, got, test.want)
		}
	}
	var v scanner.Verdicts
	v.Add(scanner.Vulnerable, 2)
	v.Add(scanner.Vulnerable, -1)
	v.Add("nothing", 5)
	if v != (scanner.Verdicts{Vulnerable: 1}) {
		t.Errorf("%+v", v)
	}
}

func TestNano(t *testing.T) {
	t.Parallel()
	for dollars, want := range map[float64]int64{0: 0, 0.000000001: 1, 1.5: 1_500_000_000, -1: 0, math.Inf(1): 1e18} {
		if got := scanner.Nano(dollars); got != want {
			t.Errorf("%v: %d, want %d", dollars, got, want)
		}
	}
	if got := scanner.Nano(math.NaN()); got != 0 {
		t.Errorf("no number is %d", got)
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	one := scanner.Fingerprint("template", "model:1", "canary")
	if one != scanner.Fingerprint("template", "model:1", "canary") {
		t.Error("the same weakness has two names")
	}
	for _, other := range [][3]string{{"templat", "emodel:1", "canary"}, {"template", "model:2", "canary"}, {"template", "model:1", "link"}} {
		if scanner.Fingerprint(other[0], other[1], other[2]) == one {
			t.Errorf("%q has the name of another", other)
		}
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]scanner.Problem{
		"a.yaml: it is empty": {File: "a.yaml", What: "it is empty"},
		`a.yaml:3:7: when: no key is named "sgin" here; did you mean "sign"?`: {
			File: "a.yaml", Line: 3, Column: 7, Where: "when", What: `no key is named "sgin" here`, Nearest: "sign",
		},
	} {
		if got := p.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPolicyAsJSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(scanner.Policy{Patience: scanner.Duration(90 * time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	var p scanner.Policy
	if err := json.Unmarshal(data, &p); err != nil || time.Duration(p.Patience) != 90*time.Second {
		t.Errorf("%s: %v %v", data, time.Duration(p.Patience), err)
	}
	if err := json.Unmarshal([]byte(`{"patience":"soon"}`), &p); err == nil {
		t.Error("soon is a length of time")
	}
}

func TestSightHas(t *testing.T) {
	t.Parallel()
	s := scanner.Sight{Signs: []scanner.Sign{{Kind: scanner.SignInjection, Score: 0.5}}}
	if !s.Has(scanner.SignInjection, 0.5) || s.Has(scanner.SignInjection, 0.6) || s.Has(scanner.SignLeak, 0) {
		t.Error("a sign is seen by its kind and how sure it is")
	}
}
