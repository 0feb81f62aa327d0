package refusal

import (
	"slices"
	"strings"
	"unicode"

	"assay/internal/excerpt"
)

// strays reports whether a long answer has no word of what was asked, in the same language.
func strays(prompt, answer string) bool {
	const long = 400
	if prompt == "" || len(answer) < long || Language(prompt) != Language(answer) {
		return false
	}
	question := words(excerpt.Bytes(prompt, 2<<10))
	if hasAny(" "+strings.Join(question, " ")+" ", pointers) {
		return false
	}
	said := map[string]bool{}
	for _, w := range words(excerpt.Bytes(answer, 16<<10)) {
		said[stem(w)] = true
	}
	asked := 0
	for _, w := range question {
		if len(w) < 4 || Common(w) || slices.Contains(questionWords, w) {
			continue
		}
		asked++
		if said[stem(w)] {
			return false
		}
	}
	return asked >= 3
}

// words are the runs of letters and digits of a text, in small letters.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
}

// pointers are words of questions about something that is not in their words.
var pointers = []string{" image ", " picture ", " photo ", " file ", " url ", " http ", " https ", " link ", " attached ", " video ", " audio ", " document ", " text ", " above ", " below ", " following ", " this ", " it ", " them ", " that ", " these ", " previous ", " code ", " page "}

// stem is a word without the commonest endings of English; other languages keep theirs.
func stem(word string) string {
	for _, end := range []string{"ing", "ed", "es", "s", "e"} {
		if s, ok := strings.CutSuffix(word, end); ok && len(s) >= 3 {
			return s
		}
	}
	return word
}

// questionWords are words of questions that say nothing of what they are about.
var questionWords = []string{"what", "when", "where", "which", "could", "would", "should", "does", "have", "give", "tell", "make", "some", "many", "much", "most", "with", "that", "this", "from", "into", "your", "best", "good", "ways", "write", "create", "generate", "describe", "explain", "show", "list", "know", "want", "need", "like", "they", "them", "help", "step", "guide", "using", "people"}

// commonStems are the beginnings of words that questions and answers share without talking of the same.
var commonStems = []string{
	"about", "after", "again", "answer", "always", "anothe", "assist", "becaus", "before", "being", "below", "could", "detail", "exampl", "first",
	"follow", "ignore", "inform", "instru", "please", "previo", "prompt", "provid", "questi", "respon", "rules", "should", "system", "their", "there",
	"these", "thing", "think", "those", "through", "under", "using", "where", "which", "while", "without", "would", "write", "writte", "yourse", "langua", "model", "helpfu", "withou", "throug",
}

// Common reports whether a word in small letters is one that questions and answers share without talking of the same.
func Common(word string) bool { return slices.Contains(commonStems, excerpt.Bytes(word, 6)) }
