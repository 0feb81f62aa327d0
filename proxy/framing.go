package proxy

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"assay/traffic"
)

// Bounds of what is read passively. A head that is larger is refused by net/http as well.
const (
	maxHead      = 1<<20 + 4096
	maxChunkLine = 4096
	maxWaiting   = 64 // heads of pipelined requests not yet served
)

// head is the start of an HTTP/1 message as it travelled.
type head struct {
	start  string // request line or status line
	fields traffic.Header
	at     time.Time // when its first byte was seen
}

// parseHead splits a head into its lines. It never fails: what is not a field line becomes a field without a value.
func parseHead(text string) head {
	var h head
	h.start, text, _ = strings.Cut(text, "\n")
	h.start = strings.TrimRight(h.start, "\r")
	h.fields = make(traffic.Header, 0, strings.Count(text, "\n"))
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimRight(line, "\r")
		if line == "" {
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && len(h.fields) > 0 { // obs-fold, RFC 9112 section 5.2
			last := &h.fields[len(h.fields)-1]
			last.Value += " " + strings.Trim(line, " \t")
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		h.fields = append(h.fields, traffic.Field{Name: name, Value: strings.Trim(value, " \t")})
	}
	return h
}

// status gives the code of a status line, 0 if there is none.
func (h head) status() int {
	_, rest, _ := strings.Cut(h.start, " ")
	code, _, _ := strings.Cut(rest, " ")
	n, _ := strconv.Atoi(code)
	return n
}

// reason gives the reason phrase of a status line.
func (h head) reason() string {
	_, rest, _ := strings.Cut(h.start, " ")
	_, reason, _ := strings.Cut(rest, " ")
	return reason
}

// headEnd gives the index after the empty line that ends a head, or -1. It looks from one line before from on.
func headEnd(b []byte, from int) int {
	for i := max(0, from-3); i < len(b); {
		j := bytes.IndexByte(b[i:], '\n')
		if j < 0 {
			return -1
		}
		i += j + 1
		if i < len(b) && b[i] == '\n' {
			return i + 1
		}
		if i+1 < len(b) && b[i] == '\r' && b[i+1] == '\n' {
			return i + 2
		}
	}
	return -1
}

type framing uint8

const (
	inHead framing = iota
	inLength
	inChunkSize
	inChunk
	inChunkEnd
	inTrailer
	lost // not HTTP/1, or not followed any more
)

// requests follows the requests on a connection without touching them, to know their heads in the order and case in
// which they were sent: net/http keeps neither. It keeps only heads; bodies are skipped by their framing.
type requests struct {
	state framing
	buf   []byte // of an unfinished head or line
	since time.Time
	left  int64
	heads []head
}

// feed takes the next bytes of the connection.
func (q *requests) feed(p []byte) {
	for len(p) > 0 && q.state != lost {
		switch q.state {
		case inHead:
			p = q.feedHead(p)
		case inLength, inChunk:
			n := min(q.left, int64(len(p)))
			p, q.left = p[n:], q.left-n
			if q.left == 0 && q.state == inLength {
				q.state = inHead
			} else if q.left == 0 {
				q.state = inChunkEnd
			}
		default:
			p = q.feedLine(p)
		}
	}
}

func (q *requests) feedHead(p []byte) []byte {
	if len(q.buf) == 0 {
		q.since = time.Now()
	}
	before := len(q.buf)
	room := min(len(p), maxHead-before)
	q.buf = append(q.buf, p[:room]...)
	end := headEnd(q.buf, before)
	if end < 0 {
		if len(q.buf) >= maxHead {
			q.stop()
		}
		return p[room:]
	}
	h := parseHead(string(q.buf[:end]))
	h.at = q.since
	q.buf = q.buf[:0]
	if cap(q.buf) > 16<<10 {
		q.buf = nil
	}
	q.begin(h)
	return p[end-before:]
}

// begin keeps a head and reads from it how the body is framed (RFC 9112 section 6).
func (q *requests) begin(h head) {
	if strings.HasPrefix(h.start, "PRI * HTTP/2") || len(q.heads) >= maxWaiting {
		q.stop()
		return
	}
	q.heads = append(q.heads, h)
	if coding := h.fields.Values("Transfer-Encoding"); len(coding) > 0 {
		q.state = inChunkSize
		return
	}
	n, err := strconv.ParseInt(h.fields.Get("Content-Length"), 10, 64)
	if err == nil && n > 0 {
		q.state, q.left = inLength, n
	}
}

// feedLine takes lines of chunked framing: sizes, the ends of chunks, trailers.
func (q *requests) feedLine(p []byte) []byte {
	i := bytes.IndexByte(p, '\n')
	if i < 0 {
		if q.buf = append(q.buf, p...); len(q.buf) > maxChunkLine {
			q.stop()
		}
		return nil
	}
	line := p[:i]
	if len(q.buf) > 0 {
		line = append(q.buf, line...)
		q.buf = q.buf[:0]
	}
	line = bytes.TrimRight(line, "\r")
	switch q.state {
	case inChunkSize:
		size, _, _ := bytes.Cut(line, []byte(";"))
		n, err := strconv.ParseInt(string(bytes.TrimSpace(size)), 16, 64)
		switch {
		case err != nil || n < 0:
			q.stop()
		case n == 0:
			q.state = inTrailer
		default:
			q.state, q.left = inChunk, n
		}
	case inChunkEnd:
		q.state = inChunkSize
	default: // inTrailer
		if len(line) == 0 {
			q.state = inHead
		}
	}
	return p[i+1:]
}

// take gives the oldest head not yet taken if it is the one of the given request line. If it is not, the connection is
// not understood and no longer followed.
func (q *requests) take(method, target string) (head, bool) {
	if len(q.heads) == 0 {
		return head{}, false
	}
	h := q.heads[0]
	q.heads[0] = head{}
	q.heads = q.heads[1:]
	if !strings.HasPrefix(h.start, method+" "+target+" ") {
		q.stop()
		return head{}, false
	}
	return h, true
}

func (q *requests) stop() { *q = requests{state: lost} }

// answers collects the heads of the answers to one request: informational ones, then the final one. What follows is
// not looked at until the next request is armed.
type answers struct {
	open  bool
	buf   []byte
	heads []head
}

// arm starts anew for the next request on the connection.
func (a *answers) arm() { a.open, a.buf, a.heads = true, a.buf[:0], nil }

func (a *answers) feed(p []byte) {
	for len(p) > 0 && a.open {
		before := len(a.buf)
		room := min(len(p), maxHead-before)
		a.buf = append(a.buf, p[:room]...)
		end := headEnd(a.buf, before)
		if end < 0 {
			a.open = len(a.buf) < maxHead
			return
		}
		h := parseHead(string(a.buf[:end]))
		p, a.buf = p[end-before:], a.buf[:0]
		if len(a.heads) < maxWaiting {
			a.heads = append(a.heads, h)
		}
		code := h.status()
		a.open = code >= 100 && code < 200 && code != 101
	}
	if !a.open && cap(a.buf) > 16<<10 {
		a.buf = nil
	}
}
