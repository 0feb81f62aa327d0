package storage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

func TestModels(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	tokens := int64(7)
	m := &scanner.Model{
		Name: "a", Provider: "openai", Model: "m", Method: "POST", URL: "https://a.example/v1", Header: traffic.Header{{Name: "X-A", Value: "1"}},
		Body: []byte{'{', 0xff, 0, '}'}, Slot: "json:/q", Before: "<", After: ">", Answer: "/a", ByPath: true, Role: "r", Source: 3, Recorded: true,
		Auth: scanner.ModelAuth{Form: "bearer", Secret: "env:KEY"}, Imported: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC),
		Tried: &scanner.ModelTry{At: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Latency: time.Second, Input: &tokens, Answer: "yes"},
	}
	id, err := p.AddModel(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	m.ID = id
	second, err := p.AddModel(t.Context(), &scanner.Model{Name: "b"})
	if err != nil || second == id {
		t.Fatal(second, err)
	}
	list, err := p.Models(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if d := cmp.Diff(m, list[0]); d != "" {
		t.Error(d)
	}
	m.Name, m.Tried = "c", nil
	if err := p.SetModel(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if err := p.RemoveModel(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if list, err = p.Models(t.Context()); err != nil || len(list) != 1 || list[0].Name != "c" || list[0].Tried != nil {
		t.Error(list, err)
	}
	gone := &scanner.Model{ID: second}
	if err := p.RemoveModel(t.Context(), second); !errors.Is(err, storage.ErrNoModel) {
		t.Error(err)
	}
	if err := p.SetModel(t.Context(), gone); !errors.Is(err, storage.ErrNoModel) {
		t.Error(err)
	}
}

func TestWithoutSecrets(t *testing.T) {
	t.Parallel()
	url, header := storage.WithoutSecrets("https://a.example/x?key=one&page=2", traffic.Header{
		{Name: "Authorization", Value: "Bearer two"}, {Name: "Cookie", Value: "sid=three; b=four"}, {Name: "X-Team", Value: "red"},
	}, func(name, value string) string { return strings.ToUpper(name + "/" + value) })
	if want := "https://a.example/x?key=URL/ONE&page=2"; url != want {
		t.Errorf("%s, want %s", url, want)
	}
	want := traffic.Header{
		{Name: "Authorization", Value: "Bearer AUTHORIZATION/TWO"}, {Name: "Cookie", Value: "sid=COOKIE/THREE; b=COOKIE/FOUR"}, {Name: "X-Team", Value: "red"},
	}
	if d := cmp.Diff(want, header); d != "" {
		t.Error(d)
	}
}

// TestModelIDs: an id that was removed is not given again, for runs and findings still name it, and a removed model comes
// back under its own.
func TestModelIDs(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	add := func(name string) *scanner.Model {
		t.Helper()
		m := &scanner.Model{Name: name, URL: "https://a.example/v1"}
		var err error
		if m.ID, err = p.AddModel(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := add("first")
	last := add("last")
	if err := p.RemoveModel(t.Context(), last.ID); err != nil {
		t.Fatal(err)
	}
	if next := add("next"); next.ID <= last.ID {
		t.Errorf("a new model got the id %d; %d was removed", next.ID, last.ID)
	}
	if err := p.RestoreModel(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if err := p.RestoreModel(t.Context(), first); err == nil {
		t.Error("a model that is there came back a second time")
	}
	list, err := p.Models(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range list {
		names = append(names, m.Name)
	}
	if d := cmp.Diff([]string{"first", "last", "next"}, names); d != "" {
		t.Error(d)
	}
}
