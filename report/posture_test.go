package report_test

import (
	"fmt"
	"testing"
	"time"

	"assay/llm"
	"assay/report"
	"assay/scanner"
)

var postureDay = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func items() (list []report.Item) {
	for i := range 10 {
		list = append(list, report.Item{ID: fmt.Sprintf("LLM%02d:2025", i+1), Title: fmt.Sprint("Item ", i+1), Templates: 1})
	}
	return list
}

// scene is a project in which n items were tested and resisted.
func scene(n int) *report.Scene {
	s := &report.Scene{At: postureDay, Items: items(), Models: 1, Exchanges: 100}
	s.Endpoints = []*scanner.Endpoint{{ID: 1, Key: scanner.Key{Scheme: "https", Method: "POST", Host: "api.example.com", Path: "/chat"}, Kind: llm.KindLLM, Access: scanner.AccessPublic}}
	for i := range n {
		s.Tested = append(s.Tested, report.Tested{
			Template: fmt.Sprint("t", i), Target: "model:1", Endpoint: 1, OWASP: []string{s.Items[i].ID}, Verdicts: scanner.Verdicts{Resisted: 5}, At: postureDay,
		})
	}
	return s
}

func TestPosture(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*report.Scene)
		score  float64
		grade  string
	}{
		{"everything was tested and resisted", func(*report.Scene) {}, 100, "A"},
		{"nothing was tested", func(s *report.Scene) { s.Tested = nil }, 76, ""},
		{"three categories are no evidence", func(s *report.Scene) { s.Tested = s.Tested[:3] }, 86, ""},
		{"a high weakness", func(s *report.Scene) {
			s.Findings = []scanner.Finding{{ID: 1, Severity: scanner.SeverityHigh, State: scanner.FindingNew, OWASP: []string{"LLM01:2025"}}}
		}, 86, "B"},
		{"an accepted one counts as well", func(s *report.Scene) {
			s.Findings = []scanner.Finding{{ID: 1, Severity: scanner.SeverityHigh, State: scanner.FindingAccepted, OWASP: []string{"LLM01:2025"}}}
		}, 86, "B"},
		{"a false positive does not", func(s *report.Scene) {
			s.Findings = []scanner.Finding{{ID: 1, Severity: scanner.SeverityHigh, State: scanner.FindingFalsePositive, OWASP: []string{"LLM01:2025"}}}
		}, 100, "A"},
		{"with a critical one nothing is better than E", func(s *report.Scene) {
			s.Findings = []scanner.Finding{{ID: 1, Severity: scanner.SeverityCritical, State: scanner.FindingNew, OWASP: []string{"LLM01:2025"}}}
		}, 49.9, "E"},
		{"traffic nobody read", func(s *report.Scene) { s.Unread = 50 }, 98, "A"},
		{"a risky endpoint", func(s *report.Scene) { s.Endpoints[0].Risk = 60 }, 97, "A"},
		{"a threat", func(s *report.Scene) {
			s.Threats = []*scanner.Threat{{ID: 1, Severity: scanner.SeverityHigh, State: scanner.ThreatNew}}
		}, 97.5, "A"},
		{"errors are no tests", func(s *report.Scene) {
			for i := range s.Tested {
				s.Tested[i].Verdicts = scanner.Verdicts{Errored: 9}
			}
		}, 76, ""},
		{"what is called fixed and no run showed counts as well", func(s *report.Scene) {
			s.Findings = []scanner.Finding{{ID: 1, Severity: scanner.SeverityHigh, State: scanner.FindingFixed, OWASP: []string{"LLM01:2025"}}}
		}, 86, "B"},
		{"what a run showed to be fixed does not", func(s *report.Scene) {
			s.Findings = []scanner.Finding{{ID: 1, Severity: scanner.SeverityHigh, State: scanner.FindingFixed, Mended: 3, OWASP: []string{"LLM01:2025"}}}
		}, 100, "A"},
		{"a requirement that fails", func(s *report.Scene) {
			s.Required = []report.Requirement{{ID: "a", Severity: "high", State: report.RequirementFail, Of: 3, Failing: 1}}
		}, 97.5, "A"},
		{"one of which nothing is known takes as much", func(s *report.Scene) {
			s.Required = []report.Requirement{{ID: "a", Severity: "high", State: report.RequirementUnknown, Of: 3}}
		}, 97.5, "A"},
		{"one that applies to nothing takes nothing", func(s *report.Scene) {
			s.Required = []report.Requirement{{ID: "a", Severity: "high", State: report.RequirementUnknown}, {ID: "b", Severity: "critical", State: report.RequirementPass, Of: 9}}
		}, 100, "A"},
		{"requirements take ten points at most", func(s *report.Scene) {
			for i := range 9 {
				s.Required = append(s.Required, report.Requirement{ID: fmt.Sprint(i), Severity: "critical", State: report.RequirementFail, Of: 1, Failing: 1})
			}
		}, 90, "A"},
		{"nothing at all", func(s *report.Scene) { *s = report.Scene{At: postureDay, Items: items()} }, 80, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := scene(10)
			test.change(s)
			p := s.Posture()
			if p.Score != test.score || p.Grade != test.grade || p.Enough != (test.grade != "") || p.Enough != (p.Missing == "") {
				t.Errorf("score %v, grade %q, missing %q; want %v %q\n%+v", p.Score, p.Grade, p.Missing, test.score, test.grade, p.Reasons)
			}
			if p.Score < 100 && len(p.Advice) == 0 {
				t.Error("points are missing, and nothing is advised")
			}
		})
	}
}

// TestPostureItems: an item without a verdict is never good.
func TestPostureItems(t *testing.T) {
	t.Parallel()
	s := scene(2)
	s.Tested = append(s.Tested,
		report.Tested{Template: "a", Target: "model:1", OWASP: []string{"LLM03:2025"}, Verdicts: scanner.Verdicts{Unclear: 2}, At: postureDay},
		report.Tested{Template: "b", Target: "model:1", OWASP: []string{"LLM04:2025"}, Verdicts: scanner.Verdicts{Errored: 2}, At: postureDay},
		report.Tested{Template: "c", Target: "model:1", OWASP: []string{"LLM05:2025"}, Unfit: "it takes no tools", At: postureDay})
	s.Findings = []scanner.Finding{{ID: 1, Severity: scanner.SeverityLow, State: scanner.FindingVerified, OWASP: []string{"LLM02:2025"}}}
	want := []report.State{report.StateResisted, report.StateVulnerable, report.StateTested, report.StateNotTested, report.StateNotTestable}
	for i, c := range s.Posture().OWASP[:5] {
		if c.State != want[i] {
			t.Errorf("%s is %s, want %s", c.ID, c.State, want[i])
		}
	}
}
