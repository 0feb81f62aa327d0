package llm_test

import (
	"encoding/json"
	"testing"

	"assay/llm"
	"assay/test/corpus"
	"assay/traffic"
)

// sessionRecording is one row of the recorded WebSocket sessions.
type sessionRecording struct {
	URL      string `json:"url_inferred"`
	Provider string `json:"folder_provider"`
	Family   string `json:"family"`
	Frames   []struct {
		Dir  string          `json:"dir"`
		Data json.RawMessage `json:"data"`
	} `json:"frames"`
}

func (r *sessionRecording) input() llm.Input {
	in := llm.Input{Method: "GET", URL: r.URL, Status: 101, Ended: true}
	for i, f := range r.Frames {
		side := traffic.FromServer
		if f.Dir == "c2s" {
			side = traffic.FromClient
		}
		in.Frames = append(in.Frames, traffic.Frame{Seq: i, Side: side, Opcode: 1, Data: f.Data})
	}
	return in
}

func TestCorpusSessions(t *testing.T) {
	t.Parallel()
	rows := corpus.Read[sessionRecording](t, "wire", "ws.dev.jsonl.zst")
	for _, r := range rows {
		in := r.input()
		for _, blind := range []bool{false, true} {
			if blind {
				in.URL = "wss://gateway.internal/socket"
			}
			conv := llm.Parse(in)
			if conv.Family != r.Family {
				t.Errorf("%s: family %q, want %q", in.URL, conv.Family, r.Family)
			}
			if conv.Answer == "" || len(conv.LastUser()) == 0 || conv.Events != len(r.Frames) {
				t.Errorf("%s: answer %q, user %q, %d of %d events", in.URL, conv.Answer, conv.LastUser(), conv.Events, len(r.Frames))
			}
			if !blind {
				t.Logf("%s %s: %q -> %q, calls %+v", conv.Provider, conv.Model, conv.LastUser(), conv.Answer, conv.ToolCalls)
			}
		}
	}
}

func TestRealtimeSession(t *testing.T) {
	t.Parallel()
	r := sessionRecording{URL: "wss://api.openai.com/v1/realtime?model=gpt-realtime"}
	frames := `[
	{"dir":"s2c","data":{"type":"session.created","session":{"model":"gpt-realtime-2025","instructions":"default"}}},
	{"dir":"c2s","data":{"type":"session.update","session":{"instructions":"Be brief.","tools":[{"type":"function","name":"weather","parameters":{}}]}}},
	{"dir":"c2s","data":{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Weather?"}]}}},
	{"dir":"c2s","data":{"type":"response.create"}},
	{"dir":"s2c","data":{"type":"response.created","response":{}}},
	{"dir":"s2c","data":{"type":"response.function_call_arguments.done","call_id":"c1","name":"weather","arguments":"{\"city\":\"Oslo\"}"}},
	{"dir":"s2c","data":{"type":"response.done","response":{"status":"completed","usage":{"input_tokens":10,"output_tokens":2,"total_tokens":12}}}},
	{"dir":"c2s","data":{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"rain"}}},
	{"dir":"s2c","data":{"type":"response.output_text.delta","delta":"It "}},
	{"dir":"s2c","data":{"type":"response.output_text.delta","delta":"rains."}},
	{"dir":"s2c","data":{"type":"response.done","response":{"status":"completed","usage":{"input_tokens":20,"output_tokens":3,"total_tokens":23}}}}]`
	if err := json.Unmarshal([]byte(frames), &r.Frames); err != nil {
		t.Fatal(err)
	}
	conv := llm.Parse(r.input())
	if conv.Provider != "openai" || conv.Family != "openai.realtime" || conv.Model != "gpt-realtime" || conv.AnswerModel != "gpt-realtime-2025" {
		t.Errorf("%s %s %s %s", conv.Provider, conv.Family, conv.Model, conv.AnswerModel)
	}
	if conv.Answer != "It rains." || len(conv.System) != 1 || conv.System[0] != "Be brief." || conv.ToolResults != 1 || len(conv.Tools) != 1 {
		t.Errorf("answer %q, system %q, %d tool results, tools %v", conv.Answer, conv.System, conv.ToolResults, conv.Tools)
	}
	if len(conv.ToolCalls) != 1 || conv.ToolCalls[0].Name != "weather" || conv.ToolCalls[0].Arguments != `{"city":"Oslo"}` {
		t.Errorf("calls %v", conv.ToolCalls)
	}
	if *conv.Usage.Input != 30 || *conv.Usage.Output != 5 || *conv.Usage.Total != 35 || conv.Finish != "completed" {
		t.Errorf("usage of both turns %d %d %d, finish %q", *conv.Usage.Input, *conv.Usage.Output, *conv.Usage.Total, conv.Finish)
	}
	roles := ""
	for _, m := range conv.Messages {
		roles += m.Role + " "
	}
	if roles != "user assistant tool assistant " {
		t.Errorf("roles %q", roles)
	}
}

func FuzzSession(f *testing.F) {
	f.Add([]byte(`{"type":"response.done","response":{"output":[{"content":[{"text":"x"}]}]}}`), []byte(`{"setup":{"model":"m"},"clientContent":{"turns":[{"parts":[{"text":"x"}]}]}}`))
	f.Fuzz(func(_ *testing.T, server, client []byte) {
		in := llm.Input{Method: "GET", URL: "wss://x.example/v1/realtime", Status: 101, Frames: []traffic.Frame{
			{Side: traffic.FromServer, Opcode: 1, Data: server},
			{Side: traffic.FromClient, Opcode: 1, Data: client},
			{Side: traffic.FromServer, Opcode: 1, Data: server},
		}}
		llm.Parse(in)
		in.URL = "wss://x.example/ws/BidiGenerateContent"
		llm.Parse(in)
	})
}
