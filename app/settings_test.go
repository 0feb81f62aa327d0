package app_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/app"
)

func openHome(t *testing.T) *app.Home {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return home
}

func TestSettingsComeBack(t *testing.T) {
	t.Parallel()
	home := openHome(t)
	file := filepath.Join(home.Dir(), "settings.json")
	if err := os.WriteFile(file, []byte(`{"later":{"a":1},"appearance":{"theme":"light","sparkle":7}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := home.Settings()
	if err != nil || s.Appearance.Theme != "light" || s.Appearance.FontSize != app.DefaultSettings().Appearance.FontSize {
		t.Fatalf("got %+v, %v; want the theme of the file and the default of the rest", s.Appearance, err)
	}
	s.Appearance.Theme, s.Capture.Scope = "dark", []string{"*.example.com"}
	for _, section := range []string{app.SectionAppearance, app.SectionCapture} {
		if problems, err := home.SaveSettings(section, s); err != nil || len(problems) > 0 {
			t.Fatalf("%s: %v, %v", section, problems, err)
		}
	}
	if err := home.SetLastProject("/x.assay"); err != nil {
		t.Fatal(err)
	}
	again, err := home.Settings()
	if err != nil || again.Appearance.Theme != "dark" || !slices.Equal(again.Capture.Scope, s.Capture.Scope) {
		t.Errorf("got %+v, %v", again, err)
	}
	data, _ := os.ReadFile(file)
	for _, kept := range []string{`"later"`, `"sparkle": 7`, `"last_project": "/x.assay"`} {
		if !strings.Contains(string(data), kept) {
			t.Errorf("%s was lost: %s", kept, data)
		}
	}
	if err := home.ResetSettings(app.SectionAppearance); err != nil {
		t.Fatal(err)
	}
	if s, _ := home.Settings(); s.Appearance != app.DefaultSettings().Appearance || len(s.Capture.Scope) != 1 {
		t.Errorf("after a reset of one section got %+v", s)
	}
}

func TestSettingsEditedByHandFallBack(t *testing.T) {
	t.Parallel()
	home := openHome(t)
	text := `{"appearance":{"theme":"plaid"},"capture":7,"retention":{"age_days":9}}`
	if err := os.WriteFile(filepath.Join(home.Dir(), "settings.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := home.Settings()
	if err != nil || s.Appearance.Theme != "auto" || s.Capture.Listen != app.DefaultListen || s.Retention.AgeDays != 9 {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestSettingsSayWhichFieldIsWrong(t *testing.T) {
	t.Parallel()
	home := openHome(t)
	for _, tt := range []struct {
		section, field string
		change         func(*app.Settings)
	}{
		{"capture", "capture.listen", func(s *app.Settings) { s.Capture.Listen = "8080" }},
		{"capture", "capture.listen", func(s *app.Settings) { s.Capture.Listen = "127.0.0.1:99999" }},
		{"capture", "capture.listen", func(s *app.Settings) { s.Capture.Listen = "0.0.0.0:8080" }},
		{"capture", "capture.scope", func(s *app.Settings) { s.Capture.Scope = []string{"a b"} }},
		{"capture", "capture.pass_through", func(s *app.Settings) { s.Capture.PassThrough = []string{"*.example.com"} }},
		{"capture", "capture.accept_certificate", func(s *app.Settings) { s.Capture.AcceptCertificate = []string{""} }},
		{"capture", "capture.upstream_proxy", func(s *app.Settings) { s.Capture.UpstreamProxy = "proxy:3128" }},
		{"retention", "retention.age_days", func(s *app.Settings) { s.Retention.AgeDays = -1 }},
		{"retention", "retention.size", func(s *app.Settings) { s.Retention.Size = "much" }},
		{"appearance", "appearance.theme", func(s *app.Settings) { s.Appearance.Theme = "plaid" }},
		{"appearance", "appearance.density", func(s *app.Settings) { s.Appearance.Density = "" }},
		{"appearance", "appearance.font_size", func(s *app.Settings) { s.Appearance.FontSize = 99 }},
		{"keyboard", "keyboard.a.b", func(s *app.Settings) {
			s.Keyboard.Shortcuts = []app.Shortcut{{Command: "a.b", Keys: []string{"Mod + K"}}}
		}},
	} {
		s := app.DefaultSettings()
		tt.change(&s)
		problems, err := home.SaveSettings(tt.section, s)
		if err != nil || len(problems) != 1 || problems[0].Field != tt.field || !strings.HasSuffix(problems[0].Message, ".") {
			t.Errorf("%s: got %v, %v", tt.field, problems, err)
		}
	}
	if _, err := os.Stat(filepath.Join(home.Dir(), "settings.json")); err == nil {
		t.Error("something wrong was kept")
	}
	for section := range map[string]int{"capture": 0, "retention": 0, "appearance": 0, "keyboard": 0, "window": 0} {
		if problems, err := home.SaveSettings(section, app.DefaultSettings()); err != nil || len(problems) > 0 {
			t.Errorf("the default of %s is refused: %v, %v", section, problems, err)
		}
	}
}

func TestOptionsWinOverSettings(t *testing.T) {
	t.Parallel()
	a := &app.App{Home: openHome(t)}
	s := app.DefaultSettings()
	s.Capture.Listen, s.Capture.Scope, s.Capture.PassRefused = "127.0.0.1:9", []string{"a.example"}, true
	if problems, err := a.SaveCapture(t.Context(), s); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	got, err := a.RecordOptions(t.Context(), app.RecordOptions{Listen: "127.0.0.1:7"})
	if err != nil || got.Listen != "127.0.0.1:7" || !slices.Equal(got.Scope, s.Capture.Scope) || !got.PassRefused {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, _ := a.RecordOptions(t.Context(), app.RecordOptions{}); got.Listen != "127.0.0.1:9" {
		t.Errorf("got %q", got.Listen)
	}
}

// TestPasswordOfUpstreamProxy is not parallel: it chooses the keyring by the environment.
func TestPasswordOfUpstreamProxy(t *testing.T) {
	t.Setenv("ASSAY_KEYRING", "file")
	a := &app.App{Home: openHome(t)}
	s := app.DefaultSettings()
	s.Capture.UpstreamProxy = "http://me:hunter2@proxy.example:3128"
	if problems, err := a.SaveCapture(t.Context(), s); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	data, _ := os.ReadFile(filepath.Join(a.Home.Dir(), "settings.json"))
	if strings.Contains(string(data), "hunter2") || !strings.Contains(string(data), "http://me@proxy.example:3128") {
		t.Errorf("the file holds %s", data)
	}
	if o, err := a.RecordOptions(t.Context(), app.RecordOptions{}); err != nil || o.UpstreamProxy != "http://me:hunter2@proxy.example:3128" {
		t.Errorf("records through %q, %v", o.UpstreamProxy, err)
	}
}
