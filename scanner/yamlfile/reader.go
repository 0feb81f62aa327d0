package yamlfile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/internal/nearest"
	"assay/scanner"
)

// mostProblems bounds what is told of one file; a file with more is not one that was nearly right.
const mostProblems = 100

// Reader turns nodes into values and gathers everything that is wrong on the way.
type Reader struct {
	File     string
	Problems []scanner.Problem
	lines    []string
}

// NewReader returns a Reader of a file.
func NewReader(file string, data []byte) *Reader {
	return &Reader{File: file, lines: strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")}
}

// Add notes a problem, with the nearest word that would be right.
func (r *Reader) Add(n *Node, where, near, what string) {
	if len(r.Problems) >= mostProblems {
		return
	}
	p := scanner.Problem{File: r.File, Line: 1, Column: 1, Where: where, What: what, Nearest: near}
	if n != nil && n.Line > 0 {
		p.Line, p.Column = n.Line, n.Col
	}
	if !slices.Contains(r.Problems, p) {
		r.Problems = append(r.Problems, p)
	}
}

// Fail notes a problem.
func (r *Reader) Fail(n *Node, where, format string, args ...any) {
	r.Add(n, where, "", fmt.Sprintf(format, args...))
}

// Field reads the value of one key.
type Field func(n *Node, where string)

// Object reads a mapping with the fields given; what is not among them is a problem with the nearest that is.
func (r *Reader) Object(n *Node, where string, fields map[string]Field, required ...string) {
	if n.Null() || n.Kind != Map {
		r.Fail(n, where, "a mapping is wanted, here is %s", n.What())
		return
	}
	names := slices.Sorted(maps.Keys(fields))
	seen := map[string]int{}
	for _, p := range n.Pairs {
		name := p.Key.Text
		if line, twice := seen[name]; twice {
			r.Fail(p.Key, where, "%q stands here twice, first in line %d", Clip(name), line)
			continue
		}
		seen[name] = p.Key.Line
		read, known := fields[name]
		if !known {
			r.Add(p.Key, where, nearest.Word(name, names), fmt.Sprintf("no key is named %q here; there are %s", Clip(name), strings.Join(names, ", ")))
			continue
		}
		read(p.Value, Under(where, name))
	}
	for _, name := range required {
		if _, found := seen[name]; !found {
			r.Fail(n, where, "%s is missing", name)
		}
	}
}

// Under is the place of a key within another place.
func Under(where, name string) string {
	if where == "" {
		return name
	}
	return where + "." + name
}

// List reads a list, or one value where a list may be written as one.
func (r *Reader) List(n *Node, where string, most int, read func(n *Node, where string)) {
	switch {
	case n.Null():
		r.Fail(n, where, "a list is wanted, here is nothing")
	case n.Kind != List:
		read(n, where)
	case len(n.Items) == 0:
		r.Fail(n, where, "the list is empty; leave the key out instead")
	case len(n.Items) > most:
		r.Fail(n, where, "the list has %d entries; it may have %d", len(n.Items), most)
	default:
		for i, item := range n.Items {
			read(item, fmt.Sprintf("%s[%d]", where, i))
		}
	}
}

// Text reads a text of 1 to most characters, as it stands there.
func (r *Reader) Text(n *Node, where string, most int) string {
	if n.Null() || n.Kind != Scalar {
		r.Fail(n, where, "a text is wanted, here is %s", n.What())
		return ""
	}
	return r.sized(n, where, n.Text, most)
}

// Trimmed reads a text of 1 to most characters, without the spaces around it.
func (r *Reader) Trimmed(n *Node, where string, most int) string {
	if n.Null() || n.Kind != Scalar {
		return r.Text(n, where, most)
	}
	return r.sized(n, where, strings.TrimSpace(n.Text), most)
}

func (r *Reader) sized(n *Node, where, text string, most int) string {
	switch count := utf8.RuneCountInString(text); {
	case count == 0:
		r.Fail(n, where, "a text is wanted, this one is empty")
	case count > most:
		r.Fail(n, where, "this text has %d characters; it may have %d", count, most)
	}
	return text
}

// Texts reads a list of texts, each once.
func (r *Reader) Texts(n *Node, where string, most, longest int) []string {
	var all []string
	r.List(n, where, most, func(n *Node, where string) {
		t := r.Text(n, where, longest)
		if slices.Contains(all, t) {
			r.Fail(n, where, "%q stands in this list already", Clip(t))
			return
		}
		all = append(all, t)
	})
	return all
}

// Word reads one of the words given.
func (r *Reader) Word(n *Node, where string, words []string) string {
	t := r.Trimmed(n, where, 200)
	if t == "" || slices.Contains(words, t) {
		return t
	}
	r.Add(n, where, nearest.Word(t, words), fmt.Sprintf("%q is not one of %s", Clip(t), strings.Join(words, ", ")))
	return ""
}

// Words reads a list of the words given.
func (r *Reader) Words(n *Node, where string, words []string) []string {
	var all []string
	r.List(n, where, 50, func(n *Node, where string) {
		if w := r.Word(n, where, words); w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	})
	return all
}

// Number reads a number between two bounds.
func (r *Reader) Number(n *Node, where string, least, most float64) float64 {
	var v float64
	switch x := n.scalar().(type) {
	case int64:
		v = float64(x)
	case uint64:
		v = float64(x)
	case float64:
		v = x
	default:
		r.Fail(n, where, "a number from %s to %s is wanted, here is %s", plain(least), plain(most), n.What())
		return least
	}
	if v < least || v > most {
		r.Fail(n, where, "%s is not between %s and %s", plain(v), plain(least), plain(most))
		return least
	}
	return v
}

// Whole reads a whole number between two bounds.
func (r *Reader) Whole(n *Node, where string, least, most int) int {
	var v int
	switch x := n.scalar().(type) {
	case int64:
		v = int(x)
	case uint64:
		v = int(min(x, 1<<62))
	default:
		r.Fail(n, where, "a whole number from %d to %d is wanted, here is %s", least, most, n.What())
		return least
	}
	if v < least || v > most {
		r.Fail(n, where, "%d is not between %d and %d", v, least, most)
		return least
	}
	return v
}

// Truth reads true or false.
func (r *Reader) Truth(n *Node, where string) bool {
	v, ok := n.scalar().(bool)
	if !ok {
		r.Fail(n, where, "true or false is wanted, here is %s", n.What())
	}
	return v
}

// scalar is the value of a scalar that may not be there.
func (n *Node) scalar() any {
	if n == nil {
		return nil
	}
	return n.Value
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Find is where a piece of a text stands in the file: at or after the text's own position, where else at the text.
func (r *Reader) Find(n *Node, piece string) *Node {
	from := max(n.Line-1, 0)
	for i := from; i < len(r.lines) && i < from+400; i++ {
		line, skip := r.lines[i], 0
		if i == from {
			skip = byteOf(line, n.Col)
		}
		if at := strings.Index(line[skip:], piece); at >= 0 {
			return &Node{Line: i + 1, Col: 1 + utf8.RuneCountInString(line[:skip+at])}
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

// Clip shortens what is quoted in a sentence.
func Clip(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
