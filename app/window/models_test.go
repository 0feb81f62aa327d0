package window_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"assay/app/window"
	"assay/lab"
	"assay/traffic"
)

// models returns the models screen of a rig.
func (r *rig) models() *window.Models {
	r.t.Helper()
	for _, bound := range r.desk.Bound() {
		if m, ok := bound.(*window.Models); ok {
			return m
		}
	}
	r.t.Fatal("no models are bound")
	return nil
}

// modelRow is the row of a model by its id.
func (r *rig) modelRow(id string) window.ModelRow {
	r.t.Helper()
	for _, row := range must(r.models().List(window.Nothing{}))(r.t).Items {
		if row.ID == id {
			return row
		}
	}
	r.t.Fatalf("no model %s is listed", id)
	return window.ModelRow{}
}

func practice(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(server.Close)
	return server.URL
}

// TestModelLife imports a model, asks it again with the key of the session, renames, removes and brings it back.
func TestModelLife(t *testing.T) {
	t.Parallel()
	r, m, target := newRig(t), (*window.Models)(nil), practice(t)
	m = r.models()
	const key = "sk-window-0123456789abcdef"
	added := must(m.Add(window.ModelForm{Provider: "openai", URL: target + "/openai/v1", Model: "gpt-4o", Key: key}))(t)
	if added.Status != "ok" || added.ID == "" || !strings.Contains(added.Answer, "Paris") || added.HTTPStatus != 200 || added.Input <= 0 || added.Key != "a key that is not kept" {
		t.Fatalf("%+v", added)
	}
	out := must(m.Get(window.ModelIn{ID: added.ID}))(t)
	if !out.Ready || out.Row.State != "imported" || out.Auth != "bearer" || !out.Scope.Local || !out.Scope.In || !strings.Contains(out.Body, `"gpt-4o"`) {
		t.Errorf("%+v", out)
	}
	if again := must(m.Try(window.TryModelIn{ID: added.ID}))(t); again.Status != "ok" {
		t.Errorf("the key of the session is not used: %+v", again)
	}
	other := must(m.Add(window.ModelForm{Provider: "openai", URL: target + "/openai/v1", Model: "gpt-4o", Key: key, Name: "other"}))(t)
	if name := must(m.Rename(window.RenameModelIn{ID: added.ID, Name: "other"}))(t).Name; name != "other (2)" {
		t.Errorf("two models are called %q", name)
	}
	token := must(m.Remove(window.ModelIn{ID: added.ID}))(t).Token
	if _, err := m.Get(window.ModelIn{ID: added.ID}); err == nil {
		t.Error("a removed model is there")
	}
	must(m.Restore(window.RestoreModelIn{Token: token}))(t)
	if back := must(m.Try(window.TryModelIn{ID: added.ID}))(t); back.Status != "ok" || back.Name != "other (2)" {
		t.Errorf("it came back without its key: %+v", back)
	}
	if _, err := m.Restore(window.RestoreModelIn{Token: token}); err == nil {
		t.Error("it came back twice")
	}
	must(m.Remove(window.ModelIn{ID: other.ID}))(t)
	if _, err := m.Try(window.TryModelIn{ID: other.ID}); err == nil {
		t.Error("a removed model was asked")
	}
	wrong := must(m.Try(window.TryModelIn{ID: added.ID, Key: "bad"}))(t)
	if wrong.Status != "failed" || wrong.Code != "unauthorized" || wrong.Fix != "Give another key" {
		t.Errorf("%+v", wrong)
	}
	if row := r.modelRow(added.ID); row.Status != "failed" || row.Error == "" {
		t.Errorf("%+v", row)
	}
}

// TestModelKeys looks that a key stands in no result and in no file of the project.
func TestModelKeys(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "p.assay")
	r, target := openRig(t, path), practice(t)
	m := r.models()
	const key = "sk-window-fedcba9876543210"
	curl := fmt.Sprintf(`curl '%s/openai/v1/chat/completions?api_key=%s' -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}'`, target, key, key)
	looked := must(m.Look(window.ModelTextIn{Text: curl}))(t)
	added := must(m.Add(window.ModelForm{From: "text", Form: looked.Form, Text: curl}))(t)
	out := must(m.Get(window.ModelIn{ID: added.ID}))(t)
	list := must(m.List(window.Nothing{}))(t)
	if added.Status != "ok" || !out.Ready {
		t.Errorf("%+v", added)
	}
	for _, told := range []any{looked, added, out, list} {
		if text := fmt.Sprintf("%+v", told); strings.Contains(text, key) {
			t.Errorf("the key is told: %s", text)
		}
	}
	for _, name := range []string{path, path + "-wal"} {
		if data, err := os.ReadFile(name); err == nil && strings.Contains(string(data), key) {
			t.Errorf("%s holds the key", name)
		}
	}
}

// TestModelFails says for each failure what happened and one thing to do, in words of the window.
func TestModelFails(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/page":
			fmt.Fprint(w, "<html>hello</html>")
		case "/odd":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"a":{"b":7},"ids":[1,2]}`)
		case "/slow":
			_, _ = io.Copy(io.Discard, q.Body) // who goes away is noticed only once the body was read
			<-q.Context().Done()
		default:
			http.NotFound(w, q)
		}
	}))
	t.Cleanup(page.Close)
	r := newRig(t)
	m, target := r.models(), practice(t)
	body := `{"message":"{{prompt}}"}`
	for name, tc := range map[string]struct {
		form window.ModelForm
		code string
		fix  string
	}{
		"key":       {window.ModelForm{Provider: "openai", URL: target + "/openai/v1", Model: "gpt-4o", Key: "bad"}, "unauthorized", "another key"},
		"no key":    {window.ModelForm{From: "text", Form: "curl", Text: "curl " + page.URL + "/none -d 'message=hello you there'"}, "wrong-path", "address"},
		"model":     {window.ModelForm{Provider: "openai", URL: target + "/openai/v1", Model: "nosuch", Key: "sk-1"}, "model-not-found", ""},
		"not JSON":  {window.ModelForm{URL: page.URL + "/page", Body: body}, "not-json", ""},
		"no answer": {window.ModelForm{URL: page.URL + "/odd", Body: body}, "no-answer", "click the text"},
		"slow":      {window.ModelForm{URL: page.URL + "/slow", Body: body, Patience: 1}, "timeout", "Longest wait"},
		"nobody":    {window.ModelForm{URL: "http://127.0.0.1:9/x", Body: body}, "refused", "start"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := must(m.Add(tc.form))(t)
			if out.Status != "failed" || out.ID != "" || out.Code != tc.code || out.Error == "" || out.Fix == "" || !strings.Contains(strings.ToLower(out.Fix), strings.ToLower(tc.fix)) {
				t.Errorf("%+v", out)
			}
			if option := regexp.MustCompile(`--[a-z]`); option.MatchString(out.Error + out.Fix) {
				t.Errorf("it names an option of the command line: %s (%s)", out.Error, out.Fix)
			}
		})
	}
}

// TestModelCancel ends an import that waits.
func TestModelCancel(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body)
		close(asked)
		<-q.Context().Done()
	}))
	t.Cleanup(silent.Close)
	r := newRig(t)
	came := make(chan error, 1)
	go func() {
		_, err := r.models().Add(window.ModelForm{URL: silent.URL, Body: `{"message":"{{prompt}}"}`})
		came <- err
	}()
	<-asked
	must(r.models().Cancel(window.Nothing{}))(t)
	select {
	case err := <-came:
		if err == nil || !strings.Contains(err.Error(), "nothing was kept") {
			t.Errorf("%v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it still waits")
	}
	if list := must(r.models().List(window.Nothing{}))(t).Items; len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// TestModelDiscovered imports what traffic showed: with the recorded key only when that is allowed, and without any.
func TestModelDiscovered(t *testing.T) {
	t.Parallel()
	r, target := newRig(t), practice(t)
	r.add(exchange("POST", target+"/app/api/chat", 200, `{"message":"when do you open?"}`, `{"reply":"at nine"}`))
	r.rest()
	r.folded()
	rows := must(r.models().List(window.Nothing{}))(t).Items
	if len(rows) != 1 || rows[0].State != "discovered" || rows[0].Kind != "chat-backend" || rows[0].From == "" || rows[0].Count != 1 || rows[0].Query == "" {
		t.Fatalf("%+v", rows)
	}
	added := must(r.models().Add(window.ModelForm{From: rows[0].From, Name: "shop", Auth: "none"}))(t)
	if added.Status != "ok" || added.Name != "shop" {
		t.Fatalf("%+v", added)
	}
	rows = must(r.models().List(window.Nothing{}))(t).Items
	if len(rows) != 1 || rows[0].State != "imported" || rows[0].Count != 1 || rows[0].Endpoint == "" {
		t.Errorf("one that was discovered and imported is one row: %+v", rows)
	}
}

// TestModelRecordedKey sends a recorded key only to who allows it.
func TestModelRecordedKey(t *testing.T) {
	t.Parallel()
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		got = append(got, q.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"reply":"The capital of France is Paris."}`)
	}))
	t.Cleanup(server.Close)
	r := newRig(t)
	x := exchange("POST", server.URL+"/chat", 200, `{"message":"when do you open?"}`, `{"reply":"at nine"}`)
	x.Request.Header = append(x.Request.Header, traffic.Field{Name: "Authorization", Value: "Bearer sk-recorded-0123456789"})
	id := r.add(x)[0]
	r.rest()
	refused := must(r.models().Add(window.ModelForm{From: "exchange:" + id}))(t)
	if refused.Status != "failed" || refused.Code != "no-secret" || len(got) != 0 {
		t.Errorf("%+v, sent %v", refused, got)
	}
	if bare := must(r.models().Add(window.ModelForm{From: "exchange:" + id, Auth: "none"}))(t); bare.Status != "ok" || strings.Join(got, "") != "" {
		t.Errorf("%+v, sent %v", bare, got)
	}
	got = nil
	if own := must(r.models().Add(window.ModelForm{From: "exchange:" + id, Key: "sk-own"}))(t); own.Status != "ok" || got[0] != "Bearer sk-own" {
		t.Errorf("%+v, sent %v", own, got)
	}
	got = nil
	reused := must(r.models().Add(window.ModelForm{From: "exchange:" + id, Recorded: true}))(t)
	if reused.Status != "ok" || got[0] != "Bearer sk-recorded-0123456789" || !strings.Contains(reused.Key, "⟨cred:") {
		t.Errorf("%+v, sent %v", reused, got)
	}
}

// TestRolesInTheWindow keeps a role, renames it, and refuses secrets in clear and the name of another.
func TestRolesInTheWindow(t *testing.T) {
	t.Parallel()
	m := newRig(t).models()
	role := window.RoleRow{
		Name: "customer-a", Headers: []string{"Authorization: Bearer {{env:TOKEN_A}}", ""}, Body: []string{"/user/id=17"}, Holds: []string{"order-17"},
		Command: `vault read "a b" -field=token`,
	}
	must(m.SetRole(window.SetRoleIn{Role: role}))(t)
	if _, err := m.SetRole(window.SetRoleIn{Role: role}); err == nil {
		t.Error("a new role replaced another")
	}
	role.Name = "customer-b"
	must(m.SetRole(window.SetRoleIn{Was: "customer-a", Role: role}))(t)
	got := must(m.Roles(window.Nothing{}))(t).Items
	if len(got) != 1 || got[0].Name != "customer-b" || got[0].Command != role.Command || len(got[0].Headers) != 1 || got[0].Holds[0] != "order-17" {
		t.Errorf("%+v", got)
	}
	role.Name, role.Headers = "clear", []string{"Authorization: Bearer sk-clear-0123456789abcdef"}
	_, err := m.SetRole(window.SetRoleIn{Role: role})
	if err == nil || !strings.Contains(err.Error(), "projects hold none") || strings.Contains(err.Error(), "sk-clear") || strings.Contains(err.Error(), "--") {
		t.Errorf("%v", err)
	}
	must(m.RemoveRole(window.RoleIn{Name: "customer-b"}))(t)
	if left := must(m.Roles(window.Nothing{}))(t).Items; len(left) != 0 {
		t.Errorf("%+v", left)
	}
}

// TestScopeInTheWindow puts a host in scope with who allowed it, and takes it out.
func TestScopeInTheWindow(t *testing.T) {
	t.Parallel()
	m := newRig(t).models()
	added := must(m.Add(window.ModelForm{URL: "https://bot.staging.example/chat", Body: `{"message":"{{prompt}}"}`, NoTry: true}))(t)
	scope := func() window.ModelScope { return must(m.Get(window.ModelIn{ID: added.ID}))(t).Scope }
	if s := scope(); s.In || s.Local || s.Host != "bot.staging.example" {
		t.Errorf("%+v", s)
	}
	must(m.SetScope(window.ScopeIn{Host: "*.staging.example", Authorisation: "Jane"}))(t)
	if s := scope(); !s.In || s.Line != "*.staging.example" || s.Authorisation != "Jane" {
		t.Errorf("%+v", s)
	}
	must(m.LeaveScope(window.ScopeIn{Host: "*.staging.example"}))(t)
	if s := scope(); s.In {
		t.Errorf("%+v", s)
	}
}

// TestOptionWords: no advice of package target names an option of the command line once the window shows it.
func TestOptionWords(t *testing.T) {
	t.Parallel()
	text := regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*--[a-z](?:[^\"\\\\]|\\\\.)*\"")
	files, err := filepath.Glob("../../scanner/target/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	seen := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, literal := range text.FindAllString(string(source), -1) {
			seen++
			if said := window.InWindow(strings.Trim(literal, `"`)); regexp.MustCompile(`--[a-z]`).MatchString(said) {
				t.Errorf("%s: the window says %q", file, said)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d advices were read", seen)
	}
}
