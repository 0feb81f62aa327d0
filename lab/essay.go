package lab

import (
	"regexp"
	"strconv"
	"strings"
)

var openings = []string{
	"Here is what I can say about %s.",
	"Let us look at %s.",
	"You asked about %s, so here is a short answer.",
	"In short, %s comes down to a few points.",
}

var sentences = []string{
	"First, be clear about what %s means to the people who use it.",
	"Most questions about %s turn out to be questions about trust.",
	"A small example of %s teaches more than a long definition.",
	"When %s goes wrong, look at the input before you look at the output.",
	"It helps to write down what you expect of %s before you try it.",
	"Two people rarely mean the same thing when they speak of %s.",
	"Measure %s twice, and change one thing at a time.",
	"Nothing about %s is finished until somebody else has read it.",
	"The oldest mistake with %s is to believe the first answer.",
	"If you keep one thing in mind about %s, keep it simple.",
}

var (
	askLong   = regexp.MustCompile(`(?i)\b(?:story|essay|long|detail(?:ed|s)?|explain|article|poem)\b`)
	askWords  = regexp.MustCompile(`(?i)\b(\d{1,4}) words\b`)
	shortWord = regexp.MustCompile(`\p{L}[\p{L}\d'-]*`)
)

// plainWords carry no topic.
var plainWords = wordSet(`a about after all an and any are as at be but by can could did do does for from give had has have
	how i if in into is it its just let like me more my no not of on one or our out please say should so some
	story essay long detail detailed explain article poem write tell words
	than that the their them then there these they this to us was we were what when where which who why will with would you your`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// essay talks about the topic of text for as long as it asks to, in a style that follows from the model and the text.
func essay(model, text string) string {
	about := topic(text)
	style := int(seed(model, text) % 997)
	want := 3
	if askLong.MatchString(text) {
		want = 14
	}
	words := 0
	if m := askWords.FindStringSubmatch(text); m != nil {
		words, _ = strconv.Atoi(m[1])
	}
	said := strings.ReplaceAll(openings[style%len(openings)], "%s", about)
	written := []string{said}
	have := len(strings.Fields(said))
	for i := 0; i < want || have < words; i++ {
		said = strings.ReplaceAll(sentences[(style+i)%len(sentences)], "%s", about)
		written = append(written, said)
		have += len(strings.Fields(said))
	}
	return strings.Join(written, " ")
}

// topic is the first few telling words of text.
func topic(text string) string {
	var found []string
	for _, word := range shortWord.FindAllString(clip(text, 600), -1) {
		if !plainWords[strings.ToLower(word)] && len(word) > 1 {
			found = append(found, word)
		}
		if len(found) == 3 {
			break
		}
	}
	if len(found) == 0 {
		return "this"
	}
	return strings.Join(found, " ")
}
