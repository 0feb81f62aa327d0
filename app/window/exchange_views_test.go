package window_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"assay/app"
	"assay/app/window"
	"assay/lab"
	"assay/storage"
	"assay/traffic"
)

// hostile are texts that were made to do harm where they are shown.
var hostile = []string{
	`<script>alert(1)</script>`, `<img src=x onerror="alert(1)">`, `<svg/onload=alert(1)>`, `[a](javascript:alert(1))`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`, `![x](https://evil.example/p.png?q=1)`,
	"\u202egnp.exe", "\x1b[2J\x1b]0;title\x07", "a\u200b\u2060b", "\U000e0041\U000e0042", "\u2028\u2029", "`;alert(1);//", "\x00\x01\x7f",
}

// TestHostileContent shows it in every view; nothing is changed into anything else, and everything can be marshalled.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	for _, text := range append(hostile, "bad \xff\xfe utf-8", `\ud800 lone`, strings.Repeat("x", 10<<20)) {
		quoted, _ := json.Marshal(text)
		body := strings.ReplaceAll(string(quoted), `\\ud800`, `\ud800`)
		if !utf8.ValidString(text) {
			body = `"` + text + `"`
		}
		id := v.add(exchange("POST", "https://api.openai.com/v1/chat/completions", 200,
			`{"model":"gpt-4o","messages":[{"role":"user","content":`+body+`}]}`,
			`{"object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":`+body+`}}]}`))[0]
		v.rest()
		v.everyView(id)
		out := v.chat(window.ChatIn{ID: id})
		want := strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), `\ud800`, "\ufffd")
		if got := strings.ToValidUTF8(out.Answer[0].Text, "\ufffd"); !strings.HasPrefix(want, got) && utf8.ValidString(text) {
			t.Errorf("%.60q is shown as %.60q", text, got)
		}
	}
}

// TestHostileHeads: names, values and reasons are as hostile as bodies.
func TestHostileHeads(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	for _, text := range hostile {
		x := exchange("GET", "https://a.example/"+text, 200, "", text)
		x.Response.Header = traffic.Header{{Name: "Content-Type", Value: "text/html"}, {Name: "X-" + text, Value: text}}
		x.Response.Body.Lost = "lost " + text
		x.Fault = &traffic.Fault{Stage: traffic.StageResponse, Reason: text}
		id := v.addRecord(&traffic.Record{Exchange: *x, Frames: []traffic.Frame{{Opcode: 1, Data: []byte(text)}, {Seq: 1, Opcode: 8, Data: []byte{3}}}})
		v.everyView(id)
		heads, err := v.exchange.Heads(window.ExchangeIn{ID: id})
		if err != nil || heads.Response.Headers[1].Value != text || heads.Fault.Reason != text {
			t.Errorf("%q: %v, %+v", text, err, heads)
		}
	}
}

// TestViewsOfTheLab shows what real wire formats carry, recorded by the real recorder.
func TestViewsOfTheLab(t *testing.T) {
	t.Parallel()
	v, ids := recordLab(t)
	for path, id := range ids {
		all := v.everyView(id)
		out := v.chat(window.ChatIn{ID: id})
		if !out.Facts.Known || len(out.Answer) == 0 || out.Answer[0].Text == "" || out.Live {
			t.Errorf("%s: %+v, %+v", path, out.Facts, out.Answer)
			continue
		}
		if !strings.Contains(all, "sing of kettles") || strings.Contains(all, "sk-planted-0123456789") {
			t.Errorf("%s: the prompt is missing, or the credential is not", path)
		}
		stream, err := v.exchange.Stream(window.StreamIn{ID: id, Limit: 500})
		if err != nil || stream.Total == 0 || stream.Items[0].Text == "" {
			t.Errorf("%s: stream %+v, %v", path, stream, err)
		}
		if wants := strings.Contains(path, "stream"); wants != (stream.Kind == "events") || wants && (stream.First <= 0 || stream.Total < 3) {
			t.Errorf("%s: %s of %d, first word after %v ms", path, stream.Kind, stream.Total, stream.First)
		}
	}
}

func recordLab(t *testing.T) (*viewer, map[string]string) {
	t.Helper()
	target := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(target.Close)
	project := filepath.Join(t.TempDir(), "lab.assay")
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	rec, err := (&app.App{Home: home}).Record(t.Context(), app.RecordOptions{Project: project, Listen: "127.0.0.1:0", Providers: []string{"lab=" + target.URL}})
	if err != nil {
		t.Fatal(err)
	}
	said := `[{"role":"user","content":"sing of kettles"}]`
	requests := []struct{ name, path, body string }{
		{"openai", "/v1/chat/completions", `{"model":"gpt-4o","messages":` + said + `}`},
		{"openai stream", "/v1/chat/completions", `{"model":"gpt-4o","stream":true,"messages":` + said + `}`},
		{"responses stream", "/v1/responses", `{"model":"gpt-4o","stream":true,"input":"sing of kettles"}`},
		{"anthropic stream", "/anthropic/v1/messages", `{"model":"claude-sonnet-4-5","max_tokens":64,"stream":true,"messages":` + said + `}`},
		{"gemini", "/gemini/v1beta/models/gemini-2.5-flash:generateContent", `{"contents":[{"role":"user","parts":[{"text":"sing of kettles"}]}]}`},
		{"ollama stream", "/ollama/api/chat", `{"model":"llama3","messages":` + said + `}`},
	}
	for _, r := range requests {
		post(t, "http://"+rec.Listen()+"/r/lab"+r.path, r.body)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	v := &viewer{rig: openRig(t, project)}
	v.handler = v.desk.Handler()
	for _, bound := range v.desk.Bound() {
		if e, ok := bound.(*window.Exchange); ok {
			v.exchange = e
		}
	}
	rows, err := v.store.List(t.Context(), storage.Filter{OldestFirst: true})
	if err != nil || len(rows) != len(requests) {
		t.Fatalf("%d exchanges, %v", len(rows), err)
	}
	ids := map[string]string{}
	for i, r := range requests {
		ids[r.name] = rows[i].ID.String()
	}
	return v, ids
}

func post(t *testing.T, url, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Authorization": "Bearer sk-planted-0123456789", "X-Api-Key": "sk-planted-0123456789"} {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, res.Status, err)
	}
}

// TestStreamOfManyEvents pages through 100,000 events and finds one of them, while they arrive and after.
func TestStreamOfManyEvents(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	a := v.begin(streamed(""))
	const n = 100_000
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "data: {\"choices\":[{\"delta\":{\"content\":\"w%d \"}}]}\n\n", i)
		if i%10_000 == 9_999 {
			a.more(b.Bytes())
			b.Reset()
		}
	}
	ask := func(in window.StreamIn) window.StreamOut {
		t.Helper()
		in.ID = a.id.String()
		out, err := v.exchange.Stream(in)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	out := ask(window.StreamIn{From: 99_990, Limit: 50})
	if !out.Live || out.Kind != "events" || out.Total != n || len(out.Items) != 10 || out.Items[0].N != 99_990 || !strings.Contains(out.Items[0].Text, "w99990") {
		t.Errorf("the end: live %v, %s, total %d, %+v", out.Live, out.Kind, out.Total, out.Items)
	}
	if out.First != 10 || out.Begin != 10 || out.End != 100 || out.Longest != 10 || len(out.Bar) == 0 {
		t.Errorf("times: first %v, from %v to %v, longest gap %v", out.First, out.Begin, out.End, out.Longest)
	}
	if out = ask(window.StreamIn{Limit: 10, Contains: "W777 "}); out.Count != 1 || out.Items[0].N != 777 || out.Items[0].At != 10 {
		t.Errorf("filtered: %d, %+v", out.Count, out.Items)
	}
	a.more([]byte(sseEnd))
	a.end()
	if out = ask(window.StreamIn{From: n, Limit: 10}); out.Live || out.Total != n+2 || len(out.Items) != 2 || out.Items[1].Text != "[DONE]" {
		t.Errorf("after the end: live %v, total %d, %+v", out.Live, out.Total, out.Items)
	}
}

// TestFrames lists the messages of a WebSocket session.
func TestFrames(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	x := exchange("GET", "wss://api.example/live", 101, "", "")
	x.Kind = traffic.KindWebSocket
	id := v.addRecord(&traffic.Record{Exchange: *x, Frames: []traffic.Frame{
		{Seq: 0, Side: traffic.FromClient, At: 5 * time.Millisecond, Opcode: 1, Data: []byte(`{"ask":"Kettles"}`)},
		{Seq: 1, Side: traffic.FromServer, At: 9 * time.Millisecond, Opcode: 2, Data: []byte{0, 255, 1}},
		{Seq: 2, Side: traffic.FromServer, At: 20 * time.Millisecond, Opcode: 8, Data: []byte{3, 0xe8, 'b', 'y', 'e'}},
	}})
	out, err := v.exchange.Stream(window.StreamIn{ID: id, Limit: 10})
	if err != nil || out.Kind != "frames" || out.Total != 3 || out.Items[0].Side != "client" || out.Items[1].Text != "" || out.Items[1].Bytes != 3 || out.Items[2].Text != "1000 bye" || out.Items[2].Gap != 11 {
		t.Errorf("%+v, %v", out, err)
	}
	if out, _ := v.exchange.Stream(window.StreamIn{ID: id, Limit: 10, Contains: "kettles"}); out.Count != 1 || out.Items[0].N != 0 {
		t.Errorf("filtered: %+v", out)
	}
	if body := v.get("/body/" + id + "/request?form=pretty").Body.String(); !strings.Contains(body, "\n  \"ask\": \"Kettles\"\n") {
		t.Errorf("pretty: %s", body)
	}
}

// TestBodyWindows: windows on a long text join to all of it, numbered, with broken lines marked.
func TestBodyWindows(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	var b strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&b, "line %d äöü %s\n", i, strings.Repeat("z", i%90))
	}
	b.WriteString(strings.Repeat("ß", 50_000))
	x := exchange("POST", "https://a.example/", 200, "", b.String())
	x.Response.Header = traffic.Header{{Name: "Content-Type", Value: "text/plain"}}
	id := v.add(x)[0]
	var all strings.Builder
	lines, broken := 0, 0
	for from := 0; ; {
		w := v.get(fmt.Sprintf("/body/%s/response?form=text&from=%d&limit=262144&whole=1048576", id, from))
		h := w.Header()
		number := func(name string) int { n, _ := strconv.Atoi(h.Get(name)); return n }
		if number("X-Assay-From") != from || number("X-Assay-Line") != lines {
			t.Fatalf("window at %d: from %s, line %s, want %d", from, h.Get("X-Assay-From"), h.Get("X-Assay-Line"), lines)
		}
		text := strings.Split(w.Body.String(), "\n")
		for _, at := range strings.FieldsFunc(h.Get("X-Assay-Breaks"), func(r rune) bool { return r == ',' }) {
			n, _ := strconv.Atoi(at)
			if n >= len(text) || !strings.HasPrefix(text[n], "ß") {
				t.Fatalf("line %s of the window at %d does not go on with the one before", at, from)
			}
			broken++
		}
		all.WriteString(w.Body.String())
		lines += strings.Count(w.Body.String(), "\n")
		if from = number("X-Assay-Next"); from >= number("X-Assay-Total") {
			break
		}
	}
	if broken != 24 || strings.ReplaceAll(all.String(), "ß\nß", "ßß") != b.String() {
		t.Errorf("%d breaks, %d bytes put together, want %d", broken, all.Len(), b.Len())
	}
}

// TestRawIsByteForByte: decoded or as it travelled, in parts.
func TestRawIsByteForByte(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	content := bytes.Repeat([]byte("kettle \x00\xff "), 50_000)
	wire := gzipped()(content)
	x := exchange("GET", "https://a.example/", 200, "", string(wire))
	x.Response.Header = traffic.Header{{Name: "Content-Encoding", Value: "gzip"}}
	id := v.add(x)[0]
	for form, want := range map[string][]byte{"decoded": content, "wire": wire} {
		var got []byte
		for from := 0; from < len(want); from += 100_000 {
			w := v.get(fmt.Sprintf("/raw/%s/response?form=%s&from=%d&limit=100000", id, form, from))
			if total := w.Header().Get("X-Assay-Total"); total != strconv.Itoa(len(want)) {
				t.Fatalf("%s: %s bytes, want %d", form, total, len(want))
			}
			got = append(got, w.Body.Bytes()...)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes differ from the %d recorded", form, len(got), len(want))
		}
	}
}

// TestPretty lays out what can be, and keeps every character of it.
func TestPretty(t *testing.T) {
	t.Parallel()
	v := newViewer(t)
	for in, want := range map[string]struct{ text, shape string }{
		`{"a":[1,2.50,"x\u202e"],"b":{},"c":[ ]}`: {"{\n  \"a\": [\n    1,\n    2.50,\n    \"x\\u202e\"\n  ],\n  \"b\": {},\n  \"c\": []\n}", "json"},
		`{"a":{"cut off": "in the mid`:            {"{\n  \"a\": {\n    \"cut off\": \"in the mid", "json"},
		`{not json}`:                              {`{not json}`, "text"},
		"data: {\"a\":1}\n\ndata: [DONE]\n\n":     {"{\n  \"a\": 1\n}\n\n[DONE]\n\n", "events"},
		"{\"a\":1}\n{\"b\":2}\n":                  {"{\n  \"a\": 1\n}\n\n{\n  \"b\": 2\n}\n\n", "events"},
		"a\xffb":                                  {"a\ufffdb", "text"},
		strings.Repeat("[", 200_000):              {"", "text"},
		"\x00\x01\x02":                            {"", "binary"},
	} {
		x := exchange("GET", "https://a.example/", 200, "", in)
		if strings.HasPrefix(in, "data:") {
			x.Response.Header[0].Value = "text/event-stream"
		}
		if strings.Contains(in, "}\n{") {
			x.Response.Header[0].Value = "application/x-ndjson"
		}
		w := v.get("/body/" + v.add(x)[0] + "/response?form=pretty")
		if shape := w.Header().Get("X-Assay-Shape"); shape != want.shape || want.text != "" && w.Body.String() != want.text {
			t.Errorf("%.40q is %s:\n%.300s", in, shape, w.Body)
		}
		if invalid := strings.Count(in, "\xff"); w.Header().Get("X-Assay-Invalid") != strconv.Itoa(invalid) {
			t.Errorf("%.40q: %s bytes are no UTF-8, want %d", in, w.Header().Get("X-Assay-Invalid"), invalid)
		}
	}
}
