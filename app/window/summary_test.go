package window_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/app"
	"assay/app/window"
	"assay/storage"
)

func session(t *testing.T, desk *window.Desk) *window.Session {
	t.Helper()
	for _, bound := range desk.Bound() {
		if s, ok := bound.(*window.Session); ok {
			return s
		}
	}
	t.Fatal("no Session is bound")
	return nil
}

func TestSummary(t *testing.T) {
	r := newRig(t)
	s := session(t, r.desk)
	empty, err := s.Summary(window.Nothing{})
	if err != nil || empty.Exchanges != 0 || empty.Resent || empty.Providers == nil {
		t.Fatalf("of an empty project: %+v, %v", empty, err)
	}

	r.add(turn("a", 1, "gpt-4o-mini"), page("example.com"), turn("a", 2, "gpt-4o-mini"), turn("b", 1, "gpt-4o"))
	tab, err := r.store.NewTab(t.Context(), storage.Tab{Name: "again"})
	if err == nil {
		_, err = r.store.AddSent(t.Context(), tab.ID, storage.TabSent{Exchange: 1})
	}
	if err != nil {
		t.Fatal(err)
	}
	r.rest()
	got, err := s.Summary(window.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Exchanges != 4 || got.Conversations != 3 || !got.Resent {
		t.Errorf("%d exchanges, %d conversations, resent %v; want 4, 3, true", got.Exchanges, got.Conversations, got.Resent)
	}
	if want := []window.Tally{{Value: "gpt-4o-mini", N: 2}, {Value: "gpt-4o", N: 1}}; !slices.Equal(got.Models, want) {
		t.Errorf("models %v, want %v", got.Models, want)
	}
	if want := []window.Tally{{Value: "openai", N: 3}}; !slices.Equal(got.Providers, want) {
		t.Errorf("providers %v, want %v", got.Providers, want)
	}
}

func TestLatestAreConversationsNewestFirst(t *testing.T) {
	r := newRig(t)
	s := session(t, r.desk)
	ids := r.add(turn("a", 1, "m"), page("example.com"), turn("b", 1, "m"))
	for range 300 { // more than are looked through at a time
		r.add(page("example.com"))
	}
	r.rest()
	got, err := s.Latest(window.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, row := range got.Rows {
		seen = append(seen, row.ID)
	}
	if want := []string{ids[2], ids[0]}; !slices.Equal(seen, want) {
		t.Errorf("latest %v, want %v", seen, want)
	}
}

func TestRecentNamesTheOpenProject(t *testing.T) {
	path := filepath.Join(t.TempDir(), "acme.assay")
	r := openRig(t, path)
	got, err := session(t, r.desk).Recent(window.Nothing{})
	if err != nil || len(got.Projects) != 1 || got.Projects[0] != (window.RecentProject{Path: path, Name: "acme"}) {
		t.Fatalf("recent %+v, %v", got, err)
	}
	if got.Folder == "" {
		t.Error("no folder is proposed for a new project")
	}
}

func TestSummaryWithoutProjectSaysWhatToDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken.assay")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a project ", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	desk := window.New(&app.App{Home: home}, window.Options{Mode: window.Browser, Project: path})
	desk.Start(t.Context(), window.Host{Emit: func(string, any) {}})
	t.Cleanup(func() { _ = desk.Close() })
	_, err = session(t, desk).Summary(window.Nothing{})
	if fault, ok := errors.AsType[*app.Error](err); !ok || fault.Code != app.CodeNotFound || fault.Hint == "" {
		t.Fatalf("without a project: %v", err)
	}
}
