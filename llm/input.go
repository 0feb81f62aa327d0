package llm

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"

	"assay/traffic"
)

// Input is one exchange as Parse needs it. Bodies have their content coding undone (traffic.Decode).
type Input struct {
	Method         string
	URL            string // absolute, as sent; for an import it may lack scheme and host
	RequestHeader  traffic.Header
	RequestBody    []byte
	Status         int // 0 while there is no answer
	ResponseHeader traffic.Header
	ResponseBody   []byte
	Ended          bool // nothing more will arrive
	Frames         []traffic.Frame
}

// call is an Input with the pieces every format asks for, each worked out once.
type call struct {
	Input
	scheme, host, port string // lower case; empty when the URL has none
	path               string // as sent, still percent-encoded
	query              string // as sent
	requestType        string // media type of the request, lower case, without parameters
	answerType         string // media type of the answer

	looked, marked bool // whether headers give an AI service away

	provider string // who answers, by catalog, headers and port; "" when unknown
	service  Kind   // what the catalog says the host is; "" when unknown
	request  value  // the request's JSON; absent when it is none

	parts   []formPart
	formed  bool
	collect func(slot) // set while somebody wants to know where the texts of the request stand
}

// slot is one text of the request that a person may want to change: a JSON string, or a field of a form.
type slot struct {
	role  Role
	at    value  // the JSON string; absent for form fields
	field string // the form field
}

// formPart is one field of a form body.
type formPart struct {
	name, file string
	mime       string
	data       []byte
}

func newCall(in Input) *call {
	c := &call{Input: in}
	c.scheme, c.host, c.port, c.path, c.query = splitURL(in.URL)
	c.requestType = mediaType(in.RequestHeader.Get("Content-Type"))
	c.answerType = mediaType(in.ResponseHeader.Get("Content-Type"))
	if looksJSON(in.RequestBody) {
		c.request = parseJSON(in.RequestBody).root()
	}
	return c
}

// splitURL takes a URL apart without judging it: recorded URLs hold braces, spaces and double slashes.
func splitURL(raw string) (scheme, host, port, path, query string) {
	rest := raw
	if i := strings.Index(rest, "://"); i >= 0 && !strings.ContainsAny(rest[:i], "/?#") {
		scheme, rest = strings.ToLower(rest[:i]), rest[i+3:]
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		host, rest = rest[:end], rest[end:]
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host, port = host[:i], host[i+1:]
	}
	rest, _, _ = strings.Cut(rest, "#")
	path, query, _ = strings.Cut(rest, "?")
	return scheme, strings.ToLower(host), port, path, query
}

func mediaType(contentType string) string {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// looksJSON saves the walk over bodies that are media, forms or text.
func looksJSON(body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n\ufeff")
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

// param is a query parameter's first value.
func (c *call) param(name string) string {
	for pair := range strings.SplitSeq(c.query, "&") {
		key, val, _ := strings.Cut(pair, "=")
		if key == name {
			if s, err := url.QueryUnescape(val); err == nil {
				return s
			}
			return val
		}
	}
	return ""
}

// Limits on form bodies.
const (
	maxFormParts = 200
	maxFormPart  = 64 << 20
)

// form gives the fields of a multipart or urlencoded request in order.
func (c *call) form() []formPart {
	if c.formed {
		return c.parts
	}
	c.formed = true
	switch {
	case strings.HasPrefix(c.requestType, "multipart/"):
		_, params, err := mime.ParseMediaType(c.RequestHeader.Get("Content-Type"))
		boundary := params["boundary"]
		if err != nil || boundary == "" {
			boundary = firstBoundary(c.RequestBody)
		}
		c.parts = multipartParts(c.RequestBody, boundary)
	case c.requestType == "application/x-www-form-urlencoded":
		for pair := range strings.SplitSeq(string(c.RequestBody), "&") {
			name, val, _ := strings.Cut(pair, "=")
			name, errName := url.QueryUnescape(name)
			val, errVal := url.QueryUnescape(val)
			if errName == nil && errVal == nil && len(c.parts) < maxFormParts {
				c.parts = append(c.parts, formPart{name: name, data: []byte(val)})
			}
		}
	}
	return c.parts
}

// firstBoundary reads the boundary off the body, for recordings that lost the parameter.
func firstBoundary(body []byte) string {
	line, _, _ := bytes.Cut(body, []byte("\n"))
	boundary, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte("--"))
	if !ok || len(boundary) > 200 {
		return ""
	}
	return string(boundary)
}

func multipartParts(body []byte, boundary string) []formPart {
	if boundary == "" {
		return nil
	}
	var parts []formPart
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for len(parts) < maxFormParts {
		p, err := r.NextRawPart()
		if err != nil {
			break
		}
		data, err := io.ReadAll(io.LimitReader(p, maxFormPart))
		parts = append(parts, formPart{
			name: p.FormName(), file: p.FileName(), mime: mediaType(p.Header.Get("Content-Type")), data: data,
		})
		if err != nil {
			break
		}
	}
	return parts
}

// field is the text of a form field, "" when the form does not have it.
func (c *call) field(name string) string {
	for _, p := range c.form() {
		if p.name == name && p.file == "" {
			return string(p.data)
		}
	}
	return ""
}

// text gives a string of the request and tells whoever collects that it stands there.
func (c *call) text(role Role, v value) string {
	if !v.isString() {
		return ""
	}
	if c.collect != nil {
		c.collect(slot{role: role, at: v})
	}
	return v.text()
}

// unescapePath undoes percent-encoding, twice where clients encoded twice; a broken encoding stays as it is.
func unescapePath(s string) string {
	for range 2 {
		if !strings.Contains(s, "%") {
			break
		}
		plain, err := url.PathUnescape(s)
		if err != nil {
			break
		}
		s = plain
	}
	return s
}
