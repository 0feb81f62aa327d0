package window

import (
	"context"
	"time"

	"assay/app"
)

// followProject calls told whenever the open project says that something of it changed, whichever project that is.
func (p *pulse) followProject(ctx context.Context, changes func(*app.Project) <-chan struct{}, told func()) {
	look := time.NewTicker(pollEvery) // for another project
	defer look.Stop()
	var of *app.Project
	var changed <-chan struct{}
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-changed:
			if !open {
				changed = nil // the project was closed
			}
			told()
		case <-look.C:
			project, err := p.desk.opened()
			if err != nil {
				of, changed = nil, nil
			} else if project != of {
				of, changed = project, changes(project)
			}
		}
	}
}
