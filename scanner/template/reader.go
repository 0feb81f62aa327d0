package template

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"assay/internal/nearest"
)

// maxProblems bounds what is told of one file; a file with more is not one that was nearly right.
const maxProblems = 100

// reader turns nodes into values and gathers everything that is wrong on the way.
type reader struct {
	file     string
	lines    []string
	problems []Problem
}

func (r *reader) add(n *node, where, near, what string) {
	if len(r.problems) >= maxProblems {
		return
	}
	p := Problem{File: r.file, Line: 1, Column: 1, Where: where, What: what, Nearest: near}
	if n != nil && n.line > 0 {
		p.Line, p.Column = n.line, n.col
	}
	if !slices.Contains(r.problems, p) {
		r.problems = append(r.problems, p)
	}
}

func (r *reader) fail(n *node, where, format string, args ...any) {
	r.add(n, where, "", fmt.Sprintf(format, args...))
}

// field reads the value of one key.
type field func(n *node, where string)

// object reads a mapping with the fields given; what is not among them is a problem with the nearest that is.
func (r *reader) object(n *node, where string, fields map[string]field, required ...string) {
	if n.null() || n.kind != mapNode {
		r.fail(n, where, "a mapping is wanted, here is %s", n.what())
		return
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	seen := map[string]*node{}
	for _, p := range n.pairs {
		name := p.key.text
		if first, twice := seen[name]; twice {
			r.fail(p.key, where, "%q stands here twice, first in line %d", clip(name), first.line)
			continue
		}
		seen[name] = p.key
		read, known := fields[name]
		if !known {
			r.add(p.key, where, nearest.Word(name, names), fmt.Sprintf("no key is named %q here; there are %s", clip(name), strings.Join(names, ", ")))
			continue
		}
		read(p.value, under(where, name))
	}
	for _, name := range required {
		if _, found := seen[name]; !found {
			r.fail(n, where, "%s is missing", name)
		}
	}
}

func under(where, name string) string {
	if where == "" {
		return name
	}
	return where + "." + name
}

// list reads a list, or one value where a list may be written as one.
func (r *reader) list(n *node, where string, most int, read func(n *node, where string)) {
	if n.null() {
		r.fail(n, where, "a list is wanted, here is nothing")
		return
	}
	if n.kind != listNode {
		read(n, where)
		return
	}
	if len(n.items) == 0 {
		r.fail(n, where, "the list is empty; leave the key out instead")
	}
	if len(n.items) > most {
		r.fail(n, where, "the list has %d entries; it may have %d", len(n.items), most)
		return
	}
	for i, item := range n.items {
		read(item, fmt.Sprintf("%s[%d]", where, i))
	}
}

// text reads a text of 1 to most characters.
func (r *reader) text(n *node, where string, most int) string {
	if n.null() || n.kind != scalarNode {
		r.fail(n, where, "a text is wanted, here is %s", n.what())
		return ""
	}
	switch count := utf8.RuneCountInString(n.text); {
	case strings.TrimSpace(n.text) == "" && n.text == "":
		r.fail(n, where, "a text is wanted, this one is empty")
	case count > most:
		r.fail(n, where, "this text has %d characters; it may have %d", count, most)
	}
	return n.text
}

// texts reads a list of texts, each once.
func (r *reader) texts(n *node, where string, most, longest int) []string {
	var all []string
	r.list(n, where, most, func(n *node, where string) {
		t := r.text(n, where, longest)
		if slices.Contains(all, t) {
			r.fail(n, where, "%q stands in this list already", clip(t))
			return
		}
		all = append(all, t)
	})
	return all
}

// word reads one of the words given.
func (r *reader) word(n *node, where string, words []string) string {
	t := r.text(n, where, 200)
	if t == "" || slices.Contains(words, t) {
		return t
	}
	r.add(n, where, nearest.Word(t, words), fmt.Sprintf("%q is not one of %s", clip(t), strings.Join(words, ", ")))
	return ""
}

// wordList reads a list of the words given.
func (r *reader) wordList(n *node, where string, words []string) []string {
	var all []string
	r.list(n, where, 50, func(n *node, where string) {
		if w := r.word(n, where, words); w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	})
	return all
}

// number reads a whole number between two bounds.
func (r *reader) number(n *node, where string, least, most int) int {
	var v int
	switch x := n.value.(type) {
	case int64:
		v = int(x)
	case uint64:
		v = int(min(x, 1<<62))
	default:
		r.fail(n, where, "a whole number from %d to %d is wanted, here is %s", least, most, n.what())
		return least
	}
	if v < least || v > most {
		r.fail(n, where, "%d is not between %d and %d", v, least, most)
		return least
	}
	return v
}

func (r *reader) truth(n *node, where string) bool {
	v, ok := n.value.(bool)
	if !ok {
		r.fail(n, where, "true or false is wanted, here is %s", n.what())
	}
	return v
}

// find is where a piece of a text stands in the file: at or after the text's own position, where else at the text.
func (r *reader) find(n *node, piece string) *node {
	from := max(n.line-1, 0)
	for i := from; i < len(r.lines) && i < from+400; i++ {
		line, skip := r.lines[i], 0
		if i == from {
			skip = byteOf(line, n.col)
		}
		if at := strings.Index(line[skip:], piece); at >= 0 {
			return &node{line: i + 1, col: 1 + utf8.RuneCountInString(line[:skip+at])}
		}
	}
	return n
}

// byteOf is the offset of the character in column col.
func byteOf(line string, col int) int {
	at := 0
	for range max(col-1, 0) {
		if at >= len(line) {
			break
		}
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return at
}

// clip shortens what is quoted in a sentence.
func clip(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
