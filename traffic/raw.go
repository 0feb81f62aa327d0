package traffic

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"
)

// ParseRawRequest reads an HTTP request as it is written on the wire, as tools save it and people type it: lines may
// end with LF alone, and the body is everything after the empty line, whatever Content-Length says. A chunked body is
// joined where it is well formed. origin ("https://a.example:8443") completes a target that is only a path; when it is
// empty the Host header does, with https.
func ParseRawRequest(data []byte, origin string) (Request, error) {
	line, rest := cutLine(bytes.TrimLeft(data, "\r\n"))
	method, target, ok := strings.Cut(line, " ")
	if !ok || method == "" || strings.ContainsFunc(method, func(r rune) bool { return r < '!' || r > '~' }) {
		return Request{}, fmt.Errorf("the first line of the request is %q; a method and a target should stand there, as in POST /v1/chat HTTP/1.1", shortened(line))
	}
	q := Request{Method: method, Proto: "HTTP/1.1"}
	if i := strings.LastIndexByte(target, ' '); i >= 0 && protoName(target[i+1:]) != "" {
		q.Proto, target = protoName(target[i+1:]), target[:i]
	}
	target = strings.TrimSpace(target)
	var err error
	if q.Header, q.Body, err = parseRawRest(rest); err != nil {
		return Request{}, err
	}
	q.Host = q.Header.Get("Host")
	switch {
	case strings.Contains(target, "://"), method == "CONNECT":
		q.URL = target
	case origin != "":
		q.URL = origin + target
	case q.Host != "":
		q.URL = "https://" + q.Host + target
	default:
		return Request{}, errors.New("the request has neither a Host header nor an absolute target, so where it went is not known")
	}
	return q, nil
}

// ParseRawResponse reads an HTTP response as it is written on the wire; see ParseRawRequest.
func ParseRawResponse(data []byte) (Response, error) {
	line, rest := cutLine(bytes.TrimLeft(data, "\r\n"))
	proto, after, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(after, " ")
	status, err := strconv.Atoi(code)
	if protoName(proto) == "" || err != nil || status < 100 || status > 999 {
		return Response{}, fmt.Errorf("the first line of the answer is %q; a protocol and a status should stand there, as in HTTP/1.1 200 OK", shortened(line))
	}
	p := Response{Status: status, Reason: reason, Proto: protoName(proto)}
	if p.Header, p.Body, err = parseRawRest(rest); err != nil {
		return Response{}, err
	}
	return p, nil
}

// cutLine returns the first line without its end, and what follows.
func cutLine(data []byte) (line string, rest []byte) {
	before, rest, _ := bytes.Cut(data, []byte("\n"))
	return strings.TrimSuffix(string(before), "\r"), rest
}

// parseRawRest reads header lines and the body after them.
func parseRawRest(data []byte) (Header, Body, error) {
	var h Header
	for len(data) > 0 {
		var line string
		line, data = cutLine(data)
		if line == "" {
			break
		}
		if (line[0] == ' ' || line[0] == '\t') && len(h) > 0 { // obsolete line folding, RFC 9112 section 5.2
			h[len(h)-1].Value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, Body{}, fmt.Errorf("the header line %q has no colon", shortened(line))
		}
		if name == "" { // HTTP/2's :authority, as some tools write it
			continue
		}
		h = append(h, Field{name, strings.TrimSpace(value)})
	}
	if strings.EqualFold(h.Get("Transfer-Encoding"), "chunked") {
		data = joinChunks(data)
	}
	return h, whole(bytes.Clone(data)), nil
}

// joinChunks undoes chunked transfer coding; what is not chunked (many tools join the chunks but keep the header) is
// returned as it is.
func joinChunks(data []byte) []byte {
	joined, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(data)))
	if err != nil {
		return data
	}
	return joined
}
