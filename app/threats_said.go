package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// HarmlessOptions say for what a threat is harmless.
type HarmlessOptions struct {
	Actor  bool   // only for the actor of the threat
	Where  string // only for exchanges that this filter selects
	Reason string
}

// exceptionOf is the exception that a person makes of a threat.
func exceptionOf(t *scanner.Threat, o HarmlessOptions) (scanner.Exception, error) {
	e := scanner.Exception{Rule: t.Rule, Where: o.Where, Reason: o.Reason, Added: time.Now().UTC()}
	if o.Actor {
		if t.Actor == "" {
			return e, usagef("leave --actor out, or use --where", "nothing tells whose this threat is")
		}
		e.Actor = t.Actor
	}
	return e, checkException(&e)
}

// checkException refuses what could never hold, or cannot be read.
func checkException(e *scanner.Exception) error {
	if e.Rule == "" {
		return usagef("name a rule, or * for all", "nothing says of which rule this is an exception")
	}
	q, err := parseQuery(e.Where)
	if err != nil || q == nil {
		return err
	}
	for _, field := range q.Fields() {
		if slices.Contains(notInSight, field) {
			return usagef("use what the exchange itself says, as host, path, model or user", "what %s asks is not known while an exchange is watched", field)
		}
	}
	return nil
}

// notInSight are fields of the filter language that nobody knows while an exchange is watched.
var notInSight = []string{
	"place", "asset", "access", "auth", "documented", "risk", "count", "first", "last", "new", "tag", "note", "colour", "threat", "actor", "severity",
}

// Harmless says that a threat is harmless: it is marked so, and the rule does not speak of it again, within the scope that
// is named. It returns the exception.
func (a *App) Harmless(ctx context.Context, path, which string, o HarmlessOptions) (e scanner.Exception, err error) {
	id, err := threatID(which)
	if err != nil {
		return e, err
	}
	err = a.change(ctx, path, func(p *storage.Project) error {
		e, err = harmless(ctx, p, id, o)
		return noThreat(which, err)
	})
	return e, err
}

// Harmless says that a threat is harmless, as App.Harmless does.
func (p *Project) Harmless(ctx context.Context, id scanner.ThreatID, o HarmlessOptions) (e scanner.Exception, err error) {
	err = p.changeWatch(func() error {
		e, err = harmless(ctx, p.store, id, o)
		return err
	})
	return e, err
}

func harmless(ctx context.Context, p *storage.Project, id scanner.ThreatID, o HarmlessOptions) (e scanner.Exception, err error) {
	t, err := p.Threat(ctx, id)
	if err != nil {
		return e, err
	}
	if e, err = exceptionOf(t, o); err != nil {
		return e, err
	}
	if e.ID, err = p.AddException(ctx, e); err != nil {
		return e, err
	}
	_, err = p.SetThreats(ctx, []scanner.ThreatID{id}, scanner.ThreatHarmless, o.Reason)
	return e, err
}

// AddException keeps that a rule is not to speak of something.
func (p *Project) AddException(ctx context.Context, e scanner.Exception) (id int64, err error) {
	if err := checkException(&e); err != nil {
		return 0, err
	}
	if e.Added.IsZero() {
		e.Added = time.Now().UTC()
	}
	err = p.changeWatch(func() error {
		id, err = p.store.AddException(ctx, e)
		return err
	})
	return id, err
}

// RemoveException makes a rule speak again of what a person called harmless.
func (p *Project) RemoveException(ctx context.Context, id int64) error {
	return p.changeWatch(func() error { return p.store.RemoveException(ctx, id) })
}

// Exceptions lists what a person called harmless, the newest first.
func (a *App) Exceptions(ctx context.Context, path string) ([]scanner.Exception, error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	return p.Exceptions(ctx)
}

// RemoveException makes a rule speak again of what a person called harmless.
func (a *App) RemoveException(ctx context.Context, path, which string) error {
	id, err := strconv.ParseInt(which, 10, 64)
	if err != nil {
		return usagef("`assay threats exceptions ls` prints the ids", "%q is not the id of an exception", Harmless(which, 40))
	}
	return a.change(ctx, path, func(p *storage.Project) error {
		err := p.RemoveException(ctx, id)
		if errors.Is(err, storage.ErrNoException) {
			return &Error{Code: CodeNotFound, Message: "there is no exception " + which, Hint: "`assay threats exceptions ls` lists them"}
		}
		return err
	})
}

// earliest is the beginning of the stretch of time that a filter of one `since:` asks for.
func earliest(q *traffic.Query, now time.Time) (time.Time, bool) {
	compare, ok := q.Root.(traffic.Compare)
	if !ok || len(compare.Values) != 1 {
		return time.Time{}, false
	}
	from, _ := compare.Values[0].Bounds(now)
	return time.UnixMicro(from).UTC(), true
}
