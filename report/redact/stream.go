package redact

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"assay/traffic"
)

// stream hides values that come in pieces: a card number whose digits are told event by event.
func (r *Redactor) stream(text string) string {
	lines := strings.SplitAfter(text, "\n")
	r.events(lines)
	return strings.Join(lines, "")
}

// messages is stream for the messages of one side of a WebSocket session.
func (r *Redactor) messages(frames []traffic.Frame, side traffic.Side) {
	var lines []string
	var of []int
	for i := range frames {
		if f := &frames[i]; f.Side == side && f.Opcode == opcodeText && utf8.Valid(f.Data) {
			lines, of = append(lines, string(f.Data)), append(of, i)
		}
	}
	r.events(lines)
	for i, line := range lines {
		if line != string(frames[of[i]].Data) {
			frames[of[i]].Data = []byte(line)
		}
	}
}

// opcodeText is of frames that are text (RFC 6455 section 5.2).
const opcodeText = 1

// events hides what lies across events, of which each has JSON in it. The pieces of a text are the strings that stand at the
// same place of one event after the other; a value across them is written where it begins.
func (r *Redactor) events(lines []string) {
	places := map[string]*pieces{}
	var order []*pieces
	for n, line := range lines {
		at := strings.IndexByte(line, '{')
		if at < 0 || len(line) > mostLine {
			continue
		}
		for _, l := range literals(line[at:]) {
			p := places[l.path]
			if p == nil {
				if len(order) == mostPlaces {
					continue
				}
				p = &pieces{}
				places[l.path], order = p, append(order, p)
			}
			p.add(piece{line: n, start: at + l.start, end: at + l.end}, l.text)
		}
	}
	puts := map[int][]put{}
	for _, p := range order {
		r.across(p, puts)
	}
	for n, changes := range puts {
		lines[n] = rewrite(lines[n], changes)
	}
}

// Bounds of what is read of a stream.
const (
	mostLine   = 1 << 20
	mostPlaces = 200
)

// pieces are the pieces of one text.
type pieces struct {
	all  []piece
	text strings.Builder
}

// piece is one of them: where its literal stands, and where it begins in the whole.
type piece struct{ line, start, end, from int }

// put is a new text for a literal.
type put struct {
	start, end int
	text       string
}

func (p *pieces) add(one piece, text string) {
	one.from = p.text.Len()
	p.all = append(p.all, one)
	p.text.WriteString(text)
}

// across writes values that lie across pieces. What lies within one is hidden as any other text.
func (r *Redactor) across(p *pieces, puts map[int][]put) {
	if len(p.all) < 2 {
		return
	}
	whole := p.text.String()
	hits := r.look("", whole)
	end := func(i int) int {
		if i+1 < len(p.all) {
			return p.all[i+1].from
		}
		return len(whole)
	}
	for i := range p.all {
		from, to := p.all[i].from, end(i)
		var b strings.Builder
		at, changed := from, false
		for _, h := range hits {
			if h.of.shown || h.end <= from || h.start >= to {
				continue
			}
			if h.start >= from && h.end <= to {
				continue
			}
			changed = true
			if h.start > at {
				b.WriteString(whole[at:h.start])
			}
			if h.start >= from { // it begins here
				b.WriteString(h.of.placeholder)
				h.of.count++
			}
			at = max(at, min(h.end, to))
		}
		if changed {
			b.WriteString(whole[at:to])
			puts[p.all[i].line] = append(puts[p.all[i].line], put{p.all[i].start, p.all[i].end, b.String()})
		}
	}
}

// rewrite puts new literals into a line, the last first.
func rewrite(line string, changes []put) string {
	for len(changes) > 0 {
		last := 0
		for i := range changes {
			if changes[i].start > changes[last].start {
				last = i
			}
		}
		c := changes[last]
		changes = append(changes[:last:last], changes[last+1:]...)
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if e.Encode(c.text) == nil {
			line = line[:c.start] + strings.TrimSuffix(b.String(), "\n") + line[c.end:]
		}
	}
	return line
}

// literal is a string of JSON with its place, as it is written.
type literal struct {
	path       string
	text       string
	start, end int // with its quotes
}

// mostLiterals bounds the strings of one event.
const mostLiterals = 500

// literals finds the strings of JSON that are values, with the names they stand under. It reads as far as the JSON goes.
func literals(text string) (found []literal) {
	var names []string // of the objects and arrays around; "" in an array
	name, depth := "", 0
	for i := 0; i < len(text) && len(found) < mostLiterals; i++ {
		switch c := text[i]; c {
		case '{', '[':
			if depth++; depth > mostDeep {
				return found
			}
			names = append(names, name)
			name = ""
		case '}', ']':
			if depth--; depth < 0 {
				return found
			}
			name, names = names[len(names)-1], names[:len(names)-1]
		case ',':
			name = ""
		case '"':
			end := closing(text, i)
			if end < 0 {
				return found
			}
			var value string
			if json.Unmarshal([]byte(text[i:end]), &value) != nil {
				return found
			}
			rest := strings.TrimLeft(text[end:], " \t")
			if strings.HasPrefix(rest, ":") {
				name = value
			} else {
				found = append(found, literal{path: fmt.Sprint(strings.Join(names, "/"), "/", name), text: value, start: i, end: end})
			}
			i = end - 1
		}
	}
	return found
}

// closing is behind the quote that closes the string at i; -1 where none does.
func closing(text string, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case '"':
			return j + 1
		}
	}
	return -1
}
