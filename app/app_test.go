package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/app"
	"assay/lab"
)

func TestHarmless(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "hello", "hello"},
		{"space is folded", "  a \n\t b  ", "a b"},
		{"escape sequences", "\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"bidi override", "a\u202etxt", `a\u{202e}txt`},
		{"zero width", "a\u200bb", `a\u{200b}b`},
		{"tag characters", "\U000e0041", `\u{e0041}`},
		{"umlauts and emoji stay", "Grüße 🙂 日本", "Grüße 🙂 日本"},
		{"cut", "abcdefghij", "abcde…"},
		{"invalid UTF-8", "a\xffb", "a\ufffdb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			most := 0
			if tt.name == "cut" {
				most = 5
			}
			if got := app.Harmless(tt.in, most); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParseBytes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"0": 0, "1500": 1500, "2KB": 2048, "20MB": 20 << 20, "1.5GiB": 3 << 29, "1 g": 1 << 30} {
		if got, err := app.ParseBytes(in); err != nil || got != want {
			t.Errorf("%q: got %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "x", "-1", "5Q", "1e99"} {
		if got, err := app.ParseBytes(in); err == nil {
			t.Errorf("%q: got %d, want an error", in, got)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"record", "launch", "import", "export", "query"}
	for wrong, want := range map[string]string{"recordd": "record", "querry": "query", "imp": "import", "xyzzy": ""} {
		if got := app.Nearest(wrong, words); got != want {
			t.Errorf("%q: got %q, want %q", wrong, got, want)
		}
	}
}

func TestSettingsKeepWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "settings.json")
	if err := os.WriteFile(file, []byte(`{"version":1,"theme":"dark"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	home, err := app.OpenHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := home.SetLastProject("/a/b.assay"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), `"theme": "dark"`) {
		t.Errorf("got %s, %v", data, err)
	}
	if last, err := home.LastProject(); err != nil || last != "/a/b.assay" {
		t.Errorf("got %q, %v", last, err)
	}
}

func TestSettingsThatAreBroken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "settings.json")
	if err := os.WriteFile(file, []byte(`{"version":`), 0o600); err != nil {
		t.Fatal(err)
	}
	home, err := app.OpenHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := home.LastProject(); app.CodeOf(err) != app.CodeInput || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want an error that names %s", err, file)
	}
	if err := home.SetLastProject("/x"); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(file); string(data) != `{"version":` {
		t.Errorf("a file that cannot be read was overwritten with %s", data)
	}
}

// TestRecording records a real client in reverse mode and looks at the project while it is still being written.
func TestRecording(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(target.Close)
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{Home: home, Version: "test"}
	project := filepath.Join(t.TempDir(), "p.assay")
	rec, err := a.Record(t.Context(), app.RecordOptions{Project: project, Listen: "127.0.0.1:0", Providers: []string{"lab=" + target.URL + "/v1"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := home.Sessions(); len(got) != 1 || got[0].Listen != rec.Listen() || got[0].Project != project {
		t.Errorf("running recorders: %+v", got)
	}
	for _, base := range []string{"/r/lab/v1", "/r/lab"} { // with and without the version: both are in use
		ask(t, "http://"+rec.Listen()+base+"/chat/completions")
	}
	if _, err := a.Record(t.Context(), app.RecordOptions{Project: project, Listen: "127.0.0.1:0"}); err == nil {
		t.Error("a second recorder opened the same project")
	}
	if _, err := a.Record(t.Context(), app.RecordOptions{Project: project + "2", Listen: rec.Listen()}); err == nil || !strings.Contains(err.Error(), rec.Listen()) {
		t.Errorf("a second recorder on the same port: %v", err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	if got := home.Sessions(); len(got) != 0 {
		t.Errorf("recorders after the end: %+v", got)
	}
	var lines []*app.Line
	err = a.List(t.Context(), project, app.ListOptions{Query: "family:openai.chat"}, func(l *app.Line) error {
		lines = append(lines, l)
		return nil
	})
	if err != nil || len(lines) != 2 || lines[0].LastUser != "ping" || lines[0].Answer == "" || lines[0].Source != "reverse" {
		t.Fatalf("got %d lines, %v", len(lines), err)
	}
	if strings.Contains(show(t, a, project, lines[0].ID), "sk-secret") {
		t.Error("the credential is shown")
	}
	if err := a.Show(t.Context(), project, "99", app.ShowOptions{}, &bytes.Buffer{}); err == nil {
		t.Error("an exchange that does not exist was shown")
	}
}

func ask(t *testing.T, url string) {
	t.Helper()
	body := `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"ping"}]}`
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer sk-secret-0123456789")
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct{ Model string }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK || answer.Model == "" {
		t.Fatalf("%s: %s, %v", url, res.Status, err)
	}
}

func show(t *testing.T, a *app.App, project, id string) string {
	t.Helper()
	var all bytes.Buffer
	for _, view := range []string{"chat", "pretty", "raw", "stream", "json"} {
		err := a.Show(t.Context(), project, id, app.ShowOptions{View: view, Terminal: true}, &all)
		if err != nil {
			t.Errorf("view %s: %v", view, err)
		}
	}
	var unknown *app.Error
	if err := a.Show(t.Context(), project, id, app.ShowOptions{View: "hex"}, &all); !errors.As(err, &unknown) || unknown.Code != app.CodeUsage {
		t.Errorf("an unknown view: %v", err)
	}
	return all.String()
}
