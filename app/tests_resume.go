package app

import (
	"context"
	"fmt"
	"slices"
	"testing/fstest"

	"assay/scanner"
	"assay/scanner/template"
)

// ResumeTest goes on with a run that was paused, stopped or interrupted. Options may bring keys and a larger budget; the
// rest is the run's own.
func (p *Project) ResumeTest(ctx context.Context, id scanner.RunID, o TestOptions) error {
	run, err := p.again(ctx, id, &o)
	if err != nil {
		return err
	}
	if run.State == scanner.RunDone {
		return &Error{
			Code: CodeUsage, Message: fmt.Sprintf("run %d is done", id),
			Hint: fmt.Sprintf("`assay test show %d` shows it, `assay test resume %d --retry` sends again what errored", id, id),
		}
	}
	return p.relaunch(ctx, run, &o)
}

// RetryTest sends again what errored.
func (p *Project) RetryTest(ctx context.Context, id scanner.RunID, o TestOptions) error {
	run, err := p.again(ctx, id, &o)
	if err != nil {
		return err
	}
	n, err := p.store.Reopen(ctx, id)
	if err != nil {
		return err
	}
	if n == 0 && run.State == scanner.RunDone {
		return &Error{Code: CodeUsage, Message: fmt.Sprintf("nothing of run %d errored", id)}
	}
	if run, err = p.run(ctx, id); err != nil {
		return err
	}
	return p.relaunch(ctx, run, &o)
}

// again finds a run that is to be carried on with, and takes its specification in place of the one in the options, but
// for a larger budget.
func (p *Project) again(ctx context.Context, id scanner.RunID, o *TestOptions) (*scanner.Run, error) {
	if ro, _ := p.store.ReadOnly(); ro {
		return nil, p.readOnly()
	}
	run, err := p.run(ctx, id)
	if err != nil {
		return nil, err
	}
	if p.tests.get(id) != nil {
		return nil, &Error{Code: CodeBusy, Message: fmt.Sprintf("run %d is running already", id)}
	}
	budget, scope, patience, recorded := o.Spec.Budget, o.Spec.Scope, o.Spec.Patience, o.Spec.Recorded
	o.Spec = run.Spec
	o.Spec.Recorded = o.Spec.Recorded || recorded
	if patience > 0 {
		o.Spec.Patience = patience
	}
	o.Spec.Scope = slices.Concat(run.Spec.Scope, scope)
	if budget != (scanner.Budget{}) {
		o.Spec.Budget = budget
	} else if o.Spec.Budget.Time > 0 {
		o.Spec.Budget.Time += run.Spent // the same time again; what counts money and requests is raised by the person alone
	}
	return run, nil
}

// relaunch makes a run ready as it began, and carries it on.
func (p *Project) relaunch(ctx context.Context, run *scanner.Run, o *TestOptions) error {
	sources, err := p.store.RunTemplates(ctx, run.ID)
	if err != nil {
		return err
	}
	b := &bench{}
	if b.library, err = libraryOf(sources); err != nil {
		return err
	}
	for _, t := range run.Targets {
		at, err := p.aimAgain(t, o)
		if err != nil {
			return err // nothing is open yet
		}
		b.aims = append(b.aims, at)
	}
	if err := p.equip(ctx, b, o); err != nil {
		b.close()
		return err
	}
	if o.Yes {
		o.Spec.Scope = append(o.Spec.Scope, b.hosts()...)
	}
	err = p.mayAttack(ctx, b, o)
	for _, t := range b.aims {
		if err == nil {
			err = t.ready(ctx, o.Reach.CA)
		}
	}
	if err != nil {
		b.close()
		return err
	}
	run.Spec = o.Spec
	return p.launch(ctx, run, b)
}

// libraryOf reads the templates that a run began with.
func libraryOf(sources map[string][]byte) (*template.Library, error) {
	files := fstest.MapFS{}
	for id, data := range sources {
		files[id+".yaml"] = &fstest.MapFile{Data: data}
	}
	library, problems := template.Load(files)
	if len(problems) > 0 {
		return nil, &Error{
			Code: CodeFailed, Message: "a template of the run cannot be read by this version", Err: &problems[0], Hint: "begin a new run",
		}
	}
	return library, nil
}
