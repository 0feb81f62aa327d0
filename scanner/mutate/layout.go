package mutate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// layouts keep the words and place them, or their letters, in another way.
func layouts() []Mutation {
	list := []Mutation{
		{
			Name: "reverse", Called: "text that is written backwards", What: "The characters in reverse order.",
			apply: func(t string, _ *call) string { return backwards(t) },
			undo:  func(t string, _ *call) (string, bool) { return backwards(t), true }, size: grows(1, 0),
		},
		{
			Name: "reverse-words", Called: "sentences whose words stand in reverse order", What: "The words in reverse order.",
			apply: func(t string, _ *call) string { return wordsBackwards(t) },
			undo:  func(t string, _ *call) (string, bool) { return wordsBackwards(t), true }, size: grows(1, 0),
		},
		{
			Name: "flip-words", Called: "words that are written backwards, one by one", What: "The letters of each word in reverse order.",
			apply: func(t string, _ *call) string { return flipWords(t) },
			undo:  func(t string, _ *call) (string, bool) { return flipWords(t), true }, size: grows(1, 0),
		},
		{
			Name: "char-space", Called: "text with spaces between the letters", What: "A space between any two characters.",
			apply: func(t string, _ *call) string { return join(t, " ") },
			undo:  func(t string, _ *call) (string, bool) { return unjoin(t, " ") }, size: grows(2, 0),
		},
		{
			Name: "string-join", Called: "text with a separator between the letters", What: "A separator between any two characters.",
			Params: []Param{{Name: "separator", Kind: Text, Default: "-", Min: 1, Max: 16, What: "what stands between"}},
			apply:  func(t string, c *call) string { return join(t, c.text(0)) },
			undo:   func(t string, c *call) (string, bool) { return unjoin(t, c.text(0)) },
			size:   func(c *call) bound { return bound{grow: 1 + len(c.text(0))} },
		},
		{
			Name: "vertical", Called: "text with one character on a line", What: "Each character on its own line.",
			apply: func(t string, _ *call) string { return join(t, "\n") },
			undo:  func(t string, _ *call) (string, bool) { return unjoin(t, "\n") }, size: grows(2, 0),
		},
		{
			Name: "first-letter", Called: "the first letters of words", What: "Only the first letter of each word.",
			apply: firstLetters, size: grows(2, 0),
		},
		{
			Name: "acrostic", Called: "an acrostic (read the first character of each line)", What: "Lines of words whose first characters are the text.",
			apply: acrostic, undo: unAcrostic, size: grows(10, 0), Random: true,
		},
		{
			Name: "camel-case", Called: "camelCase", What: "Words without spaces, each but the first with a capital.",
			apply: camelCase, size: grows(3, 0),
		},
		{
			Name: "ascii-art", Called: "letters drawn with # (five lines each)",
			What:  "Letters and digits drawn with # on five lines, a word beside another below (ArtPrompt, arXiv 2402.11753).",
			apply: drawn, size: grows(40, 2),
		},
		{
			Name: "snake-case", Called: "snake_case", What: "Underscores for spaces, small letters.",
			apply: func(t string, _ *call) string { return strings.Join(strings.Fields(strings.ToLower(t)), "_") }, size: grows(3, 0),
		},
	}
	return family(list, Layout, true)
}

// backwards turns the order of characters around. Marks stay behind the letter they were typed after, so they move to another one.
func backwards(t string) string {
	out := make([]byte, 0, len(t))
	for t != "" {
		_, size := utf8.DecodeLastRuneInString(t)
		out = append(out, t[len(t)-size:]...)
		t = t[:len(t)-size]
	}
	return string(out)
}

// pieces splits into runs without white space and runs of white space, so that joining them gives the text.
func pieces(t string) []string {
	var out []string
	start, was := 0, false
	for i, r := range t {
		if is := unicode.IsSpace(r); i == 0 {
			was = is
		} else if is != was {
			out = append(out, t[start:i])
			start, was = i, is
		}
	}
	if t != "" {
		out = append(out, t[start:])
	}
	return out
}

func wordsBackwards(t string) string {
	parts := pieces(t)
	var b strings.Builder
	b.Grow(len(t))
	for i := len(parts) - 1; i >= 0; i-- {
		b.WriteString(parts[i])
	}
	return b.String()
}

func flipWords(t string) string {
	var b strings.Builder
	b.Grow(len(t))
	for _, piece := range pieces(t) {
		if r, _ := utf8.DecodeRuneInString(piece); unicode.IsSpace(r) {
			b.WriteString(piece)
		} else {
			b.WriteString(backwards(piece))
		}
	}
	return b.String()
}

func firstLetters(t string, _ *call) string {
	var b strings.Builder
	for i, word := range words(t) {
		if i > 0 {
			b.WriteByte(' ')
		}
		r, _ := utf8.DecodeRuneInString(t[word.start:])
		b.WriteRune(r)
	}
	return b.String()
}

// acrosticWords has words for each letter. They are ordinary, so that a filter sees a list of ordinary words.
var acrosticWords = strings.Fields(`apple anchor autumn bread bridge butter candle castle copper daisy dinner dragon eagle early evening
	falcon flower forest garden gentle guitar harbor honey hollow island ivory indigo jacket jungle jasmine kettle kitchen kindle ladder
	lemon lantern maple meadow mirror napkin needle north ocean olive orange pepper pillow planet quartz quiet quilt rabbit ribbon river
	saddle silver summer table thunder tulip umbrella unicorn useful valley velvet violin walnut window winter xylem xenon xebec yarn
	yellow yonder zebra zenith zephyr`)

// acrostic writes a line for each character. A line ends with a line feed, and an empty line stands for one.
func acrostic(t string, c *call) string {
	var b strings.Builder
	b.Grow(8 * len(t))
	for _, r := range t {
		switch lower := r | 0x20; {
		case r == '\n':
		case lower >= 'a' && lower <= 'z':
			word := acrosticWords[int(lower-'a')*3+c.random.below(3)]
			b.WriteRune(r)
			b.WriteString(word[1:])
		default:
			b.WriteRune(r)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func unAcrostic(t string, _ *call) (string, bool) {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(t, "\n") {
		if line == "" {
			break
		}
		if line[len(line)-1] != '\n' {
			return "", false
		}
		r, _ := utf8.DecodeRuneInString(line)
		b.WriteRune(r)
	}
	return b.String(), true
}

func camelCase(t string, _ *call) string {
	var b strings.Builder
	for i, word := range strings.Fields(t) {
		word = strings.ToLower(word)
		if i > 0 {
			word = capital(word)
		}
		b.WriteString(word)
	}
	return b.String()
}
