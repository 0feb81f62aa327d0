package window_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"assay/app/window"
	"assay/traffic"
)

// sse is an answer of OpenAI's chat API as a stream of words.
func sse(words ...string) []byte {
	var b bytes.Buffer
	for _, word := range words {
		text, _ := json.Marshal(word)
		fmt.Fprintf(&b, "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", text)
	}
	return b.Bytes()
}

const sseEnd = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"

func streamed(coding string) *traffic.Exchange {
	x := exchange("POST", "https://api.openai.com/v1/chat/completions", 200, `{"model":"gpt-4o","stream":true,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Tell me"}]}`, "")
	x.Response.Header = traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}}
	if coding != "" {
		x.Response.Header = append(x.Response.Header, traffic.Field{Name: "Content-Encoding", Value: coding})
	}
	return x
}

// TestChatGrows follows an answer word by word: what is given each time, put together, is what is given at once.
func TestChatGrows(t *testing.T) {
	t.Parallel()
	plain := func(p []byte) []byte { return p }
	for _, tt := range []struct {
		name, coding string
		wire         func([]byte) []byte
	}{{"plain", "", plain}, {"gzip", "gzip", gzipped()}, {"gzip that is none", "gzip", plain}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newViewer(t)
			a := v.begin(streamed(tt.coding))
			wire := tt.wire
			words := []string{"Once ", "upon ", "a ", "time. ", "Grüße ", "🙂 ", strings.Repeat("long ", 30_000), "end"}
			id := a.id.String()
			shown, have := "", ""
			for i, word := range words {
				a.more(wire(sse(word)))
				out := v.chat(window.ChatIn{ID: id, Have: have})
				if !out.Live || out.Same != (i > 0) || i > 0 && (len(out.Messages) > 0 || len(out.System) > 0) {
					t.Fatalf("word %d: live %v, same %v, %d messages", i, out.Live, out.Same, len(out.Messages))
				}
				if len(out.Answer) != 1 || out.Append != (i > 0) {
					t.Fatalf("word %d: %d parts, append %v: %+v", i, len(out.Answer), out.Append, out.Answer)
				}
				if i > 0 && out.Answer[0].Text != word {
					t.Errorf("word %d: got %.40q, want only what is new, %.40q", i, out.Answer[0].Text, word)
				}
				shown += out.Answer[0].Text
				have = out.Have
			}
			if want := strings.Join(words, ""); shown != want {
				t.Errorf("put together: %d bytes, want %d", len(shown), len(want))
			}
			a.more(wire([]byte(sseEnd)))
			a.end()
			out := v.chat(window.ChatIn{ID: id, Have: have})
			if out.Live || !out.Same || !out.Facts.Complete || out.Facts.Finish != "stop" || len(out.Answer) != 1 || out.Answer[0].Text != "" {
				t.Errorf("at the end: %+v", out)
			}
		})
	}
}

// gzipped compresses one stream piece by piece, each flushed as servers do.
func gzipped() func([]byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	return func(p []byte) []byte {
		b.Reset()
		_, _ = z.Write(p)
		_ = z.Flush()
		return bytes.Clone(b.Bytes())
	}
}

// TestChatShowsOnlyWhatIsNew: clients resend the history, the window shows a turn.
func TestChatShowsOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	ids := v.add(turn("ann", 1, "gpt-4o"), turn("bob", 1, "gpt-4o"), turn("ann", 2, "gpt-4o"), turn("ann", 3, "gpt-4o"))
	v.rest()
	out := v.chat(window.ChatIn{ID: ids[3]})
	if out.Inherited != 4 || out.From != 4 || out.Total != 5 || out.Before != ids[2] || len(out.Messages) != 1 || out.Messages[0].Parts[0].Text != "ann asks 3" {
		t.Errorf("third turn: %+v", out)
	}
	if all := v.chat(window.ChatIn{ID: ids[3], All: true}); len(all.Messages) != 5 || all.From != 0 || all.Inherited != 4 {
		t.Errorf("third turn whole: %+v", all)
	}
	if first := v.chat(window.ChatIn{ID: ids[0]}); first.Inherited != 0 || len(first.Messages) != 1 || first.Before != "" {
		t.Errorf("first turn: %+v", first)
	}
}

// TestChatPinsTheSystem: what stands before the conversation is told once.
func TestChatPinsTheSystem(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	id := v.add(exchange("POST", "https://api.openai.com/v1/chat/completions", 200, `{"model":"gpt-4o","messages":[
		{"role":"system","content":"Be brief."},{"role":"user","content":"weather?"},
		{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}}]},
		{"role":"tool","tool_call_id":"call_1","content":"rain"},{"role":"user","content":[{"type":"text","text":"and this?"},{"type":"image_url","image_url":{"url":"https://img.example/x.png"}}]}],
		"tools":[{"type":"function","function":{"name":"get_weather","description":"Looks up.","parameters":{"type":"object"}}}]}`,
		`{"object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"Wet."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}`))[0]
	v.rest()
	out := v.chat(window.ChatIn{ID: id})
	if len(out.System) != 1 || out.System[0].Text != "Be brief." || out.From != 1 || len(out.Messages) != 4 {
		t.Fatalf("system %+v, from %d, %d messages", out.System, out.From, len(out.Messages))
	}
	if len(out.Tools) != 1 || out.Tools[0].Name != "get_weather" || out.Tools[0].Description.Text != "Looks up." || !strings.Contains(out.Tools[0].Schema.Text, "object") {
		t.Errorf("tools: %+v", out.Tools)
	}
	call, result, media := out.Messages[1].Parts[0], out.Messages[2].Parts[0], out.Messages[3].Parts[1]
	if call.Kind != "tool_call" || call.Name != "get_weather" || call.Text != `{"city":"Oslo"}` || result.Kind != "tool_result" || result.Call != call.Call || result.Text != "rain" {
		t.Errorf("call %+v, result %+v", call, result)
	}
	if media.Kind != "image" || media.URL != "https://img.example/x.png" {
		t.Errorf("image: %+v", media)
	}
	f := out.Facts
	if !f.Known || f.Provider != "openai" || f.Input != 1000 || f.Output != 100 || f.Cached != -1 || f.Answered != "gpt-4o-2024-08-06" || f.Cost <= 0 {
		t.Errorf("facts: %+v", f)
	}
}

// TestLongTextsAreCutAndFetched: the binding gives a beginning, the handler the rest, byte for byte.
func TestLongTextsAreCutAndFetched(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	long := strings.Repeat("äöü 🙂 ", 40_000)
	text, _ := json.Marshal(long)
	id := v.add(exchange("POST", "https://api.openai.com/v1/chat/completions", 200,
		`{"model":"gpt-4o","messages":[{"role":"user","content":`+string(text)+`}]}`,
		`{"object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":`+string(text)+`}}]}`))[0]
	v.rest()
	out := v.chat(window.ChatIn{ID: id})
	for _, part := range []window.ChatPart{out.Messages[0].Parts[0], out.Answer[0]} {
		if part.Size != len(long) || part.More == 0 || len(part.Text) > 64<<10 || !strings.HasPrefix(long, part.Text) {
			t.Fatalf("%s: %d bytes, %d shown, %d more", part.At, part.Size, len(part.Text), part.More)
		}
		rest := v.get(fmt.Sprintf("/text/%s?at=%s&from=%d", id, part.At, part.Size-part.More))
		if got := part.Text + rest.Body.String(); got != long {
			t.Errorf("%s: %d bytes put together, want %d", part.At, len(got), len(long))
		}
	}
	for _, at := range []string{"", "z1", "m9.9", "a99", "m-1", "s0", "t0"} {
		if w := v.get("/text/" + id + "?at=" + at); w.Code != http.StatusNotFound && w.Code != http.StatusBadRequest {
			t.Errorf("text %q: %d", at, w.Code)
		}
	}
}

// TestWhatIsNotThere: an id that is none, and one that is gone.
func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	for _, id := range []string{"", "x", "7", "-1"} {
		_, err := v.exchange.Chat(window.ChatIn{ID: id})
		var fault window.Fault
		if err == nil || json.Unmarshal([]byte(err.Error()), &fault) != nil || fault.Message == "" {
			t.Errorf("%q: %v", id, err)
		}
	}
	for path, want := range map[string]int{"/raw/7/response": 404, "/raw/x/response": 400, "/raw/7/both": 400, "/body/7/response?form=html": 400, "/raw/7/request?from=-1": 400, "/other": 404} {
		if w := v.get(path); w.Code != want {
			body, _ := io.ReadAll(w.Body)
			t.Errorf("%s: %d, want %d (%s)", path, w.Code, want, body)
		}
	}
}
