package injection

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hit is a word of the vocabulary in a folded text.
type hit struct {
	class      class
	start, end int32
}

// node of the tree of words.
type node struct {
	edges  []edge
	ends   []class // of words that may go on
	closed []class // of words that may not
}

type edge struct {
	b    byte
	next int32
}

type tree struct {
	nodes []node
	root  [256]int32
}

var lexicon = func() *tree {
	t := &tree{nodes: make([]node, 1)}
	for _, v := range slices.Concat(vocabulary, moreWords) {
		for word := range strings.SplitSeq(v.words, "|") {
			word = strings.ReplaceAll(strings.TrimSpace(word), "¦", "|") // the bar of a marker, which the list is split at
			if word == "" {
				continue
			}
			stem, open := strings.CutSuffix(word, "*")
			t.insert(string(fold(stem).text), v.class, open || endless(stem))
		}
	}
	return t
}()

// endless reports whether words of this script go on without a space: what follows them is no matter.
func endless(word string) bool {
	r, _ := utf8.DecodeLastRuneInString(word)
	return unspaced(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.In(r, unicode.Hangul, unicode.Devanagari, unicode.Arabic, unicode.Hebrew, unicode.Bengali, unicode.Tamil)
}

// unspaced reports whether a script writes no spaces between words, or writes particles before them.
func unspaced(r rune) bool {
	return r >= 0x590 && r <= 0x6FF || r >= 0xE00 && r <= 0xEFF || r >= 0x3040 && r <= 0x30FF || r >= 0x4E00 && r <= 0x9FFF
}

func (t *tree) insert(word string, c class, open bool) {
	at := int32(0)
	for i := range len(word) {
		b := word[i]
		next := int32(-1)
		for _, e := range t.nodes[at].edges {
			if e.b == b {
				next = e.next
			}
		}
		if next < 0 {
			next = int32(len(t.nodes))
			t.nodes = append(t.nodes, node{})
			t.nodes[at].edges = append(t.nodes[at].edges, edge{b, next})
			if at == 0 {
				t.root[b] = next
			}
		}
		at = next
	}
	n := &t.nodes[at]
	if open {
		if !slices.Contains(n.ends, c) {
			n.ends = append(n.ends, c)
		}
	} else if !slices.Contains(n.closed, c) {
		n.closed = append(n.closed, c)
	}
}

// find appends the words of the text, in the order of their beginnings. A run of white space counts as one space.
func (t *tree) find(text []byte, hits []hit) []hit {
	before := byte(' ')
	for i := 0; i < len(text); i++ {
		c := text[i]
		starts := t.root[c] != 0 && (!wordByte[before] || !wordByte[c] || c >= 0xD6 && c < 0xF0 && head(text[i:]))
		before = c
		if starts {
			hits = t.walk(text, i, hits)
		}
	}
	return hits
}

// head reports whether a character may begin a word in the midst of others.
func head(b []byte) bool {
	r, _ := utf8.DecodeRune(b)
	return unspaced(r)
}

func (t *tree) walk(text []byte, i int, hits []hit) []hit {
	at := t.root[text[i]]
	for j := i + 1; ; {
		n := &t.nodes[at]
		for _, c := range n.ends {
			hits = append(hits, hit{c, int32(i), int32(j)})
		}
		if len(n.closed) > 0 && (j == len(text) || !wordByte[text[j]]) {
			for _, c := range n.closed {
				hits = append(hits, hit{c, int32(i), int32(j)})
			}
		}
		if j == len(text) || len(n.edges) == 0 {
			return hits
		}
		b := text[j]
		if b == '\n' {
			b = ' '
		}
		next := int32(-1)
		for _, e := range n.edges {
			if e.b == b {
				next = e.next
				break
			}
		}
		if next < 0 {
			return hits
		}
		at = next
		j++
		if b == ' ' {
			for n := 0; j < len(text) && (text[j] == ' ' || text[j] == '\n') && n < 8; n++ {
				j++
			}
		}
	}
}

// wordByte are the bytes of words: letters, digits, and all of what is not ASCII.
var wordByte = func() (is [256]bool) {
	for i := range is {
		c := byte(i)
		is[i] = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
	}
	return is
}()
