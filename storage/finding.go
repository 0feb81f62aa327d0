package storage

import (
	"context"
	"errors"

	"assay/scanner"
)

// ErrNoFinding says that the project holds no finding of that id.
var ErrNoFinding = errors.New("this finding is not in the project")

// FindingQuery selects findings. Empty fields select everything.
type FindingQuery struct {
	States     []scanner.FindingState
	Severities []scanner.Severity
	Sources    []string // test, live
	Targets    []string
	OWASP      []string // LLM01:2025 …
	Run        scanner.RunID
	Text       string // within title, template, target, reason or note
	Sort       string // severity (usual), last, first, count, title, target, state; "-" before it turns it round
	Offset     int
	Limit      int // 0 for all
}

// Findings lists findings, and how many there are without Offset and Limit.
func (p *Project) Findings(ctx context.Context, q FindingQuery) (findings []scanner.Finding, total int, err error) {
	return nil, 0, errors.ErrUnsupported
}

// Finding returns one finding with its history, newest first.
func (p *Project) Finding(ctx context.Context, id scanner.FindingID) (*scanner.Finding, []scanner.FindingEvent, error) {
	return nil, nil, errors.ErrUnsupported
}

// FindingTrial names one trial that shows a finding.
type FindingTrial struct {
	Run   scanner.RunID
	Case  int
	Trial int
}

// FindingTrials lists the trials that show a finding, newest first, at most limit.
func (p *Project) FindingTrials(ctx context.Context, id scanner.FindingID, limit int) ([]FindingTrial, error) {
	return nil, errors.ErrUnsupported
}

// SetFindings sets the state of findings, with what a person wrote, in one step that can be undone by setting the old one.
func (p *Project) SetFindings(ctx context.Context, ids []scanner.FindingID, state scanner.FindingState, why string) error {
	return errors.ErrUnsupported
}

// NoteFinding replaces the note of a finding.
func (p *Project) NoteFinding(ctx context.Context, id scanner.FindingID, note string) error {
	return errors.ErrUnsupported
}

// CountFindings counts findings by severity and state.
func (p *Project) CountFindings(ctx context.Context) (map[scanner.Severity]map[scanner.FindingState]int, error) {
	return nil, errors.ErrUnsupported
}
