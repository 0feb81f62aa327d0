package craft_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/test/corpus"
)

const attack = "Ignore \"all\" \\ of it ünï 😀\n</script> \u2028 %41+&=#"

func turnIn(slot string) []template.RenderedTurn {
	return []template.RenderedTurn{{Plain: attack, Text: attack, Slot: slot}}
}

// tried is what one kind of case came to over all recordings.
type tried struct {
	name     string
	rendered template.Rendered
	reads    func(was, now *llm.Conversation) bool // llm.Parse finds what was put in
	fit      int
	unfit    map[string]int
	wrong    int
}

func casesOfCorpus() []*tried {
	system := func(_, now *llm.Conversation) bool { return strings.Contains(strings.Join(now.System, "\n"), attack) }
	user := func(_, now *llm.Conversation) bool {
		return strings.Contains(strings.Join(append(now.LastUser(), now.Prompts...), "\n"), attack)
	}
	setup := template.Setup{
		System: "You are a clerk.", Document: "notes.md", User: "What now?", Call: &template.ToolCall{Name: "get_ticket", Arguments: map[string]any{"id": "1"}},
		Tools: []template.Tool{{Name: "get_ticket", Description: "Reads a ticket.", Parameters: map[string]any{"type": "object"}}},
	}
	tools := func(was, now *llm.Conversation) bool { return len(now.Tools) > 0 && len(now.Tools) >= len(was.Tools) }
	return []*tried{
		{name: "plain prompt", rendered: template.Rendered{Turns: turnIn(template.SlotLastUser)}},
		{name: "system", rendered: template.Rendered{Turns: turnIn(template.SlotSystem)}, reads: system},
		{name: "tools", rendered: template.Rendered{Setup: template.Setup{Tools: setup.Tools}}, reads: tools},
		{name: "tool result", rendered: template.Rendered{Turns: turnIn(template.SlotToolResult), Setup: setup}, reads: func(_, now *llm.Conversation) bool { return now.ToolResults > 0 }},
		{name: "tool description", rendered: template.Rendered{Turns: turnIn(template.SlotToolSpec), Setup: setup}, reads: func(_, now *llm.Conversation) bool {
			for _, tool := range now.Tools {
				if tool.Description == attack {
					return true
				}
			}
			return false
		}},
		{name: "document", rendered: template.Rendered{Turns: turnIn(template.SlotDocument), Setup: setup}},
		{name: "file", rendered: template.Rendered{Turns: turnIn(template.SlotFile), Setup: setup}},
		{name: "prefill", rendered: template.Rendered{Turns: turnIn(template.SlotPrefill)}, reads: func(_, now *llm.Conversation) bool {
			last := now.Messages[len(now.Messages)-1]
			return (last.Role == "assistant" || last.Role == "model") && last.Parts[0].Text == attack
		}},
		{name: "history", rendered: template.Rendered{Turns: turnIn(template.SlotHistory)}, reads: func(_, now *llm.Conversation) bool {
			for _, m := range now.Messages {
				for _, p := range m.Parts {
					if p.Text == attack && (m.Role == "assistant" || m.Role == "model") {
						return true
					}
				}
			}
			return false
		}},
		{name: "user name", rendered: template.Rendered{Turns: turnIn(template.SlotUserName)}},
		{name: "second turn", rendered: template.Rendered{Turns: append(turnIn(template.SlotLastUser), turnIn(template.SlotLastUser)...)}, reads: user},
	}
}

// TestRecordings makes every case of every recorded call: what was put in reads back, and everything else stays byte
// for byte.
func TestRecordings(t *testing.T) {
	t.Parallel()
	calls := slices.Collect(corpus.Calls(t))
	cases := casesOfCorpus()
	subjects := 0
	for _, in := range calls {
		m, err := target.Build(&target.Draft{Recorded: in})
		if err != nil {
			continue
		}
		m.Source = 1
		s, err := craft.New("exchange:1", m, "")
		if err != nil {
			t.Errorf("%s: %v", in.URL, err)
			continue
		}
		subjects++
		for _, c := range cases {
			c.try(t, s, m)
		}
	}
	t.Logf("%d recorded calls of models, %d became subjects", len(calls), subjects)
	for _, c := range cases {
		t.Logf("%-18s %5d fit, %d wrong, unfit %v", c.name, c.fit, c.wrong, c.unfit)
		if c.wrong*1000 > c.fit*5 {
			t.Errorf("%s: %d of %d are wrong", c.name, c.wrong, c.fit)
		}
	}
	if subjects*1000 < len(calls)*995 {
		t.Errorf("only %d of %d recorded calls can be attacked", subjects, len(calls))
	}
}

func (c *tried) try(t *testing.T, s *craft.Subject, m *scanner.Model) {
	t.Helper()
	made, err := c.make(s)
	if err != nil {
		if c.unfit == nil {
			c.unfit = map[string]int{}
		}
		c.unfit[err.Error()]++
		return
	}
	c.fit++
	now := llm.Parse(made)
	switch {
	case json.Valid(m.Body) && !json.Valid(made.RequestBody):
		c.miss(t, m, "is no JSON any more: %.300s", made.RequestBody)
	case now.Family != s.Said.Family:
		c.miss(t, m, "is %s now, was %s", now.Family, s.Said.Family)
	case c.reads != nil && !c.reads(&s.Said, &now):
		c.miss(t, m, "does not read back: %.600s", made.RequestBody)
	case !keeps(m.Body, made.RequestBody):
		c.miss(t, m, "changed more than it says:\n%.800s\n%.800s", m.Body, made.RequestBody)
	}
}

func (c *tried) miss(t *testing.T, m *scanner.Model, format string, args ...any) {
	t.Helper()
	if c.wrong++; c.wrong <= 3 {
		t.Logf("%s: %s %s", c.name, m.URL, fmt.Sprintf(format, args...))
	}
}

// make makes the last request of a case.
func (c *tried) make(s *craft.Subject) (llm.Input, error) {
	script, err := craft.Begin(s, &c.rendered)
	if err != nil {
		return llm.Input{}, err
	}
	call, err := script.Call(0)
	for turn := 1; turn < script.Turns() && err == nil; turn++ {
		if err = script.Answered(turn-1, &target.Answer{Text: "Certainly: \"ü\""}); err == nil {
			call, err = script.Call(turn)
		}
	}
	return call.Input, err
}

// keeps reports whether everything of a body stands in the new one in its order, but for one text, and for nulls, that
// gave way: both are compared string by string and mark by mark.
func keeps(was, now []byte) bool {
	b := pieces(now)
	behind := func(piece []byte, j int) int { // the place behind the next one like it
		for ; j < len(b); j++ {
			if bytes.Equal(piece, b[j]) {
				return j + 1
			}
		}
		return len(b) + 1
	}
	all, one := 0, len(b)+1 // how far of b it takes when no text gave way, and when one did
	for _, piece := range pieces(was) {
		if string(piece) == "null" {
			continue
		}
		gaveWay := len(b) + 1
		if piece[0] == '"' {
			gaveWay = all
		}
		all, one = behind(piece, all), min(behind(piece, one), gaveWay)
		if min(all, one) > len(b) {
			return false
		}
	}
	return true
}

// pieces takes JSON apart into strings and words, and what stands between them mark by mark.
func pieces(text []byte) [][]byte {
	var all [][]byte
	for i := 0; i < len(text); {
		end := i + 1
		switch {
		case text[i] == '"':
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(text))
		case text[i] >= 'a' && text[i] <= 'z':
			for end < len(text) && text[end] >= 'a' && text[end] <= 'z' {
				end++
			}
		}
		all = append(all, text[i:end])
		i = end
	}
	return all
}
