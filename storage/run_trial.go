package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// SaveTrials keeps trials with their exchanges and findings in one transaction, finishes their cases where the record says
// so, and brings the run's tally up to date: a run holds each case once, by the verdict of all its trials. It fills in
// Trial.Exchanges. Values named as secrets are sealed wherever they stand in the exchanges and texts. A trial that is kept
// already changes nothing.
func (p *Project) SaveTrials(ctx context.Context, run scanner.RunID, records []*scanner.TrialRecord) error {
	if len(records) == 0 {
		return nil
	}
	b := &trialBatch{run: int64(run)}
	err := p.update(ctx, func(t *tx) error {
		*b = trialBatch{run: b.run, cases: map[int]*caseState{}, kept: make([][]traffic.ID, len(records))}
		if err := b.open(t); err != nil {
			return err
		}
		for i, r := range records {
			if err := b.save(t, i, r); err != nil {
				return fmt.Errorf("keep trial %d of case %d: %w", r.Trial.N, r.Trial.Case, err)
			}
		}
		return b.close(t)
	})
	if err != nil {
		for _, id := range b.taken { // what lies beside the database is not rolled back
			err = errors.Join(err, removeIfThere(p.partFile(id, traffic.FromClient)), removeIfThere(p.partFile(id, traffic.FromServer)))
		}
		if diskFull(err) {
			err = errors.Join(errors.New("the disk is full: make room and resume the run"), err)
		}
		return err
	}
	for i, r := range records {
		r.Trial.Exchanges = b.kept[i]
	}
	p.rec.sent(len(b.exchanges), b.bytes)
	p.feeds.publish(b.exchanges, nil)
	p.feeds.wake()
	p.work.ended(b.exchanges)
	return nil
}

// SaveExchange keeps one exchange that was sent outside of any trial: a baseline, a login, the try of a model.
func (p *Project) SaveExchange(ctx context.Context, r *traffic.Record, secrets []string) (id traffic.ID, err error) {
	err = p.update(ctx, func(t *tx) error {
		id = traffic.ID(p.nextID.Add(1))
		clean, _ := p.seal.tested(r, p.seal.cleaner(secrets))
		return t.insertRecord(id, clean)
	})
	if err != nil {
		return 0, err
	}
	p.feeds.publish([]traffic.ID{id}, nil)
	p.work.ended([]traffic.ID{id})
	return id, nil
}

// trialBatch is one transaction of SaveTrials.
type trialBatch struct {
	run       int64
	overruled bool // there are overrules at all
	cases     map[int]*caseState
	cleaner   *cleaner
	delta     tallyDelta
	kept      [][]traffic.ID // of each record
	taken     []traffic.ID   // ids that were given
	exchanges []traffic.ID   // that were written
	bytes     int64          // of their bodies
}

func (b *trialBatch) open(t *tx) error {
	var known bool
	if err := t.get("SELECT EXISTS (SELECT 1 FROM run_tally WHERE run = ?), EXISTS (SELECT 1 FROM overrule)", []any{b.run}, &known, &b.overruled); err != nil {
		return err
	}
	if !known {
		return ErrNoRun
	}
	return nil
}

func (b *trialBatch) save(t *tx, i int, r *scanner.TrialRecord) error {
	c, err := b.caseOf(t, r.Trial.Case)
	if err != nil {
		return err
	}
	c.done = c.done || r.Done
	clean := b.cleanerOf(t, r.Secrets)
	exchanges, moved := make([]*traffic.Record, len(r.Exchanges)), shifts(nil)
	for j, x := range r.Exchanges {
		exchanges[j], moved = t.p.seal.tested(x, clean)
	}
	trial := clean.trial(&r.Trial, moved)
	unruled(trial)
	if len(exchanges) > 0 {
		trial.Exchanges = t.p.newIDs(len(exchanges))
		b.taken = append(b.taken, trial.Exchanges...)
	}
	over, err := b.overruleOf(t, trial.Print)
	if err != nil {
		return err
	}
	fresh, err := t.insertTrial(b.run, trial, over)
	if err != nil {
		return err
	}
	if !fresh {
		b.kept[i], err = t.exchangesOf(b.run, trial)
		return err
	}
	b.kept[i] = trial.Exchanges
	for j, x := range exchanges {
		if err := t.insertRecord(trial.Exchanges[j], x); err != nil {
			return err
		}
		b.bytes += recordSize(x)
	}
	b.exchanges = append(b.exchanges, trial.Exchanges[:len(exchanges)]...)
	state := stateOf(trial, over)
	c.add(state)
	b.delta.use.add(trial)
	if r.Finding == nil {
		return nil
	}
	return t.saveFinding(b.run, trial, clean.finding(r.Finding), state.verdict == scanner.Vulnerable)
}

// newIDs takes n ids for exchanges.
func (p *Project) newIDs(n int) []traffic.ID {
	ids := make([]traffic.ID, n)
	first := p.nextID.Add(int64(n)) - int64(n) + 1
	for i := range ids {
		ids[i] = traffic.ID(first + int64(i))
	}
	return ids
}

// cleanerOf returns what takes secrets out: the trials of a batch mostly have the same.
func (b *trialBatch) cleanerOf(t *tx, secrets []string) *cleaner {
	if b.cleaner == nil || !slices.Equal(b.cleaner.of, secrets) {
		b.cleaner = t.p.seal.cleaner(secrets)
	}
	return b.cleaner
}

// caseOf returns a case as it is within the transaction, and takes it out of the tally until the batch is closed.
func (b *trialBatch) caseOf(t *tx, n int) (*caseState, error) {
	if c := b.cases[n]; c != nil {
		return c, nil
	}
	c, err := t.caseState(b.run, n)
	if err != nil {
		return nil, err
	}
	b.cases[n] = c
	b.delta.count(c, -1)
	return c, nil
}

func (b *trialBatch) overruleOf(t *tx, print string) (*scanner.Overrule, error) {
	if !b.overruled {
		return nil, nil
	}
	return t.overrule(print)
}

func (b *trialBatch) close(t *tx) error {
	for _, c := range b.cases {
		if err := t.saveCase(b.run, c); err != nil {
			return err
		}
		b.delta.count(c, 1)
	}
	return t.addTally(b.run, time.Now().UnixMicro(), &b.delta)
}

func (t *tx) caseState(run int64, n int) (*caseState, error) {
	c := &caseState{n: n}
	var verdict string
	v := &c.counts
	err := t.get("SELECT done, verdict, vulnerable, resisted, unclear, errored, blocked, decider, reason, decided FROM run_case WHERE run = ? AND n = ?", []any{run, n},
		&c.done, &verdict, &v.Vulnerable, &v.Resisted, &v.Unclear, &v.Errored, &c.blocked, &c.decider, &c.reason, &c.by)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoCase
	}
	c.verdict = scanner.Verdict(verdict)
	return c, err
}

func (t *tx) saveCase(run int64, c *caseState) error {
	v := &c.counts
	return t.run("UPDATE run_case SET done = ?, verdict = ?, vulnerable = ?, resisted = ?, unclear = ?, errored = ?, blocked = ?, decider = ?, reason = ?, decided = ? WHERE run = ? AND n = ?",
		number(c.done), string(c.verdict), v.Vulnerable, v.Resisted, v.Unclear, v.Errored, number(c.blocked), c.decider, c.reason, c.by, run, c.n)
}

// insertTrial keeps a trial and reports whether it was not kept before.
func (t *tx) insertTrial(run int64, trial *scanner.Trial, over *scanner.Overrule) (bool, error) {
	ruled := trial.Judgement.Verdict
	if !isVerdict(ruled) {
		return false, fmt.Errorf("%q is no verdict", ruled)
	}
	verdict := ruled
	if over != nil {
		verdict = over.Verdict
	}
	definition, err := packTrial(trial)
	if err != nil {
		return false, err
	}
	n, err := t.changed("INSERT INTO trial (run, n, trial, verdict, ruled, print, definition) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		run, trial.Case, trial.N, string(verdict), string(ruled), trial.Print, definition)
	return n > 0, err
}

// exchangesOf returns what a trial that is kept already exchanged.
func (t *tx) exchangesOf(run int64, trial *scanner.Trial) ([]traffic.ID, error) {
	var definition []byte
	if err := t.get("SELECT definition FROM trial WHERE run = ? AND n = ? AND trial = ?", []any{run, trial.Case, trial.N}, &definition); err != nil {
		return nil, err
	}
	kept, err := unpackTrial(definition)
	if err != nil {
		return nil, err
	}
	return kept.Exchanges, nil
}

// squeezedTrial is from how many bytes on a trial is compressed.
const squeezedTrial = 1 << 10

// packTrial writes a trial: JSON, or a Zstandard frame of it, which begins with another byte.
func packTrial(t *scanner.Trial) ([]byte, error) {
	b, err := json.Marshal(t)
	if err != nil || len(b) < squeezedTrial {
		return b, err
	}
	return squeezeFast(b)
}

func unpackTrial(b []byte) (t scanner.Trial, err error) {
	if len(b) > 0 && b[0] != '{' {
		if b, err = inflate(b); err != nil {
			return t, err
		}
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return t, fmt.Errorf("a trial: %w: %w", errCodec, err)
	}
	return t, nil
}

// unruled takes out of a trial what a person said: it is kept once, for all trials like it.
func unruled(t *scanner.Trial) {
	if t.Judgement.By != byPerson || t.Rules == nil {
		return
	}
	t.Judgement, t.Rules = *t.Rules, nil
	if v := t.Vote; v != nil && v.Verdict != t.Judgement.Verdict && v.Verdict != "" {
		rules := t.Judgement
		t.Rules = &rules
		t.Judgement = scanner.Judgement{Verdict: v.Verdict, Reason: v.Reason, Evidence: rules.Evidence, By: "model"}
	}
}

const selectTrial = `SELECT t.definition, o.verdict, o.reason FROM trial t LEFT JOIN overrule o ON o.print = t.print`

func scanTrial(scan func(...any) error) (scanner.Trial, error) {
	var definition []byte
	var verdict, reason sql.NullString
	if err := scan(&definition, &verdict, &reason); err != nil {
		return scanner.Trial{}, err
	}
	t, err := unpackTrial(definition)
	if err == nil && verdict.Valid {
		overruled(&t, scanner.Verdict(verdict.String), reason.String)
	}
	return t, err
}

// Trials lists the trials of a case, in order.
func (p *Project) Trials(ctx context.Context, id scanner.RunID, n int) ([]scanner.Trial, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, selectTrial+" WHERE t.run = ? AND t.n = ? ORDER BY t.trial", []any{int64(id), n}, scanTrial)
}

// CaseTrial is one trial with its case.
type CaseTrial struct {
	Case  scanner.Case
	Trial scanner.Trial
}

// eachTrialPage is how many cases EachTrial has in memory.
const eachTrialPage = 100

// EachTrial gives every trial of a run with its case, in order, without holding them all.
func (p *Project) EachTrial(ctx context.Context, id scanner.RunID) iter.Seq2[CaseTrial, error] {
	return func(yield func(CaseTrial, error) bool) {
		if known, err := p.knowsTests(ctx); err != nil || !known {
			if err != nil {
				yield(CaseTrial{}, err)
			}
			return
		}
		for last := 0; ; {
			page, err := p.trialPage(ctx, id, last)
			if err != nil {
				yield(CaseTrial{}, err)
				return
			}
			for _, of := range page {
				for _, t := range of.trials {
					if !yield(CaseTrial{of.c, t}, nil) {
						return
					}
				}
				last = of.c.N
			}
			if len(page) < eachTrialPage {
				return
			}
		}
	}
}

type caseTrials struct {
	c      scanner.Case
	trials []scanner.Trial
}

// trialPage returns the next cases after one, with their trials.
func (p *Project) trialPage(ctx context.Context, id scanner.RunID, after int) (page []caseTrials, err error) {
	err = p.snapshot(ctx, func(tx querier) error {
		cases, err := eachOf(ctx, tx, "SELECT "+caseColumns+" FROM run_case c WHERE c.run = ? AND c.n > ? ORDER BY c.n LIMIT ?", []any{int64(id), after, eachTrialPage}, scanCase)
		if err != nil || len(cases) == 0 {
			return err
		}
		at := map[int]int{}
		for i, c := range cases {
			page = append(page, caseTrials{c: c})
			at[c.N] = i
		}
		trials, err := eachOf(ctx, tx, selectTrial+" WHERE t.run = ? AND t.n BETWEEN ? AND ? ORDER BY t.n, t.trial",
			[]any{int64(id), cases[0].N, cases[len(cases)-1].N}, scanTrial)
		for _, t := range trials {
			of := &page[at[t.Case]]
			of.trials = append(of.trials, t)
		}
		return err
	})
	return page, err
}
