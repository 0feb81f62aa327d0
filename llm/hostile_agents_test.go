package llm_test

import (
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/traffic"
)

// TestHostileLengths reads answers of very many small pieces: the time must grow with their length, not its square.
func TestHostileLengths(t *testing.T) {
	t.Parallel()
	const pieces = 100_000
	sse := traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}}
	tests := map[string]struct {
		url, request, piece string
	}{
		"custom":  {"https://x.example/chat", `{"message":"What is it?","session_id":"1"}`, "data: {\"token\":\"ab \"}\n\n"},
		"a2a":     {"https://x.example/", `{"jsonrpc":"2.0","id":1,"method":"message/stream","params":{"message":{"parts":[]}}}`, "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"kind\":\"artifact-update\",\"append\":true,\"artifact\":{\"artifactId\":\"a\",\"parts\":[{\"text\":\"ab \"}]}}}\n\n"},
		"mcp":     {"https://x.example/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"f"}}`, "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"ab \"}]}}\n\n"},
		"vercel":  {"https://x.example/api/chat", `{"messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"x"}]}]}`, "data: {\"type\":\"text-delta\",\"id\":\"1\",\"delta\":\"ab \"}\n\n"},
		"chain":   {"https://x.example/c/stream", `{"input":"x","config":{},"kwargs":{}}`, "event: data\ndata: {\"content\":\"ab \"}\n\n"},
		"threads": {"https://api.openai.com/v1/threads/thread_1/runs", `{"assistant_id":"asst_1"}`, "event: thread.message.delta\ndata: {\"delta\":{\"content\":[{\"text\":{\"value\":\"ab \"}}]}}\n\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			conv := llm.Parse(llm.Input{
				Method: "POST", URL: tt.url, RequestBody: []byte(tt.request), Status: 200, Ended: true,
				ResponseHeader: sse, ResponseBody: []byte(strings.Repeat(tt.piece, pieces)),
			})
			text := conv.Answer
			if conv.RPC != nil {
				text = conv.RPC.ResultText
			}
			if len(text) != 3*pieces {
				t.Errorf("%s: %d bytes of text, want %d", conv.Family, len(text), 3*pieces)
			}
			if d := time.Since(begin); d > 20*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}

// TestHostileFrames does the same with WebSocket sessions.
func TestHostileFrames(t *testing.T) {
	t.Parallel()
	const pieces = 100_000
	for name, frame := range map[string]string{
		"heard":   `{"serverContent":{"inputTranscription":{"text":"ab "}}}`,
		"thought": `{"serverContent":{"modelTurn":{"parts":[{"text":"ab ","thought":true}]},"turnComplete":true}}`,
		"said":    `{"type":"response.output_text.delta","delta":"ab "}`,
		"turns":   `{"type":"response.done","response":{"output":[{"content":[{"text":"ab "}]}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := llm.Input{Method: "GET", URL: "wss://x.example/v1/realtime", Status: 101, Ended: true}
			for range pieces {
				in.Frames = append(in.Frames, traffic.Frame{Side: traffic.FromServer, Opcode: 1, Data: []byte(frame)})
			}
			begin := time.Now()
			conv := llm.Parse(in)
			if conv.Events != pieces {
				t.Errorf("%s: %d events", conv.Family, conv.Events)
			}
			if d := time.Since(begin); d > 20*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}

// TestHostileURL holds that a URL of very many parameters is no work to speak of.
func TestHostileURL(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	in := llm.Input{
		Method: "GET", URL: "https://x.example/chat?" + strings.Repeat("q=a&", 300_000), Status: 200, Ended: true,
		ResponseHeader: traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}}, ResponseBody: []byte("data: x\n\n"),
	}
	llm.Parse(in)
	if slots := llm.Slots(in); len(slots) > 1000 {
		t.Errorf("%d slots", len(slots))
	}
	if d := time.Since(begin); d > 20*time.Second {
		t.Errorf("took %s", d)
	}
}
