package mutate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// letters change letters inside of words.
func letters() []Mutation {
	list := []Mutation{
		{
			Name: "leet", Called: "leetspeak", What: "Letters as digits that look like them: 4 3 6 1 0 5 7.", Random: true,
			Params: []Param{shareParam("1", "letters replaced, of those that have a digit")},
			apply: func(t string, c *call) string {
				return strings.Map(func(r rune) rune {
					if i := strings.IndexRune("aegiost", unicode.ToLower(r)); i >= 0 && r < 0x80 && c.random.chance(c.share(0)) {
						return rune("4361057"[i])
					}
					return r
				}, t)
			},
			size: grows(1, 0),
		},
		{
			Name: "pig-latin", Called: "Pig Latin", What: "The consonants that begin a word at its end, and -ay; -way after a vowel.",
			apply: func(t string, _ *call) string { return eachWord(t, pigLatin) }, size: grows(4, 0),
		},
		{
			Name: "typos", What: "Neighbouring letters inside of words exchanged, the first and the last stay.", Random: true,
			Params: []Param{shareParam("1", "words of four letters or more that are changed")},
			apply:  func(t string, c *call) string { return eachWord(t, func(w string) string { return typo(w, c) }) },
			size:   grows(1, 0),
		},
		{
			Name: "insert-punctuation", What: "Punctuation between letters of words.", Random: true,
			Params: []Param{shareParam("0.3", "places between two letters")},
			apply: func(t string, c *call) string {
				var b strings.Builder
				followed(t, func(r, next rune) {
					b.WriteRune(r)
					if isLetter(r) && isLetter(next) && c.random.chance(c.share(0)) {
						b.WriteByte(".,-_'*~"[c.random.below(7)])
					}
				})
				return b.String()
			},
			size: grows(2, 0),
		},
		{
			Name: "drop-vowels", Called: "text without vowels", What: "Words without the vowels inside of them.",
			apply: func(t string, _ *call) string { return eachWord(t, withoutVowels) }, size: grows(1, 0),
		},
		{
			Name: "stretch", What: "Each vowel written n times.",
			Params: []Param{{Name: "n", Kind: Number, Default: "3", Min: 2, Max: 20, What: "times"}},
			apply: func(t string, c *call) string {
				var b strings.Builder
				for _, r := range t {
					b.WriteRune(r)
					if isVowel(r) {
						b.WriteString(strings.Repeat(string(r), c.number(0)-1))
					}
				}
				return b.String()
			},
			undo: func(t string, c *call) (string, bool) { return unstretch(t, c.number(0)) },
			size: func(c *call) bound { return bound{grow: c.number(0)} },
		},
	}
	return family(list, Letters, true)
}

// capitals change which letters are capital ones.
func capitals() []Mutation {
	list := []Mutation{
		{
			Name: "upper", What: "Capital letters only.",
			apply: func(t string, _ *call) string { return strings.ToUpper(t) }, size: grows(3, 0),
		},
		{
			Name: "lower", What: "Small letters only.",
			apply: func(t string, _ *call) string { return strings.ToLower(t) }, size: grows(3, 0),
		},
		{
			Name: "random-capitals", What: "Letters as capitals or small ones by chance.", Random: true,
			Params: []Param{shareParam("0.5", "letters that become capitals")},
			apply: func(t string, c *call) string {
				return strings.Map(func(r rune) rune {
					if !isLetter(r) {
						return r
					}
					if c.random.chance(c.share(0)) {
						return unicode.ToUpper(r)
					}
					return unicode.ToLower(r)
				}, t)
			},
			size: grows(3, 0),
		},
		{
			Name: "alternating-capitals", What: "Every second letter as a capital.",
			apply: func(t string, _ *call) string {
				n := 0
				return strings.Map(func(r rune) rune {
					if !isLetter(r) {
						return r
					}
					if n++; n%2 == 0 {
						return unicode.ToUpper(r)
					}
					return unicode.ToLower(r)
				}, t)
			},
			size: grows(3, 0),
		},
	}
	return family(list, Letters, true)
}

// eachWord changes runs of letters and marks.
func eachWord(t string, change func(string) string) string {
	var b strings.Builder
	b.Grow(len(t) + len(t)/4)
	start := -1
	for i, r := range t {
		inside := isLetter(r) || r >= 0x80 && unicode.IsMark(r)
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			b.WriteString(change(t[start:i]))
			start = -1
		}
		if !inside {
			b.WriteRune(r)
		}
	}
	if start >= 0 {
		b.WriteString(change(t[start:]))
	}
	return b.String()
}

// pigLatin moves the consonants before the first vowel; a u after q goes with it, and a capital stays at the beginning.
func pigLatin(word string) string {
	lower := strings.ToLower(word)
	at := strings.IndexAny(lower, "aeiou")
	if at > 0 && lower[at] == 'u' && lower[at-1] == 'q' {
		at++
	} else if y := strings.IndexByte(lower, 'y'); y > 0 && (at < 0 || y < at) {
		at = y
	}
	switch {
	case at == 0:
		return word + "way"
	case at < 0 || len(lower) != len(word):
		return word + "ay"
	}
	first, size := utf8.DecodeRuneInString(word)
	if at < len(word) && unicode.IsUpper(first) && word[size:] == lower[size:] {
		return capital(lower[at:]) + lower[:at] + "ay"
	}
	return word[at:] + word[:at] + "ay"
}

// capital makes the first letter one.
func capital(word string) string {
	r, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[size:]
}

func typo(word string, c *call) string {
	runes := []rune(word)
	if len(runes) < 4 || !c.random.chance(c.share(0)) {
		return word
	}
	i := 1 + c.random.below(len(runes)-3)
	runes[i], runes[i+1] = runes[i+1], runes[i]
	return string(runes)
}

// withoutVowels keeps the first and the last letter, so that the word can still be guessed.
func withoutVowels(word string) string {
	_, first := utf8.DecodeRuneInString(word)
	_, last := utf8.DecodeLastRuneInString(word)
	if first+last >= len(word) {
		return word
	}
	inside := strings.Map(func(r rune) rune {
		if isVowel(r) {
			return -1
		}
		return r
	}, word[first:len(word)-last])
	return word[:first] + inside + word[len(word)-last:]
}

func unstretch(t string, n int) (string, bool) {
	var b strings.Builder
	due, vowel := 0, rune(0)
	for _, r := range t {
		if due > 0 {
			if r != vowel {
				return "", false
			}
			due--
			continue
		}
		b.WriteRune(r)
		if isVowel(r) {
			due, vowel = n-1, r
		}
	}
	return b.String(), due == 0
}
