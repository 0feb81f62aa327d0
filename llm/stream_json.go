package llm

import "bytes"

// lineFramer reads one event a line: NDJSON, application/stream+json, JSON text sequences (RFC 7464), the data stream
// of older Vercel AI SDKs. Blank lines are no events.
type lineFramer struct {
	splitter *Splitter
	limit    int
	seen     int  // no line end in b[:seen]
	over     bool // the line is too long, its start is gone
}

func (f *lineFramer) next(b []byte, end bool) (Event, bool, int) {
	i := bytes.IndexByte(b[f.seen:], '\n')
	stop, after := f.seen+i, f.seen+i+1
	if i < 0 {
		if len(b) > f.limit || f.over && len(b) > 0 {
			f.over, f.seen = true, 0
			return Event{}, false, f.lost(len(b), end)
		}
		f.seen = len(b)
		if !end || len(b) == 0 {
			return Event{}, false, f.lost(0, end)
		}
		stop, after = len(b), len(b)
	}
	f.seen = 0
	if f.over || stop > f.limit {
		f.over = true
		return Event{}, false, f.lost(after, true)
	}
	line := bytes.Trim(b[:stop], " \t\r\x1e")
	if len(line) == 0 {
		return Event{}, false, after
	}
	return Event{Data: line}, true, after
}

// lost counts a line that was too long, once it has ended.
func (f *lineFramer) lost(used int, ended bool) int {
	if ended && f.over {
		f.splitter.Dropped++
		f.over = false
	}
	return used
}

// arrayFramer reads one JSON array and gives its elements as events as soon as each is complete: Gemini's answer to
// streamGenerateContent without alt=sse.
type arrayFramer struct {
	splitter *Splitter
	limit    int
	open     bool // "[" was read
	closed   bool // and its "]"
	pos      int  // how far the element at the front was read
	depth    int
	inString bool
	over     bool // the element is too long, its start is gone
	escaped  bool // over: the next byte is escaped
}

func (f *arrayFramer) next(b []byte, end bool) (Event, bool, int) {
	if f.closed {
		return Event{}, false, len(b)
	}
	if f.pos == 0 && !f.over {
		if n := f.gap(b); n > 0 || len(b) == 0 {
			return Event{}, false, n
		}
	}
	if f.over {
		return Event{}, false, f.skip(b, end)
	}
	stop, ok := f.element(b)
	switch {
	case ok && stop <= f.limit:
		f.pos, f.depth, f.inString = 0, 0, false
		return Event{Data: bytes.TrimRight(b[:stop], " \t\r\n")}, true, stop
	case ok || len(b) > f.limit:
		f.over, f.pos, f.depth, f.inString, f.escaped = true, 0, 0, false, false
		return Event{}, false, f.skip(b, end)
	case end:
		f.pos, f.depth, f.inString, f.closed = 0, 0, false, true
		return Event{Data: b}, true, len(b)
	}
	return Event{}, false, 0
}

// gap measures what stands between elements, and reads the array's own brackets.
func (f *arrayFramer) gap(b []byte) int {
	for i, c := range b {
		switch c {
		case ' ', '\t', '\r', '\n', ',', '}', 0xef, 0xbb, 0xbf:
		case '[':
			if f.open {
				return i
			}
			f.open = true
		case ']':
			f.closed = true
			return i + 1
		default:
			return i
		}
	}
	return len(b)
}

// element finds the end of the value at the front of b, going on where it stopped.
func (f *arrayFramer) element(b []byte) (int, bool) {
	i := f.pos
	for i < len(b) {
		if f.inString {
			n := bytes.IndexByte(b[i:], '"')
			if n < 0 {
				i = len(b)
				break
			}
			i += n + 1
			f.inString = escapedAt(b, i-1)
			continue
		}
		switch b[i] {
		case '"':
			f.inString = true
		case '{', '[':
			f.depth++
		case '}', ']':
			if f.depth == 0 {
				return i, true
			}
			if f.depth--; f.depth == 0 {
				return i + 1, true
			}
		case ',':
			if f.depth == 0 {
				return i, true
			}
		}
		i++
	}
	f.pos = i
	return 0, false
}

// escapedAt reports whether the byte at i stands behind an odd number of backslashes.
func escapedAt(b []byte, i int) bool {
	n := i
	for n > 0 && b[n-1] == '\\' {
		n--
	}
	return (i-n)%2 == 1
}

// skip uses up bytes of an element that is too long.
func (f *arrayFramer) skip(b []byte, end bool) int {
	for i, c := range b {
		switch {
		case f.escaped:
			f.escaped = false
		case f.inString:
			f.escaped = c == '\\'
			f.inString = c != '"'
		case c == '"':
			f.inString = true
		case c == '{' || c == '[':
			f.depth++
		case (c == ',' || c == '}' || c == ']') && f.depth == 0:
			return f.skipped(i)
		case c == '}' || c == ']':
			if f.depth--; f.depth == 0 {
				return f.skipped(i + 1)
			}
		}
	}
	if end && len(b) == 0 {
		return f.skipped(0)
	}
	return len(b)
}

func (f *arrayFramer) skipped(n int) int {
	f.splitter.Dropped++
	f.over, f.depth, f.inString = false, 0, false
	return n
}
