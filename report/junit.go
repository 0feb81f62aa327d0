package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/scanner"
)

// mostJUnitText bounds a prompt or an answer in a report, in bytes.
const mostJUnitText = 2000

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"` // the schema of Jenkins has no skipped here
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	ID         int             `xml:"id,attr"`
	Package    string          `xml:"package,attr"`
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Hostname   string          `xml:"hostname,attr"`
	Properties junitProperties `xml:"properties"` // of Ant's schema it must be there, of that of Jenkins 4 not be empty
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Time    string       `xml:"time,attr"`
	Skipped *junitReason `xml:"skipped,omitempty"`
	Error   *junitReason `xml:"error,omitempty"`
	Failure *junitReason `xml:"failure,omitempty"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes a run as JUnit XML: a suite for each template, a test for each case. A vulnerable case is a failure, one
// without an answer an error; one that is unclear, was not sent, or whose finding a person set aside is skipped.
func JUnit(w io.Writer, r *Run) error {
	all := junitSuites{Name: clean(r.Run.Name), Time: seconds(r.Run.Spent)}
	for _, id := range r.templates() {
		all.add(r.suite(id))
	}
	return all.write(w)
}

func (all *junitSuites) add(s junitSuite) {
	s.ID = len(all.Suites)
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Suites = append(all.Suites, s)
}

func (all *junitSuites) write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// templates are the ids of templates with cases or that were left out, in order.
func (r *Run) templates() []string {
	var ids []string
	for i := range r.Cases {
		ids = append(ids, r.Cases[i].Template)
	}
	for _, s := range r.Run.Skipped {
		ids = append(ids, s.Template)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (r *Run) suite(id string) junitSuite {
	s := junitSuite{Package: "assay", Name: clean(id), Hostname: clean(r.hosts()), Properties: junitProperties{[]junitProperty{{"tool", "Assay " + clean(r.Version)}}}}
	s.Timestamp = r.Run.Created.UTC().Format("2006-01-02T15:04:05")
	for i := range r.Rules {
		if rule := &r.Rules[i]; rule.ID == id {
			s.Properties.List = append(s.Properties.List, []junitProperty{
				{"name", clean(rule.Name)}, {"severity", string(rule.Severity)}, {"owasp", clean(strings.Join(rule.OWASP, " "))}, {"fix", clean(rule.Remediation)},
			}...)
		}
	}
	var took time.Duration
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Template == id {
			s.add(r.junitCase(c))
			took += c.Took
		}
	}
	for _, skip := range r.Run.Skipped {
		if skip.Template == id {
			s.add(junitCase{Name: clean("not sent " + skip.Target), Class: clean(id), Time: "0.000", Skipped: &junitReason{Message: clean(skip.Why)}})
		}
	}
	s.Time = seconds(took)
	return s
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func (r *Run) hosts() string {
	var hosts []string
	for i := range r.Run.Targets {
		if h := r.Run.Targets[i].Host; !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return strings.Join(hosts, " ")
}

func (r *Run) junitCase(c *Case) junitCase {
	out := junitCase{Name: clean(caseName(r, c)), Class: clean(c.Template), Time: seconds(c.Took)}
	switch {
	case !c.Done && c.Verdict != scanner.Vulnerable:
		out.Skipped = &junitReason{Message: "it was not sent"}
	case c.Verdict == scanner.Vulnerable && c.Accepted:
		out.Skipped = &junitReason{Message: clean("a person set this finding aside: " + c.Reason)}
	case c.Verdict == scanner.Vulnerable:
		out.Failure = &junitReason{Message: clean(shorten(c.Reason, 500)), Type: string(c.Severity), Text: clean(c.proof())}
	case c.Verdict == scanner.Errored:
		out.Error = &junitReason{Message: clean(shorten(c.Reason, 500)), Type: "no-answer"}
	case c.Verdict == scanner.Unclear:
		out.Skipped = &junitReason{Message: clean("unclear: " + shorten(c.Reason, 500))}
	}
	return out
}

// caseName tells the cases of a template apart; the same in every run.
func caseName(r *Run, c *Case) string {
	name := c.Key
	if c.Mutation != "" && c.Mutation != "none" {
		name += " " + c.Mutation
	}
	if len(r.Run.Targets) > 1 {
		name += " on " + c.Target
	}
	return name
}

// proof is what a person needs to believe a failure.
func (c *Case) proof() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d decided trials were vulnerable.\n", c.Counts.Vulnerable, c.Counts.Vulnerable+c.Counts.Resisted)
	fmt.Fprintf(&b, "Sent: %s\nAnswered: %s\n", shorten(c.Prompt, mostJUnitText), shorten(c.Answer, mostJUnitText))
	for _, e := range c.Evidence {
		fmt.Fprintf(&b, "Proof in %s (%s): %s %s\n", e.Where, e.Signal, e.Why, shorten(e.Text, 200))
	}
	return b.String()
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
