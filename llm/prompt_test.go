package llm_test

import (
	"bytes"
	"encoding/json"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assay/llm"
	"assay/traffic"
)

const nasty = "Say \"hi\" \\ \t\r\n\x01 ünï 😀 </script> \u2028 %41+&=#"

func TestSetPrompt(t *testing.T) {
	t.Parallel()
	jsonHeader := traffic.Header{{Name: "Content-Type", Value: "application/json"}}
	formHeader := traffic.Header{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}
	partHeader := traffic.Header{{Name: "Content-Type", Value: `multipart/form-data; boundary="b b"`}}
	parts := "--b b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\x00\r\n--b b\r\n" +
		"Content-Disposition: form-data; name=\"prompt\"\r\n\r\n%s\r\n--b b--\r\n"
	tests := []struct {
		name string
		in   llm.Input
		ref  string
		text string
		want llm.Input
		err  string
	}{
		{
			"string",
			llm.Input{RequestHeader: jsonHeader, RequestBody: []byte(" {\"a\":\n[1, \"x\\u0041\" ] } ")},
			"json:/a/1", "é\"\n",
			llm.Input{RequestHeader: jsonHeader, RequestBody: []byte(" {\"a\":\n[1, \"\\u00e9\\\"\\n\" ] } ")},
			"",
		},
		{
			"content of parts",
			llm.Input{RequestBody: []byte(`{"content":[{"type":"image"},{"type":"text","text":"old"},{"text":"keep"}]}`)},
			"json:/content", "new",
			llm.Input{RequestBody: []byte(`{"content":[{"type":"image"},{"type":"text","text":"new"},{"text":"keep"}]}`)},
			"",
		},
		{
			"the last of duplicate keys counts",
			llm.Input{RequestBody: []byte(`{"a":"1","a":"2"}`)},
			"json:/a", "é😀",
			llm.Input{RequestBody: []byte(`{"a":"1","a":"é😀"}`)},
			"",
		},
		{
			"pure ASCII stays so",
			llm.Input{RequestBody: []byte(`{"a":"\u00e4"}`)},
			"json:/a", "é😀",
			llm.Input{RequestBody: []byte(`{"a":"\u00e9\ud83d\ude00"}`)},
			"",
		},
		{"null", llm.Input{RequestBody: []byte(`{"a":null}`)}, "json:/a", "x", llm.Input{RequestBody: []byte(`{"a":"x"}`)}, ""},
		{
			"keys with slashes",
			llm.Input{RequestBody: []byte(`{"a/b":{"~":"1"}}`)},
			"json:/a~1b/~0", "2",
			llm.Input{RequestBody: []byte(`{"a/b":{"~":"2"}}`)},
			"",
		},
		{"no such place", llm.Input{RequestBody: []byte(`{"a":"1"}`)}, "json:/b", "2", llm.Input{}, "no such place"},
		{"no text", llm.Input{RequestBody: []byte(`{"a":[1]}`)}, "json:/a", "2", llm.Input{}, "no text"},
		{"cut off", llm.Input{RequestBody: []byte(`{"a":"1`)}, "json:/a", "2", llm.Input{}, "ends in the middle"},
		{"no JSON", llm.Input{RequestBody: []byte(`hello`)}, "json:/a", "2", llm.Input{}, "no such place"},
		{
			"form",
			llm.Input{RequestHeader: formHeader, RequestBody: []byte("a=1&m%73g=x+y&b")},
			"form:msg", "ü &",
			llm.Input{RequestHeader: formHeader, RequestBody: []byte("a=1&m%73g=%C3%BC+%26&b")},
			"",
		},
		{"second of two fields", llm.Input{RequestBody: []byte("a=1&a=2%20")}, "form:a#1", "x y", llm.Input{RequestBody: []byte("a=1&a=x%20y")}, ""},
		{"field without value", llm.Input{RequestBody: []byte("a&b")}, "form:a", "1", llm.Input{RequestBody: []byte("a=1&b")}, ""},
		{"no such field", llm.Input{RequestBody: []byte("a=1")}, "form:b", "1", llm.Input{}, "no such field"},
		{"query", llm.Input{URL: "https://x.example/s?k={v}&q=old#f?"}, "query:q", "a b", llm.Input{URL: "https://x.example/s?k={v}&q=a+b#f?"}, ""},
		{"no query", llm.Input{URL: "https://x.example/s#?q=1"}, "query:q", "a", llm.Input{}, "no query"},
		{
			"header",
			llm.Input{RequestHeader: traffic.Header{{Name: "X-a", Value: "1"}, {Name: "x-A", Value: "2"}}},
			"header:X-A#1", "3",
			llm.Input{RequestHeader: traffic.Header{{Name: "X-a", Value: "1"}, {Name: "x-A", Value: "3"}}},
			"",
		},
		{"line end in a header", llm.Input{RequestHeader: traffic.Header{{Name: "a", Value: "1"}}}, "header:a", "x\r\ny: z", llm.Input{}, "line ends"},
		{"no such header", llm.Input{}, "header:a", "x", llm.Input{}, "no such header"},
		{
			"part",
			llm.Input{RequestHeader: partHeader, RequestBody: []byte(strings.ReplaceAll(parts, "%s", "old\r\nlines"))},
			"part:prompt", "new",
			llm.Input{RequestHeader: partHeader, RequestBody: []byte(strings.ReplaceAll(parts, "%s", "new"))},
			"",
		},
		{
			"boundary in a text",
			llm.Input{RequestHeader: partHeader, RequestBody: []byte(parts)},
			"part:prompt", "--b b",
			llm.Input{},
			"boundary",
		},
		{"no such part", llm.Input{RequestHeader: partHeader, RequestBody: []byte(parts)}, "part:x", "y", llm.Input{}, "no such field"},
		{"not multipart", llm.Input{RequestHeader: jsonHeader, RequestBody: []byte(parts)}, "part:x", "y", llm.Input{}, "not multipart"},
		{"body", llm.Input{RequestBody: []byte("old")}, "body:", "new", llm.Input{RequestBody: []byte("new")}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ref, err := llm.ParseRef(tt.ref)
			if err != nil || ref.String() != tt.ref {
				t.Fatalf("ParseRef(%q) = %s, %v", tt.ref, ref, err)
			}
			before := bytes.Clone(tt.in.RequestBody)
			got, err := llm.SetPrompt(tt.in, ref, tt.text)
			if !bytes.Equal(before, tt.in.RequestBody) {
				t.Error("the recorded body was changed")
			}
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("request differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "json", "json:a", "cookie:x", "/a"} {
		if ref, err := llm.ParseRef(s); err == nil {
			t.Errorf("ParseRef(%q) = %+v", s, ref)
		}
	}
}

func TestSlots(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   llm.Input
		want []string // "ref role text"
	}{
		{
			"chat",
			llm.Input{
				Method: "POST", URL: "https://api.openai.com/v1/chat/completions", RequestBody: []byte(`{"model":"m","messages":[
				{"role":"system","content":"s"},{"role":"user","content":"u1"},{"role":"assistant","content":"a"},
				{"role":"user","content":[{"type":"text","text":"u2"}]},{"role":"tool","tool_call_id":"1","content":"t"}]}`),
			},
			[]string{
				"json:/messages/3/content/0/text user u2", "json:/messages/0/content system s", "json:/messages/4/content tool t",
				"json:/messages/2/content assistant a", "json:/messages/1/content user u1",
			},
		},
		{
			"messages with a tool result",
			llm.Input{
				Method: "POST", URL: "https://api.anthropic.com/v1/messages", RequestBody: []byte(`{"model":"m","max_tokens":1,"system":"s","messages":[
				{"role":"user","content":"u"},{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"f","input":{}}]},
				{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"t"}]}]}`),
			},
			[]string{"json:/messages/0/content user u", "json:/system system s", "json:/messages/2/content/0/content tool t"},
		},
		{
			"an application of its own",
			llm.Input{
				Method: "POST", URL: "https://app.example/do?q=what+is+it&n=1",
				RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}},
				RequestBody:   []byte("id=7&note=Please+call+me+back&message=hi"),
			},
			[]string{"query:q  what is it", "form:message  hi", "form:note  Please call me back"},
		},
		{"nothing", llm.Input{Method: "GET", URL: "https://app.example/"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range llm.Slots(tt.in) {
				got = append(got, s.Ref.String()+" "+s.Role+" "+s.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("slots differ (-want +got):\n%s", diff)
			}
		})
	}
}

// checkSet sets one place and looks at the request with other eyes: only the bytes of that text may differ, and the
// text must read back.
func checkSet(t *testing.T, in llm.Input, slot llm.Slot, text string) {
	t.Helper()
	out, err := llm.SetPrompt(in, slot.Ref, text)
	if err != nil {
		if !strings.Contains(err.Error(), "ends in the middle") {
			t.Errorf("%s: %v", slot.Ref, err)
		}
		return
	}
	old, changed := in.RequestBody, out.RequestBody
	head, tail := 0, 0
	for head < min(len(old), len(changed)) && old[head] == changed[head] {
		head++
	}
	for tail < min(len(old), len(changed))-head && old[len(old)-1-tail] == changed[len(changed)-1-tail] {
		tail++
	}
	back, err := llm.SetPrompt(out, slot.Ref, slot.Text)
	if err != nil {
		t.Errorf("%s: setting it back: %v", slot.Ref, err)
		return
	}
	switch slot.Ref.In {
	case llm.PlaceJSON:
		start, end := max(head-1, 0), min(len(old)-tail+1, len(old))
		if replaced := old[start:end]; len(replaced) > 6*len(slot.Text)+4 {
			t.Errorf("%s: %d bytes changed of a text of %d", slot.Ref, len(replaced), len(slot.Text))
		}
		if json.Valid(old) && (!json.Valid(changed) || !sameJSON(old, back.RequestBody)) {
			t.Errorf("%s: setting it back gives %s", slot.Ref, back.RequestBody)
		}
	default:
		if bytes.Count(changed, []byte("&")) != bytes.Count(old, []byte("&")) && slot.Ref.In == llm.PlaceForm {
			t.Errorf("%s: the fields are others now: %s", slot.Ref, changed)
		}
	}
	if slot.Role == "" {
		return // only listed because it read like prose
	}
	for _, s := range llm.Slots(out) {
		if s.Ref == slot.Ref {
			if s.Text != text {
				t.Errorf("%s: reads back as %q", slot.Ref, s.Text)
			}
			return
		}
	}
	t.Errorf("%s: no longer there in %.300s", slot.Ref, changed)
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && cmp.Equal(x, y)
}

func TestCorpusSetPrompt(t *testing.T) {
	t.Parallel()
	rows, _ := recordings(t)
	with, places := 0, 0
	for i := range rows {
		in := rows[i].input()
		in.ResponseBody = nil
		slots := llm.Slots(in)
		if len(slots) > 0 {
			with++
		}
		for _, slot := range slots[:min(len(slots), 4)] {
			places++
			checkSet(t, in, slot, nasty)
		}
	}
	t.Logf("%d of %d requests have texts that may be replaced; %d places were", with, len(rows), places)
}

func TestSetPartReadsBack(t *testing.T) {
	t.Parallel()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField("prompt", "a cat"); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteField("n", "1"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	in := llm.Input{
		Method: "POST", URL: "https://app.example/draw", RequestBody: body.Bytes(),
		RequestHeader: traffic.Header{{Name: "content-type", Value: w.FormDataContentType()}},
	}
	out, err := llm.SetPrompt(in, llm.Ref{In: llm.PlacePart, Name: "prompt"}, nasty)
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(w.FormDataContentType())
	if err != nil {
		t.Fatal(err)
	}
	form, err := multipart.NewReader(bytes.NewReader(out.RequestBody), params["boundary"]).ReadForm(1 << 20)
	if err != nil || form.Value["prompt"][0] != nasty || form.Value["n"][0] != "1" {
		t.Errorf("form %v, %v", form, err)
	}
}

func FuzzSetPrompt(f *testing.F) {
	f.Add([]byte(`{"model":"m","messages":[{"role":"user","content":"x\u00e4"}]}`), "application/json", nasty)
	f.Add([]byte("a=1&message=hi"), "application/x-www-form-urlencoded", nasty)
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"a b\"\r\n\r\nhello you there\r\n--b--"), "multipart/form-data; boundary=b", "x")
	f.Fuzz(func(t *testing.T, body []byte, contentType, text string) {
		in := llm.Input{
			Method: "POST", URL: "https://app.example/chat?" + text, RequestBody: body,
			RequestHeader: traffic.Header{{Name: "Content-Type", Value: contentType}},
		}
		slots := llm.Slots(in)
		for _, slot := range slots[:min(len(slots), 5)] {
			out, err := llm.SetPrompt(in, slot.Ref, text)
			if err == nil && slot.Ref.In == llm.PlaceJSON && json.Valid(body) && !json.Valid(out.RequestBody) {
				t.Fatalf("%s: valid JSON became %q", slot.Ref, out.RequestBody)
			}
		}
	})
}
