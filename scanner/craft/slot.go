package craft

import (
	"fmt"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner/template"
)

// first makes the request of a turn, and the messages of those behind it where steps holds more than one.
func (sc *Script) first(turn template.RenderedTurn, steps []step) (llm.Input, error) {
	s := sc.subject
	text := turn.Text
	if turn.Slot != template.SlotLastUser {
		text = sc.user
	}
	in, err := sc.say(sc.base, text)
	if err != nil {
		return in, err
	}
	in, tail, err := sc.put(in, turn, text)
	if err != nil {
		return in, err
	}
	prefill := ""
	if turn.Slot == template.SlotPrefill {
		prefill = turn.Text
	}
	for i, st := range steps {
		if i > 0 {
			before := steps[i-1]
			before.answer.Text = prefill + before.answer.Text
			prefill = ""
			var more []llm.Turn
			in, more, err = sc.next(in, before.answer, st.turn)
			if err != nil {
				return in, err
			}
			if tail = append(tail, more...); st.turn.Slot == template.SlotPrefill {
				prefill = st.turn.Text
			}
		}
	}
	if len(tail) > 0 {
		if in, err = s.editor.Append(in, tail...); err != nil {
			return in, err
		}
	}
	if prefill != "" {
		return s.editor.Prefill(in, prefill)
	}
	return in, nil
}

// say puts what the user asks into the prompt's place.
func (sc *Script) say(in llm.Input, text string) (llm.Input, error) {
	s := sc.subject
	if s.slot == (llm.Ref{}) {
		if text == s.Prompt {
			return in, nil
		}
		return in, &Unfit{"the request has no text that could be a prompt"}
	}
	if text == s.Prompt && s.asked { // the recorded prompt keeps its own escapes too
		return in, nil
	}
	return llm.SetPrompt(in, s.slot, s.Model.Before+text+s.Model.After)
}

// sessionSlots are the slots that a WebSocket session has.
var sessionSlots = []string{"", template.SlotLastUser, template.SlotDocument}

// put places the text of a turn in its slot. tail are messages that go behind the user's. user is what the user asks.
func (sc *Script) put(in llm.Input, turn template.RenderedTurn, user string) (out llm.Input, tail []llm.Turn, err error) {
	s, text := sc.subject, turn.Text
	if len(in.Frames) > 0 && !slices.Contains(sessionSlots, turn.Slot) && !strings.HasPrefix(turn.Slot, "header:") && !strings.HasPrefix(turn.Slot, "query:") {
		return in, nil, &Unfit{"the target is a WebSocket session, which has no place for the slot " + turn.Slot}
	}
	switch turn.Slot {
	case "", template.SlotLastUser, template.SlotPrefill:
		return in, nil, nil
	case template.SlotSystem:
		out, err = sc.system(in, text)
	case template.SlotToolResult:
		return sc.toolResult(in, text)
	case template.SlotToolSpec:
		out, err = s.editor.SetToolDescription(in, text)
	case template.SlotDocument:
		out, err = sc.document(in, text, user)
	case template.SlotFile:
		out, err = sc.file(in, sc.fileName("document.txt"), text, true)
	case template.SlotFileName:
		out, err = sc.file(in, text, fileContent, false)
	case template.SlotHistory:
		out, err = sc.history(in, text)
	case template.SlotUserName:
		out, err = s.editor.SetUserName(in, s.slot, text)
	default:
		out, err = sc.place(in, turn.Slot, text)
	}
	return out, nil, err
}

// next are the messages that follow an answer: the answer, and the turn behind it.
func (sc *Script) next(in llm.Input, answer llm.Turn, turn template.RenderedTurn) (llm.Input, []llm.Turn, error) {
	s := sc.subject
	tail := []llm.Turn{answer}
	if turn.Slot == template.SlotToolResult {
		if len(answer.Calls) == 0 {
			c := sc.toolCall()
			tail[0].Calls = []llm.ToolCall{c}
		}
		return in, append(tail, results(tail[0].Calls, turn.Text)...), nil
	}
	if len(answer.Calls) > 0 { // every call needs a result before anybody speaks again
		tail = append(tail, results(answer.Calls, "")...)
	}
	say := func(text string) []llm.Turn {
		return append(tail, llm.Turn{Role: "user", Text: s.Model.Before + text + s.Model.After})
	}
	switch turn.Slot {
	case template.SlotLastUser:
		return in, say(turn.Text), nil
	case template.SlotPrefill:
		return in, say(sc.user), nil
	case template.SlotDocument:
		return in, say(withDocument(sc.fileName("document"), turn.Text, sc.user)), nil
	case template.SlotSystem:
		in, err := sc.system(in, turn.Text)
		return in, say(sc.user), err
	case template.SlotToolSpec:
		in, err := s.editor.SetToolDescription(in, turn.Text)
		return in, say(sc.user), err
	}
	if strings.Contains(turn.Slot, ":") {
		in, err := sc.place(in, turn.Slot, turn.Text)
		return in, say(sc.user), err
	}
	return in, nil, &Unfit{"the slot " + turn.Slot + " has no place in a later turn"}
}

// results answer calls: the first with a text, the others with no more than that they were done.
func results(calls []llm.ToolCall, text string) []llm.Turn {
	var turns []llm.Turn
	for i, c := range calls {
		said := text
		if i > 0 || said == "" {
			said = "done"
		}
		turns = append(turns, llm.Turn{Role: "tool", CallID: c.ID, Name: c.Name, Text: said})
	}
	return turns
}

// system puts a text into the system prompt: of the request, or as one.
func (sc *Script) system(in llm.Input, text string) (llm.Input, error) {
	if at, ok := sc.subject.slotOf("system", "developer"); ok {
		return llm.SetPrompt(in, at.Ref, text)
	}
	return sc.subject.editor.AddSystem(in, text)
}

// toolResult puts a text where a tool's result stands, or lets a tool have been called.
func (sc *Script) toolResult(in llm.Input, text string) (llm.Input, []llm.Turn, error) {
	if at, ok := sc.subject.slotOf("tool", "function"); ok {
		out, err := llm.SetPrompt(in, at.Ref, text)
		return out, nil, err
	}
	c := sc.toolCall()
	if c.Name == "" {
		return in, nil, &Unfit{"no tool is known whose result the text could be"}
	}
	tail := append([]llm.Turn{{Role: "assistant", Calls: []llm.ToolCall{c}}}, results([]llm.ToolCall{c}, text)...)
	if _, err := sc.subject.editor.Append(in, tail...); err != nil {
		return in, nil, err
	}
	return in, tail, nil
}

// toolCall is the call whose result a text is: of the setup, where the subject has that tool or none of its own; else of
// its first tool.
func (sc *Script) toolCall() llm.ToolCall {
	own, call := sc.subject.Tools, sc.rendered.Setup.Call
	if call != nil && (len(own) == 0 || slices.Contains(own, call.Name)) {
		made := llm.ToolCall{ID: callID(1), Name: call.Name, Arguments: "{}"}
		if call.Arguments != nil {
			made.Arguments = jsonText(call.Arguments)
		}
		return made
	}
	if len(own) > 0 {
		return llm.ToolCall{ID: callID(1), Name: own[0], Arguments: sampleArguments(sc.subject.Said.Tools, own[0])}
	}
	if tools := sc.rendered.Setup.Tools; len(tools) > 0 {
		return llm.ToolCall{ID: callID(1), Name: tools[0].Name, Arguments: "{}"}
	}
	return llm.ToolCall{}
}

// fileName is what the document or file of the setup is called.
func (sc *Script) fileName(usual string) string {
	if name := sc.rendered.Setup.Document; name != "" {
		return name
	}
	return usual
}

// fileContent is what a file holds whose name is the attack.
const fileContent = "Quarterly report\n\nSales grew by four per cent. Costs stayed as they were.\n"

// document puts a retrieved document into the request: in the place that the format has, else in the user's message, as
// applications do that retrieve.
func (sc *Script) document(in llm.Input, text, user string) (llm.Input, error) {
	s, name := sc.subject, sc.fileName("document")
	if out, err := s.editor.AddDocument(in, s.slot, name, text); err == nil {
		return out, nil
	}
	if s.slot == (llm.Ref{}) {
		return in, &Unfit{"the request has no place for documents"}
	}
	return llm.SetPrompt(in, s.slot, s.Model.Before+withDocument(name, text, user)+s.Model.After)
}

// withDocument is a question with a document that belongs to it.
func withDocument(name, text, user string) string {
	return "Answer the question with the help of this document.\n\n<document name=\"" + strings.ReplaceAll(name, `"`, "'") + "\">\n" + text + "\n</document>\n\nQuestion: " + user
}

// file puts a file into the request, or changes the one that it carries. What the attack is not about stays.
func (sc *Script) file(in llm.Input, name, content string, isContent bool) (llm.Input, error) {
	s := sc.subject
	if s.hasFile() {
		if isContent {
			return llm.SetFile(in, "", []byte(content))
		}
		return llm.SetFile(in, name, nil)
	}
	return s.editor.AddFile(in, s.slot, llm.File{Name: name, MIME: "text/plain", Data: []byte(content)})
}

// history puts a text into an earlier turn of the assistant: the latest that the request has, else one that is put
// before the user's message, behind a greeting that it can answer.
func (sc *Script) history(in llm.Input, text string) (llm.Input, error) {
	s := sc.subject
	if at, ok := s.slotOf("assistant", "model", "ai", "bot", "CHATBOT"); ok {
		return llm.SetPrompt(in, at.Ref, text)
	}
	if s.memory != appends && s.memory != beside {
		return in, &Unfit{"the request carries no history"}
	}
	return s.editor.InsertBefore(in, s.slot, llm.Turn{Role: "user", Text: "Hello!"}, llm.Turn{Role: "assistant", Text: text})
}

// place puts a text into a place that the template names: header:NAME, query:NAME, form:NAME, part:NAME, json:/POINTER
// or graphql:VARIABLE. What is missing of a header, query, form or variable is added.
func (sc *Script) place(in llm.Input, slot, text string) (llm.Input, error) {
	kind, name, _ := strings.Cut(slot, ":")
	switch kind {
	case "json":
		return putJSON(in, name, text)
	case "graphql":
		if len(in.RequestBody) == 0 {
			return in, &Unfit{"the request has no body with variables"}
		}
		return llm.PutText(in, llm.Ref{In: llm.PlaceJSON, Name: "/variables/" + escapeStep(name)}, text)
	case "header", "query", "form", "part":
		ref := llm.Ref{In: llm.Place(kind), Name: name}
		if kind == "header" {
			text = oneLine(text)
		}
		if kind == "form" && !strings.Contains(in.RequestHeader.Get("Content-Type"), "urlencoded") {
			return in, &Unfit{"the request has no form"}
		}
		return llm.PutText(in, ref, text)
	}
	return in, &Unfit{fmt.Sprintf("there is no slot %q", slot)}
}

// oneLine makes a text fit for a header: line ends and other control characters become spaces.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

// maxPlaces bounds how many texts a pointer with * may name.
const maxPlaces = 100

// putJSON puts a text at a pointer that has a text, or at all texts that a pointer with * names.
func putJSON(in llm.Input, pointer, text string) (llm.Input, error) {
	if !strings.Contains(pointer, "/*") {
		return llm.SetPrompt(in, llm.Ref{In: llm.PlaceJSON, Name: pointer}, text)
	}
	found := llm.TextsAt(in.RequestBody, pointer, maxPlaces)
	if len(found) == 0 {
		return in, &Unfit{"the body has no text at " + pointer}
	}
	for _, at := range found {
		out, err := llm.SetPrompt(in, llm.Ref{In: llm.PlaceJSON, Name: at}, text)
		if err != nil {
			return in, err
		}
		in = out
	}
	return in, nil
}

func escapeStep(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// sampleArguments fills in the arguments that a tool asks for, so that a call of it looks real.
func sampleArguments(tools []llm.Tool, name string) string {
	i := slices.IndexFunc(tools, func(t llm.Tool) bool { return t.Name == name })
	if i < 0 {
		return "{}"
	}
	return sampleOf(tools[i].Schema)
}
