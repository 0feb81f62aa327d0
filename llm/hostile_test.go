package llm_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/traffic"
)

const chatURL = "https://api.openai.com/v1/chat/completions"

// TestHostile reads what nobody sends who means well: it must end, soon, and say what it can.
func TestHostile(t *testing.T) {
	t.Parallel()
	sse := traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}}
	chunk := `data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"x"}}]}` + "\n\n"
	tests := map[string]struct {
		request, response string
		header            traffic.Header
		check             func(llm.Conversation) bool
	}{
		"deep request": {
			request: `{"model":"m","messages":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}`,
			check:   func(c llm.Conversation) bool { return c.Model == "m" },
		},
		"deeper than any stack": {request: strings.Repeat(`{"a":`, 5_000_000)},
		"deep answer": {
			response: `{"object":"chat.completion","choices":[{"message":{"content":"Hi"}}],"x":` + strings.Repeat("[", 1_000_000),
			check:    func(c llm.Conversation) bool { return c.Answer == "Hi" && len(c.Notes) == 1 },
		},
		"the last of duplicate keys counts": {
			request: `{"model":"a","model":"b","messages":[{"role":"user","content":"1","content":"2"}],"messages":[{"role":"user","content":"3"}]}`,
			check: func(c llm.Conversation) bool {
				return c.Model == "b" && c.Messages[len(c.Messages)-1].Parts[0].Text == "3"
			},
		},
		"no UTF-8": {
			request: "{\"model\":\"\xff\xfe\",\"messages\":[{\"role\":\"user\",\"content\":\"a\xc3\"}]}",
			check:   func(c llm.Conversation) bool { return c.Model == "\ufffd" && c.Messages[0].Parts[0].Text == "a\ufffd" },
		},
		"lone surrogates": {
			response: `{"object":"chat.completion","choices":[{"message":{"content":"\ud83d-\ud83d\ude00\ude00\u12"}}]}`,
			check:    func(c llm.Conversation) bool { return strings.HasPrefix(c.Answer, "\ufffd-😀\ufffd") },
		},
		"numbers nobody has": {
			response: `{"object":"chat.completion","choices":[],"usage":{"prompt_tokens":1e400,"completion_tokens":-0.5,"total_tokens":99999999999999999999999}}`,
			check:    func(c llm.Conversation) bool { return c.Usage.Input == nil && c.Usage.Total == nil },
		},
		"wrong types everywhere": {
			request:  `{"model":[],"messages":{"0":{"role":1,"content":{"type":2}}},"tools":"x","stream":"yes"}`,
			response: `{"object":"chat.completion","choices":{"0":1},"usage":[],"model":{},"error":[]}`,
		},
		"a million choices": {
			response: `{"object":"chat.completion","choices":[` + strings.Repeat(`{"index":0},`, 1_000_000) + `{}]}`,
			check:    func(c llm.Conversation) bool { return c.Choices == 1_000_001 },
		},
		"a million calls": {
			header: sse, response: chunk + strings.Repeat(`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"name":"f","arguments":""}}]}}]}`+"\n\n", 100_000),
		},
		"indices without end": {header: sse, response: chunk + indices(100_000)},
		"broken events": {
			header: sse, response: chunk + "data: {\"choices\":[{\n\nevent\n:\ndata\n\n\x00\x01\r\r\r\ndata:[DONE\n\n" + chunk,
			check: func(c llm.Conversation) bool { return c.Answer == "xx" },
		},
		"an event without end": {header: sse, response: chunk + "data: " + strings.Repeat("x", 40<<20)},
		"one big text": {
			response: `{"object":"chat.completion","choices":[{"message":{"content":"` + strings.Repeat("a", 32<<20) + `"}}]}`,
			check:    func(c llm.Conversation) bool { return len(c.Answer) == 32<<20 },
		},
		"one big list": {response: `{"object":"list","data":[` + strings.Repeat("1,", 10<<20) + `1]}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			header := tt.header
			if header == nil {
				header = traffic.Header{{Name: "Content-Type", Value: "application/json"}}
			}
			started := time.Now()
			conv := llm.Parse(llm.Input{
				Method: "POST", URL: chatURL, RequestBody: []byte(tt.request), Status: 200, Ended: true,
				ResponseHeader: header, ResponseBody: []byte(tt.response),
			})
			if took := time.Since(started); took > time.Minute {
				t.Errorf("took %v", took)
			}
			if conv.Family != "openai.chat" {
				t.Errorf("family %q", conv.Family)
			}
			if tt.check != nil && !tt.check(conv) {
				t.Errorf("read %.500s", said(conv))
			}
		})
	}
}

func indices(n int) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "data: {\"choices\":[{\"index\":%d,\"delta\":{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":\"x\"}}]}}]}\n\n", i%3000, i)
		fmt.Fprintf(&b, "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":\"x\"}}]}}]}\n\n", i)
	}
	return b.String()
}

// FuzzParse reads any exchange, at once and in two pieces: both must say the same.
func FuzzParse(f *testing.F) {
	for _, list := range specimens(f) {
		for _, s := range list {
			f.Add(s.in.Method, s.in.URL, s.in.RequestBody, s.in.Status, s.in.ResponseHeader.Get("Content-Type"), s.in.ResponseBody, 7)
		}
	}
	f.Fuzz(func(t *testing.T, method, url string, request []byte, status int, contentType string, answer []byte, cut int) {
		in := llm.Input{
			Method: method, URL: url, RequestBody: request, Status: status, Ended: true,
			ResponseHeader: traffic.Header{{Name: "Content-Type", Value: contentType}}, ResponseBody: answer,
		}
		whole := said(llm.Parse(in))
		r := llm.NewReader(in)
		cut = max(0, min(cut, len(answer)))
		r.Write(answer[:cut:cut])
		r.Conversation()
		r.Write(answer[cut:])
		r.Close()
		if got := said(r.Conversation()); got != whole && len(answer) > 1024 == (cut > 1024) {
			t.Errorf("at once:\n%s\nin pieces:\n%s", whole, got)
		}
		in.Ended = false
		llm.Parse(in)
		for _, slot := range llm.Slots(in) {
			if _, err := llm.SetPrompt(in, slot.Ref, "x"); err != nil {
				t.Logf("%s: %v", slot.Ref, err) // a body may break after the text
			}
		}
	})
}

// FuzzStream reads any stream under every framing there is.
func FuzzStream(f *testing.F) {
	urls := []string{
		chatURL, "https://api.openai.com/v1/responses", "https://api.anthropic.com/v1/messages", "http://localhost:11434/api/chat",
		"https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent", "https://api.cohere.com/v2/chat",
		"https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-v2/invoke-with-response-stream",
		"https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream",
	}
	for _, list := range specimens(f) {
		for i, s := range list {
			f.Add(uint8(i), s.in.ResponseHeader.Get("Content-Type"), s.in.ResponseBody)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, contentType string, answer []byte) {
		r := llm.NewReader(llm.Input{
			Method: "POST", URL: urls[int(which)%len(urls)], Status: 200,
			ResponseHeader: traffic.Header{{Name: "Content-Type", Value: contentType}},
		})
		last := ""
		for piece := range slicesOf(answer, 13) {
			r.Write(piece)
			conv := r.Conversation()
			if conv.Streamed && len(conv.Answer) < len(last) && conv.Family != "openai.responses" {
				t.Errorf("the answer shrank from %q to %q", last, conv.Answer)
			}
			if conv.Streamed {
				last = conv.Answer
			}
		}
		r.Close()
		r.Conversation()
	})
}

func slicesOf(b []byte, n int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			k := min(n, len(b))
			if !yield(b[:k:k]) {
				return
			}
			b = b[k:]
		}
	}
}
