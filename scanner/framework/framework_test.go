package framework_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"assay/scanner/framework"
	"assay/scanner/template"
	"assay/templates"
)

// TestLists compares the number of entries with what the publishers say of their documents.
func TestLists(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]int{
		framework.OWASPLLM: 10, framework.OWASPASI: 10, framework.ATLAS: 170, framework.NIST600: 12, framework.NISTRMF: 22, framework.ISO42001: 38, framework.OWASPAPI: 10,
	} {
		if got := len(framework.Find(id).Items); got != want {
			t.Errorf("%s has %d entries, want %d", id, got, want)
		}
	}
	if framework.Find("owasp") != nil {
		t.Error("a framework is found that is none")
	}
	if got := framework.IDs(); len(got) != len(framework.All()) || got[0] != framework.OWASPLLM {
		t.Errorf("ids are %v", got)
	}
}

func TestFrameworksAreWhole(t *testing.T) {
	t.Parallel()
	for _, f := range framework.All() {
		if f.Name == "" || f.Version == "" || f.Publisher == "" || f.Document == "" || !strings.HasPrefix(f.Address, "https://") {
			t.Errorf("%s says not what it is: %+v", f.ID, f)
		}
		if !strings.Contains(f.Full(), f.Version) || !strings.HasPrefix(f.Full(), f.Name) {
			t.Errorf("%s is called %q", f.ID, f.Full())
		}
		seen := map[string]bool{}
		for i := range f.Items {
			item := &f.Items[i]
			if item.ID == "" || item.Title == "" || seen[item.ID] {
				t.Errorf("%s: entry %q %q is twice or has no title", f.ID, item.ID, item.Title)
			}
			seen[item.ID] = true
			if item.Testable() == (item.Why != "") {
				t.Errorf("%s %s: an entry has ids that tests count by, or says why none can: %+v", f.ID, item.ID, item)
			}
			if !item.Testable() && !strings.HasPrefix(item.Why, "Not testable from here") {
				t.Errorf("%s %s says %q", f.ID, item.ID, item.Why)
			}
		}
	}
}

// library is the templates that come with the program.
func library(t *testing.T) []*template.Template {
	t.Helper()
	all, problems := template.Load(templates.Files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return all.Templates()
}

// TestLinksLeadSomewhere: a link to an id that no template may carry would be an entry that nothing can speak for.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	byID := map[string]bool{}
	for _, tpl := range library(t) {
		byID["template:"+tpl.ID] = true
	}
	for _, f := range framework.All() {
		for i := range f.Items {
			item := &f.Items[i]
			for _, l := range slices.Concat(item.From, item.Against) {
				if framework.Title(l.ID) == "" && !byID[l.ID] {
					t.Errorf("%s %s: %s is no id that a template may carry", f.ID, item.ID, l.ID)
				}
			}
			for _, l := range item.Against {
				if slices.ContainsFunc(item.From, func(from framework.Link) bool { return from.Holds(l.ID) }) {
					t.Errorf("%s %s: %s is on both sides", f.ID, item.ID, l.ID)
				}
			}
		}
	}
}

// TestTemplatesAreInTheirLists: what a template says it tests has to be an entry that tests count for.
func TestTemplatesAreInTheirLists(t *testing.T) {
	t.Parallel()
	testable := map[string]bool{}
	for _, id := range []string{framework.OWASPLLM, framework.OWASPASI, framework.ATLAS} {
		f := framework.Find(id)
		for i := range f.Items {
			testable[f.Items[i].ID] = f.Items[i].Testable()
		}
	}
	for _, tpl := range library(t) {
		for _, id := range slices.Concat(tpl.OWASP, tpl.ASI, tpl.ATLAS) {
			if !testable[id] {
				t.Errorf("%s tests %s, which the list calls not testable", tpl.ID, id)
			}
		}
	}
}

func TestLinkHolds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		link, id string
		want     bool
	}{
		{"LLM01:2025", "LLM01:2025", true},
		{"LLM01:2025", "LLM10:2025", false},
		{"AML.T0051", "AML.T0051.001", true},
		{"AML.T0051.001", "AML.T0051", false},
		{"AML.T0051.000", "AML.T0051.001", false},
		{"CWE-79", "CWE-790", false},
		{"CWE-79", "CWE-79", true},
	} {
		if got := (framework.Link{ID: c.link}).Holds(c.id); got != c.want {
			t.Errorf("%s holds %s: %v", c.link, c.id, got)
		}
	}
}

func TestTitles(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"LLM01:2025": "Prompt Injection", "ASI05": "Unexpected Code Execution (RCE)", "AML.T0051.001": "LLM Prompt Injection: Indirect", "CWE-79": "Cross-site Scripting",
		"79": "", "LLM01": "", "AML.T9999": "", "": "",
	} {
		if got := framework.Title(id); got != want {
			t.Errorf("%q is %q, want %q", id, got, want)
		}
	}
	for word, want := range map[string]string{"LLM01": "LLM01:2025", "llm1": "LLM01:2025", "LLM10:2025": "LLM10:2025", "LLM01:2023": "", "LLM11": "", "1": "", "LLM": ""} {
		if got := framework.OWASPID(word); got != want {
			t.Errorf("%q means %q, want %q", word, got, want)
		}
	}
	cwe := framework.Weaknesses()
	if !slices.Contains(cwe, "CWE-79") || cwe[0] != "CWE-20" || cwe[len(cwe)-1] != "CWE-1434" {
		t.Errorf("weaknesses are %v", cwe)
	}
}

// TestATLASIsInOrder: somebody who adds a technique at the wrong place, or with another form of id, is told.
func TestATLASIsInOrder(t *testing.T) {
	t.Parallel()
	all := framework.Techniques()
	if !slices.IsSorted(all) {
		t.Error("the techniques are not in order")
	}
	form := regexp.MustCompile(`^AML\.T\d{4}(\.\d{3})?$`)
	for _, id := range all {
		if !form.MatchString(id) {
			t.Errorf("%q is no id", id)
		}
	}
}
