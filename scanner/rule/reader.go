package rule

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"assay/internal/nearest"
)

// maxProblems bounds what is told of one file; a file with more is not one that was nearly right.
const maxProblems = 50

// reader turns nodes into values and gathers everything that is wrong on the way.
type reader struct {
	file     string
	problems []*Problem
}

func (r *reader) add(n *node, where, near, what string) {
	if len(r.problems) >= maxProblems {
		return
	}
	p := &Problem{File: r.file, Line: 1, Column: 1, Where: where, What: what, Nearest: near}
	if n != nil && n.line > 0 {
		p.Line, p.Column = n.line, n.col
	}
	r.problems = append(r.problems, p)
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
	names := slices.Sorted(maps.Keys(fields))
	seen := map[string]int{}
	for _, p := range n.pairs {
		name := p.key.text
		if line, twice := seen[name]; twice {
			r.fail(p.key, where, "%q stands here twice, first in line %d", clip(name), line)
			continue
		}
		seen[name] = p.key.line
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

// clip shortens what a message quotes of a file.
func clip(s string) string {
	if len(s) <= 60 {
		return s
	}
	return strings.ToValidUTF8(s[:60], "") + "…"
}

// list reads a list, or one value where a list may be written as one.
func (r *reader) list(n *node, where string, most int, read func(n *node, where string)) {
	switch {
	case n.null():
		r.fail(n, where, "a list is wanted, here is nothing")
	case n.kind != listNode:
		read(n, where)
	case len(n.items) == 0:
		r.fail(n, where, "the list is empty; leave the key out instead")
	case len(n.items) > most:
		r.fail(n, where, "the list has %d entries; it may have %d", len(n.items), most)
	default:
		for i, item := range n.items {
			read(item, fmt.Sprintf("%s[%d]", where, i))
		}
	}
}

// text reads a text of 1 to most characters, without spaces around it.
func (r *reader) text(n *node, where string, most int) string {
	if n.null() || n.kind != scalarNode {
		r.fail(n, where, "a text is wanted, here is %s", n.what())
		return ""
	}
	text := strings.TrimSpace(n.text)
	switch count := utf8.RuneCountInString(text); {
	case count == 0:
		r.fail(n, where, "a text is wanted, this one is empty")
	case count > most:
		r.fail(n, where, "this text has %d characters; it may have %d", count, most)
	}
	return text
}

// texts reads a list of texts.
func (r *reader) texts(n *node, where string, most, longest int) []string {
	var all []string
	r.list(n, where, most, func(n *node, where string) { all = append(all, r.text(n, where, longest)) })
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

// words reads a list of the words given.
func (r *reader) words(n *node, where string, words []string) []string {
	var all []string
	r.list(n, where, 50, func(n *node, where string) {
		if w := r.word(n, where, words); w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	})
	return all
}

// number reads a number between two bounds. It may be written with _ between digits.
func (r *reader) number(n *node, where string, least, most float64) float64 {
	if n.null() || n.kind != scalarNode || n.tag != "!!int" && n.tag != "!!float" {
		r.fail(n, where, "a number is wanted, here is %s", n.what())
		return least
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(n.text, "_", ""), 64)
	if err != nil || !(v >= least && v <= most) { // not a number is neither
		r.fail(n, where, "%s is no number from %s to %s", clip(n.text), plain(least), plain(most))
		return least
	}
	return v
}

// whole reads a whole number between two bounds.
func (r *reader) whole(n *node, where string, least, most int) int {
	v := r.number(n, where, float64(least), float64(most))
	if v != float64(int(v)) {
		r.fail(n, where, "a whole number is wanted, %s is none", plain(v))
	}
	return int(v)
}

func (r *reader) truth(n *node, where string) bool {
	if n.null() || n.kind != scalarNode || n.tag != "!!bool" {
		r.fail(n, where, "true or false is wanted, here is %s", n.what())
		return false
	}
	return strings.EqualFold(n.text, "true")
}

// duration reads "90s", "10m", "24h" or "7d".
func (r *reader) duration(n *node, where string, least, most time.Duration) time.Duration {
	t := r.text(n, where, 40)
	if t == "" {
		return least
	}
	d, err := time.ParseDuration(t)
	if days, ok := strings.CutSuffix(t, "d"); ok && err != nil {
		var v float64
		if v, err = strconv.ParseFloat(days, 64); err == nil && v >= 0 && v <= 1000 {
			d = time.Duration(v * float64(24*time.Hour))
		}
	}
	switch {
	case err != nil:
		r.fail(n, where, "%q is no length of time; write it as 90s, 10m, 24h or 7d", clip(t))
		return least
	case d < least || d > most:
		r.fail(n, where, "%s is not between %s and %s", clip(t), span(least), span(most))
		return least
	}
	return d
}

// plain is a number as a person writes it.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// span is a length of time as a person writes it: 90s, 10m, 24h, 7d.
func span(d time.Duration) string {
	switch {
	case d == 0:
		return "0s"
	case d%(24*time.Hour) == 0 && d >= 48*time.Hour:
		return strconv.FormatInt(int64(d/(24*time.Hour)), 10) + "d"
	case d%time.Hour == 0:
		return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
	case d%time.Minute == 0:
		return strconv.FormatInt(int64(d/time.Minute), 10) + "m"
	default:
		return d.String()
	}
}
