package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
)

func TestCases(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	run := newRun(t, p, 6) // leak: 2, 4, 6; inject: 1, 3, 5; none: 3, 6; base64: 1, 4; rot13: 2, 5
	other := newRun(t, p, 6)
	keep(t, p, other, trialOf(1, 1, scanner.Vulnerable))
	going := trialOf(5, 1, scanner.Vulnerable)
	going.Done = false
	keep(t, p, run, trialOf(2, 1, scanner.Vulnerable), trialOf(1, 1, scanner.Resisted), trialOf(4, 1, scanner.Errored), trialOf(3, 1, scanner.Unclear), going)
	for name, c := range map[string]struct {
		q    storage.CaseQuery
		want string
	}{
		"usual":       {storage.CaseQuery{}, "1 2 3 4 5 6"},
		"from behind": {storage.CaseQuery{Sort: "-n", Limit: 2}, "6 5 of 6"},
		"page":        {storage.CaseQuery{Sort: "severity", Offset: 2, Limit: 2}, "6 1 of 6"},
		"behind all":  {storage.CaseQuery{Offset: 6}, " of 6"},
		"severity":    {storage.CaseQuery{Sort: "severity"}, "2 4 6 1 3 5"},
		"verdict":     {storage.CaseQuery{Sort: "verdict"}, "2 3 1 4 5 6"},
		"-verdict":    {storage.CaseQuery{Sort: "-verdict"}, "6 5 4 1 3 2"},
		"template":    {storage.CaseQuery{Sort: "template"}, "1 3 5 2 4 6"},
		"mutation":    {storage.CaseQuery{Sort: "mutation"}, "1 4 3 6 2 5"},
		"target":      {storage.CaseQuery{Sort: "-target"}, "6 5 4 3 2 1"},
		"verdicts":    {storage.CaseQuery{Verdicts: []scanner.Verdict{scanner.Vulnerable, scanner.Unclear}}, "2 3"},
		"pending":     {storage.CaseQuery{Verdicts: []scanner.Verdict{""}}, "5 6"},
		"and pending": {storage.CaseQuery{Verdicts: []scanner.Verdict{"", scanner.Errored}}, "4 5 6"},
		"templates":   {storage.CaseQuery{Templates: []string{"leak", "gone"}}, "2 4 6"},
		"cell":        {storage.CaseQuery{Templates: []string{"leak"}, Mutations: []string{"none", "rot13"}}, "2 6"},
		"targets":     {storage.CaseQuery{Targets: []string{"model:2"}}, ""},
		"text":        {storage.CaseQuery{Text: "BASE"}, "1 4"},
		"reason":      {storage.CaseQuery{Text: "because 3/"}, "3"},
	} {
		cases, total, err := p.Cases(t.Context(), run, c.q)
		got := make([]string, len(cases))
		for i := range cases {
			got[i] = fmt.Sprint(cases[i].N)
		}
		text := strings.Join(got, " ")
		if total != len(cases) {
			text += fmt.Sprint(" of ", total)
		}
		if err != nil || text != c.want {
			t.Errorf("%s: %q, want %q (%v)", name, text, c.want, err)
		}
	}
	if _, _, err := p.Cases(t.Context(), run, storage.CaseQuery{Sort: "key"}); err == nil {
		t.Error("there is no order by key")
	}
	if _, err := p.Case(t.Context(), run, 7); !errors.Is(err, storage.ErrNoCase) {
		t.Error(err)
	}

	counts, err := p.CountCases(t.Context(), run, "template", "mutation")
	want := []storage.CaseCounts{
		{"inject", "base64", scanner.Verdicts{Resisted: 1}, 0},
		{"inject", "none", scanner.Verdicts{Unclear: 1}, 0},
		{"inject", "rot13", scanner.Verdicts{}, 1},
		{"leak", "base64", scanner.Verdicts{Errored: 1}, 0},
		{"leak", "none", scanner.Verdicts{}, 1},
		{"leak", "rot13", scanner.Verdicts{Vulnerable: 1}, 0},
	}
	if d := cmp.Diff(want, counts); d != "" || err != nil {
		t.Error(d, err)
	}
	counts, err = p.CountCases(t.Context(), run, "severity", "target")
	want = []storage.CaseCounts{
		{"high", "model:1", scanner.Verdicts{Vulnerable: 1, Errored: 1}, 1}, {"low", "model:1", scanner.Verdicts{Resisted: 1, Unclear: 1}, 1},
	}
	if d := cmp.Diff(want, counts); d != "" || err != nil {
		t.Error(d, err)
	}
	if _, err := p.CountCases(t.Context(), run, "template", "key) --"); err == nil {
		t.Error("cases are counted by anything")
	}
}
