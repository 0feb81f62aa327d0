package mutate

import (
	"strings"
	"unicode"
)

// marks put marks on letters, or join letters in another way.
func marks() []Mutation {
	list := []Mutation{
		{
			Name: "diacritics", Called: "letters with accents", What: "An accent on each vowel.",
			Params: []Param{{
				Name: "accent", Kind: Word, Default: "acute", Words: []string{"acute", "grave", "tilde", "diaeresis", "dot"}, What: "which one",
			}},
			apply: accent, undo: unaccent, size: grows(3, 0),
		},
		{
			Name: "zalgo", Called: "letters with stacked marks", What: "Marks stacked above and below each letter.",
			Params: []Param{{Name: "marks", Kind: Number, Default: "4", Min: 1, Max: 15, What: "marks on each letter"}},
			Random: true, apply: zalgo, undo: unZalgo,
			size: func(c *call) bound { return bound{grow: 1 + 2*c.number(0)} },
		},
		{
			Name: "tatweel", Called: "Arabic with Tatweel", What: "A Tatweel (U+0640) in each place where Arabic letters join.",
			apply: tatweel, undo: unTatweel, size: grows(2, 0),
		},
		{
			Name: "presentation-forms", Called: "Arabic presentation forms",
			What:  "Arabic letters as the forms they take in a word (U+FE80 to U+FEF4).",
			Loses: "the difference to such forms that stood in the text",
			apply: present, undo: unPresent, size: grows(2, 0),
		},
	}
	return family(list, Unicode, true)
}

var accents = map[string]string{
	"acute": "\u0301", "grave": "\u0300", "tilde": "\u0303", "diaeresis": "\u0308", "dot": "\u0323",
}

func isVowel(r rune) bool { return strings.ContainsRune("aeiouAEIOU", r) }

func accent(t string, c *call) string {
	mark := accents[c.text(0)]
	var b strings.Builder
	b.Grow(2 * len(t))
	for _, r := range t {
		b.WriteRune(r)
		if isVowel(r) {
			b.WriteString(mark)
		}
	}
	return b.String()
}

func unaccent(t string, c *call) (string, bool) {
	return without(t, isVowel, 1, func(r rune) bool { return string(r) == accents[c.text(0)] })
}

// without takes away the n characters after each one that counts; each of them has to be one that was inserted.
func without(t string, counts func(rune) bool, n int, inserted func(rune) bool) (string, bool) {
	var b strings.Builder
	b.Grow(len(t) / 2)
	due := 0
	for _, r := range t {
		if due > 0 {
			if !inserted(r) {
				return "", false
			}
			due--
			continue
		}
		b.WriteRune(r)
		if counts(r) {
			due = n
		}
	}
	return b.String(), due == 0
}

// zalgoMarks are combining marks that stack, above and below (U+0300 to U+0333 without those that are drawn through or beside a letter).
var zalgoMarks = []rune("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u030d\u030e\u030f\u0311\u0313\u0314" +
	"\u0316\u0317\u0318\u0319\u031c\u031d\u031e\u031f\u0320\u0323\u0324\u0325\u0326\u0329\u032a\u032b\u032c\u032d\u032e\u032f\u0330\u0331\u0332\u0333")

// isLetter takes ASCII's own way first, because most prompts are ASCII.
func isLetter(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r)
}

func zalgo(t string, c *call) string {
	var b strings.Builder
	b.Grow((1 + 2*c.number(0)) * len(t))
	for _, r := range t {
		b.WriteRune(r)
		if !isLetter(r) {
			continue
		}
		for range c.number(0) {
			b.WriteRune(zalgoMarks[c.random.below(len(zalgoMarks))])
		}
	}
	return b.String()
}

func unZalgo(t string, c *call) (string, bool) {
	return without(t, isLetter, c.number(0), func(r rune) bool { return strings.ContainsRune(string(zalgoMarks), r) })
}

const tatweelSign = '\u0640'

// arabicForms are the letters from U+0621 on with the number of their forms: one alone, two (alone, at the end), four (also at the
// beginning and in the middle). In that order their forms follow each other from U+FE80 on.
var arabicForms = func() map[rune]struct {
	first rune
	count int
} {
	forms := map[rune]struct {
		first rune
		count int
	}{}
	at := '\uFE80'
	for _, run := range []struct {
		letter rune
		counts string
	}{
		{'\u0621', "12222424244444222244444444"}, // hamza to ghain
		{'\u0641', "4444444224"},                 // feh to yeh
	} {
		for i, n := range run.counts {
			forms[run.letter+rune(i)] = struct {
				first rune
				count int
			}{at, int(n - '0')}
			at += n - '0'
		}
	}
	return forms
}()

// joinsNext reports whether a letter joins the one after it, joinsBefore whether it joins the one before.
func joinsNext(r rune) bool   { return arabicForms[r].count == 4 || r == tatweelSign }
func joinsBefore(r rune) bool { return arabicForms[r].count >= 2 || r == tatweelSign }

// followed visits the characters together with the next one, which is 0 after the last.
func followed(t string, visit func(r, next rune)) {
	previous := rune(-1)
	for _, r := range t {
		if previous >= 0 {
			visit(previous, r)
		}
		previous = r
	}
	if previous >= 0 {
		visit(previous, 0)
	}
}

func tatweel(t string, _ *call) string {
	var b strings.Builder
	b.Grow(len(t))
	followed(t, func(r, next rune) {
		b.WriteRune(r)
		if arabicForms[r].count == 4 && joinsBefore(next) {
			b.WriteRune(tatweelSign)
		}
	})
	return b.String()
}

// unTatweel takes away one Tatweel wherever tatweel put one: after a letter that joins, before anything that joins.
func unTatweel(t string, _ *call) (string, bool) {
	var b strings.Builder
	b.Grow(len(t))
	afterJoining := false
	followed(t, func(r, next rune) {
		if r == tatweelSign && afterJoining && joinsBefore(next) {
			afterJoining = false
			return
		}
		afterJoining = arabicForms[r].count == 4
		b.WriteRune(r)
	})
	return b.String(), true
}

func present(t string, _ *call) string {
	var b strings.Builder
	b.Grow(2 * len(t))
	before := false // whether the character before reaches over to this one
	followed(t, func(r, next rune) {
		form, ok := arabicForms[r]
		if !ok {
			b.WriteRune(r)
			before = joinsNext(r)
			return
		}
		start, end := before && joinsBefore(r), joinsNext(r) && joinsBefore(next)
		switch {
		case start && end:
			b.WriteRune(form.first + 3)
		case end:
			b.WriteRune(form.first + 2)
		case start:
			b.WriteRune(form.first + 1)
		default:
			b.WriteRune(form.first)
		}
		before = joinsNext(r)
	})
	return b.String()
}

// arabicLetters are the letters by their forms.
var arabicLetters = func() map[rune]rune {
	letters := map[rune]rune{}
	for letter, form := range arabicForms {
		for i := range rune(form.count) {
			letters[form.first+i] = letter
		}
	}
	return letters
}()

func unPresent(t string, _ *call) (string, bool) {
	return strings.Map(func(r rune) rune {
		if letter, ok := arabicLetters[r]; ok {
			return letter
		}
		return r
	}, t), true
}
