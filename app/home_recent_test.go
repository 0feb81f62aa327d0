package app

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

func TestRecentProjects(t *testing.T) {
	home, err := OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name string) string {
		path := filepath.Join(dir, name+".assay")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	a, b, gone := file("a"), file("b"), file("gone")
	for _, path := range []string{a, gone, b, a} {
		if err := home.SetLastProject(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	recent, err := home.RecentProjects()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{a, b}; !slices.Equal(recent, want) {
		t.Fatalf("recent projects are %q, want %q: newest first, once each, only those that exist", recent, want)
	}
	if last, err := home.LastProject(); err != nil || last != a {
		t.Fatalf("the last project is %q, %v", last, err)
	}
	for i := range 2 * mostRecent {
		if err := home.SetLastProject(file(strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
	}
	if recent, err = home.RecentProjects(); err != nil || len(recent) != mostRecent {
		t.Fatalf("%d recent projects, %v; want %d", len(recent), err, mostRecent)
	}
}
