package app_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"assay/app"
	"assay/scanner"
)

// hook is a server that takes alerts, and refuses the first few.
type hook struct {
	*httptest.Server
	refuse  atomic.Int64
	status  int
	mu      sync.Mutex
	bodies  [][]byte
	headers []http.Header
	came    chan struct{}
}

func newHook(t *testing.T) *hook {
	t.Helper()
	h := &hook{came: make(chan struct{}, 1000), status: http.StatusServiceUnavailable}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if h.refuse.Add(-1) >= 0 {
			w.WriteHeader(h.status)
			return
		}
		h.mu.Lock()
		h.bodies, h.headers = append(h.bodies, body), append(h.headers, r.Header)
		h.mu.Unlock()
		h.came <- struct{}{}
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hook) wait(t *testing.T) {
	t.Helper()
	select {
	case <-h.came:
	case <-time.After(30 * time.Second):
		t.Fatal("no alert came")
	}
}

func newAlert() *scanner.Threat {
	return &scanner.Threat{ID: 1, Rule: "r", Title: "T", Severity: scanner.SeverityHigh, First: time.Now(), Last: time.Now(), Seen: "it was seen"}
}

// TestWebhook sends a signed alert that is taken at the second attempt.
func TestWebhook(t *testing.T) {
	t.Setenv("ASSAY_KEYRING", "file")
	a, path := newApp(t)
	h := newHook(t)
	h.refuse.Store(1)
	if _, err := a.AddOutlet(t.Context(), app.Outlet{Kind: "webhook", To: h.URL + "/hook"}, "a key of ours"); err != nil {
		t.Fatal(err)
	}
	p, err := a.OpenProject(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	p.TellThreats([]*scanner.Threat{newAlert()})
	h.wait(t)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	header, body := h.headers[0], h.bodies[0]
	mac := hmac.New(sha256.New, []byte("a key of ours"))
	mac.Write([]byte(header.Get("X-Assay-Time") + "."))
	mac.Write(body)
	if got, want := header.Get("X-Assay-Signature"), "sha256="+hex.EncodeToString(mac.Sum(nil)); got != want {
		t.Errorf("the signature is %s, want %s", got, want)
	}
	var sent map[string]any
	if err := json.Unmarshal(body, &sent); err != nil || sent["kind"] != "threat" || sent["title"] != "T" || sent["project"] != filepath.Base(path) {
		t.Errorf("sent %s, %v", body, err)
	}
	settings, err := os.ReadFile(filepath.Join(a.Home.Dir(), "settings.json"))
	if err != nil || strings.Contains(string(settings), "a key of ours") {
		t.Errorf("the key stands in the settings: %s, %v", settings, err)
	}
}

// TestWebhookThatRefuses counts what cannot be delivered, and does not follow where nobody sent it.
func TestWebhookThatRefuses(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"no": http.StatusForbidden, "redirect": http.StatusTemporaryRedirect} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _ := newApp(t)
			h := newHook(t)
			h.status = status
			h.refuse.Store(1)
			if _, err := a.AddOutlet(t.Context(), app.Outlet{Kind: "webhook", To: h.URL}, ""); err != nil {
				t.Fatal(err)
			}
			states, err := a.TryOutlets(t.Context(), nil)
			if err != nil || len(states) != 1 || states[0].Lost != 1 || !strings.Contains(states[0].Why, "status") {
				t.Errorf("got %+v, %v", states, err)
			}
			if states, err = a.TryOutlets(t.Context(), nil); err != nil || states[0].Sent != 1 {
				t.Errorf("the second trial: %+v, %v", states, err)
			}
		})
	}
}

// TestOutletThatIsSlow says that what waits is bounded and counted, and that nobody waits for it.
func TestOutletThatIsSlow(t *testing.T) {
	t.Parallel()
	a, path := newApp(t)
	held := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-held:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(held)
	if _, err := a.AddOutlet(t.Context(), app.Outlet{Kind: "webhook", To: server.URL}, ""); err != nil {
		t.Fatal(err)
	}
	p, err := a.OpenProject(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	many := make([]*scanner.Threat, 1500)
	for i := range many {
		many[i] = newAlert()
	}
	p.TellThreats(many)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("telling took %s", took)
	}
	if states := p.Outlets(); len(states) != 1 || states[0].Lost < 1500-1002 || states[0].Why == "" {
		t.Errorf("got %+v", states)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestWhatOutletsWant holds what is left out: by severity, by kind, by project, and threats of long ago.
func TestWhatOutletsWant(t *testing.T) {
	t.Parallel()
	a, path := newApp(t)
	dir := t.TempDir()
	for name, o := range map[string]app.Outlet{
		"all": {}, "high": {Least: "high"}, "critical": {Least: "critical"}, "rulings": {About: []string{"rulings"}}, "other": {Project: "/another.assay"}, "cef": {Kind: "cef"},
	} {
		if o.Kind == "" {
			o.Kind = "jsonl"
		}
		o.To = filepath.Join(dir, name)
		if _, err := a.AddOutlet(t.Context(), o, ""); err != nil {
			t.Fatal(err)
		}
	}
	p, err := a.OpenProject(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	old := newAlert()
	old.Last = time.Now().Add(-2 * time.Hour)
	p.TellThreats([]*scanner.Threat{newAlert(), old})
	if err := p.Close(); err != nil { // it writes what waits
		t.Fatal(err)
	}
	for name, want := range map[string]int{"all": 1, "high": 1, "critical": 0, "rulings": 0, "other": 0, "cef": 1} {
		data, _ := os.ReadFile(filepath.Join(dir, name)) // one that is missing has no lines
		if got := strings.Count(string(data), "\n"); got != want {
			t.Errorf("%s got %d lines, want %d: %s", name, got, want, data)
		}
		if name == "cef" && !strings.HasPrefix(string(data), "CEF:0|Assay|") {
			t.Errorf("%s is %q", name, data)
		}
	}
}

// TestSyslog sends over each transport.
func TestSyslog(t *testing.T) {
	t.Parallel()
	a, _ := newApp(t)
	udp, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	tcp, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	for _, to := range []string{"udp://" + udp.LocalAddr().String(), "tcp://" + tcp.Addr().String()} {
		if _, err := a.AddOutlet(t.Context(), app.Outlet{Kind: "syslog", To: to, As: "json"}, ""); err != nil {
			t.Fatal(err)
		}
	}
	framed := make(chan string, 1)
	go func() {
		conn, err := tcp.Accept()
		if err != nil {
			framed <- err.Error()
			return
		}
		defer conn.Close()
		all, _ := io.ReadAll(bufio.NewReader(conn)) // until the program hangs up
		framed <- string(all)
	}()
	if states, err := a.TryOutlets(t.Context(), nil); err != nil || states[0].Sent+states[1].Sent != 2 {
		t.Fatalf("got %+v, %v", states, err)
	}
	datagram := make([]byte, 4096)
	_ = udp.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, _, err := udp.ReadFrom(datagram)
	if err != nil || !strings.HasPrefix(string(datagram[:n]), "<134>1 ") || !strings.Contains(string(datagram[:n]), `- {"kind":"trial"`) {
		t.Errorf("got %q, %v", datagram[:n], err)
	}
	length, message, _ := strings.Cut(<-framed, " ")
	if length == "" || len(message) == 0 || !strings.HasPrefix(message, "<134>1 ") {
		t.Errorf("got %q %q", length, message)
	}
}

func TestOutletsAreChecked(t *testing.T) {
	t.Parallel()
	a, _ := newApp(t)
	for name, o := range map[string]app.Outlet{
		"kind": {Kind: "webhok", To: "http://127.0.0.1"}, "scheme": {Kind: "webhook", To: "ftp://x"}, "password": {Kind: "webhook", To: "http://u:p@127.0.0.1"},
		"no host": {Kind: "webhook", To: "https://"}, "syslog": {Kind: "syslog", To: "127.0.0.1:514"}, "syslog path": {Kind: "syslog", To: "udp://h/path"},
		"least": {Kind: "jsonl", To: "f", Least: "hi"}, "about": {Kind: "jsonl", To: "f", About: []string{"threat"}}, "as": {Kind: "cef", To: "f", As: "json"}, "file": {Kind: "cef"},
	} {
		if got, err := a.AddOutlet(t.Context(), o, ""); err == nil || app.CodeOf(err) != app.CodeUsage {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if _, err := a.AddOutlet(t.Context(), app.Outlet{Kind: "jsonl", To: "f"}, "key"); err == nil {
		t.Error("a file was signed")
	}
	if err := a.RemoveOutlet(context.Background(), 5); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("got %v", err)
	}
	if list, err := a.Home.Outlets(); err != nil || len(list) != 0 {
		t.Errorf("got %+v, %v", list, err)
	}
}
