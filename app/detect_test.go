package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/app"
)

// TestDetectImport tells every format by its bytes; names play no part.
func TestDetectImport(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"chrome.har": "har", "burp.xml": "burp", "collection.json": "postman"} {
		data, err := os.ReadFile(filepath.Join("..", "traffic", "testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := app.DetectImport(data[:min(len(data), app.DetectBytes)]); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %s", file, got, err, want)
		}
	}
	long := `"` + strings.Repeat("x", app.DetectBytes) + `"`
	for _, row := range []struct{ name, head, want string }{
		{"HAR with a byte order mark", "\ufeff\n{ \"log\": {\"version\": \"1.2\", \"entries\": [", "har"},
		{"HAR whose log comes second", `{"comment": {"log": 1}, "log": {`, "har"},
		{"Postman that begins with its items", `{"item": [{"name": "a", "request": {"url": "https://x"}}], "info": {}}`, "postman"},
		{"Postman cut in its description", `{"info": {"description": ` + long, "postman"},
		{"JSONL", "{\"url\": \"https://x/\", \"method\": \"GET\"}\n{\"url\":", "jsonl"},
		{"JSONL cut before its url", `{"request_body": ` + long, "jsonl"},
		{"JSONL that names a log inside", `{"method": "POST", "url": "https://x/", "request_body": "{\"log\":1}"}`, "jsonl"},
		{"mitmproxy", "1234:7:version;2:21#", "mitmproxy"},
		{"curl", "  curl https://x/ \\\n  -H 'A: b'", "curl"},
		{"curl below a comment", "# the login\n$ curl -d a=b https://x/login", "curl"},
		{"Burp", "<?xml version=\"1.0\"?>\n<!DOCTYPE items [\n]>\n<items burpVersion=\"2025.1\">", "burp"},
	} {
		if got, err := app.DetectImport([]byte(row.head)[:min(len(row.head), app.DetectBytes)]); err != nil || got != row.want {
			t.Errorf("%s: %q, %v; want %s", row.name, got, err, row.want)
		}
	}
	for _, head := range []string{"", " \n", "{}", `{"a": 1}`, "[1, 2]", "<html>", "hello", "\x00\x01", "PK\x03\x04", "the curl of a wave"} {
		if got, err := app.DetectImport([]byte(head)); err == nil || app.CodeOf(err) != app.CodeInput {
			t.Errorf("%q is taken for %q, %v", head, got, err)
		}
	}
}
