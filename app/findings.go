package app

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"assay/scanner"
	"assay/storage"
)

// FindingOptions select findings. Empty fields select everything.
type FindingOptions struct {
	States   []string
	Severity []string
	OWASP    []string
	Target   []string
	Text     string
}

// FindingRow is one finding as `assay findings ls --json` prints it.
type FindingRow struct {
	ID          int64    `json:"id"`
	Fingerprint string   `json:"fingerprint"`
	Template    string   `json:"template"`
	Title       string   `json:"title"`
	Severity    string   `json:"severity"`
	State       string   `json:"state"`
	OWASP       []string `json:"owasp"`
	Target      string   `json:"target"`
	TargetName  string   `json:"target_name"`
	Class       string   `json:"class"`
	Source      string   `json:"source"`
	Count       int      `json:"count"`
	First       string   `json:"first_seen"`
	Last        string   `json:"last_seen"`
	Run         int64    `json:"run"`
	Case        int      `json:"case"`
	Trial       int      `json:"trial"`
	Reason      string   `json:"reason"`
	Note        string   `json:"note,omitempty"`
}

// findingStates are the words for what a person holds of a finding.
var findingStates = []string{"new", "verified", "accepted", "false_positive", "fixed"}

// Findings lists the findings of a project, the worst first.
func (a *App) Findings(ctx context.Context, path string, o FindingOptions) (rows []FindingRow, err error) {
	q := storage.FindingQuery{OWASP: owaspWords(o.OWASP), Targets: o.Target, Text: o.Text}
	for _, s := range o.States {
		state, err := findingState(s)
		if err != nil {
			return nil, err
		}
		q.States = append(q.States, state)
	}
	for _, s := range o.Severity {
		severity, err := SeverityOf("--severity", s)
		if err != nil {
			return nil, err
		}
		q.Severities = append(q.Severities, severity)
	}
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	found, _, err := p.Findings(ctx, q)
	for i := range found {
		rows = append(rows, findingRow(&found[i]))
	}
	return rows, err
}

func findingRow(f *scanner.Finding) FindingRow {
	return FindingRow{
		ID: int64(f.ID), Fingerprint: f.Print, Template: f.Template, Title: f.Title, Severity: string(f.Severity), State: string(f.State),
		OWASP: orNone(f.OWASP), Target: f.Target, TargetName: f.Name, Class: f.Class, Source: f.Source, Count: f.Count, First: stamp(f.First),
		Last: stamp(f.Last), Run: int64(f.Run), Case: f.Case, Trial: f.Trial, Reason: f.Reason, Note: f.Note,
	}
}

// owaspWords completes items as people write them: LLM01 is LLM01:2025.
func owaspWords(items []string) []string {
	var all []string
	for _, item := range items {
		item = strings.ToUpper(item)
		if strings.HasPrefix(item, "LLM") && !strings.Contains(item, ":") {
			item += ":2025"
		}
		all = append(all, item)
	}
	return all
}

func findingState(word string) (scanner.FindingState, error) {
	state := strings.ReplaceAll(strings.ToLower(word), "-", "_")
	if slices.Contains(findingStates, state) {
		return scanner.FindingState(state), nil
	}
	return "", usagef(nearOr(state, findingStates, "the states are "+list(findingStates)), "there is no state %q of findings", Harmless(word, 40))
}

// SetFinding sets what a person holds of findings: ids as `assay findings ls` prints them, or fingerprints.
func (a *App) SetFinding(ctx context.Context, path string, which []string, state, why string) (n int, err error) {
	to, err := findingState(state)
	if err != nil {
		return 0, err
	}
	err = a.change(ctx, path, func(p *storage.Project) error {
		all, _, err := p.Findings(ctx, storage.FindingQuery{})
		if err != nil {
			return err
		}
		var ids []scanner.FindingID
		for _, w := range which {
			at := slices.IndexFunc(all, func(f scanner.Finding) bool { return strconv.FormatInt(int64(f.ID), 10) == w || f.Print == w })
			if at < 0 {
				return &Error{Code: CodeNotFound, Message: "there is no finding " + Harmless(w, 60), Hint: "`assay findings ls` lists them"}
			}
			ids = append(ids, all[at].ID)
		}
		n = len(ids)
		return p.SetFindings(ctx, ids, to, why)
	})
	return n, err
}
