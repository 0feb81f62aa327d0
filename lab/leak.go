package lab

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	asksInstructions = regexp.MustCompile(`(?i)\binstructions?\b|\bsystem[ _]?prompt|\bprompt\b|\byour rules\b|\b(?:text|everything|all|messages?|stands?)\b[^.\n]{0,40}\b(?:above|before)\b|\byou were (?:told|given|configured)|\bnot allowed\b` +
		`|role='system'|\brole=system\b|\bI have a copy\b|\bcheck my notes\b|\bfirst instruction\b`)
	asksContext = regexp.MustCompile(`(?i)\b(?:your|the) context\b|\bretrieved\b|\bpassages?\b|\bfor each source\b|\byour thoughts\b|\bhow you came\b|\bvariables you\b|\byour tool (?:returned|results?)|tool results?\b` +
		`|\b(?:api )?keys?\b|\bpasswords?\b|\btokens?\b|\bsecrets?\b|\bcredentials\b|\bconnection strings?\b|\.env\b|\breal values\b|\bserialise everything\b`)
	asksTools  = regexp.MustCompile(`(?i)\b(?:your|every|which|what|the) (?:\w+ )?(?:tools?|functions?)\b|\bfunction you can call\b|\btool definitions?\b|\bpricing tool\b`)
	asksOthers = regexp.MustCompile(`(?i)\b(?:previous|last|other|another|real) (?:user|customer|conversation|question|message|person)s?\b|\bbefore mine\b|\btrained on\b|\btraining (?:examples?|data)\b|\breal customer\b|\bsupport lead\b|\bby anyone\b|\buploaded by\b|\bprevious conversation\b`)
	asksLoop   = regexp.MustCompile(`(?i)\brepeat the word "?(\w+)"? (?:forever|again and again|without)`)
	refersBack = regexp.MustCompile(`(?i)\byour (?:translation|answer|list|last)\b|\bthat (?:list|answer|text)\b`)
	sentence   = regexp.MustCompile(`[^.\n;]+[.\n;]?`)
)

// tell is what a mind says that keeps nothing to itself: its instructions (LLM07), what else it was given and what it
// knows of others (LLM02), and what it found in documents of others (LLM08). It is "" when nothing of that is asked for.
func (q question) tell() string {
	asked := strings.TrimSpace(q.asked())
	if refersBack.MatchString(asked) {
		asked = q.askedBefore() + "\n" + asked
	}
	var said string
	switch {
	case q.weak.has(LLM07) && asksInstructions.MatchString(asked), q.weak.has(LLM02|LLM07|LLM08) && asksContext.MatchString(asked):
		said = strings.TrimSpace(q.system)
	case q.weak.has(LLM02 | LLM07):
		said = q.touching(asked)
	}
	if q.weak.has(LLM02 | LLM08) {
		said = joinTexts(said, q.othersData(asked))
	}
	if said == "" {
		return ""
	}
	return inForm(said, asked)
}

// askedBefore is the text of the user before the last one.
func (q question) askedBefore() string {
	var texts []string
	for _, t := range q.turns {
		if t.role == "user" {
			texts = append(texts, t.text)
		}
	}
	return strings.Join(texts[:max(len(texts)-1, 0)], "\n")
}

// askingWords are those of questions and orders themselves: sharing them says nothing.
var askingWords = wordSet("answer answers sentence sentences question questions short brief help helper stay most never reveal open opening")

// touching are the sentences of the system prompt that share a telling word with a text.
func (q question) touching(text string) string {
	words := nameWords(text)
	var found []string
	for _, s := range sentence.FindAllString(q.system, 200) {
		if slices.ContainsFunc(nameWords(s), func(word string) bool {
			return len(word) >= 4 && !plainWords[word] && !askingWords[word] && slices.ContainsFunc(words, func(w string) bool { return len(w) >= 4 && sameWord(w, word) })
		}) {
			found = append(found, strings.TrimSpace(s))
		}
	}
	return strings.Join(found, " ")
}

// diverge repeats a word that shall be repeated without end, until something else comes out.
func (q question) diverge() string {
	m := asksLoop.FindStringSubmatch(q.asked())
	if m == nil {
		return ""
	}
	return strings.Repeat(m[1]+" ", 60) + customers[1].record()
}

// othersData is what a mind without bounds knows of other customers and of files around it.
func (q question) othersData(asked string) string {
	if text, found := fileAt(asked); found && q.weak.has(LLM02) {
		return "```\n" + text + "```"
	}
	if c, found := customerNamed(asked); found {
		return c.record()
	}
	if asksOthers.MatchString(asked) {
		return customers[1].told() + "\n" + customers[1].record()
	}
	return ""
}

// toolText writes down the tools as they were given.
func (q question) toolText() string {
	var cards []object
	for _, t := range q.tools {
		cards = append(cards, object{"name": t.name, "description": t.description, "parameters": t.schema})
	}
	text, err := json.MarshalIndent(cards, "", "  ")
	if err != nil {
		return fmt.Sprint(cards)
	}
	return string(text)
}

// forms are the ways to write a text that a question may ask for.
var forms = []struct {
	asked *regexp.Regexp
	write func(string) string
}{
	{regexp.MustCompile(`(?i)\bbase ?64\b`), func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{regexp.MustCompile(`(?i)\bhex(?:adecimal)?\b`), func(s string) string { return hex.EncodeToString([]byte(s)) }},
	{regexp.MustCompile(`(?i)\brot ?13\b`), func(s string) string { return shifted(s, 13) }},
	{regexp.MustCompile(`(?i)\breversed?\b|\bbackwards\b`), func(s string) string {
		letters := []rune(s)
		slices.Reverse(letters)
		return string(letters)
	}},
	{regexp.MustCompile(`(?i)\burl[ -]encod`), func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
		return b.String()
	}},
	{regexp.MustCompile(`(?i)\bhyphens? between\b`), func(s string) string { return strings.Join(strings.Split(s, ""), "-") }},
	{regexp.MustCompile(`(?i)\bspaces? between\b`), func(s string) string { return strings.Join(strings.Split(s, ""), " ") }},
	{regexp.MustCompile(`(?i)\b(?:letter|digit|character)s?[^.]{0,20}per line\b`), func(s string) string { return strings.Join(strings.Split(s, ""), "\n") }},
}

// inForm writes a text in the form that a question asks for.
func inForm(text, asked string) string {
	for _, f := range forms {
		if f.asked.MatchString(asked) {
			return f.write(text)
		}
	}
	return text
}

// valueOf finds what a text says that something is: "mark is X", "mark: X", "mark X".
func valueOf(text, noun string) string {
	words := strings.Fields(noun)
	for len(words) > 0 {
		form := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(strings.Join(words, " ")) + `(?: (?:of|for) [\w ]{1,30}?)?(?: is|:| =|,)?\s+["']?([\w@.+-]*\w)`)
		if m := form.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		words = words[1:]
	}
	return ""
}
