package app

import (
	"encoding/json"
	"fmt"
	"strings"

	"assay/scanner/framework"
	"assay/scanner/template"
)

// DescribeTemplate writes a template for people, as plain text.
func DescribeTemplate(t *template.Template) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  (%s)\n%s\n\n", t.Name, t.Severity, t.ID)
	fmt.Fprintf(&b, "%s\n\n", t.Description)
	for _, list := range [][]string{t.OWASP, t.ASI, t.ATLAS} {
		for _, id := range list {
			fmt.Fprintf(&b, "%-14s %s\n", id, framework.Title(id))
		}
	}
	for _, number := range t.CWE {
		id := fmt.Sprintf("CWE-%d", number)
		fmt.Fprintf(&b, "%-14s %s\n", id, framework.Title(id))
	}
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-14s %s\n", name, value)
		}
	}
	cases, requests := t.Size()
	line("for", strings.Join(t.Kinds, ", "))
	line("needs", strings.Join(t.Needs, ", "))
	line("goes to", t.Attack.Slot)
	line("rewritten", strings.Join(t.Attack.Mutations, ", "))
	line("sends", fmt.Sprintf("%s, %s, each %s", howMany(cases, "case"), howMany(requests, "request"), howMany(max(t.Trials, 1), "time")))
	describeAttack(&b, &t.Attack)
	detect, err := json.MarshalIndent(t.Detect.Find, "  ", "  ")
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "\nVulnerable when\n  %s\n", detect)
	fmt.Fprintf(&b, "\nHow to fix\n%s\n", indented(t.Remediation))
	for i, r := range t.References {
		if i == 0 {
			b.WriteString("\nMore\n")
		}
		fmt.Fprintf(&b, "  %s\n", r)
	}
	return b.String(), nil
}

// describeAttack shows the first few texts: a person wants to see what kind they are.
func describeAttack(b *strings.Builder, a *template.Attack) {
	const most = 4
	show := func(title string, texts []string) {
		for i, text := range texts {
			if i == most {
				fmt.Fprintf(b, "\n  and %d more\n", len(texts)-most)
				break
			}
			fmt.Fprintf(b, "\n%s %d\n%s\n", title, i+1, indented(text))
		}
	}
	show("Prompt", a.Prompts)
	turns := make([]string, 0, len(a.Turns))
	for _, t := range a.Turns {
		turns = append(turns, t.Prompt)
	}
	show("Turn", turns)
	for _, p := range a.Payloads {
		show("{{"+p.Name+"}}", p.Values)
	}
	names := make([]string, 0, len(a.Requests))
	for i := range a.Requests {
		names = append(names, a.Requests[i].Name)
	}
	if len(names) > 0 {
		fmt.Fprintf(b, "\nRequests\n  %s\n", strings.Join(names, ", "))
	}
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}

// howMany is a number with its noun.
func howMany(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
