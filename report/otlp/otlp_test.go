package otlp_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"assay/llm"
	"assay/report/otlp"
	"assay/traffic"
)

var at = time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)

// call is an exchange as the recorder has it, read as the analyst reads it.
func call(id, thread traffic.ID, address, request string, status int, response string) *otlp.Call {
	x := &traffic.Exchange{
		ID: id, Started: at.Add(time.Duration(id) * time.Second), Source: traffic.SourceProxy, Kind: traffic.KindHTTP, State: traffic.StateComplete,
		Request: traffic.Request{Method: "POST", URL: address, Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}}},
		Timing:  traffic.Timing{FirstByte: 200 * time.Millisecond, Done: 500 * time.Millisecond}, Client: traffic.Client{Process: "python3"},
	}
	mime := "application/json"
	if strings.HasPrefix(response, "data:") || strings.HasPrefix(response, "event:") {
		mime = "text/event-stream"
	}
	if status > 0 {
		x.Response = &traffic.Response{Status: status, Header: traffic.Header{{Name: "Content-Type", Value: mime}}}
	} else {
		x.State, x.Fault = traffic.StateFailed, &traffic.Fault{Stage: "connect", Reason: "nobody listens"}
	}
	in := llm.Input{Method: "POST", URL: address, RequestHeader: x.Request.Header, RequestBody: []byte(request), Status: status, ResponseBody: []byte(response), Ended: true}
	if x.Response != nil {
		in.ResponseHeader = x.Response.Header
	}
	c := llm.Parse(in)
	return &otlp.Call{Exchange: x, Conversation: &c, Request: []byte(request), Response: []byte(response), Thread: thread}
}

// values are the attributes of a span as Go has them.
func values(s *trace.Span) map[string]any {
	out := map[string]any{}
	for _, a := range s.GetAttributes() {
		switch {
		case a.GetValue().GetArrayValue() != nil:
			var list []string
			for _, v := range a.GetValue().GetArrayValue().GetValues() {
				list = append(list, v.GetStringValue())
			}
			out[a.GetKey()] = strings.Join(list, " ")
		case a.GetValue().GetStringValue() != "":
			out[a.GetKey()] = a.GetValue().GetStringValue()
		case a.GetValue().GetDoubleValue() != 0:
			out[a.GetKey()] = a.GetValue().GetDoubleValue()
		case a.GetValue().GetBoolValue():
			out[a.GetKey()] = true
		default:
			out[a.GetKey()] = a.GetValue().GetIntValue()
		}
	}
	return out
}

const (
	openai    = "https://api.openai.com/v1/chat/completions"
	anthropic = "https://api.anthropic.com/v1/messages"
)

func TestSpans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		call *otlp.Call
		span string
		want map[string]any
		not  []string
	}{
		{
			"chat", call(7, 5, openai, `{"model":"gpt-4o","temperature":0.5,"max_tokens":100,"seed":42,"n":1,"stop":["END"],"messages":[{"role":"user","content":"hello"}]}`, 200,
				`{"id":"chatcmpl-1","model":"gpt-4o-2024","choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}`),
			"chat gpt-4o",
			map[string]any{
				"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024", "gen_ai.response.id": "chatcmpl-1",
				"gen_ai.response.finish_reasons": "stop", "gen_ai.usage.input_tokens": int64(9), "gen_ai.usage.output_tokens": int64(2), "gen_ai.usage.cache_read.input_tokens": int64(4),
				"gen_ai.request.temperature": 0.5, "gen_ai.request.max_tokens": int64(100), "gen_ai.request.seed": int64(42), "gen_ai.request.stop_sequences": "END", "gen_ai.conversation.id": "5@p",
				"server.address": "api.openai.com", "server.port": int64(443), "http.response.status_code": int64(200), "assay.exchange.id": int64(7), "assay.client": "python3",
			},
			[]string{"error.type", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.request.choice.count", "gen_ai.request.stream"},
		},
		{
			"what a cache gave is input", call(8, 0, anthropic, `{"model":"claude-sonnet-4-5","max_tokens":10,"stream":true,"system":"be brief","messages":[{"role":"user","content":"hello"}]}`, 200,
				"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude-sonnet-4-5\",\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":90,\"cache_creation_input_tokens\":5,\"output_tokens\":1}}}\n\n"+
					"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
			"chat claude-sonnet-4-5",
			map[string]any{
				"gen_ai.provider.name": "anthropic", "gen_ai.response.id": "msg_1", "gen_ai.usage.input_tokens": int64(105), "gen_ai.usage.output_tokens": int64(3), "gen_ai.request.stream": true,
				"gen_ai.response.time_to_first_chunk": 0.2, "gen_ai.response.finish_reasons": "end_turn",
			},
			[]string{"gen_ai.conversation.id"},
		},
		{
			"an error of the provider", call(9, 0, openai, `{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}`, 429, `{"error":{"message":"slow down, Anna","type":"rate_limit_error","code":"rate_limit_exceeded"}}`),
			"chat gpt-4o",
			map[string]any{"error.type": "rate_limit_error", "http.response.status_code": int64(429)},
			[]string{"gen_ai.response.id", "gen_ai.usage.input_tokens"},
		},
		{
			"nobody answered", call(10, 0, openai, `{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}`, 0, ""), "chat gpt-4o", map[string]any{"error.type": "connect"}, []string{"http.response.status_code"},
		},
		{
			"embeddings", call(11, 0, "https://api.openai.com/v1/embeddings", `{"model":"text-embedding-3-small","input":["a","b"],"dimensions":256}`, 200,
				`{"object":"list","data":[{"embedding":[0.1]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":2,"total_tokens":2}}`),
			"embeddings text-embedding-3-small",
			map[string]any{"gen_ai.operation.name": "embeddings", "gen_ai.embeddings.dimension.count": int64(256), "gen_ai.usage.input_tokens": int64(2)},
			nil,
		},
		{
			"what was reasoned is output", call(12, 0, "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent", `{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{"temperature":1,"maxOutputTokens":50}}`, 200,
				`{"candidates":[{"content":{"role":"model","parts":[{"text":"hello"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"thoughtsTokenCount":40},"responseId":"r-1","modelVersion":"gemini-2.5-pro"}`),
			"generate_content gemini-2.5-pro",
			map[string]any{"gen_ai.provider.name": "gcp.gemini", "gen_ai.usage.output_tokens": int64(42), "gen_ai.usage.reasoning.output_tokens": int64(40), "gen_ai.response.id": "r-1", "gen_ai.request.max_tokens": int64(50)},
			nil,
		},
		{
			"a tool over MCP", call(13, 0, "http://127.0.0.1:9000/mcp", `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"weather","arguments":{"city":"Oslo"}}}`, 200,
				`{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"rain"}],"isError":true}}`),
			"tools/call weather",
			map[string]any{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "weather", "mcp.method.name": "tools/call", "jsonrpc.request.id": "3", "error.type": "tool_error"},
			[]string{"gen_ai.provider.name", "gen_ai.tool.call.arguments"},
		},
		{"a list of models", call(14, 0, "https://api.openai.com/v1/models", ``, 200, `{"object":"list","data":[]}`), "", nil, nil},
		{"a count of tokens", call(15, 0, anthropic+"/count_tokens", `{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hello"}]}`, 200, `{"input_tokens":9}`), "", nil, nil},
		{"plain traffic", call(16, 0, "https://shop.example/cart", `{"item":3}`, 200, `{"ok":true}`), "", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			spans := otlp.New(otlp.Options{Project: "p"}).Spans(c.call)
			if c.span == "" {
				if len(spans) != 0 {
					t.Fatalf("there is a span %s", spans[0].GetName())
				}
				return
			}
			if len(spans) != 1 || spans[0].GetName() != c.span {
				t.Fatalf("the spans are %v", spans)
			}
			got := values(spans[0])
			for key, want := range c.want {
				if got[key] != want {
					t.Errorf("%s is %v, want %v", key, got[key], want)
				}
			}
			for _, key := range c.not {
				if v, has := got[key]; has {
					t.Errorf("%s is there: %v", key, v)
				}
			}
			if failed := spans[0].GetStatus().GetCode() == trace.Status_STATUS_CODE_ERROR; failed != (got["error.type"] != nil) {
				t.Errorf("status %v with error.type %v", spans[0].GetStatus(), got["error.type"])
			}
		})
	}
}

// agent is a conversation of two calls, with two tools between them.
func agent() []*otlp.Call {
	const tools = `"tools":[{"type":"function","function":{"name":"weather","parameters":{}}}]`
	first := call(20, 20, openai, `{"model":"gpt-4o",`+tools+`,"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"Is it wet at anna@example.com's?"}]}`, 200,
		`{"id":"a","choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"who\":\"anna@example.com\"}"}},{"id":"c2","type":"function","function":{"name":"clock","arguments":"not json"}}]},"finish_reason":"tool_calls"}]}`)
	second := call(25, 20, openai, `{"model":"gpt-4o",`+tools+`,"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"Is it wet at anna@example.com's?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"who\":\"anna@example.com\"}"}},{"id":"c2","type":"function","function":{"name":"clock","arguments":"not json"}}]},{"role":"tool","tool_call_id":"c1","content":"rain"},{"role":"tool","tool_call_id":"c9","content":"nobody asked"}]}`, 200,
		`{"id":"b","choices":[{"message":{"role":"assistant","content":"It is wet."},"finish_reason":"stop"}]}`)
	return []*otlp.Call{first, second}
}

func TestToolsBetweenCalls(t *testing.T) {
	t.Parallel()
	c, calls := otlp.New(otlp.Options{Project: "p"}), agent()
	first, second := c.Spans(calls[0]), c.Spans(calls[1])
	if len(first) != 1 || len(second) != 2 {
		t.Fatalf("%d and %d spans", len(first), len(second))
	}
	tool := second[0]
	if tool.GetName() != "execute_tool weather" || !bytes.Equal(tool.GetParentSpanId(), first[0].GetSpanId()) || !bytes.Equal(tool.GetTraceId(), first[0].GetTraceId()) {
		t.Errorf("the tool is %v", tool)
	}
	if tool.GetStartTimeUnixNano() != first[0].GetEndTimeUnixNano() || tool.GetEndTimeUnixNano() != second[1].GetStartTimeUnixNano() {
		t.Error("the tool does not lie between the calls")
	}
	if got := values(tool); got["gen_ai.tool.call.id"] != "c1" || got["gen_ai.tool.type"] != "function" || got["gen_ai.tool.call.arguments"] != nil {
		t.Errorf("%v", got)
	}
	if len(c.Spans(calls[1])) != 1 {
		t.Error("the same tool ran twice")
	}
}

// TestIDs sends the same calls twice, and those of another project.
func TestIDs(t *testing.T) {
	t.Parallel()
	ids := func(project string) (all []string) {
		c := otlp.New(otlp.Options{Project: project})
		for _, x := range agent() {
			for _, s := range c.Spans(x) {
				if len(s.GetTraceId()) != 16 || len(s.GetSpanId()) != 8 {
					t.Errorf("ids of %d and %d bytes", len(s.GetTraceId()), len(s.GetSpanId()))
				}
				all = append(all, string(s.GetTraceId())+string(s.GetSpanId()))
			}
		}
		return all
	}
	first, again, other := ids("p"), ids("p"), ids("q")
	seen := map[string]bool{}
	for i := range first {
		if first[i] != again[i] || first[i] == other[i] || seen[first[i]] {
			t.Errorf("span %d: %x, again %x, of another project %x", i, first[i], again[i], other[i])
		}
		seen[first[i]] = true
	}
}

func TestContent(t *testing.T) {
	t.Parallel()
	hide := func(s string) string { return strings.ReplaceAll(s, "anna@example.com", "⟨e-mail 1⟩") }
	c := otlp.New(otlp.Options{Project: "p", Content: true, Text: hide})
	var spans []*trace.Span
	for _, x := range agent() {
		spans = append(spans, c.Spans(x)...)
	}
	for i, want := range []map[string]string{
		{
			"gen_ai.input.messages":  `[{"role":"system","parts":[{"type":"text","content":"be brief"}]},{"role":"user","parts":[{"type":"text","content":"Is it wet at ⟨e-mail 1⟩'s?"}]}]`,
			"gen_ai.output.messages": `[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":{"who":"⟨e-mail 1⟩"}},{"type":"tool_call","id":"c2","name":"clock","arguments":"not json"}],"finish_reason":"tool_calls"}]`,
		},
		{"gen_ai.tool.call.arguments": `{"who":"⟨e-mail 1⟩"}`, "gen_ai.tool.call.result": "rain"},
		{"gen_ai.output.messages": `[{"role":"assistant","parts":[{"type":"text","content":"It is wet."}],"finish_reason":"stop"}]`},
	} {
		got := values(spans[i])
		for key, v := range want {
			if got[key] != v {
				t.Errorf("%s of %s is\n%v, want\n%s", key, spans[i].GetName(), got[key], v)
			}
		}
		if got["gen_ai.system_instructions"] != nil {
			t.Error("a system message of the history is told as one apart from it")
		}
	}
	apart := otlp.New(otlp.Options{Content: true}).Spans(call(30, 0, anthropic, `{"model":"c","system":"be brief","messages":[{"role":"user","content":"hello"}]}`, 200, `{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn"}`))
	if got := values(apart[0])["gen_ai.system_instructions"]; got != `[{"type":"text","content":"be brief"}]` {
		t.Errorf("the system prompt is %v", got)
	}
}

// TestNothingIsCutBeforeItWasHidden puts a secret where a text is cut.
func TestNothingIsCutBeforeItWasHidden(t *testing.T) {
	t.Parallel()
	const secret = "sk-0123456789abcdef0123456789abcdef"
	for _, before := range []int{0, 65_500, 65_520, 65_536, 131_040, 131_060, 131_072, 200_000} {
		text, err := json.Marshal(strings.Repeat("a", before) + secret + strings.Repeat("b", 200_000))
		if err != nil {
			t.Fatal(err)
		}
		c := otlp.New(otlp.Options{Content: true, Text: func(s string) string { return strings.ReplaceAll(s, secret, "⟨key 1⟩") }})
		spans := c.Spans(call(1, 0, openai, `{"model":"m","messages":[{"role":"user","content":`+string(text)+`}]}`, 200, `{"choices":[]}`))
		if got := values(spans[0])["gen_ai.input.messages"].(string); strings.Contains(got, "sk-") || len(got) > 70_000 || !strings.Contains(got, "more bytes)") {
			t.Errorf("%d bytes before it: %d bytes, ending in %q", before, len(got), got[max(0, len(got)-80):])
		}
	}
}

func TestLongConversations(t *testing.T) {
	t.Parallel()
	var messages []string
	for range 60 {
		messages = append(messages, `{"role":"user","content":"`+strings.Repeat("x", 20_000)+`"}`)
	}
	messages = append(messages, `{"role":"user","content":"the last"}`)
	spans := otlp.New(otlp.Options{Content: true}).Spans(call(1, 0, openai, `{"model":"m","messages":[`+strings.Join(messages, ",")+`]}`, 200, `{"choices":[]}`))
	got := values(spans[0])
	text := got["gen_ai.input.messages"].(string)
	var list []any
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	out, _ := got["assay.input.messages.left_out"].(int64)
	if len(text) > 520<<10 || !strings.Contains(text, "the last") || int(out)+len(list) != 61 || out == 0 {
		t.Errorf("%d bytes with %d messages, and %d are told to be left out", len(text), len(list), out)
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	spans := otlp.New(otlp.Options{Project: "p"}).Spans(agent()[0])
	data, err := otlp.Encode("1.0", "demo.assay", spans)
	if err != nil {
		t.Fatal(err)
	}
	var request collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(data, &request); err != nil {
		t.Fatal(err)
	}
	if got := request.GetResourceSpans()[0].GetScopeSpans()[0].GetSpans(); len(got) != 1 || !proto.Equal(got[0], spans[0]) {
		t.Errorf("%v came back", got)
	}
	answer, err := proto.Marshal(&collector.ExportTraceServiceResponse{PartialSuccess: &collector.ExportTracePartialSuccess{RejectedSpans: 2, ErrorMessage: "too old"}})
	if err != nil {
		t.Fatal(err)
	}
	if n, why, err := otlp.Answer(answer); n != 2 || why != "too old" || err != nil {
		t.Errorf("%d, %q, %v", n, why, err)
	}
	if _, _, err := otlp.Answer([]byte("<html>")); err == nil {
		t.Error("a page is taken for an answer")
	}
}

func FuzzSpans(f *testing.F) {
	for _, x := range agent() {
		f.Add(x.Exchange.Request.URL, x.Request, x.Response, int64(20), 200)
	}
	f.Add(anthropic, []byte(`{"system":[{"type":"text","text":"\ud800"}],"messages":[{"role":"\u0000","content":[{"type":"image","source":{"type":"base64","data":"AA=="}},{"type":"tool_result"}]}]}`), []byte("data: [\n\n"), int64(math.MaxInt64), 0)
	f.Add("http://[::1]:99999/mcp", []byte("{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"\xff\"}}"), []byte(`{"error":{"code":-1}}`), int64(-1), 500)
	f.Add(openai, []byte(`{"model":"m","temperature":1e400,"max_tokens":1e99,"n":-1,"stop":"x","messages":[{"role":"tool","tool_call_id":"","content":"x"}]}`), []byte(`{"id":7}`), int64(0), 200)
	f.Fuzz(func(t *testing.T, address string, request, response []byte, id int64, status int) {
		c := otlp.New(otlp.Options{Project: "p", Content: true})
		x := call(traffic.ID(id), 20, address, string(request), status, string(response))
		for range 2 {
			spans := c.Spans(x)
			if _, err := otlp.Encode("1", "p", spans); err != nil {
				t.Fatal(err)
			}
			for _, s := range spans {
				sound(t, s)
			}
			x.Exchange.ID++
		}
	})
}

// sound fails for what stores refuse, and for messages that the conventions' schemas refuse.
func sound(t *testing.T, s *trace.Span) {
	t.Helper()
	if s.GetStartTimeUnixNano() > s.GetEndTimeUnixNano() || s.GetName() == "" || !utf8.ValidString(s.GetName()) {
		t.Errorf("span %q from %d to %d", s.GetName(), s.GetStartTimeUnixNano(), s.GetEndTimeUnixNano())
	}
	keys := map[string]bool{}
	for _, a := range s.GetAttributes() {
		if keys[a.GetKey()] {
			t.Errorf("%s is there twice", a.GetKey())
		}
		keys[a.GetKey()] = true
		text := a.GetValue().GetStringValue()
		switch a.GetKey() {
		case "gen_ai.input.messages", "gen_ai.output.messages":
			var list []struct {
				Role   *string
				Parts  []map[string]any
				Finish *string `json:"finish_reason"`
			}
			if err := json.Unmarshal([]byte(text), &list); err != nil {
				t.Fatalf("%s: %v", a.GetKey(), err)
			}
			for _, m := range list {
				if m.Role == nil || m.Parts == nil || m.Finish == nil && a.GetKey() == "gen_ai.output.messages" {
					t.Errorf("a message without role, parts or finish_reason: %+v", m)
				}
				soundParts(t, m.Parts)
			}
		case "gen_ai.system_instructions":
			var parts []map[string]any
			if err := json.Unmarshal([]byte(text), &parts); err != nil {
				t.Fatalf("%s: %v", a.GetKey(), err)
			}
			soundParts(t, parts)
		}
	}
	if !keys["gen_ai.operation.name"] || !keys["gen_ai.provider.name"] && !keys["gen_ai.tool.name"] {
		t.Errorf("what is required is missing: %v", keys)
	}
}

func soundParts(t *testing.T, parts []map[string]any) {
	t.Helper()
	needs := map[string][]string{"text": {"content"}, "reasoning": {"content"}, "tool_call": {"name"}, "tool_call_response": {"response"}, "uri": {"modality", "uri"}}
	for _, p := range parts {
		kind, _ := p["type"].(string)
		if kind == "" {
			t.Errorf("a part without a type: %v", p)
		}
		for _, key := range needs[kind] {
			if _, has := p[key]; !has {
				t.Errorf("a part of type %s without %s", kind, key)
			}
		}
	}
}
