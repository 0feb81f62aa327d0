package page

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"assay/report"
	"assay/scanner"
)

// view is a report as the templates take it: what needs working out is worked out.
type view struct {
	*report.Document
	Title     string
	Logo      template.URL // empty where there is none that is a PNG or a JPEG
	Parts     []report.Chapter
	Ring      ring
	Trends    trends
	Cards     []card
	Tallies   []tally
	Boards    []board
	Groups    []report.Group
	HiddenBy  []report.HiddenType
	HiddenSum string
	Untested  []string
}

func newView(d *report.Document) *view {
	v := &view{Document: d, Title: line(d.Cover.Title), Logo: logoOf(d.Cover.Logo), Untested: d.Untested(), Ring: ringOf(&d.Standing), Trends: trendsOf(d.Trend), Tallies: talliesOf(d)}
	if v.Title == "" {
		v.Title = "AI security report"
	}
	v.Parts = d.Chapters()
	if d.Audience != report.Executive {
		v.Cards = cardsOf(d)
	}
	for i := range d.Coverage {
		v.Boards = append(v.Boards, boardOf(d, &d.Coverage[i]))
	}
	v.Groups = d.Compared()
	v.HiddenBy, v.HiddenSum = d.HiddenTypes()
	return v
}

// Brief reports whether the page is for executives.
func (v *view) Brief() bool { return v.Audience == report.Executive }

// Lang is the language of what the program wrote; texts from the wire may be in any.
func (v *view) Lang() string { return "en" }

// Advice is what to do, as much of it as the audience reads.
func (v *view) Advice() []report.Advice {
	all := v.Standing.Advice
	if v.Brief() {
		return all[:min(len(all), report.BriefAdvice)]
	}
	return all
}

// MeaningsShown are what weaknesses mean, as much of it as executives read.
func (v *view) MeaningsShown() []report.Meaning {
	all := v.Meanings()
	return all[:min(len(all), report.BriefFindings)]
}

// UntestedShown is what was not tested, as much of it as the audience reads.
func (v *view) UntestedShown() []string {
	if v.Brief() {
		return v.Untested[:min(len(v.Untested), report.BriefUntested)]
	}
	return v.Untested
}

// Last is the newest test; nil where there was none.
func (v *view) Last() *report.Test {
	if len(v.Document.Tests) == 0 {
		return nil
	}
	return &v.Document.Tests[0]
}

// logoOf is a picture as an address that holds all of it. What is neither a PNG nor a JPEG is left out.
func logoOf(data []byte) template.URL {
	kind := http.DetectContentType(data)
	if kind != "image/png" && kind != "image/jpeg" || len(data) > mostLogo {
		return ""
	}
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // the type is one of two, and base64 has no characters that mean anything in HTML
}

// mostLogo is how large a logo may be, in bytes.
const mostLogo = 512 << 10

// tally is how many weaknesses of one severity are open.
type tally struct {
	Severity scanner.Severity
	N        int
}

func talliesOf(d *report.Document) (list []tally) {
	open := d.OpenBySeverity()
	for _, s := range report.Severities {
		list = append(list, tally{s, open[s]})
	}
	return list
}

// functions are what the templates call.
var functions = template.FuncMap{
	"line": line, "brief": brief, "signal": func(s string) string { return strings.ReplaceAll(line(s), "-", " ") }, "name": name, "prose": prose, "day": day, "moment": moment, "number": number, "percent": percent, "pieces": pieces,
	"grouped": func(n any) string {
		switch n := n.(type) {
		case int:
			return report.Grouped(int64(n))
		case int64:
			return report.Grouped(n)
		}
		return fmt.Sprint(n)
	},
	"plural": report.Plural,
	"word":   wordOf,
	"class":  class,
	"anchor": anchor,
	"signed": signed,
	"inc":    func(n int) int { return n + 1 },
	"cases":  casesOf,
	"money":  func(x float64) string { return "$" + fixed(x, 2) },
	"lines":  lines,
	"joined": func(list []string) string { return line(strings.Join(list, ", ")) },
	"first": func(most int, list []string) string {
		text := strings.Join(list[:min(len(list), most)], ", ")
		if left := len(list) - most; left > 0 {
			text += fmt.Sprintf(" and %d more", left)
		}
		return line(text)
	},
	"more":    func(all, most int) int { return max(0, all-most) },
	"finding": func(v *view, id scanner.FindingID) string { return anchor(v, fmt.Sprintf("finding:%d", id)) },
	"namedOf": namedOf,
}

// wordOf is a word of ours for people, whichever type it has.
func wordOf(w any) string {
	switch w := w.(type) {
	case scanner.FindingState:
		return line(report.Word(w))
	case scanner.ThreatState:
		return line(report.Word(w))
	}
	return line(report.Word(fmt.Sprint(w)))
}

// class is a word of ours as a class of the style; a word that the style does not know is "other".
func class(w any) string {
	text := fmt.Sprint(w)
	for _, c := range text {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return "other"
		}
	}
	if text == "" || len(text) > 20 {
		return "other"
	}
	return text
}

// signed is a number of points with its sign.
func signed(x float64) string {
	if x > 0 {
		return "+" + number(x)
	}
	return strings.Replace(number(x), "-", "−", 1)
}

func fixed(x float64, decimals int) string { return strconv.FormatFloat(x, 'f', decimals, 64) }

// lines are the paragraphs of a text.
func lines(s string) (list []string) {
	for l := range strings.SplitSeq(prose(s), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}

// casesOf are the cases of a test by verdict, in the order of verdicts.
func casesOf(t *report.Test) string {
	var list []string
	for _, v := range []scanner.Verdict{scanner.Vulnerable, scanner.Resisted, scanner.Unclear, scanner.Errored} {
		if n := t.Cases[string(v)]; n > 0 {
			list = append(list, fmt.Sprintf("%s %s", report.Grouped(int64(n)), v))
		}
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// names is a list of names with numbers, as much of it as is shown.
type names struct {
	Heading, Unit string
	List          []report.Named
	More          int
}

// mostNames is how many names of one sort are shown.
const mostNames = 15

func namedOf(heading, unit string, list []report.Named) names {
	n := min(len(list), mostNames)
	return names{heading, unit, list[:n], len(list) - n}
}

// anchor is where a reference of a report leads within the page; empty where it leads nowhere.
func anchor(v *view, ref string) string {
	kind, id, _ := strings.Cut(ref, ":")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return ""
	}
	switch {
	case kind == "finding" && !v.Brief() && v.Has(report.SectionFindings):
		for i := range v.Weaknesses {
			if int64(v.Weaknesses[i].ID) == n {
				return "finding-" + id
			}
		}
	case kind == "threat" && !v.Brief() && v.Has(report.SectionThreats):
		for i := range v.Threats {
			if int64(v.Threats[i].ID) == n {
				return "threat-" + id
			}
		}
	}
	return ""
}
