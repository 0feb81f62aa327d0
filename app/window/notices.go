package window

import (
	"context"
	"time"

	"assay/app"
)

// showNotices tells a person who looks elsewhere of critical threats and of what waits for an answer, where settings want
// that and the surroundings can.
func (d *Desk) showNotices(ctx context.Context, notify func(title, body string)) {
	if notify == nil {
		return
	}
	look := time.NewTicker(pollEvery) // for another project
	defer look.Stop()
	var of *app.Project
	var notices <-chan app.Notice
	for {
		select {
		case <-ctx.Done():
			return
		case one := <-notices:
			if s, err := d.app.Home.Settings(); err == nil && s.Alerts.Desktop {
				notify(one.Title, one.Body)
			}
		case <-look.C:
			project, err := d.opened()
			if err != nil {
				of, notices = nil, nil
			} else if project != of {
				of, notices = project, project.Notices()
			}
		}
	}
}
