package llm

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"assay/traffic"
)

// SetPrompt puts a text in one place of a request and keeps every other byte of it. It returns the changed request;
// in stays as it is. A header that tells the length of the body is left to whoever sends it.
//
// A JSON place may hold a string, a list of content parts (its first text is replaced), or a value that is no text and
// gives way to the string. What is no valid UTF-8 in text becomes U+FFFD where the place is JSON.
func SetPrompt(in Input, ref Ref, text string) (Input, error) {
	var err error
	switch ref.In {
	case PlaceJSON:
		in.RequestBody, err = setJSON(in.RequestBody, ref, text)
	case PlaceForm:
		in.RequestBody, err = setForm(in.RequestBody, ref, text)
	case PlacePart:
		in.RequestBody, err = setPart(&in, ref, text)
	case PlaceQuery:
		in.URL, err = setQuery(in.URL, ref, text)
	case PlaceHeader:
		in.RequestHeader, err = setHeader(in.RequestHeader, ref, text)
	case PlaceBody:
		in.RequestBody = []byte(text)
	case PlaceFrame:
		in.Frames, err = setFrame(in.Frames, ref, text)
	default:
		err = fmt.Errorf("%s: no such place in a request", ref)
	}
	return in, err
}

func splice(b []byte, start, end int, with []byte) []byte {
	out := make([]byte, 0, len(b)-(end-start)+len(with))
	return append(append(append(out, b[:start]...), with...), b[end:]...)
}

func setJSON(body []byte, ref Ref, text string) ([]byte, error) {
	if ref.Name != "" && ref.Name[0] != '/' {
		return body, fmt.Errorf("%s: a JSON pointer begins with /", ref)
	}
	doc := parseJSON(body)
	at := doc.root().resolve(ref.Name)
	if !at.exists() {
		return body, fmt.Errorf("%s: the body has no such place", ref)
	}
	if at.isArray() || at.isObject() {
		if at = firstText(at); !at.exists() {
			return body, fmt.Errorf("%s: there is no text to replace, point at a string", ref)
		}
	}
	if at.node().cut {
		return body, fmt.Errorf("%s: the recorded body ends in the middle of this text, it cannot be sent again", ref)
	}
	start, end := at.span()
	return splice(body, start, end, quote(text, escapesAll(body))), nil
}

// firstText is the text of the first content part that has one: of {text}, [{text}, …], ["…"], {content}, {parts}.
func firstText(v value) value {
	for e := range v.items() {
		if e.isString() {
			return e
		}
		if e.isObject() || e.isArray() {
			if t := firstText(e); t.exists() {
				return t
			}
		}
	}
	for _, key := range []string{"text", "content", "parts"} {
		t := v.get(key)
		if t.isString() {
			return t
		}
		if !t.isObject() && !t.isArray() {
			continue
		}
		if t = firstText(t); t.exists() {
			return t
		}
	}
	return value{}
}

// escapesAll reports whether a body was written by a client that escapes everything outside ASCII, as Python's json
// does: such a body stays pure ASCII.
func escapesAll(body []byte) bool {
	return bytes.Contains(body, []byte(`\u`)) && !bytes.ContainsFunc(body, func(r rune) bool { return r >= utf8.RuneSelf })
}

const hexDigits = "0123456789abcdef"

// quote writes a JSON string (RFC 8259 section 7) with as few escapes as allowed.
func quote(text string, ascii bool) []byte {
	out := append(make([]byte, 0, len(text)+2), '"')
	for _, r := range text { // invalid UTF-8 arrives as U+FFFD
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r == '\n':
			out = append(out, '\\', 'n')
		case r == '\r':
			out = append(out, '\\', 'r')
		case r == '\t':
			out = append(out, '\\', 't')
		case r < 0x20, ascii && r >= utf8.RuneSelf && r < 0x10000:
			out = appendEscape(out, r)
		case ascii && r >= utf8.RuneSelf:
			high, low := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, high), low)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return append(out, '"')
}

func appendEscape(out []byte, r rune) []byte {
	return append(out, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// setForm replaces a value of an urlencoded body, or of a query.
func setForm(body []byte, ref Ref, text string) ([]byte, error) {
	nth := 0
	for start := 0; start <= len(body); {
		end := len(body)
		if i := bytes.IndexByte(body[start:], '&'); i >= 0 {
			end = start + i
		}
		name, _, found := bytes.Cut(body[start:end], []byte{'='})
		if plain, err := url.QueryUnescape(string(name)); err == nil && plain == ref.Name {
			if nth == ref.Nth {
				encoded := url.QueryEscape(text)
				if bytes.Contains(body, []byte("%20")) && !bytes.Contains(body, []byte("+")) {
					encoded = strings.ReplaceAll(encoded, "+", "%20")
				}
				if !found {
					return splice(body, end, end, []byte("="+encoded)), nil
				}
				return splice(body, start+len(name)+1, end, []byte(encoded)), nil
			}
			nth++
		}
		start = end + 1
	}
	return body, fmt.Errorf("%s: the request has no such field", ref)
}

func setQuery(raw string, ref Ref, text string) (string, error) {
	head, fragment, hasFragment := strings.Cut(raw, "#")
	path, query, found := strings.Cut(head, "?")
	if !found {
		return raw, fmt.Errorf("%s: the URL has no query", ref)
	}
	changed, err := setForm([]byte(query), ref, text)
	if err != nil {
		return raw, fmt.Errorf("%s: the URL has no such parameter", ref)
	}
	out := path + "?" + string(changed)
	if hasFragment {
		out += "#" + fragment
	}
	return out, nil
}

func setHeader(header traffic.Header, ref Ref, text string) (traffic.Header, error) {
	if strings.ContainsAny(text, "\r\n\x00") {
		return header, fmt.Errorf("%s: a header cannot hold line ends or NUL", ref)
	}
	nth := 0
	for i, field := range header {
		if !strings.EqualFold(field.Name, ref.Name) {
			continue
		}
		if nth == ref.Nth {
			changed := slices.Clone(header)
			changed[i].Value = text
			return changed, nil
		}
		nth++
	}
	return header, fmt.Errorf("%s: the request has no such header", ref)
}

// setPart replaces the content of a field of a multipart body (RFC 7578).
func setPart(in *Input, ref Ref, text string) ([]byte, error) {
	body := in.RequestBody
	boundary := boundaryOf(in)
	if boundary == "" {
		return body, fmt.Errorf("%s: the body is not multipart", ref)
	}
	delimiter := []byte("\r\n--" + boundary)
	if bytes.Contains([]byte("\r\n"+text+"\r\n"), delimiter) {
		return body, fmt.Errorf("%s: the text holds the boundary %q of the form", ref, boundary)
	}
	out, nth := []byte(nil), 0
	err := eachPart(in, func(p *partSpan) bool {
		if p.params["name"] != ref.Name {
			return true
		}
		if nth == ref.Nth {
			out = splice(body, p.start, p.end, []byte(text))
		}
		nth++
		return out == nil
	})
	if err == nil && out == nil {
		err = fmt.Errorf("%s: the form has no such field", ref)
	}
	if err != nil {
		return body, err
	}
	return out, nil
}

// boundaryOf is the boundary of a multipart request, "" when it has none.
func boundaryOf(in *Input) string {
	contentType := in.RequestHeader.Get("Content-Type")
	if !strings.HasPrefix(mediaType(contentType), "multipart/") {
		return ""
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["boundary"] != "" {
		return params["boundary"]
	}
	return firstBoundary(in.RequestBody)
}
