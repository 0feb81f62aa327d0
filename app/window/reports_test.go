package window_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/gif"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/app"
	"assay/app/window"
	"assay/lab"
)

func (r *rig) reports() *window.Reports {
	r.t.Helper()
	for _, bound := range r.desk.Bound() {
		if p, ok := bound.(*window.Reports); ok {
			return p
		}
	}
	r.t.Fatal("reports are not bound")
	return nil
}

// The values that are planted in notes of findings.
const (
	firstMail  = "jane.first@corp-example.org"
	secondMail = "joe.second@corp-example.org"
)

// withFindings is a project with a run behind it, whose two worst findings have a mail address each in their notes.
func withFindings(t *testing.T, host window.Host) (r *rig, ids []string) {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r = &rig{t: t, desk: window.New(&app.App{Home: home}, window.Options{Mode: window.Browser, Project: filepath.Join(t.TempDir(), "acme.assay")})}
	host.Emit = r.pulse
	r.desk.Start(t.Context(), host)
	t.Cleanup(func() {
		if err := r.desk.Close(); err != nil {
			t.Error(err)
		}
	})
	run := must(r.tests().Start(window.PlanIn{Targets: []string{r.model(lab.AllWeak)}, Suites: []string{"quick"}, Confirmed: true}))(t)
	r.done(run.ID)
	list := must(r.findings().List(window.FindingsIn{}))(t)
	if list.Total < 3 {
		t.Fatalf("%d findings", list.Total)
	}
	for at, mail := range []string{firstMail, secondMail} {
		ids = append(ids, list.Items[at].ID)
		must(r.findings().Note(window.NoteFindingIn{ID: ids[at], Note: "Ask " + mail + " about it."}))(t)
	}
	return r, ids
}

// page is the page of a preview, as the window fetches it.
func (r *rig) page(path string) string {
	r.t.Helper()
	w := httptest.NewRecorder()
	r.desk.Handler().ServeHTTP(w, httptest.NewRequestWithContext(r.t.Context(), http.MethodGet, path, nil))
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/octet-stream" || w.Header().Get("Content-Disposition") != "attachment" {
		r.t.Fatalf("%d %v", w.Code, w.Header())
	}
	return w.Body.String()
}

// placeholder is what stands for a value in a preview.
func (r *rig) placeholder(p window.ReportPreview, value string) string {
	r.t.Helper()
	for _, kind := range p.Hidden {
		for _, item := range kind.Items {
			if out := must(r.reports().Look(window.HiddenIn{Preview: p.ID, Placeholder: item.Placeholder}))(r.t); out.Value == value {
				return item.Placeholder
			}
		}
	}
	r.t.Fatalf("%s is not hidden: %+v", value, p.Hidden)
	return ""
}

func TestHiddenValuesAreToldToWhoLooks(t *testing.T) {
	t.Parallel()
	r, ids := withFindings(t, window.Host{})
	p := r.reports()
	form := window.ReportForm{Audience: "technical", Findings: ids}
	preview := must(p.Preview(form))(t)
	page := r.page(preview.Page)
	told, err := json.Marshal(preview)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{firstMail, secondMail} {
		if strings.Contains(page, value) || bytes.Contains(told, []byte(value)) {
			t.Errorf("%s left before anybody looked", value)
		}
	}
	if preview.Findings != 2 || len(preview.Hidden) == 0 || !strings.Contains(page, "⟨e-mail 1⟩") {
		t.Fatalf("%s", told)
	}
	shown := r.placeholder(preview, firstMail)
	if _, err := p.Look(window.HiddenIn{Preview: preview.ID, Placeholder: "⟨e-mail 999⟩"}); err == nil {
		t.Error("a placeholder that does not exist has a value")
	}

	must(p.Show(window.ShowHiddenIn{Preview: preview.ID, Placeholder: shown, On: true}))(t)
	open := must(p.Preview(form))(t)
	if page := r.page(open.Page); !strings.Contains(page, firstMail) || strings.Contains(page, secondMail) {
		t.Error("not the one value alone that was chosen is shown")
	}
	marked := 0
	for _, kind := range open.Hidden {
		marked += kind.Shown
	}
	if marked != 1 {
		t.Errorf("%+v", open.Hidden)
	}
	if _, err := p.Look(window.HiddenIn{Preview: preview.ID, Placeholder: shown}); err == nil {
		t.Error("a preview that is gone answers")
	}

	// In a report of the other finding the same placeholder stands for the other value: that was not chosen.
	other := must(p.Preview(window.ReportForm{Audience: "technical", Findings: ids[1:]}))(t)
	if page := r.page(other.Page); strings.Contains(page, secondMail) {
		t.Errorf("%s was shown because its placeholder was", secondMail)
	}
	again := must(p.Preview(form))(t)
	must(p.Show(window.ShowHiddenIn{Preview: again.ID, Placeholder: r.placeholder(again, firstMail)}))(t)
	if page := r.page(must(p.Preview(form))(t).Page); strings.Contains(page, firstMail) {
		t.Error("what was hidden again is shown")
	}
}

func TestReportsAreRemembered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.reports()
	empty := must(p.Choices(window.Nothing{}))(t)
	if empty.Form.Audience != "technical" || empty.Findings != 0 || !empty.Writable || len(empty.Sections) < 10 || len(empty.Formats) < 7 {
		t.Errorf("%+v", empty)
	}
	form := window.ReportForm{
		Audience: "executive", Run: "3", Against: "2", Targets: []string{"model:1"}, Least: "high", Findings: []string{"7"}, Evidence: 2, Title: "Portal",
		Client: "Acme", Tester: "Blue", Scope: "All", Authorisation: "CISO", Note: "Hm", Without: []string{"threats"}, Format: "html",
	}
	must(p.Keep(form))(t)
	kept := must(p.Choices(window.Nothing{}))(t).Form
	want, got := mustJSON(t, form), mustJSON(t, kept)
	if want != got {
		t.Errorf("kept %s, want %s", got, want)
	}
	for name, wrong := range map[string]window.ReportForm{
		"audience": {Audience: "everybody"}, "severity": {Least: "terrible"}, "section": {Without: []string{"weather"}}, "run": {Run: "../x"},
		"title": {Title: strings.Repeat("x", 201)}, "scope": {Scope: strings.Repeat("x", 9_000)}, "finding": {Findings: []string{"one"}},
	} {
		if _, err := p.Keep(wrong); err == nil {
			t.Errorf("a wrong %s is kept", name)
		}
		if _, err := p.Preview(wrong); err == nil {
			t.Errorf("a report has a wrong %s", name)
		}
	}
	if _, err := p.Export(window.ReportExportIn{Form: form, Format: "exe"}); err == nil {
		t.Error("a report is written as exe")
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLogo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.reports()
	picture := image.NewRGBA(image.Rect(0, 0, 40, 20))
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, picture); err != nil {
		t.Fatal(err)
	}
	tailed := append(drawn.Bytes(), []byte("TAKEN AT HOME")...) // bytes that a picture carries and nobody sees
	logo := must(p.SetLogo(window.SetReportLogoIn{Picture: base64.StdEncoding.EncodeToString(tailed)}))(t)
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(logo.Picture, "data:image/png;base64,"))
	if err != nil || logo.Width != 40 || logo.Height != 20 || bytes.Contains(data, []byte("HOME")) {
		t.Errorf("%+v %v", logo, err)
	}
	must(p.Keep(window.ReportForm{Title: "With a logo"}))(t)
	if kept := must(p.Choices(window.Nothing{}))(t); kept.Logo != logo || kept.Form.Title != "With a logo" {
		t.Errorf("%+v", kept.Logo)
	}
	var moving bytes.Buffer
	if err := gif.Encode(&moving, picture, nil); err != nil {
		t.Fatal(err)
	}
	var wide bytes.Buffer
	if err := png.Encode(&wide, image.NewGray(image.Rect(0, 0, 4_001, 1))); err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]string{
		"a GIF": base64.StdEncoding.EncodeToString(moving.Bytes()), "no base64": "<svg>", "SVG": base64.StdEncoding.EncodeToString([]byte("<svg onload=alert(1)>")),
		"too wide": base64.StdEncoding.EncodeToString(wide.Bytes()), "too large": strings.Repeat("A", 2<<20),
		"half": base64.StdEncoding.EncodeToString(drawn.Bytes()[:40]),
	} {
		if _, err := p.SetLogo(window.SetReportLogoIn{Picture: wrong}); err == nil {
			t.Errorf("%s is a logo", name)
		}
	}
	if must(p.Choices(window.Nothing{}))(t).Logo != logo {
		t.Error("a wrong logo took the place of the right one")
	}
	must(p.SetLogo(window.SetReportLogoIn{}))(t)
	if left := must(p.Choices(window.Nothing{}))(t).Logo; left.Picture != "" {
		t.Errorf("%+v", left)
	}
}

func TestReportsAreWrittenWhereADialogSays(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	asked, answer := "", ""
	r, ids := withFindings(t, window.Host{SaveFile: func(_, name string) (string, error) {
		asked = name
		return answer, nil
	}})
	p := r.reports()
	form := window.ReportForm{Audience: "technical", Findings: ids}
	if out := must(p.Export(window.ReportExportIn{Form: form, Format: "html"}))(t); out.Made.SHA256 != "" || asked != "acme-technical.html" {
		t.Errorf("a cancelled dialog made %+v of %s", out, asked)
	}
	answer = filepath.Join(folder, "gone", "r.html")
	if _, err := p.Export(window.ReportExportIn{Form: form, Format: "html"}); err == nil || !strings.Contains(err.Error(), "no longer there") {
		t.Errorf("into a folder that is gone: %v", err)
	}
	preview := must(p.Preview(form))(t)
	answer = filepath.Join(folder, "r.html")
	out := must(p.Export(window.ReportExportIn{Form: form, Format: "html"}))(t)
	data, err := os.ReadFile(answer)
	if err != nil || string(data) != r.page(preview.Page) {
		t.Errorf("what was written is not what was seen: %v", err)
	}
	if out.Made.Bytes != int64(len(data)) || !out.Made.Open || out.Made.File != "r.html" || out.Made.Findings != 2 || len(out.Made.Hidden) == 0 {
		t.Errorf("%+v", out)
	}
	made := must(p.Made(window.Nothing{}))(t)
	if made.Total != 1 || made.Items[0].SHA256 != out.Made.SHA256 || !made.Items[0].Open {
		t.Errorf("%+v", made)
	}
	kept := must(p.Choices(window.Nothing{}))(t)
	if kept.Folder != folder || kept.Form.Format != "html" {
		t.Errorf("%+v", kept)
	}
	must(p.Export(window.ReportExportIn{Form: form, Format: "json"}))(t)
	if asked != filepath.Join(folder, "acme-technical.json") {
		t.Errorf("the dialog begins at %s", asked)
	}
	if _, err := p.Open(window.OpenReportIn{SHA256: out.Made.SHA256}); err == nil || !strings.Contains(err.Error(), "no longer the one") {
		t.Errorf("a file that was replaced is opened: %v", err)
	}
	if _, err := p.Open(window.OpenReportIn{SHA256: "c0de"}); err == nil {
		t.Error("a file that was not written here is opened")
	}
}
