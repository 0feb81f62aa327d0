package window

import (
	"context"
	"time"

	"assay/app"
)

// watchInventory brings the inventory up to date when something was committed, so that it is there when somebody looks,
// and has the window told of a revision that is another one than before.
func (p *pulse) watchInventory(ctx context.Context) {
	poll := time.NewTicker(pollEvery) // of what is folded later, and of what another process writes
	defer poll.Stop()
	var of *app.Project
	var revision int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.committed:
		case <-poll.C:
		}
		project, err := p.desk.opened()
		if err != nil {
			continue
		}
		newest, err := project.Catalogue().Refresh(ctx)
		if err != nil || project == of && newest == revision { // a call of the window says what is wrong
			continue
		}
		of, revision = project, newest
		p.mu.Lock()
		p.revision = max(newest, 1)
		p.mu.Unlock()
		p.poke()
	}
}
