package reporttest_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"assay/report"
	"assay/report/reporttest"
)

func TestSample(t *testing.T) {
	t.Parallel()
	for _, audience := range []report.Audience{report.Executive, report.Technical, report.Retest} {
		d := reporttest.Sample(audience)
		if d.Audience != audience || !reflect.DeepEqual(d, reporttest.Sample(audience)) {
			t.Errorf("two samples for %s differ", audience)
		}
	}
	d := reporttest.Sample(report.Technical)
	severities, last := map[string]bool{}, 0
	for _, w := range d.Weaknesses {
		at := slices.Index(report.Severities, w.Severity)
		if at < last {
			t.Errorf("%s stands below what is less bad", w.Title)
		}
		last = at
		severities[string(w.Severity)] = true
		for _, p := range w.Proofs {
			for _, m := range append(p.Sent, p.Answer) {
				for _, mark := range m.Marks {
					if mark.Start < 0 || mark.End > len(m.Text) || mark.Start >= mark.End {
						t.Errorf("%s: a mark from %d to %d in %d bytes", w.Title, mark.Start, mark.End, len(m.Text))
					}
				}
			}
		}
	}
	if len(severities) != 5 || len(d.Weaknesses) != 8 || len(d.Of.Found) != 8 {
		t.Errorf("%d weaknesses of the severities %v", len(d.Weaknesses), severities)
	}
}

// TestHostile makes sure that no string field is left as it was: a new field of the contract is hostile at once.
func TestHostile(t *testing.T) {
	t.Parallel()
	kept := map[string]bool{}
	d, n := reporttest.Filled(report.Technical, "x"), 0
	count(reflect.ValueOf(d), "Document", func(path, s string) {
		if n++; s != "x" {
			kept[path] = true
		}
	})
	if n < 500 || len(kept) > 0 {
		t.Errorf("of %d texts these were left: %v", n, kept)
	}
	all := strings.Builder{}
	count(reflect.ValueOf(reporttest.Hostile()), "Document", func(_, s string) {
		if len(s) < len(reporttest.Long) {
			all.WriteString(s)
		}
	})
	for _, text := range reporttest.Texts {
		if strings.Count(all.String(), text) < 100 {
			t.Errorf("%q stands in few fields", text)
		}
	}
}

func count(v reflect.Value, path string, each func(path, s string)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			count(v.Elem(), path, each)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				count(v.Field(i), path+"."+v.Type().Field(i).Name, each)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			count(v.Index(i), path, each)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			each(path, v.String())
		}
	default:
	}
}
