package proxy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"assay/traffic"
)

// outgoing is a request that is ready to be sent.
type outgoing struct {
	req        *http.Request
	target     string          // host:port
	head       head            // how the head is to look; empty for HTTP/2
	body       []byte          // with credentials filled in
	sealedBody []byte          // as it is recorded
	recorded   traffic.Request // as it is recorded, without its body
}

// prepare turns a request as it was written into one that can be sent.
func (s *Sender) prepare(ctx context.Context, q traffic.Request) (*outgoing, error) {
	var failed error
	reveal := traffic.Reveal(func(placeholder string) string {
		if s.cfg.Reveal == nil {
			return placeholder
		}
		value, err := s.cfg.Reveal(ctx, placeholder)
		if err != nil {
			failed = &RequestError{fmt.Sprintf("the value of %s was not kept on this machine: write the credential in its place", placeholder)}
		}
		return value
	})
	out := &outgoing{sealedBody: q.Body.Data, body: []byte(reveal.Text(string(q.Body.Data)))}
	q.Body, q.Trailer = traffic.Body{}, nil
	q = framed(q, len(out.body))
	plain := q
	plain.URL, plain.Header = reveal.Text(q.URL), slices.Clone(q.Header)
	for i := range plain.Header {
		plain.Header[i].Value = reveal.Text(plain.Header[i].Value)
	}
	if failed != nil {
		return nil, failed
	}
	out.recorded = q
	return out, out.address(plain)
}

// address makes the http.Request.
func (out *outgoing) address(q traffic.Request) error {
	u, target, path, err := destination(q.URL)
	if err != nil {
		return err
	}
	if err := sendable(q); err != nil {
		return err
	}
	out.target = target
	out.req = &http.Request{
		Method: q.Method, URL: u, Host: q.Host, Header: q.Header.HTTP(), ContentLength: int64(len(out.body)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if !q.Header.Has("User-Agent") {
		out.req.Header.Set("User-Agent", "") // net/http would name itself
	}
	if protoMajor(q.Proto) == 2 {
		out.req.Proto, out.req.ProtoMajor, out.req.ProtoMinor = "HTTP/2.0", 2, 0
		return nil
	}
	if len(out.body) > 0 && strings.EqualFold(q.Header.Get("Transfer-Encoding"), "chunked") {
		out.req.ContentLength = -1
	}
	out.head = head{start: q.Method + " " + path + " HTTP/1.1", fields: q.Header}
	return nil
}

// destination splits an absolute URL into what net/http wants to know, the address to connect to, and the path and
// query as written.
func destination(raw string) (u *url.URL, target, path string, err error) {
	scheme, rest, found := strings.Cut(raw, "://")
	scheme = strings.ToLower(scheme)
	if !found || scheme != "http" && scheme != "https" {
		return nil, "", "", &RequestError{"the address must begin with https:// or http://"}
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority := rest[:end]
	path, _, _ = strings.Cut(rest[end:], "#")
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	host, port, err := net.SplitHostPort(authority)
	if err != nil {
		host, port = strings.Trim(authority, "[]"), map[string]string{"http": "80", "https": "443"}[scheme]
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 || host == "" || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return nil, "", "", &RequestError{fmt.Sprintf("%q is not an address to send to", scheme+"://"+authority)}
	}
	target = net.JoinHostPort(host, port)
	u = &url.URL{Scheme: scheme, Host: target, Opaque: path}
	if parsed, err := url.ParseRequestURI(path); err == nil {
		u.Opaque, u.Path, u.RawPath, u.RawQuery = "", parsed.Path, parsed.RawPath, parsed.RawQuery
	}
	return u, target, path, nil
}

// sendable says what of a request cannot be written on a wire by net/http.
func sendable(q traffic.Request) error {
	if !httpguts.ValidHeaderFieldName(q.Method) { // a method is a token too
		return &RequestError{fmt.Sprintf("%q is not a method", q.Method)}
	}
	if q.Method == http.MethodConnect || q.Header.Has("Upgrade") {
		return &RequestError{"this request opens a tunnel or a WebSocket session, which cannot be sent again"}
	}
	for _, f := range q.Header {
		if !httpguts.ValidHeaderFieldName(f.Name) {
			return &RequestError{fmt.Sprintf("%q cannot be the name of a header", f.Name)}
		}
		if !httpguts.ValidHeaderFieldValue(f.Value) {
			return &RequestError{fmt.Sprintf("the header %s holds a control character, which cannot be sent", f.Name)}
		}
	}
	return nil
}

// ofConnection are fields that HTTP/2 does not have (RFC 9113 section 8.2.2).
var ofConnection = []string{"Host", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade"}

// framed gives a request the fields that say where it goes and how long its body is, in the places where they stood.
func framed(q traffic.Request, size int) traffic.Request {
	two := protoMajor(q.Proto) == 2
	if q.Host == "" {
		q.Host = q.Header.Get("Host")
	}
	if q.Host == "" {
		if u, _, _, err := destination(q.URL); err == nil {
			q.Host = site(u.Scheme, u.Host)
		}
	}
	header := make(traffic.Header, 0, len(q.Header)+2)
	if !two && !q.Header.Has("Host") {
		header = append(header, traffic.Field{Name: "Host", Value: q.Host})
	}
	sized := false
	for _, f := range q.Header {
		switch {
		case two && slices.ContainsFunc(ofConnection, func(name string) bool { return strings.EqualFold(name, f.Name) }):
			continue
		case strings.EqualFold(f.Name, "Content-Length"):
			if sized {
				continue
			}
			sized, f.Value = true, strconv.Itoa(size)
		}
		if two {
			f.Name = strings.ToLower(f.Name)
		}
		header = append(header, f)
	}
	chunked := !two && q.Header.Has("Transfer-Encoding")
	wanted := size > 0 || q.Method == http.MethodPost || q.Method == http.MethodPut || q.Method == http.MethodPatch
	switch {
	case sized && chunked: // net/http sends one of them
		header = slices.DeleteFunc(header, func(f traffic.Field) bool { return strings.EqualFold(f.Name, "Content-Length") })
	case !sized && !chunked && wanted:
		name := "Content-Length"
		if two {
			name = "content-length"
		}
		header = append(header, traffic.Field{Name: name, Value: strconv.Itoa(size)})
	}
	q.Header = header
	if two {
		q.Proto = "HTTP/2.0"
	} else {
		q.Proto = "HTTP/1.1"
	}
	return q
}
