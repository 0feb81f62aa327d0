package window

import (
	"context"
	"errors"

	"assay/app"
	"assay/app/bridge"
	"assay/frontend"
)

// Served is a window that is shown in a browser.
type Served struct {
	desk   *Desk
	bridge *bridge.Bridge
}

// Serve makes the window ready for a browser, on a loopback address (empty: a free port of 127.0.0.1), and begins what
// the options ask for. Run then answers.
func Serve(ctx context.Context, a *app.App, o Options, listen string) (*Served, error) {
	assets, err := frontend.Assets()
	if err != nil {
		return nil, &app.Error{Code: app.CodeFailed, Message: "the window cannot be shown", Err: err}
	}
	o.Mode = Browser
	desk := New(a, o)
	b, err := bridge.New(bridge.Options{Assets: assets, Handler: desk.Handler(), Bound: desk.Bound(), Listen: listen, Log: a.Log})
	if err != nil {
		return nil, err
	}
	if err := b.Listen(ctx); err != nil {
		return nil, &app.Error{
			Code: app.CodeBusy, Message: "the window cannot be served", Err: err,
			Hint: "--listen names another loopback address; port 0 picks a free one",
		}
	}
	desk.Start(context.WithoutCancel(ctx), Host{Emit: b.Emit})
	return &Served{desk, b}, nil
}

// URL returns the address to open. Who has it can do what the window can: it holds the token.
func (s *Served) URL() string { return s.bridge.URL() }

// Invite returns an address to hand to a launcher of browsers: it opens the window once, within a minute.
func (s *Served) Invite() string { return s.bridge.Invite() }

// State returns what the window's frame shows.
func (s *Served) State() State { return s.desk.State() }

// State returns what the window's frame shows.
func (d *Desk) State() State { return d.state() }

// Run answers until ctx is cancelled or the port is lost, then drains the recorder and closes the project.
func (s *Served) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = s.bridge.Close() })
	defer stop()
	err := s.bridge.Serve()
	return errors.Join(err, s.bridge.Close(), s.desk.Close())
}
