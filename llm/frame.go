package llm

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/traffic"
)

// PlaceFrame is a text in a message that the client sent in a WebSocket session. The name is the message's number among
// the client's text and binary frames, from 0, with the JSON pointer of the string behind it: "3/item/content/0/text".
// Without a pointer it is the whole message.
const PlaceFrame Place = "frame"

// maxFrame bounds the messages that are searched for a prompt, in bytes.
const maxFrame = 1 << 20

// IsMessage reports whether a frame carries what a side says: text or binary, not what keeps the connection.
func IsMessage(f *traffic.Frame) bool { return f.Opcode == 1 || f.Opcode == 2 }

// FrameNumber is the number that a Ref of PlaceFrame names.
func (r Ref) FrameNumber() (n int, ok bool) {
	n, _, ok = cutFrame(r.Name)
	return n, ok && r.In == PlaceFrame
}

// cutFrame takes the name of a place in a frame apart.
func cutFrame(name string) (n int, pointer string, ok bool) {
	number, _, _ := strings.Cut(name, "/")
	n, err := strconv.Atoi(number)
	return n, name[len(number):], err == nil && n >= 0 && strconv.Itoa(n) == number
}

// setFrame replaces one text of one message of the client.
func setFrame(frames []traffic.Frame, ref Ref, text string) ([]traffic.Frame, error) {
	want, pointer, ok := cutFrame(ref.Name)
	if !ok {
		return frames, fmt.Errorf("%s: it begins with the number of a frame", ref)
	}
	n := 0
	for i := range frames {
		if frames[i].Side != traffic.FromClient || !IsMessage(&frames[i]) {
			continue
		}
		if n++; n <= want {
			continue
		}
		data := []byte(strings.ToValidUTF8(text, "\ufffd"))
		if pointer != "" {
			var err error
			if data, err = setJSON(frames[i].Data, Ref{In: PlaceJSON, Name: pointer}, text); err != nil {
				return frames, fmt.Errorf("frame %d: %w", want, err)
			}
		}
		changed := slices.Clone(frames)
		changed[i].Data, changed[i].Wire = data, len(data)
		return changed, nil
	}
	return frames, fmt.Errorf("%s: the client sent %d frames", ref, n)
}

// frameSlots lists the prompts of a WebSocket session, the last one first; one for each message of the client.
func frameSlots(frames []traffic.Frame) []Slot {
	var known, prosaic, whole []Slot
	n := -1
	for i := range frames {
		f := &frames[i]
		if f.Side != traffic.FromClient || !IsMessage(f) {
			continue
		}
		n++
		if len(f.Data) > maxFrame || f.Lost != "" {
			continue
		}
		s := Slot{Ref: Ref{In: PlaceFrame, Name: strconv.Itoa(n)}, Role: "user", Text: string(f.Data)}
		if !looksJSON(f.Data) {
			if f.Opcode != 1 || !utf8.Valid(f.Data) {
				continue
			}
			if prose(f.Data) {
				prosaic = append(prosaic, s)
			} else if len(f.Data) > 0 {
				whole = append(whole, s)
			}
			continue
		}
		doc := parseJSON(f.Data)
		at, spoken := promptOfEvent(doc.root())
		switch {
		case spoken && at.isString():
			s.Ref.Name += doc.pointers([]uint32{at.i})[at.i].name
			s.Text = at.text()
			known = append(known, s)
		case !spoken:
			if g := guessFrame(f.Data); g.Ref.Name != "" {
				s.Ref.Name, s.Text = s.Ref.Name+g.Ref.Name, g.Text
				prosaic = append(prosaic, s)
			}
		}
	}
	for _, found := range [][]Slot{known, prosaic, whole} {
		if len(found) > 0 {
			slices.Reverse(found)
			return found[:min(len(found), maxSlots)]
		}
	}
	return nil
}

// promptOfEvent finds what the user says in an event of a protocol that is known; known is false for any other.
func promptOfEvent(m value) (at value, known bool) {
	kind := m.get("type").text()
	switch {
	case kind == "conversation.item.create":
		if item := m.get("item"); item.get("role").is("user") {
			at = lastText(item.get("content"))
		}
		return at, true
	case strings.HasPrefix(kind, "session."), strings.HasPrefix(kind, "response."), strings.HasPrefix(kind, "conversation.item."),
		strings.HasPrefix(kind, "input_audio_buffer."), m.get("setup").isObject(), firstOf(m, "toolResponse", "tool_response").isObject():
		return at, true
	}
	if content := firstOf(m, "clientContent", "client_content"); content.isObject() {
		for turn := range content.get("turns").items() {
			if role := turn.get("role"); role.isString() && !role.is("user") {
				continue
			}
			if t := lastText(turn.get("parts")); t.isString() {
				at = t
			}
		}
		return at, true
	}
	if input := firstOf(m, "realtimeInput", "realtime_input"); input.isObject() {
		return input.get("text"), true
	}
	return at, false
}

// lastText is the text of the last part that has one.
func lastText(parts value) (at value) {
	for p := range parts.items() {
		if t := p.get("text"); t.isString() {
			at = t
		}
	}
	return at
}

// guessFrame is the string of a message in no known format that reads like a prompt: one with a telling name, else the
// first with prose.
func guessFrame(data []byte) Slot {
	c := newCall(Input{RequestBody: data})
	var best Slot
	for _, s := range c.guessJSON() {
		if !prose([]byte(s.Text)) && s.guessRank() > 0 || s.Ref.Name == "" {
			continue
		}
		if best.Ref.Name == "" || s.guessRank() < best.guessRank() {
			best = s
		}
	}
	return best
}

// FrameEnds reports whether a message of the server says that its answer is over: OpenAI's response.done, Gemini's
// turnComplete, a call that Gemini waits for, or OpenAI's error.
func FrameEnds(data []byte) bool {
	if len(data) > maxFrame || !looksJSON(data) || !bytes.Contains(data, []byte("response.done")) &&
		!bytes.Contains(data, []byte("error")) && !bytes.Contains(data, []byte("omplete")) && !bytes.Contains(data, []byte("tool")) {
		return false
	}
	m := parseJSON(data).root()
	content := firstOf(m, "serverContent", "server_content")
	return m.get("type").is("response.done") || m.get("type").is("error") && m.get("error").isObject() ||
		firstOf(content, "turnComplete", "turn_complete").isTrue() || firstOf(m, "toolCall", "tool_call").get("functionCalls").isArray()
}

// FrameAcknowledges reports whether a message of the server says no more than that it took what was sent.
func FrameAcknowledges(data []byte) bool {
	if len(data) > maxFrame || !looksJSON(data) {
		return false
	}
	m := parseJSON(data).root()
	kind := m.get("type").text()
	return strings.HasPrefix(kind, "session.") || strings.HasPrefix(kind, "conversation.") ||
		strings.HasPrefix(kind, "input_audio_buffer.") || m.get("setupComplete").exists()
}
