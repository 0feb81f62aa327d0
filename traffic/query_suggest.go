package traffic

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// SuggestionKind tells what a Suggestion offers.
type SuggestionKind string

// The kinds of suggestion.
const (
	SuggestField    SuggestionKind = "field"
	SuggestOperator SuggestionKind = "operator"
	SuggestValue    SuggestionKind = "value"
	SuggestKeyword  SuggestionKind = "keyword"
)

// Suggestion is one way to go on with a filter: Text replaces the characters from Start to End.
type Suggestion struct {
	Kind       SuggestionKind
	Text       string
	Help       string // one sentence, or empty
	Start, End int    // in code points of the input
}

// maxSuggestions is how many suggestions are worth reading.
const maxSuggestions = 20

// Suggest offers ways to complete the word before the cursor, which is counted in code points. known returns values of
// a field that occur in the project and begin with a prefix, most frequent first; it may be nil. The input need not be
// a filter that parses.
func Suggest(input string, cursor int, known func(field, prefix string) []string) []Suggestion {
	before := firstRunes(input, cursor)
	if len(before) > MaxQueryBytes {
		return nil
	}
	start, inQuote := wordStart(before)
	word := before[start:]
	s := suggester{end: utf8.RuneCountInString(before), known: known}
	if field, key, value, ok := cutComparison(word); ok {
		s.start = s.end - utf8.RuneCountInString(value)
		s.values(field, key, value)
		return s.out
	}
	if inQuote {
		return nil
	}
	s.start = utf8.RuneCountInString(before[:start])
	s.fields(strings.TrimLeft(word, "-!"), len(word)-len(strings.TrimLeft(word, "-!")))
	if start > 0 {
		for _, k := range []string{"and", "or", "not"} {
			if word == "" || strings.HasPrefix(k, strings.ToLower(word)) {
				s.add(SuggestKeyword, k+" ", "")
			}
		}
	}
	return s.out
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n <= 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// wordStart returns where the word at the end of text begins: after white space or a parenthesis outside quotes, but
// for those of a list of values, which belongs to its field.
func wordStart(text string) (start int, inQuote bool) {
	list := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inQuote && c == '\\':
			i++
		case c == '"':
			inQuote = !inQuote
		case inQuote:
		case c == '(':
			if list = i > start && operatorEnds(strings.TrimSpace(text[start:i])); !list {
				start = i + 1
			}
		case c == ')':
			list = false
			start = i + 1
		case !list && isSpaceAt(text, i):
			word, rest := strings.TrimSpace(text[start:i]), strings.TrimSpace(text[i:])
			if !operatorEnds(word) && (word == "" || operatorAt(rest) == "") {
				start = i + 1
			}
		}
	}
	return min(start, len(text)), inQuote
}

// operatorEnds reports whether text ends with an operator that waits for its value.
func operatorEnds(text string) bool {
	return text != "" && strings.ContainsRune(":=<>~", rune(text[len(text)-1]))
}

// cutComparison splits FIELD OP VALUE; of a list the last value.
func cutComparison(word string) (field *QueryField, key, value string, ok bool) {
	word = strings.TrimLeft(word, "-!")
	i := strings.IndexAny(word, ":=<>~")
	if i <= 0 {
		return nil, "", "", false
	}
	name := strings.TrimSpace(strings.TrimSuffix(word[:i], "!"))
	base, key, _ := strings.Cut(name, ".")
	switch strings.ToLower(base) {
	case "since", "until", "before", "after", "age":
		base = "started"
	}
	if field = lookupField(base); field == nil {
		return nil, "", "", false
	}
	value = strings.TrimLeft(word[i:], ":=<>~ ")
	if list, isList := strings.CutPrefix(value, "("); isList {
		value = strings.TrimLeft(list[strings.LastIndexByte(list, ',')+1:], " ")
	}
	return field, key, value, true
}

type suggester struct {
	start, end int
	known      func(field, prefix string) []string
	out        []Suggestion
}

func (s *suggester) add(kind SuggestionKind, text, help string) {
	if len(s.out) < maxSuggestions && !slices.ContainsFunc(s.out, func(o Suggestion) bool { return o.Text == text }) {
		s.out = append(s.out, Suggestion{Kind: kind, Text: text, Help: help, Start: s.start, End: s.end})
	}
}

// fields offers fields whose name begins with the prefix, then those with an alias that does. A whole name is
// followed by its operators.
func (s *suggester) fields(prefix string, skip int) {
	s.start += skip
	lower := strings.ToLower(prefix)
	if f := lookupField(lower); f != nil && prefix != "" {
		for _, op := range f.operators() {
			s.add(SuggestOperator, prefix+op, f.Sentence)
		}
	}
	for _, f := range queryFields {
		if strings.HasPrefix(f.Name, lower) {
			s.add(SuggestField, f.Name+f.operators()[0], f.Sentence)
		}
	}
	if lower == "" {
		return
	}
	for _, f := range queryFields {
		if slices.ContainsFunc(f.Aliases, func(a string) bool { return strings.HasPrefix(a, lower) }) {
			s.add(SuggestField, f.Name+f.operators()[0], f.Sentence)
		}
	}
}

// operators returns the operators that make sense with a field, the usual one first.
func (f *QueryField) operators() []string {
	switch f.Type {
	case FieldText:
		return []string{":", "=", "!=", "~"}
	case FieldWords:
		return []string{":", "~"}
	case FieldChoice, FieldBool:
		return []string{":", "!="}
	default:
		return []string{":", ">", "<", ">=", "<=", "!="}
	}
}

// values offers values that occur in the project, then those of the table.
func (s *suggester) values(f *QueryField, key, prefix string) {
	prefix = strings.TrimPrefix(prefix, `"`)
	lower := strings.ToLower(prefix)
	name := f.Name
	if key != "" {
		name += "." + strings.ToLower(key)
	}
	offer := func(values []string) {
		for _, v := range values {
			if strings.HasPrefix(strings.ToLower(v), lower) {
				var b strings.Builder
				Value{Text: v}.write(&b, OpEqual)
				s.add(SuggestValue, b.String(), "")
			}
		}
	}
	if s.known != nil && f.Type != FieldChoice && f.Type != FieldBool {
		offer(s.known(name, prefix))
	}
	offer(f.Values)
	if len(s.out) == 0 && prefix == "" {
		for _, example := range f.Examples {
			if _, _, value, ok := cutComparison(example); ok && value != "" {
				s.add(SuggestValue, value, "for example")
			}
		}
	}
}
