package llm_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"assay/llm"
	"assay/test/corpus"
	"assay/traffic"
)

// A new prompt in a recorded session changes the bytes of one string of one frame.
func TestCorpusSessionPrompt(t *testing.T) {
	t.Parallel()
	found := 0
	for _, r := range corpus.Read[sessionRecording](t, "wire", "ws.dev.jsonl.zst") {
		in := r.input()
		slots := llm.Slots(in)
		if len(slots) == 0 { // the user spoke, and typed nothing
			for i := range in.Frames {
				if f := &in.Frames[i]; f.Side == traffic.FromClient && (bytes.Contains(f.Data, []byte("input_text")) || bytes.Contains(f.Data, []byte(`"turns"`))) {
					t.Errorf("%s: no prompt in %d frames, but %.200s", r.URL, len(in.Frames), f.Data)
				}
			}
			continue
		}
		found++
		s := slots[0]
		conv := llm.Parse(in)
		if said := strings.Join(conv.LastUser(), "\n"); s.Text == "" || !strings.Contains(said, s.Text) {
			t.Errorf("%s: %s %q, and the user said %q", r.URL, s.Ref, s.Text, said)
		}
		const text = "say \"yes\"\nnow"
		out, err := llm.SetPrompt(in, s.Ref, text)
		if err != nil {
			t.Errorf("%s: %v", r.URL, err)
			continue
		}
		changed := 0
		for i := range in.Frames {
			was, is := in.Frames[i].Data, out.Frames[i].Data
			if bytes.Equal(was, is) {
				continue
			}
			changed++
			old, _ := json.Marshal(s.Text)
			quoted, _ := json.Marshal(text)
			if want := bytes.Replace(was, old, quoted, 1); bytes.Contains(was, old) && !bytes.Equal(is, want) {
				t.Errorf("%s: %s\nwant %s", r.URL, is, want)
			}
		}
		if again := llm.Slots(out); changed != 1 || len(again) == 0 || again[0].Text != text || again[0].Ref != s.Ref {
			t.Errorf("%s: %d frames changed, the prompt is %+v", r.URL, changed, again[:min(len(again), 1)])
		}
	}
	if t.Logf("%d sessions with a prompt", found); found == 0 {
		t.Error("no session with a prompt is there")
	}
}

func TestFrameSlot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		frames    []string // of the client
		ref, text string
	}{
		"realtime": {
			[]string{`{"type":"session.update","session":{"instructions":"Be very brief."}}`, `{"type":"conversation.item.create","item":{"role":"user","content":[{"type":"input_text","text":"Hello you"}]}}`, `{"type":"response.create","response":{"instructions":"Say it in verse"}}`},
			"frame:1/item/content/0/text", "Hello you",
		},
		"gemini": {
			[]string{`{"setup":{"model":"models/g","systemInstruction":{"parts":[{"text":"You are kind"}]}}}`, `{"clientContent":{"turns":[{"role":"user","parts":[{"text":"one"}]},{"role":"model","parts":[{"text":"two"}]},{"role":"user","parts":[{"text":"three"}]}],"turnComplete":true}}`},
			"frame:1/clientContent/turns/2/parts/0/text", "three",
		},
		"gemini realtime": {[]string{`{"realtimeInput":{"text":"hi there"}}`}, "frame:0/realtimeInput/text", "hi there"},
		"a vendor's own":  {[]string{`{"op":"hello","token":"abc"}`, `{"op":"say","d":{"id":"77","message":"Where is my order?"}}`, `{"op":"ping"}`}, "frame:1/d/message", "Where is my order?"},
		"bare words":      {[]string{"ping", "Where is my order?", "ping"}, "frame:1", "Where is my order?"},
		"one bare word":   {[]string{"hello"}, "frame:0", "hello"},
		"nothing said":    {[]string{`{"op":"ping"}`, `{"type":"response.create"}`}, "", ""},
	} {
		in := llm.Input{URL: "wss://a.test/ws"}
		for _, f := range c.frames {
			in.Frames = append(in.Frames, traffic.Frame{Opcode: 9, Side: traffic.FromClient},
				traffic.Frame{Opcode: 1, Side: traffic.FromServer, Data: []byte(`{"text":"What the server says"}`)},
				traffic.Frame{Opcode: 1, Side: traffic.FromClient, Data: []byte(f)})
		}
		slots := llm.Slots(in)
		if c.ref == "" {
			if len(slots) > 0 {
				t.Errorf("%s: %+v", name, slots)
			}
			continue
		}
		if len(slots) == 0 || slots[0].Ref.String() != c.ref || slots[0].Text != c.text {
			t.Errorf("%s: %+v", name, slots)
			continue
		}
		if again, err := llm.ParseRef(c.ref); err != nil || again != slots[0].Ref {
			t.Errorf("%s: %v %v", c.ref, again, err)
		}
	}
}

func TestFrameRefs(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"frame:", "frame:x", "frame:-1", "frame:/a", "frame:01/a", "frame:+1"} {
		if ref, err := llm.ParseRef(wrong); err == nil {
			t.Errorf("%s is %+v", wrong, ref)
		}
	}
	in := llm.Input{Frames: []traffic.Frame{{Opcode: 1, Side: traffic.FromClient, Data: []byte(`{"a":"b"}`)}}}
	for _, missing := range []string{"frame:1/a", "frame:0/b", "frame:7"} {
		ref, err := llm.ParseRef(missing)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := llm.SetPrompt(in, ref, "x"); err == nil {
			t.Errorf("%s was set", missing)
		}
	}
	for text, ends := range map[string]bool{
		`{"type":"response.done","response":{}}`:    true,
		`{"serverContent":{"turnComplete":true}}`:   true,
		`{"toolCall":{"functionCalls":[]}}`:         true,
		`{"type":"error","error":{"message":"no"}}`: true,
		`{"serverContent":{"turnComplete":false}}`:  false,
		`{"type":"delta","delta":"response.done"}`:  false,
		`response.done`:                                 false,
		`{"type":"response.output_text.done"}`:          false,
		`{"serverContent":{"generationComplete":true}}`: false,
	} {
		if got := llm.FrameEnds([]byte(text)); got != ends {
			t.Errorf("%s ends: %v", text, got)
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte(`{"type":"conversation.item.create","item":{"role":"user","content":[{"text":"a b"}]}}`), "new", byte(1))
	f.Add([]byte(`{"clientContent":{"turns":[{"parts":[{"text":"caf\u00e9"}]}]}}`), "\xff", byte(2))
	f.Add([]byte(`plain words here`), "", byte(1))
	f.Add([]byte(`{"a~b":{"c/d":"some words here"}`), "x", byte(8))
	f.Fuzz(func(t *testing.T, data []byte, text string, op byte) {
		in := llm.Input{Frames: []traffic.Frame{{Opcode: op, Side: traffic.FromClient, Data: data}}}
		llm.FrameEnds(data)
		llm.FrameAcknowledges(data)
		was := slices.Clone(data)
		for _, s := range llm.Slots(in) {
			if ref, err := llm.ParseRef(s.Ref.String()); err != nil || ref != s.Ref {
				t.Fatalf("%s: %+v %v", s.Ref, ref, err)
			}
			out, err := llm.SetPrompt(in, s.Ref, text)
			if err == nil && len(out.Frames) != 1 || !bytes.Equal(was, in.Frames[0].Data) {
				t.Fatalf("%s changed what it was given", s.Ref)
			}
		}
	})
}
