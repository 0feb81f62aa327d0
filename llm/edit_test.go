package llm_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"assay/llm"
	"assay/traffic"
)

// edited is a request of one family, and the bodies that edits make of it.
type edited struct {
	family, url, body, slot                         string
	turns, system, tools, result, document, prefill string
	settings                                        string // max_tokens 5, stop ["x"], odd true
}

var editedFamilies = []edited{
	{
		family: "openai.chat", url: "https://api.openai.com/v1/chat/completions", slot: "json:/messages/0/content",
		body:     `{"model":"m", "messages": [ {"role":"user","content":"Hi"} ]}`,
		turns:    `{"model":"m", "messages": [ {"role":"user","content":"Hi"},{"role":"assistant","content":"A \"b\""},{"role":"user","content":"<é>"} ]}`,
		system:   `{"model":"m", "messages": [ {"role":"system","content":"S"},{"role":"user","content":"Hi"} ]}`,
		tools:    `{"model":"m", "messages": [ {"role":"user","content":"Hi"} ],"tools":[{"type":"function","function":{"name":"f","description":"D","parameters":{"type":"object"}}}]}`,
		result:   `{"model":"m", "messages": [ {"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"R"} ]}`,
		prefill:  `{"model":"m", "messages": [ {"role":"user","content":"Hi"},{"role":"assistant","content":"P"} ]}`,
		settings: `{"model":"m", "messages": [ {"role":"user","content":"Hi"} ],"max_tokens":5,"stop":["x"],"odd":true}`,
	},
	{
		family: "openai.responses", url: "https://api.openai.com/v1/responses", slot: "json:/input",
		body:     `{"model":"m","input": "Hi" }`,
		turns:    `{"model":"m","input": [{"role":"user","content":"Hi"},{"role":"assistant","content":"A \"b\""},{"role":"user","content":"<é>"}] }`,
		system:   `{"model":"m","input": "Hi","instructions":"S" }`,
		tools:    `{"model":"m","input": "Hi","tools":[{"type":"function","name":"f","description":"D","parameters":{"type":"object"}}] }`,
		result:   `{"model":"m","input": [{"role":"user","content":"Hi"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},{"type":"function_call_output","call_id":"c1","output":"R"}] }`,
		prefill:  `{"model":"m","input": [{"role":"user","content":"Hi"},{"role":"assistant","content":"P"}] }`,
		settings: `{"model":"m","input": "Hi","max_output_tokens":5,"stop":["x"],"odd":true }`,
	},
	{
		family: "anthropic.messages", url: "https://api.anthropic.com/v1/messages", slot: "json:/messages/0/content",
		body:     `{"max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}`,
		turns:    `{"max_tokens":9,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"A \"b\""},{"role":"user","content":"<é>"}]}`,
		system:   `{"max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"system":"S"}`,
		tools:    `{"max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"tools":[{"name":"f","description":"D","input_schema":{"type":"object"}}]}`,
		result:   `{"max_tokens":9,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"R"}]}]}`,
		document: `{"max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"T"},"title":"n.md"},{"type":"text","text":"Hi"}]}]}`,
		prefill:  `{"max_tokens":9,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"P"}]}`,
		settings: `{"max_tokens":5,"messages":[{"role":"user","content":"Hi"}],"stop_sequences":["x"],"odd":true}`,
	},
	{
		family: "gemini.generateContent", url: "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent", slot: "json:/contents/0/parts/0/text",
		body:     `{"contents":[{"parts":[{"text":"Hi"}]}]}`,
		turns:    `{"contents":[{"parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"A \"b\""}]},{"role":"user","parts":[{"text":"<é>"}]}]}`,
		system:   `{"contents":[{"parts":[{"text":"Hi"}]}],"systemInstruction":{"parts":[{"text":"S"}]}}`,
		tools:    `{"contents":[{"parts":[{"text":"Hi"}]}],"tools":[{"functionDeclarations":[{"name":"f","description":"D","parameters":{"type":"object"}}]}]}`,
		result:   `{"contents":[{"parts":[{"text":"Hi"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"R"}}}]}]}`,
		prefill:  `{"contents":[{"parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"P"}]}]}`,
		settings: `{"contents":[{"parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":5,"stopSequences":["x"]},"odd":true}`,
	},
	{
		family: "ollama.chat", url: "http://127.0.0.1:11434/api/chat", slot: "json:/messages/0/content",
		body:     `{"model":"m","messages":[{"role":"user","content":"Hi"}]}`,
		turns:    `{"model":"m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"A \"b\""},{"role":"user","content":"<é>"}]}`,
		system:   `{"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"}]}`,
		tools:    `{"model":"m","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f","description":"D","parameters":{"type":"object"}}}]}`,
		result:   `{"model":"m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},{"role":"tool","tool_name":"f","content":"R"}]}`,
		prefill:  `{"model":"m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"P"}]}`,
		settings: `{"model":"m","messages":[{"role":"user","content":"Hi"}],"options":{"num_predict":5,"stop":["x"]},"odd":true}`,
	},
	{
		family: "ollama.generate", url: "http://127.0.0.1:11434/api/generate", slot: "json:/prompt",
		body:     `{"model":"m","prompt":"Hi"}`,
		system:   `{"model":"m","prompt":"Hi","system":"S"}`,
		settings: `{"model":"m","prompt":"Hi","options":{"num_predict":5,"stop":["x"]},"odd":true}`,
	},
	{
		family: "cohere.v2.chat", url: "https://api.cohere.com/v2/chat", slot: "json:/messages/0/content",
		body:     `{"model":"m","messages":[{"role":"user","content":"Hi"}]}`,
		turns:    `{"model":"m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"A \"b\""},{"role":"user","content":"<é>"}]}`,
		system:   `{"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"}]}`,
		document: `{"model":"m","messages":[{"role":"user","content":"Hi"}],"documents":[{"id":"assay","data":{"title":"n.md","snippet":"T"}}]}`,
		settings: `{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":5,"stop_sequences":["x"],"odd":true}`,
	},
	{
		family: "bedrock.converse", url: "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse", slot: "json:/messages/0/content/0/text",
		body:     `{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}`,
		turns:    `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"A \"b\""}]},{"role":"user","content":[{"text":"<é>"}]}]}`,
		system:   `{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"system":[{"text":"S"}]}`,
		tools:    `{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"D","inputSchema":{"json":{"type":"object"}}}}]}}`,
		result:   `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"f","input":{"a":1}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"R"}]}}]}]}`,
		document: `{"messages":[{"role":"user","content":[{"document":{"format":"txt","name":"n-md","source":{"bytes":"VA=="}}},{"text":"Hi"}]}]}`,
		prefill:  `{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"P"}]}]}`,
		settings: `{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":5,"stopSequences":["x"]},"odd":true}`,
	},
}

// TestEditor makes every edit in every family, byte by byte.
func TestEditor(t *testing.T) {
	t.Parallel()
	for _, f := range editedFamilies {
		t.Run(f.family, func(t *testing.T) {
			t.Parallel()
			in := llm.Input{Method: "POST", URL: f.url, RequestBody: []byte(f.body), RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}}}
			conv := llm.Parse(in)
			if conv.Family != f.family {
				t.Fatalf("read as %s", conv.Family)
			}
			e := llm.EditorFor(in, &conv)
			slot, err := llm.ParseRef(f.slot)
			if err != nil {
				t.Fatal(err)
			}
			check := func(what, want string, out llm.Input, err error) {
				t.Helper()
				if want == "" {
					if noPlace, is := errors.AsType[*llm.NoPlace](err); err == nil && what != "tools" && what != "result" && what != "prefill" || err != nil && (!is || noPlace.Family != f.family) {
						t.Errorf("%s: %v, %s", what, err, out.RequestBody)
					}
					return
				}
				if err != nil || string(out.RequestBody) != want {
					t.Errorf("%s: %v\n%s\nwant\n%s", what, err, out.RequestBody, want)
				}
				if string(in.RequestBody) != f.body {
					t.Error("what was given was changed")
				}
			}
			out, err := e.Append(in, llm.Turn{Role: "assistant", Text: `A "b"`}, llm.Turn{Role: "user", Text: "<é>"})
			check("turns", f.turns, out, err)
			out, err = e.AddSystem(in, "S")
			check("system", f.system, out, err)
			out, err = e.AddTools(in, llm.Tool{Name: "f", Description: "D", Schema: ` {"type":"object"} `})
			check("tools", f.tools, out, err)
			out, err = e.Append(in, llm.Turn{Role: "assistant", Calls: []llm.ToolCall{{ID: "c1", Name: "f", Arguments: `{"a":1}`}}}, llm.Turn{Role: "tool", CallID: "c1", Name: "f", Text: "R"})
			check("result", f.result, out, err)
			out, err = e.AddDocument(in, slot, "n.md", "T")
			check("document", f.document, out, err)
			out, err = e.Prefill(in, "P")
			check("prefill", f.prefill, out, err)
			out = in
			for _, p := range []struct {
				name  string
				value any
			}{{"max_tokens", 5}, {"stop", []string{"x"}}, {"odd", true}} {
				if out, err = e.SetParameter(out, p.name, p.value); err != nil {
					t.Fatal(err)
				}
			}
			check("settings", f.settings, out, nil)
		})
	}
}

// TestResultsTogether puts the results of several calls, and what the user says then, where each format wants them.
func TestResultsTogether(t *testing.T) {
	t.Parallel()
	turns := []llm.Turn{
		{Role: "assistant", Calls: []llm.ToolCall{{ID: "c1", Name: "f"}, {ID: "c2", Name: "g"}}},
		{Role: "tool", CallID: "c1", Name: "f", Text: "1"},
		{Role: "tool", CallID: "c2", Name: "g", Text: "2"},
		{Role: "user", Text: "U"},
	}
	want := map[string]string{
		"anthropic.messages": `,{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}},{"type":"tool_use","id":"c2","name":"g","input":{}}]},` +
			`{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"1"},{"type":"tool_result","tool_use_id":"c2","content":"2"},{"type":"text","text":"U"}]}]}`,
		"gemini.generateContent": `,{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"g","args":{}}}]},` +
			`{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"1"}}},{"functionResponse":{"name":"g","response":{"result":"2"}}}]},{"role":"user","parts":[{"text":"U"}]}]}`,
		"bedrock.converse": `,{"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"f","input":{}}},{"toolUse":{"toolUseId":"c2","name":"g","input":{}}}]},` +
			`{"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"1"}]}},{"toolResult":{"toolUseId":"c2","content":[{"text":"2"}]}},{"text":"U"}]}]}`,
		"cohere.v2.chat": `,{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},` +
			`{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":"2"},{"role":"user","content":"U"}]}`,
	}
	for _, f := range editedFamilies {
		if want[f.family] == "" {
			continue
		}
		in := llm.Input{Method: "POST", URL: f.url, RequestBody: []byte(f.body)}
		conv := llm.Parse(in)
		out, err := llm.EditorFor(in, &conv).Append(in, turns...)
		if err != nil || !strings.HasSuffix(string(out.RequestBody), want[f.family]) {
			t.Errorf("%s: %v\n%s\nwant …%s", f.family, err, out.RequestBody, want[f.family])
		}
		if read := llm.Parse(out); read.ToolResults != 2 || strings.Join(read.LastUser(), "") != "U" {
			t.Errorf("%s: reads %d results, %v", f.family, read.ToolResults, read.LastUser())
		}
	}
}

func TestSetModelAndStream(t *testing.T) {
	t.Parallel()
	tests := []struct{ url, body, wantURL, wantBody, streamURL string }{
		{
			"https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent?key=K", `{"contents":[{"parts":[{"text":"Hi"}]}]}`,
			"https://generativelanguage.googleapis.com/v1beta/models/o3%2Fpro:generateContent?key=K", `{"contents":[{"parts":[{"text":"Hi"}]}]}`,
			"https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?key=K&alt=sse",
		},
		{
			"https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-micro-v1%3A0/converse", `{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}`,
			"https://bedrock-runtime.us-east-1.amazonaws.com/model/o3%2Fpro/converse", `{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}`,
			"https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-micro-v1%3A0/converse-stream",
		},
		{
			"https://x.openai.azure.com/openai/deployments/gpt-4/chat/completions?api-version=1", `{"messages":[{"role":"user","content":"Hi"}]}`,
			"https://x.openai.azure.com/openai/deployments/o3%2Fpro/chat/completions?api-version=1", `{"messages":[{"role":"user","content":"Hi"}]}`,
			"https://x.openai.azure.com/openai/deployments/gpt-4/chat/completions?api-version=1",
		},
		{
			"https://api.openai.com/v1/chat/completions", `{"model": "gpt-4","messages":[{"role":"user","content":"Hi"}]}`,
			"https://api.openai.com/v1/chat/completions", `{"model": "o3/pro","messages":[{"role":"user","content":"Hi"}]}`, "https://api.openai.com/v1/chat/completions",
		},
	}
	for _, tt := range tests {
		in := llm.Input{Method: "POST", URL: tt.url, RequestBody: []byte(tt.body)}
		conv := llm.Parse(in)
		e := llm.EditorFor(in, &conv)
		out, err := e.SetModel(in, conv.Model, "o3/pro")
		if err != nil || out.URL != tt.wantURL || string(out.RequestBody) != tt.wantBody {
			t.Errorf("%s: %v\n%s\n%s", tt.url, err, out.URL, out.RequestBody)
		}
		streamed, err := e.SetParameter(in, "stream", true)
		if err != nil || streamed.URL != tt.streamURL {
			t.Errorf("%s: %v %s", tt.url, err, streamed.URL)
		}
		if back, err := e.SetParameter(streamed, "stream", false); err != nil || back.URL != tt.url {
			t.Errorf("%s: %v %s", tt.url, err, back.URL)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	picture := llm.File{Name: "a.png", MIME: "image/png", Data: []byte("png")}
	for _, f := range editedFamilies {
		in := llm.Input{Method: "POST", URL: f.url, RequestBody: []byte(f.body)}
		conv := llm.Parse(in)
		slot, err := llm.ParseRef(f.slot)
		if err != nil {
			t.Fatal(err)
		}
		out, err := llm.EditorFor(in, &conv).AddFile(in, slot, picture)
		if err != nil || !json.Valid(out.RequestBody) || !strings.Contains(string(out.RequestBody), "cG5n") {
			t.Errorf("%s: %v %s", f.family, err, out.RequestBody)
			continue
		}
		read := llm.Parse(out)
		if f.family == "ollama.generate" { // its pictures stand beside the prompt, and are not read
			continue
		}
		media := 0
		for _, m := range read.Messages {
			for _, p := range m.Parts {
				if p.Kind == llm.PartImage {
					media++
				}
			}
		}
		if media != 1 || strings.Join(read.LastUser(), "") == "" || !strings.Contains(strings.Join(read.LastUser(), ""), "Hi") {
			t.Errorf("%s: %d pictures, %v: %s", f.family, media, read.LastUser(), out.RequestBody)
		}
	}
}

// FuzzEditor makes every edit of whatever body: none panics, and JSON stays JSON.
func FuzzEditor(f *testing.F) {
	for _, e := range editedFamilies {
		f.Add(e.url, e.body, e.slot, nasty)
	}
	f.Add("https://app.example/api/chat", `{"question":"x y z?","history":[["a","b"]],"context":"c"}`, "json:/question", "x")
	f.Add("https://app.example/api/chat", `{"messages":[{"role":"user","parts":[{"type":"text","text":"x"}],"id":"1"}]}`, "json:/messages/0/parts/0/text", "x")
	f.Add("https://api.cohere.com/v1/chat", `{"message":"hi","model":"m","chat_history":null}`, "json:/message", "\xff")
	f.Add("https://api.openai.com/v1/chat/completions", `{"messages":[],"messages":{"role":1},"tools":[[]]}`, "json:/messages/9", "x")
	f.Fuzz(func(t *testing.T, url, body, place, text string) {
		if len(body) > 16<<10 {
			return
		}
		in := llm.Input{Method: "POST", URL: url, RequestBody: []byte(body), RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}}}
		conv := llm.Parse(in)
		e := llm.EditorFor(in, &conv)
		slot, err := llm.ParseRef(place)
		if err != nil {
			return
		}
		call := llm.ToolCall{ID: "c1", Name: text, Arguments: text}
		edits := map[string]func() (llm.Input, error){
			"append": func() (llm.Input, error) {
				return e.Append(in, llm.Turn{Role: "assistant", Text: text, Calls: []llm.ToolCall{call}}, llm.Turn{Role: "tool", CallID: "c1", Text: text}, llm.Turn{Role: "user", Text: text})
			},
			"before": func() (llm.Input, error) {
				return e.InsertBefore(in, slot, llm.Turn{Role: "user", Text: text}, llm.Turn{Role: "assistant", Text: text})
			},
			"system": func() (llm.Input, error) { return e.AddSystem(in, text) },
			"tools": func() (llm.Input, error) {
				return e.AddTools(in, llm.Tool{Name: text, Description: text, Schema: text})
			},
			"document": func() (llm.Input, error) { return e.AddDocument(in, slot, text, text) },
			"file": func() (llm.Input, error) {
				return e.AddFile(in, slot, llm.File{Name: text, MIME: "text/plain", Data: []byte(text)})
			},
			"prefill": func() (llm.Input, error) { return e.Prefill(in, text) },
			"name":    func() (llm.Input, error) { return e.SetUserName(in, slot, text) },
			"tool":    func() (llm.Input, error) { return e.SetToolDescription(in, text) },
			"setting": func() (llm.Input, error) { return e.SetParameter(in, text, text) },
			"max":     func() (llm.Input, error) { return e.SetParameter(in, "max_tokens", 1) },
			"model":   func() (llm.Input, error) { return e.SetModel(in, conv.Model, text) },
			"text":    func() (llm.Input, error) { return llm.PutText(in, slot, text) },
			"member": func() (llm.Input, error) {
				out, err := llm.PutJSON(in.RequestBody, slot.Name, `{"a":[1]}`)
				return llm.Input{RequestBody: out}, err
			},
			"gone": func() (llm.Input, error) {
				out, _, err := llm.RemoveJSON(in.RequestBody, slot.Name)
				return llm.Input{RequestBody: out}, err
			},
		}
		for name, edit := range edits {
			out, err := edit()
			switch {
			case err != nil && !bytes.Equal(out.RequestBody, in.RequestBody):
				t.Fatalf("%s failed (%v) and changed the body to %q", name, err, out.RequestBody)
			case string(in.RequestBody) != body:
				t.Fatalf("%s changed what it was given", name)
			case slot.In == llm.PlaceBody:
			case json.Valid(in.RequestBody) && !json.Valid(out.RequestBody):
				t.Fatalf("%s made %q of %q", name, out.RequestBody, body)
			}
		}
	})
}

// FuzzForm puts fields into forms and takes them out again.
func FuzzForm(f *testing.F) {
	f.Add("a=1&b=2", "b", "x y")
	f.Add("", "", "&=")
	f.Add("a&&=&%zz=1", "a", "\x00")
	f.Fuzz(func(t *testing.T, body, name, text string) {
		put := llm.PutForm([]byte(body), name, text)
		left, removed := llm.RemoveForm(put, name)
		if again, twice := llm.RemoveForm(left, name); removed && twice && name != "" {
			t.Fatalf("%q is still in %q (%q)", name, left, again)
		}
		llm.RemoveQuery("https://a.example/?"+body+"#"+text, name)
	})
}

// FuzzParts changes files and fields of multipart bodies.
func FuzzParts(f *testing.F) {
	f.Add("--B\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\nhi\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\\\"\"\r\n\r\nold\r\n--B--\r\n", "q", "new")
	f.Add("--B--", "x", "y")
	f.Fuzz(func(t *testing.T, body, name, text string) {
		in := llm.Input{RequestBody: []byte(body), RequestHeader: traffic.Header{{Name: "Content-Type", Value: "multipart/form-data; boundary=B"}}}
		before := len(llm.FormParts(in))
		if out, err := llm.SetFile(in, name, []byte(text)); err == nil && len(llm.FormParts(out)) != before {
			t.Fatalf("%d fields became %d: %q", before, len(llm.FormParts(out)), out.RequestBody)
		}
		if out, err := llm.PutPart(in, name, text); err == nil && len(llm.FormParts(out)) < before {
			t.Fatalf("%d fields became %d: %q", before, len(llm.FormParts(out)), out.RequestBody)
		}
	})
}
