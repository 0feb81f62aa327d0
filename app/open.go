package app

import (
	"context"
	"errors"

	"assay/proxy"
	"assay/scanner"
	"assay/storage"
)

// Project is an open project: its store, and a reader that works out what its exchanges meant once they are committed.
type Project struct {
	app       *App
	store     *storage.Project
	reader    *reader // nil where the project is read-only
	catalogue *Catalogue
	keys      modelKeys // that were handed over and not kept
	tests     testRuns  // that are carried out here
	guarding  guarding  // of its recorders
	outbox    outbox    // what goes out
	notices   notices   // what a person is told who looks elsewhere
	snapshots snapshots // how things stood
}

// OpenProject opens a project for writing, making it where there is none; the last one used when path is empty. Where
// another process has it, it is opened for reading only, and Store().ReadOnly says why.
func (a *App) OpenProject(ctx context.Context, path string) (*Project, error) {
	store, err := a.project(ctx, path, toWrite)
	if locked, is := errors.AsType[*storage.LockedError](err); is {
		if store, err = a.project(ctx, locked.Path, toRead); err == nil {
			store.Because(locked.Holder() + " writes it")
			return &Project{app: a, store: store, catalogue: newCatalogue(store)}, nil
		}
	}
	if err != nil {
		return nil, err
	}
	p := &Project{app: a, store: store, catalogue: newCatalogue(store)}
	if ro, _ := store.ReadOnly(); !ro {
		p.reader = a.startReader(context.WithoutCancel(ctx), store, p.tellThreats)
		p.snapshots.start(context.WithoutCancel(ctx), p)
	}
	return p, nil
}

// Store returns what the project holds.
func (p *Project) Store() *storage.Project { return p.store }

// Catalogue returns the project's endpoints, ready to be listed.
func (p *Project) Catalogue() *Catalogue { return p.catalogue }

// Close interrupts the runs of tests, reads what is unread and keeps how things stand after runs, as far as patience goes, and
// closes the file. Recordings into it must be closed before.
func (p *Project) Close() error {
	p.tests.stop()
	p.snapshots.stop()
	if p.reader != nil {
		p.reader.stop()
		ctx, cancel := context.WithTimeout(context.Background(), readPatience)
		defer cancel()
		if err := errors.Join(p.store.Recorder().Flush(ctx), p.reader.catchUp(ctx)); err != nil {
			p.app.log().Warn("not everything was read when the project was closed", "err", err)
		}
		p.takeDue(ctx)
	}
	p.guarding.stop()
	if lost := p.outbox.stop(outletClosing); lost > 0 {
		p.app.log().Warn("alerts were not delivered", "alerts", lost)
	}
	return p.store.Close()
}

// readOnly says why the project cannot be changed.
func (p *Project) readOnly() error {
	_, why := p.store.ReadOnly()
	return &Error{
		Code: CodeBusy, Message: "this project is open for reading only: " + why,
		Hint: "close the other program, then open the project again",
	}
}

// Record binds the port and records into the project until the recording is closed.
func (p *Project) Record(ctx context.Context, o RecordOptions) (*Recording, error) {
	a := p.app
	if ro, why := p.store.ReadOnly(); ro {
		return nil, &Error{
			Code: CodeFailed, Message: "cannot record into " + p.store.Path() + ": " + why,
			Hint: "--project names another file", InWindow: "close the other program and open the project again, or open another one",
		}
	}
	config, err := o.config()
	if err != nil {
		return nil, err
	}
	authority, err := a.authority()
	if err != nil {
		return nil, err
	}
	r := &Recording{app: a, project: p, authority: authority, serving: make(chan struct{})}
	config.Authority, config.Root = authority, authority.PEM()
	config.Recorder, config.Log, config.Guard = p.store.Recorder(), a.log(), &p.guarding
	if r.server, err = proxy.New(config); err != nil {
		return nil, err
	}
	if r.unguard, err = p.guardRecorder(ctx, scanner.GuardMode(o.Guard)); err != nil {
		return nil, err
	}
	if err := r.server.Listen(ctx); err != nil {
		r.unguard()
		return nil, &Error{
			Code: CodeBusy, Message: "cannot listen", Err: err,
			Hint:     "--listen names another address, --allow-remote permits one that others can reach",
			InWindow: "Settings, Capture takes another port, and lets other machines connect",
		}
	}
	if err = r.announce(ctx); err != nil {
		r.unguard()
		return nil, errors.Join(err, r.server.Shutdown(ctx))
	}
	go func() {
		defer close(r.serving)
		r.err = r.server.Serve(context.WithoutCancel(ctx))
	}()
	return r, nil
}
