package lab

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// mostCalls is how many tools one answer calls at most.
const mostCalls = 4

// longestAsk is how many runes of the user's text are searched for arguments.
const longestAsk = 4000

// vagueWords say in a tool's name that it is a tool, not which.
var vagueWords = wordSet("get set fetch do run call make the a an my current tool function list find query api by of for to")

// chooseTools returns the calls the text asks for: the tools whose names share most words with it.
func chooseTools(q question, last turn) []call {
	if len(q.tools) == 0 || q.choice == "none" || last.role == "tool" {
		return nil
	}
	last.text = clip(last.text, longestAsk)
	for _, t := range q.tools {
		if t.name == q.choice {
			return []call{callFor(t, last.text)}
		}
	}
	if harmful.MatchString(last.text) {
		return nil
	}
	if t, named := q.toolNamed(last.text); named {
		q.tools = []tool{t}
	}
	best, chosen := 0, []tool(nil)
	for _, t := range q.tools {
		score := likeness(t.name, last.text)
		switch {
		case score == 0 || score < best:
		case score > best:
			best, chosen = score, []tool{t}
		case len(chosen) < mostCalls:
			chosen = append(chosen, t)
		}
	}
	if len(chosen) == 0 && q.choice == "required" {
		chosen = q.tools[:1]
	}
	var calls []call
	for _, t := range chosen {
		if c := callFor(t, last.text); q.mayCall(t, c.arguments) {
			calls = append(calls, c)
		}
	}
	return calls
}

// toolNamed finds the tool that a text names as it is written, with its underscores.
func (q question) toolNamed(text string) (tool, bool) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, t := range q.tools {
		if strings.Contains(t.name, "_") && slices.Contains(words, t.name) {
			return t, true
		}
	}
	return tool{}, false
}

// likeness counts the telling words of a tool's name that the text has, too.
func likeness(name, text string) int {
	spoken := nameWords(text)
	score := 0
	for _, word := range nameWords(name) {
		if vagueWords[word] {
			continue
		}
		if slices.ContainsFunc(spoken, func(s string) bool { return sameWord(s, word) }) {
			score++
		}
	}
	return score
}

// sameWord forgives endings: searching and search, orders and order.
func sameWord(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= 3 && len(b)-len(a) <= 3 && strings.HasPrefix(b, a)
}

// nameWords splits get_weather, getWeather and ordinary text into lower-case words.
func nameWords(text string) []string {
	var spaced strings.Builder
	previous := ' '
	for _, r := range clip(text, longestAsk) {
		if unicode.IsUpper(r) && unicode.IsLower(previous) || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			spaced.WriteByte(' ')
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			spaced.WriteRune(unicode.ToLower(r))
		}
		previous = r
	}
	return strings.Fields(spaced.String())
}

func callFor(t tool, text string) call {
	arguments, err := json.Marshal(fillObject(t.schema, text, 0))
	if err != nil {
		arguments = []byte("{}")
	}
	return call{name: t.name, arguments: string(arguments)}
}

// deepestSchema bounds what a schema that nests without end can cost.
const deepestSchema = 6

// fillObject makes arguments for a schema out of the text: the required properties, or all if none is required.
func fillObject(schema map[string]any, text string, depth int) map[string]any {
	made := map[string]any{}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property, _ := properties[name].(map[string]any)
		if len(required) == 0 || slices.Contains(required, any(name)) || mentionsEnum(property, text) {
			made[name] = fillValue(name, property, text, depth+1)
		}
	}
	return made
}

func fillValue(name string, schema map[string]any, text string, depth int) any {
	if values, _ := schema["enum"].([]any); len(values) > 0 {
		return pickEnum(values, text)
	}
	if depth > deepestSchema {
		return nil
	}
	kind, _ := schema["type"].(string)
	switch strings.ToLower(kind) { // Gemini writes STRING
	case "integer":
		return int(firstNumber(text))
	case "number":
		return firstNumber(text)
	case "boolean":
		return true
	case "array":
		items, _ := schema["items"].(map[string]any)
		return []any{fillValue(name, items, text, depth+1)}
	case "object":
		return fillObject(schema, text, depth)
	default:
		return fillText(name, text)
	}
}

func mentionsEnum(schema map[string]any, text string) bool {
	values, _ := schema["enum"].([]any)
	return slices.ContainsFunc(values, func(v any) bool {
		word, ok := v.(string)
		return ok && strings.Contains(strings.ToLower(text), strings.ToLower(word))
	})
}

func pickEnum(values []any, text string) any {
	for _, v := range values {
		if word, ok := v.(string); ok && strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
			return v
		}
	}
	return values[0]
}

var (
	numberText = regexp.MustCompile(`-?\d+(?:\.\d+)?`)
	quotedText = regexp.MustCompile(`["“]([^"”]+)["”]`)
	emailText  = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	webText    = regexp.MustCompile(`https?://\S+`)
	codeText   = regexp.MustCompile(`\b[A-Za-z]*-?\d[\w-]*\b`)
	dateText   = regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b`)
	sumText    = regexp.MustCompile(`[-+*/x×().\d\s]*\d\s*[-+*/x×]\s*\d[-+*/x×().\d\s]*`)
	properName = regexp.MustCompile(`(?:^|[^.!?\s]\s+)(\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*)*)`)
)

func firstNumber(text string) float64 {
	n, err := strconv.ParseFloat(numberText.FindString(text), 64)
	if err != nil {
		return 1
	}
	return n
}

// fillText finds the part of the text that a property of this name most likely wants.
func fillText(name, text string) string {
	name = strings.ToLower(name)
	for _, want := range []struct {
		names string
		text  *regexp.Regexp
	}{
		{"email mail", emailText},
		{"url link uri", webText},
		{"date day", dateText},
		{"expression formula", sumText},
		{"id number code", codeText},
	} {
		for word := range strings.FieldsSeq(want.names) {
			if found := want.text.FindString(text); found != "" && strings.Contains(name, word) {
				return strings.TrimSpace(found)
			}
		}
	}
	if m := quotedText.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	for word := range strings.FieldsSeq("query question text message prompt input content q") {
		if name == word {
			return clip(text, 400)
		}
	}
	if found := lastProperName(text); found != "" {
		return found
	}
	return clip(text, 400)
}

// lastProperName is the last run of capitalised words that does not merely begin a sentence.
func lastProperName(text string) string {
	found := ""
	for _, m := range properName.FindAllStringSubmatchIndex(text, -1) {
		if m[2] > 0 {
			found = text[m[2]:m[3]]
		}
	}
	return found
}
