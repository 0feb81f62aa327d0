package report_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"assay/report"
	"assay/report/reporttest"
	"assay/traffic"
)

var audiences = []report.Audience{report.Executive, report.Technical, report.Retest}

// writers are the formats that this package writes, with the ends of the names of their golden files.
var writers = map[string]func(io.Writer, *report.Document) error{
	"json": report.JSON, "csv": report.CSV, "sarif": report.DocumentSARIF, "junit.xml": report.DocumentJUnit,
}

func written(t testing.TB, write func(io.Writer, *report.Document) error, d *report.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for name, write := range writers {
		for _, audience := range audiences {
			got := written(t, write, reporttest.Sample(audience))
			golden(t, "report-"+string(audience)+"."+name, got)
			if again := written(t, write, reporttest.Sample(audience)); !bytes.Equal(got, again) {
				t.Errorf("%s: the same document is another file", name)
			}
		}
	}
}

// TestFormatsOfHostileTexts writes texts that break writers, in every field, and reads them again with others' readers.
func TestFormatsOfHostileTexts(t *testing.T) {
	t.Parallel()
	s := schema(t)
	documents := []*report.Document{reporttest.Hostile(), {}, {Of: &report.Run{Run: reporttest.Hostile().Of.Run}}}
	for _, text := range append(slices.Clone(reporttest.Texts), nasty...) {
		documents = append(documents, reporttest.Filled(report.Technical, text))
	}
	for _, d := range documents {
		valid(t, s, written(t, report.DocumentSARIF, d))
		wellFormed(t, written(t, report.DocumentJUnit, d))
		readCSV(t, written(t, report.CSV, d), d)
		data := written(t, report.JSON, d)
		var back report.Document
		if err := json.Unmarshal(data, &back); err != nil {
			t.Errorf("the JSON does not come back: %v", err)
		}
		for name, write := range writers {
			onlySeen(t, name, written(t, write, d))
		}
	}
}

// onlySeen fails for characters that a reader cannot see, or that turn the text around.
func onlySeen(t testing.TB, format string, data []byte) {
	t.Helper()
	for _, r := range string(data) {
		if r != '\n' && r != '\r' && r != '\t' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) && r != '\u200d' || r == 0x2028 || r == 0x2029) {
			i := bytes.IndexRune(data, r)
			t.Fatalf("the %s holds %U as it is: %q", format, r, data[max(0, i-200):i+20])
		}
	}
}

// readCSV reads a table as strict readers do, and once more as spreadsheets that split at something else.
func readCSV(t testing.TB, data []byte, d *report.Document) [][]string {
	t.Helper()
	if !utf8.Valid(data) {
		t.Error("the CSV is no UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = len(report.CSVColumns())
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%v", err)
	}
	if len(rows) != len(d.Weaknesses)+1 && len(d.Sections) > 0 {
		t.Errorf("%d lines for %d findings", len(rows), len(d.Weaknesses))
	}
	for _, row := range rows {
		for i, c := range row {
			noFormula(t, rows[0][i], c)
		}
	}
	for _, splitter := range ",;\t|" {
		for _, line := range strings.FieldsFunc(string(data), func(c rune) bool { return c == '\n' || c == '\r' }) {
			for _, c := range strings.FieldsFunc(line, func(c rune) bool { return c == splitter }) {
				noFormula(t, "a piece between "+string(splitter), strings.Trim(c, `" `))
			}
		}
	}
	return rows
}

func noFormula(t testing.TB, where, cell string) {
	t.Helper()
	r, _ := utf8.DecodeRuneInString(cell)
	if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", r) {
		t.Fatalf("%s is a formula: %.60q", where, cell)
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Technical)
	d.Weaknesses[0].Title, d.Weaknesses[0].Reason = "=1+1", "two lines,\r\n\"quoted\"; and =cmd()"
	d.Weaknesses[1].Title = "plain, - and \ttab"
	rows := readCSV(t, written(t, report.CSV, d), d)
	column := func(name string) int { return slices.Index(rows[0], name) }
	for _, c := range []struct {
		row          int
		column, want string
	}{
		{1, "title", "'=1+1"},
		{1, "reason", "two lines,\n\"quoted\"; and =cmd()"},
		{2, "title", "plain, '- and \ttab"},
		{1, "id", "1"},
		{1, "count", "14"},
		{1, "worked", "14"},
		{1, "decided", "15"},
		{1, "severity", "critical"},
		{1, "cwe", "CWE-1427; CWE-862"},
		{1, "exchanges", "11873; 11874"},
		{1, "last_seen", "2026-11-21T11:30:00Z"},
		{8, "change", "new"},
	} {
		if got := rows[c.row][column(c.column)]; got != c.want {
			t.Errorf("%s of finding %d is %q, want %q", c.column, c.row, got, c.want)
		}
	}
	if data := written(t, report.CSV, d); bytes.HasPrefix(data, []byte("\ufeff")) || !bytes.HasPrefix(data, []byte("id,fingerprint,severity,")) || !bytes.HasSuffix(data, []byte("\r\n")) {
		t.Errorf("it begins with %.40q", data)
	}
}

// TestSectionsThatAreOff leaves a section out and looks for its words in every format.
func TestSectionsThatAreOff(t *testing.T) {
	t.Parallel()
	for section, words := range map[report.Section]string{
		report.SectionFindings: "Another customer's balance", report.SectionRequirements: reporttest.Sample(report.Technical).Requirements[0].What,
		report.SectionThreats: reporttest.Sample(report.Technical).Threats[0].Seen, report.SectionComparison: "before release 4.2",
	} {
		d := reporttest.Sample(report.Technical)
		d.Sections = slices.DeleteFunc(slices.Clone(d.Sections), func(s report.Section) bool { return s == section })
		d.Standing.Reasons, d.Standing.Advice, d.Trend, d.Moved = nil, nil, nil, nil // they tell of findings in their own section
		for name, write := range writers {
			if strings.Contains(string(written(t, write, d)), words) {
				t.Errorf("%s without %s tells %q", name, section, words)
			}
		}
	}
}

func TestDocumentSARIFComparesAndClassifies(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*report.Document{"a run": reporttest.Sample(report.Retest), "a project": reporttest.Sample(report.Retest)} {
		if name == "a project" {
			d.Of = nil
		}
		data := written(t, report.DocumentSARIF, d)
		valid(t, schema(t), data)
		var log struct {
			Runs []struct {
				Taxonomies []struct {
					Name string
					Taxa []struct{ ID, Name string }
				}
				Tool struct {
					Driver struct{ Rules []struct{ ID string } }
				}
				Results []struct {
					RuleID              string `json:"ruleId"`
					RuleIndex           int
					Level, Kind         string
					BaselineState       string
					PartialFingerprints map[string]string
					Suppressions        []struct{ Status string }
					Taxa                []struct {
						ID            string
						Index         int
						ToolComponent struct{ Index int }
					}
				}
			}
		}
		if err := json.Unmarshal(data, &log); err != nil {
			t.Fatal(err)
		}
		run := log.Runs[0]
		states, prints, suppressed := map[string]int{}, map[string]bool{}, 0
		for _, r := range run.Results {
			states[r.BaselineState]++
			prints[r.PartialFingerprints["assay/v1"]] = true
			suppressed += len(r.Suppressions)
			if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
				t.Errorf("%s: a result of %s points at the rule %s", name, r.RuleID, run.Tool.Driver.Rules[r.RuleIndex].ID)
			}
			for _, x := range r.Taxa {
				if got := run.Taxonomies[x.ToolComponent.Index].Taxa[x.Index].ID; got != x.ID {
					t.Errorf("%s: %s points at %s", name, x.ID, got)
				}
			}
		}
		if states["new"] != 1 || states["unchanged"] != 6 || states["absent"] != 2 || states[""] != 1 {
			t.Errorf("%s: %v", name, states)
		}
		for i := range d.Weaknesses {
			if !prints[d.Weaknesses[i].Print] {
				t.Errorf("%s: the fingerprint of %s is another one", name, d.Weaknesses[i].Title)
			}
		}
		if len(run.Taxonomies) != 4 || run.Taxonomies[0].Taxa[0].Name == "" || suppressed == 0 {
			t.Errorf("%s: %d taxonomies, %d suppressions, %+v", name, len(run.Taxonomies), suppressed, run.Taxonomies[0])
		}
	}
}

func TestDocumentJUnitVerdicts(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Technical)
	failing, unknown := 0, 0
	for _, r := range d.Requirements {
		switch r.State {
		case "fail":
			failing++
		case "unknown":
			unknown++
		}
	}
	if failing == 0 || unknown == 0 {
		t.Fatal("the sample has no requirement that fails, or none of which nothing is known")
	}
	run := wellFormed(t, written(t, report.DocumentJUnit, &report.Document{Made: d.Made, Of: d.Of, Sections: d.Sections}))
	whole := wellFormed(t, written(t, report.DocumentJUnit, d))
	if whole.Failures != run.Failures+failing || whole.Skipped < run.Skipped+unknown+len(d.Standing.Gaps) {
		t.Errorf("of the run %d failures and %d skipped; %d requirements fail; of the document %d and %d", run.Failures, run.Skipped, failing, whole.Failures, whole.Skipped)
	}
	// A finding of another run than the one behind the document fails nevertheless.
	part := reporttest.Sample(report.Technical)
	part.Of.Cases = part.Of.Cases[1:]
	if got := wellFormed(t, written(t, report.DocumentJUnit, part)); got.Failures != whole.Failures || got.Tests != whole.Tests {
		t.Errorf("with a finding of another run %d of %d fail, before %d of %d", got.Failures, got.Tests, whole.Failures, whole.Tests)
	}
	d.Of = nil
	open := 0
	for _, w := range d.Weaknesses {
		if w.State != "accepted" && w.State != "false_positive" && w.State != "fixed" {
			open++
		}
	}
	if all := wellFormed(t, written(t, report.DocumentJUnit, d)); all.Failures != open+failing {
		t.Errorf("%d findings are open and %d requirements fail, and %d tests", open, failing, all.Failures)
	}
}

func evidence(d *report.Document) iter.Seq2[*traffic.Record, error] {
	return func(yield func(*traffic.Record, error) bool) {
		for _, id := range d.Exchanges() {
			r := &traffic.Record{Exchange: traffic.Exchange{
				ID: id, Started: d.Made, State: traffic.StateComplete, Request: traffic.Request{Method: "POST", URL: "https://assist.meridian.example/v1/chat"},
				Response: &traffic.Response{Status: 200},
			}}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestEvidenceHAR(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Technical)
	var out bytes.Buffer
	if err := report.EvidenceHAR(&out, d, evidence(d)); err != nil {
		t.Fatal(err)
	}
	n := 0
	for r, err := range traffic.ReadHAR(bytes.NewReader(out.Bytes())) {
		if err != nil || r.Request.Method != "POST" {
			t.Fatal(err)
		}
		n++
	}
	if n != len(d.Exchanges()) || n < 8 {
		t.Errorf("%d of %d exchanges", n, len(d.Exchanges()))
	}
	if !strings.Contains(out.String(), `"_assay_evidence":["finding:1"]`) {
		t.Errorf("nothing says what the first exchange is evidence of: %.600s", out.String())
	}
	broken := errors.New("the disk is gone")
	err := report.EvidenceHAR(io.Discard, d, func(yield func(*traffic.Record, error) bool) { yield(nil, broken) })
	if !errors.Is(err, broken) {
		t.Errorf("the error of the sequence became %v", err)
	}
}

func TestBundle(t *testing.T) {
	t.Parallel()
	d := reporttest.Sample(report.Technical)
	bundle := func() []byte {
		files := append(report.DataFiles(d), report.File{Name: "evidence.har", What: "the exchanges that prove findings (HAR 1.2)", Write: func(w io.Writer) error {
			return report.EvidenceHAR(w, d, evidence(d))
		}})
		var out bytes.Buffer
		if err := report.Bundle(&out, d, files); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	data := bundle()
	if !bytes.Equal(data, bundle()) {
		t.Error("the same document is another bundle")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	texts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names, texts[f.Name] = append(names, f.Name), string(text)
		if !f.Modified.Equal(d.Made) || f.Mode().Perm() != 0o644 {
			t.Errorf("%s is of %s with mode %v", f.Name, f.Modified.Format(time.RFC3339), f.Mode())
		}
	}
	if names[0] != "README.txt" || names[len(names)-1] != "SHA256SUMS" {
		t.Errorf("the files are %v", names)
	}
	golden(t, "bundle-README.txt", []byte(texts["README.txt"]))
	sums := strings.Split(strings.TrimSuffix(texts["SHA256SUMS"], "\n"), "\n")
	if len(sums) != len(names)-1 {
		t.Errorf("%d sums for %d files", len(sums), len(names)-1)
	}
	for _, line := range sums {
		sum, name, ok := strings.Cut(line, "  ")
		if want := sha256.Sum256([]byte(texts[name])); !ok || sum != hex.EncodeToString(want[:]) {
			t.Errorf("the sum of %s is wrong: %s", name, line)
		}
		if name != "README.txt" && !strings.Contains(texts["README.txt"], name) {
			t.Errorf("README.txt does not say what %s is", name)
		}
	}
}

func TestBundleRefusesNames(t *testing.T) {
	t.Parallel()
	file := func(name string) report.File {
		return report.File{Name: name, Write: func(io.Writer) error { return nil }}
	}
	for _, files := range [][]report.File{{file("../x")}, {file("")}, {file("a/b")}, {file("README.txt")}, {file("SHA256SUMS")}, {file("a"), file("a")}, {file("a\nb")}} {
		if report.Bundle(io.Discard, &report.Document{}, files) == nil {
			t.Errorf("%q was taken", files[len(files)-1].Name)
		}
	}
}

// BenchmarkFormats writes a report of 500 findings.
func BenchmarkFormats(b *testing.B) {
	d := reporttest.Sample(report.Technical)
	for len(d.Weaknesses) < 500 {
		d.Weaknesses = append(d.Weaknesses, d.Weaknesses...)
	}
	d.Weaknesses = d.Weaknesses[:500]
	for name, write := range writers {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := write(io.Discard, d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func FuzzFormats(f *testing.F) {
	for _, text := range append(slices.Clone(reporttest.Texts), nasty...) {
		f.Add(text)
	}
	s := schema(f)
	f.Fuzz(func(t *testing.T, text string) {
		filled := reporttest.Filled(report.Technical, text)
		d := &report.Document{Audience: report.Technical, Sections: reporttest.All, Made: filled.Made, Weaknesses: filled.Weaknesses[:1], Requirements: filled.Requirements[:1], Comparison: filled.Comparison}
		readCSV(t, written(t, report.CSV, d), d)
		valid(t, s, written(t, report.DocumentSARIF, d))
		wellFormed(t, written(t, report.DocumentJUnit, d))
		for name, write := range writers {
			onlySeen(t, name, written(t, write, d))
		}
	})
}
