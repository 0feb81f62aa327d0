package e2e_test

import (
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"assay/app"
	"assay/app/window"
)

// TestWindowBesideRecorder opens a project in the window while `assay record`, another process, writes it: the list is
// alive, and says why nothing can be changed.
func TestWindowBesideRecorder(t *testing.T) {
	t.Parallel()
	r := record(t)
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var pulses atomic.Int64
	desk := window.New(&app.App{Home: home}, window.Options{Mode: window.Browser, Project: r.Project})
	desk.Start(t.Context(), window.Host{Emit: func(_ string, data any) {
		if p := data.(window.Pulse); len(p.Ended)+len(p.Changed) > 0 || p.Missed {
			pulses.Add(1)
		}
	}})
	defer func() {
		if err := desk.Close(); err != nil {
			t.Error(err)
		}
	}()
	traffic, session := bound[*window.Traffic](t, desk), bound[*window.Session](t, desk)
	state, err := session.State(window.Nothing{})
	if err != nil || !state.Project.ReadOnly || state.Project.Why == "" {
		t.Fatalf("the state is %+v, %v", state.Project, err)
	}
	view, err := traffic.Open(window.ViewIn{})
	if err != nil {
		t.Fatal(err)
	}
	client := r.client(t)
	for i := range 3 {
		before := pulses.Load()
		question := fmt.Sprintf("What is seen from beside, %d?", i)
		sent := time.Now()
		answer := post(t.Context(), client, question, "")
		if answer == nil {
			t.Fatal("no answer")
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		for !shows(t, traffic, view.View, question) {
			if time.Since(sent) > 15*time.Second {
				t.Fatalf("%q is not in the list after 15 s", question)
			}
			for waited := time.Now(); pulses.Load() == before && time.Since(waited) < 5*time.Second; {
				time.Sleep(20 * time.Millisecond)
			}
			before = pulses.Load()
			if _, err := traffic.Sync(window.SyncIn{View: view.View}); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%q: read and in the list after %v", question, time.Since(sent).Round(time.Millisecond))
	}
	if _, err := traffic.Mark(window.MarkIn{IDs: []string{"1"}, Set: []string{"note"}}); app.CodeOf(err) != app.CodeBusy {
		t.Errorf("marking in a project that another program writes: %v", err)
	}
}

// bound returns a bound struct of the window.
func bound[T any](t *testing.T, desk *window.Desk) (one T) {
	t.Helper()
	for _, each := range desk.Bound() {
		if one, ok := each.(T); ok {
			return one
		}
	}
	t.Fatalf("%T is not bound", one)
	return one
}

// shows reports whether a view has a row with a question and an answer.
func shows(t *testing.T, list *window.Traffic, view, question string) bool {
	t.Helper()
	page, err := list.Page(window.PageIn{View: view, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range page.Items {
		if strings.Contains(item.Row.LastUser, question) && item.Row.State == "complete" && item.Row.Answer != "" {
			return true
		}
	}
	return false
}
