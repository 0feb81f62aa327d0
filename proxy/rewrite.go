package proxy

import (
	"strconv"
	"strings"

	"assay/traffic"
)

// rewriter gives the head that net/http writes the order and the case of the head that was sent. The fields and their
// values are net/http's: it has checked them, and hop-by-hop fields are gone; only their arrangement is the sender's.
type rewriter struct {
	armed bool
	like  head
	start func(written string, like head) string // the start line to send
	buf   []byte
}

// arm prepares for the next head.
func (r *rewriter) arm(like head, start func(string, head) string) {
	r.armed, r.like, r.start, r.buf = like.fields != nil, like, start, r.buf[:0]
}

// rewrite takes what net/http writes and gives what to write instead; nothing while the head is incomplete.
func (r *rewriter) rewrite(p []byte) []byte {
	if !r.armed {
		return p
	}
	before := len(r.buf)
	r.buf = append(r.buf, p...)
	end := headEnd(r.buf, before)
	if end < 0 {
		if len(r.buf) < 2*maxHead {
			return nil
		}
		end = 0
	}
	whole := r.buf
	r.buf = nil
	written := parseHead(string(whole[:end]))
	if code := written.status(); strings.HasPrefix(written.start, "HTTP/") && code >= 100 && code < 200 && code != 101 {
		return append(whole[:end:end], r.rewrite(whole[end:])...) // informational; the final one is still to come
	}
	r.armed = false
	if end == 0 {
		return whole
	}
	out := make([]byte, 0, len(whole)+64)
	out = append(out, r.start(written.start, r.like)...)
	out = append(out, "\r\n"...)
	for _, f := range arrange(written.fields, r.like.fields) {
		out = append(out, f.Name...)
		out = append(out, ':')
		if f.Value != "" {
			out = append(out, ' ')
			out = append(out, f.Value...)
		}
		out = append(out, "\r\n"...)
	}
	out = append(out, "\r\n"...)
	r.like, r.start = head{}, nil
	return append(out, whole[end:]...)
}

// arrange gives the written fields in the order and case of like, then those like does not have.
func arrange(written, like traffic.Header) traffic.Header {
	out := make(traffic.Header, 0, len(written)+1)
	used := make([]bool, len(written))
	framed := false
	for _, f := range like {
		for i, w := range written {
			if !used[i] && strings.EqualFold(f.Name, w.Name) {
				used[i] = true
				out = append(out, traffic.Field{Name: f.Name, Value: w.Value})
				break
			}
		}
	}
	for i, w := range written {
		if !used[i] {
			out = append(out, w)
		}
	}
	for _, f := range out {
		framed = framed || strings.EqualFold(f.Name, "Content-Length") || strings.EqualFold(f.Name, "Transfer-Encoding")
	}
	if !framed && like.Get("Content-Length") == "0" { // net/http leaves it out where it means nothing
		out = append(out, traffic.Field{Name: "Content-Length", Value: "0"})
	}
	return out
}

// requestLine keeps the target exactly as the client wrote it, where it was written in origin form and still leads to
// the same place.
func requestLine(written string, like head) string {
	method, rest, _ := strings.Cut(written, " ")
	sent, wanted, _ := strings.Cut(like.start, " ")
	target, _, _ := strings.Cut(wanted, " ")
	_, proto, _ := strings.Cut(rest, " ")
	if sent != method || !strings.HasPrefix(target, "/") {
		return written
	}
	return method + " " + target + " " + proto
}

// reroutedLine leaves the line as net/http wrote it.
func reroutedLine(written string, _ head) string { return written }

// statusLine keeps the reason phrase the server gave.
func statusLine(written string, like head) string {
	proto, rest, _ := strings.Cut(written, " ")
	code, _, _ := strings.Cut(rest, " ")
	if code != strconv.Itoa(like.status()) {
		return written
	}
	return proto + " " + code + " " + like.reason()
}
