package llm_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"assay/llm"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/google/go-cmp/cmp"
)

// event is an llm.Event in a form that reads well in a table.
type event struct {
	Name, Data string
}

func split(s *llm.Splitter, parts ...string) []event {
	events := []event{}
	for _, part := range parts {
		for _, e := range s.Write([]byte(part)) {
			events = append(events, event{e.Name, string(e.Data)})
		}
	}
	for _, e := range s.Close() {
		events = append(events, event{e.Name, string(e.Data)})
	}
	return events
}

func TestSplitter(t *testing.T) {
	t.Parallel()
	sse := "text/event-stream; charset=utf-8"
	tests := []struct {
		name, contentType, in string
		framing               llm.Framing
		want                  []event
		comments              int
	}{
		{"fields", sse, "event: a\nid: 1\ndata: {\"x\":1}\n\ndata:y\n\n", llm.FramingSSE, []event{{"a", `{"x":1}`}, {"", "y"}}, 0},
		{
			"carriage returns", sse, "data: 1\r\n\r\ndata: 2\r\rdata: 3\n\r\ndata: 4\r\n\n", llm.FramingSSE,
			[]event{{"", "1"}, {"", "2"}, {"", "3"}, {"", "4"}},
			0,
		},
		{"several data lines", sse, "data: a\ndata:\ndata:  b\n\n", llm.FramingSSE, []event{{"", "a\n\n b"}}, 0},
		{"comments", sse, ": OPENROUTER PROCESSING\n\n:\n\nevent: a\n: in between\ndata: 1\n\n", llm.FramingSSE, []event{{"a", "1"}}, 3},
		{"byte order mark", sse, "\xef\xbb\xbfdata: 1\n\n", llm.FramingSSE, []event{{"", "1"}}, 0},
		{"no final blank line", sse, "data: 1\n\ndata: [DONE]\n", llm.FramingSSE, []event{{"", "1"}, {"", "[DONE]"}}, 0},
		{"no final line end", sse, "data: 1\n\ndata: [DO", llm.FramingSSE, []event{{"", "1"}, {"", "[DO"}}, 0},
		{"event without data", sse, "event: end\r\n\r\n", llm.FramingSSE, []event{{"end", ""}}, 0},
		{"fields that say nothing", sse, "id: 3\nretry: 10\nwhatever\n\ndata\n\n", llm.FramingSSE, []event{{"", ""}}, 0},
		{"events as application/json", "application/json", "event: a\ndata: 1\n\n", llm.FramingSSE, []event{{"a", "1"}}, 0},
		{
			"error in mid-stream", sse, "data: {\"a\":1}\n{\"error\":{\n\"message\":\"x\"}}\n\ndata: 2\n\n", llm.FramingSSE,
			[]event{{"", `{"a":1}`}, {"", "{\"error\":{\n\"message\":\"x\"}}"}, {"", "2"}},
			0,
		},
		{
			"no blank lines", sse, "data: {\"a\":1}\ndata: {\"a\":2}\ndata: [DONE]\n", llm.FramingSSE,
			[]event{{"", `{"a":1}`}, {"", `{"a":2}`}, {"", "[DONE]"}},
			0,
		},
		{"JSON over two data lines", sse, "data: {\"a\":\ndata: 1}\n\n", llm.FramingSSE, []event{{"", "{\"a\":\n1}"}}, 0},
		{"JSON as text/event-stream", sse, "{\n\"error\":1}", llm.FramingWhole, []event{{"", "{\n\"error\":1}"}}, 0},
		{"empty event stream", sse, "", llm.FramingSSE, []event{}, 0},
		{
			"lines", "application/x-ndjson", "{\"a\":1}\r\n\n {\"a\":2}\n{\"a\":", llm.FramingLines,
			[]event{{"", `{"a":1}`}, {"", `{"a":2}`}, {"", `{"a":`}},
			0,
		},
		{"lines as application/json", "application/json", "{\"a\":1}\n{\"a\":2}\n", llm.FramingLines, []event{{"", `{"a":1}`}, {"", `{"a":2}`}}, 0},
		{"JSON text sequence", "application/json-seq", "\x1e{\"a\":1}\n\x1e{\"a\":2}\n", llm.FramingLines, []event{{"", `{"a":1}`}, {"", `{"a":2}`}}, 0},
		{
			"data stream", "text/plain", "f:{\"messageId\":\"m\"}\n0:\"Hi\"\nd:{}\n", llm.FramingLines,
			[]event{{"", `f:{"messageId":"m"}`}, {"", `0:"Hi"`}, {"", "d:{}"}},
			0,
		},
		{
			"array", "application/json", "[{\"a\":\"]}\\\"\\\\\"},\r\n{\"b\":[1,{}]}\n,\n3 , \"x,y\"]", llm.FramingArray,
			[]event{{"", `{"a":"]}\"\\"}`}, {"", `{"b":[1,{}]}`}, {"", "3"}, {"", `"x,y"`}},
			0,
		},
		{"array that ends early", "application/json", "[{\"a\":1},{\"b\":", llm.FramingArray, []event{{"", `{"a":1}`}, {"", `{"b":`}}, 0},
		{"array with stray brackets", "application/json", "[{}}}]}", llm.FramingArray, []event{{"", "{}"}}, 0},
		{"document", "application/json", "{\"a\":\n[1]}\n", llm.FramingWhole, []event{{"", "{\"a\":\n[1]}\n"}}, 0},
		{"array of numbers", "application/json", "[[0.1]]", llm.FramingWhole, []event{{"", "[[0.1]]"}}, 0},
		{"nothing", "", "", llm.FramingWhole, []event{}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := llm.SplitterFor(tt.contentType, []byte(tt.in))
			if s.Framing() != tt.framing {
				t.Fatalf("framing %s, want %s", s.Framing(), tt.framing)
			}
			if diff := cmp.Diff(tt.want, split(s, tt.in)); diff != "" {
				t.Errorf("events differ (-want +got):\n%s", diff)
			}
			if s.Comments != tt.comments || s.Dropped != 0 {
				t.Errorf("comments %d, want %d; dropped %d", s.Comments, tt.comments, s.Dropped)
			}
			sameByBytes(t, tt.framing, tt.in)
		})
	}
}

// sameByBytes checks that a stream gives the same events byte by byte as in one write.
func sameByBytes(t *testing.T, framing llm.Framing, in string) {
	t.Helper()
	whole := split(llm.NewSplitter(framing), in)
	if diff := cmp.Diff(whole, split(llm.NewSplitter(framing), strings.Split(in, "")...)); diff != "" {
		t.Errorf("byte by byte (-whole +bytes):\n%s", diff)
	}
}

// awsStream writes messages with the SDK's own encoder.
func awsStream(t testing.TB, events ...event) []byte {
	t.Helper()
	var out bytes.Buffer
	encoder := eventstream.NewEncoder()
	for _, e := range events {
		m := eventstream.Message{Payload: []byte(e.Data)}
		kind := "event"
		if strings.HasSuffix(e.Name, "Exception") {
			kind = "exception"
		}
		m.Headers.Set(":"+kind+"-type", eventstream.StringValue(e.Name))
		m.Headers.Set(":number", eventstream.Int32Value(7))
		m.Headers.Set(":flag", eventstream.BoolValue(true))
		m.Headers.Set(":content-type", eventstream.StringValue("application/json"))
		m.Headers.Set(":message-type", eventstream.StringValue(kind))
		if err := encoder.Encode(&out, m); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestSplitterAWS(t *testing.T) {
	t.Parallel()
	want := []event{{"messageStart", `{"role":"assistant"}`}, {"contentBlockDelta", `{"p":"ab"}`}, {"throttlingException", `{"message":"slow"}`}}
	stream := string(awsStream(t, want...))
	s := llm.SplitterFor("application/vnd.amazon.eventstream", []byte(stream))
	if diff := cmp.Diff(want, split(s, stream)); diff != "" || s.Dropped != 0 {
		t.Errorf("dropped %d (-want +got):\n%s", s.Dropped, diff)
	}
	sameByBytes(t, llm.FramingAWS, stream)

	cut := llm.NewSplitter(llm.FramingAWS)
	if got := split(cut, stream[:len(stream)-1]); len(got) != 2 || cut.Dropped != 1 {
		t.Errorf("a stream that ends early: %d events, %d dropped, want 2 and 1", len(got), cut.Dropped)
	}
	broken := []byte(stream)
	broken[len(awsStream(t, want[0]))-5] ^= 1
	bad := llm.NewSplitter(llm.FramingAWS)
	if got := split(bad, string(broken)); len(got) != 2 || bad.Dropped != 1 {
		t.Errorf("a payload that does not match its checksum: %d events, %d dropped, want 2 and 1", len(got), bad.Dropped)
	}
	broken[0] ^= 1
	lost := llm.NewSplitter(llm.FramingAWS)
	if got := split(lost, string(broken)); len(got) != 0 || lost.Dropped != 1 {
		t.Errorf("a prelude that does not match its checksum: %d events, %d dropped, want 0 and 1", len(got), lost.Dropped)
	}
}

func TestSplitterAWSError(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	m := eventstream.Message{}
	m.Headers.Set(":message-type", eventstream.StringValue("error"))
	m.Headers.Set(":error-code", eventstream.StringValue("InternalError"))
	m.Headers.Set(":error-message", eventstream.StringValue("it broke"))
	if err := eventstream.NewEncoder().Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	want := []event{{"InternalError", `{"message":"it broke"}`}}
	if diff := cmp.Diff(want, split(llm.NewSplitter(llm.FramingAWS), out.String())); diff != "" {
		t.Errorf("events differ (-want +got):\n%s", diff)
	}
}

func TestSplitterDropsWhatIsTooLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100)
	tests := []struct {
		name    string
		framing llm.Framing
		in      string
		want    int // events, one dropped
	}{
		{"line", llm.FramingSSE, "data: 1\n\ndata: " + long + "\ndata: 2\n\ndata: 3\n\n", 2},
		{"many lines", llm.FramingSSE, "data: 1\n\n" + strings.Repeat("data: x\n", 10) + "\ndata: 3\n\n", 2},
		{"comment", llm.FramingSSE, "data: 1\n\n:" + long + "\n\ndata: 3\n\n", 2},
		{"at the end", llm.FramingSSE, "data: 1\n\ndata: " + long, 1},
		{"line of JSON", llm.FramingLines, "1\n" + long + "\n2\n", 2},
		{"last line of JSON", llm.FramingLines, "1\n" + long, 1},
		{"element", llm.FramingArray, `[{"a":1},{"a":"\"]}` + long + `"},{"a":2}]`, 2},
		{"document", llm.FramingWhole, long, 0},
		{"message", llm.FramingAWS, string(awsStream(t, event{"a", long}, event{"b", "x"})), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			limit := 64
			for _, parts := range [][]string{{tt.in}, strings.Split(tt.in, "")} {
				s := llm.NewLimitedSplitter(tt.framing, limit)
				if got := split(s, parts...); tt.framing != llm.FramingAWS && (len(got) != tt.want || s.Dropped != 1) {
					t.Errorf("%d writes: %d events, %d dropped, want %d and 1", len(parts), len(got), s.Dropped, tt.want)
				}
				if tt.framing == llm.FramingAWS && s.Dropped != 2 {
					t.Errorf("%d writes: %d dropped, want 2", len(parts), s.Dropped)
				}
			}
		})
	}
}

func FuzzSplitter(f *testing.F) {
	for _, in := range []string{
		"data: 1\r\n\r\ndata: {\"a\":1}\r\rdata: {}\n: c\n{\"error\":1}\n\nevent: x\n\ndata: [DONE]",
		"[{\"a\":\"\\\"}\"},\n3]", "{}\n{}\r\n\n0:\"x\"\n", "\xef\xbb\xbfdata: x\r",
		string(awsStream(f, event{"a", "{}"}, event{"bException", "{}"})),
	} {
		f.Add([]byte(in), uint64(1), uint8(20))
	}
	framings := []llm.Framing{llm.FramingSSE, llm.FramingLines, llm.FramingArray, llm.FramingAWS, llm.FramingWhole}
	f.Fuzz(func(t *testing.T, in []byte, seed uint64, limit uint8) {
		llm.SplitterFor("text/event-stream", in)
		llm.SplitterFor("", in)
		for _, framing := range framings {
			whole := llm.NewLimitedSplitter(framing, int(limit))
			want := append(whole.Write(bytes.Clone(in)), whole.Close()...)
			parts := llm.NewLimitedSplitter(framing, int(limit))
			var got []llm.Event
			random := rand.New(rand.NewPCG(seed, 0))
			for rest := bytes.Clone(in); len(rest) > 0; {
				n := 1 + random.IntN(min(len(rest), 9))
				got = append(got, parts.Write(rest[:n:n])...)
				rest = rest[n:]
			}
			got = append(got, parts.Close()...)
			if describe(got) != describe(want) {
				t.Fatalf("%s: in parts %s, whole %s", framing, describe(got), describe(want))
			}
			if whole.Comments != parts.Comments || whole.Dropped != parts.Dropped {
				t.Fatalf("%s: in parts %d comments and %d dropped, whole %d and %d", framing,
					parts.Comments, parts.Dropped, whole.Comments, whole.Dropped)
			}
		}
	})
}

func describe(events []llm.Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "[%d %q %q]", e.Offset, e.Name, e.Data)
	}
	return b.String()
}

func BenchmarkSplitter(b *testing.B) {
	chunk := `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}]}`
	frame := `{"bytes":"` + base64.StdEncoding.EncodeToString([]byte(chunk)) + `"}`
	streams := map[llm.Framing]string{
		llm.FramingSSE:   strings.Repeat("data: "+chunk+"\n\n", 20000),
		llm.FramingLines: strings.Repeat(chunk+"\n", 20000),
		llm.FramingArray: "[" + strings.Repeat(chunk+",\n", 20000) + "{}]",
		llm.FramingAWS:   strings.Repeat(string(awsStream(b, event{"chunk", frame})), 15000),
	}
	for framing, stream := range streams {
		b.Run(string(framing), func(b *testing.B) {
			in := []byte(stream)
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				llm.NewSplitter(framing).Write(in)
			}
		})
	}
}
