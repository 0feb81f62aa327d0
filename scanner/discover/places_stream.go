package discover

import (
	"bytes"
	"slices"

	"assay/llm"
	"assay/traffic"
)

type joinKey struct {
	node int32
	role string
}

type joinText struct{ data []byte }

func (l *look) lines(body []byte) {
	for n := 0; len(body) > 0; n++ {
		if n >= maxLookEvents {
			l.cut = true
			return
		}
		var line []byte
		line, body, _ = bytes.Cut(body, []byte{'\n'})
		l.event(line)
	}
}

// event looks at one event of a stream, or one frame.
func (l *look) event(data []byte) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return
	}
	if data[0] == '{' || data[0] == '[' {
		l.walk(l.direction == inResponse).run(data, 0)
		return
	}
	if textual(data[:min(len(data), 512)]) {
		l.text("", "body", "", data, false)
	}
}

// stream looks at an answer that came as events; not ok when it is none. What the model said is looked at as a whole,
// not in the pieces it came in.
func (l *look) stream(body []byte, contentType string) bool {
	splitter := llm.SplitterFor(contentType, body[:min(len(body), 512)])
	if splitter.Framing() == llm.FramingWhole || splitter.Framing() == llm.FramingArray && !l.seen.Conversation.Streamed {
		return false
	}
	l.said()
	l.nodes.begin()
	if !l.silent {
		l.joined = map[joinKey]*joinText{}
	}
	n := 0
	take := func(events []llm.Event) {
		for _, e := range events {
			if n++; n > maxLookEvents {
				l.cut = true
				return
			}
			if !e.Done() {
				l.event(e.Data)
			}
		}
	}
	for chunk := range slices.Chunk(body, scanWindow) {
		take(splitter.Write(chunk))
	}
	take(splitter.Close())
	l.cut = l.cut || splitter.Dropped > 0
	l.silent = false
	l.joins()
	return true
}

// said looks at the answer of a model as a whole.
func (l *look) said() {
	c := l.seen.Conversation
	if c == nil {
		return
	}
	l.value(roleAssistant, "body", "", c.Answer)
	l.value(roleReasoning, "body", "", c.Reasoning)
	for _, call := range c.ToolCalls {
		t := jsonText{raw: []byte(call.Arguments), role: roleArguments, path: "body"}
		if len(t.raw) >= leastText && !l.inner(&t) {
			l.value(roleArguments, "body", "", call.Arguments)
		}
	}
	l.silent = c.Answer != "" || c.Reasoning != "" || len(c.ToolCalls) > 0
}

// join gathers the pieces of a text.
func (l *look) join(t jsonText) {
	key := joinKey{t.node, t.role}
	j := l.joined[key]
	if j == nil {
		j = &joinText{}
		l.joined[key] = j
	}
	if len(j.data)+len(t.raw) > maxPieceBytes {
		l.cut = true
		return
	}
	if t.escaped {
		j.data = append(j.data, unescapeJSON(t.raw)...)
	} else {
		j.data = append(j.data, t.raw...)
	}
}

func (l *look) joins() {
	joined := l.joined
	l.joined = nil
	for key, j := range joined {
		l.add(key.role, l.nodes.path(key.node), l.memo.find("", j.data, plain))
	}
}

// frames looks at the messages of one side of a WebSocket session.
func (l *look) frames(side traffic.Side) {
	if len(l.seen.Frames) == 0 {
		return
	}
	l.nodes.begin()
	if side == traffic.FromServer {
		l.said()
	}
	if !l.silent {
		l.joined = map[joinKey]*joinText{}
	}
	for i := range l.seen.Frames {
		f := &l.seen.Frames[i]
		if f.Side == side && (f.Opcode == opText || f.Opcode == opBinary) {
			l.event(f.Data)
		}
	}
	l.silent = false
	l.joins()
}

// Opcodes of WebSocket messages that hold data (RFC 6455 section 5.2).
const (
	opText   = 1
	opBinary = 2
)
