package storage_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"assay/storage"
	"assay/traffic"
)

const tabHead = "POST https://api.example.com/v1/chat?api_key=topsecret1 HTTP/1.1\nHost: api.example.com\nAuthorization: Bearer topsecret2\nX-Note: not secret\n"

func TestTabsOutliveTheProgram(t *testing.T) {
	t.Parallel()
	path := temp(t)
	ring := &keys{}
	p, err := storage.Open(t.Context(), path, storage.Options{Keys: ring})
	if err != nil {
		t.Fatal(err)
	}
	first, err := p.NewTab(t.Context(), storage.Tab{Group: "login", Name: "first", Source: 7, Baseline: 7, Head: tabHead, Body: []byte("a\x00b")})
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.NewTab(t.Context(), storage.Tab{Head: "GET https://b.example/ HTTP/1.1\n"})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.OrderTabs(t.Context(), []int64{second.ID, first.ID}); err != nil {
		t.Fatal(err)
	}
	for i, changed := range [][]string{nil, {"temperature", "the last user message"}} {
		sent, err := p.AddSent(t.Context(), first.ID, storage.TabSent{Batch: 1, Exchange: traffic.ID(20 + i), Changed: changed})
		if err != nil || sent.N != i+1 {
			t.Fatalf("number %d, %v", sent.N, err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}

	p = open(t, path, storage.Options{Keys: ring})
	tabs, closed, err := p.Tabs(t.Context())
	if err != nil || len(tabs) != 2 || closed != 0 || tabs[0].ID != second.ID || tabs[1].Sent != 2 || tabs[1].Last != 21 {
		t.Fatalf("%+v, %d closed, %v", tabs, closed, err)
	}
	tab, err := p.Tab(t.Context(), first.ID)
	if err != nil || string(tab.Body) != "a\x00b" || tab.Group != "login" || tab.Name != "first" || tab.Source != 7 {
		t.Errorf("%+v %v", tab, err)
	}
	sent, err := p.Sent(t.Context(), first.ID, 10)
	if err != nil || len(sent) != 2 || sent[0].N != 2 || strings.Join(sent[0].Changed, "|") != "temperature|the last user message" || sent[1].Changed != nil {
		t.Errorf("%+v %v", sent, err)
	}
}

func TestTabsKeepNoCredentialInClear(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{Keys: &keys{}})
	tab, err := p.NewTab(t.Context(), storage.Tab{Head: tabHead})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(tab.Head, "topsecret") || !strings.Contains(tab.Head, "\nX-Note: not secret\n") || !strings.Contains(tab.Head, "Bearer ⟨cred:") {
		t.Errorf("head %q", tab.Head)
	}
	at := strings.Index(tab.Head, "⟨cred:")
	value, err := p.Credential(t.Context(), tab.Head[at:at+strings.Index(tab.Head[at:], "⟩")+len("⟩")])
	if err != nil || value != "topsecret1" {
		t.Errorf("the placeholder stands for %q, %v", value, err)
	}
	again := tab
	if err := p.SetTab(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Tab(t.Context(), tab.ID); err != nil || got.Head != tab.Head {
		t.Errorf("sealing twice: %q, %v", got.Head, err)
	}
	for _, name := range []string{path, path + "-wal"} {
		data, err := os.ReadFile(name)
		if err == nil && strings.Contains(string(data), "topsecret") {
			t.Errorf("%s holds the credential in clear", name)
		}
	}
}

func TestClosedTabsComeBack(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	var ids []int64
	for range 3 {
		tab, err := p.NewTab(t.Context(), storage.Tab{Head: "GET https://a.example/ HTTP/1.1\n"})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, tab.ID)
	}
	for _, id := range ids[:2] {
		if err := p.CloseTab(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Tab(t.Context(), ids[0]); !errors.Is(err, storage.ErrNoTab) {
		t.Errorf("a closed tab: %v", err)
	}
	if err := p.CloseTab(t.Context(), ids[0]); !errors.Is(err, storage.ErrNoTab) {
		t.Errorf("closed twice: %v", err)
	}
	if id, err := p.ReopenTab(t.Context(), 0); err != nil || id != ids[1] {
		t.Errorf("reopened %d, %v; want the one closed last", id, err)
	}
	if id, err := p.ReopenTab(t.Context(), ids[0]); err != nil || id != ids[0] {
		t.Errorf("reopened %d, %v", id, err)
	}
	if _, err := p.ReopenTab(t.Context(), 0); !errors.Is(err, storage.ErrNoTab) {
		t.Errorf("nothing is closed: %v", err)
	}
	if tabs, _, err := p.Tabs(t.Context()); err != nil || len(tabs) != 3 || tabs[0].ID != ids[0] {
		t.Errorf("%+v %v: a tab comes back to its place", tabs, err)
	}
}
