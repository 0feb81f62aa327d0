package app

import (
	"fmt"
	"io"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// chat prints a conversation for a terminal: what was asked, what came back. It is the chat view of `assay show`.
type chat struct {
	w      io.Writer
	colour bool
	err    error
}

func (c *chat) printf(format string, args ...any) {
	if c.err == nil {
		_, c.err = fmt.Fprintf(c.w, format, args...)
	}
}

// label prints the word that says who speaks.
func (c *chat) label(word string) {
	if c.colour {
		c.printf("\x1b[1m%s\x1b[0m\n", word)
		return
	}
	c.printf("%s\n", word)
}

func (c *chat) text(s string) {
	for line := range strings.Lines(Visible(s)) {
		c.printf("  %s\n", strings.TrimRight(line, "\n"))
	}
}

func (c *chat) conversation(x *traffic.Exchange, conv *llm.Conversation) {
	c.head(x, conv)
	if !systemAmong(conv.Messages) {
		for _, s := range conv.System {
			c.label("system")
			c.text(s)
		}
	}
	for _, m := range conv.Messages {
		c.label(speaker(m))
		c.parts(m.Parts)
	}
	for _, p := range conv.Prompts {
		c.label("prompt")
		c.text(p)
	}
	c.tools(conv.Tools)
	c.answer(x, conv)
}

func systemAmong(messages []llm.Message) bool {
	for _, m := range messages {
		if m.Role == "system" || m.Role == "developer" {
			return true
		}
	}
	return false
}

func speaker(m llm.Message) string {
	who := Harmless(m.Role, 40)
	if who == "" {
		who = "message"
	}
	if m.Name != "" {
		who += " " + Harmless(m.Name, 60)
	}
	return who
}

func (c *chat) head(x *traffic.Exchange, conv *llm.Conversation) {
	c.printf("%s", x.ID)
	if !x.Started.IsZero() {
		c.printf("  %s", x.Started.Local().Format("2006-01-02 15:04:05"))
	}
	c.printf("  %s", Harmless(conv.Family, 0))
	if conv.Provider != "" {
		c.printf(" at %s", Harmless(conv.Provider, 0))
	}
	if conv.Model != "" {
		c.printf(", model %s", Harmless(conv.Model, 0))
	}
	if conv.Confidence == llm.Low {
		c.printf(" (a guess by its shape)")
	}
	c.printf("\n\n")
}

func (c *chat) parts(parts []llm.Part) {
	for _, p := range parts {
		switch p.Kind {
		case llm.PartText, llm.PartRefusal:
			c.text(p.Text)
		case llm.PartReasoning:
			c.printf("  (reasoning)\n")
			c.text(p.Text)
		case llm.PartToolCall:
			if p.Call != nil {
				c.printf("  → %s(%s)\n", Harmless(p.Call.Name, 0), Harmless(p.Call.Arguments, 2000))
			}
		case llm.PartToolResult:
			c.printf("  ← %s\n", Harmless(strings.TrimSpace(p.Name+" "+p.Text), 2000))
		default:
			c.printf("  [%s]\n", media(p))
		}
	}
}

// media names what is not text, without showing it.
func media(p llm.Part) string {
	words := []string{string(p.Kind)}
	if p.Kind == llm.PartOther {
		words = nil
	}
	for _, s := range []string{p.Type, p.MIME, p.URL} {
		if s != "" {
			words = append(words, Harmless(s, 120))
		}
	}
	if p.Bytes > 0 {
		words = append(words, Bytes(int64(p.Bytes)))
	}
	return strings.Join(words, " ")
}

func (c *chat) tools(tools []llm.Tool) {
	if len(tools) == 0 {
		return
	}
	c.label(fmt.Sprintf("tools (%d)", len(tools)))
	for _, t := range tools {
		c.printf("  %s  %s\n", Harmless(t.Name, 80), Harmless(t.Description, 100))
	}
}

func (c *chat) answer(x *traffic.Exchange, conv *llm.Conversation) {
	c.label("answer")
	switch {
	case len(conv.Parts) > 0:
		c.parts(conv.Parts)
	case conv.Answer != "":
		c.text(conv.Answer)
	}
	if conv.Refusal != "" {
		c.printf("  (refused) %s\n", Harmless(conv.Refusal, 0))
	}
	if e := conv.Error; e != nil {
		c.printf("  error: %s\n", Harmless(strings.TrimSpace(e.Type+" "+e.Code+" "+e.Message), 0))
	}
	if x.Fault != nil {
		c.printf("  %s: %s\n", x.Fault.Stage, Harmless(x.Fault.Reason, 0))
	}
	if !x.State.Ended() {
		c.printf("  … still %s\n", x.State)
	}
	c.printf("\n%s\n", closing(x, conv))
}

// closing is the line of figures under an answer.
func closing(x *traffic.Exchange, conv *llm.Conversation) string {
	var words []string
	add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	if conv.Finish != "" {
		add("finish %s", Harmless(conv.Finish, 40))
	}
	if n := conv.Usage.Input; n != nil {
		add("%d tokens in", *n)
	}
	if n := conv.Usage.Output; n != nil {
		add("%d out", *n)
	}
	if conv.Streamed {
		add("%d events", conv.Events)
	}
	if x.Timing.FirstByte > 0 {
		add("first byte after %d ms", x.Timing.FirstByte.Milliseconds())
	}
	if x.Timing.Done > 0 {
		add("took %d ms", x.Timing.Done.Milliseconds())
	}
	if n := len(conv.Notes); n > 0 {
		add("%s", strings.Join(conv.Notes, "; "))
	}
	return strings.Join(words, " · ")
}
