package window_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"assay/app"
	"assay/app/window"
)

// TestDemo is the newcomer's one click: it starts the recorder and the practice target, and a conversation arrives.
func TestDemo(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	if s := o.status(); s.Seen != 0 || s.Listen != "" || s.Target.On {
		t.Errorf("before anything: %+v", s)
	}
	if _, err := o.setup.Demo(window.Nothing{}); err != nil {
		t.Fatal(err)
	}
	s := o.until("four exchanges", func(s window.SetupStatus) bool { return s.Seen >= 4 })
	if s.Listen == "" || !s.Target.On || !strings.Contains(s.Target.Example, s.Listen) || len(s.Clients) == 0 {
		t.Errorf("after the demo: %+v", s)
	}
	o.until("the end of the job", func(window.SetupStatus) bool {
		state, err := o.session.State(window.Nothing{})
		return err == nil && len(state.Jobs) == 1 && state.Jobs[0].State == "done"
	})
	rows := o.rows()
	if len(rows) != 4 || rows[2].LastUser != "What is my name?" || rows[2].Answer != "Your name is Ada." || !rows[1].Stream {
		t.Errorf("recorded %+v", rows)
	}
	s, err := o.setup.Target(window.TargetIn{On: false})
	if err != nil || s.Target.On {
		t.Errorf("the practice target still runs: %+v, %v", s.Target, err)
	}
}

// TestPlaySample opens the sample project, in which a conversation goes on.
func TestPlaySample(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	state, err := o.setup.PlaySample(window.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	if state.Project.Name != "Sample" || !state.Capture.On {
		t.Errorf("%+v", state)
	}
	s := o.until("the live conversation", func(s window.SetupStatus) bool { return s.Seen >= 1 })
	if s.Seen > 4 {
		t.Errorf("%d exchanges are counted as seen; those of the sample itself are not", s.Seen)
	}
	if rows := o.rows(); len(rows) < 60 {
		t.Errorf("%d exchanges", len(rows))
	}
}

// TestRefusal counts a client that does not trust us, and none that only checks.
func TestRefusal(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	checked, err := o.certificate.Check(window.Nothing{})
	if err != nil || !checked.Answered || !checked.Ours || len(checked.Stores) == 0 {
		t.Errorf("check: %+v, %v", checked, err)
	}
	if checked.Trusted {
		t.Error("a root that was just made is trusted by the system")
	}
	listen := o.status().Listen
	if err := o.through(listen, "https://pinned.example/"); err == nil {
		t.Error("the certificate was accepted")
	}
	s := o.until("the refusal", func(s window.SetupStatus) bool { return len(s.Refusals) > 0 })
	if len(s.Refusals) != 1 || s.Refusals[0].Host != "pinned.example" || s.Refusals[0].Count != 1 || s.Seen != 0 {
		t.Errorf("%+v", s)
	}
}

// TestPortTaken names who has the port, and a free one.
func TestPortTaken(t *testing.T) {
	t.Parallel()
	addr := taken(t)
	o := newOffice(t, app.RecordOptions{Listen: addr})
	if _, err := o.session.StartCapture(window.CaptureIn{}); err == nil {
		t.Fatal("a taken port was recorded on")
	}
	p := o.status().Port
	if !p.Taken || !strings.HasSuffix(addr, ":"+strconv.Itoa(p.Port)) || p.Free == addr || p.Free == "" {
		t.Errorf("%+v", p)
	}
	if runtime.GOOS == "linux" && p.PID != os.Getpid() {
		t.Errorf("the port is this process's, not of %s (%d)", p.Name, p.PID)
	}
	if _, err := o.session.StartCapture(window.CaptureIn{Listen: p.Free}); err != nil {
		t.Errorf("the address that was offered: %v", err)
	}
	if s := o.status(); s.Port.Taken || s.Listen != p.Free {
		t.Errorf("%+v", s)
	}
}

// TestRemote lets nobody in without a word, and tells addresses once it does.
func TestRemote(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	if _, err := o.session.StartCapture(window.CaptureIn{}); err != nil {
		t.Fatal(err)
	}
	before := o.status()
	if _, err := o.setup.Remote(window.RemoteIn{Allow: true}); err == nil {
		t.Error("others were let in without confirmation")
	}
	s, err := o.setup.Remote(window.RemoteIn{Allow: true, Confirmed: true})
	for tries := 0; tries < 10 && app.CodeOf(err) == app.CodeBusy; tries++ { // another program was faster to take the port
		if _, err := o.session.StartCapture(window.CaptureIn{Listen: "127.0.0.1:0"}); err != nil {
			t.Fatal(err)
		}
		before = o.status()
		s, err = o.setup.Remote(window.RemoteIn{Allow: true, Confirmed: true})
	}
	if err != nil || !s.Remote.Allowed || s.Listen != before.Listen {
		t.Fatalf("%+v, %v; before %s", s.Remote, err, before.Listen)
	}
	for _, a := range s.Remote.Addresses {
		if !strings.HasPrefix(a.CA, "http://"+a.Proxy) {
			t.Errorf("%+v", a)
		}
		if err := o.through(a.Proxy, a.CA); err != nil {
			t.Errorf("the certificate at %s: %v", a.CA, err)
		}
	}
	s, err = o.setup.Remote(window.RemoteIn{})
	if err != nil || s.Remote.Allowed {
		t.Errorf("%+v, %v", s.Remote, err)
	}
}

// TestFound lists variables and base URLs with the address recorded on.
func TestFound(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	off, err := o.setup.Found(window.Nothing{})
	if err != nil || len(off.Bases) != 0 || len(off.Shells) == 0 {
		t.Errorf("while nothing is recorded: %+v, %v", off, err)
	}
	if _, err := o.setup.Script(window.ScriptIn{Shell: "sh"}); err == nil {
		t.Error("there are variables of a recorder that does not run")
	}
	if _, err := o.session.StartCapture(window.CaptureIn{}); err != nil {
		t.Fatal(err)
	}
	found, err := o.setup.Found(window.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	listen := o.status().Listen
	if len(found.Bases) < 20 || found.Bases[0] != (window.BaseURL{Provider: "openai", URL: "http://" + listen + "/r/openai/v1"}) {
		t.Errorf("%+v", found.Bases)
	}
	for _, tool := range found.Tools {
		for _, v := range tool.Variables {
			if v.Value == "" || v.Proof == "" {
				t.Errorf("%s: %+v", tool.Name, v)
			}
		}
	}
	script, err := o.setup.Script(window.ScriptIn{Shell: "sh"})
	if err != nil || !strings.Contains(script.Text, "export HTTPS_PROXY='http://"+listen+"'") {
		t.Errorf("%s, %v", script.Text, err)
	}
	if _, err := o.setup.Script(window.ScriptIn{Shell: "/bin/sh -c evil"}); err == nil {
		t.Error("any text is taken for a shell")
	}
}

// TestOpenBrowserRefuses starts nothing but browsers, on nothing but pages.
func TestOpenBrowserRefuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	for _, in := range []window.OpenBrowserIn{
		{Path: "/bin/sh"},
		{Path: "sh"},
		{Name: "sh"},
		{Name: "/bin/sh"},
		{Name: "", Page: "--renderer-cmd-prefix=/bin/sh"},
		{Name: "", Page: "file:///etc/passwd"},
		{Name: "", Page: "javascript:alert(1)"},
		{Name: "", Page: "http://"},
	} {
		if out, err := o.setup.OpenBrowser(in); err == nil {
			t.Errorf("%+v was opened: %+v", in, out)
		}
	}
	if s := o.status(); len(s.Started) != 0 || s.Listen != "" {
		t.Errorf("something was started: %+v", s)
	}
}

// TestExport writes the certificate, and over nothing.
func TestExport(t *testing.T) {
	t.Parallel()
	o := newOffice(t, anyPort)
	state, err := o.certificate.State(window.Nothing{})
	if err != nil || state.SHA256 == "" || len(state.Trust) == 0 || len(state.Untrust) == 0 {
		t.Fatalf("%+v, %v", state, err)
	}
	dir := t.TempDir()
	for form, want := range map[string]string{"pem": "root.pem", "der": "root.der", "p12": "root.p12"} {
		out, err := o.certificate.Export(window.ExportCertificateIn{Path: filepath.Join(dir, "root"), Form: form})
		if err != nil || filepath.Base(out.Path) != want {
			t.Errorf("%s: %+v, %v", form, out, err)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "root.pem"))
	if err != nil || !strings.HasPrefix(string(data), "-----BEGIN CERTIFICATE-----") || strings.Contains(string(data), "KEY") {
		t.Errorf("%.100s, %v", data, err)
	}
	for _, in := range []window.ExportCertificateIn{
		{Path: filepath.Join(dir, "root.pem"), Form: "pem"}, // is there already
		{Path: "root.pem", Form: "pem"},
		{Path: "", Form: "pem"},
		{Path: filepath.Join(dir, "x"), Form: "exe"},
	} {
		if out, err := o.certificate.Export(in); err == nil {
			t.Errorf("%+v was written: %+v", in, out)
		}
	}
	if _, err := o.certificate.Export(window.ExportCertificateIn{Path: filepath.Join(dir, "root.pem"), Form: "pem", Replace: true}); err != nil {
		t.Error(err)
	}
	key := filepath.Join(dir, "key.pem")
	if err := os.WriteFile(key, []byte("-----BEGIN PRIVATE KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{key, t.TempDir() + ".pem"} {
		_ = os.Mkdir(path, 0o700) // the key is there already
		if out, err := o.certificate.Export(window.ExportCertificateIn{Path: path, Form: "pem", Replace: true}); err == nil {
			t.Errorf("%s was replaced: %+v", path, out)
		}
	}
}
