package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"assay/scanner"
)

// What happened to a finding, as its history says.
const (
	eventSeen      = "seen"
	eventSeenAgain = "seen again"
	eventState     = "state"
	eventNote      = "note"
	eventFixed     = "fixed"
)

// classPerson is the class of findings that no signal proves but a person.
const classPerson = "person"

// keptFinding is what is kept of a finding that changes with what trials show.
type keptFinding struct {
	id            int64
	state, before scanner.FindingState
	run           int64
}

func (t *tx) keptFinding(where string, arg any) (f keptFinding, err error) {
	err = t.get("SELECT id, state, before, run FROM finding WHERE "+where+" = ?", []any{arg}, &f.id, (*string)(&f.state), (*string)(&f.before), &f.run)
	return f, err
}

// saveFinding keeps what a trial shows: a finding that is new, or one more trial for one that is known. standing is false
// where a person said otherwise of trials like this one.
func (t *tx) saveFinding(run int64, trial *scanner.Trial, f *scanner.Finding, standing bool) error {
	at := unixMicro(cmp.Or(trial.Started, time.Now()).Add(trial.Took))
	kept, err := t.keptFinding("print", f.Print)
	if errors.Is(err, sql.ErrNoRows) {
		if kept, err = t.insertFinding(run, trial, f, at); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	again := kept.run != run
	if again {
		if err := t.get("SELECT NOT EXISTS (SELECT 1 FROM finding_trial WHERE finding = ? AND run = ?)", []any{kept.id, run}, &again); err != nil {
			return err
		}
	}
	n, err := t.changed("INSERT INTO finding_trial (finding, run, n, trial) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", kept.id, run, trial.Case, trial.N)
	if err != nil || n == 0 {
		return err
	}
	if err := t.countFinding(&kept, run, trial, f, at); err != nil {
		return err
	}
	switch {
	case !standing || kept.before != "":
		return t.settleFinding(kept.id, "")
	case kept.state == scanner.FindingFixed:
		return t.setFinding(&kept, scanner.FindingNew, scanner.FindingEvent{What: eventSeenAgain, Why: "it was fixed, and is there again", Run: scanner.RunID(run)})
	case again:
		return t.insertEvent(kept.id, &scanner.FindingEvent{What: eventSeenAgain, Run: scanner.RunID(run)})
	}
	return nil
}

// insertFinding keeps a finding that no trial shows yet.
func (t *tx) insertFinding(run int64, trial *scanner.Trial, f *scanner.Finding, at int64) (keptFinding, error) {
	kept := keptFinding{state: scanner.FindingNew, run: run}
	err := t.get(`INSERT INTO finding (print, source, template, title, severity, owasp, target, name, class, state, first, last, count, run, n, trial, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?) RETURNING id`,
		[]any{
			f.Print, cmp.Or(f.Source, "test"), f.Template, f.Title, string(f.Severity), lines(f.OWASP), f.Target, f.Name, f.Class, string(kept.state), at, at,
			run, trial.Case, trial.N, f.Reason,
		}, &kept.id)
	if err != nil {
		return kept, err
	}
	return kept, t.insertEvent(kept.id, &scanner.FindingEvent{What: eventSeen, To: kept.state, Run: scanner.RunID(run)})
}

// countFinding counts one more trial. What the newest run says of the finding is what it says.
func (t *tx) countFinding(kept *keptFinding, run int64, trial *scanner.Trial, f *scanner.Finding, at int64) error {
	if run < kept.run {
		return t.run("UPDATE finding SET count = count + 1, first = min(first, ?1), last = max(last, ?1) WHERE id = ?2", at, kept.id)
	}
	return t.run(`UPDATE finding SET count = count + 1, first = min(first, ?1), last = max(last, ?1), run = ?2, n = ?3, trial = ?4, reason = ?5,
		title = ?6, severity = ?7, owasp = ?8, name = ?9 WHERE id = ?10`,
		at, run, trial.Case, trial.N, f.Reason, f.Title, string(f.Severity), lines(f.OWASP), f.Name, kept.id)
}

func (t *tx) insertEvent(finding int64, e *scanner.FindingEvent) error {
	return t.run("INSERT INTO finding_event (finding, at, what, before, after, why, run) VALUES (?, ?, ?, ?, ?, ?, ?)",
		finding, unixMicro(cmp.Or(e.At, time.Now())), e.What, string(e.From), string(e.To), e.Why, int64(e.Run))
}

// setFinding brings a finding into a state, and says so in its history.
func (t *tx) setFinding(kept *keptFinding, state scanner.FindingState, e scanner.FindingEvent) error {
	if err := t.run("UPDATE finding SET state = ?, before = ? WHERE id = ?", string(state), string(kept.before), kept.id); err != nil {
		return err
	}
	e.From, e.To = kept.state, state
	kept.state = state
	return t.insertEvent(kept.id, &e)
}

// settleFinding makes a finding a false positive when a person overruled every trial that shows it, and what it was when
// that is taken back. A state that a person set meanwhile stays.
func (t *tx) settleFinding(id int64, why string) error {
	kept, err := t.keptFinding("id", id)
	if err != nil {
		return err
	}
	var standing bool
	err = t.get(`SELECT EXISTS (SELECT 1 FROM finding_trial f JOIN trial t ON t.run = f.run AND t.n = f.n AND t.trial = f.trial
		WHERE f.finding = ? AND t.verdict = 'vulnerable')`, []any{id}, &standing)
	switch {
	case err != nil:
		return err
	case !standing && kept.state != scanner.FindingFalsePositive:
		kept.before = kept.state
		return t.setFinding(&kept, scanner.FindingFalsePositive, scanner.FindingEvent{What: eventState, Why: cmp.Or(why, "everything that shows it was overruled")})
	case standing && kept.state == scanner.FindingFalsePositive && kept.before != "":
		state := kept.before
		kept.before = ""
		return t.setFinding(&kept, state, scanner.FindingEvent{What: eventState, Why: cmp.Or(why, "what shows it counts again")})
	}
	return nil
}

// findByPerson keeps findings for trials that a person calls vulnerable and that show none yet.
func (t *tx) findByPerson(o *scanner.Overrule) error {
	var keys []trialKey
	err := t.each(`SELECT t.run, t.n, t.trial FROM trial t WHERE t.print = ?
		AND NOT EXISTS (SELECT 1 FROM finding_trial f WHERE f.run = t.run AND f.n = t.n AND f.trial = t.trial) ORDER BY 1, 2, 3`,
		[]any{o.Print}, func(scan func(...any) error) error {
			var k trialKey
			err := scan(&k.run, &k.n, &k.no)
			keys = append(keys, k)
			return err
		})
	for _, k := range keys {
		if err == nil {
			err = t.findAt(k, o)
		}
	}
	return err
}

// findAt keeps the finding that a person made of one trial.
func (t *tx) findAt(k trialKey, o *scanner.Overrule) error {
	c, err := t.caseAt(k.run, k.n)
	if err != nil {
		return err
	}
	f := &scanner.Finding{
		Print: scanner.Fingerprint(c.Template, c.Target, classPerson), Source: "test", Template: c.Template, Title: c.Template, Severity: c.Severity, OWASP: c.OWASP,
		Target: c.Target, Name: c.Target, Class: classPerson, Reason: o.Reason,
	}
	// What others found with the template has its words.
	err = t.get("SELECT title, name FROM finding WHERE template = ? ORDER BY target = ? DESC, id LIMIT 1", []any{c.Template, c.Target}, &f.Title, &f.Name)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	trial := &scanner.Trial{Case: k.n, N: k.no, Started: o.At}
	return t.saveFinding(k.run, trial, f, true)
}

func (t *tx) caseAt(run int64, n int) (scanner.Case, error) {
	s, err := t.stmt("SELECT " + caseColumns + " FROM run_case c WHERE c.run = ? AND c.n = ?") //nolint:sqlclosecheck // kept as long as the connection
	if err != nil {
		return scanner.Case{}, err
	}
	return scanCase(s.QueryRowContext(context.Background(), run, n).Scan)
}
