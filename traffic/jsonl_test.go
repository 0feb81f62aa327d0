package traffic_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"assay/test/corpus"
	"assay/traffic"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/tidwall/gjson"
)

func TestReadJSONL(t *testing.T) {
	t.Parallel()
	in := "\ufeff" + `{"method":"POST","url":"https://a.example/v1","request_headers":{"B":"1","A":["2","3"],"Content-Encoding":"gzip"},"request_body":"{\"x\":1}","status":200,"response_headers":[["X","y"],{"name":"Z","value":"w"}],"response_body_b64":"/wAB","mine":{"k":[1]},"state":"odd","source":"somewhere"}` + "\r\n\n" +
		`{"method":"GET","url":"http://b.example/"}` + "\n" +
		`{"method":"POST","url":"http://c.example/","request_body":{"a":1},"started":"2026-01-02T03:04:05.5Z","duration_ms":12.5,"ttft_ms":2,"frames":[{"from":"client","at_ms":1,"data":"hi"},{"dir":"s2c","data":{"t":1}},{"from":"server","data_b64":"/w=="}],"note":"n","tags":["t"],"colour":"RED","response_body":""}`
	records, errs := collect(traffic.ReadJSONL(strings.NewReader(in)))
	if len(errs) > 0 || len(records) != 3 {
		t.Fatalf("%d records, errors %v", len(records), errs)
	}
	one, two, three := records[0], records[1], records[2]
	if diff := cmp.Diff(traffic.Header{{"B", "1"}, {"A", "2"}, {"A", "3"}, {"Content-Encoding", "gzip"}}, one.Request.Header); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(traffic.Header{{"X", "y"}, {"Z", "w"}}, one.Response.Header); diff != "" {
		t.Error(diff)
	}
	if content, lost := one.Content(traffic.FromClient, 100); string(content) != `{"x":1}` || lost != "" {
		t.Errorf("content %q, lost %q", content, lost)
	}
	if string(one.Response.Body.Data) != "\xff\x00\x01" || one.State != traffic.StateComplete {
		t.Errorf("answer %q, state %s", one.Response.Body.Data, one.State)
	}
	for path, want := range map[string]string{"source.mine.k.0": "1", "source.source": "somewhere", "source.state": "odd", "format": "jsonl", "decoded.0": "client"} {
		if got := gjson.GetBytes(one.Origin, path).String(); got != want {
			t.Errorf("origin %s is %q, want %q", path, got, want)
		}
	}
	if two.State != traffic.StateUnsent || two.Response != nil || two.Request.Host != "b.example" || two.Origin != nil {
		t.Errorf("a request without an answer: %+v", two)
	}
	if three.Kind != traffic.KindWebSocket || len(three.Frames) != 3 || string(three.Frames[1].Data) != `{"t":1}` || three.Frames[2].Opcode != 2 {
		t.Errorf("frames: %+v", three.Frames)
	}
	if three.Timing.Done != 12500*time.Microsecond || three.Timing.FirstByte != 2*time.Millisecond || three.Colour != "red" || three.Response == nil {
		t.Errorf("third: %+v", three)
	}
}

func TestReadJSONLErrors(t *testing.T) {
	t.Parallel()
	in := `{"method":"GET","url":"http://a/"}
{"method":"GET"}
{"url":"http://a/"}
[1]
{"method":"GET","url":"http://a/","request_headers":7}
{"method":"GET","url":"http://a/","response_body_b64":"!"}
{"method":"GET","url":"http://a/"}
{"method":"GET","url":"http://a/","status":2000}
{"method":"GET","ur`
	records, errs := collect(traffic.ReadJSONL(strings.NewReader(in)))
	want := []string{
		"JSONL (line 2, byte 35): the line has no url",
		"JSONL (line 3, byte 52): the line has no method",
		"JSONL (line 4, byte 72): the line should be a JSON object with method and url",
		"JSONL (line 5, byte 76): request_headers should be an object, or a list of pairs",
		"JSONL (line 6, byte 131): response_body_b64 is not base64: illegal base64 data at input byte 0",
		"JSONL (line 8, byte 225): status should be a number of three digits",
		"JSONL (line 9, byte 274): the line ends inside a JSON value",
	}
	var got []string
	for _, err := range errs {
		got = append(got, err.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" || len(records) != 2 {
		t.Errorf("%d records, errors:\n%s", len(records), diff)
	}
}

// roundTripJSONL writes a record and reads it again.
func roundTripJSONL(t testing.TB, r *traffic.Record) *traffic.Record {
	t.Helper()
	var line bytes.Buffer
	if err := traffic.NewJSONLWriter(&line, traffic.JSONLOptions{}).Write(r); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(line.Bytes(), []byte("\n")); n != 1 {
		t.Fatalf("%d lines: %s", n, line.Bytes())
	}
	records, errs := collect(traffic.ReadJSONL(&line))
	if len(errs) > 0 || len(records) != 1 {
		t.Fatalf("%d records, errors %v", len(records), errs)
	}
	return records[0]
}

// lineLosses are what a JSON line has no place for.
var lineLosses = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(traffic.Exchange{}, "Origin", "Client", "Server"),
	cmpopts.IgnoreFields(traffic.Timing{}, "DNS", "Connect", "TLS", "Sent", "Head"),
	cmpopts.IgnoreFields(traffic.Response{}, "Proto", "Trailer"),
}

// equalBytes compares bodies at once; byte by byte takes minutes.
var equalBytes = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Data" }, cmp.Comparer(bytes.Equal))

var emptyHeaders = cmp.FilterValues(func(a, b traffic.Header) bool { return len(a) == 0 && len(b) == 0 }, cmp.Ignore())

func TestJSONLRoundTrip(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Request.Header = traffic.Header{{"Host", "other.example"}, {"X-B", "1"}, {"X-B", "3"}, {"X-A", "2"}}
	if diff := cmp.Diff(r, roundTripJSONL(t, r), lineLosses); diff != "" {
		t.Errorf("what came back differs:\n%s", diff)
	}
	r.Request.Body.Data = []byte{0xff, 0}
	r.Request.Body.Size, r.Request.Body.Kept = 2, 2
	if diff := cmp.Diff(r, roundTripJSONL(t, r), lineLosses); diff != "" {
		t.Errorf("a binary body differs:\n%s", diff)
	}
}

// TestRecordedExchanges takes every recorded exchange through JSONL and HAR and back.
func TestRecordedExchanges(t *testing.T) {
	t.Parallel()
	n := 0
	har := &bytes.Buffer{}
	w := traffic.NewHARWriter(har, traffic.HAROptions{})
	var records []*traffic.Record
	for r, err := range traffic.ReadJSONL(bytes.NewReader(recorded(t))) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		again := roundTripJSONL(t, r)
		again.Origin, r.Origin = nil, nil
		if diff := cmp.Diff(r, again, emptyHeaders, equalBytes); diff != "" {
			t.Fatalf("line %d differs:\n%s", n, diff)
		}
		if n%10 == 0 {
			records = append(records, r)
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = w.Close()
	again, errs := collect(traffic.ReadHAR(har))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for i := range records {
		again[i].Origin = nil
	}
	if diff := cmp.Diff(records, again, emptyHeaders, equalBytes); diff != "" {
		t.Errorf("HAR differs:\n%.4000s", diff)
	}
	t.Logf("%d exchanges", n)
}

// recorded returns the recorded exchanges of the development data as JSON lines.
func recorded(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(corpus.Open(t, "wire", "dev.jsonl.zst")); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func FuzzReadJSONL(f *testing.F) {
	f.Add([]byte(`{"method":"POST","url":"https://a.example/v1","request_headers":{"B":"1","A":["2","3"]},"request_body":"{\"x\":1}","status":200,"frames":[{"from":"client","data":"x"}]}`))
	f.Add([]byte(`{"method":"GET","url":"u","response_headers":[["X","y"]],"response_body_b64":"/wAB","id":7,"a.b":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, _ := collect(traffic.ReadJSONL(bytes.NewReader(data)))
		for _, r := range records {
			roundTripJSONL(t, r)
		}
	})
}
