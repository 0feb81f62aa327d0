package window

import (
	"fmt"
	"slices"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// maxCopied bounds what of a body reaches the clipboard.
const maxCopied = 16 << 20

// rawText is request and answer as HTTP/1.1 would say them, with bodies whose content coding is undone.
func rawText(c *copied) string {
	var b strings.Builder
	q := &c.record.Request
	fmt.Fprintf(&b, "%s %s %s\n%s\n", q.Method, c.reveal.Text(q.URL), q.Proto, headerText(q.Header, c.reveal))
	writeContent(&b, c, traffic.FromClient)
	a := c.record.Response
	if a == nil {
		return b.String()
	}
	status := strings.TrimRight(fmt.Sprintf("%s %d %s", a.Proto, a.Status, a.Reason), " ")
	fmt.Fprintf(&b, "\n\n%s\n%s\n", status, headerText(a.Header, c.reveal))
	writeContent(&b, c, traffic.FromServer)
	for _, f := range c.record.Frames {
		fmt.Fprintf(&b, "\n[%s] %s", f.Side, strings.ToValidUTF8(string(f.Data), "\ufffd"))
	}
	return b.String()
}

func headerText(h traffic.Header, reveal traffic.Reveal) string {
	var b strings.Builder
	for _, f := range h {
		b.WriteString(f.Name + ": " + reveal.Text(f.Value) + "\n")
	}
	return b.String()
}

func writeContent(b *strings.Builder, c *copied, side traffic.Side) {
	content, lost := c.record.Content(side, maxCopied)
	b.WriteString(c.reveal.Text(strings.ToValidUTF8(string(content), "\ufffd")))
	if lost != "" {
		fmt.Fprintf(b, "\n[%s]", lost)
	}
}

// promptText is what the user said last, or the prompt of an API without messages.
func promptText(c *copied) string {
	if last := c.said.LastUser(); len(last) > 0 {
		return strings.Join(last, "\n\n")
	}
	return strings.Join(c.said.Prompts, "\n\n")
}

// answerText is what came back: text, else a refusal, else the tool calls, else the provider's error.
func answerText(c *copied) string {
	s := c.said
	switch {
	case s.Answer != "":
		return s.Answer
	case s.Refusal != "":
		return s.Refusal
	case len(s.ToolCalls) > 0:
		calls := make([]string, 0, len(s.ToolCalls))
		for _, call := range s.ToolCalls {
			calls = append(calls, call.Name+"("+call.Arguments+")")
		}
		return strings.Join(calls, "\n")
	case s.Error != nil:
		return s.Error.Message
	}
	return ""
}

// markdown writes a conversation with a heading for each who speaks.
type markdown struct{ strings.Builder }

func markdownText(c *copied) string {
	s := c.said
	if s.Family == "" {
		return ""
	}
	var m markdown
	title := strings.TrimSpace(s.Provider + " " + s.Model)
	if title == "" {
		title = s.Family
	}
	m.WriteString("# " + oneLine(title) + "\n")
	if !speaks(s.Messages, "system", "developer") {
		for _, text := range s.System {
			m.heading("system")
			m.text(text)
		}
	}
	for _, message := range s.Messages {
		m.heading(message.Role)
		m.parts(message.Parts)
	}
	for _, prompt := range s.Prompts {
		m.heading("prompt")
		m.text(prompt)
	}
	m.answer(s)
	return m.String()
}

func speaks(messages []llm.Message, roles ...string) bool {
	for _, message := range messages {
		if slices.Contains(roles, message.Role) {
			return true
		}
	}
	return false
}

func (m *markdown) answer(s *llm.Conversation) {
	if len(s.Parts) == 0 && s.Answer == "" && s.Refusal == "" && s.Error == nil {
		return
	}
	m.heading("assistant")
	switch {
	case len(s.Parts) > 0:
		m.parts(s.Parts)
	case s.Answer != "":
		m.text(s.Answer)
	}
	if s.Refusal != "" && s.Refusal != s.Answer {
		m.text(s.Refusal)
	}
	if s.Error != nil {
		m.text("Error: " + s.Error.Message)
	}
}

func (m *markdown) heading(who string) {
	if who == "" {
		who = "message"
	}
	m.WriteString("\n## " + oneLine(who) + "\n\n")
}

func (m *markdown) text(s string) { m.WriteString(strings.TrimRight(s, "\n") + "\n") }

func (m *markdown) parts(parts []llm.Part) {
	for i, p := range parts {
		if i > 0 {
			m.WriteByte('\n')
		}
		switch {
		case p.Call != nil:
			m.fenced("call "+p.Call.Name, p.Call.Arguments)
		case p.Kind == llm.PartToolResult:
			m.fenced("result "+p.Name, p.Text)
		case p.Kind == llm.PartReasoning:
			m.WriteString("> " + strings.ReplaceAll(p.Text, "\n", "\n> ") + "\n")
		case p.Text != "":
			m.text(p.Text)
		default:
			m.text("[" + strings.TrimSpace(string(p.Kind)+" "+p.MIME) + "]")
		}
	}
}

// fenced writes text in a fence that the text cannot end.
func (m *markdown) fenced(label, s string) {
	fence := "```"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	m.WriteString("**" + oneLine(label) + "**\n\n" + fence + "\n" + strings.TrimRight(s, "\n") + "\n" + fence + "\n")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
