package template_test

import (
	"slices"
	"strings"
	"testing"

	"assay/scanner"
	"assay/scanner/framework"
	"assay/scanner/judge"
	"assay/scanner/template"
	"assay/templates"
)

// shipped loads what comes with the program.
func shipped(t *testing.T) *template.Library {
	t.Helper()
	library, problems := template.Load(templates.Files)
	for _, p := range problems {
		t.Error(p.Error())
	}
	return library
}

func TestShippedTemplatesAreProven(t *testing.T) {
	t.Parallel()
	library := shipped(t)
	for _, p := range library.Prove() {
		t.Error(p.Error())
	}
	t.Logf("%d templates", len(library.Templates()))
}

// TestAnEchoProvesNothing answers every first case of every template with the attack itself, quoted in a refusal. Only
// templates that judge the API around the model may call that vulnerable, since there the words do not matter.
func TestAnEchoProvesNothing(t *testing.T) {
	t.Parallel()
	for _, tpl := range shipped(t).Templates() {
		for _, c := range tpl.Cases(template.Limits{}) {
			r, err := c.Render(template.SampleValues(), 7)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Turns) == 0 || r.Request != nil {
				continue
			}
			in := quoting(r)
			if j := judge.Judge(in, r.Detect); j.Verdict == scanner.Vulnerable {
				t.Errorf("%s %s: a refusal that quotes the attack is judged vulnerable: %s", c.ID, c.Mutation, j.Reason)
			}
		}
	}
}

func quoting(r *template.Rendered) judge.Input {
	var sent []string
	for _, turn := range r.Turns {
		sent = append(sent, turn.Text)
	}
	answer := "I'm sorry, but I can't help with that request: \"" + strings.Join(sent, "\n") + "\""
	return judge.Input{
		Sent: r.Sent(), Status: 200, Body: []byte(answer), Canaries: []string{template.SampleValues()["canary"]},
		System: []string{template.SampleValues()["system_prompt"]},
	}
}

// TestShippedTemplatesCover holds what is promised of the templates as a whole.
func TestShippedTemplatesCover(t *testing.T) {
	t.Parallel()
	library := shipped(t)
	items, techniques, levels := map[string]int{}, map[string]string{}, map[string]int{}
	hard := 0
	for _, tpl := range library.Templates() {
		for _, item := range append(tpl.OWASP, tpl.ASI...) {
			items[item]++
		}
		levels[tpl.Level()]++
		if other, taken := techniques[tpl.Technique]; taken {
			t.Errorf("%s and %s have the same technique %s: one of them is not distinct", tpl.ID, other, tpl.Technique)
		}
		techniques[tpl.Technique] = tpl.ID
		if slices.Contains(tpl.Tags, "hard-signal") {
			hard++
		}
		checkShipped(t, tpl)
	}
	for _, item := range append(framework.OWASPItems(), framework.ASIItems()...) {
		if items[item] == 0 {
			t.Errorf("no template tests %s %s", item, framework.Title(item))
		}
	}
	if len(library.Templates()) < 200 {
		t.Errorf("there are %d templates, were 200", len(library.Templates()))
	}
	t.Logf("%d templates, %d with a signal that is planted or measured; levels %v; items %v", len(library.Templates()), hard, levels, items)
}

// checkShipped holds what is promised of each: a target that refuses and quotes is among its samples, and words for a
// developer.
func checkShipped(t *testing.T, tpl *template.Template) {
	t.Helper()
	innocent, quoting := 0, false
	for _, s := range tpl.Samples {
		if s.Verdict == scanner.Vulnerable {
			continue
		}
		innocent++
		quoting = quoting || strings.Contains(s.Answer, "{{") || s.Status >= 400 || len(s.ToolCalls) > 0
	}
	if innocent < 2 {
		t.Errorf("%s: %d samples that are not vulnerable", tpl.ID, innocent)
	}
	if tpl.Level() == "prompt" && !quoting {
		t.Errorf("%s: no sample quotes the attack as it refuses", tpl.ID)
	}
	if len(tpl.Remediation) < 80 || len(tpl.Description) < 60 {
		t.Errorf("%s: the fix has %d letters and the description %d: too few to help", tpl.ID, len(tpl.Remediation), len(tpl.Description))
	}
	if len(tpl.CWE) == 0 || len(tpl.ATLAS) == 0 {
		t.Errorf("%s: no CWE or no ATLAS technique", tpl.ID)
	}
	if tpl.Level() != "request" && len(tpl.Attack.Requests) > 0 {
		t.Errorf("%s: edits requests on the level %s", tpl.ID, tpl.Level())
	}
}

func TestSuitesHoldSomething(t *testing.T) {
	t.Parallel()
	library := shipped(t)
	for _, s := range library.Suites() {
		choices, _, err := library.Select(template.Selection{Suites: []string{s.ID}})
		if err != nil {
			t.Fatal(err)
		}
		cases := 0
		for range template.Cases(choices) {
			cases++
		}
		if len(choices) < 10 {
			t.Errorf("the suite %s holds %d templates", s.ID, len(choices))
		}
		t.Logf("%s: %d templates, %d cases", s.ID, len(choices), cases)
	}
}
