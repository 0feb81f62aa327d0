package main

import (
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSteady holds that calls come at the rate, however long each takes, and that failures are counted.
func TestSteady(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[int]bool{}
	times, failed := steady(t.Context(), 500*time.Millisecond, func(i int) error {
		mu.Lock()
		defer mu.Unlock()
		if seen[i] {
			t.Errorf("%d twice", i)
		}
		seen[i] = true
		if i%10 == 3 {
			return errors.New("no")
		}
		return nil
	})
	if all := len(times) + failed; all != len(seen) || all > perSecond/2 || failed == 0 || failed > all/5 {
		t.Errorf("%d calls, %d failed, %d seen", all, failed, len(seen))
	}
}

func TestFolded(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, query := range []string{
		"CREATE TABLE exchange (id INTEGER PRIMARY KEY, state, endpoint)",
		"INSERT INTO exchange (state, endpoint) VALUES (1, NULL), (3, NULL), (3, -1), (3, 0), (4, 7)",
	} {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	if kept, in, err := folded(t.Context(), db); kept != 4 || in != 2 || err != nil {
		t.Errorf("%d kept, %d in the inventory (%v)", kept, in, err)
	}
}

// TestPractise holds that the load is what it says: eight kinds of requests, histories that grow.
func TestPractise(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	sizes := map[string][]int{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		path := r.URL.Path
		if strings.HasPrefix(path, "/app/orders/") {
			path = "/app/orders"
		}
		sizes[path] = append(sizes[path], len(body))
	}))
	defer server.Close()
	for i := range 160 {
		if err := practise(t.Context(), server.Client(), server.URL, i); err != nil {
			t.Fatal(err)
		}
	}
	if chat := sizes["/anthropic/v1/messages"]; len(sizes) != 7 || len(chat) != 20 || chat[19] < 10*chat[0] {
		t.Errorf("%d kinds: %v", len(sizes), sizes)
	}
}
