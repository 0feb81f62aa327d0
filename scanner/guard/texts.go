package guard

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"assay/traffic"
)

// text is one text of a body, and where its bytes stand there.
type text struct {
	key    string // the name it stands under; empty where it has none
	plain  string // what it says, escapes undone
	start  int    // of its first byte in the body
	places []int  // of each byte of plain in the body, and of its end; nil where they follow each other
	form   form
}

// form is how a text is written in its body.
type form uint8

const (
	formPlain  form = iota
	formString      // between the quotes of a JSON string
	formNumber      // a JSON number
	formField       // urlencoded
)

// at is where byte i of the plain text stands in the body.
func (t *text) at(i int) int {
	if t.places == nil {
		return t.start + i
	}
	return t.places[i]
}

// move puts a text that was found in a part of a body into its place.
func (t *text) move(by int) {
	t.start += by
	for i := range t.places {
		t.places[i] += by
	}
}

// Bounds of one body's texts. What is beyond is not looked at, and the caller is told.
const (
	shortest  = 4       // bytes: nothing that matters is shorter
	mostTexts = 1 << 17 // texts of one body
	blobFrom  = 1 << 10 // bytes of a text without spaces that is taken for a file in base64
)

// eachText calls visit for every text of a body that a person or machine could have written: strings and long numbers of
// JSON, fields of forms, or all of a plain text. It returns false where the body is of a kind that is not read.
func eachText(body []byte, contentType string, visit func(*text)) bool {
	media := traffic.MediaType(contentType)
	head := bytes.TrimLeft(body[:min(len(body), 64)], "\ufeff \t\r\n")
	switch {
	case len(head) == 0:
		return true
	case media == "application/x-www-form-urlencoded" && head[0] != '{':
		eachField(body, visit)
		return true
	case strings.HasPrefix(media, "multipart/"):
		return eachPart(body, contentType, visit)
	case head[0] == '{' || head[0] == '[' || head[0] == '"':
		eachString(body, 0, visit)
		return true
	case noText(media) || bytes.IndexByte(body[:min(len(body), 4096)], 0) >= 0:
		return false
	}
	visit(&text{plain: string(body)})
	return true
}

// noText reports whether a media type is none of text: pictures, sound, archives, protocols of their own.
func noText(media string) bool {
	kind, sub, _ := strings.Cut(media, "/")
	switch kind {
	case "image":
		return sub != "svg+xml"
	case "audio", "video", "font":
		return true
	case "application":
		switch sub {
		case "octet-stream", "pdf", "zip", "gzip", "x-tar", "wasm", "protobuf", "x-protobuf", "grpc", "grpc-web", "vnd.apache.arrow.stream", "x-msgpack", "msgpack":
			return true
		}
	}
	return false
}

// eachString goes through the strings and long numbers of JSON that begins at byte from of the body. It wants no whole
// document: what is broken is read as far as it makes sense, and lines of JSON are read as well as one.
func eachString(body []byte, from int, visit func(*text)) {
	key := ""
	n := 0
	for i := from; i < len(body) && n < mostTexts; {
		switch c := body[i]; {
		case c == '"':
			t, end := readString(body, i)
			i = end
			after := bytes.TrimLeft(body[min(end, len(body)):min(end+8, len(body))], " \t\r\n")
			if len(after) > 0 && after[0] == ':' {
				key = t.plain
				if len(t.plain) >= 2*shortest {
					visit(t)
				}
			} else if t.key = key; len(t.plain) >= shortest && !blob(t.plain) {
				visit(t)
				n++
			}
		case c >= '0' && c <= '9' || c == '-':
			end := i + 1
			for end < len(body) && (body[end] >= '0' && body[end] <= '9' || strings.IndexByte("+-.eE", body[end]) >= 0) {
				end++
			}
			if end-i >= 7 {
				visit(&text{key: key, plain: string(body[i:end]), start: i, form: formNumber})
				n++
			}
			i = end
		case c == ']' || c == '}' || c == '{':
			key = ""
			i++
		default:
			i++
		}
	}
}

// blob reports whether a text is a file in base64 and nothing that was said.
func blob(s string) bool {
	if len(s) < blobFrom {
		return false
	}
	if strings.HasPrefix(s, "data:") {
		return strings.Contains(s[:min(len(s), 100)], ";base64,")
	}
	return strings.IndexFunc(s[:blobFrom], func(r rune) bool {
		of64 := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+/=-_", r)
		return !of64
	}) < 0
}

// readString reads the JSON string whose quote stands at i, and returns where it ends. One without an end goes to the end
// of the body.
func readString(body []byte, i int) (t *text, end int) {
	start := i + 1
	stop, after := stringEnd(body, i)
	t = &text{start: start, form: formString}
	if bytes.IndexByte(body[start:stop], '\\') < 0 {
		t.plain = string(body[start:stop])
	} else {
		t.unescape(body[:stop])
	}
	return t, after
}

// unescape undoes the escapes of a JSON string (RFC 8259 section 7) that goes to the end of raw.
func (t *text) unescape(raw []byte) {
	plain := make([]byte, 0, len(raw)-t.start)
	t.places = make([]int, 0, len(raw)-t.start+1)
	put := func(from int, b ...byte) {
		plain = append(plain, b...)
		for range b {
			t.places = append(t.places, from)
		}
	}
	for i := t.start; i < len(raw); {
		if raw[i] != '\\' || i+1 >= len(raw) {
			put(i, raw[i])
			i++
			continue
		}
		if raw[i+1] == 'u' {
			r, n := readEscape(raw[i:])
			put(i, []byte(string(r))...)
			i += n
			continue
		}
		put(i, unescaped(raw[i+1]))
		i += 2
	}
	t.plain = string(plain)
	t.places = append(t.places, len(raw))
}

func unescaped(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	}
	return c
}

// readEscape reads \uXXXX, or two of them that are one letter; n is how many bytes they take.
func readEscape(b []byte) (r rune, n int) {
	unit := func(b []byte) rune {
		if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
			return -1
		}
		var v rune
		for _, c := range b[2:6] {
			switch {
			case c >= '0' && c <= '9':
				v = v<<4 | rune(c-'0')
			case c >= 'a' && c <= 'f':
				v = v<<4 | rune(c-'a'+10)
			case c >= 'A' && c <= 'F':
				v = v<<4 | rune(c-'A'+10)
			default:
				return -1
			}
		}
		return v
	}
	first := unit(b)
	if first < 0 {
		return utf8.RuneError, min(2, len(b))
	}
	if utf16.IsSurrogate(first) {
		if second := unit(b[6:]); second >= 0 {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 12
			}
		}
		return utf8.RuneError, 6
	}
	return first, 6
}

// eachField goes through the values of an urlencoded body.
func eachField(body []byte, visit func(*text)) {
	start := 0
	for n := 0; start < len(body) && n < mostTexts; n++ {
		end := start + bytes.IndexByte(append(body[start:len(body):len(body)], '&'), '&')
		name, _, found := bytes.Cut(body[start:end], []byte{'='})
		if found {
			t := &text{key: string(name), start: start + len(name) + 1, form: formField}
			t.unquote(body[:end])
			if len(t.plain) >= shortest {
				visit(t)
			}
		}
		start = end + 1
	}
}

// unquote undoes the percent-encoding of a value that goes to the end of raw.
func (t *text) unquote(raw []byte) {
	plain := make([]byte, 0, len(raw)-t.start)
	t.places = make([]int, 0, len(raw)-t.start+1)
	for i := t.start; i < len(raw); i++ {
		t.places = append(t.places, i)
		c := raw[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%' && i+2 < len(raw) && hex(raw[i+1]) >= 0 && hex(raw[i+2]) >= 0:
			c = byte(hex(raw[i+1])<<4 | hex(raw[i+2]))
			i += 2
		}
		plain = append(plain, c)
	}
	t.plain = string(plain)
	t.places = append(t.places, len(raw))
}

func hex(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }

// eachPart goes through the fields of a multipart body that are text.
func eachPart(body []byte, contentType string, visit func(*text)) bool {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["boundary"] == "" {
		return false
	}
	mark := []byte("--" + params["boundary"])
	for at := bytes.Index(body, mark); at >= 0; {
		start := at + len(mark)
		n := bytes.Index(body[start:], mark)
		if n < 0 {
			break
		}
		part := body[start : start+n]
		head, content, found := bytes.Cut(part, []byte("\r\n\r\n"))
		if lower := strings.ToLower(string(head)); found && textual(lower) && bytes.IndexByte(content, 0) < 0 {
			from := start + len(head) + 4
			if c := bytes.TrimSpace(content); len(c) > 0 && (c[0] == '{' || c[0] == '[') {
				eachString(body[:start+n], from, visit)
			} else {
				visit(&text{plain: string(content), start: from})
			}
		}
		at = start + n
	}
	return true
}

// textual reports whether the head of a part, in lower case, announces text.
func textual(head string) bool {
	_, rest, found := strings.Cut(head, "content-type:")
	if !found {
		return true
	}
	line, _, _ := strings.Cut(rest, "\r\n")
	return !noText(traffic.MediaType(strings.TrimSpace(line)))
}
