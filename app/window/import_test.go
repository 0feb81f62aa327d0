package window_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/app/window"
)

// upload sends a file as the window does.
func (o *office) upload(name, format string, body io.Reader, size int64) (window.ImportOut, window.Fault) {
	o.t.Helper()
	req := httptest.NewRequestWithContext(o.t.Context(), http.MethodPost,
		"/import?"+url.Values{"name": {name}, "format": {format}}.Encode(), body)
	req.ContentLength = size
	answer := httptest.NewRecorder()
	o.desk.Handler().ServeHTTP(answer, req)
	var out window.ImportOut
	var fault window.Fault
	var err error
	if answer.Code == http.StatusOK {
		err = json.Unmarshal(answer.Body.Bytes(), &out)
	} else {
		err = json.Unmarshal(answer.Body.Bytes(), &fault)
	}
	if err != nil {
		o.t.Fatalf("%s: status %d: %v: %.300s", name, answer.Code, err, answer.Body)
	}
	return out, fault
}

// TestUpload imports every format by its content, with names that say nothing.
func TestUpload(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	file := func(name string) string {
		data, err := os.ReadFile(filepath.Join("..", "..", "traffic", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	line := `{"method":"POST","url":"https://api.openai.com/v1/chat/completions","status":200}` + "\n"
	for _, row := range []struct {
		format, text string
		least, out   int64
	}{
		{"har", file("chrome.har"), 1, 0},
		{"burp", file("burp.xml"), 2, 1},
		{"postman", file("collection.json"), 3, 1},
		{"jsonl", line + line, 2, 0},
		{"jsonl", line + "not JSON\n" + line + "{\"method\":\"GET\"}\n", 2, 2},
		{"curl", "curl https://api.example.com/v1 -H 'X: y'\ncurl -d a=b https://api.example.com/v2\n", 2, 0},
		{"mitmproxy", mitmFlow(), 1, 0},
		{"har", `{"log":{"version":"1.2","entries":[]}}`, 0, 0},
	} {
		out, fault := o.upload("upload", "auto", strings.NewReader(row.text), int64(len(row.text)))
		if fault.Message != "" || out.Format != row.format || out.Exchanges < row.least || out.LeftOut != row.out || (out.Why == "") != (row.out == 0) {
			t.Errorf("%s: %+v, %+v", row.format, out, fault)
		}
		if (out.Query == "") != (row.least == 0) {
			t.Errorf("%s: query %q", row.format, out.Query)
		}
	}
}

// TestUploadBroken says in a sentence what is wrong, and keeps what could be read.
func TestUploadBroken(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	for _, row := range []struct{ name, format, text, problem string }{
		{"empty", "auto", "", "empty"},
		{"picture", "auto", "\x89PNG\r\n\x1a\n", "no file that Assay can import"},
		{"page", "auto", "<html></html>", "no file that Assay can import"},
		{"cut HAR", "har", `{"log":{"entries":[`, "cannot be read"},
		{"not a HAR", "har", `[]`, "cannot be read"},
		{"unknown", "exe", "x", "import format"},
		{"broken XML", "auto", `<?xml version="1.0"?><items><item>`, "cannot be read"},
		{"cut flow", "auto", "9999999:abc", "cannot be read"},
	} {
		if out, fault := o.upload(row.name, row.format, strings.NewReader(row.text), int64(len(row.text))); !strings.Contains(fault.Message, row.problem) {
			t.Errorf("%s: %+v, %+v; want %q", row.name, out, fault, row.problem)
		}
	}
	if rows := o.rows(); len(rows) != 0 {
		t.Errorf("%d exchanges of broken files", len(rows))
	}
}

// TestUploadLarge imports 50 MB, counting as it reads; a client that goes away half-way leaves what had come.
func TestUploadLarge(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	const kept = 1 << 20
	body := strings.Repeat("x", kept)
	var text bytes.Buffer
	const lines = 20
	for i := range lines {
		fmt.Fprintf(&text, `{"method":"POST","url":"https://api.example.com/v1/%d","status":200,"response_body":"%s"}`+"\n", i, body)
	}
	size := int64(text.Len())
	if size < 20_000_000 {
		t.Fatalf("%d bytes", size)
	}
	half := io.MultiReader(bytes.NewReader(text.Bytes()[:size/2]), brokenReader{})
	if out, fault := o.upload("half.jsonl", "auto", half, size); fault.Message != "" && out.Exchanges == 0 && len(o.rows()) == 0 {
		t.Errorf("nothing was kept of half a file: %+v", fault)
	}
	before := len(o.rows())
	out, fault := o.upload("large.jsonl", "auto", &text, size)
	if out.Exchanges != lines || fault.Message != "" {
		t.Errorf("%+v, %+v", out, fault)
	}
	rows := o.rows()
	if len(rows) != before+lines || rows[len(rows)-1].ResponseBytes != kept {
		t.Errorf("%d exchanges, %d before; the last has %d bytes", len(rows), before, rows[len(rows)-1].ResponseBytes)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestImportFile takes a file by its path, and nothing that is no file.
func TestImportFile(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	har := filepath.Join("..", "..", "traffic", "testdata", "chrome.har")
	out, err := o.setup.ImportFile(window.ImportFileIn{Path: har, Format: "auto"})
	if err != nil || out.Exchanges == 0 || !strings.HasPrefix(out.Query, "source:import ") {
		t.Errorf("%+v, %v", out, err)
	}
	state, err := o.session.State(window.Nothing{})
	if err != nil || len(state.Jobs) != 1 || state.Jobs[0].Kind != "import" || !strings.Contains(state.Jobs[0].Note, "imported") {
		t.Errorf("%+v, %v", state.Jobs, err)
	}
	for _, path := range []string{"", t.TempDir(), "/no/such/file", "/dev/zero"} {
		if out, err := o.setup.ImportFile(window.ImportFileIn{Path: path, Format: "auto"}); err == nil {
			t.Errorf("%q was imported: %+v", path, out)
		}
	}
}

// mitmFlow is one flow as mitmproxy writes it.
func mitmFlow() string {
	put := func(kind, payload string) string { return fmt.Sprintf("%d:%s%s", len(payload), payload, kind) }
	member := func(name, value string) string { return put(";", name) + value }
	message := func(members ...string) string {
		return put("}", strings.Join(append(members, member("headers", put("]", "")), member("http_version", put(",", "HTTP/1.1"))), ""))
	}
	request := message(
		member("method", put(",", "GET")), member("scheme", put(",", "https")), member("host", put(";", "api.example.com")),
		member("port", put("#", "443")), member("path", put(",", "/v1/models")), member("content", put(",", "")),
		member("timestamp_start", put("^", "1767225600.0")), member("authority", put(",", "")),
	)
	response := message(member("status_code", put("#", "200")), member("reason", put(",", "OK")), member("content", put(",", "{}")), member("timestamp_start", put("^", "1767225601.0")))
	return put("}", member("version", put("#", "20"))+member("type", put(";", "http"))+member("request", request)+member("response", response))
}
