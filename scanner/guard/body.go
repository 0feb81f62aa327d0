package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"assay/traffic"
)

// fetch reads a body ahead of whoever it is for, at most so much of it and no longer than until its time is up. What it
// has read by then comes first when the body is read on.
type fetch struct {
	body io.ReadCloser

	mu   sync.Mutex
	cond sync.Cond
	data []byte
	off  int   // given out
	err  error // how the body ended
	stop bool  // no more is to be read ahead
	busy bool  // a read is under way
}

// ahead begins to read. ended is closed when the body has ended or most bytes are there.
func ahead(body io.ReadCloser, most int, size int64) (f *fetch, ended <-chan struct{}) {
	f = &fetch{body: body, busy: true}
	f.cond.L = &f.mu
	if size > 0 && size <= int64(most) {
		f.data = make([]byte, 0, size+1)
	}
	done := make(chan struct{})
	go f.read(most, done)
	return f, done
}

func (f *fetch) read(most int, done chan struct{}) {
	defer close(done)
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		if f.busy = !f.stop && f.err == nil && len(f.data) <= most; !f.busy {
			f.cond.Broadcast()
			return
		}
		f.data = slices.Grow(f.data, 512)
		room := f.data[len(f.data):cap(f.data)] // nobody else touches what is behind the end
		f.mu.Unlock()
		n, err := f.body.Read(room)
		f.mu.Lock()
		f.data, f.err = f.data[:len(f.data)+n], err
		f.cond.Broadcast()
	}
}

// halt ends the reading ahead; whole reports whether all of the body is there.
func (f *fetch) halt() (data []byte, whole bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stop = true
	return f.data, errors.Is(f.err, io.EOF), f.err
}

// Read gives what was read ahead, then the rest of the body.
func (f *fetch) Read(p []byte) (int, error) {
	f.mu.Lock()
	for f.off == len(f.data) && f.busy {
		f.cond.Wait()
	}
	if f.off < len(f.data) {
		n := copy(p, f.data[f.off:])
		f.off += n
		f.mu.Unlock()
		return n, nil
	}
	err := f.err
	f.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return f.body.Read(p)
}

// Close closes the body.
func (f *fetch) Close() error { return f.body.Close() }

// held is a body that was read ahead.
type held struct {
	raw   []byte // as it travelled
	plain []byte // without its content codings
	whole bool
	why   string        // why it is not whole
	rest  io.ReadCloser // to be read in place of the body
}

// hold reads a body ahead, so long, and undoes its codings.
func hold(body io.ReadCloser, size int64, codings string, long time.Duration) *held {
	h := &held{rest: body}
	if size > mostBody {
		h.why = fmt.Sprintf("it is larger than %d MiB", mostBody>>20)
		return h
	}
	late := time.NewTimer(long)
	defer late.Stop()
	f, ended := ahead(body, mostBody, size)
	h.rest = f
	select {
	case <-ended:
	case <-late.C:
		h.why = "it took too long to arrive"
	}
	data, whole, err := f.halt()
	switch {
	case !whole && err != nil:
		h.why = "it broke off"
	case len(data) > mostBody:
		h.why = fmt.Sprintf("it is larger than %d MiB", mostBody>>20)
	case whole:
		h.why = ""
	}
	if h.why != "" {
		return h
	}
	h.raw = data
	plain, lost, err := traffic.Decode(data, codings, mostBody)
	switch {
	case err != nil:
		h.why = "its content coding cannot be undone"
	case strings.Contains(lost, "limit"):
		h.why = fmt.Sprintf("it is larger than %d MiB without its content coding", mostBody>>20)
	case lost != "":
		h.why = "its content coding is damaged"
	default:
		h.plain, h.whole = plain, true
	}
	return h
}

// codingsOf are the content codings of a message.
func codingsOf(h http.Header) string { return strings.Join(h.Values("Content-Encoding"), ",") }

// whole is a body that is all there.
type wholeBody struct {
	*bytes.Reader
	why string
}

func newWhole(b []byte) *wholeBody { return &wholeBody{Reader: bytes.NewReader(b)} }

// Close does nothing.
func (*wholeBody) Close() error { return nil }

// Stopped says why the client does not get what the server sent (proxy.Stopped).
func (b *wholeBody) Stopped() string { return b.why }
