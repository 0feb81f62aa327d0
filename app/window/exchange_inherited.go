package window

import (
	"context"
	"reflect"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// inheritedFrom tells which turn came before an exchange in its conversation, and how many messages at the beginning of
// this one that turn had already, its answer included. Clients send the whole history with every turn.
func inheritedFrom(ctx context.Context, p *storage.Project, id traffic.ID, c *llm.Conversation) (traffic.ID, int, error) {
	if len(c.Messages) < 2 {
		return 0, 0, nil
	}
	rows, err := p.List(ctx, storage.Filter{After: id - 1, Before: id + 1, Limit: 1})
	if err != nil || len(rows) == 0 || rows[0].Conversation == 0 || rows[0].Conversation == id {
		return 0, 0, err
	}
	where, err := traffic.Parse("conversation=" + rows[0].Conversation.String())
	if err != nil {
		return 0, 0, err
	}
	turns, err := p.List(ctx, storage.Filter{Where: where, Before: id, Limit: 1})
	if err != nil || len(turns) == 0 {
		return 0, 0, err
	}
	_, before, err := p.Understand(ctx, turns[0].ID)
	if err != nil {
		return 0, 0, err
	}
	return turns[0].ID, commonMessages(before, c), nil
}

// commonMessages counts the messages that a turn has from the one before.
func commonMessages(before, now *llm.Conversation) int {
	n := 0
	for n < len(before.Messages) && n < len(now.Messages) && sameMessage(&before.Messages[n], &now.Messages[n]) {
		n++
	}
	if n == len(before.Messages) && n < len(now.Messages) && answers(&now.Messages[n], before) {
		n++
	}
	if n == len(now.Messages) { // sent again: nothing would be left to show
		return 0
	}
	return n
}

func sameMessage(a, b *llm.Message) bool {
	return a.Role == b.Role && a.Name == b.Name && reflect.DeepEqual(a.Parts, b.Parts)
}

// answers reports whether a message repeats what was answered.
func answers(m *llm.Message, before *llm.Conversation) bool {
	text, calls := "", 0
	for i := range m.Parts {
		switch m.Parts[i].Kind {
		case llm.PartText:
			text += m.Parts[i].Text
		case llm.PartToolCall:
			calls++
		default:
		}
	}
	return (m.Role == "assistant" || m.Role == "model") && text == before.Answer && calls == len(before.ToolCalls)
}
