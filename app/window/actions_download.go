package window

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"
)

// downloadPath begins the paths of downloads.
const downloadPath = "/download/"

// downloadPatience is how long an offered download waits to be fetched.
const downloadPatience = time.Minute

// downloads are files that were offered and not fetched yet, by ticket: what is in them was decided by a bound method,
// and the URL says nothing about it.
type downloads struct {
	mu      sync.Mutex
	offered map[string]offer
}

type offer struct {
	file *file
	at   time.Time
}

// offer returns the path under which the file can be fetched once.
func (d *downloads) offer(f *file) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.offered == nil {
		d.offered = map[string]offer{}
	}
	for ticket, o := range d.offered {
		if time.Since(o.at) > downloadPatience {
			delete(d.offered, ticket)
		}
	}
	ticket := rand.Text()
	d.offered[ticket] = offer{f, time.Now()}
	return downloadPath + ticket
}

func (d *downloads) take(ticket string) (*file, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, ok := d.offered[ticket]
	delete(d.offered, ticket)
	return o.file, ok && time.Since(o.at) <= downloadPatience
}

// serveDownload answers GET /download/TICKET.
func (d *Desk) serveDownload(w http.ResponseWriter, r *http.Request) {
	f, ok := d.downloads.take(strings.TrimPrefix(r.URL.Path, downloadPath))
	if !ok {
		http.Error(w, `{"code":"not-found","message":"This download is no longer there.","hint":"start it again"}`, http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("Content-Disposition", disposition(f.name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if _, err := f.write(r.Context(), w, func(int64, int64) {}); err != nil {
		d.log().Warn("a download broke off", "err", err)
		panic(http.ErrAbortHandler) // the browser must not take what it has for the whole
	}
}
