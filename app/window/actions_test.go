package window

import (
	"encoding/json"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"assay/storage"
)

// exchangeAt finds the recorded exchange of a wire format.
func exchangeAt(t *testing.T, d *Desk, family string) string {
	t.Helper()
	rows, err := d.project.Store().List(t.Context(), storage.Filter{Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if strings.Contains(r.URL, family) {
			return r.ID.String()
		}
	}
	t.Fatalf("no exchange of %s among %d", family, len(rows))
	return ""
}

func TestEveryFormatOfEveryProvider(t *testing.T) {
	t.Setenv("ASSAY_KEYRING", "file") // so that values are kept, and could leak
	d := settled(t)
	a := &Actions{d}
	for path, want := range map[string]map[string]string{
		"/chat/completions": {"prompt": plantedWord + "?", "python": "client.chat.completions.create(", "javascript": "new OpenAI(", "markdown": "## system\n\nBe brief.", "curl": "curl http://"},
		"/v1/messages":      {"prompt": "hello claude", "python": "requests.request(", "javascript": "await fetch(", "markdown": "## assistant", "raw": "POST "},
		":generateContent":  {"prompt": "hello gemini", "python": "import requests", "javascript": "await fetch(", "answer": "", "curl": "--data-raw"},
	} {
		id := exchangeAt(t, d, path)
		for format := range copyFormats {
			out, err := a.Copy(CopyIn{ID: id, Format: format})
			if err != nil || out.Text == "" || out.Credentials || !strings.Contains(out.Text, want[format]) {
				t.Errorf("%s as %s: %v, got\n%s\nwant %q in it", path, format, err, out.Text, want[format])
			}
			if strings.Contains(out.Text, plantedKey) {
				t.Errorf("%s as %s holds the credential", path, format)
			}
			compiles(t, format, out.Text)
			revealed, err := a.Copy(CopyIn{ID: id, Format: format, Reveal: true})
			sends := format == "curl" || format == "python" || format == "javascript" || format == "raw"
			if err != nil || strings.Contains(revealed.Text, plantedKey) != sends || revealed.Credentials != sends {
				t.Errorf("%s as %s, revealed: %v, %v\n%s", path, format, err, revealed.Credentials, revealed.Text)
			}
			compiles(t, format, revealed.Text)
		}
	}
	for _, in := range []CopyIn{{ID: "99", Format: "curl"}, {ID: "x", Format: "curl"}, {ID: "1", Format: "exe"}} {
		if out, err := a.Copy(in); err == nil {
			t.Errorf("%+v: got %q", in, out.Text)
		}
	}
}

// compiles hands programs to the compilers of their languages; nothing is run.
func compiles(t *testing.T, format, text string) {
	t.Helper()
	var check *exec.Cmd
	switch format {
	case "python":
		check = exec.CommandContext(t.Context(), "python3", "-c", "import sys; compile(sys.stdin.buffer.read().decode(), 'snippet', 'exec')")
	case "javascript":
		check = exec.CommandContext(t.Context(), "node", "--check", "--input-type=module", "-")
	case "curl":
		check = exec.CommandContext(t.Context(), "sh", "-n")
	default:
		return
	}
	check.Stdin = strings.NewReader(text)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s\n%s", format, err, out, text)
	}
}

// download fetches a path of the handler, and tells that it cannot be fetched again.
func download(t *testing.T, d *Desk, path string) string {
	t.Helper()
	get := func() (int, string) {
		w := httptest.NewRecorder()
		d.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		if !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") && w.Code == 200 {
			t.Errorf("%s is no attachment", path)
		}
		body, _ := io.ReadAll(w.Body)
		return w.Code, string(body)
	}
	code, body := get()
	if code != 200 {
		t.Fatalf("%s: %d %s", path, code, body)
	}
	if code, _ := get(); code != 404 {
		t.Errorf("%s could be fetched twice", path)
	}
	return body
}

func TestExportAndSaveInABrowser(t *testing.T) {
	t.Parallel()
	d := settled(t)
	a := &Actions{d}
	id := exchangeAt(t, d, "/v1/messages")
	out, err := a.Export(ExportIn{IDs: []string{id}, Format: "har"})
	if err != nil || out.Download == "" || out.Name != plantedWord+".har" {
		t.Fatalf("got %+v, %v", out, err)
	}
	var har struct {
		Log struct{ Entries []json.RawMessage }
	}
	text := download(t, d, out.Download)
	if err := json.Unmarshal([]byte(text), &har); err != nil || len(har.Log.Entries) != 1 || strings.Contains(text, plantedKey) {
		t.Errorf("got %v, %s", err, text)
	}
	out, err = a.Export(ExportIn{Query: "host:127.0.0.1", Format: "jsonl"})
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(download(t, d, out.Download), "\n"); lines != 3 {
		t.Errorf("exported %d lines, want 3", lines)
	}
	for _, in := range []ExportIn{{Format: "exe"}, {Format: "har", Query: "nofield:1 ("}, {Format: "har", IDs: []string{"x"}}} {
		if out, err := a.Export(in); err == nil {
			t.Errorf("%+v: got %+v", in, out)
		}
	}
	out, err = a.SaveBody(SaveBodyIn{ID: id, Side: "client"})
	if err != nil || out.Name != "exchange-"+id+"-request.json" || !strings.Contains(download(t, d, out.Download), "hello claude") {
		t.Errorf("got %+v, %v", out, err)
	}
	out, err = a.SaveBody(SaveBodyIn{ID: id, Side: "server"})
	if err != nil || !strings.Contains(download(t, d, out.Download), "message_start") {
		t.Errorf("got %+v, %v", out, err)
	}
}

func TestExportInTheDesktopWindow(t *testing.T) {
	t.Parallel()
	d := settled(t)
	file := filepath.Join(t.TempDir(), "out.har")
	d.host.SaveFile = func(_, name string) (string, error) {
		if name != plantedWord+".har" {
			return "", nil // cancelled
		}
		return file, nil
	}
	out, err := (&Actions{d}).Export(ExportIn{Format: "har"})
	if err != nil || out.Download != "" {
		t.Fatalf("got %+v, %v", out, err)
	}
	if job := ended(t, d, out.Job.ID); job.State != "done" || job.Note != "Exported: 3." {
		t.Errorf("got %+v", job)
	}
	if data, err := os.ReadFile(file); err != nil || !json.Valid(data) {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
	if out, err := (&Actions{d}).Export(ExportIn{Format: "jsonl"}); err != nil || out.Job.ID != "" || out.Download != "" {
		t.Errorf("cancelled, but got %+v, %v", out, err)
	}
}
