package app

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"assay/proxy"
	"assay/proxy/ca"
)

// DefaultListen is where the recorder listens unless told otherwise.
const DefaultListen = "127.0.0.1:8080"

// Recording is a recorder at work: a port that records into a project.
type Recording struct {
	app       *App
	project   *Project
	owned     bool // the project was opened for this recording and is closed with it
	authority *ca.Authority
	server    *proxy.Server
	retire    func()
	unguard   func()
	control   *control

	serving chan struct{} // closed when the server has ended
	err     error         // of the server; valid once serving is closed
	closed  sync.Once
	closing error
}

// Record opens the project, binds the port and records until Close.
func (a *App) Record(ctx context.Context, o RecordOptions) (*Recording, error) {
	if _, err := o.config(); err != nil {
		return nil, err // before a project is made for nothing
	}
	store, err := a.project(ctx, o.Project, toWrite)
	if err != nil {
		return nil, err
	}
	p := &Project{app: a, store: store}
	r, err := p.Record(ctx, o)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	r.owned = true
	p.reader = a.startReader(context.WithoutCancel(ctx), store, p.tellThreats)
	return r, nil
}

// announce tells other programs of this installation where the recorder is, and how it is asked.
func (r *Recording) announce(ctx context.Context) error {
	var err error
	if r.control, err = startControl(ctx, r.project); err != nil {
		return err
	}
	r.retire, err = r.app.Home.announce(Session{
		PID: os.Getpid(), Listen: r.Listen(), CA: r.CAPath(), Project: r.Project(), Started: time.Now(), Control: r.control.addr, Key: r.control.key,
	})
	if err != nil {
		r.control.close()
	}
	return err
}

// Listen returns the address of the port.
func (r *Recording) Listen() string { return r.server.Addr().String() }

// Proxy returns the address of the port as programs of this machine call it.
func (r *Recording) Proxy() string { return reachable(r.Listen()) }

// CAPath returns the root certificate as a PEM file.
func (r *Recording) CAPath() string { return r.authority.Path() }

// Project returns the project's file.
func (r *Recording) Project() string { return r.project.store.Path() }

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
	Guard    GuardState

	Undelivered int64 // alerts that no outlet took
}

// Status returns how the recording is doing.
func (r *Recording) Status() Status {
	s, q := r.server.Stats(), r.project.store.Recorder().Stats()
	undelivered := int64(0)
	for _, o := range r.project.Outlets() {
		undelivered += o.Lost
	}
	return Status{
		Recorded: s.Recorded, Open: s.Exchanges, Clients: s.Clients, Tunnels: s.Tunnels, Refused: s.Refused,
		Overflow: q.JournalBytes, Lost: q.LostBytes, LostWhy: q.LostReason,
		Guard: r.project.guarding.now(), Undelivered: undelivered,
	}
}

// Waiting lists what waits for a person, the oldest first.
func (r *Recording) Waiting() []WaitingLine { return waitingLines(r.project.Waiting()) }

// Answer says yes or no to what waits. False where it no longer does.
func (r *Recording) Answer(id int64, yes bool) bool { return r.project.Answer(id, yes) }

// How long a recording that stops waits for open exchanges to end, and for what is unread to be read. What is unread
// then is read when the project is next listed.
const (
	closePatience = 3 * time.Second
	readPatience  = 10 * time.Second
)

// Scope returns what is decrypted and what is passed through, which may be changed while it records.
func (r *Recording) Scope() *proxy.Scope { return r.server.Scope() }

// Close stops accepting, lets what is under way end, and writes everything; a project that was opened for the recording
// is closed too. It is safe to call more than once.
func (r *Recording) Close() error {
	r.closed.Do(func() {
		r.retire()
		r.control.close()
		ctx, cancel := context.WithTimeout(context.Background(), closePatience)
		defer cancel()
		err := r.server.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = nil // what was open was cut; its rows say so
		}
		<-r.serving
		r.unguard()
		s := r.project.store.Recorder().Stats()
		r.app.log().Debug("recorded", "events", s.WrittenEvents, "commits", s.Commits, "slowest", s.SlowestCommit, "spills", s.Spills)
		r.closing = errors.Join(err, r.err)
		if r.owned {
			r.closing = errors.Join(r.closing, r.project.Close())
		}
	})
	return r.closing
}
