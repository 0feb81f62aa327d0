package lab

import (
	"slices"
	"strings"
)

// yield is what a weak mind says or does in place of answering, by the first of its weaknesses that the request touches.
// A sound mind never yields.
func (q question) yield() (string, []call) {
	if q.weak == 0 {
		return "", nil
	}
	q = q.shortened()
	if q.weak.has(LLM07) && len(q.tools) > 0 && asksTools.MatchString(q.asked()) {
		return q.toolText(), nil
	}
	if q.weak.has(LLM06) {
		if calls := q.eager(); len(calls) > 0 {
			return "", calls
		}
	}
	for _, w := range []struct {
		weak Weak
		say  func() string
	}{
		{LLM02, q.diverge},
		{LLM10, q.burn},
		{LLM01, q.exfiltrated},
		{LLM05, q.describe},
		{LLM01, q.obey},
		{LLM04, q.believe},
		{LLM03, q.supplied},
		{LLM03, q.obey},
		{LLM09, q.invent},
		{LLM01, q.compose},
		{LLM02 | LLM07 | LLM08, q.tell},
		{LLM08, q.believe},
	} {
		if !q.weak.has(w.weak) {
			continue
		}
		if said := w.say(); said != "" {
			return said, nil
		}
	}
	return "", nil
}

// mostTurns is how many of its newest turns a question is searched for orders in.
const mostTurns = 40

// shortened is a question as far as it is searched for orders: a text is read at both ends.
func (q question) shortened() question {
	short := func(text string) string {
		if len(text) <= longestAsk {
			return text
		}
		return strings.ToValidUTF8(text[:longestAsk/2], "") + " … " + strings.ToValidUTF8(text[len(text)-longestAsk/2:], "")
	}
	turns := make([]turn, 0, min(len(q.turns), mostTurns))
	for _, t := range q.turns[max(len(q.turns)-mostTurns, 0):] {
		turns = append(turns, turn{t.role, short(t.text)})
	}
	tools := slices.Clone(q.tools[:min(len(q.tools), mostTurns)])
	for i := range tools {
		tools[i].description = short(tools[i].description)
	}
	fields := slices.Clone(q.fields[:min(len(q.fields), mostTurns)])
	for i := range fields {
		fields[i] = short(fields[i])
	}
	q.turns, q.tools, q.fields = turns, tools, fields
	return q
}
