package otlp

import (
	"fmt"
	"regexp"
	"strings"

	"assay/internal/excerpt"
)

// mostNames bounds how many names are remembered: models, tools and hosts come again and again.
const mostNames = 10_000

// name is a short text of the wire, with what is secret or personal hidden.
func (c *Converter) name(s string) string {
	if s == "" || c.options.Text == nil {
		return short(s, mostName)
	}
	if known, ok := c.names[s]; ok {
		return known
	}
	out := c.hidden(s, mostName)
	if len(c.names) < mostNames && !mintedID.MatchString(s) {
		c.names[s] = out
	}
	return out
}

// said is a text of a conversation, with what is secret or personal hidden.
func (c *Converter) said(s string) string { return c.hidden(s, mostText) }

// hidden is a text of at most so many bytes, with what is secret or personal hidden. More of it is looked at than is kept, so
// that nothing is cut in two before it was recognised.
func (c *Converter) hidden(s string, most int) string {
	if s == "" || c.options.Text == nil {
		return short(s, most)
	}
	if len(s) <= 2*most {
		return short(c.options.Text(strings.ToValidUTF8(s, "\uFFFD")), most)
	}
	head := excerpt.Bytes(s, 2*most)
	return fmt.Sprintf("%s… (%d more bytes)", excerpt.Bytes(c.options.Text(strings.ToValidUTF8(head, "\uFFFD")), most), len(s)-most)
}

// mintedID is what servers call answers and calls: a prefix and many letters and digits, or a UUID. Nothing of that needs the
// words around it to be recognised as a secret.
var mintedID = regexp.MustCompile(`^(?:[A-Za-z]{2,12}[-_][A-Za-z0-9_-]{16,}|[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12})$`)

// learn lets what hides texts see all of a call before any of it is hidden: what a value is often stands in the words around
// it in one place only. Where nothing of what was said is sent, that is needed only for names that are new.
func (c *Converter) learn(x *Call) {
	if c.options.Text == nil || !c.options.Content && !c.unusual(x) {
		return
	}
	v := x.Conversation
	for _, texts := range [][]string{v.System, v.Prompts, {v.Answer, v.Reasoning, v.Refusal, string(x.Request[:min(len(x.Request), mostText)])}} {
		for _, s := range texts {
			c.said(s)
		}
	}
	for i := range v.Messages {
		for j := range v.Messages[i].Parts {
			p := &v.Messages[i].Parts[j]
			c.said(p.Text)
			if p.Call != nil {
				c.said(p.Call.Arguments)
			}
		}
	}
	for i := range v.ToolCalls {
		c.said(v.ToolCalls[i].Arguments)
	}
	if r := v.RPC; r != nil {
		c.said(r.Arguments)
		c.said(r.ResultText)
	}
}

// unusual reports whether a call has a name that is neither known nor one that a server made up.
func (c *Converter) unusual(x *Call) bool {
	v := x.Conversation
	names := []string{v.Model, v.Deployment, v.AnswerModel, v.Finish, responseID(x.Response), x.Exchange.Client.Process, errorType(x)}
	for _, call := range v.ToolCalls {
		names = append(names, call.Name, call.ID)
	}
	if r := v.RPC; r != nil {
		names = append(names, r.Tool, r.ID, r.Session, r.ProtocolVersion)
	}
	for _, s := range names {
		if _, known := c.names[s]; s != "" && !known && (len(s) > mostName || !mintedID.MatchString(s)) {
			return true
		}
	}
	return false
}
