package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"assay/scanner"
)

// DocumentJUnit writes a document as JUnit XML: the cases of the run behind it; a test for each finding that none of them shows,
// because another run found it; a test for each requirement; and what was not tested, as skipped, so that nothing green hides it.
func DocumentJUnit(w io.Writer, d *Document) error {
	d = d.shown()
	r := d.run()
	all := junitSuites{Name: clean(cmp.Or(d.Run, d.Project)), Time: seconds(r.Run.Spent)}
	for _, id := range r.templates() {
		all.add(r.suite(id))
	}
	if cases := d.findingCases(r.Cases); len(cases) > 0 {
		all.add(d.suiteOf("findings", cases))
	}
	if len(d.Requirements) > 0 {
		all.add(d.suiteOf("requirements", d.requirementCases()))
	}
	if cases := d.untestedCases(); len(cases) > 0 {
		all.add(d.suiteOf("not tested", cases))
	}
	return all.write(w)
}

func (d *Document) suiteOf(name string, cases []junitCase) junitSuite {
	s := junitSuite{
		Package: "assay", Name: name, Time: "0.000", Timestamp: d.Made.UTC().Format("2006-01-02T15:04:05"), Hostname: "-",
		Properties: junitProperties{[]junitProperty{{"project", clean(d.Project)}}},
	}
	for i := range cases {
		s.add(cases[i])
	}
	return s
}

// findingCases are the findings that no case shows, as tests: one that is open fails, one that a person set aside is skipped, a
// fixed one passes.
func (d *Document) findingCases(told []Case) (cases []junitCase) {
	shows := map[[2]string]bool{}
	for i := range told {
		if c := &told[i]; c.Verdict == scanner.Vulnerable {
			shows[[2]string{c.Template, c.Target}] = true
		}
	}
	for i := range d.Weaknesses {
		f := &d.Weaknesses[i]
		if shows[[2]string{f.Template, f.Target}] {
			continue
		}
		c := junitCase{Name: clean(fmt.Sprintf("%s on %s (%s)", shorten(f.Title, 500), f.Target, f.Print)), Class: clean(f.Template), Time: "0.000"}
		switch {
		case setAside(f.State):
			c.Skipped = &junitReason{Message: clean("a person set this finding aside: " + shorten(f.Note, 500))}
		case f.State != scanner.FindingFixed && f.Change != "fixed":
			text := fmt.Sprintf("Sent: %s\nAnswered: %s\nFix: %s\n", shorten(sentOf(f), mostJUnitText), shorten(answerOf(f), mostJUnitText), shorten(f.Fix, mostJUnitText))
			c.Failure = &junitReason{Message: clean(shorten(f.Reason, 500)), Type: string(f.Severity), Text: clean(text)}
		}
		cases = append(cases, c)
	}
	return cases
}

func (d *Document) requirementCases() (cases []junitCase) {
	for i := range d.Requirements {
		r := &d.Requirements[i]
		c := junitCase{Name: clean(shorten(r.Name, 500)), Class: clean("requirement." + r.ID), Time: "0.000"}
		switch r.State {
		case "pass":
		case "fail":
			text := r.Why + "\nFix: " + r.Fix + "\n" + strings.Join(r.Refs, " ")
			c.Failure = &junitReason{Message: clean(shorten(r.What, 500)), Type: clean(r.Severity), Text: clean(shorten(text, mostJUnitText))}
		default:
			c.Skipped = &junitReason{Message: clean("nothing is known: " + shorten(r.What, 500))}
		}
		cases = append(cases, c)
	}
	return cases
}

// untestedCases are the items of frameworks that nothing was sent for, and the gaps.
func (d *Document) untestedCases() (cases []junitCase) {
	skip := func(name, class, why string) {
		cases = append(cases, junitCase{Name: clean(shorten(name, 500)), Class: clean(class), Time: "0.000", Skipped: &junitReason{Message: clean(shorten(why, 500))}})
	}
	for i := range d.Coverage {
		c := &d.Coverage[i]
		for _, item := range c.Items {
			if item.State == StateNotTested || item.State == StateNotTestable {
				skip(item.ID+" "+item.Title, "coverage."+c.ID, cmp.Or(item.Why, "no test of it was sent"))
			}
		}
	}
	for i, g := range d.Standing.Gaps {
		skip(fmt.Sprintf("%s %s %d", g.Code, g.Ref, i+1), "gap."+g.Code, g.What)
	}
	return cases
}
