package lab

import "maps"

// responseEvents writes the events of one response, numbering them.
type responseEvents struct {
	*stream
	sequence int
}

func (e *responseEvents) send(name string, fields object) {
	fields["type"], fields["sequence_number"] = name, e.sequence
	e.sequence++
	e.event(name, fields)
}

// stream writes every event the official SDK needs to put the response together again.
func (c response) stream(s *stream, a answer) {
	events := &responseEvents{stream: s}
	events.send("response.created", object{"response": c.head})
	events.send("response.in_progress", object{"response": c.head})
	for index, item := range c.items {
		switch item["type"] {
		case "reasoning":
			events.reasoning(index, item, a.reasoning)
		case "message":
			events.message(index, item, a.text)
		default:
			events.call(index, item)
		}
	}
	name := "response.completed"
	if a.end == endLength {
		name = "response.incomplete"
	}
	events.send(name, object{"response": c.whole(a)})
}

// started is an item as it is announced: in progress and with its growing field empty.
func started(item object, field string, empty any) object {
	begun := maps.Clone(item)
	begun[field] = empty
	if _, ok := begun["status"]; ok {
		begun["status"] = "in_progress"
	}
	return begun
}

func (e *responseEvents) reasoning(index int, item object, text string) {
	at := func(fields object) object {
		fields["item_id"], fields["output_index"], fields["summary_index"] = item["id"], index, 0
		return fields
	}
	e.send("response.output_item.added", object{"output_index": index, "item": started(item, "summary", []object{})})
	e.send("response.reasoning_summary_part.added", at(object{"part": object{"type": "summary_text", "text": ""}}))
	e.tokens(text, func(token string) {
		e.send("response.reasoning_summary_text.delta", at(object{"delta": token}))
	})
	e.send("response.reasoning_summary_text.done", at(object{"text": text}))
	e.send("response.reasoning_summary_part.done", at(object{"part": object{"type": "summary_text", "text": text}}))
	e.send("response.output_item.done", object{"output_index": index, "item": item})
}

func (e *responseEvents) message(index int, item object, text string) {
	at := func(fields object) object {
		fields["item_id"], fields["output_index"], fields["content_index"] = item["id"], index, 0
		return fields
	}
	part := func(text string) object {
		return object{"type": "output_text", "text": text, "annotations": []object{}, "logprobs": []object{}}
	}
	e.send("response.output_item.added", object{"output_index": index, "item": started(item, "content", []object{})})
	e.send("response.content_part.added", at(object{"part": part("")}))
	e.tokens(text, func(token string) {
		e.send("response.output_text.delta", at(object{"delta": token, "logprobs": []object{}}))
	})
	e.send("response.output_text.done", at(object{"text": text, "logprobs": []object{}}))
	e.send("response.content_part.done", at(object{"part": part(text)}))
	e.send("response.output_item.done", object{"output_index": index, "item": item})
}

func (e *responseEvents) call(index int, item object) {
	at := func(fields object) object {
		fields["item_id"], fields["output_index"] = item["id"], index
		return fields
	}
	arguments, _ := item["arguments"].(string)
	e.send("response.output_item.added", object{"output_index": index, "item": started(item, "arguments", "")})
	e.tokens(arguments, func(token string) {
		e.send("response.function_call_arguments.delta", at(object{"delta": token}))
	})
	e.send("response.function_call_arguments.done", at(object{"arguments": arguments, "name": item["name"]}))
	e.send("response.output_item.done", object{"output_index": index, "item": item})
}
