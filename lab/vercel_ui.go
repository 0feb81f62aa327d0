package lab

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// uiRequest is what useChat of the Vercel AI SDK posts.
type uiRequest struct {
	ID       string `json:"id"`
	Messages []struct {
		Role  string `json:"role"`
		Parts []struct {
			Type string `json:"type"`
			Text string `json:"text"`
		} `json:"parts"`
	} `json:"messages"`
}

// uiTools are what the chat box's model may call; the application runs them itself, in the same answer.
var uiTools = []tool{{
	name: "get_weather", description: "The weather of a city",
	schema: map[string]any{"type": "object", "properties": map[string]any{"city": map[string]any{"type": "string"}}, "required": []any{"city"}},
}}

// uiChat streams the UI message protocol, version 1.
func (l *Lab) uiChat(w http.ResponseWriter, r *http.Request) {
	var request uiRequest
	body, trouble := decode(r, &request)
	if trouble != nil {
		writeJSON(w, trouble.status, object{"error": trouble.message})
		return
	}
	q := question{model: "lab-small", system: backendSystem, tools: uiTools}
	for _, m := range request.Messages {
		said := turn{role: plainRole(m.Role)}
		for _, p := range m.Parts {
			if p.Type == "text" {
				said.text = joinTexts(said.text, p.Text)
			}
		}
		q.turns = append(q.turns, said)
	}
	w.Header().Set("X-Vercel-Ai-Ui-Message-Stream", "v1")
	s := l.newEvents(w, r)
	s.event("", object{"type": "start", "messageId": identity("msg-", body)})
	a := l.think(q)
	for i, c := range a.calls {
		id := identity("call-", body, string(rune('a'+i)))
		result := weather(c.arguments)
		s.event("", object{"type": "start-step"})
		s.event("", object{"type": "tool-input-start", "toolCallId": id, "toolName": c.name})
		s.tokens(c.arguments, func(token string) {
			s.event("", object{"type": "tool-input-delta", "toolCallId": id, "inputTextDelta": token})
		})
		s.event("", object{"type": "tool-input-available", "toolCallId": id, "toolName": c.name, "input": json.RawMessage(c.arguments)})
		s.event("", object{"type": "tool-output-available", "toolCallId": id, "output": result})
		s.event("", object{"type": "finish-step"})
		q.turns = append(q.turns, turn{"tool", result})
	}
	if len(a.calls) > 0 {
		a = l.think(q)
	}
	s.event("", object{"type": "start-step"})
	s.event("", object{"type": "text-start", "id": "text-1"})
	s.tokens(a.text, func(token string) { s.event("", object{"type": "text-delta", "id": "text-1", "delta": token}) })
	s.event("", object{"type": "text-end", "id": "text-1"})
	s.event("", object{"type": "finish-step"})
	s.event("", object{"type": "finish", "finishReason": "stop"})
	s.raw([]byte("data: [DONE]\n\n"))
}

// weather is the same every day, by city.
func weather(arguments string) string {
	var asked struct {
		City string `json:"city"`
	}
	_ = json.Unmarshal([]byte(arguments), &asked) // no city has weather, too
	kinds := []string{"sunny", "cloudy", "light rain", "windy"}
	h := seed(asked.City)
	return asked.City + ": " + kinds[h%4] + ", " + strconv.Itoa(8+int(h>>4)%20) + " °C"
}
