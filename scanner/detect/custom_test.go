package detect_test

import (
	"slices"
	"strings"
	"testing"

	"assay/scanner/detect"
)

// TestKindsAreWhole: every kind has a sentence, and every kind that is found is listed.
func TestKindsAreWhole(t *testing.T) {
	t.Parallel()
	kinds := detect.Kinds()
	names := map[string]bool{}
	for _, k := range kinds {
		if names[k.Name] {
			t.Errorf("%s is listed twice", k.Name)
		}
		names[k.Name] = true
		if !strings.HasSuffix(k.What, ".") || k.Class != detect.Personal && k.Class != detect.Secret {
			t.Errorf("%+v", k)
		}
	}
	for _, text := range []string{"a@b.org 10.2.3.4 AA:BB:CC:00:11:22", "call +49 30 901820 or +90 532 123 45 67 or +63 917 123 4567", "see https://x.org/ on 2026-01-02, 4111 1111 1111 1111"} {
		for _, s := range detect.Scan(text, detect.Options{}) {
			if !names[s.Kind] {
				t.Errorf("%s is found and not listed", s.Kind)
			}
		}
	}
}

func TestCustomTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		custom    detect.Custom
		key, text string
		want      []string
	}{
		{"pattern", detect.Custom{Pattern: `EMP-\d{6}`}, "", "staff EMP-123456 and EMP-12", []string{"EMP-123456"}},
		{"group", detect.Custom{Pattern: `ticket (\d{6})`}, "", "ticket 123456", []string{"123456"}},
		{"validator", detect.Custom{Pattern: `\d{4}-\d{4}`, Validator: "luhn"}, "", "1234-5674 and 1234-5678", []string{"1234-5674"}},
		{"list", detect.Custom{List: []string{"Project Nightjar", "bluebird"}}, "", "about project nightjar, bluebirds and BlueBird", []string{"project nightjar", "BlueBird"}},
		{"key", detect.Custom{Keys: `^diagnosis$`}, "Diagnosis", " measles ", []string{"measles"}},
		{"other key", detect.Custom{Keys: `^diagnosis$`}, "note", "measles", nil},
		{"no key", detect.Custom{Keys: `^diagnosis$`}, "", "measles", nil},
		{"key and pattern", detect.Custom{Keys: `staff`, Pattern: `\d{5}`}, "staff_no", "no 12345", []string{"12345"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.custom.Name = "own"
			d, err := detect.New([]detect.Custom{c.custom})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range d.Scan(c.text, detect.Options{Key: c.key}) {
				if s.Kind == "own" {
					got = append(got, c.text[s.Start:s.End])
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// TestCustomTypesAreRefused: a definition that is wrong says what is wrong with it.
func TestCustomTypesAreRefused(t *testing.T) {
	t.Parallel()
	many := make([]detect.Custom, 1000)
	for i := range many {
		many[i] = detect.Custom{Name: strings.Repeat("x", i%50+1), Pattern: "a"}
	}
	for _, c := range []struct {
		custom []detect.Custom
		says   string
	}{
		{[]detect.Custom{{Pattern: "a"}}, "name"},
		{[]detect.Custom{{Name: "own"}}, "neither keys"},
		{[]detect.Custom{{Name: "own", Pattern: "("}}, "missing closing"},
		{[]detect.Custom{{Name: "own", Pattern: "a*"}}, "empty"},
		{[]detect.Custom{{Name: "own", Pattern: `(?:(?:a{1,100}){1,100}){1,10}`}}, "invalid repeat"},
		{[]detect.Custom{{Name: "own", Pattern: strings.Repeat("a{1,1000}", 30)}}, "repeats too much"},
		{[]detect.Custom{{Name: "own", Pattern: strings.Repeat("a", 2000)}}, "longer"},
		{[]detect.Custom{{Name: "own", Pattern: "a", Validator: "magic"}}, "luhn"},
		{[]detect.Custom{{Name: "own", Pattern: "a", Class: "odd"}}, "class"},
		{[]detect.Custom{{Name: "EMAIL_ADDRESS", Pattern: "a"}}, "built in"},
		{[]detect.Custom{{Name: "own", Pattern: "a"}, {Name: "own", Pattern: "b"}}, "two custom types"},
		{[]detect.Custom{{Name: "own", Pattern: `\d+`, Match: []string{"12", "twelve"}}}, `"twelve"`},
		{[]detect.Custom{{Name: "own", Pattern: `\d+`, Ignore: []string{"a12"}}}, `"a12"`},
		{many, "the most"},
	} {
		_, err := detect.New(c.custom)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q is not in: %v", c.says, err)
		}
	}
}

func TestProveNamesSamples(t *testing.T) {
	t.Parallel()
	results, err := detect.Prove(detect.Custom{
		Name: "own", Keys: "^staff", Pattern: `^\d{5}$`, Match: []string{"staff_no=12345", "staff: 1"}, Ignore: []string{"other=12345", "staff=54321"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var right []bool
	for _, r := range results {
		right = append(right, r.OK)
		if r.OK != (r.Problem() == "") {
			t.Errorf("%+v says %q", r, r.Problem())
		}
	}
	if !slices.Equal(right, []bool{true, false, true, false}) {
		t.Errorf("%+v", results)
	}
}

// TestNamesSayWhatValuesAre: the name a value stands under is a word nearby.
func TestNamesSayWhatValuesAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, text, kind string }{
		{"socialSecurityNumber", "536-90-4399", "US_SSN"},
		{"ssn", "536904399", "US_SSN"},
		{"personal_tax_id", "12345678912", ""},
		{"api_key", "a8f5f167f44f4964e6c998dee827110c", "generic-api-key"},
		{"phone", "030 901820", "PHONE_NUMBER"},
		{"order", "536904399", ""},
	} {
		spans := (*detect.Detector)(nil).Scan(c.text, detect.Options{Least: detect.Likely, Key: c.key})
		switch {
		case c.kind == "" && len(spans) > 0:
			t.Errorf("%s under %s: %v", c.text, c.key, spans)
		case c.kind != "" && (len(spans) == 0 || spans[0].Kind != c.kind || c.text[spans[0].Start:spans[0].End] != c.text):
			t.Errorf("%s under %s: %v, want %s", c.text, c.key, spans, c.kind)
		}
	}
}

func FuzzCustom(f *testing.F) {
	f.Add("^key$", `\d{4}`, "a\nb", "luhn", "key", "1234 a B")
	f.Add("", `(a|b)*c`, "", "", "", "aabbc")
	f.Add("", "", "é\nİ", "entropy", "x", "é İ i̇")
	f.Fuzz(func(t *testing.T, keys, pattern, list, validator, key, text string) {
		d, err := detect.New([]detect.Custom{{Name: "own", Keys: keys, Pattern: pattern, List: strings.Split(list, "\n"), Validator: validator}})
		if err != nil {
			return
		}
		for _, s := range d.Scan(text, detect.Options{Key: key}) {
			if s.Start < 0 || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("bad span %+v in %q", s, text)
			}
		}
	})
}
