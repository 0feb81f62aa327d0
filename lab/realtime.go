package lab

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// realtimeEvent is what a client may send.
type realtimeEvent struct {
	Type    string `json:"type"`
	Session struct {
		Instructions string `json:"instructions"`
	} `json:"session"`
	Item struct {
		Role    string  `json:"role"`
		Content content `json:"content"`
	} `json:"item"`
}

// talk is one realtime session.
type talk struct {
	ctx    context.Context
	socket *websocket.Conn
	pace   *stream
	asked  question
	events int
	turns  int
}

// realtime speaks OpenAI's realtime API over WebSocket, text only.
func (l *Lab) realtime(w http.ResponseWriter, r *http.Request) {
	model := r.URL.Query().Get("model")
	if p := admit(r, model); p != nil {
		openAIProblem(w, p)
		return
	}
	// Browsers of any origin may talk to a practice target; it keeps nothing worth stealing.
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{"realtime"}, InsecureSkipVerify: true, CompressionMode: websocket.CompressionContextTakeover,
	})
	if err != nil {
		return // Accept has answered
	}
	defer func() { _ = socket.CloseNow() }() // after an orderly end it is closed already
	socket.SetReadLimit(1 << 20)
	t := &talk{
		ctx: r.Context(), socket: socket, asked: question{model: model, weak: l.options.Weak},
		pace: &stream{ctx: r.Context(), pace: l.options.Pace},
	}
	if t.send("session.created", object{"session": t.session()}) == nil {
		t.listen()
	}
}

func (t *talk) session() object {
	return object{
		"id": "sess_" + strconv.Itoa(int(seed(t.asked.model))), "object": "realtime.session", "type": "realtime",
		"model": t.asked.model, "output_modalities": []string{"text"}, "instructions": t.asked.system,
	}
}

// send writes one event to the client.
func (t *talk) send(name string, fields object) error {
	t.events++
	fields["type"], fields["event_id"] = name, "event_"+strconv.Itoa(t.events)
	return wsjson.Write(t.ctx, t.socket, fields)
}

// listen answers events until the client goes.
func (t *talk) listen() {
	for {
		_, data, err := t.socket.Read(t.ctx)
		if err != nil {
			return
		}
		var event realtimeEvent
		if err := json.Unmarshal(data, &event); err != nil {
			event.Type = "nothing readable"
		}
		if t.react(event) != nil {
			return
		}
	}
}

func (t *talk) react(event realtimeEvent) error {
	switch event.Type {
	case "session.update":
		t.asked.system = event.Session.Instructions
		return t.send("session.updated", object{"session": t.session()})
	case "conversation.item.create":
		t.asked.turns = append(t.asked.turns, turn{plainRole(event.Item.Role), event.Item.Content.text})
		item := t.item("user", "completed", "input_text", event.Item.Content.text)
		if err := t.send("conversation.item.added", object{"previous_item_id": nil, "item": item}); err != nil {
			return err
		}
		return t.send("conversation.item.done", object{"previous_item_id": nil, "item": item})
	case "response.create":
		return t.respond()
	}
	return t.send("error", object{"error": object{
		"type": "invalid_request_error", "code": "unknown_event", "message": "The lab does not know the event " + clip(event.Type, 60) + ".",
	}})
}

func (t *talk) item(role, status, kind, text string) object {
	t.turns++
	return object{
		"id": "item_" + strconv.Itoa(t.turns), "object": "realtime.item", "type": "message", "role": role, "status": status,
		"content": []object{{"type": kind, "text": text}},
	}
}

// respond speaks one answer: created, deltas, done.
func (t *talk) respond() error {
	a := think(t.asked)
	t.asked.turns = append(t.asked.turns, turn{"assistant", a.text})
	item := t.item("assistant", "completed", "output_text", a.text)
	reply := object{
		"id": "resp_" + strconv.Itoa(t.turns), "object": "realtime.response", "status": "in_progress",
		"output_modalities": []string{"text"}, "output": []object{},
	}
	at := func(fields object) object {
		fields["response_id"], fields["item_id"], fields["output_index"], fields["content_index"] = reply["id"], item["id"], 0, 0
		return fields
	}
	begun := object{"id": item["id"], "object": "realtime.item", "type": "message", "role": "assistant", "status": "in_progress", "content": []object{}}
	err := t.send("response.created", object{"response": reply})
	step := func(name string, fields object) {
		if err == nil {
			err = t.send(name, fields)
		}
	}
	step("response.output_item.added", object{"response_id": reply["id"], "output_index": 0, "item": begun})
	step("response.content_part.added", at(object{"part": object{"type": "output_text", "text": ""}}))
	t.pace.tokens(a.text, func(token string) { step("response.output_text.delta", at(object{"delta": token})) })
	step("response.output_text.done", at(object{"text": a.text}))
	step("response.content_part.done", at(object{"part": object{"type": "output_text", "text": a.text}}))
	step("response.output_item.done", object{"response_id": reply["id"], "output_index": 0, "item": item})
	done := object{
		"id": reply["id"], "object": "realtime.response", "status": "completed", "output": []object{item},
		"output_modalities": []string{"text"},
		"usage":             object{"input_tokens": a.input, "output_tokens": a.output, "total_tokens": a.input + a.output},
	}
	step("response.done", object{"response": done})
	return err
}
