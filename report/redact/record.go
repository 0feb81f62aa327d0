package redact

import (
	"bytes"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"assay/traffic"
)

// mostBody bounds the bodies in which values are hidden, in bytes; larger ones are left out.
const mostBody = 8 << 20

// Record hides values in an exchange: addresses, headers, bodies, frames, what a person wrote. Bodies stand as they read
// once their content coding is undone. One that is no text or too large is left out, and Lost says so.
//
// What the exchange tells anywhere is hidden in all of it; what other exchanges tell only where they came before.
func (r *Redactor) Record(x *traffic.Record) {
	if r.found == nil {
		r.found, r.text = map[string][]hit{}, 0
		defer func() { r.found = nil }()
	}
	r.learnFrom(x)
	q := &x.Request
	q.URL, q.Host = r.Text(q.URL), r.Text(q.Host)
	r.body(x, traffic.FromClient)
	q.Header, q.Trailer = r.header(q.Header), r.header(q.Trailer)
	x.Client, x.Note, x.Origin = traffic.Client{}, r.Text(x.Note), nil
	if x.Fault != nil {
		fault := *x.Fault
		fault.Reason = r.Text(fault.Reason)
		x.Fault = &fault
	}
	tags := make([]string, 0, len(x.Tags))
	for _, t := range x.Tags {
		tags = append(tags, r.Text(t))
	}
	x.Tags = tags
	x.Frames = slices.Clone(x.Frames)
	r.messages(x.Frames, traffic.FromClient)
	r.messages(x.Frames, traffic.FromServer)
	for i := range x.Frames {
		r.frame(&x.Frames[i])
	}
	if x.Response == nil {
		return
	}
	answer := *x.Response
	x.Response = &answer
	r.body(x, traffic.FromServer)
	answer = *x.Response
	answer.Reason, answer.Header, answer.Trailer = r.Text(answer.Reason), r.header(answer.Header), r.header(answer.Trailer)
	for i := range answer.Informational {
		answer.Informational[i].Header = r.header(answer.Informational[i].Header)
	}
	x.Response = &answer
}

// learnFrom looks which values an exchange tells.
func (r *Redactor) learnFrom(x *traffic.Record) {
	lines := slices.Concat(x.Request.Header, x.Request.Trailer)
	content, _ := x.Content(traffic.FromClient, mostBody)
	texts := append([]string{x.Request.URL, string(content), x.Note}, x.Tags...)
	if x.Response != nil {
		lines = slices.Concat(lines, x.Response.Header, x.Response.Trailer)
		content, _ := x.Content(traffic.FromServer, mostBody)
		texts = append(texts, string(content))
	}
	for _, f := range lines {
		r.study(f.Name, f.Value)
	}
	for _, f := range x.Frames {
		texts = append(texts, string(f.Data))
	}
	for _, text := range texts {
		if utf8.ValidString(text) {
			r.study("", text)
		}
	}
}

// header hides values in header lines; their names may tell what they are.
func (r *Redactor) header(h traffic.Header) traffic.Header {
	out := make(traffic.Header, 0, len(h))
	for _, f := range h {
		out = append(out, traffic.Field{Name: r.Text(f.Name), Value: r.Named(f.Name, f.Value)})
	}
	return out
}

// body hides values in a body.
func (r *Redactor) body(x *traffic.Record, side traffic.Side) {
	b, h := &x.Request.Body, &x.Request.Header
	if side == traffic.FromServer {
		b, h = &x.Response.Body, &x.Response.Header
		x.Segments = nil // what is hidden may lie across pieces
	}
	if len(b.Data) == 0 {
		return
	}
	content, lost := x.Content(side, mostBody)
	switch {
	case lost != "" && b.Lost == "" && len(content) >= mostBody:
		r.leave(b, "left out: it is too large to hide what is secret in it")
		return
	case !textual(content, h.Get("Content-Type")):
		r.leave(b, "left out: it is no text, so nobody can say what is secret in it")
		return
	}
	text := string(content)
	if streams(h.Get("Content-Type")) {
		text = r.stream(text)
	}
	b.Data = []byte(r.Text(text))
	b.Kept, b.Size = int64(len(b.Data)), int64(len(b.Data))
	if h.Has("Content-Encoding") {
		kept := make(traffic.Header, 0, len(*h))
		for _, f := range *h {
			if !strings.EqualFold(f.Name, "Content-Encoding") {
				kept = append(kept, f)
			}
		}
		*h = kept
	}
}

func (r *Redactor) leave(b *traffic.Body, why string) { b.Data, b.Kept, b.Lost = nil, 0, why }

func (r *Redactor) frame(f *traffic.Frame) {
	switch {
	case len(f.Data) == 0:
	case !utf8.Valid(f.Data) || bytes.IndexByte(f.Data, 0) >= 0:
		f.Data, f.Lost = nil, "left out: it is no text, so nobody can say what is secret in it"
	default:
		f.Data = []byte(r.Text(string(f.Data)))
	}
}

// textual reports whether a body is text. Forms with files are text in part only.
func textual(data []byte, kind string) bool {
	media, _, _ := mime.ParseMediaType(kind)
	for _, binary := range []string{"image/", "audio/", "video/", "font/"} {
		if strings.HasPrefix(media, binary) && media != "image/svg+xml" {
			return false
		}
	}
	return utf8.Valid(data) && bytes.IndexByte(data, 0) < 0
}

func streams(kind string) bool {
	media, _, _ := mime.ParseMediaType(kind)
	return media == "text/event-stream" || strings.HasSuffix(media, "ndjson") || strings.HasSuffix(media, "jsonl") || media == "application/stream+json"
}
