package target

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/llm"
)

// Candidate is a text of an answer that may be what was said.
type Candidate struct {
	Pointer string `json:"pointer"` // JSON pointer (RFC 6901); in a stream, of the pieces in its events; "body" for all of it
	Text    string `json:"text"`
	Score   int    `json:"score"` // the higher the likelier
}

// WholeBody stands for a pointer where the whole body is the answer.
const WholeBody = "body"

// Limits of the search: answers are hostile.
const (
	maxDepth      = 64
	maxTexts      = 5000
	maxEvents     = 20_000
	maxCandidates = 20
)

// enough is the score from which a text is taken for an answer without asking a person.
const enough = 5

// Candidates finds the texts of an answer in no known format that may be what was said to a prompt, the likeliest
// first. word is one that a right answer has, in lower case; empty for none.
func Candidates(body []byte, contentType, prompt, word string) []Candidate {
	texts, ok := textsOf(body, contentType)
	if !ok {
		text := strings.TrimSpace(string(body))
		if text == "" || !utf8.ValidString(text) || strings.HasPrefix(text, "<") {
			return nil
		}
		c := Candidate{Pointer: WholeBody, Text: text, Score: score("", text, prompt, word)}
		if c.Score += enough; c.Score <= 0 {
			return nil
		}
		return []Candidate{c}
	}
	var found []Candidate
	for pointer, text := range texts.all() {
		if s := score(pointer, text, prompt, word); s > 0 {
			found = append(found, Candidate{pointer, text, s})
		}
	}
	slices.SortStableFunc(found, func(a, b Candidate) int { return b.Score - a.Score })
	return found[:min(len(found), maxCandidates)]
}

// texts are the strings of an answer by their pointers, in order.
type texts struct {
	order []string
	at    map[string]*strings.Builder
}

func (t *texts) add(pointer, text string) {
	b := t.at[pointer]
	if b == nil {
		if len(t.order) >= maxTexts {
			return
		}
		b = &strings.Builder{}
		t.at[pointer] = b
		t.order = append(t.order, pointer)
	}
	b.WriteString(text)
}

func (t *texts) all() func(yield func(pointer, text string) bool) {
	return func(yield func(pointer, text string) bool) {
		for _, pointer := range t.order {
			if !yield(pointer, t.at[pointer].String()) {
				return
			}
		}
	}
}

// textsOf gathers the strings of a document, or of all events of a stream joined; false when there is no JSON.
func textsOf(body []byte, contentType string) (*texts, bool) {
	t := &texts{at: map[string]*strings.Builder{}}
	var doc any
	if json.Unmarshal(body, &doc) == nil {
		t.walk("", doc, 0)
		return t, true
	}
	splitter := llm.SplitterFor(contentType, body)
	if splitter.Framing() == llm.FramingWhole {
		return nil, false
	}
	some := false
	events := append(splitter.Write(body), splitter.Close()...)
	for _, ev := range events[:min(len(events), maxEvents)] {
		var doc any
		data := bytes.TrimSpace(ev.Data)
		switch {
		case ev.Done() || len(data) == 0:
		case json.Unmarshal(data, &doc) == nil:
			t.walk("", doc, 0)
			some = true
		default: // a stream of bare words
			t.add(WholeBody, string(ev.Data))
			some = true
		}
	}
	return t, some
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

func (t *texts) walk(pointer string, doc any, depth int) {
	if depth > maxDepth || len(t.order) >= maxTexts {
		return
	}
	switch v := doc.(type) {
	case string:
		if pointer == "" {
			pointer = WholeBody // a document that is one string
		}
		t.add(pointer, v)
	case []any:
		for i, e := range v {
			t.walk(pointer+"/"+strconv.Itoa(i), e, depth+1)
		}
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names) // the same every time
		for _, name := range names {
			t.walk(pointer+"/"+escapePointer.Replace(name), v[name], depth+1)
		}
	}
}

// textAt is the text at a pointer, joined over the events of a stream.
func textAt(body []byte, contentType, pointer string) (string, bool) {
	t, ok := textsOf(body, contentType)
	if !ok {
		return strings.TrimSpace(string(body)), pointer == WholeBody && utf8.Valid(body)
	}
	if b := t.at[pointer]; b != nil {
		return b.String(), true
	}
	if pointer == WholeBody {
		return string(body), true
	}
	var parts []string // of a list of content parts: each one's text
	for p, text := range t.all() {
		rest, under := strings.CutPrefix(p, pointer+"/")
		if index, name, deep := strings.Cut(rest, "/"); under && isIndex(index) && (!deep || name == "text" || name == "content") {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ""), len(parts) > 0
}

func isIndex(s string) bool {
	_, err := strconv.ParseUint(s, 10, 31)
	return err == nil
}

// names tell what stands under them: the more, the surer.
var names = map[string]int{
	"answer": 6, "reply": 6, "response": 5, "content": 5, "text": 5, "output": 5, "completion": 5, "generated_text": 6, "output_text": 6,
	"message": 4, "result": 4, "bot": 4, "assistant": 4, "delta": 3, "body": 2, "data": 1, "value": 1, "choices": 2, "markdown": 4, "msg": 4,
	"id": -8, "role": -8, "model": -6, "object": -6, "type": -6, "status": -4, "code": -4, "created": -6, "timestamp": -6, "url": -6, "uuid": -8,
	"prompt": -6, "question": -6, "query": -6, "input": -6, "system": -6, "instructions": -6, "title": -2, "error": -3, "reasoning": -4,
	"thinking": -4, "history": -4, "user": -5, "session": -6, "token": -6, "finish_reason": -8, "language": -5, "disclaimer": -5, "footer": -5,
	"suggestions": -4, "followups": -4, "sources": -4, "citations": -4, "snippet": -3, "greeting": -3,
}

// score rates a text as an answer to a prompt.
func score(pointer, text, prompt, word string) int {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || trimmed == strings.TrimSpace(prompt) {
		return 0
	}
	points := nameScore(pointer) + proseScore(trimmed)
	lower := strings.ToLower(trimmed[:min(len(trimmed), 4096)])
	if word != "" && strings.Contains(lower, word) {
		points += 6
	}
	if prompt != "" && strings.Contains(trimmed, strings.TrimSpace(prompt)) {
		points -= 4 // an echo
	}
	return points
}

func nameScore(pointer string) int {
	points, weight := 0, 2
	segments := strings.Split(strings.ToLower(pointer), "/")
	for _, name := range slices.Backward(segments) {
		if name == "" || isIndex(name) {
			continue
		}
		n := names[name]
		if n == 0 {
			for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || r == '.' }) {
				n += names[part]
			}
		}
		points += n * weight / 2
		if weight--; weight == 0 {
			break
		}
	}
	return points
}

// proseScore is higher for sentences, and below zero for what no person would say.
func proseScore(text string) int {
	spaces, letters, runes := 0, 0, 0
	for _, r := range text {
		if runes++; runes > 400 {
			break
		}
		switch {
		case unicode.IsSpace(r):
			spaces++
		case unicode.IsLetter(r):
			letters++
		}
	}
	switch {
	case strings.Contains(text, "://") && spaces == 0:
		return -6
	case spaces == 0 && letters > 0 && runes > 24 && isASCII(text): // an id, a hash, a token
		return -6
	case letters*2 < runes-spaces:
		return -3
	case spaces >= 2:
		return 3
	case !isASCII(text) && letters >= 6: // languages without spaces
		return 3
	case spaces == 1:
		return 1
	}
	return 0
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// pointerOf is where a text that was read stands in an answer; empty when it stands in no one place.
func pointerOf(body []byte, contentType, text string) string {
	t, ok := textsOf(body, contentType)
	if !ok || text == "" {
		return ""
	}
	best, points := "", -1000
	for pointer, s := range t.all() {
		if s == text && nameScore(pointer) > points {
			best, points = pointer, nameScore(pointer)
		}
	}
	if best != "" {
		return best
	}
	for pointer, s := range t.all() { // the first of several parts
		if s != "" && strings.HasPrefix(text, s) && nameScore(pointer) > points {
			best, points = pointer, nameScore(pointer)
		}
	}
	return best
}
