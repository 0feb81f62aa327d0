package lab

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
)

// question is a request in no provider's words.
type question struct {
	model  string
	system string
	turns  []turn
	tools  []tool
	choice string   // "" or auto: may call tools; "none"; "required"; or the name of the tool to call
	reason bool     // show reasoning
	limit  int      // most tokens of the answer, 0 for no limit
	stop   []string // texts that end the answer
	json   bool     // the answer must be a JSON object
	fields []string // texts of the request outside of its messages that reach the prompt: names, metadata
	weak   Weak     // what the mind gives in to
}

// turn is one message: role user, assistant or tool; of a tool its result.
type turn struct {
	role string
	text string
}

// tool is a function the mind may call; schema is the JSON Schema of its arguments, decoded.
type tool struct {
	name        string
	description string
	schema      map[string]any
}

// call is one function call with its arguments as JSON.
type call struct {
	name      string
	arguments string
}

// ending tells why an answer ended.
type ending uint8

const (
	endStop ending = iota
	endLength
	endTools
	endFilter // a guard removed what was said
)

// answer is what the mind says.
type answer struct {
	reasoning string
	text      string
	calls     []call
	end       ending
	// Tokens: of the whole request, of text and calls, of the reasoning.
	input, output, thought int
}

// harmful holds the few words the lab's model refuses to talk about.
var harmful = regexp.MustCompile(`(?i)\b(bomb|explosives?|nerve agent|meth|ransomware|malware|poison|self-harm|suicide)\b`)

// refusal is what the lab's model says instead.
const refusal = "I'm sorry, but I can't help with that."

// think answers a question by rule; the same question always gets the same answer.
func think(q question) answer {
	a := answer{input: q.tokens()}
	last := q.last()
	if q.reason {
		a.reasoning = fmt.Sprintf("The user says %q. I read it twice, decide what is asked, and answer briefly.", clip(last.text, 120))
	}
	said, calls := q.yield()
	if a.calls = calls; said == "" && len(calls) == 0 {
		a.calls = chooseTools(q, last)
	}
	switch {
	case len(a.calls) > 0:
		a.end = endTools
	case said != "":
		a.text, a.end = q.finish(said)
	default:
		a.text, a.end = q.finish(q.say(last))
	}
	a.thought = countTokens(a.reasoning)
	a.output = countTokens(a.text)
	for _, c := range a.calls {
		a.output += countTokens(c.name) + countTokens(c.arguments)
	}
	return a
}

// say is the whole text the mind would like to answer with.
func (q question) say(last turn) string {
	text := strings.TrimSpace(last.text)
	switch {
	case last.role == "tool":
		return "According to the tool: " + clip(text, 400)
	case harmful.MatchString(text):
		return refusal
	}
	said := q.sayByRule(text)
	if said == "" {
		said = essay(q.model, text)
	}
	if q.json {
		return `{"answer":` + strconv.Quote(said) + `}`
	}
	return said
}

var (
	askRepeat = regexp.MustCompile(`(?is)^(?:please )?(?:repeat|say|echo|reply with|answer with)(?: exactly| only| after me)?:?\s+["“']?(.+?)["”']?[.!]?$`)
	askCount  = regexp.MustCompile(`(?i)\bcount (?:from 1 )?(?:up )?to (\d{1,3})\b`)
	askSum    = regexp.MustCompile(`(-?\d+(?:\.\d+)?)\s*([-+*/x×])\s*(-?\d+(?:\.\d+)?)`)
	asksSum   = regexp.MustCompile(`(?i)\b(?:what is|what's|calculate|compute|times|plus|how much is)\b|=`)
	askName   = regexp.MustCompile(`(?i)\bwhat(?:'s| is) my name\b`)
	tellName  = regexp.MustCompile(`(?i)\bmy name is (\p{L}+)`)
	askWho    = regexp.MustCompile(`(?i)\bwho are you\b|\bwhat(?:'s| is) your name\b`)
	isPersona = regexp.MustCompile(`(?i)\byou are (?:called )?(?:an? |the )?([^.,;\n]+)`)
	capital   = regexp.MustCompile(`(?i)\bcapital (?:city )?of (\p{L}+)`)
	hasHello  = regexp.MustCompile(`(?i)^(?:hello|hi|hey|good (?:morning|evening|day))\b`)
)

var capitals = map[string]string{
	"france": "Paris", "germany": "Berlin", "spain": "Madrid", "italy": "Rome", "japan": "Tokyo",
	"india": "New Delhi", "poland": "Warsaw", "austria": "Vienna", "norway": "Oslo", "kenya": "Nairobi",
}

// sayByRule answers what the lab knows an answer to: "" when it does not.
func (q question) sayByRule(text string) string {
	if m := askCount.FindStringSubmatch(text); m != nil {
		return countTo(m[1])
	}
	if m := askSum.FindStringSubmatch(text); m != nil && (len(text) < 60 || asksSum.MatchString(text)) {
		return fmt.Sprintf("%s %s %s = %s", m[1], m[2], m[3], calculate(m[1], m[2], m[3]))
	}
	if m := capital.FindStringSubmatch(text); m != nil && capitals[strings.ToLower(m[1])] != "" {
		return fmt.Sprintf("The capital of %s is %s.", m[1], capitals[strings.ToLower(m[1])])
	}
	if askName.MatchString(text) {
		for _, t := range q.turns {
			if m := tellName.FindStringSubmatch(t.text); m != nil && t.role == "user" {
				return "Your name is " + m[1] + "."
			}
		}
		return "You have not told me your name."
	}
	if askWho.MatchString(text) {
		if m := isPersona.FindStringSubmatch(q.system); m != nil {
			return "I am " + strings.TrimSpace(m[1]) + "."
		}
		return "I am " + q.model + ", a practice model without a mind of its own."
	}
	if m := askRepeat.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	if hasHello.MatchString(text) && len(text) < 40 {
		return "Hello! How can I help you today?"
	}
	return ""
}

func countTo(word string) string {
	n, _ := strconv.Atoi(word)
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if i > 1 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(i))
	}
	return b.String()
}

func calculate(left, operator, right string) string {
	a, _ := strconv.ParseFloat(left, 64)
	b, _ := strconv.ParseFloat(right, 64)
	var value float64
	switch operator {
	case "+":
		value = a + b
	case "-":
		value = a - b
	case "/":
		if b == 0 {
			return "undefined"
		}
		value = a / b
	default:
		value = a * b
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

// finish applies the stop texts and the token limit.
func (q question) finish(text string) (string, ending) {
	for _, stop := range q.stop {
		if before, _, found := strings.Cut(text, stop); found && stop != "" {
			text = before
		}
	}
	if q.limit <= 0 {
		return text, endStop
	}
	short, more := firstTokens(text, q.limit)
	if more {
		return short, endLength
	}
	return text, endStop
}

// last is the turn to answer: the last one of a user or a tool that has text.
func (q question) last() turn {
	for i := len(q.turns) - 1; i >= 0; i-- {
		if t := q.turns[i]; t.role != "assistant" && t.text != "" {
			return t
		}
	}
	return turn{role: "user"}
}

// tokens counts the request: its texts, four for the frame of each message, and the tools.
func (q question) tokens() int {
	n := countTokens(q.system)
	for _, t := range q.turns {
		n += 4 + countTokens(t.text)
	}
	for _, t := range q.tools {
		n += 8 + countTokens(t.name) + countTokens(t.description)
	}
	return n
}

// seed is a number that follows from the texts.
func seed(texts ...string) uint32 {
	h := fnv.New32a()
	for _, text := range texts {
		_, _ = h.Write([]byte(text))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum32()
}

// clip shortens text to n runes.
func clip(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n]) + "…"
}
