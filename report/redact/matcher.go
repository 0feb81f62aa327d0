package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// matcher finds values that are known, and the beginnings of them where a text breaks off.
type matcher struct {
	heads map[string][]pattern // by the first bytes
	seen  map[string]bool
	first [1 << 16]bool // pairs of bytes that a value begins with
}

// pattern is one way in which a value is written.
type pattern struct {
	text string
	of   *value
}

// head is how many bytes of a value lead to it. What is shorter is hidden only where the detector sees it: a postcode may
// be any number.
const head = 6

// mostKnown bounds how many ways of writing values are known: hostile texts are full of them.
const mostKnown = 50_000

func (m *matcher) add(text string, of *value) {
	if len(text) < head || len(m.seen) >= mostKnown || m.seen[text] {
		return
	}
	if m.heads == nil {
		m.heads, m.seen = map[string][]pattern{}, map[string]bool{}
	}
	m.seen[text] = true
	m.heads[text[:head]] = append(m.heads[text[:head]], pattern{text, of})
	m.first[int(text[0])<<8|int(text[1])] = true
}

// mostAlike bounds how many values with the same beginning are compared at a place.
const mostAlike = 200

// find finds known values.
func (m *matcher) find(text string) (hits []hit) {
	if len(m.heads) == 0 {
		return nil
	}
	for i := 0; i+head <= len(text); i++ {
		if !m.first[int(text[i])<<8|int(text[i+1])] {
			continue
		}
		patterns := m.heads[text[i:i+head]]
		best := hit{}
		for _, p := range patterns[:min(len(patterns), mostAlike)] {
			if end := reach(text, i, p.text); end > best.end {
				best = hit{i, end, p.of}
			}
		}
		if best.end > 0 {
			hits = append(hits, best)
			i = best.end - 1
		}
	}
	return hits
}

// leastCut is how many bytes of a value must stand at the end of a text that breaks off.
const leastCut = 8

// reach is where a value ends that stands at i, whole or cut off by the end of the text or an ellipsis; 0 where it does
// not.
func reach(text string, i int, value string) (end int) {
	n := 0
	for n < len(value) && i+n < len(text) && text[i+n] == value[n] {
		n++
	}
	end = i + n
	switch {
	case n == len(value):
		if apart(text, i, end, value) {
			return end
		}
	case n >= leastCut && (end == len(text) || strings.HasPrefix(text[end:], "…") || strings.HasPrefix(text[end:], "...")):
		if apart(text, i, len(text), value) {
			return end
		}
	}
	return 0
}

// sure is the length from which a value is hidden also within a word.
const sure = 12

// apart reports whether a value is no part of a longer word. Long ones that are no mere number are hidden anyway.
func apart(text string, start, end int, value string) bool {
	if len(value) >= sure && strings.Trim(value, "0123456789") != "" {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !part(before) && !part(after)
}

func part(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }
