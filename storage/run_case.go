package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"assay/scanner"
)

// ErrNoCase says that a run has no case of that number.
var ErrNoCase = errors.New("this case is not in the run")

// caseDefinition is what is kept of a case beside the columns: it never changes.
type caseDefinition struct {
	OWASP    []string          `json:"owasp,omitempty"`
	Strategy string            `json:"strategy,omitempty"`
	Request  int               `json:"request,omitempty"`
	Prompt   int               `json:"prompt,omitempty"`
	Values   map[string]string `json:"values,omitempty"`
	Trials   int               `json:"trials,omitempty"`
}

func (t *tx) insertCase(run int64, c *scanner.Case) error {
	definition, err := json.Marshal(caseDefinition{c.OWASP, c.Strategy, c.Request, c.Prompt, c.Values, c.Trials})
	if err != nil {
		return err
	}
	return t.run("INSERT INTO run_case (run, n, key, template, severity, target, mutation, definition) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		run, c.N, c.Key, c.Template, string(c.Severity), c.Target, c.Mutation, definition)
}

const caseColumns = `c.n, c.key, c.template, c.severity, c.target, c.mutation, c.done, c.verdict,
 c.vulnerable, c.resisted, c.unclear, c.errored, c.blocked, c.reason, c.decided, c.definition`

func scanCase(scan func(...any) error) (scanner.Case, error) {
	var c scanner.Case
	var definition []byte
	var severity, verdict string
	v := &c.Counts
	err := scan(&c.N, &c.Key, &c.Template, &severity, &c.Target, &c.Mutation, &c.Done, &verdict,
		&v.Vulnerable, &v.Resisted, &v.Unclear, &v.Errored, &c.Blocked, &c.Reason, &c.By, &definition)
	if err != nil {
		return c, err
	}
	c.Severity, c.Verdict = scanner.Severity(severity), scanner.Verdict(verdict)
	return c, decodeCase(definition, &c)
}

func decodeCase(definition []byte, c *scanner.Case) error {
	var d caseDefinition
	if err := json.Unmarshal(definition, &d); err != nil {
		return fmt.Errorf("case %d: %w: %w", c.N, errCodec, err)
	}
	c.OWASP, c.Strategy, c.Request, c.Prompt, c.Values, c.Trials = d.OWASP, d.Strategy, d.Request, d.Prompt, d.Values, d.Trials
	return nil
}

// Pending lists the cases of a run that are not done, in order, with the counts of their trials.
func (p *Project) Pending(ctx context.Context, id scanner.RunID) ([]scanner.Case, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT "+caseColumns+" FROM run_case c WHERE c.run = ? AND c.done = 0 ORDER BY c.n", []any{int64(id)}, scanCase)
}

// Case returns one case.
func (p *Project) Case(ctx context.Context, id scanner.RunID, n int) (scanner.Case, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return scanner.Case{}, errors.Join(err, ErrNoCase)
	}
	c, err := scanCase(p.readers.QueryRowContext(ctx, "SELECT "+caseColumns+" FROM run_case c WHERE c.run = ? AND c.n = ?", int64(id), n).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("case %d: %w", n, ErrNoCase)
	}
	return c, err
}

// CaseQuery selects cases of a run. Empty fields select everything.
type CaseQuery struct {
	Verdicts  []scanner.Verdict // pending cases have none: asked for with the empty verdict
	Templates []string
	Mutations []string
	Targets   []string
	Text      string // within template, mutation or reason
	Sort      string // n (usual), severity, verdict, template, mutation, target; "-" before it turns it round
	Offset    int    // into the sorted list
	Limit     int    // 0 for all
}

// severityRank puts the worst first.
const severityRank = "CASE %s WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 WHEN 'info' THEN 4 ELSE 5 END"

// caseOrders begin with the worst, and with what is vulnerable; then unclear, resisted, errored, pending.
var caseOrders = map[string][]string{
	"": {"c.n"}, "n": {"c.n"}, "severity": {fmt.Sprintf(severityRank, "c.severity"), "c.n"}, "verdict": {"-c.done", "-c.verdict", "c.n"},
	"template": {"c.template", "c.n"}, "mutation": {"c.mutation", "c.n"}, "target": {"c.target", "c.n"},
}

// Cases lists cases of a run, and how many there are without Offset and Limit.
func (p *Project) Cases(ctx context.Context, id scanner.RunID, q CaseQuery) (cases []scanner.Case, total int, err error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, 0, err
	}
	order, err := orderOf(caseOrders, q.Sort)
	if err != nil {
		return nil, 0, err
	}
	if len(q.Templates) > 0 { // the plus sign keeps SQLite from going through all in their order: an index leads to these
		order = strings.ReplaceAll(order, "c.n", "+c.n")
	}
	where, args := q.where(id)
	err = p.snapshot(ctx, func(tx querier) error {
		count := "SELECT count(*) FROM run_case c WHERE " + where
		if where == "c.run = ?" {
			count = "SELECT ifnull((SELECT cases FROM run_tally WHERE run = ?), 0)"
		}
		if err := tx.QueryRowContext(ctx, count, args...).Scan(&total); err != nil || q.Offset >= total {
			return err
		}
		if order == "c.n" || order == "c.n DESC" {
			cases, err = eachOf(ctx, tx, "SELECT "+caseColumns+" FROM run_case c WHERE "+where+" ORDER BY "+order+" LIMIT ? OFFSET ?",
				append(args, limitOf(q.Limit), q.Offset), scanCase)
			return err
		}
		// What is sorted is narrow: the rest comes for those of the page. CROSS keeps SQLite from going through all of them
		// instead, in the order that is wanted.
		page := "SELECT c.n AS at FROM run_case c WHERE " + where + " ORDER BY " + order + " LIMIT ? OFFSET ?"
		cases, err = eachOf(ctx, tx, "SELECT "+caseColumns+" FROM ("+page+") CROSS JOIN run_case c ON c.run = ? AND c.n = at ORDER BY "+order,
			append(args, limitOf(q.Limit), q.Offset, int64(id)), scanCase)
		return err
	})
	return cases, total, err
}

func (q *CaseQuery) where(id scanner.RunID) (string, []any) {
	var w conditions
	w.add("c.run = ?", int64(id))
	done := slices.DeleteFunc(texts(q.Verdicts), func(v string) bool { return v == "" })
	switch pending := len(done) < len(q.Verdicts); {
	case pending && len(done) == 0:
		w.add("c.done = 0")
	case pending:
		w.in("c.done = 0 OR c.done = 1 AND c.verdict", done)
	case len(done) > 0:
		w.add("c.done = 1")
		w.in("c.verdict", done)
	}
	w.in("c.template", q.Templates)
	w.in("c.mutation", q.Mutations)
	w.in("c.target", q.Targets)
	w.within(q.Text, "c.template", "c.mutation", "c.reason")
	return w.text()
}

// CaseCounts are the cases of a run by two words of theirs and verdict: for the heat map of template and mutation.
type CaseCounts struct {
	Row, Column string
	Verdicts    scanner.Verdicts
	Pending     int
}

// CountCases counts the cases of a run by two of template, mutation, target, severity.
func (p *Project) CountCases(ctx context.Context, id scanner.RunID, row, column string) ([]CaseCounts, error) {
	for _, word := range []string{row, column} {
		switch word {
		case "template", "mutation", "target", "severity":
		default:
			return nil, fmt.Errorf("cases are not counted by %q: choose template, mutation, target or severity", word)
		}
	}
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	query := "SELECT c." + row + ", c." + column + `, sum(c.done AND c.verdict = 'vulnerable'), sum(c.done AND c.verdict = 'resisted'),
		sum(c.done AND c.verdict = 'unclear'), sum(c.done AND c.verdict = 'errored'), sum(NOT c.done)
		FROM run_case c WHERE c.run = ? GROUP BY 1, 2 ORDER BY 1, 2`
	return eachOf(ctx, p.readers, query, []any{int64(id)}, func(scan func(...any) error) (c CaseCounts, err error) {
		v := &c.Verdicts
		err = scan(&c.Row, &c.Column, &v.Vulnerable, &v.Resisted, &v.Unclear, &v.Errored, &c.Pending)
		return c, err
	})
}
