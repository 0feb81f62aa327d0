package report

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/internal/visible"
)

// mostCell bounds a cell, in bytes: spreadsheets take no more than 32,767 characters of one.
const mostCell = 30_000

// column is one column of the findings: its name, and what stands in it. Numbers stand as they are, texts are quoted.
type column struct {
	name string
	of   func(*Weakness) any
}

// columns are those of CSV, in order. New ones go to the end, so that what counts columns goes on working.
var columns = []column{
	{"id", func(f *Weakness) any { return int64(f.ID) }},
	{"fingerprint", func(f *Weakness) any { return f.Print }},
	{"severity", func(f *Weakness) any { return string(f.Severity) }},
	{"state", func(f *Weakness) any { return string(f.State) }},
	{"change", func(f *Weakness) any { return f.Change }},
	{"title", func(f *Weakness) any { return f.Title }},
	{"target", func(f *Weakness) any { return f.Target }},
	{"target_name", func(f *Weakness) any { return f.Name }},
	{"template", func(f *Weakness) any { return f.Template }},
	{"class", func(f *Weakness) any { return f.Class }},
	{"owasp", func(f *Weakness) any { return f.OWASP }},
	{"asi", func(f *Weakness) any { return f.ASI }},
	{"atlas", func(f *Weakness) any { return f.ATLAS }},
	{"cwe", func(f *Weakness) any { return cweNames(f.CWE) }},
	{"reason", func(f *Weakness) any { return f.Reason }},
	{"impact", func(f *Weakness) any { return f.Impact }},
	{"fix", func(f *Weakness) any { return f.Fix }},
	{"check", func(f *Weakness) any { return f.Check }},
	{"references", func(f *Weakness) any { return f.References }},
	{"first_seen", func(f *Weakness) any { return f.First }},
	{"last_seen", func(f *Weakness) any { return f.Last }},
	{"count", func(f *Weakness) any { return int64(f.Count) }},
	{"worked", func(f *Weakness) any { return ofRate(f, func(r *Rate) any { return int64(r.Worked) }) }},
	{"decided", func(f *Weakness) any { return ofRate(f, func(r *Rate) any { return int64(r.Decided) }) }},
	{"rate", func(f *Weakness) any { return ofRate(f, func(r *Rate) any { return r.Value }) }},
	{"rate_low", func(f *Weakness) any { return ofRate(f, func(r *Rate) any { return r.Low }) }},
	{"rate_high", func(f *Weakness) any { return ofRate(f, func(r *Rate) any { return r.High }) }},
	{"confidence", func(f *Weakness) any { return someOf(f.Confidence) }},
	{"judged_by", func(f *Weakness) any { return f.By }},
	{"exchanges", func(f *Weakness) any { return exchangesOf(f) }},
	{"sent", func(f *Weakness) any { return sentOf(f) }},
	{"answer", func(f *Weakness) any { return answerOf(f) }},
	{"note", func(f *Weakness) any { return f.Note }},
}

// CSVColumns are the names of the columns that CSV writes, in order.
func CSVColumns() []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// CSV writes the findings of a document as a table (RFC 4180), a finding a line, the first line the names of the columns:
// UTF-8 without a mark, lines end with CR LF, texts are quoted, numbers are not, what is not known is empty.
//
// No cell is a formula, whichever of comma, semicolon, tab or bar a spreadsheet splits at: an apostrophe stands before a
// character that begins a formula, at the beginning of a text and after anything that could begin a cell (OWASP, CSV injection).
func CSV(w io.Writer, d *Document) error {
	var line bytes.Buffer
	line.WriteString(strings.Join(CSVColumns(), ",") + "\r\n")
	d = d.shown()
	for i := range d.Weaknesses {
		for n, c := range columns {
			if n > 0 {
				line.WriteByte(',')
			}
			line.WriteString(cell(c.of(&d.Weaknesses[i])))
		}
		line.WriteString("\r\n")
		if _, err := line.WriteTo(w); err != nil {
			return err
		}
	}
	_, err := line.WriteTo(w)
	return err
}

// cell is a value as CSV has it.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return ""
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339)
	case []string:
		return textCell(strings.Join(v, "; "))
	case string:
		return textCell(v)
	}
	panic(fmt.Sprintf("report: a cell of type %T", v))
}

// textCell is a text as a cell that is never a formula.
func textCell(text string) string {
	if text == "" {
		return ""
	}
	text = shorten(text, mostCell)
	var b strings.Builder
	b.WriteByte('"')
	begins := true // a cell could begin here, for somebody who splits elsewhere
	for _, r := range visible.Text(text) {
		if begins && strings.ContainsRune("=+-@\t＝＋－＠", r) || b.Len() == 1 && r == '\n' {
			b.WriteByte('\'')
		}
		if r == '"' {
			b.WriteByte('"')
		}
		b.WriteRune(r)
		begins = strings.ContainsRune(",;\t|\n\"'", r) || begins && r == ' '
	}
	b.WriteByte('"')
	return b.String()
}

func cweNames(ids []int) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = "CWE-" + strconv.Itoa(id)
	}
	return names
}

func ofRate(f *Weakness, of func(*Rate) any) any {
	if f.Rate == nil {
		return nil
	}
	return of(f.Rate)
}

func someOf(x float64) any {
	if x == 0 {
		return nil
	}
	return x
}

// exchangesOf are the ids of all that proves a finding, each once.
func exchangesOf(f *Weakness) (ids []string) {
	for i := range f.Proofs {
		for _, id := range f.Proofs[i].Exchanges {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// sentOf is what was sent by the trial that stands first, a prompt a paragraph.
func sentOf(f *Weakness) string {
	if len(f.Proofs) == 0 {
		return ""
	}
	var texts []string
	for _, m := range f.Proofs[0].Sent {
		texts = append(texts, whole(m))
	}
	return strings.Join(texts, "\n\n")
}

func answerOf(f *Weakness) string {
	if len(f.Proofs) == 0 {
		return ""
	}
	return whole(f.Proofs[0].Answer)
}

// whole is a text with how much of it is missing.
func whole(m Marked) string {
	if m.Cut == 0 {
		return m.Text
	}
	return fmt.Sprintf("%s… (%d more bytes)", m.Text, m.Cut)
}
