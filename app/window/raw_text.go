package window

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// form is what a body is made into for display.
type form string

const (
	formBytes  form = "bytes"  // its content coding undone, nothing else
	formPretty form = "pretty" // JSON indented, the events of a stream one below the other
	formText   form = "text"   // as recorded, its content coding undone
	formWire   form = "wire"   // as it travelled
)

// textKey names a body made for display; one that grew is another.
type textKey struct {
	exchangeKey

	side  traffic.Side
	form  form
	kept  int64
	state traffic.State
}

// text is a body made for display. Beyond formBytes it is valid UTF-8 whose lines are not longer than longLine.
type text struct {
	once sync.Once
	err  error

	data    []byte
	lost    string // why something is missing
	shape   string // of formPretty: json, events, frames, text; of all: binary where it is no text
	invalid int    // bytes that are no UTF-8, each shown as U+FFFD
	breaks  []int  // where long lines were broken: offsets of the lines that go on with the one before
	lines   []int  // offsets of every linesEvery-th line
}

// text makes a body for display, once.
func (d *Desk) text(p *storage.Project, x *traffic.Exchange, side traffic.Side, f form) (*text, error) {
	key := textKey{exchangeKey{p, x.ID}, side, f, 0, x.State}
	if _, body := bodyAt(x, side); body != nil {
		key.kept = body.Kept
	}
	t := d.detail.texts.get(key, func() *text { return &text{} })
	// Others may wait for what one request asked for: it does not end with that request.
	t.once.Do(func() { t.err = t.load(d.life(), p, x, side, f) })
	if t.err != nil {
		d.detail.texts.forget(key)
		return nil, t.err
	}
	return t, nil
}

func (t *text) load(ctx context.Context, p *storage.Project, x *traffic.Exchange, side traffic.Side, f form) error {
	_, body := bodyAt(x, side)
	if body == nil {
		return nil
	}
	var content []byte
	if f == formWire {
		data, more, err := p.ReadBody(ctx, x.ID, side, mostDecoded)
		if err != nil {
			return err
		}
		if content, t.lost = data, body.Lost; more && t.lost == "" {
			t.lost = "only the beginning can be shown"
		}
	} else {
		data, _, err := p.ReadBody(ctx, x.ID, side, mostDecoded)
		if err != nil {
			return err
		}
		body.Data = data
		content, t.lost = x.Content(side, mostDecoded)
		body.Data = nil
	}
	if f == formBytes {
		t.data = content
		return nil
	}
	if f == formPretty {
		frames, err := framesOf(ctx, p, x)
		if err != nil {
			return err
		}
		content, t.shape = pretty(contentType(x, side), content, frames, side)
	}
	t.display(content)
	return nil
}

func framesOf(ctx context.Context, p *storage.Project, x *traffic.Exchange) ([]traffic.Frame, error) {
	if x.Kind != traffic.KindWebSocket {
		return nil, nil
	}
	return p.Frames(ctx, x.ID, 0, 0)
}

func contentType(x *traffic.Exchange, side traffic.Side) string {
	if side == traffic.FromClient {
		return x.Request.Header.Get("Content-Type")
	}
	return x.Response.Header.Get("Content-Type")
}

// Lines longer than longLine bytes are broken: no editor stays usable with a line of megabytes.
const (
	longLine   = 4 << 10
	linesEvery = 256
)

// display makes content text: what is no UTF-8 becomes U+FFFD, long lines are broken.
func (t *text) display(content []byte) {
	if binary(content) {
		t.shape = "binary"
	}
	out := make([]byte, 0, len(content)+len(content)/longLine+1)
	line, start := 0, 0 // number of the line, and where it starts in out
	next := func() {
		if line++; line%linesEvery == 0 {
			t.lines = append(t.lines, len(out))
		}
		start = len(out)
	}
	for i := 0; i < len(content); {
		c := content[i]
		if c == '\n' {
			out = append(out, c)
			next()
			i++
			continue
		}
		if len(out)-start >= longLine {
			out = append(out, '\n')
			next()
			t.breaks = append(t.breaks, len(out))
		}
		if c < utf8.RuneSelf {
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && n == 1 {
			t.invalid++
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	t.data = out
}

// binary reports whether content is no text for people.
func binary(content []byte) bool {
	head := content[:min(len(content), 4<<10)]
	if bytes.IndexByte(head, 0) >= 0 {
		return true
	}
	bad := 0
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 && i+utf8.UTFMax <= len(head) {
			bad++
		}
		i += n
	}
	return bad > 8 && bad*10 > len(head)
}

// serveBody answers with a window on a body as text, from the beginning of a line to the end of one, or with all of it
// where it has at most ?whole= bytes. Headers say what and where it is:
//
//	X-Assay-Total    bytes of the whole text
//	X-Assay-From     where the window begins
//	X-Assay-Next     where the next one begins
//	X-Assay-Line     number of its first line, from 0
//	X-Assay-Breaks   numbers of the lines in it that go on with the one before, comma-separated
//	X-Assay-Shape    json, events, frames, text, binary
//	X-Assay-Invalid  bytes of the whole body that are no UTF-8
//	X-Assay-Lost     why something is missing (percent-encoded)
func (d *Desk) serveBody(w http.ResponseWriter, r *http.Request) error {
	side, err := sideOf(r)
	if err != nil {
		return err
	}
	win, err := windowOf(r.URL.Query(), usualRaw, mostRaw)
	if err != nil {
		return err
	}
	f := form(r.URL.Query().Get("form"))
	if f != formPretty && f != formText && f != formWire {
		return &app.Error{Code: app.CodeUsage, Message: "a body is shown as pretty, text or wire"}
	}
	p, x, err := d.exchange(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	t, err := d.text(p, x, side, f)
	if err != nil {
		return err
	}
	if whole, err := strconv.Atoi(r.URL.Query().Get("whole")); err == nil && len(t.data) <= min(whole, mostRaw) {
		win = window{0, int64(len(t.data))}
	}
	from, to := t.window(win)
	h := w.Header()
	h.Set("X-Assay-From", strconv.Itoa(from))
	h.Set("X-Assay-Next", strconv.Itoa(to))
	line := t.line(from)
	h.Set("X-Assay-Line", strconv.Itoa(line))
	h.Set("X-Assay-Breaks", t.breaksIn(from, to, line))
	h.Set("X-Assay-Shape", t.shape)
	h.Set("X-Assay-Invalid", strconv.Itoa(t.invalid))
	return writeBytes(w, t.data[from:to], int64(len(t.data)), t.lost)
}

// window aligns a window to lines, which are never long.
func (t *text) window(w window) (from, to int) {
	from = int(min(w.from, int64(len(t.data))))
	if at := bytes.LastIndexByte(t.data[:from], '\n'); from > 0 {
		from = at + 1
	}
	to = int(min(int64(from)+w.limit, int64(len(t.data))))
	if to < len(t.data) {
		if at := bytes.LastIndexByte(t.data[from:to], '\n'); at >= 0 {
			to = from + at + 1
		} else if at := bytes.IndexByte(t.data[to:], '\n'); at >= 0 {
			to += at + 1
		} else {
			to = len(t.data)
		}
	}
	return from, to
}

// line tells the number of the line that begins at an offset.
func (t *text) line(at int) int {
	known := 0
	for known < len(t.lines) && t.lines[known] <= at {
		known++
	}
	start := 0
	if known > 0 {
		start = t.lines[known-1]
	}
	return known*linesEvery + bytes.Count(t.data[start:at], []byte{'\n'})
}

func (t *text) breaksIn(from, to, line int) string {
	var b strings.Builder
	at, n := from, line
	for _, offset := range t.breaks {
		if offset < from || offset >= to {
			continue
		}
		n += bytes.Count(t.data[at:offset], []byte{'\n'})
		at = offset
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(n - line))
	}
	return b.String()
}
