package llm

import (
	"bytes"

	"github.com/tidwall/gjson"
)

// byteOrderMark may stand before the first line of an event stream.
const byteOrderMark = "\xef\xbb\xbf"

// sseFramer reads text/event-stream (https://html.spec.whatwg.org/multipage/server-sent-events.html), and what servers
// make of it: JSON without "data:" in mid-stream, data lines that are documents of their own without a blank line
// between, events with a name and no data. Offsets count from the start of the block being read.
type sseFramer struct {
	splitter *Splitter
	limit    int
	names    map[string]string

	begun  bool // a byte order mark can no longer come
	skipLF bool // the last line ended with \r at the end of what had arrived
	line   int  // start of the line being read
	seen   int  // no line end in b[line:seen]
	lf     int  // no \n in b[line:lf]; b[lf] is one if lfHit
	lfHit  bool

	block     bool // the block has fields
	raw       bool // the block is JSON without "data:"
	name      string
	lines     int    // data lines
	from, to  int    // of the first data line
	joined    []byte // data lines so far, if several
	over, mid bool   // the block is too long; the start of its current line is gone
}

func (f *sseFramer) next(b []byte, end bool) (Event, bool, int) {
	if !f.begun {
		if !end && len(b) < len(byteOrderMark) && byteOrderMark[:len(b)] == string(b) {
			return Event{}, false, 0
		}
		f.begun = true
		if bytes.HasPrefix(b, []byte(byteOrderMark)) {
			return Event{}, false, f.discard(len(byteOrderMark))
		}
	}
	for {
		if f.skipLF && f.line < len(b) {
			f.skipLF = false
			if b[f.line] == '\n' {
				f.line++
				f.seen = max(f.seen, f.line)
				if !f.block {
					return Event{}, false, f.discard(f.line)
				}
			}
		}
		stop, after, ok := f.lineEnd(b)
		if !ok {
			return f.unfinished(b, end)
		}
		ev, found, used := f.take(b, stop, after)
		if found || used > 0 {
			return ev, found, used
		}
	}
}

// lineEnd finds the end of the line at f.line: \n, \r\n or \r.
func (f *sseFramer) lineEnd(b []byte) (stop, after int, ok bool) {
	from := max(f.line, f.seen)
	if f.lf < from {
		f.lf, f.lfHit = from, false
	}
	if !f.lfHit {
		i := bytes.IndexByte(b[f.lf:], '\n')
		if f.lfHit = i >= 0; f.lfHit {
			f.lf += i
		} else {
			f.lf = len(b)
		}
	}
	if i := bytes.IndexByte(b[from:f.lf], '\r'); i >= 0 {
		stop = from + i
		after = stop + 1
		if after < len(b) && b[after] == '\n' {
			after++
		}
		f.skipLF = after == stop+1 && after == len(b)
		return stop, after, true
	}
	if !f.lfHit {
		f.seen = len(b)
		return 0, 0, false
	}
	return f.lf, f.lf + 1, true
}

// unfinished handles a last line that has no end yet, or never will have.
func (f *sseFramer) unfinished(b []byte, end bool) (Event, bool, int) {
	if len(b) > f.line && (f.over || len(b) > f.limit) {
		f.comment(b[f.line:])
		f.over, f.mid = true, true
		if !end {
			return Event{}, false, f.discard(len(b))
		}
		f.line = len(b)
	}
	if !end {
		return Event{}, false, 0
	}
	if len(b) > f.line {
		ev, found, used := f.take(b, len(b), len(b))
		if found || used > 0 {
			return ev, found, used
		}
	}
	if f.over || f.block {
		return f.dispatch(b, len(b))
	}
	return Event{}, false, f.discard(len(b))
}

// take reads the line b[f.line:stop]; the next one starts at after.
func (f *sseFramer) take(b []byte, stop, after int) (Event, bool, int) {
	line := b[f.line:stop]
	if len(line) == 0 && !f.mid {
		return f.dispatch(b, after)
	}
	f.comment(line)
	if f.over || stop > f.limit {
		f.over, f.mid = true, false
		return Event{}, false, f.discard(after)
	}
	switch {
	case line[0] == ':':
		if !f.block {
			return Event{}, false, f.discard(after)
		}
	case f.raw:
		f.data(b, f.line, stop)
	case line[0] == '{':
		if f.block {
			return f.dispatch(b, f.line)
		}
		f.raw = true
		f.data(b, f.line, stop)
	default:
		if ev, found, used := f.field(b, stop); found {
			return ev, found, used
		}
	}
	f.block = true
	f.line = after
	f.seen = max(f.seen, after)
	return Event{}, false, 0
}

// field reads "name: value"; names other than data and event change nothing here.
func (f *sseFramer) field(b []byte, stop int) (Event, bool, int) {
	line := b[f.line:stop]
	name, _, _ := bytes.Cut(line, []byte{':'})
	from := min(f.line+len(name)+1, stop)
	if from < stop && b[from] == ' ' {
		from++
	}
	switch string(name) {
	case "data":
		if f.lines == 1 && wholeObject(b[f.from:f.to]) {
			return f.dispatch(b, f.line)
		}
		f.data(b, from, stop)
	case "event":
		f.name = f.intern(b[from:stop])
	}
	return Event{}, false, 0
}

// wholeObject reports whether a data line is a JSON object by itself: the next data line then belongs to another event,
// though the server left out the blank line.
func wholeObject(b []byte) bool {
	return len(b) > 1 && b[0] == '{' && b[len(b)-1] == '}' && gjson.ValidBytes(b)
}

func (f *sseFramer) data(b []byte, from, to int) {
	f.lines++
	switch f.lines {
	case 1:
		f.from, f.to = from, to
	case 2:
		f.joined = append(f.joined[:0:0], b[f.from:f.to]...)
		fallthrough
	default:
		f.joined = append(append(f.joined, '\n'), b[from:to]...)
	}
}

// dispatch ends the block; after is where the next one starts.
func (f *sseFramer) dispatch(b []byte, after int) (Event, bool, int) {
	var ev Event
	found := !f.over && (f.lines > 0 || f.name != "")
	if found {
		ev.Name, ev.Data = f.name, b[f.from:f.to]
		if f.lines > 1 {
			ev.Data = f.joined
		}
	}
	if f.over {
		f.splitter.Dropped++
	}
	f.over, f.mid = false, false
	f.block, f.raw, f.name, f.lines, f.from, f.to, f.joined = false, false, "", 0, 0, 0, nil
	return ev, found, f.discard(after)
}

func (f *sseFramer) comment(line []byte) {
	if !f.mid && len(line) > 0 && line[0] == ':' {
		f.splitter.Comments++
	}
}

// discard gives up n bytes; what was known about the bytes after them stays known.
func (f *sseFramer) discard(n int) int {
	f.line = 0
	f.seen = max(f.seen-n, 0)
	f.lf, f.lfHit = max(f.lf-n, 0), f.lfHit && f.lf >= n
	return n
}

// intern keeps one string per name: streams repeat a handful of them thousands of times.
func (f *sseFramer) intern(b []byte) string {
	if s, ok := f.names[string(b)]; ok {
		return s
	}
	if f.names == nil {
		f.names = map[string]string{}
	}
	s := string(b)
	if len(f.names) < 64 && len(s) < 64 {
		f.names[s] = s
	}
	return s
}
