package lab

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// responsesRequest is a request of the Responses API.
type responsesRequest struct {
	Model        string          `json:"model"`
	Instructions string          `json:"instructions"`
	Input        json.RawMessage `json:"input"`
	Tools        []openAITool    `json:"tools"`
	ToolChoice   json.RawMessage `json:"tool_choice"`
	Stream       bool            `json:"stream"`
	MaxOutput    int             `json:"max_output_tokens"`
	Reasoning    *struct {
		Effort string `json:"effort"`
	} `json:"reasoning"`
	Text struct {
		Format struct {
			Type string `json:"type"`
		} `json:"format"`
	} `json:"text"`
	Previous string `json:"previous_response_id"`
}

// responsesItem is one element of input.
type responsesItem struct {
	Type    string  `json:"type"`
	Role    string  `json:"role"`
	Content content `json:"content"`
	Output  content `json:"output"`
}

func (c responsesRequest) question() (question, *problem) {
	q := question{
		model:  c.Model,
		system: c.Instructions,
		tools:  openAITools(c.Tools),
		choice: openAIChoice(c.ToolChoice),
		reason: isReasoner(c.Model) || c.Reasoning != nil && c.Reasoning.Effort != "none",
		limit:  c.MaxOutput,
		json:   c.Text.Format.Type == "json_object" || c.Text.Format.Type == "json_schema",
	}
	var text string
	if json.Unmarshal(c.Input, &text) == nil {
		q.turns = []turn{{"user", text}}
		return q, nil
	}
	var items []responsesItem
	if err := json.Unmarshal(c.Input, &items); err != nil {
		return q, &problem{http.StatusBadRequest, "Invalid type for 'input': expected a string or a list of items."}
	}
	for _, item := range items {
		switch {
		case item.Type == "function_call_output" || item.Type == "custom_tool_call_output":
			q.turns = append(q.turns, turn{"tool", item.Output.text})
		case item.Type != "" && item.Type != "message":
		case systemRole(item.Role):
			q.system = joinTexts(q.system, item.Content.text)
		default:
			q.turns = append(q.turns, turn{plainRole(item.Role), item.Content.text})
		}
	}
	return q, nil
}

func (l *Lab) responses(w http.ResponseWriter, r *http.Request) {
	var request responsesRequest
	body, trouble := decode(r, &request)
	if trouble == nil {
		trouble = admit(r, request.Model)
	}
	var q question
	if trouble == nil {
		q, trouble = request.question()
	}
	if trouble != nil {
		openAIProblem(w, trouble)
		return
	}
	openAIHead(w, body)
	a := l.think(q)
	reply := newResponse(request, body, a)
	if request.Stream {
		reply.stream(l.newEvents(w, r), a)
		return
	}
	writeJSON(w, http.StatusOK, reply.whole(a))
}

// response is what all events of one answer share.
type response struct {
	head  object
	items []object // the finished output items, in order
}

func newResponse(request responsesRequest, body []byte, a answer) response {
	tools := make([]openAITool, 0)
	reply := response{head: object{
		"id": identity("resp_", body), "object": "response", "created_at": created, "model": request.Model,
		"status": "in_progress", "error": nil, "incomplete_details": nil, "instructions": nil, "metadata": object{},
		"output": []object{}, "parallel_tool_calls": true, "previous_response_id": nil, "temperature": 1, "top_p": 1,
		"tool_choice": "auto", "tools": tools, "usage": nil, "max_output_tokens": nil, "truncation": "disabled",
		"text": object{"format": object{"type": "text"}}, "store": false, "background": false,
		"reasoning": object{"effort": nil, "summary": nil},
	}}
	if request.Instructions != "" {
		reply.head["instructions"] = request.Instructions
	}
	if request.Previous != "" {
		reply.head["previous_response_id"] = request.Previous
	}
	if a.reasoning != "" {
		summary := []object{{"type": "summary_text", "text": a.reasoning}}
		reply.items = append(reply.items, object{"id": identity("rs_", body), "type": "reasoning", "summary": summary})
	}
	if len(a.calls) == 0 {
		reply.items = append(reply.items, object{
			"id": identity("msg_", body), "type": "message", "role": "assistant", "status": "completed",
			"content": []object{{"type": "output_text", "text": a.text, "annotations": []object{}, "logprobs": []object{}}},
		})
	}
	for i, c := range a.calls {
		reply.items = append(reply.items, object{
			"id": identity("fc_", body, strconv.Itoa(i)), "type": "function_call", "status": "completed",
			"call_id": identity("call_", body, strconv.Itoa(i)), "name": c.name, "arguments": c.arguments,
		})
	}
	return reply
}

// whole is the finished response.
func (c response) whole(a answer) object {
	whole := object{}
	for key, value := range c.head {
		whole[key] = value
	}
	whole["status"], whole["output"] = "completed", c.items
	if a.end == endLength {
		whole["status"], whole["incomplete_details"] = "incomplete", object{"reason": "max_output_tokens"}
	}
	whole["usage"] = object{
		"input_tokens":          a.input,
		"input_tokens_details":  object{"cached_tokens": 0},
		"output_tokens":         a.output + a.thought,
		"output_tokens_details": object{"reasoning_tokens": a.thought},
		"total_tokens":          a.input + a.output + a.thought,
	}
	return whole
}
