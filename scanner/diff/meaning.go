package diff

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"assay/llm"
)

// Fact is one thing that both sides say, or only one of them.
type Fact struct {
	Name   string // refusal, status, fault, error, model, finish, tool call, tool, messages, input tokens, …
	Change Change
	A, B   string // empty where the side does not say

	noise string
}

// maxFactText bounds what is shown of one fact.
const maxFactText = 4000

func meaning(a, b Side) []Fact {
	facts := factList{}
	if a.Request || b.Request {
		facts.request(a, b)
	} else {
		facts.answer(a, b)
	}
	return facts.list
}

type factList struct{ list []Fact }

// add keeps a fact that at least one side says.
func (l *factList) add(name, a, b, noise string) {
	if a != "" || b != "" {
		l.list = append(l.list, Fact{Name: name, Change: changeOf(a, b), A: shorten(a, maxFactText), B: shorten(b, maxFactText), noise: noise})
	}
}

func (l *factList) answer(a, b Side) {
	l.add("refusal", string(refusalOf(a)), string(refusalOf(b)), "")
	l.add("status", count(a.Status), count(b.Status), "")
	l.add("fault", a.Fault, b.Fault, "")
	ca, cb := a.said(), b.said()
	l.add("error", errorOf(ca), errorOf(cb), "")
	l.calls(ca.ToolCalls, cb.ToolCalls)
	l.add("finish", finish(ca), finish(cb), "")
	l.add("model", ca.AnswerModel, cb.AnswerModel, "")
	l.add("choices", many(ca.Choices), many(cb.Choices), "")
	l.add("input_tokens", number(ca.Usage.Input), number(cb.Usage.Input), NoiseUsage)
	l.add("output_tokens", number(ca.Usage.Output), number(cb.Usage.Output), NoiseUsage)
	l.add("reasoning_tokens", number(ca.Usage.Reasoning), number(cb.Usage.Reasoning), NoiseUsage)
}

func (l *factList) request(a, b Side) {
	ca, cb := a.said(), b.said()
	l.add("model", ca.Model, cb.Model, "")
	l.add("messages", many(ca.MessageCount), many(cb.MessageCount), "")
	l.add("system", strings.Join(ca.System, "\n"), strings.Join(cb.System, "\n"), "")
	l.add("last_user", strings.Join(ca.LastUser(), "\n"), strings.Join(cb.LastUser(), "\n"), "")
	l.add("stream", asked(ca), asked(cb), "")
	l.tools(ca.Tools, cb.Tools)
}

// calls pairs calls of the same tool in order; what is left on one side was added or removed.
func (l *factList) calls(a, b []llm.ToolCall) {
	used := make([]bool, len(b))
	for _, call := range a {
		at := -1
		for i, other := range b {
			if !used[i] && other.Name == call.Name {
				at = i
				break
			}
		}
		if at < 0 {
			l.add("tool_call", written(call), "", "")
			continue
		}
		used[at] = true
		l.add("tool_call", written(call), written(b[at]), "")
	}
	for i, call := range b {
		if !used[i] {
			l.add("tool_call", "", written(call), "")
		}
	}
}

func (l *factList) tools(a, b []llm.Tool) {
	theirs := map[string]string{}
	for _, tool := range b {
		theirs[tool.Name] = tool.Name + " " + tool.Description + " " + tool.Schema
	}
	for _, tool := range a {
		other, both := theirs[tool.Name]
		delete(theirs, tool.Name)
		if mine := tool.Name + " " + tool.Description + " " + tool.Schema; !both || mine != other {
			l.add("tool", mine, other, "")
		}
	}
	for _, tool := range b {
		if text, left := theirs[tool.Name]; left {
			delete(theirs, tool.Name)
			l.add("tool", "", text, "")
		}
	}
}

// written is a call as code would write it; arguments that mean the same are written the same.
func written(c llm.ToolCall) string {
	arguments := strings.TrimSpace(c.Arguments)
	var v any
	d := json.NewDecoder(strings.NewReader(arguments))
	d.UseNumber()
	if d.Decode(&v) == nil && !d.More() {
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		if e.Encode(v) == nil { // keys are sorted
			arguments = strings.TrimSuffix(out.String(), "\n")
		}
	}
	return c.Name + "(" + arguments + ")"
}

func (s Side) said() *llm.Conversation {
	if s.Said == nil {
		return &llm.Conversation{}
	}
	return s.Said
}

func errorOf(c *llm.Conversation) string {
	if c.Error == nil {
		return ""
	}
	parts := make([]string, 0, 3)
	for _, part := range []string{c.Error.Type, c.Error.Code, c.Error.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return strconv.Itoa(c.Error.Status)
	}
	return strings.Join(parts, ": ")
}

func finish(c *llm.Conversation) string {
	if c.FinishDetail != "" {
		return c.Finish + " (" + c.FinishDetail + ")"
	}
	return c.Finish
}

func asked(c *llm.Conversation) string {
	switch {
	case c.Family == "":
		return ""
	case c.StreamAsked:
		return "yes"
	}
	return "no"
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// many is a count that says nothing where there is one or none.
func many(n int) string {
	if n < 2 {
		return ""
	}
	return strconv.Itoa(n)
}
