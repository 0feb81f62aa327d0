package llm_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"assay/llm"
)

// scoreFact compares one expected fact with what Parse said.
func scoreFact(s scores, name string, raw json.RawMessage, r *recording, e expectation, conv llm.Conversation) {
	get, ok := readFact[name]
	if !ok {
		s.of("unscored "+name).score(false, func() string { return r.Sha + " " + string(raw) })
		return
	}
	var want any
	if json.Unmarshal(raw, &want) != nil {
		return
	}
	got := normal(get(conv))
	if name == "mcp_arguments" {
		want = noArguments(want)
	}
	if calls, ok := want.([]any); ok && name == "tool_calls" {
		for _, call := range calls {
			if m, ok := call.(map[string]any); ok {
				m["arguments"] = noArguments(m["arguments"])
			}
		}
	}
	s.of(name).score(same(want, got), func() string {
		return fmt.Sprintf("%s %s %s want %.300s got %.300s", r.Sha, deref(e.Provider), deref(e.Family), raw, encode(got))
	})
}

func encode(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func normal(v any) any {
	var out any
	_ = json.Unmarshal([]byte(encode(v)), &out)
	return out
}

func same(want, got any) bool {
	if n, ok := want.(float64); ok {
		if s, ok := got.(string); ok { // finish reasons and error codes that are numbers on the wire
			f, err := strconv.ParseFloat(s, 64)
			return err == nil && f == n
		}
	}
	if list, ok := want.([]any); ok && len(list) == 0 {
		return got == nil || reflect.DeepEqual(want, got)
	}
	return reflect.DeepEqual(want, got)
}

var readFact = map[string]func(llm.Conversation) any{
	"request_model":               func(c llm.Conversation) any { return c.Model },
	"deployment":                  func(c llm.Conversation) any { return c.Deployment },
	"stream_requested":            func(c llm.Conversation) any { return c.StreamAsked },
	"n_messages":                  func(c llm.Conversation) any { return c.MessageCount },
	"roles":                       roles,
	"system_parts":                func(c llm.Conversation) any { return c.System },
	"last_user_parts":             lastUser,
	"prompts":                     func(c llm.Conversation) any { return c.Prompts },
	"tools_defined":               func(c llm.Conversation) any { return tools(c, false) },
	"builtin_tools":               func(c llm.Conversation) any { return tools(c, true) },
	"n_tool_results":              func(c llm.Conversation) any { return c.ToolResults },
	"response_model":              func(c llm.Conversation) any { return c.AnswerModel },
	"output_text":                 func(c llm.Conversation) any { return c.Answer },
	"reasoning_text":              func(c llm.Conversation) any { return c.Reasoning },
	"refusal":                     func(c llm.Conversation) any { return c.Refusal },
	"tool_calls":                  toolCalls,
	"tool_call_names":             func(c llm.Conversation) any { return callNames(c, false) },
	"server_tool_calls":           func(c llm.Conversation) any { return callNames(c, true) },
	"builtin_tool_items":          builtinItems,
	"finish_reason":               func(c llm.Conversation) any { return c.Finish },
	"input_tokens":                func(c llm.Conversation) any { return c.Usage.Input },
	"output_tokens":               func(c llm.Conversation) any { return c.Usage.Output },
	"total_tokens":                func(c llm.Conversation) any { return c.Usage.Total },
	"cached_input_tokens":         func(c llm.Conversation) any { return c.Usage.CachedInput },
	"cache_creation_input_tokens": func(c llm.Conversation) any { return c.Usage.CacheCreation },
	"reasoning_tokens":            func(c llm.Conversation) any { return c.Usage.Reasoning },
	"billed_input_tokens":         func(c llm.Conversation) any { return c.Usage.BilledInput },
	"billed_output_tokens":        func(c llm.Conversation) any { return c.Usage.BilledOutput },
	"n_choices":                   func(c llm.Conversation) any { return c.Choices },
	"incomplete_reason":           func(c llm.Conversation) any { return c.FinishDetail },
	"tool_plan":                   func(c llm.Conversation) any { return c.Plan },
	"flagged":                     func(c llm.Conversation) any { return c.Flagged },
	"has_reasoning_summary":       func(c llm.Conversation) any { return c.Reasoning != "" },
	"stream_complete":             func(c llm.Conversation) any { return c.Complete },
	"n_stream_events":             func(c llm.Conversation) any { return c.Events },
	"stream_error":                func(c llm.Conversation) any { return c.Error != nil },
	"error_status":                func(c llm.Conversation) any { return fault(c).Status },
	"error_type":                  func(c llm.Conversation) any { return fault(c).Type },
	"error_code":                  func(c llm.Conversation) any { return fault(c).Code },
	"error_message":               func(c llm.Conversation) any { return fault(c).Message },
	"n_inputs":                    func(c llm.Conversation) any { return c.Inputs },
	"n_embeddings":                func(c llm.Conversation) any { return c.Embeddings },
	"rpc_method":                  func(c llm.Conversation) any { return rpc(c).Method },
	"mcp_tool":                    func(c llm.Conversation) any { return rpc(c).Tool },
	"mcp_arguments":               func(c llm.Conversation) any { return decoded(rpc(c).Arguments) },
	"tool_result_text":            func(c llm.Conversation) any { return rpc(c).ResultText },
	"server_name":                 func(c llm.Conversation) any { return rpc(c).ServerName },
	"protocol_version":            func(c llm.Conversation) any { return rpc(c).ProtocolVersion },
	"tools_listed": func(c llm.Conversation) any {
		var names []string
		for _, t := range rpc(c).ToolsListed {
			names = append(names, t.Name)
		}
		return names
	},
}

func rpc(c llm.Conversation) llm.RPC {
	if c.RPC == nil {
		return llm.RPC{}
	}
	return *c.RPC
}

func fault(c llm.Conversation) llm.ProviderError {
	if c.Error == nil {
		return llm.ProviderError{}
	}
	return *c.Error
}

func roles(c llm.Conversation) any {
	var out []string
	for _, m := range c.Messages {
		out = append(out, m.Role)
	}
	return out
}

// lastUser is the texts of the last user message that has any.
func lastUser(c llm.Conversation) any {
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if c.Messages[i].Role != "user" {
			continue
		}
		var out []string
		for _, p := range c.Messages[i].Parts {
			if p.Kind == llm.PartText && p.Text != "" {
				out = append(out, p.Text)
			}
		}
		if out != nil {
			return out
		}
	}
	return nil
}

func tools(c llm.Conversation, builtin bool) any {
	var out []string
	for _, t := range c.Tools {
		if t.Builtin == builtin {
			out = append(out, t.Name)
		}
	}
	return out
}

func callNames(c llm.Conversation, builtin bool) any {
	var out []string
	for _, t := range c.ToolCalls {
		if t.Builtin == builtin {
			out = append(out, t.Name)
		}
	}
	return out
}

func toolCalls(c llm.Conversation) any {
	type call struct {
		Name      string `json:"name"`
		Arguments any    `json:"arguments"`
	}
	var out []call
	for _, t := range c.ToolCalls {
		if !t.Builtin {
			out = append(out, call{t.Name, decoded(t.Arguments)})
		}
	}
	return out
}

// builtinItems is what the provider's own tools left in the answer.
func builtinItems(c llm.Conversation) any {
	var out []string
	for _, p := range c.Parts {
		switch {
		case p.Call != nil && p.Call.Builtin:
			out = append(out, p.Call.Name)
		case p.Kind == llm.PartToolResult && p.Type == "tool_search_output":
			out = append(out, p.Type)
		}
	}
	return out
}

// decoded is the arguments as a value; those that are no JSON stay text.
func decoded(args string) any {
	var v any
	if json.Unmarshal([]byte(args), &v) != nil {
		return noArguments(args)
	}
	return noArguments(v)
}

// noArguments puts the ways to say that a call has none into one.
func noArguments(v any) any {
	if m, ok := v.(map[string]any); ok && len(m) == 0 || v == nil || v == "" || v == "null" {
		return nil
	}
	return v
}
