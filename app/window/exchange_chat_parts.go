package window

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"strings"

	"assay/internal/excerpt"
	"assay/llm"
)

// How much text of a conversation passes through the binding, in bytes: of one text, of all of them, and of one that
// comes after all of them. A text that grows while it is looked at may become longer.
const (
	mostText  = 64 << 10
	mostChat  = 1 << 20
	leastText = 1 << 10
	mostGrown = 1 << 20
)

// budget is how much text may still be given.
type budget int

// text cuts a text that is too long.
func (b *budget) text(kind, text, at string) ChatPart {
	most := mostText
	if int(*b) < most {
		most = max(int(*b), leastText)
	}
	shown := excerpt.Bytes(text, most)
	*b -= budget(len(shown))
	return ChatPart{Kind: kind, Text: shown, Size: len(text), More: len(text) - len(shown), At: at}
}

// part gives a part without its media.
func (b *budget) part(p *llm.Part, at string) ChatPart {
	return describe(p, b.text(string(p.Kind), partText(p), at))
}

// tail gives a part whose text the window has up to skip bytes.
func tail(p *llm.Part, skip int, at string) ChatPart {
	whole := partText(p)
	rest := whole[skip:]
	if skip+len(rest) > mostGrown {
		rest = excerpt.Bytes(rest, max(0, mostGrown-skip))
	}
	return describe(p, ChatPart{Kind: string(p.Kind), Text: rest, Size: len(whole), More: len(whole) - skip - len(rest), At: at})
}

func describe(p *llm.Part, out ChatPart) ChatPart {
	out.Call, out.Name, out.Mime, out.Bytes, out.Type = p.CallID, p.Name, p.MIME, p.Bytes, p.Type
	out.URL = excerpt.Bytes(p.URL, leastText)
	if p.Call != nil {
		out.Call, out.Name, out.Builtin = p.Call.ID, p.Call.Name, p.Call.Builtin
	}
	return out
}

func partText(p *llm.Part) string {
	if p.Call != nil {
		return p.Call.Arguments
	}
	return p.Text
}

// pinned are the texts that stand before the conversation, and the number of the first message that is none of them.
func pinned(c *llm.Conversation) (texts []string, first int) {
	if len(c.System) == 0 {
		return nil, 0
	}
	told := map[string]bool{} // by messages among the others
	for i, m := range c.Messages {
		if m.Role != "system" && m.Role != "developer" {
			break
		}
		first = i + 1
	}
	for i := range c.Messages {
		for j := range c.Messages[i].Parts {
			if role := c.Messages[i].Role; role == "system" || role == "developer" {
				told[c.Messages[i].Parts[j].Text] = i >= first
			}
		}
	}
	for _, text := range c.System {
		if later := told[text]; !later {
			texts = append(texts, text)
		}
	}
	return texts, first
}

func toolsOf(c *llm.Conversation) []llm.Tool {
	if len(c.Tools) == 0 && c.RPC != nil {
		return c.RPC.ToolsListed
	}
	return c.Tools
}

// messagesOf are the messages of a request; prompts, and the call of a tool server, are told as messages too.
func messagesOf(c *llm.Conversation) []llm.Message {
	if len(c.Messages) > 0 {
		return c.Messages
	}
	var messages []llm.Message
	for _, text := range c.Prompts {
		messages = append(messages, llm.Message{Role: "user", Parts: []llm.Part{{Kind: llm.PartText, Text: text}}})
	}
	if r := c.RPC; len(messages) == 0 && r != nil && r.Tool != "" {
		call := &llm.ToolCall{ID: r.ID, Name: r.Tool, Arguments: r.Arguments}
		messages = append(messages, llm.Message{Role: "assistant", Parts: []llm.Part{{Kind: llm.PartToolCall, Call: call}}})
	}
	return messages
}

// partPlan is a part that says what the model will do.
const partPlan llm.PartKind = "plan"

// answerOf are the parts of an answer, also of those that have only a text.
func answerOf(c *llm.Conversation) []llm.Part {
	parts := c.Parts
	if c.Plan != "" {
		parts = append([]llm.Part{{Kind: partPlan, Text: c.Plan}}, parts...)
	}
	has := map[llm.PartKind]bool{}
	for i := range parts {
		has[parts[i].Kind] = true
	}
	add := func(kind llm.PartKind, text string) {
		if text != "" && !has[kind] {
			parts = append(parts[:len(parts):len(parts)], llm.Part{Kind: kind, Text: text})
		}
	}
	add(llm.PartReasoning, c.Reasoning)
	add(llm.PartText, c.Answer)
	add(llm.PartRefusal, c.Refusal)
	if r := c.RPC; r != nil && r.ResultText != "" && len(parts) == 0 {
		parts = append(parts, llm.Part{Kind: llm.PartToolResult, CallID: r.ID, Name: r.Tool, Text: r.ResultText})
	}
	return parts
}

// have says what a window has of a conversation.
type have struct {
	request uint32 // what was asked, as requestMark has it
	parts   int    // of the answer
	before  uint32 // partsMark of those before the last
	kind    string // of the last
	size    int    // bytes of its text
}

func haveOf(c *llm.Conversation, parts []llm.Part, shown []ChatPart) have {
	h := have{request: requestMark(c), parts: len(parts)}
	if h.parts > 0 {
		h.before = partsMark(parts[:h.parts-1])
		last := shown[len(shown)-1]
		h.kind, h.size = last.Kind, last.Size-last.More
	}
	return h
}

// String writes what parseHave reads.
func (h have) String() string {
	return fmt.Sprintf("%d.%d.%d.%d.%s", h.request, h.parts, h.before, h.size, h.kind)
}

func parseHave(s string) (h have, ok bool) {
	words := strings.SplitN(s, ".", 5)
	if len(words) != 5 {
		return h, false
	}
	request, e1 := strconv.ParseUint(words[0], 10, 32)
	before, e2 := strconv.ParseUint(words[2], 10, 32)
	parts, e3 := strconv.Atoi(words[1])
	size, e4 := strconv.Atoi(words[3])
	h = have{uint32(request), parts, uint32(before), words[4], size}
	return h, errors.Join(e1, e2, e3, e4) == nil && parts >= 0 && size >= 0
}

// requestMark changes when what was asked is understood differently. Of one exchange only that matters: its bytes stay.
func requestMark(c *llm.Conversation) uint32 {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, c.Family, len(c.Messages), len(c.Prompts), len(c.Tools), len(c.System), c.RPC == nil) // never fails
	return h.Sum32()
}

// partsMark changes when one of the parts grows.
func partsMark(parts []llm.Part) uint32 {
	h := fnv.New32a()
	for i := range parts {
		_, _ = io.WriteString(h, string(parts[i].Kind)+strconv.Itoa(len(partText(&parts[i])))) // never fails
	}
	return h.Sum32()
}

// place names a text of a conversation: s of the system texts, d and t of the tools, m of the messages, a of the answer.
func place(kind string, at ...int) string {
	for i, n := range at {
		if i > 0 {
			kind += "."
		}
		kind += strconv.Itoa(n)
	}
	return kind
}

func parsePlace(s string) (kind string, first, second int, ok bool) {
	if s == "" {
		return "", 0, 0, false
	}
	one, two, both := strings.Cut(s[1:], ".")
	first, err := strconv.Atoi(one)
	if err != nil || first < 0 {
		return "", 0, 0, false
	}
	if both {
		if second, err = strconv.Atoi(two); err != nil || second < 0 {
			return "", 0, 0, false
		}
	}
	return s[:1], first, second, true
}
