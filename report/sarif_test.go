package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"assay/report"
	"assay/report/reporttest"
	"assay/scanner"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a run with everything that a report tells of.
func sample() *report.Run {
	at := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	model := &scanner.Model{Name: "shop", URL: "https://bot.example.com/v1/chat?key={{env:KEY}}"}
	run := &scanner.Run{
		ID: 3, Name: "quick on shop", State: scanner.RunPaused, Why: "the budget of 40 requests is used up", Created: at, Ended: at.Add(time.Minute),
		Spent: 61500 * time.Millisecond, Targets: []scanner.RunTarget{{Ref: "model:1", Name: "shop", Host: "bot.example.com", Request: model}},
		Skipped: []scanner.Skipped{{Template: "mail-forwarding", Target: "model:1", Cases: 3, Why: "it needs tools"}},
		Tally:   scanner.RunTally{Cases: 6, Vulnerable: 2, Resisted: 1, Unclear: 1, Errored: 1, Requests: 9},
	}
	one := func(n int, id, mutation string, v scanner.Verdict, reason string) report.Case {
		return report.Case{Case: scanner.Case{
			N: n, Key: id + "/abc @ model:1", Template: id, Severity: scanner.SeverityHigh, Target: "model:1", Mutation: mutation, Done: v != "", Verdict: v, Reason: reason,
		}, Took: 1500 * time.Millisecond}
	}
	cases := []report.Case{
		one(1, "script-in-answer", "none", scanner.Vulnerable, "Script text stands there unescaped."),
		one(2, "script-in-answer", "base64", scanner.Resisted, "It declines."),
		one(3, "fake-system-message", "none", scanner.Vulnerable, "The planted text came back."),
		one(4, "fake-system-message", "leet", scanner.Unclear, "Neither can be shown."),
		one(5, "fake-system-message", "hex", scanner.Errored, "There is no answer to judge: status 503."),
		one(6, "fake-system-message", "rot13", "", ""),
	}
	proof := []scanner.Evidence{{Signal: "payload", Where: "answer", Start: 3, End: 11, Text: "<script>", Why: "script text stands there unescaped"}}
	cases[0].Prompt, cases[0].Answer, cases[0].Evidence = "Write <b>hello</b>", "<script>alert(1)</script>", proof
	cases[0].Counts, cases[2].Counts = scanner.Verdicts{Vulnerable: 2, Resisted: 1}, scanner.Verdicts{Vulnerable: 1}
	cases[2].Accepted = true
	found := func(id, print string, state scanner.FindingState, fresh bool) report.Found {
		return report.Found{
			Print: print, Template: id, Severity: scanner.SeverityHigh, OWASP: []string{"LLM05:2025"}, Target: "model:1", State: state, New: fresh, Trials: 2, Cases: 1,
			Case: 1, Trial: 1, Exchange: "17", Reason: "Script text stands there unescaped.", Sent: []scanner.Sent{{Slot: "last_user", Plain: "Write <b>hello</b>"}},
			Answer: "<script>alert(1)</script>", Evidence: proof, Rate: 2. / 3, Interval: [2]float64{0.21, 0.94},
		}
	}
	second := found("fake-system-message", "bbbbbbbbbbbbbbbbbbbbbbbb", scanner.FindingAccepted, false)
	second.Note = "it is public"
	return &report.Run{
		Version: "1.0", Run: run, Cases: cases, Against: "run.json", Gone: []string{"cccccccccccccccccccccccc"},
		Rules: []report.Rule{
			{
				ID: "fake-system-message", Name: "A system message that is none", Description: "The user speaks as the system.", Remediation: "Mark whose words are whose.",
				Severity: scanner.SeverityHigh, OWASP: []string{"LLM01:2025"}, ATLAS: []string{"AML.T0051.000"},
			},
			{
				ID: "script-in-answer", Name: "Script in an answer", Description: "An answer with script.", Remediation: "Escape what is shown.", Severity: scanner.SeverityHigh,
				OWASP: []string{"LLM05:2025"}, CWE: []int{79}, Tags: []string{"web"}, References: []string{"a book", "https://owasp.org/www-community/attacks/xss/"},
			},
		},
		Found:  []report.Found{found("script-in-answer", "0123456789abcdef01234567", scanner.FindingNew, true), second},
		Faults: []report.Fault{{Template: "fake-system-message", Target: "model:1", Reason: "There is no answer to judge: status 503.", Case: 5}},
	}
}

// hostile fills every text of a run with what the wire may bring.
func hostile(text string) *report.Run {
	r := sample()
	r.Against, r.Run.Name, r.Run.Why, r.Run.Targets[0].Name = text, text, text, text
	r.Run.Targets[0].Host = text
	r.Run.Skipped[0].Why, r.Run.Skipped[0].Target, r.Faults[0].Reason = text, text, text
	for i := range r.Cases {
		c := &r.Cases[i]
		c.Reason, c.Prompt, c.Answer, c.Mutation, c.Key = text, text, text, text, text
		c.Evidence = []scanner.Evidence{{Signal: text, Where: text, Text: text, Why: text}}
	}
	for i := range r.Found {
		f := &r.Found[i]
		f.Reason, f.Answer, f.Note, f.Sent, f.Evidence = text, text, text, []scanner.Sent{{Slot: text, Plain: text, Text: text}}, r.Cases[0].Evidence
	}
	for i := range r.Rules {
		t := &r.Rules[i]
		t.Name, t.Description, t.Remediation, t.References, t.Tags = text, text, text, []string{text}, []string{text}
	}
	return r
}

// nasty are texts that break writers which take care of too little.
var nasty = []string{
	"", "\x00\x01\x1b[31m\x7f", "]]><x>&amp;'\"", "\xff\xfe\xc3\x28", "\u202e\ufeff\ufffe\uffff", strings.Repeat("é", 9000), "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>&a;",
	"\u0085\u009b31m", "-->", "http://[::1", "https://user:secret@example.com/%zz",
}

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func sarif(t testing.TB, r *report.Run) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := report.SARIF(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func valid(t testing.TB, s *jsonschema.Schema, data []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%v", err)
	}
	if !utf8.Valid(data) {
		t.Error("the report is no UTF-8")
	}
}

// golden compares with a file beside the tests.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is another one now; look at it, then go test ./report -update", name)
	}
}

func TestSARIF(t *testing.T) {
	t.Parallel()
	got := sarif(t, sample())
	valid(t, schema(t), got)
	golden(t, "run.sarif", got)
}

func TestSARIFSaysWhatScannersNeed(t *testing.T) {
	t.Parallel()
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID         string
						HelpURI    string `json:"helpUri"`
						Properties map[string]any
					}
				}
			}
			OriginalURIBaseIDs map[string]struct{ URI string } `json:"originalUriBaseIds"`
			Invocations        []struct {
				ExecutionSuccessful        bool
				ToolExecutionNotifications []struct {
					Level   string
					Message struct{ Text string }
				}
			}
			Results []struct {
				RuleID              string `json:"ruleId"`
				RuleIndex           int
				Level               string
				BaselineState       string
				PartialFingerprints map[string]string
				Suppressions        []struct{ Status, Justification string }
				Locations           []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI, URIBaseID string }
					}
					Message struct{ Text string }
				}
			}
		}
	}
	if err := json.Unmarshal(sarif(t, sample()), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	first, second := run.Results[0], run.Results[1]
	if run.Tool.Driver.Rules[first.RuleIndex].ID != first.RuleID {
		t.Errorf("result of %s points at the rule %s", first.RuleID, run.Tool.Driver.Rules[first.RuleIndex].ID)
	}
	rule := run.Tool.Driver.Rules[first.RuleIndex]
	if rule.Properties["security-severity"] != "8.0" || rule.HelpURI != "https://owasp.org/www-community/attacks/xss/" {
		t.Errorf("rule: %+v", rule)
	}
	if first.BaselineState != "new" || len(first.Suppressions) != 0 || first.PartialFingerprints["assay/v1"] != "0123456789abcdef01234567" || first.Level != "error" {
		t.Errorf("a new finding: %+v", first)
	}
	if second.BaselineState != "unchanged" || len(second.Suppressions) != 1 || !strings.Contains(second.Suppressions[0].Justification, "it is public") {
		t.Errorf("an accepted finding: %+v", second)
	}
	// Code scanners that look for files refuse an address of the web; a query may hold a key.
	at := first.Locations[0]
	if where := at.PhysicalLocation.ArtifactLocation; where.URI != "v1/chat" || run.OriginalURIBaseIDs[where.URIBaseID].URI != "https://bot.example.com/" {
		t.Errorf("the location is %+v of %v", where, run.OriginalURIBaseIDs)
	}
	if at.Message.Text != "shop, https://bot.example.com/v1/chat" {
		t.Errorf("the location is told as %q", at.Message.Text)
	}
	var texts []string
	for _, n := range run.Invocations[0].ToolExecutionNotifications {
		texts = append(texts, n.Level+" "+n.Message.Text)
	}
	all := strings.Join(texts, "\n")
	for _, want := range []string{"error case 5: There is no answer", "note mail-forwarding was not sent: it needs tools", "warning the run is paused, 1 cases were not sent"} {
		if !strings.Contains(all, want) {
			t.Errorf("no notification %q among:\n%s", want, all)
		}
	}
	if run.Invocations[0].ExecutionSuccessful {
		t.Error("a paused run is called successful")
	}
}

func TestReportsOfHostileTexts(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for _, text := range nasty {
		valid(t, s, sarif(t, hostile(text)))
		wellFormed(t, junit(t, hostile(text)))
	}
}

func TestReportsOfNothing(t *testing.T) {
	t.Parallel()
	r := &report.Run{Run: &scanner.Run{State: scanner.RunDone}}
	valid(t, schema(t), sarif(t, r))
	wellFormed(t, junit(t, r))
}

func junit(t testing.TB, r *report.Run) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := report.JUnit(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	got := junit(t, sample())
	wellFormed(t, got)
	golden(t, "run.junit.xml", got)
}

// suites is JUnit XML as CI reads it.
type suites struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"-"` // of the suites together
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			Name    string    `xml:"name,attr"`
			Class   string    `xml:"classname,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

// wellFormed reads a report as a strict reader does, and counts again what it says of itself.
func wellFormed(t testing.TB, data []byte) suites {
	t.Helper()
	for r := bytes.NewReader(data); ; {
		c, _, err := r.ReadRune()
		if errors.Is(err, io.EOF) {
			break
		}
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0xfffe || c == 0xffff {
			t.Fatalf("the report holds %U, which XML 1.0 has not", c)
		}
	}
	var all suites
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = true
	if err := d.Decode(&all); err != nil {
		t.Fatalf("%v", err)
	}
	var sum suites
	for _, s := range all.Suites {
		failures, faults, skipped := 0, 0, 0
		for _, c := range s.Cases {
			if c.Name == "" || c.Class == "" {
				t.Errorf("a test of %s has no name", s.Name)
			}
			if c.Failure != nil {
				failures++
			}
			if c.Error != nil {
				faults++
			}
			if c.Skipped != nil {
				skipped++
			}
		}
		if s.Tests != len(s.Cases) || s.Failures != failures || s.Errors != faults || s.Skipped != skipped {
			t.Errorf("suite %s says %d tests, %d failures, %d errors, %d skipped, and holds %d, %d, %d, %d", s.Name, s.Tests, s.Failures, s.Errors, s.Skipped,
				len(s.Cases), failures, faults, skipped)
		}
		sum.Tests, sum.Failures, sum.Errors, sum.Skipped = sum.Tests+s.Tests, sum.Failures+failures, sum.Errors+faults, sum.Skipped+skipped
	}
	all.Skipped = sum.Skipped
	if all.Tests != sum.Tests || all.Failures != sum.Failures || all.Errors != sum.Errors {
		t.Errorf("the report says %d tests, %d failures, %d errors, %d skipped, and holds %+v", all.Tests, all.Failures, all.Errors, all.Skipped, sum)
	}
	return all
}

// junitSchema is what the schema of Jenkins (xUnit, junit-10) allows where we write, and what that of Ant wants beside it: the
// attributes, with ! those that must be there, and the elements in their order.
var junitSchema = map[string]struct{ attributes, elements string }{
	"testsuites": {"name time tests failures errors disabled", "testsuite"},
	"testsuite":  {"name! tests! failures! errors! time! skipped timestamp! hostname! id! package!", "properties testcase"},
	"properties": {"", "property"},
	"property":   {"name! value!", ""},
	"testcase":   {"name! classname! time!", "skipped error failure"},
	"skipped":    {"message type", ""},
	"error":      {"message type!", ""},
	"failure":    {"message type!", ""},
}

func TestJUnitFollowsTheSchemas(t *testing.T) {
	t.Parallel()
	for _, r := range []*report.Run{sample(), hostile("x<y"), {Run: &scanner.Run{}}} {
		followsSchema(t, junit(t, r))
	}
	whole := reporttest.Sample(report.Technical)
	whole.Of = nil
	for _, d := range []*report.Document{reporttest.Sample(report.Technical), whole, reporttest.Hostile(), {}} {
		followsSchema(t, written(t, report.DocumentJUnit, d))
	}
}

// followsSchema fails for elements and attributes that the schemas have not, or not there, and for lists of nothing.
func followsSchema(t *testing.T, data []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	var open []string
	properties := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if len(open) > 0 && !slices.Contains(strings.Fields(junitSchema[open[len(open)-1]].elements), name) {
				t.Errorf("<%s> stands in <%s>", name, open[len(open)-1])
			}
			open = append(open, name)
			switch name {
			case "testsuite":
				properties = 0
			case "property":
				properties++
			case "testcase":
				if properties == 0 {
					t.Error("a suite has no properties before its cases")
				}
			}
			checkAttributes(t, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

func checkAttributes(t *testing.T, e xml.StartElement) {
	t.Helper()
	rule, known := junitSchema[e.Name.Local]
	if !known {
		t.Errorf("there is no element <%s>", e.Name.Local)
	}
	for _, a := range strings.Fields(rule.attributes) {
		name, must := strings.CutSuffix(a, "!")
		i := slices.IndexFunc(e.Attr, func(x xml.Attr) bool { return x.Name.Local == name })
		if must && i < 0 {
			t.Errorf("<%s> has no %s", e.Name.Local, name)
		}
	}
	for _, a := range e.Attr {
		if !slices.Contains(strings.Fields(strings.ReplaceAll(rule.attributes, "!", "")), a.Name.Local) {
			t.Errorf("<%s> has the attribute %s", e.Name.Local, a.Name.Local)
		}
	}
}

func TestJUnitVerdicts(t *testing.T) {
	t.Parallel()
	all := wellFormed(t, junit(t, sample()))
	if all.Tests != 7 || all.Failures != 1 || all.Errors != 1 || all.Skipped != 4 {
		t.Errorf("%d tests, %d failures, %d errors, %d skipped", all.Tests, all.Failures, all.Errors, all.Skipped)
	}
}

func FuzzReports(f *testing.F) {
	for _, text := range nasty {
		f.Add(text)
	}
	s := schema(f)
	f.Fuzz(func(t *testing.T, text string) {
		r := hostile(text)
		r.Run.Targets[0].Request.URL = text
		valid(t, s, sarif(t, r))
		wellFormed(t, junit(t, r))
	})
}
