package app

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"assay/proxy"
	"assay/proxy/ca"
	"assay/storage"
)

// DefaultListen is where the recorder listens unless told otherwise.
const DefaultListen = "127.0.0.1:8080"

// Recording is a recorder at work: a port that records into a project.
type Recording struct {
	app       *App
	project   *storage.Project
	recorder  *storage.Recorder
	authority *ca.Authority
	server    *proxy.Server
	reader    *reader
	retire    func()

	serving chan struct{} // closed when the server has ended
	err     error         // of the server; valid once serving is closed
	closed  sync.Once
	closing error
}

// Record opens the project, binds the port and records until Close.
func (a *App) Record(ctx context.Context, o RecordOptions) (_ *Recording, err error) {
	config, err := o.config()
	if err != nil {
		return nil, err
	}
	authority, err := a.authority()
	if err != nil {
		return nil, err
	}
	project, err := a.project(ctx, o.Project, toWrite)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, project.Close())
		}
	}()
	if ro, why := project.ReadOnly(); ro {
		return nil, &Error{Code: CodeFailed, Message: "cannot record into " + project.Path() + ": " + why, Hint: "--project names another file"}
	}
	r := &Recording{app: a, project: project, recorder: project.Recorder(), authority: authority, serving: make(chan struct{})}
	config.Authority, config.Root = authority, authority.PEM()
	config.Recorder, config.Log = r.recorder, a.log()
	if r.server, err = proxy.New(config); err != nil {
		return nil, err
	}
	if err := r.server.Listen(ctx); err != nil {
		return nil, &Error{Code: CodeBusy, Message: "cannot listen", Err: err, Hint: "--listen names another address, --allow-remote permits one that others can reach"}
	}
	r.retire, err = a.Home.announce(Session{
		PID: os.Getpid(), Listen: r.Listen(), CA: authority.Path(), Project: project.Path(), Started: time.Now(),
	})
	if err != nil {
		return nil, errors.Join(err, r.server.Shutdown(ctx))
	}
	go func() {
		defer close(r.serving)
		r.err = r.server.Serve(context.WithoutCancel(ctx))
	}()
	r.reader = a.startReader(context.WithoutCancel(ctx), project)
	return r, nil
}

// Listen returns the address of the port.
func (r *Recording) Listen() string { return r.server.Addr().String() }

// CAPath returns the root certificate as a PEM file.
func (r *Recording) CAPath() string { return r.authority.Path() }

// Project returns the project's file.
func (r *Recording) Project() string { return r.project.Path() }

// Done returns a channel that is closed when ctx is cancelled or the port is lost.
func (r *Recording) Done(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-ctx.Done():
		case <-r.serving:
		}
	}()
	return done
}

// Status says how a recording is doing.
type Status struct {
	Recorded int64 // exchanges begun
	Open     int   // of them not ended
	Clients  int   // connections
	Tunnels  int   // of the open ones: passed through unread
	Refused  int64 // handshakes in which a client refused our certificate
	Overflow int64 // bytes that wait in the journal
	Lost     int64 // bytes that could not be kept
	LostWhy  string
}

// Status returns how the recording is doing.
func (r *Recording) Status() Status {
	s, q := r.server.Stats(), r.recorder.Stats()
	return Status{
		Recorded: s.Recorded, Open: s.Exchanges, Clients: s.Clients, Tunnels: s.Tunnels, Refused: s.Refused,
		Overflow: q.JournalBytes, Lost: q.LostBytes, LostWhy: q.LostReason,
	}
}

// How long a recording that stops waits for open exchanges to end, and for what is unread to be read. What is unread
// then is read when the project is next listed.
const (
	closePatience = 3 * time.Second
	readPatience  = 10 * time.Second
)

// Close stops accepting, lets what is under way end, writes everything and closes the project. It is safe to call
// more than once.
func (r *Recording) Close() error {
	r.closed.Do(func() {
		r.retire()
		ctx, cancel := context.WithTimeout(context.Background(), closePatience)
		defer cancel()
		err := r.server.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = nil // what was open was cut; its rows say so
		}
		<-r.serving
		r.reader.stop()
		s := r.recorder.Stats()
		r.app.log().Debug("recorded", "events", s.WrittenEvents, "commits", s.Commits, "slowest", s.SlowestCommit, "spills", s.Spills)
		reading, stopReading := context.WithTimeout(context.Background(), readPatience)
		defer stopReading()
		if err := errors.Join(r.recorder.Flush(reading), catchUp(reading, r.project)); err != nil {
			r.app.log().Warn("not everything was read when the recording stopped", "err", err)
		}
		r.closing = errors.Join(err, r.err, r.project.Close())
	})
	return r.closing
}
