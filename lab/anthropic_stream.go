package lab

import "encoding/json"

func (c messageReply) stream(s *stream, a answer) {
	send := func(name string, fields object) {
		fields["type"] = name
		s.event(name, fields)
	}
	start := c.whole(a)
	start["content"], start["stop_reason"], start["usage"] = []object{}, nil, anthropicUsage(a.input, 1)
	send("message_start", object{"message": start})
	send("ping", object{})
	for index, block := range c.blocks {
		send("content_block_start", object{"index": index, "content_block": emptyBlock(block)})
		for _, d := range blockDeltas(block) {
			s.tokens(d.text, func(token string) {
				send("content_block_delta", object{"index": index, "delta": object{"type": d.kind, d.field: token}})
			})
		}
		if signature, ok := block["signature"]; ok {
			send("content_block_delta", object{"index": index, "delta": object{"type": "signature_delta", "signature": signature}})
		}
		send("content_block_stop", object{"index": index})
	}
	send("message_delta", object{
		"delta": object{"stop_reason": anthropicStop(a.end), "stop_sequence": nil},
		"usage": anthropicUsage(a.input, a.output+a.thought),
	})
	send("message_stop", object{})
}

// emptyBlock is a block as it is announced.
func emptyBlock(block object) object {
	switch block["type"] {
	case "thinking":
		return object{"type": "thinking", "thinking": "", "signature": ""}
	case "tool_use":
		return object{"type": "tool_use", "id": block["id"], "name": block["name"], "input": object{}}
	}
	return object{"type": "text", "text": ""}
}

// blockDelta is the text that makes a block grow, and how its deltas name it.
type blockDelta struct {
	kind, field, text string
}

func blockDeltas(block object) []blockDelta {
	switch block["type"] {
	case "thinking":
		text, _ := block["thinking"].(string)
		return []blockDelta{{"thinking_delta", "thinking", text}}
	case "tool_use":
		input, _ := block["input"].(json.RawMessage)
		return []blockDelta{{"input_json_delta", "partial_json", string(input)}}
	}
	text, _ := block["text"].(string)
	return []blockDelta{{"text_delta", "text", text}}
}
