package discover

import "bytes"

// maxDepth is how deep a document is walked; deeper ones are left.
const maxDepth = 128

// walker goes through the scalars of a JSON document in place: it builds nothing. Its zero value is ready.
type walker struct {
	src   []byte
	at    int
	steps []step // from the root to the value that is visited
	deep  bool   // the document is deeper than maxDepth
	stop  bool   // the visitor has seen enough
}

// step is a member's name, or a place in a list. Marks are what the visitor gave it, with those of the steps above.
type step struct {
	key   []byte // as sent, escapes and all; nil in a list
	marks uint8
}

// visitor looks at a document. enter is asked about each member that holds an object or a list, and gives it marks that
// everything inside inherits. scalar gets strings without their quotes, and other values as sent.
type visitor interface {
	enter(w *walker, key []byte) (marks uint8)
	scalar(w *walker, kind byte, raw []byte)
}

// walk visits a document and reports whether it is one whole JSON value. What is too deep counts as whole: nobody
// knows.
func (w *walker) walk(src []byte, v visitor) (whole bool) {
	w.src, w.at, w.steps, w.deep, w.stop = src, 0, w.steps[:0], false, false
	w.src = bytes.TrimPrefix(w.src, []byte("\ufeff"))
	w.space()
	ok := w.value(v, nil, 0)
	if w.deep || w.stop {
		return true
	}
	w.space()
	return ok && w.at == len(w.src)
}

// marks are those of the value that is visited.
func (w *walker) marks() uint8 {
	if len(w.steps) == 0 {
		return 0
	}
	return w.steps[len(w.steps)-1].marks
}

// key is the nearest member's name above the value that is visited; nil when there is none.
func (w *walker) key() []byte {
	for i := len(w.steps) - 1; i >= 0; i-- {
		if w.steps[i].key != nil {
			return w.steps[i].key
		}
	}
	return nil
}

// pointer says where the value is, as a JSON pointer (RFC 6901) with * for any place in a list.
func (w *walker) pointer() string {
	var b []byte
	for _, s := range w.steps {
		b = append(b, '/')
		if s.key == nil {
			b = append(b, '*')
			continue
		}
		for _, c := range s.key[:min(len(s.key), 64)] {
			switch c {
			case '~':
				b = append(b, "~0"...)
			case '/':
				b = append(b, "~1"...)
			default:
				b = append(b, c)
			}
		}
	}
	if len(b) > maxWord {
		b = b[:maxWord]
	}
	return string(bytes.ToValidUTF8(b, nil))
}

func (w *walker) space() {
	for w.at < len(w.src) {
		switch w.src[w.at] {
		case ' ', '\n', '\r', '\t':
			w.at++
		default:
			return
		}
	}
}

func (w *walker) value(v visitor, key []byte, depth int) bool {
	if w.at >= len(w.src) || w.stop {
		return false
	}
	switch c := w.src[w.at]; c {
	case '{', '[':
		if depth >= maxDepth {
			w.deep = true
			return false
		}
		marks := w.marks()
		if key != nil {
			marks |= v.enter(w, key)
			w.steps[len(w.steps)-1].marks = marks
		}
		return w.inside(v, c, marks, depth)
	case '"':
		raw, ok := w.text()
		if ok {
			v.scalar(w, '"', raw)
		}
		return ok
	default:
		start := w.at
		for w.at < len(w.src) && !ends(w.src[w.at]) {
			w.at++
		}
		raw := w.src[start:w.at]
		if !literal(raw) {
			return false
		}
		v.scalar(w, raw[0], raw)
		return true
	}
}

func ends(c byte) bool {
	switch c {
	case ',', '}', ']', ' ', '\n', '\r', '\t', ':', '"', '{', '[':
		return true
	}
	return false
}

// literal reports whether a token is a number or one of the three words. Numbers are not looked at closely.
func literal(raw []byte) bool {
	if len(raw) == 0 {
		return false
	}
	switch c := raw[0]; {
	case c == '-' && len(raw) > 1, c >= '0' && c <= '9':
		return true
	default:
		return string(raw) == "true" || string(raw) == "false" || string(raw) == "null"
	}
}

// text reads a string and returns what is between its quotes.
func (w *walker) text() (raw []byte, ok bool) {
	start := w.at + 1
	from := start
	for {
		i := bytes.IndexByte(w.src[from:], '"')
		if i < 0 {
			w.at = len(w.src)
			return nil, false
		}
		end := from + i
		slashes := 0
		for end-1-slashes >= start && w.src[end-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			w.at = end + 1
			return w.src[start:end], true
		}
		from = end + 1
	}
}

// inside goes through an object or a list, from its opening bracket to behind its closing one.
func (w *walker) inside(v visitor, open byte, marks uint8, depth int) bool {
	closing := open + 2 // '{' and '}', '[' and ']' are two apart
	w.at++
	w.steps = append(w.steps, step{marks: marks})
	defer func() { w.steps = w.steps[:len(w.steps)-1] }()
	w.space()
	for first := true; w.at < len(w.src); first = false {
		switch c := w.src[w.at]; {
		case c == closing:
			w.at++
			return true
		case !first && c != ',':
			return false
		case !first:
			w.at++
			w.space()
		}
		var key []byte
		if open == '{' {
			var ok bool
			if key, ok = w.name(); !ok {
				return false
			}
			w.steps[len(w.steps)-1] = step{key, marks}
		}
		if !w.value(v, key, depth+1) {
			return false
		}
		w.space()
	}
	return false
}

// name reads a member's name and the colon behind it.
func (w *walker) name() (key []byte, ok bool) {
	if w.at >= len(w.src) || w.src[w.at] != '"' {
		return nil, false
	}
	key, ok = w.text()
	w.space()
	if !ok || w.at >= len(w.src) || w.src[w.at] != ':' {
		return nil, false
	}
	w.at++
	w.space()
	return key, true
}

// decoded undoes the escapes of a string that URLs and sentences have; others stay as they are.
func decoded(raw []byte) []byte {
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out = append(out, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case '/', '"', '\\':
			out = append(out, raw[i])
		case 'n', 'r', 't':
			out = append(out, ' ')
		case 'u':
			if r, ok := hex4(raw[i+1:]); ok && r >= ' ' && (r < 0xd800 || r > 0xdfff) {
				out = append(out, string(r)...)
				i += 4
				continue
			}
			out = append(out, '\\', 'u')
		default:
			out = append(out, '\\', raw[i])
		}
	}
	return out
}

func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
