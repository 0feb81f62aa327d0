package accuracy_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// factFields are the facts that a line of the listing has, by the name of its field.
var factFields = map[string]string{
	"request_model": "model", "n_messages": "messages", "roles": "roles", "prompts": "prompts", "tools_defined": "tools",
	"builtin_tools": "builtin_tools", "n_tool_results": "tool_results", "response_model": "answer_model", "output_text": "answer",
	"reasoning_text": "reasoning", "refusal": "refusal", "tool_calls": "tool_calls", "server_tool_calls": "server_tool_calls",
	"finish_reason": "finish_reason", "input_tokens": "input_tokens", "output_tokens": "output_tokens", "total_tokens": "total_tokens",
	"cached_input_tokens": "cached_input_tokens", "reasoning_tokens": "reasoning_tokens", "stream_complete": "stream_complete",
	"n_stream_events": "stream_events", "error_type": "error_type", "error_code": "error_code", "error_message": "error",
	"rpc_method": "rpc_method", "mcp_tool": "rpc_tool", "system_parts": "system", "last_user_parts": "last_user",
}

// score compares one fact; those that no line has are measured in package llm.
func (s scores) score(name string, want any, got row, exchange known) {
	field, listed := factFields[name]
	if !listed {
		return
	}
	has := got[field]
	switch name {
	case "system_parts", "last_user_parts":
		want, has = squeeze(want), squeeze(has)
	case "tool_calls":
		want, has = calls(want), calls(has)
	}
	s.add(name, same(want, has), func() string {
		return fmt.Sprintf("%s %s: want %.200s, got %.200s", exchange.Sha, text(exchange.Family), written(want), written(has))
	})
}

func written(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// squeeze joins texts and drops white space: parts may be joined with or without a line break.
func squeeze(v any) any {
	var all strings.Builder
	switch v := v.(type) {
	case string:
		all.WriteString(v)
	case []any:
		for _, part := range v {
			fmt.Fprint(&all, part)
		}
	}
	return strings.Join(strings.Fields(all.String()), "")
}

// calls are tool calls with their arguments decoded, where no arguments are written in one way.
func calls(v any) any {
	list, _ := v.([]any)
	out := make([]any, 0, len(list))
	for _, one := range list {
		call, _ := one.(map[string]any)
		arguments := call["arguments"]
		if text, is := arguments.(string); is {
			var value any
			if json.Unmarshal([]byte(text), &value) == nil {
				arguments = value
			}
		}
		if m, is := arguments.(map[string]any); is && len(m) == 0 || arguments == "" || arguments == "null" {
			arguments = nil
		}
		out = append(out, []any{call["name"], arguments})
	}
	return out
}

// same compares what JSON said. A fact that is empty is absent in a listing.
func same(want, got any) bool {
	switch w := want.(type) {
	case float64:
		if s, is := got.(string); is { // finish reasons and error codes that are numbers on the wire
			f, err := strconv.ParseFloat(s, 64)
			return err == nil && f == w
		}
		return got == w || got == nil && w == 0
	case string:
		return got == w || got == nil && w == ""
	case bool:
		return got == w || got == nil && !w
	case []any:
		return reflect.DeepEqual(want, got) || got == nil && len(w) == 0
	}
	return reflect.DeepEqual(want, got)
}
