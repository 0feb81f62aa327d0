package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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

const findingColumns = `f.id, f.print, f.source, f.template, f.title, f.severity, f.owasp, f.target, f.name, f.class, f.state, f.note,
 f.first, f.last, f.count, f.run, f.n, f.trial, f.reason,
 CASE f.state WHEN 'fixed' THEN ifnull((SELECT max(e.run) ` + mendedBy + `), 0) ELSE 0 END`

func scanFinding(scan func(...any) error) (f scanner.Finding, err error) {
	var owasp string
	var first, last int64
	err = scan(&f.ID, &f.Print, &f.Source, &f.Template, &f.Title, (*string)(&f.Severity), &owasp, &f.Target, &f.Name, &f.Class, (*string)(&f.State), &f.Note,
		&first, &last, &f.Count, &f.Run, &f.Case, &f.Trial, &f.Reason, &f.Mended)
	f.OWASP, f.First, f.Last = unlines(owasp), timeOf(first), timeOf(last)
	return f, err
}

// findingOrders begin with the worst, the newest, the most frequent; names come in their order.
var findingOrders = map[string][]string{
	"": {fmt.Sprintf(severityRank, "f.severity"), "f.id"}, "severity": {fmt.Sprintf(severityRank, "f.severity"), "f.id"},
	"last": {"-f.last", "f.id"}, "first": {"-f.first", "f.id"}, "count": {"-f.count", "f.id"},
	"title": {"f.title COLLATE NOCASE", "f.id"}, "target": {"f.name COLLATE NOCASE", "f.id"}, "state": {"f.state", "f.id"},
}

// Findings lists findings, and how many there are without Offset and Limit.
func (p *Project) Findings(ctx context.Context, q FindingQuery) (findings []scanner.Finding, total int, err error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, 0, err
	}
	order, err := orderOf(findingOrders, q.Sort)
	if err != nil {
		return nil, 0, err
	}
	where, args := q.where()
	err = p.snapshot(ctx, func(tx querier) error {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM finding f WHERE "+where, args...).Scan(&total); err != nil {
			return err
		}
		findings, err = eachOf(ctx, tx, "SELECT "+findingColumns+" FROM finding f WHERE "+where+" ORDER BY "+order+" LIMIT ? OFFSET ?",
			append(args, limitOf(q.Limit), q.Offset), scanFinding)
		return err
	})
	return findings, total, err
}

func (q *FindingQuery) where() (string, []any) {
	var w conditions
	w.in("f.state", texts(q.States))
	w.in("f.severity", texts(q.Severities))
	w.in("f.source", q.Sources)
	w.in("f.target", q.Targets)
	w.line("f.owasp", q.OWASP)
	if q.Run != 0 {
		w.add("EXISTS (SELECT 1 FROM finding_trial s WHERE s.finding = f.id AND s.run = ?)", int64(q.Run))
	}
	w.within(q.Text, "f.title", "f.template", "f.target", "f.name", "f.reason", "f.note")
	return w.text()
}

// Finding returns one finding with its history, newest first.
func (p *Project) Finding(ctx context.Context, id scanner.FindingID) (*scanner.Finding, []scanner.FindingEvent, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, nil, errors.Join(err, ErrNoFinding)
	}
	var f scanner.Finding
	var events []scanner.FindingEvent
	err := p.snapshot(ctx, func(tx querier) (err error) {
		f, err = scanFinding(tx.QueryRowContext(ctx, "SELECT "+findingColumns+" FROM finding f WHERE f.id = ?", int64(id)).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoFinding
		}
		if err != nil {
			return err
		}
		events, err = eachOf(ctx, tx, "SELECT at, what, before, after, why, run FROM finding_event WHERE finding = ? ORDER BY id DESC", []any{int64(id)},
			func(scan func(...any) error) (e scanner.FindingEvent, err error) {
				var at int64
				err = scan(&at, &e.What, (*string)(&e.From), (*string)(&e.To), &e.Why, &e.Run)
				e.At = timeOf(at)
				return e, err
			})
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return &f, events, nil
}

// FindingTrial names one trial that shows a finding.
type FindingTrial struct {
	Run   scanner.RunID
	Case  int
	Trial int
}

// FindingTrials lists the trials that show a finding, newest first, at most limit; 0 for all.
func (p *Project) FindingTrials(ctx context.Context, id scanner.FindingID, limit int) ([]FindingTrial, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT run, n, trial FROM finding_trial WHERE finding = ? ORDER BY run DESC, n DESC, trial DESC LIMIT ?",
		[]any{int64(id), limitOf(limit)}, func(scan func(...any) error) (f FindingTrial, err error) {
			err = scan(&f.Run, &f.Case, &f.Trial)
			return f, err
		})
}

// SetFindings sets the state of findings, with what a person wrote, in one step that can be undone by setting the old one.
func (p *Project) SetFindings(ctx context.Context, ids []scanner.FindingID, state scanner.FindingState, why string) error {
	switch state {
	case scanner.FindingNew, scanner.FindingVerified, scanner.FindingAccepted, scanner.FindingFalsePositive, scanner.FindingFixed:
	default:
		return fmt.Errorf("%q is no state of a finding", state)
	}
	return p.updateWoken(ctx, func(t *tx) error {
		for _, id := range ids {
			kept, err := t.keptFinding("id", int64(id))
			if errors.Is(err, sql.ErrNoRows) {
				err = fmt.Errorf("finding %d: %w", id, ErrNoFinding)
			}
			if err != nil {
				return err
			}
			if kept.state == state && kept.before == "" && why == "" {
				continue
			}
			kept.before = ""
			if err := t.setFinding(&kept, state, scanner.FindingEvent{What: eventState, Why: why}); err != nil {
				return err
			}
		}
		return nil
	})
}

// NoteFinding replaces the note of a finding.
func (p *Project) NoteFinding(ctx context.Context, id scanner.FindingID, note string) error {
	return p.updateWoken(ctx, func(t *tx) error {
		n, err := t.changed("UPDATE finding SET note = ? WHERE id = ?", note, int64(id))
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNoFinding
		}
		return t.insertEvent(int64(id), &scanner.FindingEvent{What: eventNote, Why: note})
	})
}

// CountFindings counts findings by severity and state.
func (p *Project) CountFindings(ctx context.Context) (map[scanner.Severity]map[scanner.FindingState]int, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	counts := map[scanner.Severity]map[scanner.FindingState]int{}
	err := p.each(ctx, "SELECT severity, state, count(*) FROM finding GROUP BY 1, 2", nil, func(scan func(...any) error) error {
		var severity scanner.Severity
		var state scanner.FindingState
		var n int
		err := scan((*string)(&severity), (*string)(&state), &n)
		if counts[severity] == nil {
			counts[severity] = map[scanner.FindingState]int{}
		}
		counts[severity][state] = n
		return err
	})
	return counts, err
}
