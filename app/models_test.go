package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"assay/app"
	"assay/lab"
)

var update = flag.Bool("update", false, "write the golden files anew")

// varying is what differs from run to run.
var varying = regexp.MustCompile(`127\.0\.0\.1:\d+|"latency_ms":[\d.e-]+|"(?:tried|first_seen|last_seen)":"[^"]*"`)

// TestModelsGolden holds the JSON that scripts read.
func TestModelsGolden(t *testing.T) {
	t.Setenv("ASSAY_KEYRING", "file")
	t.Setenv("MODEL_KEY", "sk-golden-0001")
	server := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(server.Close)
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &app.App{Home: home}
	path := filepath.Join(t.TempDir(), "p.assay")
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, o := range []app.ModelOptions{
		{Provider: "openai", URL: server.URL + "/openai/v1", Model: "gpt-4o", Key: app.ModelKey{Env: "MODEL_KEY"}},
		{Provider: "custom", URL: server.URL + "/app/api/chat", Body: []byte(`{"message":"{{prompt}}"}`), Name: "shop", Header: []string{"X-Token: sk-golden-0002", "X-Team: red"}},
		{Provider: "anthropic", URL: server.URL + "/anthropic", Model: "nosuch", Key: app.ModelKey{Value: "sk-golden-0003"}},
		{Provider: "cohere", URL: server.URL + "/cohere", Model: "command-r", Role: "guest", NoTry: true},
	} {
		result, err := a.AddModel(t.Context(), path, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(result); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := a.Models(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := enc.Encode(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	got := varying.ReplaceAllStringFunc(out.String(), func(s string) string {
		if name, _, is := strings.Cut(s, `":`); is {
			return name + `":"…"`
		}
		return "HOST"
	})
	if strings.Contains(got, "sk-golden") {
		t.Error("a key is told")
	}
	file := filepath.Join("testdata", "models.golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, name := range []string{path, path + "-wal"} {
		if data, err := os.ReadFile(name); err == nil && bytes.Contains(data, []byte("sk-golden")) {
			t.Errorf("%s holds a key", name)
		}
	}
}
