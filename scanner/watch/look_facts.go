package watch

import (
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// facts is an exchange in the words of the filter language: what it says of itself, what it meant, and what was found in
// it. Texts are those of the whole history, as in a project's search.
type facts struct {
	traffic.Facts
	seen  *Seen
	said  *llm.Conversation
	sight *scanner.Sight
}

func newFacts(s *Seen, sight *scanner.Sight) traffic.Facts {
	return &facts{Facts: s.Exchange.Facts(), seen: s, said: s.conversation(), sight: sight}
}

// Strings implements traffic.Facts.
func (f *facts) Strings(field, key string) []string {
	c := f.said
	switch field {
	case "text", "system", "user", "assistant", "reasoning", "tool_text":
		return f.texts(field)
	case "kind":
		return one(string(c.Kind))
	case "provider":
		return one(c.Provider)
	case "family":
		return one(c.Family)
	case "model":
		return one(c.Model)
	case "finish":
		return one(c.Finish)
	case "role":
		var roles []string
		for i := range c.Messages {
			if r := c.Messages[i].Role; r != "" && !slices.Contains(roles, r) {
				roles = append(roles, r)
			}
		}
		return roles
	case "tool":
		names := make([]string, len(c.Tools))
		for i := range c.Tools {
			names[i] = c.Tools[i].Name
		}
		return names
	case "tool_call":
		return f.sight.Tools
	case "conversation":
		if f.seen.Thread != 0 {
			return []string{f.seen.Thread.String()}
		}
		return nil
	case "sensitive":
		return f.sensitive()
	case "error":
		return f.errors()
	case "has":
		return f.has()
	}
	return f.Facts.Strings(field, key)
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// texts collects what was said by a role; "text" is everything, and the URL.
func (f *facts) texts(field string) []string {
	c := f.said
	var all []string
	add := func(of, text string) {
		if text != "" && (field == "text" || field == of) {
			all = append(all, text)
		}
	}
	for _, text := range c.System {
		add("system", text)
	}
	for i := range c.Messages {
		m := &c.Messages[i]
		of := "user"
		switch m.Role {
		case "system", "developer":
			continue // in c.System
		case "assistant", "model", "ai", "bot":
			of = "assistant"
		case "tool", "function":
			of = "tool_text"
		}
		for j := range m.Parts {
			p := &m.Parts[j]
			switch p.Kind {
			case llm.PartReasoning:
				add("reasoning", p.Text)
			case llm.PartToolCall:
				if p.Call != nil {
					add("tool_text", p.Call.Name)
					add("tool_text", p.Call.Arguments)
				}
			case llm.PartToolResult:
				add("tool_text", p.Text)
			case llm.PartImage, llm.PartAudio, llm.PartVideo, llm.PartFile:
			case llm.PartText, llm.PartRefusal, llm.PartOther:
				add(of, p.Text)
			}
		}
	}
	for _, text := range c.Prompts {
		add("user", text)
	}
	add("assistant", c.Answer)
	add("assistant", c.Refusal)
	add("reasoning", c.Reasoning)
	for i := range c.ToolCalls {
		add("tool_text", c.ToolCalls[i].Name)
		add("tool_text", c.ToolCalls[i].Arguments)
	}
	if r := c.RPC; r != nil {
		add("tool_text", r.Tool)
		add("tool_text", r.Arguments)
		add("tool_text", r.ResultText)
	}
	add("text", f.seen.Exchange.Request.URL)
	return all
}

// sensitive lists types and classes of the sensitive data that was found.
func (f *facts) sensitive() []string {
	var all []string
	add := func(s string) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	for i := range f.sight.Signs {
		if s := &f.sight.Signs[i]; s.Kind == scanner.SignSecret || s.Kind == scanner.SignPersonal {
			add(string(s.Kind)) // the class is called like the kind of sign
			add(s.Name)
		}
	}
	return all
}

func (f *facts) errors() []string {
	all := f.Facts.Strings("error", "")
	if e := f.said.Error; e != nil {
		var parts []string
		for _, s := range []string{e.Type, e.Code, e.Message} {
			if s != "" && !slices.Contains(parts, s) {
				parts = append(parts, s)
			}
		}
		all = append([]string{strings.Join(parts, ": ")}, all...)
	}
	return all
}

func (f *facts) has() []string {
	c := f.said
	all := f.Facts.Strings("has", "")
	for _, h := range []struct {
		is   bool
		what string
	}{
		{c.Error != nil, "error"},
		{c.Answer != "", "answer"},
		{c.Reasoning != "", "reasoning"},
		{c.Refusal != "", "refusal"},
		{len(c.Tools) > 0, "tools"},
		{len(c.ToolCalls) > 0, "tool_calls"},
		{c.ToolResults > 0, "tool_results"},
		{c.Streamed, "stream"},
		{f.seen.Thread != 0, "conversation"},
	} {
		if h.is && !slices.Contains(all, h.what) {
			all = append(all, h.what)
		}
	}
	return all
}

// Number implements traffic.Facts.
func (f *facts) Number(field string) (int64, bool) {
	c, u := f.said, &f.said.Usage
	count := func(n *int64) (int64, bool) {
		if n == nil {
			return 0, false
		}
		return *n, true
	}
	switch field {
	case "input_tokens":
		return count(u.Input)
	case "output_tokens":
		return count(u.Output)
	case "tokens":
		if u.Total == nil && u.Input != nil && u.Output != nil {
			return *u.Input + *u.Output, true
		}
		return count(u.Total)
	case "cost":
		return f.seen.Cost, f.seen.Priced
	case "messages":
		if n := max(c.MessageCount, len(c.Messages)); n > 0 {
			return int64(n), true
		}
		return 0, false
	case "stream":
		if c.Kind == llm.KindPlain {
			return 0, false
		}
		if c.Streamed {
			return 1, true
		}
		return 0, true
	case "endpoint":
		return int64(f.seen.Endpoint), f.seen.Endpoint != 0
	}
	return f.Facts.Number(field)
}
