package window

import (
	"context"
	"time"

	"assay/app"
)

// watchTests has the window told when a run of the open project came further.
func (p *pulse) watchTests(ctx context.Context) {
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
			p.tested()
		case <-look.C:
			project, err := p.desk.opened()
			if err != nil {
				of, changed = nil, nil
			} else if project != of {
				of, changed = project, project.TestsChanged()
			}
		}
	}
}
