package bridge

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options of a Bridge.
type Options struct {
	Assets  fs.FS        // the window's files, index.html at the root
	Handler http.Handler // answers what is no file of Assets, behind the token; nil answers nothing
	Bound   []any        // pointers to structs whose exported methods are all func(In) (Out, error)
	Listen  string       // a loopback address; empty means a free port of 127.0.0.1
	Log     *slog.Logger // nil is silent
}

// Bridge serves one window to the browsers of this machine. Several tabs may show it at a time.
type Bridge struct {
	options Options
	token   string
	methods map[string]method
	pages   *pages

	listener net.Listener
	server   *http.Server
	hosts    []string // the allowed values of Host, set by Listen

	life  context.Context //nolint:containedctx // the connections live as long as the bridge, not as long as a request
	end   context.CancelFunc
	tasks sync.WaitGroup // readers, writers and calls

	mu     sync.Mutex
	lines  map[*line]struct{} // the open WebSockets
	invite string             // what Invite gave; empty once it was used
	until  time.Time          // when it is good for nothing
}

// closePatience is how long Close waits for calls under way.
const closePatience = 3 * time.Second

// New returns a Bridge that does not listen yet. It fails when Assets has no index.html, or a bound method cannot be
// called from a window.
func New(o Options) (*Bridge, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Handler == nil {
		o.Handler = http.NotFoundHandler()
	}
	methods, err := methodsOf(o.Bound)
	if err != nil {
		return nil, err
	}
	files, err := newPages(o.Assets)
	if err != nil {
		return nil, err
	}
	b := &Bridge{options: o, token: secret(), methods: methods, pages: files, lines: map[*line]struct{}{}}
	b.life, b.end = context.WithCancel(context.Background())
	return b, nil
}

// secret returns 256 random bits.
func secret() string {
	bits := make([]byte, 32)
	_, _ = rand.Read(bits) // never fails: crypto/rand ends the process instead
	return hex.EncodeToString(bits)
}

// Listen binds the port. It fails for an address that is not loopback.
func (b *Bridge) Listen(ctx context.Context) error {
	host, port, err := net.SplitHostPort(b.options.Listen)
	if err != nil {
		return err
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("the window is served on a loopback address only, which %s is not", b.options.Listen)
	}
	b.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return err
	}
	addr := b.listener.Addr().String()
	_, port, _ = net.SplitHostPort(addr)
	b.hosts = []string{addr, net.JoinHostPort("localhost", port)}
	b.server = &http.Server{
		Handler:           b.guarded(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(b.options.Log.Handler(), slog.LevelDebug),
	}
	return nil
}

// URL returns the address to open, with the token in its fragment. Valid after Listen.
func (b *Bridge) URL() string { return "http://" + b.listener.Addr().String() + "/#" + b.token }

// Invite returns an address to hand to other programs, such as a launcher of browsers: everybody on this machine can
// read their arguments. It opens the window once, within a minute.
func (b *Bridge) Invite() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.invite, b.until = secret(), time.Now().Add(time.Minute)
	return "http://" + b.listener.Addr().String() + "/#once-" + b.invite
}

// Serve answers until Close, or until the port is lost.
func (b *Bridge) Serve() error {
	if err := b.server.Serve(b.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Emit tells every open window of an event. It never waits: a window that is far behind is cut off.
func (b *Bridge) Emit(event string, data any) {
	message, err := encodeEvent(event, data)
	if err != nil {
		b.options.Log.Error("an event could not be sent to the window", "event", event, "err", err)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.lines {
		l.post(message)
	}
}

// begin notes that there is one task more; false says that there may be none: Close waits for those there are.
func (b *Bridge) begin() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.life.Err() != nil {
		return false
	}
	b.tasks.Add(1)
	return true
}

// Close ends every connection and the port. Calls under way are given a moment to end.
func (b *Bridge) Close() error {
	b.mu.Lock()
	b.end()
	b.mu.Unlock()
	var err error
	if b.server != nil {
		err = b.server.Close()
	}
	if b.listener != nil {
		b.listener.Close()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.tasks.Wait()
	}()
	select {
	case <-done:
	case <-time.After(closePatience):
		b.options.Log.Warn("a call of the window was still running at the end")
	}
	return err
}
