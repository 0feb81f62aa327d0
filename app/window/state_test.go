package window_test

import (
	"net"
	"path/filepath"
	"strings"
	"testing"

	"assay/app"
	"assay/app/window"
)

// session returns the frame of a rig.
func (r *rig) session() *window.Session {
	r.t.Helper()
	for _, bound := range r.desk.Bound() {
		if s, ok := bound.(*window.Session); ok {
			return s
		}
	}
	r.t.Fatal("no session is bound")
	return nil
}

func TestSessionStartsAndStopsCapture(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.session()
	state, err := s.StartCapture(window.CaptureIn{Listen: "127.0.0.1:0"})
	if err != nil || !state.Capture.On || state.Capture.Listen == "" || state.Capture.Fault.Message != "" {
		t.Fatalf("started: %+v %v", state.Capture, err)
	}
	conn, err := net.Dial("tcp", state.Capture.Listen)
	if err != nil {
		t.Fatalf("nobody listens: %v", err)
	}
	_ = conn.Close()
	listen := state.Capture.Listen
	if again, err := s.StartCapture(window.CaptureIn{}); err != nil || again.Capture.Listen != listen {
		t.Errorf("started twice: %+v %v", again.Capture, err)
	}
	if state, err = s.StopCapture(window.Nothing{}); err != nil || state.Capture.On {
		t.Errorf("stopped: %+v %v", state.Capture, err)
	}
	if conn, err := net.Dial("tcp", listen); err == nil {
		_ = conn.Close()
		t.Error("it still listens")
	}
}

func TestSessionPortIsTaken(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s := newRig(t).session()
	_, err = s.StartCapture(window.CaptureIn{Listen: taken.Addr().String()})
	if app.CodeOf(err) != app.CodeBusy || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("got %v, want an error that names the port", err)
	}
	state, err := s.State(window.Nothing{})
	if f := state.Capture.Fault; err != nil || state.Capture.On || f.Code != string(app.CodeBusy) || f.Message == "" || f.Hint == "" {
		t.Errorf("state: %+v %v", state.Capture, err)
	}
	if state, err = s.StartCapture(window.CaptureIn{Listen: "127.0.0.1:0"}); err != nil || state.Capture.Fault.Message != "" {
		t.Errorf("on another port: %+v %v", state.Capture, err)
	}
}

// TestSessionOpensAnotherProject goes on recording in the other one, and finds in the first what was there.
func TestSessionOpensAnotherProject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.session()
	first := r.store.Path()
	r.add(page("a.example"))
	if _, err := s.StartCapture(window.CaptureIn{Listen: "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	state, err := s.OpenProject(window.ProjectIn{Path: filepath.Join(t.TempDir(), "second")})
	if err != nil || state.Project.Name != "second" || filepath.Ext(state.Project.Path) != ".assay" || !state.Capture.On {
		t.Errorf("the second: %+v %+v %v", state.Project, state.Capture, err)
	}
	if _, err := s.StopCapture(window.Nothing{}); err != nil {
		t.Fatal(err)
	}
	if state, err = s.OpenProject(window.ProjectIn{Path: first}); err != nil || state.Project.Path != first {
		t.Errorf("the first again: %+v %v", state.Project, err)
	}
	if out := r.open(window.ViewIn{All: true}); out.Count != 1 {
		t.Errorf("the first again has %+v", out)
	}
	if _, err := s.OpenProject(window.ProjectIn{Path: "  "}); app.CodeOf(err) != app.CodeUsage {
		t.Errorf("no name: %v", err)
	}
}

// TestSessionBesideAnother opens the project of a window that is open: it can be read, and why not written is said.
func TestSessionBesideAnother(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	beside := openRig(t, r.store.Path())
	s := beside.session()
	state, err := s.State(window.Nothing{})
	if err != nil || !state.Project.ReadOnly || !strings.Contains(state.Project.Why, "another process") {
		t.Errorf("state: %+v %v", state.Project, err)
	}
	if _, err := s.StartCapture(window.CaptureIn{Listen: "127.0.0.1:0"}); err == nil {
		t.Error("it records into a project that another window writes")
	}
	view := beside.open(window.ViewIn{All: true}).View
	r.add(page("a.example"))
	r.rest()
	if err := beside.store.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := beside.sync(view); out.Count != 1 {
		t.Errorf("what the other window recorded: %+v", out)
	}
	if _, err := beside.list.Delete(window.DeleteIn{IDs: []string{"1"}}); app.CodeOf(err) != app.CodeBusy {
		t.Errorf("deleted: %v", err)
	}
	if out, err := beside.list.Filters(window.Nothing{}); err != nil || out.Saved == nil {
		t.Errorf("filters: %+v %v", out, err)
	}
}
