package window

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/lab"
)

// plantedKey is a secret that no diagnostics may hold; hosts, names and paths planted beside it neither.
const (
	plantedKey  = "sk-proj-Planted0123456789abcdefghijklmnop"
	plantedHost = "customer-secret.internal"
	plantedWord = "Zanzibarquark"
)

// settled opens a desk on a new project, records a few requests of several providers into it, and stops recording.
func settled(t *testing.T) *Desk {
	t.Helper()
	target := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(target.Close)
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := New(&app.App{Home: home, Version: "1.2.3-test"}, Options{
		Mode: Browser, Project: filepath.Join(t.TempDir(), plantedWord+".assay"), Capture: true,
		Record: app.RecordOptions{Listen: "127.0.0.1:0", Providers: []string{"lab=" + target.URL}},
	})
	d.Start(t.Context(), Host{Emit: func(string, any) {}})
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	base := "http://" + d.state().Capture.Listen + "/r/lab"
	for path, body := range map[string]string{
		"/v1/chat/completions":                                   `{"model":"gpt-4o","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"` + plantedWord + `?"}]}`,
		"/anthropic/v1/messages":                                 `{"model":"claude-sonnet-4-5","max_tokens":64,"stream":true,"messages":[{"role":"user","content":"hello claude"}]}`,
		"/gemini/v1beta/models/gemini-2.5-flash:generateContent": `{"contents":[{"role":"user","parts":[{"text":"hello gemini"}]}]}`,
	} {
		send(t, base+path, body)
	}
	if err := d.stopCapture(); err != nil {
		t.Fatal(err)
	}
	if err := d.project.Store().Recorder().Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func send(t *testing.T, url, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+plantedKey)
	req.Header.Set("X-Api-Key", plantedKey)
	req.Header.Set("X-Goog-Api-Key", plantedKey)
	req.Header.Set("X-Forwarded-Host", plantedHost)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, res.Status, err)
	}
}

func TestDiagnosticsTellNothingAboutAPerson(t *testing.T) {
	t.Setenv("ASSAY_KEYRING", "file")
	t.Setenv("HTTPS_PROXY", "http://user:"+plantedKey+"@"+plantedHost+":3128")
	d := settled(t)
	s := app.DefaultSettings()
	s.Capture.Scope, s.Capture.PassThrough = []string{plantedHost}, []string{plantedHost}
	s.Capture.UpstreamProxy = "http://" + plantedWord + ":" + plantedKey + "@" + plantedHost + ":3128"
	s.Keyboard.Shortcuts = []app.Shortcut{{Command: plantedWord, Keys: []string{"X"}}}
	for _, section := range []string{app.SectionCapture, app.SectionKeyboard} {
		if problems, err := d.saveSettings(section, s); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
	}
	if err := d.startCapture(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	_, missing := os.Open("/home/" + plantedWord + "/x")
	d.log().Warn("the project could not be opened", "err", missing, "host", plantedHost, "n", 7)
	d.log().Error("dial "+plantedHost+": "+plantedKey, slog.Group("g", "key", plantedKey))
	d.log().With("path", "/home/"+plantedWord).Warn("kept open")

	out, err := (&Settings{d}).Diagnostics(Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1.2.3-test", "exchanges: 3", "writer commits:", "recorded: 0", "the project could not be opened", "no such file", "n=7", "kept open", "hosts passed through: 1", "keyring: encrypted file"} {
		if !strings.Contains(out.Text, want) {
			t.Errorf("%q is not in\n%s", want, out.Text)
		}
	}
	host, _ := os.Hostname()
	for _, never := range []string{plantedKey, "Planted", plantedHost, "customer", plantedWord, d.app.Home.Dir(), os.TempDir(), "127.0.0.1", "://", "⟨cred", host, "X-Forwarded"} {
		if never != "" && strings.Contains(strings.ToLower(out.Text), strings.ToLower(never)) {
			t.Errorf("%q is in\n%s", never, out.Text)
		}
	}
}

func TestCaptureSettingsTakeEffect(t *testing.T) {
	t.Parallel()
	d := settled(t)
	d.options.Record.Listen = "" // nothing is fixed now
	settings := &Settings{d}
	s := app.DefaultSettings()
	s.Capture.Listen = "127.0.0.1:0"
	if out, err := settings.Save(SaveSettingsIn{app.SectionCapture, s}); err != nil || len(out.Problems) > 0 || out.Restart {
		t.Fatalf("got %+v, %v", out, err)
	}
	if err := d.startCapture(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	scope := d.recording.Scope()
	s.Capture.Scope, s.Capture.PassThrough = []string{"*.example.com"}, []string{"a.example.com", "b.example.com"}
	out, err := settings.Save(SaveSettingsIn{app.SectionCapture, s})
	if err != nil || out.Restart || scope.Includes("other.example") || !scope.Includes("x.example.com:443") || !slices.Equal(scope.Passed(), s.Capture.PassThrough) {
		t.Errorf("hosts: got %+v, %v, passed %v", out, err, scope.Passed())
	}
	if out, err = (&Actions{d}).Decrypt(HostIn{"A.example.com"}); err != nil || !slices.Equal(scope.Passed(), []string{"b.example.com"}) || !slices.Equal(out.Settings.Capture.PassThrough, []string{"b.example.com"}) {
		t.Errorf("decrypt: %v, passed %v", err, scope.Passed())
	}
	if _, err = (&Actions{d}).PassThrough(HostIn{"c.example.com"}); err != nil || !slices.Contains(scope.Passed(), "c.example.com") {
		t.Errorf("pass through: %v, passed %v", err, scope.Passed())
	}
	if _, err = (&Actions{d}).PassThrough(HostIn{"no host"}); app.CodeOf(errors.Unwrap(err)) != app.CodeUsage {
		t.Errorf("no host: got %v", err)
	}
	s.Capture.PassRefused = true
	if out, err = settings.Save(SaveSettingsIn{app.SectionCapture, s}); err != nil || !out.Restart {
		t.Errorf("a change that needs a restart: got %+v, %v", out, err)
	}
	s.Capture.Listen = "nonsense"
	out, err = settings.Save(SaveSettingsIn{app.SectionCapture, s})
	if err != nil || len(out.Problems) != 1 || out.Problems[0].Field != "capture.listen" || out.Settings.Capture.Listen != "127.0.0.1:0" {
		t.Errorf("nonsense: got %+v, %v", out, err)
	}
	if out, err = settings.Reset(SectionIn{app.SectionCapture}); err != nil || out.Settings.Capture.Listen != app.DefaultListen {
		t.Errorf("reset: got %+v, %v", out, err)
	}
}

// ended waits for a job and returns how it ended.
func ended(t *testing.T, d *Desk, id string) Job {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		for _, job := range d.jobs.list() {
			if job.ID == id && job.State != "running" {
				return job
			}
		}
	}
	t.Fatalf("job %s goes on and on", id)
	return Job{}
}

func TestCareOfData(t *testing.T) {
	t.Parallel()
	d := settled(t)
	s := &Settings{d}
	backup := filepath.Join(t.TempDir(), "backup.assay")
	for name, start := range map[string]func() (JobOut, error){
		"backup":  func() (JobOut, error) { return s.Backup(BackupIn{backup}) },
		"check":   func() (JobOut, error) { return s.Check(Nothing{}) },
		"compact": func() (JobOut, error) { return s.Compact(Nothing{}) },
		"analyse": func() (JobOut, error) { return s.Analyse(Nothing{}) },
	} {
		out, err := start()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if job := ended(t, d, out.Job.ID); job.State != "done" || job.Kind != name {
			t.Errorf("%s: got %+v", name, job)
		}
	}
	if info, err := d.app.Info(t.Context(), backup); err != nil || info.Exchanges != 3 {
		t.Errorf("the backup holds %+v, %v", info, err)
	}
	if out, err := s.Data(Nothing{}); err != nil || out.Exchanges != 3 || out.Checked == "" || len(out.Problems) != 0 || out.Name != plantedWord {
		t.Errorf("data: got %+v, %v", out, err)
	}
	if _, err := s.Backup(BackupIn{"relative.assay"}); err == nil {
		t.Error("a backup to nowhere in particular began")
	}
	if _, err := d.project.Store().Delete(t.Context(), 1, 2); err != nil {
		t.Fatal(err)
	}
	if out, err := s.EmptyTrash(Nothing{}); err != nil || out.N != 2 {
		t.Errorf("trash: got %+v, %v", out, err)
	}
	if _, err := s.Retain(Nothing{}); err == nil {
		t.Error("retain without a policy deleted something")
	}
	kept := app.DefaultSettings()
	kept.Retention = app.RetentionSettings{AgeDays: 1}
	if _, err := s.Save(SaveSettingsIn{app.SectionRetention, kept}); err != nil {
		t.Fatal(err)
	}
	if out, err := s.Old(Nothing{}); err != nil || out.N != 0 {
		t.Errorf("nothing is a day old, but got %+v, %v", out, err)
	}
	kept.Retention = app.RetentionSettings{Size: "1B"}
	if _, err := s.Save(SaveSettingsIn{app.SectionRetention, kept}); err != nil {
		t.Fatal(err)
	}
	if out, err := s.Retain(Nothing{}); err != nil || out.N != 1 {
		t.Errorf("retain: got %+v, %v", out, err)
	}
}

func TestErase(t *testing.T) {
	t.Parallel()
	d := settled(t)
	path := d.project.Store().Path()
	if _, err := (&Settings{d}).Erase(EraseIn{"something"}); err == nil {
		t.Fatal("erased without its name")
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	out, err := (&Settings{d}).Erase(EraseIn{plantedWord})
	if err != nil || !out.Project.Open || out.Project.Path != d.app.Home.DefaultProject() {
		t.Errorf("got %+v, %v", out.Project, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

func TestAboutAndLoadCanBeMarshalled(t *testing.T) {
	t.Parallel()
	d := settled(t)
	about, err := (&Settings{d}).About(Nothing{})
	if err != nil || about.Version != "1.2.3-test" {
		t.Errorf("got %+v, %v", about, err)
	}
	loaded, err := (&Settings{d}).Load(Nothing{})
	if err != nil || !slices.Contains(loaded.Fixed, "capture.listen") {
		t.Errorf("got %+v, %v", loaded, err)
	}
	text, err := json.Marshal(loaded)
	if err != nil || strings.Contains(string(text), "null") {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestCaptureCanWaitForItsButton(t *testing.T) {
	t.Parallel()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := app.DefaultSettings()
	s.Capture.AtStart, s.Capture.Listen = false, "127.0.0.1:0"
	if problems, err := home.SaveSettings(app.SectionCapture, s); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	d := New(&app.App{Home: home}, Options{Project: filepath.Join(t.TempDir(), "p.assay"), Capture: true})
	d.Start(t.Context(), Host{Emit: func(string, any) {}})
	if state := d.state(); state.Capture.On || !state.Project.Open || state.Capture.Wanted != "127.0.0.1:0" {
		t.Errorf("got %+v", state)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
