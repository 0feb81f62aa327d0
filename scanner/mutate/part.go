package mutate

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what may be said about a part.
const (
	maxCount      = 1_000_000
	maxExpression = 1000
	maxMatches    = 10_000 // of a regular expression; each may have to look at the whole rest of the text
)

// partKind says which part of a text a step is for.
type partKind int

const (
	whole        partKind = iota
	riskyWords            // words a filter looks for, see risky.go
	halfOfWords           // each word with a chance of a half
	shareOfWords          // each word with a chance
	countNth              // every nth word
	countFirst            // the first characters
	countLast             // the last characters
	countLongest          // the longest words
	insideQuotes          // what stands in double or typographic quotes
	matches               // what a regular expression finds
)

var partKinds = map[string]partKind{
	"risky": riskyWords, "half": halfOfWords, "share": shareOfWords, "nth": countNth, "first": countFirst,
	"last": countLast, "longest": countLongest, "quoted": insideQuotes,
}

// PartForm is one way to say which part of a text a mutation is for.
type PartForm struct {
	Example string // as it is written after the @
	What    string // what is changed
}

// Parts lists what may stand after an @.
func Parts() []PartForm {
	return []PartForm{
		{"risky", "the risky words, with English endings too"},
		{"half", "each word, with a chance of a half"},
		{"share(0.3)", "each word, with this chance"},
		{"nth(3)", "every third word"},
		{"longest(2)", "the two longest words"},
		{"first(20)", "the first 20 characters"},
		{"last(20)", "the last 20 characters"},
		{"quoted", "what stands in double or typographic quotes"},
		{"/regex/", `what a regular expression ([RE2](https://github.com/google/re2/wiki/Syntax)) finds, the first 10,000 matches; \/ is a slash`},
		{"/regex/i", "the same, without case"},
	}
}

func partNames() []string { return slices.Sorted(maps.Keys(partKinds)) }

// part is which part of a text a step is for. The zero part is all of it.
type part struct {
	kind   partKind
	count  int
	share  float64
	re     *regexp.Regexp
	source string // of re, as it was written
	fold   bool   // re is compared without case
}

func (p part) random() bool { return p.kind == halfOfWords || p.kind == shareOfWords }

func (p part) write(b *strings.Builder) {
	if p.kind == whole {
		return
	}
	b.WriteByte('@')
	if p.kind == matches {
		b.WriteString("/" + p.source + "/")
		if p.fold {
			b.WriteByte('i')
		}
		return
	}
	for name, kind := range partKinds {
		if kind == p.kind {
			b.WriteString(name)
		}
	}
	switch p.kind {
	case shareOfWords:
		b.WriteString("(" + strconv.FormatFloat(p.share, 'f', -1, 64) + ")")
	case countNth, countFirst, countLast, countLongest:
		b.WriteString("(" + strconv.Itoa(p.count) + ")")
	default:
	}
}

// rewrite changes the part of the text and leaves the rest as it is.
func (p part) rewrite(text string, c *call, change func(string, *call) string) string {
	if p.kind == whole {
		return change(text, c)
	}
	var b strings.Builder
	at := 0
	for _, s := range p.spans(text, c.random) {
		b.WriteString(text[at:s.start])
		b.WriteString(change(text[s.start:s.end], c))
		at = s.end
	}
	b.WriteString(text[at:])
	return b.String()
}

// span is a piece of a text, in bytes.
type span struct{ start, end int }

// spans finds the pieces, in order, none empty, none overlapping.
func (p part) spans(text string, r *random) []span {
	switch p.kind {
	case countFirst:
		return upTo(span{0, runesFromStart(text, p.count)})
	case countLast:
		return upTo(span{runesFromEnd(text, p.count), len(text)})
	case insideQuotes:
		return quoted(text)
	case matches:
		var spans []span
		for _, m := range p.re.FindAllStringIndex(text, maxMatches) {
			spans = append(spans, upTo(span{m[0], m[1]})...)
		}
		return spans
	case countLongest:
		return longest(words(text), p.count)
	default:
		n := 0
		return slices.DeleteFunc(words(text), func(s span) bool {
			n++
			return !p.wants(text[s.start:s.end], n, r)
		})
	}
}

// wants decides about the nth word.
func (p part) wants(word string, n int, r *random) bool {
	switch p.kind {
	case riskyWords:
		return isRisky(word)
	case countNth:
		return n%p.count == 0
	case halfOfWords:
		return r.chance(0.5)
	default:
		return r.chance(p.share)
	}
}

// upTo is a span as a list, without empty ones.
func upTo(s span) []span {
	if s.start >= s.end {
		return nil
	}
	return []span{s}
}

func runesFromStart(text string, n int) int {
	at := 0
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

func runesFromEnd(text string, n int) int {
	at := len(text)
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// words finds runs of letters, marks, digits and the apostrophes between them.
func words(text string) []span {
	var spans []span
	inside := false
	for i, r := range text {
		switch {
		case isLetter(r) || unicode.In(r, unicode.M, unicode.N):
			if !inside {
				spans = append(spans, span{start: i})
			}
			inside = true
			spans[len(spans)-1].end = i + utf8.RuneLen(r)
		case r != '\'' && r != '’':
			inside = false
		}
	}
	return spans
}

// longest keeps the n longest words, the earlier of two that are equally long, in the order of the text.
func longest(spans []span, n int) []span {
	if len(spans) <= n {
		return spans
	}
	byLength := slices.Clone(spans)
	slices.SortStableFunc(byLength, func(a, b span) int { return (b.end - b.start) - (a.end - a.start) })
	kept := byLength[:n]
	slices.SortFunc(kept, func(a, b span) int { return a.start - b.start })
	return kept
}

// quoted finds what stands between a double quote and the next one, or in typographic double quotes.
func quoted(text string) []span {
	closing := map[rune]rune{'"': '"', '“': '”', '„': '“', '«': '»'}
	var spans []span
	start, until := 0, rune(0)
	for i, r := range text {
		switch {
		case until == 0 && closing[r] != 0:
			start, until = i+utf8.RuneLen(r), closing[r]
		case until != 0 && r == until:
			spans = append(spans, upTo(span{start, i})...)
			until = 0
		}
	}
	return spans
}
