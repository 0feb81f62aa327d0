package window

import (
	"context"

	"assay/app"
	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// ChatIn asks for a conversation.
type ChatIn struct {
	ID string `json:"id"`
	// Have is ChatOut.Have of what the window shows of the same exchange: only what changed since is given. Empty asks
	// for everything.
	Have string `json:"have"`
	// All asks also for the messages that the previous turn of the conversation had, and for every other one.
	All bool `json:"all"`
}

// ChatOut is a conversation for display. Long texts are cut (ChatPart.More); /text/{id} gives the rest.
type ChatOut struct {
	ID    string    `json:"id"`
	State string    `json:"state"`
	Live  bool      `json:"live"` // more may arrive
	Facts ChatFacts `json:"facts"`

	// Same says that what was asked did not change: System, Tools and Messages are empty, keep those you have.
	Same      bool          `json:"same"`
	System    []ChatPart    `json:"system"` // what the model was told before the first message
	Tools     []ChatTool    `json:"tools"`
	Messages  []ChatMessage `json:"messages"`  // from number From on
	From      int           `json:"from"`      // how many messages before are left out
	Inherited int           `json:"inherited"` // how many messages the previous turn of the conversation had
	Total     int           `json:"total"`     // messages there are
	Pinned    int           `json:"pinned"`    // how many of the first ones are told in System
	Before    string        `json:"before"`    // the previous turn; empty when none is known

	// Answer holds the parts of the answer from number AnswerFrom on; with Append the text of the first of them goes
	// on with the text the window has.
	Answer     []ChatPart `json:"answer"`
	AnswerFrom int        `json:"answer_from"`
	Append     bool       `json:"append"`
	Have       string     `json:"have"`

	Notes []string `json:"notes"` // what could not be read
}

// ChatMessage is one message of the request.
type ChatMessage struct {
	N     int        `json:"n"` // from 0, in the request
	Role  string     `json:"role"`
	Name  string     `json:"name"`
	Parts []ChatPart `json:"parts"`
}

// ChatPart is one piece of a message or of the answer.
type ChatPart struct {
	Kind    string `json:"kind"` // text, reasoning, tool_call, tool_result, image, audio, video, file, refusal, plan, other
	Text    string `json:"text"` // of a call its arguments
	Size    int    `json:"size"` // bytes of the whole text
	More    int    `json:"more"` // bytes of it that are left out
	At      string `json:"at"`   // names the text for /text/{id}
	Call    string `json:"call"` // id of the call: of a call and of its result
	Name    string `json:"name"` // of the tool
	Builtin bool   `json:"builtin"`
	Mime    string `json:"mime"` // of media
	URL     string `json:"url"`
	Bytes   int    `json:"bytes"`
	Type    string `json:"type"` // the wire's own word
}

// ChatTool is something the model may call.
type ChatTool struct {
	Name        string   `json:"name"`
	Description ChatPart `json:"description"`
	Schema      ChatPart `json:"schema"`
	Builtin     bool     `json:"builtin"`
}

// mostMessages is how many messages are given unless all are asked for: the last ones.
const mostMessages = 200

// Chat returns what was said.
func (e *Exchange) Chat(in ChatIn) (out ChatOut, err error) {
	defer e.desk.guard(&err)
	d := e.desk
	p, id, err := d.find(in.ID)
	if err != nil {
		return out, err
	}
	x, c, err := d.understand(d.life(), p, id)
	if err != nil {
		return out, err
	}
	out = ChatOut{
		ID: in.ID, State: string(x.State), Live: !x.State.Ended(), Facts: factsOf(x, c), Notes: list(c.Notes),
		System: []ChatPart{}, Tools: []ChatTool{}, Messages: []ChatMessage{},
	}
	out.answer(c, in.Have)
	if !out.Same {
		err = out.request(d.life(), p, x, c, in.All)
	}
	return out, err
}

// request fills in what was asked.
func (out *ChatOut) request(ctx context.Context, p *storage.Project, x *traffic.Exchange, c *llm.Conversation, all bool) error {
	system, first := pinned(c)
	left := budget(mostChat)
	for i, text := range system {
		out.System = append(out.System, left.text("text", text, place("s", i)))
	}
	for i, t := range toolsOf(c) {
		out.Tools = append(out.Tools, ChatTool{
			Name: t.Name, Builtin: t.Builtin,
			Description: left.text("text", t.Description, place("d", i)), Schema: left.text("text", t.Schema, place("t", i)),
		})
	}
	before, inherited, err := inheritedFrom(ctx, p, x.ID, c)
	if err != nil {
		return err
	}
	messages := messagesOf(c)
	out.Total, out.Inherited = len(messages), inherited
	if before != 0 {
		out.Before = before.String()
	}
	if !all {
		out.From = max(inherited, len(messages)-mostMessages)
	}
	out.From, out.Pinned = max(out.From, first), first
	for i := len(messages) - 1; i >= out.From; i-- { // the last ones first: they are what the budget is for
		m := messages[i]
		shown := ChatMessage{N: i, Role: m.Role, Name: m.Name, Parts: []ChatPart{}}
		for j := range m.Parts {
			shown.Parts = append(shown.Parts, left.part(&m.Parts[j], place("m", i, j)))
		}
		out.Messages = append(out.Messages, shown)
	}
	for i, j := 0, len(out.Messages)-1; i < j; i, j = i+1, j-1 {
		out.Messages[i], out.Messages[j] = out.Messages[j], out.Messages[i]
	}
	return nil
}

// answer fills in what came back, or what of it is new to a window that has something.
func (out *ChatOut) answer(c *llm.Conversation, have string) {
	parts := answerOf(c)
	left := budget(mostChat)
	had, ok := parseHave(have)
	out.Same = ok && had.request == requestMark(c)
	from, skip := 0, 0
	if out.Same && had.parts > 0 && had.parts <= len(parts) && had.before == partsMark(parts[:had.parts-1]) {
		from = had.parts - 1
		if text := partText(&parts[from]); had.size <= len(text) && had.kind == string(parts[from].Kind) {
			skip, out.Append = had.size, true
		}
	}
	out.AnswerFrom, out.Answer = from, make([]ChatPart, 0, len(parts)-from)
	for i := from; i < len(parts); i++ {
		if out.Append && i == from {
			out.Answer = append(out.Answer, tail(&parts[i], skip, place("a", i)))
			continue
		}
		out.Answer = append(out.Answer, left.part(&parts[i], place("a", i)))
	}
	out.Have = haveOf(c, parts, out.Answer).String()
}

// chatText gives a text of a conversation whole, by its place.
func chatText(c *llm.Conversation, at string) (string, error) {
	kind, at1, at2, ok := parsePlace(at)
	if !ok {
		return "", &app.Error{Code: app.CodeUsage, Message: "there is no text of this name"}
	}
	var text *string
	switch system, _ := pinned(c); {
	case kind == "s" && at1 < len(system):
		text = &system[at1]
	case kind == "d" && at1 < len(toolsOf(c)):
		text = &toolsOf(c)[at1].Description
	case kind == "t" && at1 < len(toolsOf(c)):
		text = &toolsOf(c)[at1].Schema
	case kind == "a" && at1 < len(answerOf(c)):
		whole := partText(&answerOf(c)[at1])
		text = &whole
	case kind == "m" && at1 < len(messagesOf(c)) && at2 < len(messagesOf(c)[at1].Parts):
		whole := partText(&messagesOf(c)[at1].Parts[at2])
		text = &whole
	default:
		return "", &app.Error{Code: app.CodeNotFound, Message: "this text is not in the exchange any more"}
	}
	return *text, nil
}
