package llm

import (
	"strings"

	"assay/traffic"
)

// openaiRealtime is OpenAI's speech-to-speech WebSocket, spoken by Azure and xAI too
// (https://platform.openai.com/docs/api-reference/realtime).
var openaiRealtime = &format{
	family: "openai.realtime",
	kind:   KindLLM,
	path: func(c *call) strength {
		if !upgraded(c) {
			return silent
		}
		path := strings.TrimSuffix(c.path, "/")
		shaped := frameShape(c.Frames, func(m value) bool {
			kind := m.get("type").text()
			return strings.HasPrefix(kind, "session.") || strings.HasPrefix(kind, "conversation.item") ||
				strings.HasPrefix(kind, "input_audio_buffer.") || strings.HasPrefix(kind, "response.")
		})
		switch {
		case shaped, strings.HasSuffix(path, "/v1/realtime"), strings.HasSuffix(path, "/openai/realtime"):
			return certain
		case strings.HasSuffix(path, "/realtime"):
			return likely
		default:
			return silent
		}
	},
	read:   func(c *call, conv *Conversation) { conv.Model = firstNonEmpty(c.param("model"), c.param("deployment")) },
	frames: readRealtime,
}

// upgraded reports whether the exchange is, or asks to become, a WebSocket session.
func upgraded(c *call) bool {
	return len(c.Frames) > 0 || c.scheme == "ws" || c.scheme == "wss" || strings.EqualFold(c.RequestHeader.Get("Upgrade"), "websocket")
}

// frameShape reports whether one of the first frames that are JSON is as expected.
func frameShape(frames []traffic.Frame, is func(value) bool) bool {
	for _, f := range frames[:min(len(frames), 6)] {
		if len(f.Data) < 1<<20 && looksJSON(f.Data) && is(parseJSON(f.Data).root()) {
			return true
		}
	}
	return false
}

// session gathers what both sides of a WebSocket session say. Every turn of the model is a message; the answer is the
// last turn in which it spoke.
type session struct {
	c    *call
	conv *Conversation
	turn draft // the running turn of the model
	open bool

	thought []byte // reasoning of all turns
	heardAt int    // the message being transcribed, counted from 1
	hearing []byte // what was understood of it
	item    string // its id
}

// end closes the model's turn.
func (s *session) end() {
	turn := Conversation{}
	s.turn.into(&turn)
	s.turn, s.open = draft{}, false
	if len(turn.Parts) > 0 {
		s.conv.Messages = append(s.conv.Messages, Message{Role: "assistant", Parts: turn.Parts})
		s.conv.Parts = turn.Parts
		s.conv.Choices = 1
	}
	if turn.Answer != "" {
		s.conv.Answer = turn.Answer
	}
	s.thought = append(s.thought, turn.Reasoning...)
	s.conv.ToolCalls = append(s.conv.ToolCalls, turn.ToolCalls...)
	if turn.Finish != "" {
		s.conv.Finish = turn.Finish
	}
	s.conv.Usage.add(turn.Usage)
}

// add sums the tokens of several turns.
func (u *Usage) add(more Usage) {
	for _, n := range []struct {
		to   **int64
		from *int64
	}{
		{&u.Input, more.Input},
		{&u.Output, more.Output},
		{&u.Total, more.Total},
		{&u.CachedInput, more.CachedInput},
		{&u.CacheCreation, more.CacheCreation},
		{&u.Reasoning, more.Reasoning},
	} {
		switch {
		case n.from == nil:
		case *n.to == nil:
			sum := *n.from
			*n.to = &sum
		default:
			**n.to += *n.from
		}
	}
}

// heard adds a user's message that was spoken: one message per turn, growing while it is being transcribed. Another
// transcript of the same item replaces the last.
func (s *session) heard(item, text string) {
	if text == "" {
		return
	}
	if s.heardAt > 0 && s.heardAt == len(s.conv.Messages) {
		if item != "" && item == s.item {
			s.hearing = s.hearing[:0]
		}
		s.hearing, s.item = append(s.hearing, text...), item
		return
	}
	s.understand()
	s.conv.MessageCount++
	s.conv.Messages = append(s.conv.Messages, Message{Role: "user", Name: "audio", Parts: []Part{{Kind: PartText, Type: "transcript"}}})
	s.heardAt, s.hearing, s.item = len(s.conv.Messages), []byte(text), item
}

// understand keeps what was heard in its message.
func (s *session) understand() {
	if s.heardAt > 0 {
		s.conv.Messages[s.heardAt-1].Parts[0].Text = string(s.hearing)
	}
}

// close ends what is still open when no more frames come.
func (s *session) close() {
	if s.open {
		s.end()
	}
	s.understand()
	s.conv.Reasoning = string(s.thought)
}

func readRealtime(c *call, conv *Conversation) {
	s := &session{c: c, conv: conv}
	conv.Streamed = true
	for _, f := range c.Frames {
		if !looksJSON(f.Data) {
			continue
		}
		conv.Events++
		m := parseJSON(f.Data).root()
		if f.Side == traffic.FromClient {
			s.realtimeAsked(m)
		} else {
			s.realtimeSaid(m)
		}
	}
	s.close()
}

// realtimeAsked reads an event of the client.
func (s *session) realtimeAsked(m value) {
	switch m.get("type").word() {
	case "session.update":
		s.settings(m.get("session"))
	case "conversation.item.create":
		s.conv.MessageCount++
		readItem(s.c, m.get("item"), s.conv)
	case "response.create":
		s.conv.StreamAsked = true
		if t := m.at("response", "instructions"); t.isString() {
			s.conv.System = append(s.conv.System, t.text())
		}
		for item := range m.at("response", "input").items() {
			s.conv.MessageCount++
			readItem(s.c, item, s.conv)
		}
	}
}

// settings are replaced as a whole by each update that has them.
func (s *session) settings(v value) {
	for key, val := range v.fields() {
		switch string(key) {
		case "instructions":
			s.conv.System = nil
			if t := val.text(); t != "" {
				s.conv.System = []string{t}
			}
		case "tools":
			s.conv.Tools = nil
			readTools(val, s.conv)
		case "model":
			s.conv.Model = firstNonEmpty(val.text(), s.conv.Model)
		}
	}
}

// realtimeSaid reads an event of the server.
func (s *session) realtimeSaid(m value) {
	switch kind := m.get("type").word(); kind {
	case "session.created", "session.updated":
		s.conv.AnswerModel = firstNonEmpty(m.at("session", "model").text(), s.conv.AnswerModel)
	case "conversation.item.input_audio_transcription.completed":
		s.heard(m.get("item_id").text(), m.get("transcript").text())
	case "response.created":
		s.open = true
	case "response.output_text.delta", "response.text.delta", "response.output_audio_transcript.delta", "response.audio_transcript.delta":
		s.open = true
		s.turn.say(m.get("delta").text())
	case "response.function_call_arguments.done":
		s.open = true
		call := s.turn.call(m.get("call_id").text())
		call.id = m.get("call_id").text()
		call.name = firstNonEmpty(m.get("name").text(), call.name)
		call.args = []byte(m.get("arguments").text())
	case "response.output_item.done":
		if item := m.get("item"); item.get("type").is("function_call") {
			call := s.turn.call(item.get("call_id").text())
			call.id, call.name = item.get("call_id").text(), item.get("name").text()
			call.args = []byte(arguments(item.get("arguments")))
		}
	case "response.done":
		s.realtimeDone(m.get("response"))
	case "error":
		s.conv.Error = documentError(0, m, nil)
	}
}

// realtimeDone ends a turn; what did not arrive in pieces is taken from the whole.
func (s *session) realtimeDone(v value) {
	if len(s.turn.said) == 0 {
		for item := range v.get("output").items() {
			for p := range item.get("content").items() {
				s.turn.say(firstOf(p, "text", "transcript").text())
			}
		}
	}
	s.turn.finish = firstNonEmpty(v.at("status_details", "reason").text(), v.get("status").text())
	usage := v.get("usage")
	set(&s.turn.usage.Input, usage.get("input_tokens"))
	set(&s.turn.usage.Output, usage.get("output_tokens"))
	set(&s.turn.usage.Total, usage.get("total_tokens"))
	set(&s.turn.usage.CachedInput, usage.at("input_token_details", "cached_tokens"))
	if e := v.at("status_details", "error"); e.isObject() {
		s.conv.Error = &ProviderError{Type: e.get("type").text(), Code: e.get("code").scalar(), Message: e.get("message").text()}
	}
	s.end()
}
