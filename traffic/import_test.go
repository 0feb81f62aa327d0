package traffic_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"assay/traffic"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/tidwall/gjson"
)

func TestReadBurp(t *testing.T) {
	t.Parallel()
	records, errs := collect(traffic.ReadBurp(bytes.NewReader(readFile(t, "burp.xml"))))
	if len(records) != 2 || len(errs) != 1 {
		t.Fatalf("%d records, errors %v", len(records), errs)
	}
	one, two := records[0], records[1]
	if one.Request.URL != "https://api.chat.example:8443/v1/chat?x=1" || one.Request.Proto != "HTTP/2.0" || string(one.Request.Body.Data) != `{"a":1}` {
		t.Errorf("request %+v", one.Request)
	}
	if diff := cmp.Diff(traffic.Header{{"Host", "api.chat.example:8443"}, {"X-A", "1"}}, one.Request.Header); diff != "" {
		t.Error(diff)
	}
	if one.Response.Status != 200 || string(one.Response.Body.Data) != "\xff\x00" || one.Note != "ask them" || one.Colour != "orange" || one.Server.Addr != "192.0.2.9:8443" {
		t.Errorf("answer %+v, note %q, colour %q, server %q", one.Response, one.Note, one.Colour, one.Server.Addr)
	}
	if !one.Started.Equal(time.Date(2026, 2, 1, 9, 59, 58, 0, time.UTC)) {
		t.Errorf("started %s", one.Started)
	}
	if two.Request.URL != "http://plain.example/" || two.Response != nil || two.State != traffic.StateUnsent {
		t.Errorf("second %+v", two)
	}
	if want := "Burp (entry 3, line 41, byte 1428): the request is not base64: illegal base64 data at input byte 0"; errs[0].Error() != want {
		t.Errorf("error %q, want %q", errs[0], want)
	}
}

func TestBrokenBurp(t *testing.T) {
	t.Parallel()
	good := string(readFile(t, "burp.xml"))
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "the file ends too early"},
		{"html", "<html></html>", "the file begins with <html>; a file of Burp's items begins with <items>"},
		{"json", "{}", "the file ends too early"},
		{"cut", good[:900], "the file ends too early"},
		{"binary", strings.Replace(good, "GET / HTTP", "GET /\x01 HTTP", 1), "a body is not text, which XML cannot hold; save the items again with \"Base64-encode requests and responses\""},
		{"tags", strings.Replace(good, "</time>", "</tme>", 1), "not valid XML: element <time> closed by </tme>"},
	} {
		_, errs := collect(traffic.ReadBurp(strings.NewReader(c.in)))
		if len(errs) == 0 || !strings.HasSuffix(errs[0].Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, errs, c.want)
		}
	}
}

func TestReadPostman(t *testing.T) {
	t.Parallel()
	records, errs := collect(traffic.ReadPostman(bytes.NewReader(readFile(t, "collection.json"))))
	if len(records) != 3 || len(errs) != 1 {
		t.Fatalf("%d records, errors %v", len(records), errs)
	}
	ask, form, short := records[0], records[1], records[2]
	if ask.Request.URL != "https://api.chat.example/v1/chats/42" || ask.Note != "Chats / Ask / Good" || ask.Response.Status != 200 || ask.Timing.Done != 250*time.Millisecond {
		t.Errorf("example: %+v", ask)
	}
	if got := ask.Request.Header.Get("Authorization"); got != "Bearer {{token}}" || gjson.GetBytes(ask.Origin, "missing.0").Str != "token" {
		t.Errorf("authorization %q, origin %s", got, ask.Origin)
	}
	if content, lost := ask.Content(traffic.FromServer, 100); string(content) != `{"ok":true}` || lost != "" {
		t.Errorf("content %q, lost %q", content, lost)
	}
	want := traffic.Header{{"X-B", "1"}, {"X-C", "2"}, {"Content-Type", "application/x-www-form-urlencoded"}, {"Authorization", "Basic dTpw"}}
	if diff := cmp.Diff(want, form.Request.Header); diff != "" || form.Request.URL != "http://a.example:81/x?k=v" || string(form.Request.Body.Data) != "a+b=c%26d" || form.State != traffic.StateUnsent {
		t.Errorf("form: %s %q %s\n%s", form.Request.URL, form.Request.Body.Data, form.State, diff)
	}
	if short.Request.URL != "http://plain.example/get" || short.Request.Method != "GET" {
		t.Errorf("short: %+v", short.Request)
	}
	for in, want := range map[string]string{
		"":                         "Postman (line 1, byte 0): not valid JSON: unexpected end of JSON input",
		"{\n\"item\": [}":          "Postman (line 2, byte 12): not valid JSON: invalid character '}' looking for beginning of value",
		`{"requests":[]}`:          `Postman: there is no "item" in this JSON document; save the collection as "Collection v2.1"`,
		`{"item":[{"request":7}]}`: `which is not what a collection holds there`,
	} {
		if _, errs := collect(traffic.ReadPostman(strings.NewReader(in))); len(errs) != 1 || !strings.HasSuffix(errs[0].Error(), want) {
			t.Errorf("%q: %v, want %q", in, errs, want)
		}
	}
}

// TestReadDamagedPostman: what can be read of a collection is, and the rest is named with its place.
func TestReadDamagedPostman(t *testing.T) {
	t.Parallel()
	const good = `{"name":"b","request":"https://a.example/b"}`
	for in, want := range map[string]string{
		"{\"item\":[\n{\"name\":\"a\",\"request\":{\"url\":{\"raw\":7}}},\n" + good + "]}":                     "line 2",
		"{\"item\":[" + good + ",\n{\"na":                                                                      "line 2",
		"{\"item\":[{\"name\":\"f\",\"item\":[" + good + ",\n\n{\"request\":{\"header\":5,\"method\":[]}}]}]}": "line 3",
		"{\"variable\":5,\n\"item\":[" + good + "]}":                                                           "line 1",
	} {
		records, errs := collect(traffic.ReadPostman(strings.NewReader(in)))
		if len(records) != 1 || records[0].Request.URL != "https://a.example/b" {
			t.Errorf("%s: %d records", in, len(records))
		}
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: %v, want %s", in, errs, want)
		}
	}
}

// tnet writes a value as mitmproxy does.
func tnet(v any) string {
	payload, kind := "", "~"
	switch v := v.(type) {
	case []byte:
		payload, kind = string(v), ","
	case string:
		payload, kind = v, ";"
	case int:
		payload, kind = fmt.Sprint(v), "#"
	case float64:
		payload, kind = fmt.Sprintf("%f", v), "^"
	case bool:
		payload, kind = fmt.Sprint(v), "!"
	case []any:
		for _, e := range v {
			payload += tnet(e)
		}
		kind = "]"
	case map[string]any:
		for k, e := range v {
			payload += tnet(k) + tnet(e)
		}
		kind = "}"
	}
	return fmt.Sprintf("%d:%s%s", len(payload), payload, kind)
}

func line(name, value string) []any { return []any{[]byte(name), []byte(value)} }

// socketFlow is a flow of format 20, as mitmproxy 10 writes it.
func socketFlow() map[string]any {
	return map[string]any{
		"version": 20, "type": "http", "id": "x", "error": nil, "comment": "c", "marked": ":red_circle:",
		"request": map[string]any{
			"method": []byte("GET"), "scheme": []byte("https"), "host": "192.0.2.4", "port": 443, "path": []byte("/v1/rt?x=1"), "authority": []byte(""),
			"http_version": []byte("HTTP/1.1"), "headers": []any{line("Host", "rt.example"), line("Upgrade", "websocket")}, "content": []byte{}, "trailers": nil,
			"timestamp_start": 1700000000.5, "timestamp_end": 1700000000.6,
		},
		"response": map[string]any{
			"status_code": 101, "reason": []byte("Switching Protocols"), "http_version": []byte("HTTP/1.1"), "headers": []any{line("Upgrade", "websocket")},
			"content": []byte{}, "trailers": nil, "timestamp_start": 1700000000.7, "timestamp_end": 1700000000.8,
		},
		"websocket": map[string]any{
			"messages":         []any{[]any{1, true, []byte("hi"), 1700000001.0, false, false}, []any{2, false, []byte{0xff}, 1700000001.5, false, false}},
			"closed_by_client": true, "close_code": 1000, "close_reason": "bye", "timestamp_end": 1700000002.5,
		},
		"client_conn": map[string]any{"peername": []any{"127.0.0.1", 5000}},
		"server_conn": map[string]any{"peername": []any{"192.0.2.4", 443}, "tls_version": "TLSv1.3", "cipher": "TLS_AES_128_GCM_SHA256", "alpn": []byte("http/1.1"), "sni": "rt.example"},
	}
}

func TestReadMitmproxy(t *testing.T) {
	t.Parallel()
	failed := socketFlow()
	failed["websocket"], failed["response"] = nil, nil
	failed["error"] = map[string]any{"msg": "connection refused", "timestamp": 1700000001.5}
	file := tnet(socketFlow()) + tnet(map[string]any{"version": 20, "type": "tcp"}) + tnet(failed)
	records, errs := collect(traffic.ReadMitmproxy(strings.NewReader(file)))
	if len(records) != 2 || len(errs) != 1 || !strings.HasSuffix(errs[0].Error(), `a flow of type "tcp" is not HTTP and was left out`) {
		t.Fatalf("%d records, errors %v", len(records), errs)
	}
	ms := time.Millisecond
	want := &traffic.Record{
		Exchange: traffic.Exchange{
			Started: time.Unix(1700000000, 5e8).UTC(), Source: traffic.SourceImport, Kind: traffic.KindWebSocket, State: traffic.StateComplete,
			Client:   traffic.Client{Addr: "127.0.0.1:5000"},
			Server:   traffic.Server{Addr: "192.0.2.4:443", TLSVersion: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", ALPN: "http/1.1", SNI: "rt.example"},
			Request:  traffic.Request{Method: "GET", URL: "https://rt.example/v1/rt?x=1", Proto: "HTTP/1.1", Host: "rt.example", Header: traffic.Header{{"Host", "rt.example"}, {"Upgrade", "websocket"}}},
			Response: &traffic.Response{Status: 101, Reason: "Switching Protocols", Proto: "HTTP/1.1", Header: traffic.Header{{"Upgrade", "websocket"}}},
			Timing:   traffic.Timing{Sent: 100 * ms, Head: 200 * ms, FirstByte: 200 * ms, Done: 300 * ms},
		},
		Note: "c", Colour: "red",
		Frames: []traffic.Frame{
			{At: 500 * ms, Opcode: 1, Wire: 2, Data: []byte("hi")},
			{Seq: 1, Side: traffic.FromServer, At: 1000 * ms, Opcode: 2, Wire: 1, Data: []byte{0xff}},
			{Seq: 2, At: 2000 * ms, Opcode: 8, Wire: 5, Data: []byte("\x03\xe8bye")},
		},
	}
	if diff := cmp.Diff(want, records[0], cmpopts.IgnoreFields(traffic.Exchange{}, "Origin"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("a WebSocket flow:\n%s", diff)
	}
	if r := records[1]; r.State != traffic.StateFailed || r.Fault.Reason != "connection refused" || r.Timing.Done != time.Second {
		t.Errorf("a failed flow: %+v", r)
	}
	for in, want := range map[string]string{
		file[:500]:     "mitmproxy (entry 1, byte 500): the file ends inside a flow",
		"{\"log\":1}":  "mitmproxy (entry 1, byte 0): found '{' where the length of a flow should follow, so this is not a file of mitmproxy's flows",
		"3:1:x}":       "mitmproxy (entry 1, byte 2): a length should follow here",
		"99999999999:": "the flow is larger than 512 MiB",
		tnet(map[string]any{"version": []any{0, 18}}): "the flow was written by mitmproxy 3 or older; open and save the file with a newer mitmproxy",
	} {
		if _, errs := collect(traffic.ReadMitmproxy(strings.NewReader(in))); len(errs) != 1 || !strings.HasSuffix(errs[0].Error(), want) {
			t.Errorf("%.40q: %v, want %q", in, errs, want)
		}
	}
}

func TestReadCurl(t *testing.T) {
	t.Parallel()
	const a, form = "http://a.example/", "application/x-www-form-urlencoded"
	type request struct {
		method, url, body string
		header            traffic.Header
	}
	for _, c := range []struct {
		name, in string
		want     request
	}{
		{"bare", "curl a.example", request{"GET", a, "", nil}},
		{"chrome, bash", "curl 'https://api.example/v1/chat' \\\n  -H 'accept: */*' \\\n  -b 'sid=1; x=2' \\\n  -H 'content-type: application/json' \\\n  --data-raw $'{\"q\":\"it\\'s\\n\\u00fc\\x21\"}' \\\n  --compressed", request{"POST", "https://api.example/v1/chat", "{\"q\":\"it's\nü!\"}", traffic.Header{{"accept", "*/*"}, {"Cookie", "sid=1; x=2"}, {"content-type", "application/json"}, {"Accept-Encoding", "deflate, gzip, br, zstd"}}}},
		{"chrome, cmd", "curl ^\"https://api.example/v1/chat?a=1^&b=2^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  --data-raw ^\"^{^\\^\"q^\\^\":^\\^\"a^%^b ^\\^\\n^\\^\"^}^\"", request{"POST", "https://api.example/v1/chat?a=1&b=2", `{"q":"a%b \\n"}`, traffic.Header{{"content-type", "application/json"}}}},
		{"double quotes", `curl -sSL -XPUT "a.example/$x" -d "a=\"1\"" -d'b=2' -u me:pw`, request{"PUT", "http://a.example/$x", `a="1"&b=2`, traffic.Header{{"Authorization", "Basic bWU6cHc="}, {"Content-Type", form}}}},
		{"json", `curl --json '{"a":1}' -H "Accept: text/event-stream" http://a.example/`, request{"POST", a, `{"a":1}`, traffic.Header{{"Accept", "text/event-stream"}, {"Content-Type", "application/json"}}}},
		{"get", `curl -G a.example/s?x=1 -d q=1 --data-urlencode "p=a b" -o /dev/null`, request{"GET", "http://a.example/s?x=1&q=1&p=a+b", "", nil}},
		{"head", `curl -I a.example -A me -e http://r.example -H 'X-Empty;' -H 'Accept:'`, request{"HEAD", a, "", traffic.Header{{"User-Agent", "me"}, {"Referer", "http://r.example"}, {"X-Empty", ""}}}},
		{"bearer, prompt and variable", `$ TOKEN=x curl --oauth2-bearer $TOKEN --url a.example # ask`, request{"GET", a, "", traffic.Header{{"Authorization", "Bearer $TOKEN"}}}},
	} {
		records, errs := collect(traffic.ReadCurl(strings.NewReader(c.in)))
		if len(errs) > 0 || len(records) != 1 {
			t.Errorf("%s: %d records, errors %v", c.name, len(records), errs)
			continue
		}
		q := records[0].Request
		got := request{q.Method, q.URL, string(q.Body.Data), q.Header}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(request{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
	records, errs := collect(traffic.ReadCurl(strings.NewReader("curl a.example -F x=1 -F y=@f.png ;\ncurl b.example -d @body.json\n")))
	if len(errs) > 0 || len(records) != 2 || records[0].Request.Body.Lost == "" || records[1].Request.Body.Lost != `curl would read the body from the file "body.json"` {
		t.Errorf("two commands with files: %d records, errors %v", len(records), errs)
	}
	for in, want := range map[string]string{
		"wget x":            "curl: there is no command that begins with curl",
		"curl 'x":           "curl: a quote is never closed",
		"curl -H":           "curl (entry 1): -H is the last word; a value should follow",
		"curl --header":     "curl (entry 1): --header is the last word; a value should follow",
		"curl -s":           "curl (entry 1): the command names no URL",
		"curl ftp://x":      `curl (entry 1): "ftp://x" is not an HTTP address`,
		"curl -H @h x":      `curl (entry 1): the headers are in the file "h", which is not read; put them into the command`,
		"curl ^\"http://x/": "curl: a quote is never closed",
	} {
		if _, errs := collect(traffic.ReadCurl(strings.NewReader(in))); len(errs) != 1 || errs[0].Error() != want {
			t.Errorf("%q: %v, want %q", in, errs, want)
		}
	}
}

// TestToCurl lets a real curl send what ToCurl writes, and holds that the server gets the request that was recorded;
// what it got is then written as a curl command and read again.
func TestToCurl(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatalf("curl is not installed: run `make setup`: %v", err)
	}
	type got struct {
		Method, Target string
		Header         http.Header
		Body           []byte
	}
	seen := make(chan got, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		seen <- got{r.Method, r.RequestURI, r.Header, body.Bytes()}
	}))
	defer server.Close()
	body := func(s string) traffic.Body { return traffic.Body{Data: []byte(s)} }
	for _, q := range []traffic.Request{
		{Method: "GET", URL: "/a?x={1}&y=[2]"},
		{Method: "HEAD", URL: "/"},
		{Method: "POST", URL: "/", Header: traffic.Header{{"Content-Type", "application/json"}, {"X-Empty", ""}, {"X-Odd", `it's "$HOME" \ !`}}, Body: body("{\"a\":\"it's $(id) `id`\\n\n@x\"}")},
		{Method: "POST", URL: "/", Body: body("no type")},
		{Method: "POST", URL: "/", Header: traffic.Header{{"Content-Type", "application/octet-stream"}}, Body: body("\xff\x00\n\r\n")},
		{Method: "DELETE", URL: "/x", Body: body("@file")},
		{Method: "POST", URL: "/nothing"},
	} {
		q.URL = server.URL + q.URL
		command := traffic.ToCurl(&traffic.Record{Exchange: traffic.Exchange{Request: q}}, nil)
		out, err := exec.CommandContext(t.Context(), "sh", "-c", command+" -sS -H 'Expect:'").CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", command, err, out)
			continue
		}
		last := <-seen
		if last.Method != q.Method || server.URL+last.Target != q.URL || !bytes.Equal(last.Body, q.Body.Data) {
			t.Errorf("%s\nsent %s %s with %q", command, last.Method, last.Target, last.Body)
		}
		for _, f := range q.Header {
			if got, ok := last.Header[http.CanonicalHeaderKey(f.Name)]; !ok || got[0] != f.Value {
				t.Errorf("%s\nsent %s as %q, want %q", command, f.Name, got, f.Value)
			}
		}
		if strings.HasPrefix(command, "printf") {
			continue
		}
		records, errs := collect(traffic.ReadCurl(strings.NewReader(command)))
		if len(errs) > 0 || len(records) != 1 {
			t.Errorf("%s\nread as %d records, errors %v", command, len(records), errs)
			continue
		}
		if again := records[0].Request; again.Method != q.Method || again.URL != q.URL || !bytes.Equal(again.Body.Data, q.Body.Data) {
			t.Errorf("%s\nread as %+v", command, again)
		}
	}
}

func TestParseRaw(t *testing.T) {
	t.Parallel()
	q, err := traffic.ParseRawRequest([]byte("\r\nPOST /x HTTP/1.1\nHost: a.example\nFold: one\n  two\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n0\r\n\r\n"), "")
	if err != nil || q.URL != "https://a.example/x" || q.Header.Get("Fold") != "one two" || string(q.Body.Data) != "abc" {
		t.Errorf("%+v, %v", q, err)
	}
	p, err := traffic.ParseRawResponse([]byte("HTTP/1.1 404 Not Found\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\nnot chunked"))
	if err != nil || p.Status != 404 || p.Reason != "Not Found" || string(p.Body.Data) != "not chunked" {
		t.Errorf("%+v, %v", p, err)
	}
	for in, want := range map[string]string{
		"":                          `the first line of the request is ""; a method and a target should stand there, as in POST /v1/chat HTTP/1.1`,
		"GET / HTTP/1.1\nbad\n\n":   `the header line "bad" has no colon`,
		"GET / HTTP/1.1\nA: b\n\nx": "the request has neither a Host header nor an absolute target, so where it went is not known",
	} {
		if _, err := traffic.ParseRawRequest([]byte(in), ""); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
	}
	if _, err := traffic.ParseRawResponse([]byte("HTTP/1.1 OK")); err == nil {
		t.Error("an answer without a status was read")
	}
}

func TestSplitURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]traffic.URLParts{
		"https://API.Example/v1?x=1#f":   {Scheme: "https", Host: "api.example", Port: "443", Path: "/v1", Query: "x=1"},
		"http://[2001:DB8::1]:81":        {Scheme: "http", Host: "2001:db8::1", Port: "81", Path: "/"},
		"wss://u:p@h.example?q":          {Scheme: "wss", Host: "h.example", Port: "443", Path: "/", Query: "q"},
		"tunnel.example:8443":            {Host: "tunnel.example", Port: "8443"},
		"https://{{host}}/a b?u=http://": {Scheme: "https", Host: "{{host}}", Port: "443", Path: "/a b", Query: "u=http://"},
		"":                               {},
	} {
		if got := traffic.SplitURL(in); got != want {
			t.Errorf("%q: %+v, want %+v", in, got, want)
		}
	}
	if got := traffic.SplitURL("http://[::1]:81/").Authority(); got != "[::1]:81" || net.ParseIP("::1") == nil {
		t.Errorf("authority %q", got)
	}
}

// FuzzImport holds that no file makes an importer panic, and that what it yields can be written.
func FuzzImport(f *testing.F) {
	f.Add(readFile(f, "burp.xml"), uint8(0))
	f.Add(readFile(f, "collection.json"), uint8(1))
	f.Add([]byte(tnet(socketFlow())), uint8(2))
	f.Add([]byte("curl 'http://a.example/' -H 'a: b' --data-raw $'\\u00e9' -F x=y;curl ^\"http://b^\" ^\n -d ^\"^\\^\"^\""), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, format uint8) {
		read := []func() ([]*traffic.Record, []error){
			func() ([]*traffic.Record, []error) { return collect(traffic.ReadBurp(bytes.NewReader(data))) },
			func() ([]*traffic.Record, []error) { return collect(traffic.ReadPostman(bytes.NewReader(data))) },
			func() ([]*traffic.Record, []error) { return collect(traffic.ReadMitmproxy(bytes.NewReader(data))) },
			func() ([]*traffic.Record, []error) { return collect(traffic.ReadCurl(bytes.NewReader(data))) },
		}[format%4]
		records, _ := read()
		for _, r := range records {
			roundTripJSONL(t, r)
			traffic.ToCurl(r, nil)
		}
	})
}
