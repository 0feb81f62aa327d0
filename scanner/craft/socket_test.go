package craft_test

import (
	"errors"
	"strings"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/template"
)

// A WebSocket session takes a prompt, headers and nothing that only a body of HTTP has.
func TestSocket(t *testing.T) {
	t.Parallel()
	m := &scanner.Model{
		Method: "GET", URL: "https://a.test/v1/realtime?model=m", Slot: "frame:1/item/content/0/text", Source: 1,
		Frames: []scanner.ModelFrame{
			{Data: []byte(`{"type":"session.update","session":{}}`)},
			{Data: []byte(`{"type":"conversation.item.create","item":{"role":"user","content":[{"text":"Hello you"}]}}`)},
			{Data: []byte(`{"type":"response.create"}`)},
		},
	}
	s, err := craft.New("exchange:1", m, "")
	if err != nil {
		t.Fatal(err)
	}
	if s.Prompt != "Hello you" || s.Kind != string(llm.KindLLM) {
		t.Errorf("%s says %q", s.Kind, s.Prompt)
	}
	raw := "x"
	for name, c := range map[string]struct {
		slot  string
		edit  *template.Request
		unfit bool
	}{
		"prompt":       {slot: template.SlotLastUser},
		"header":       {slot: "header:X-A"},
		"system":       {slot: template.SlotSystem, unfit: true},
		"tool":         {slot: template.SlotToolResult, unfit: true},
		"file":         {slot: template.SlotFile, unfit: true},
		"history":      {slot: template.SlotHistory, unfit: true},
		"member":       {slot: "json:/a", unfit: true},
		"body":         {slot: template.SlotLastUser, edit: &template.Request{Raw: &raw}, unfit: true},
		"headers":      {slot: template.SlotLastUser, edit: &template.Request{Headers: &template.FieldEdit{Set: []template.Parameter{{Name: "X-A", Value: "b"}}}}},
		"content type": {slot: template.SlotLastUser, edit: &template.Request{ContentType: "text/plain"}, unfit: true},
	} {
		r := &template.Rendered{Turns: []template.RenderedTurn{{Slot: c.slot, Text: "attack"}}, Request: c.edit}
		sc, err := craft.Begin(s, r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		call, err := sc.Call(0)
		if c.unfit {
			if no, ok := errors.AsType[*craft.Unfit](err); !ok || !strings.Contains(no.Why, "WebSocket") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := string(m.Frames[1].Data)
		if c.slot == template.SlotLastUser {
			want = strings.Replace(want, "Hello you", "attack", 1)
		}
		if got := string(call.Input.Frames[1].Data); len(call.Input.Frames) != 3 || got != want {
			t.Errorf("%s: %s", name, got)
		}
		if header := call.Input.RequestHeader.Has("X-A"); header != (name == "header" || name == "headers") {
			t.Errorf("%s: header %v", name, header)
		}
	}
}
