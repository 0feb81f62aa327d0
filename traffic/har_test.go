package traffic_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"assay/traffic"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/tidwall/gjson"
)

// collect reads a sequence to its end.
func collect(seq iter.Seq2[*traffic.Record, error]) (records []*traffic.Record, errs []error) {
	for r, err := range seq {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		records = append(records, r)
	}
	return records, errs
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestReadHAROfChrome(t *testing.T) {
	t.Parallel()
	records, errs := collect(traffic.ReadHAR(bytes.NewReader(readFile(t, "chrome.har"))))
	if len(errs) > 0 || len(records) != 5 {
		t.Fatalf("%d records, errors %v", len(records), errs)
	}
	stream, socket, failed, form, empty := records[0], records[1], records[2], records[3], records[4]

	want := traffic.Header{{"accept", "text/event-stream"}, {"content-type", "application/json"}, {"x-twice", "one"}, {"x-twice", "two"}, {"Cookie", "sid=abc"}}
	if diff := cmp.Diff(want, stream.Request.Header); diff != "" {
		t.Errorf("request header:\n%s", diff)
	}
	if stream.Request.Host != "api.chat.example" || stream.Request.Proto != "HTTP/2.0" || stream.State != traffic.StateComplete || stream.Source != traffic.SourceImport {
		t.Errorf("request %+v, state %s", stream.Request, stream.State)
	}
	if got := gjson.GetBytes(stream.Request.Body.Data, "messages.0.content").Str; got != "Grüße 😀" {
		t.Errorf("request body %q", stream.Request.Body.Data)
	}
	if content, lost := stream.Content(traffic.FromServer, 1000); string(content) != "data: {\"a\":1}\n\ndata: 2\n\n" || lost != "" {
		t.Errorf("content %q, lost %q", content, lost)
	}
	ms := time.Millisecond
	if want := (traffic.Timing{DNS: 11500 * time.Microsecond, Connect: 41500 * time.Microsecond, TLS: 61500 * time.Microsecond, Sent: 62500 * time.Microsecond, Head: 362500 * time.Microsecond, FirstByte: 362500 * time.Microsecond, Done: 431500 * time.Microsecond}); stream.Timing != want {
		t.Errorf("timing %+v, want %+v", stream.Timing, want)
	}
	if stream.Server.Addr != "[2001:db8::7]:443" || !stream.Started.Equal(time.Date(2026, 2, 1, 10, 0, 0, 125e6, time.UTC)) {
		t.Errorf("server %q, started %s", stream.Server.Addr, stream.Started)
	}
	for _, path := range []string{"source._initiator.type", "source.pageref", "source.response\\._transferSize"} {
		if !gjson.GetBytes(stream.Origin, path).Exists() {
			t.Errorf("origin lacks %s: %s", path, stream.Origin)
		}
	}

	wantFrames := []traffic.Frame{
		{Seq: 0, At: 500 * ms, Opcode: 1, Wire: 25, Data: []byte(`{"type":"session.update"}`)},
		{Seq: 1, Side: traffic.FromServer, At: 750 * ms, Opcode: 2, Wire: 4, Data: []byte{0, 1, 2, 3}},
	}
	if diff := cmp.Diff(wantFrames, socket.Frames); diff != "" || socket.Kind != traffic.KindWebSocket {
		t.Errorf("kind %s, frames:\n%s", socket.Kind, diff)
	}
	if failed.State != traffic.StateFailed || failed.Response != nil || failed.Fault.Reason != "net::ERR_NAME_NOT_RESOLVED" {
		t.Errorf("failed: %+v", failed)
	}
	if string(form.Request.Body.Data) != "user=a+b&pass=x%26y" || form.Note != "look again" || string(form.Response.Body.Data) != "\x89PNG" {
		t.Errorf("form: %q, note %q, answer %q", form.Request.Body.Data, form.Note, form.Response.Body.Data)
	}
	if b := empty.Response.Body; b.Size != 51200 || b.Kept != 0 || b.Lost == "" {
		t.Errorf("body that is not in the file: %+v", b)
	}
}

// sample is an exchange with everything that HAR, with our own members, can hold.
func sample() *traffic.Record {
	body := []byte(`{"model":"m","messages":[{"role":"user","content":"<b>hi</b> & \u2028"}]}`)
	answer := []byte("data: one\n\ndata: two\n\n")
	return &traffic.Record{
		Exchange: traffic.Exchange{
			Started: time.Date(2026, 5, 6, 7, 8, 9, 123456000, time.UTC),
			Source:  traffic.SourceImport, Kind: traffic.KindHTTP, State: traffic.StateClosed,
			Client: traffic.Client{Addr: "127.0.0.1:5000", PID: 7, Process: "node"},
			Server: traffic.Server{Addr: "192.0.2.1:443", TLSVersion: "TLS 1.3", CertNames: []string{"a.example"}},
			Request: traffic.Request{
				Method: "POST", URL: "https://a.example/v1/chat?x=%2F&y", Proto: "HTTP/1.1", Host: "other.example",
				Header: traffic.Header{{"Host", "other.example"}, {"X-B", "1"}, {"X-A", "2"}, {"x-b", "3"}, {"Cookie", "k=v; l=w"}},
				Body:   traffic.Body{Size: int64(len(body)), Kept: int64(len(body)), Data: body},
			},
			Response: &traffic.Response{
				Status: 200, Reason: "Fine", Proto: "HTTP/1.1",
				Header:  traffic.Header{{"Content-Type", "text/event-stream"}, {"Set-Cookie", "a=1; Path=/; Secure"}},
				Trailer: traffic.Header{{"X-Sum", "9"}},
				Body:    traffic.Body{Size: int64(len(answer)), Kept: int64(len(answer)), Data: answer},
			},
			Timing: traffic.Timing{DNS: 1, Connect: 2e6, TLS: 3e6, Sent: 4e6, Head: 5e6, FirstByte: 6e6, Done: 7e6},
			Fault:  &traffic.Fault{Stage: traffic.StageClientGone, Reason: "the client hung up"},
		},
		Note: "n", Colour: "red", Tags: []string{"a", "b"},
	}
}

func TestHARRoundTrip(t *testing.T) {
	t.Parallel()
	plain, binary, socket, unsent := sample(), sample(), sample(), sample()
	binary.Request.Body.Data = []byte{0xff, 0, 1}
	binary.Request.Body.Size, binary.Request.Body.Kept = 3, 3
	binary.Response.Body.Data = []byte{0xfe, 0, 1}
	binary.Response.Body.Size, binary.Response.Body.Kept = 3, 3
	socket.Kind = traffic.KindWebSocket
	socket.Frames = []traffic.Frame{
		{At: 1e6, Opcode: 1, Data: []byte("hé"), Wire: 3},
		{Seq: 1, Side: traffic.FromServer, At: 2e6, Opcode: 2, Data: []byte{0xff}, Wire: 1},
		{Seq: 2, Side: traffic.FromServer, At: 3e6, Opcode: 8, Data: []byte{3, 0xe8}, Wire: 2},
	}
	unsent.State, unsent.Response, unsent.Fault = traffic.StateUnsent, nil, nil
	records := []*traffic.Record{plain, binary, socket, unsent}

	var file bytes.Buffer
	w := traffic.NewHARWriter(&file, traffic.HAROptions{Version: "1"})
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !gjson.ValidBytes(file.Bytes()) {
		t.Fatalf("not JSON: %s", file.Bytes())
	}
	again, errs := collect(traffic.ReadHAR(&file))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if diff := cmp.Diff(records, again, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(traffic.Exchange{}, "Origin")); diff != "" {
		t.Errorf("what came back differs:\n%s", diff)
	}
}

// TestHARKeepsForeignMembers holds that what another program wrote into a HAR file is there again after import and
// export.
func TestHARKeepsForeignMembers(t *testing.T) {
	t.Parallel()
	records, _ := collect(traffic.ReadHAR(bytes.NewReader(readFile(t, "chrome.har"))))
	var file bytes.Buffer
	w := traffic.NewHARWriter(&file, traffic.HAROptions{Extra: func(*traffic.Record) map[string]any {
		return map[string]any{"_llm": map[string]string{"model": "m-1"}}
	}})
	if err := w.Write(records[0]); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	for path, want := range map[string]string{
		"log.entries.0._priority": "High", "log.entries.0.pageref": "page_1", "log.entries.0._llm.model": "m-1",
		"log.entries.0.response.content.text": "data: {\"a\":1}\n\ndata: 2\n\n", "log.entries.0.request.cookies.0.name": "sid",
		"log.entries.0.response.cookies.1.name": "b", "log.entries.0.request.queryString.0.value": "true",
	} {
		if got := gjson.GetBytes(file.Bytes(), path).String(); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func TestHARDecodesAndReveals(t *testing.T) {
	t.Parallel()
	r := sample()
	text := strings.Repeat("hello ", 100)
	r.Response.Header = append(r.Response.Header, traffic.Field{Name: "Content-Encoding", Value: "gzip"})
	r.Response.Body.Data = encode(t, []byte(text), "gzip")
	r.Response.Body.Size = int64(len(r.Response.Body.Data))
	r.Request.Header = append(r.Request.Header, traffic.Field{Name: "Authorization", Value: "Bearer ⟨cred:3f9a⟩"})
	r.Request.URL += "&key=⟨cred:77⟩"
	write := func(reveal traffic.Reveal) gjson.Result {
		var file bytes.Buffer
		w := traffic.NewHARWriter(&file, traffic.HAROptions{Reveal: reveal})
		if err := errors.Join(w.Write(r), w.Close()); err != nil {
			t.Fatal(err)
		}
		return gjson.GetBytes(file.Bytes(), "log.entries.0")
	}
	sealed := write(nil)
	if got := sealed.Get("response.content.text").Str; got != text {
		t.Errorf("content %q", got)
	}
	if got := sealed.Get("response.content.compression").Int(); got != int64(len(text))-r.Response.Body.Size {
		t.Errorf("compression %d", got)
	}
	if !strings.Contains(sealed.Raw, "Bearer ⟨cred:3f9a⟩") {
		t.Errorf("the placeholder is gone: %s", sealed.Get("request.headers"))
	}
	revealed := write(func(p string) string { return "secret-" + strings.Trim(p, "⟨⟩") })
	if s := revealed.Raw; strings.Contains(s, "⟨") || !strings.Contains(s, "Bearer secret-cred:3f9a") || !strings.Contains(s, "key=secret-cred:77") {
		t.Errorf("not revealed: %s", revealed.Get("request"))
	}
}

func TestBrokenHAR(t *testing.T) {
	t.Parallel()
	good := string(readFile(t, "chrome.har"))
	third := strings.Index(good, `"https://gone.example/"`)
	for _, c := range []struct {
		name, in string
		entries  int
		want     string
	}{
		{"empty", "", 0, "HAR (line 1, byte 0): the file ends inside a place where { of the HAR document should follow"},
		{"not json", "<html>", 0, `HAR (line 1, byte 0): found '<' where { of the HAR document should follow`},
		{"other json", `{"a":[1,{"b":"]"}]}`, 0, `HAR (line 1, byte 19): there is no "log" in this JSON document, so it is not a HAR file`},
		{"no entries", `{"log":{"version":"1.2"}}`, 0, `HAR (line 1, byte 25): there is no "entries" in "log", so it is not a HAR file`},
		{"cut", good[:third], 2, fmt.Sprintf("HAR (entry 3, line 73, byte %d): the file ends inside an entry", third)},
		{"damaged", strings.Replace(good, `"https://gone.example/"`, `https`, 1), 4, fmt.Sprintf("HAR (entry 3, line 73, byte %d): not valid JSON: invalid character 'h' looking for beginning of value", third+1)},
		{"no url", strings.Replace(good, `"url": "https://gone.example/"`, `"uri": ""`, 1), 4, fmt.Sprintf("HAR (entry 3, line 72, byte %d): the entry's request has no url", strings.LastIndex(good[:third], "{\n"))},
		{"missing comma", strings.Replace(good, "      {\n        \"request\": {\"method\": \"GET\", \"url\": \"https://gone", "      x{\n        \"request\": {\"method\": \"GET\", \"url\": \"https://gone", 1), 2, fmt.Sprintf("HAR (entry 3, line 72, byte %d): found 'x' where an entry should follow", strings.LastIndex(good[:third], "{\n"))},
	} {
		records, errs := collect(traffic.ReadHAR(strings.NewReader(c.in)))
		if len(errs) != 1 || !strings.HasSuffix(errs[0].Error(), c.want) || len(records) != c.entries {
			t.Errorf("%s: %d entries, errors %v; want %d and %q", c.name, len(records), errs, c.entries, c.want)
		}
	}
	records, errs := collect(traffic.ReadHAR(io.MultiReader(strings.NewReader("\ufeff"), strings.NewReader(good))))
	if len(records) != 5 || len(errs) != 0 {
		t.Errorf("with a byte order mark: %d entries, errors %v", len(records), errs)
	}
	for range traffic.ReadHAR(strings.NewReader(good)) {
		break // a consumer that stops early is no error
	}
}

// endlessHAR makes a HAR file of n entries while it is read.
type endlessHAR struct {
	n    int
	left []byte
}

func (h *endlessHAR) Read(p []byte) (int, error) {
	if len(h.left) == 0 {
		if h.n--; h.n < 0 {
			return 0, io.EOF
		}
		h.left = fmt.Appendf(nil, `,{"request":{"method":"POST","url":"http://a.example/%d","postData":{"text":"%s"}},"response":{"status":200}}`, h.n, strings.Repeat("x", 1<<20))
	}
	n := copy(p, h.left)
	h.left = h.left[n:]
	return n, nil
}

// TestHARIsNotHeld reads a file of 128 MiB and holds that no more than a few entries are in memory.
func TestHARIsNotHeld(t *testing.T) {
	const entries = 128
	var most uint64
	file := io.MultiReader(strings.NewReader(`{"log":{"entries":[{"request":{"method":"GET","url":"u"},"response":{"status":200}}`), &endlessHAR{n: entries}, strings.NewReader("]}}"))
	n := 0
	for r, err := range traffic.ReadHAR(file) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if _ = r; n%16 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	if n != entries+1 || most > 64<<20 {
		t.Errorf("%d entries, %d MiB in use", n, most>>20)
	}
	t.Logf("%d entries of 1 MiB, at most %d MiB in use", n, most>>20)
}

func FuzzReadHAR(f *testing.F) {
	f.Add(readFile(f, "chrome.har"))
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"G","url":"u"}}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var file bytes.Buffer
		w := traffic.NewHARWriter(&file, traffic.HAROptions{})
		records, _ := collect(traffic.ReadHAR(bytes.NewReader(data)))
		for _, r := range records {
			if err := w.Write(r); err != nil {
				t.Fatalf("write %+v: %v", r, err)
			}
		}
		_ = w.Close()
		again, errs := collect(traffic.ReadHAR(&file))
		if len(errs) > 0 || len(again) != len(records) {
			t.Fatalf("%d records came back of %d, errors %v", len(again), len(records), errs)
		}
	})
}
