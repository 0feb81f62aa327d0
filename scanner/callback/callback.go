// Package callback is the out-of-band listener: it waits on loopback for requests that an attack made its target send,
// and tells them by the token of the trial that planted the address.
package callback

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"assay/scanner/judge"
)

// Bounds of one request: who calls is whoever an attack could persuade, and may be hostile.
const (
	maxHead  = 32 << 10 // bytes of a request's line and header
	maxBody  = 64 << 10 // bytes of a body that are looked at; the rest is not read
	maxConns = 256      // connections at once; further ones wait to be taken
	patience = 10 * time.Second
	maxLine  = 512 // bytes of a request line that are kept
)

// Listener waits for callbacks on loopback over HTTP. Safe for concurrent use.
type Listener struct {
	host   string
	server *http.Server
	book   *book
	closed chan struct{} // closed when Serve has returned

	mu     sync.Mutex
	ending bool
	rest   sync.WaitGroup // requests that are being taken down
}

// Listen starts a listener; addr is 127.0.0.1:0 where it is empty, and must be on loopback. It answers every request with
// an empty page, of whatever method and path, and never redirects.
func Listen(addr string) (*Listener, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	if at, err := netip.ParseAddrPort(addr); err != nil {
		return nil, fmt.Errorf("callbacks: %w", err)
	} else if !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("callbacks: %s is not on loopback", at.Addr())
	}
	socket, err := net.Listen("tcp", addr) //nolint:noctx // ends with Close
	if err != nil {
		return nil, fmt.Errorf("callbacks: %w", err)
	}
	l := &Listener{host: socket.Addr().String(), book: newBook(), closed: make(chan struct{})}
	l.server = &http.Server{
		Handler:                      http.HandlerFunc(l.note),
		ReadHeaderTimeout:            patience,
		ReadTimeout:                  patience,
		WriteTimeout:                 2 * patience,
		MaxHeaderBytes:               maxHead,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	l.server.SetKeepAlivesEnabled(false) // who calls, calls once; nobody keeps a place
	go func() {
		defer close(l.closed)
		_ = l.server.Serve(&bounded{Listener: socket, places: make(chan struct{}, maxConns)}) // always ErrServerClosed
	}()
	return l, nil
}

// Host is its host and port.
func (l *Listener) Host() string { return l.host }

// HostOf is a host and port that belong to a token, for addresses whose path is not ours to choose. The name lies under
// localhost, which RFC 6761 keeps on loopback; not every resolver knows names under it.
func (l *Listener) HostOf(token string) string {
	l.book.expect(token)
	_, port, _ := net.SplitHostPort(l.host)
	return net.JoinHostPort(token+".localhost", port)
}

// URL is the address that belongs to a token. From then on the token is also known by itself: it counts wherever a
// request carries it, in its path, query, host, header or body.
func (l *Listener) URL(token string) string {
	l.book.expect(token)
	return "http://" + l.host + "/t/" + url.PathEscape(token)
}

// Hits lists what came for a token so far, after waiting up to grace for the first; a target fetches an address while it
// answers or just after. It returns at once when ctx or the listener ends.
func (l *Listener) Hits(ctx context.Context, token string, grace time.Duration) []judge.Callback {
	first := l.book.first(token)
	if grace > 0 {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-first:
		case <-timer.C:
		case <-ctx.Done():
		case <-l.closed:
		}
	}
	return l.book.hits(token)
}

// Forget drops what is known of a token.
func (l *Listener) Forget(token string) { l.book.forget(token) }

// Close stops listening, and returns when nothing of it runs any more.
func (l *Listener) Close() error {
	l.mu.Lock()
	l.ending = true
	l.mu.Unlock()
	err := l.server.Close()
	<-l.closed
	l.rest.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// note takes one request down. What its head says counts before the body is read, for a body may never end.
func (l *Listener) note(w http.ResponseWriter, r *http.Request) {
	if !l.enter() {
		return
	}
	defer l.rest.Done()
	hit := judge.Callback{From: r.RemoteAddr, What: clip(r.Method+" "+r.RequestURI+" "+r.Proto, maxLine)}
	if token, ok := strings.CutPrefix(r.URL.Path, "/t/"); ok {
		token, _, _ = strings.Cut(token, "/")
		l.book.note(token, hit)
	}
	noted := l.book.carried(head(r), hit, nil)
	w.WriteHeader(http.StatusOK)
	if r.ContentLength == 0 {
		return
	}
	// A body that breaks off has said what it said.
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxBody))
	l.book.carried(string(body), hit, noted)
}

// enter counts a request in; false where the listener is ending.
func (l *Listener) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ending {
		return false
	}
	l.rest.Add(1)
	return true
}

// head is everything a request's head says, one value a line.
func head(r *http.Request) string {
	var b strings.Builder
	line := func(s string) {
		b.WriteString(s)
		b.WriteByte('\n')
	}
	line(r.RequestURI)
	line(r.Host)
	if name, password, ok := r.BasicAuth(); ok {
		line(name)
		line(password)
	}
	for name, values := range r.Header {
		line(name)
		for _, v := range values {
			line(v)
		}
	}
	return b.String()
}

// clip shortens a text to at most so many bytes of whole characters.
func clip(text string, most int) string {
	text = strings.ToValidUTF8(text[:min(len(text), most+utf8.UTFMax)], "�")
	for len(text) > most {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
