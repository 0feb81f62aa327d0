package app

import (
	"context"
	"errors"
	"slices"

	"assay/scanner"
	"assay/scanner/watch"
	"assay/storage"
)

// ActorOptions select actors. Empty fields select everything.
type ActorOptions struct {
	Kinds []string
	Text  string
	Limit int
}

// Actors lists whoever sent the traffic of a project, the riskiest first.
func (a *App) Actors(ctx context.Context, path string, o ActorOptions) (actors []*scanner.Actor, err error) {
	for _, kind := range o.Kinds {
		if !slices.Contains(watch.UsualIdentity, kind) {
			return nil, usagef("the kinds are "+list(watch.UsualIdentity), "there is no kind of actor %q", Harmless(kind, 40))
		}
	}
	p, err := a.watched(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	actors, _, err = p.Actors(ctx, storage.ActorQuery{Kinds: o.Kinds, Text: o.Text, Limit: o.Limit})
	return actors, err
}

// ActorDetail is one actor with its threats.
type ActorDetail struct {
	scanner.Actor
	Threats []ThreatRow `json:"threats"`
}

// Actor returns one actor, by its key or by a name that only one has.
func (a *App) Actor(ctx context.Context, path, which string) (d *ActorDetail, err error) {
	p, err := a.watched(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	actor, err := findActor(ctx, p, which)
	if err != nil {
		return nil, err
	}
	threats, _, err := p.Threats(ctx, storage.ThreatQuery{Actors: []scanner.ActorKey{actor.Key}})
	d = &ActorDetail{Actor: *actor, Threats: []ThreatRow{}}
	for _, t := range threats {
		d.Threats = append(d.Threats, threatRow(t))
	}
	return d, err
}

func findActor(ctx context.Context, p *storage.Project, which string) (*scanner.Actor, error) {
	actor, err := p.Actor(ctx, scanner.ActorKey(which))
	if !errors.Is(err, storage.ErrNoActor) {
		return actor, err
	}
	found, total, err := p.Actors(ctx, storage.ActorQuery{Text: which, Limit: 2})
	switch {
	case err != nil:
		return nil, err
	case total == 1:
		return found[0], nil
	case total > 1:
		return nil, usagef("name its key, as `assay threats actors` prints it", "%d actors are called %q", total, Harmless(which, 40))
	}
	return nil, &Error{Code: CodeNotFound, Message: "there is no actor " + Harmless(which, 60), Hint: "`assay threats actors` lists them"}
}

// checkIdentity refuses what tells nobody apart.
func checkIdentity(by []string) error {
	for i, how := range by {
		if !slices.Contains(watch.UsualIdentity, how) {
			return usagef(nearOr(how, watch.UsualIdentity, "they are "+list(watch.UsualIdentity)), "actors cannot be told apart by %q", Harmless(how, 40))
		}
		if slices.Contains(by[:i], how) {
			return usagef("", "%s is named twice", how)
		}
	}
	return nil
}

// Identify says by what the actors of a project are told apart, the first first, and watches everything anew. Nothing
// named means the usual way.
func (a *App) Identify(ctx context.Context, path string, by []string, progress func(done, all int64)) error {
	if err := checkIdentity(by); err != nil {
		return err
	}
	return a.change(ctx, path, func(p *storage.Project) error {
		if err := p.SetIdentity(ctx, by); err != nil {
			return err
		}
		return a.newAnalyst(p).rewatch(ctx, progress)
	})
}

// Identify says by what the actors of the open project are told apart, and watches everything anew.
func (p *Project) Identify(ctx context.Context, by []string, progress func(done, all int64)) error {
	if err := checkIdentity(by); err != nil {
		return err
	}
	if err := p.changeWatch(func() error { return p.store.SetIdentity(ctx, by) }); err != nil {
		return err
	}
	return p.Rewatch(ctx, progress)
}

// Identity is by what the actors of a project are told apart, the first first.
func (a *App) Identity(ctx context.Context, path string) ([]string, error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	by, err := p.Identity(ctx)
	if len(by) == 0 {
		by = watch.UsualIdentity
	}
	return by, err
}
