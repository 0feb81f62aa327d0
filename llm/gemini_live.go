package llm

import (
	"strings"

	"assay/traffic"
)

// geminiLive is Google's Live API, a WebSocket session (https://ai.google.dev/api/live).
var geminiLive = &format{
	family: "gemini.live",
	kind:   KindLLM,
	path: func(c *call) strength {
		shaped := frameShape(c.Frames, func(m value) bool {
			return m.has("setupComplete") || m.at("setup", "model").isString() || m.get("serverContent").isObject()
		})
		switch {
		case strings.Contains(c.path, "BidiGenerateContent"), shaped:
			return certain
		default:
			return silent
		}
	},
	frames: readLive,
}

func readLive(c *call, conv *Conversation) {
	s := &session{c: c, conv: conv}
	conv.Streamed, conv.StreamAsked = true, true
	for _, f := range c.Frames {
		if !looksJSON(f.Data) {
			continue
		}
		conv.Events++
		m := parseJSON(f.Data).root()
		if f.Side == traffic.FromClient {
			s.liveAsked(m)
		} else {
			s.liveSaid(m)
		}
	}
	s.close()
}

func (s *session) liveAsked(m value) {
	for key, val := range m.fields() {
		switch string(key) {
		case "setup":
			model := val.get("model").text()
			s.conv.Model = strings.TrimPrefix(model[max(strings.LastIndex(model, "models/"), 0):], "models/")
			readGeminiSystem(s.c, firstOf(val, "systemInstruction", "system_instruction"), s.conv)
			readGeminiTools(val.get("tools"), s.conv)
		case "clientContent", "client_content":
			readContents(s.c, val.get("turns"), s.conv)
		case "realtimeInput", "realtime_input":
			if t := val.get("text"); t.isString() {
				s.conv.MessageCount++
				s.conv.add(Message{Role: "user", Parts: []Part{{Kind: PartText, Text: t.text()}}})
			}
		case "toolResponse", "tool_response":
			for r := range firstOf(val, "functionResponses", "function_responses").items() {
				s.conv.ToolResults++
				s.conv.add(Message{Role: "tool", Parts: []Part{{
					Kind: PartToolResult, CallID: r.get("id").text(), Name: r.get("name").text(), Text: r.get("response").json(),
				}}})
			}
		}
	}
}

func (s *session) liveSaid(m value) {
	for key, val := range m.fields() {
		switch string(key) {
		case "usageMetadata":
			s.turn.usage = Usage{}
			s.turn.usage.gemini(val)
			set(&s.turn.usage.Output, val.get("responseTokenCount"))
		case "toolCall":
			for f := range val.get("functionCalls").items() {
				s.turn.newCall(f.get("id").text(), f.get("name").text(), geminiArgs(f))
				s.open = true
			}
		case "error":
			s.conv.Error = documentError(0, m, nil)
		}
	}
	s.liveContent(m.get("serverContent"))
}

func (s *session) liveContent(v value) {
	s.heard("", v.at("inputTranscription", "text").text())
	if t := v.at("outputTranscription", "text").text(); t != "" {
		s.turn.say(t)
		s.open = true
	}
	for p := range v.at("modelTurn", "parts").items() {
		s.open = true
		switch part := geminiPart(nil, "model", p); part.Kind {
		case PartText:
			s.turn.say(part.Text)
		case PartReasoning:
			s.turn.think(part.Text)
		case PartToolCall, PartToolResult:
			s.turn.add(part)
		default: // sound
		}
	}
	if v.get("interrupted").isTrue() {
		s.turn.finish = "interrupted"
	}
	if v.get("turnComplete").isTrue() {
		s.turn.finish = firstNonEmpty(s.turn.finish, v.get("turnCompleteReason").text(), "turnComplete")
		s.end()
	}
}
