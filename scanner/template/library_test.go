package template_test

import (
	"strings"
	"testing"

	"assay/scanner"
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
