package target_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"assay/lab"
	"assay/llm"
	"assay/scanner"
	"assay/scanner/target"
	"assay/traffic"
)

// recordedSession is a session as the proxy keeps it: "> " is the client, "< " the server.
func recordedSession(address string, lines ...string) *llm.Input {
	in := &llm.Input{
		Method: "GET", URL: address, Status: 101, Ended: true,
		RequestHeader: traffic.Header{{Name: "Authorization", Value: "Bearer lab"}, {Name: "Sec-WebSocket-Key", Value: "dGhlIHNhbXBsZSBub25jZQ=="}, {Name: "Upgrade", Value: "websocket"}},
	}
	for i, line := range lines {
		side := traffic.FromServer
		if line[0] == '>' {
			side = traffic.FromClient
		}
		in.Frames = append(in.Frames, traffic.Frame{Seq: i, Side: side, Opcode: 1, Data: []byte(line[2:])})
	}
	return in
}

var realtimeLines = []string{
	`< {"type":"session.created","session":{}}`,
	`> {"type":"session.update","session":{"instructions":"Be brief."}}`,
	`< {"type":"session.updated","session":{}}`,
	`> {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hello you"}]}}`,
	`< {"type":"conversation.item.added","item":{}}`,
	`> {"type":"response.create"}`,
	`< {"type":"response.created","response":{}}`,
	`< {"type":"response.done","response":{"output":[]}}`,
	`> {"type":"session.update","session":{"instructions":"Later."}}`,
}

func socketTarget(t *testing.T, in *llm.Input, o target.Options) *target.Target {
	t.Helper()
	m, err := target.Build(&target.Draft{Recorded: in})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := json.Marshal(m) // as a project keeps it
	if err != nil {
		t.Fatal(err)
	}
	again := &scanner.Model{}
	if err := json.Unmarshal(kept, again); err != nil {
		t.Fatal(err)
	}
	tg, err := target.New(again, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tg.Close)
	return tg
}

// The lab's realtime server answers a new prompt in a recorded session.
func TestSocketLab(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(server.Close)
	in := recordedSession("ws"+strings.TrimPrefix(server.URL, "http")+"/v1/realtime?model=gpt-realtime", realtimeLines...)
	tg := socketTarget(t, in, target.Options{Patience: 20 * time.Second})
	if m := tg.Model(); m.Slot != "frame:1/item/content/0/text" || len(m.Frames) != 3 || m.Frames[0].Wait != "frame" || m.Frames[2].Wait != "frame" {
		t.Fatalf("slot %s, %d frames", m.Slot, len(m.Frames))
	}
	tried, err := tg.Try(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(tried.Answer.Text, "Paris") {
		t.Errorf("the lab said %q", tried.Answer.Text)
	}
	a, err := tg.Send(t.Context(), target.Request{Prompt: "What is the capital of Japan? Answer in one short sentence."})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(a.Text, "Tokyo") || a.Status != 101 || a.Said.Family != "openai.realtime" || !a.Said.Complete {
		t.Errorf("%d %s %q", a.Status, a.Said.Family, a.Text)
	}
	r := a.Record(traffic.SourceTest, nil)
	again := llm.Parse(llm.Input{Method: r.Request.Method, URL: r.Request.URL, Status: r.Response.Status, Frames: r.Frames, Ended: true})
	if r.Kind != traffic.KindWebSocket || r.State != traffic.StateComplete || again.Answer != a.Text || !strings.Contains(strings.Join(again.LastUser(), "\n"), "Japan") {
		t.Errorf("kept as %s %s: %q to %q", r.Kind, r.State, again.Answer, again.LastUser())
	}
}

// serveSocket answers every message with what say says; its end closes the session.
func serveSocket(t *testing.T, say func(ctx context.Context, c *websocket.Conn)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer lab" {
			http.Error(w, `{"error":{"message":"no key"}}`, http.StatusUnauthorized)
			return
		}
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		c.SetReadLimit(4 << 20)
		say(r.Context(), c)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/chat"
}

func hear(ctx context.Context, c *websocket.Conn) string {
	_, data, err := c.Read(ctx)
	if err != nil {
		return ""
	}
	return string(data)
}

func tell(ctx context.Context, c *websocket.Conn, text string) bool {
	return c.Write(ctx, websocket.MessageText, []byte(text)) == nil
}

// A vendor's own protocol has no word for the end of an answer: silence is, and the answer is the text that looks like one.
func TestSocketOwn(t *testing.T) {
	t.Parallel()
	address := serveSocket(t, func(ctx context.Context, c *websocket.Conn) {
		first, second := hear(ctx, c), hear(ctx, c)
		if first == `{"op":"hello"}` && strings.Contains(second, "France") {
			tell(ctx, c, `{"op":"delta","text":"The capital of "}`)
			tell(ctx, c, `{"op":"delta","text":"France is Paris."}`)
		}
		hear(ctx, c) // the client goes
	})
	in := recordedSession(address, `> {"op":"hello"}`, `> {"op":"say","message":"Where is my order?"}`, `< {"op":"delta","text":"On its way to you."}`, `> {"op":"bye"}`)
	tg := socketTarget(t, in, target.Options{Patience: 20 * time.Second, Silence: 300 * time.Millisecond})
	if n := len(tg.Model().Frames); n != 2 {
		t.Fatalf("%d frames are sent", n)
	}
	a, err := tg.Send(t.Context(), target.Request{Prompt: target.HarmlessPrompt})
	if err != nil || a.Text != "The capital of France is Paris." || len(a.Frames) != 4 {
		t.Fatalf("%v: %q of %d frames", err, a.Text, len(a.Frames))
	}
}

func TestSocketHostile(t *testing.T) {
	t.Parallel()
	much := strings.Repeat("x ", 512<<10)
	for name, c := range map[string]struct {
		say  func(ctx context.Context, c *websocket.Conn)
		code target.Code
		said string
	}{
		"closes at once":   {func(context.Context, *websocket.Conn) {}, target.CodeCut, ""},
		"closes with word": {func(_ context.Context, c *websocket.Conn) { _ = c.Close(websocket.StatusPolicyViolation, "not you") }, target.CodeCut, "not you"},
		"endless": {func(ctx context.Context, c *websocket.Conn) {
			for tell(ctx, c, `{"text":"and so on"}`) {
			}
		}, target.CodeTooLarge, ""},
		"1 MB messages": {func(ctx context.Context, c *websocket.Conn) {
			for tell(ctx, c, much) {
			}
		}, target.CodeTooLarge, ""},
		"silent": {func(ctx context.Context, c *websocket.Conn) { hear(ctx, c); hear(ctx, c) }, target.CodeTimeout, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := recordedSession(serveSocket(t, c.say), `> {"message":"Where is my order?"}`)
			o := target.Options{Patience: 20 * time.Second, Most: 3 << 20, Silence: 5 * time.Second}
			if c.code == target.CodeTimeout {
				o.Patience = 300 * time.Millisecond
			}
			a, err := socketTarget(t, in, o).Send(t.Context(), target.Request{Prompt: "x"})
			f, ok := target.FailureOf(err)
			if !ok || f.Code != c.code && (f.Code != target.CodeReset || name != "closes at once") || f.Said != c.said {
				t.Fatalf("%v", err)
			}
			if r := a.Record(traffic.SourceTest, err); r.State != traffic.StateFailed || r.Kind != traffic.KindWebSocket {
				t.Errorf("kept as %s %s", r.Kind, r.State)
			}
		})
	}
}

func TestSocketBinary(t *testing.T) {
	t.Parallel()
	address := serveSocket(t, func(ctx context.Context, c *websocket.Conn) {
		hear(ctx, c)
		_ = c.Write(ctx, websocket.MessageBinary, []byte{0, 0xff, 1})
		hear(ctx, c)
	})
	tg := socketTarget(t, recordedSession(address, `> {"message":"Where is my order?"}`), target.Options{Patience: 20 * time.Second, Silence: 200 * time.Millisecond})
	a, err := tg.Send(t.Context(), target.Request{Prompt: "x"})
	if err != nil || a.Text != "" || len(a.Frames) != 2 || a.Frames[1].Opcode != 2 {
		t.Errorf("%v: %q, %+v", err, a.Text, a.Frames)
	}
}

func TestSocketNotOpened(t *testing.T) {
	t.Parallel()
	open := serveSocket(t, func(context.Context, *websocket.Conn) {})
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"a":"b"}`)) }))
	t.Cleanup(plain.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for address, code := range map[string]target.Code{open: target.CodeUnauthorized, plain.URL: target.CodeNotHTTP, gone.URL: target.CodeRefused} {
		in := recordedSession(address, `> {"message":"Where is my order?"}`)
		in.RequestHeader = nil
		_, err := socketTarget(t, in, target.Options{Patience: 20 * time.Second}).Send(t.Context(), target.Request{Prompt: "x"})
		if f, ok := target.FailureOf(err); !ok || f.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}
