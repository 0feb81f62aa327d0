package refusal

import (
	"strings"
	"unicode/utf8"
)

// mark is what speaks in one sentence, or in several together.
type mark struct {
	declines float64 // that it will not: sure and above is a refusal by itself
	moral    float64 // of right and wrong
	redirect float64 // of something else that it would rather talk about
	stance   float64 // of itself: as an AI, I must point out
	pointing float64 // of something wrong with the words of the question
	willing  float64 // of doing what was asked
	nonsense float64 // that the question has no sense: no refusal
	crisis   float64 // of help for people in need
	access   float64 // of not being able to see or browse
	sorry    float64 // of being sorry
	asks     float64 // of wanting to know more
	turns    bool    // it says "but": something follows
	defines  bool    // it says what something is
	gives    bool    // it says that what was asked follows
	reverses bool    // it takes a refusal back
	reason   Reason
}

// sure is the weight at which a sentence declines.
const sure = 2.0

// add puts two marks together. What lists say counts less: they hold advice.
func (m *mark) add(o mark, item bool) {
	if item {
		return
	}
	m.declines = max(m.declines, o.declines)
	m.moral += o.moral
	m.redirect += o.redirect
	m.stance += o.stance
	m.pointing += o.pointing
	m.willing += o.willing
	m.nonsense += o.nonsense
	m.crisis += o.crisis
	m.access += o.access
	m.sorry += o.sorry
	m.asks += o.asks
}

// judgeSentence tells what speaks in a sentence, and its language where that is known from it.
func judgeSentence(sentence string) (mark, string) {
	sentence = unquoted(sentence)
	words := tokens(sentence)
	var m mark
	h := english(&m, words)
	if m.declines >= sure {
		return m, "en"
	}
	if language := foreign(&m, sentence, h.count[clsEnglish] >= 2); language != "" {
		return m, language
	}
	if m.moral+m.redirect+m.stance+m.willing > 0 {
		return m, "en"
	}
	return m, ""
}

// unquoted leaves out of a sentence what it quotes, where it says something itself: "The phrase “I can't” is short" does
// not decline. What is all quotation, or the value of a field, stays.
func unquoted(sentence string) string {
	const least = 8 // bytes of a quotation
	if strings.IndexByte(sentence, '"') < 0 && strings.IndexByte(sentence, 0xE2) < 0 && strings.IndexByte(sentence, 0xC2) < 0 {
		return sentence // no mark of a quotation
	}
	from := strings.IndexAny(sentence, "\"“«")
	if from < 8 || strings.Contains(sentence, "\":") || strings.HasSuffix(strings.TrimRight(sentence[:from], " "), ":") {
		return sentence
	}
	_, size := utf8.DecodeRuneInString(sentence[from:])
	to := strings.IndexAny(sentence[from+size:], "\"”»")
	if to < least {
		return sentence
	}
	after := sentence[from+size+to:]
	if _, size = utf8.DecodeRuneInString(after); len(after) < size+12 {
		return sentence
	}
	return sentence[:from] + " " + after[size:]
}

// tokens writes a sentence as its words in small letters with one space around each: " i can't do that ".
func tokens(sentence string) string {
	b := make([]byte, 1, len(sentence)+2)
	b[0] = ' '
	for i := 0; i < len(sentence); i++ {
		c := sentence[i]
		switch {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '\'':
			b = append(b, c)
		case c == 0xE2 && i+2 < len(sentence) && sentence[i+1] == 0x80 && (sentence[i+2] == 0x99 || sentence[i+2] == 0x98):
			b = append(b, '\'') // a curly apostrophe
			i += 2
		case c >= 0x80:
			b = append(b, c)
		case b[len(b)-1] != ' ':
			b = append(b, ' ')
		}
	}
	if b[len(b)-1] != ' ' {
		b = append(b, ' ')
	}
	return string(b)
}

// hasAny reports whether one of the phrases stands in a text.
func hasAny(text string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
