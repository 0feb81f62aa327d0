package bridge_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestPages(t *testing.T) {
	t.Parallel()
	s := serve(t)
	resp, body := s.ask("GET", "/", nil)
	bridgeAt, mainAt := strings.Index(body, `<script src="/bridge.js"></script>`), strings.Index(body, "main-1.js")
	if bridgeAt < 0 || mainAt < bridgeAt || strings.Contains(body, s.token) {
		t.Errorf("the page is %s", body)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	policy := resp.Header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'self';", "script-src 'self';", "frame-src 'none';", "frame-ancestors 'none';", "object-src 'none';", "base-uri 'none';",
		"form-action 'none'", "connect-src 'self' " + strings.Replace(s.origin, "http", "ws", 1) + ";",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if resp, body := s.ask("GET", "/bridge.js", nil); !strings.Contains(body, "window.go") || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("bridge.js is %.80s", body)
	}
	if resp, _ := s.ask("GET", "/assets/main-1.js", nil); !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
		t.Error("a file named after its content is fetched again and again")
	}
	for _, path := range []string{"/../bridge.go", "/assets/", "/assets", "/assets/../../secret"} {
		if resp, _ := s.ask("GET", path, nil); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s answers %d", path, resp.StatusCode)
		}
	}
}

// TestDoor asks in every wrong way, over HTTP.
func TestDoor(t *testing.T) {
	t.Parallel()
	s := serve(t)
	auth := "Bearer " + s.token
	host := strings.TrimPrefix(s.origin, "http://")
	port := host[strings.LastIndex(host, ":"):]
	for _, test := range []struct {
		name, method, path string
		header             map[string]string
		want               int
	}{
		{"right", "GET", "/raw/1", map[string]string{"Authorization": auth}, 200},
		{"right, by name", "GET", "/raw/1", map[string]string{"Authorization": auth, "Host": "localhost" + port}, 200},
		{"right POST", "POST", "/import", map[string]string{"Authorization": auth, "Origin": s.origin}, 200},
		{"no token", "GET", "/raw/1", nil, 401},
		{"wrong token", "GET", "/raw/1", map[string]string{"Authorization": "Bearer " + strings.Repeat("0", 64)}, 401},
		{"half a token", "GET", "/raw/1", map[string]string{"Authorization": auth[:20]}, 401},
		{"token in the query", "GET", "/raw/1?token=" + s.token, nil, 401},
		{"POST without origin", "POST", "/import", map[string]string{"Authorization": auth}, 403},
		{"POST from elsewhere", "POST", "/import", map[string]string{"Authorization": auth, "Origin": "http://evil.example"}, 403},
		{"POST from another port", "POST", "/import", map[string]string{"Authorization": auth, "Origin": "http://127.0.0.1:1"}, 403},
		{"POST from a sandbox", "POST", "/import", map[string]string{"Authorization": auth, "Origin": "null"}, 403},
		{"POST without token", "POST", "/import", map[string]string{"Origin": s.origin}, 401},
		{"POST to a page", "POST", "/", map[string]string{"Origin": s.origin}, 401},
		{"DELETE", "DELETE", "/raw/1", map[string]string{"Authorization": auth, "Origin": s.origin}, 405},
		{"another name", "GET", "/", map[string]string{"Host": "evil.example" + port}, 421},
		{"another name with token", "GET", "/raw/1", map[string]string{"Host": "evil.example" + port, "Authorization": auth}, 421},
		{"no port", "GET", "/", map[string]string{"Host": "127.0.0.1"}, 421},
		{"a name that begins right", "GET", "/", map[string]string{"Host": "localhost.evil.example" + port}, 421},
		{"origin by another name", "GET", "/raw/1", map[string]string{"Authorization": auth, "Origin": "http://localhost" + port}, 403},
		{"no upgrade", "GET", "/bridge", map[string]string{"Origin": s.origin}, 401},
	} {
		resp, body := s.ask(test.method, test.path, test.header)
		if resp.StatusCode != test.want {
			t.Errorf("%s: %d %s, want %d", test.name, resp.StatusCode, body, test.want)
		}
		if test.want == 200 && body != test.method+" "+test.path+" body" {
			t.Errorf("%s: the handler saw %q", test.name, body)
		}
		if test.want != 421 && resp.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: an answer without a policy", test.name)
		}
	}
}

// TestSocketDoor connects in every wrong way.
func TestSocketDoor(t *testing.T) {
	t.Parallel()
	s := serve(t)
	right := "assay.token." + s.token
	port := s.origin[strings.LastIndex(s.origin, ":"):]
	for name, test := range map[string]struct {
		header    map[string]string
		protocols []string
	}{
		"no token":        {map[string]string{"Origin": s.origin}, []string{"assay"}},
		"wrong token":     {map[string]string{"Origin": s.origin}, []string{"assay", "assay.token." + strings.Repeat("0", 64)}},
		"empty token":     {map[string]string{"Origin": s.origin}, []string{"assay", "assay.token."}},
		"no origin":       {nil, []string{"assay", right}},
		"another origin":  {map[string]string{"Origin": "http://evil.example"}, []string{"assay", right}},
		"https origin":    {map[string]string{"Origin": "https" + strings.TrimPrefix(s.origin, "http")}, []string{"assay", right}},
		"rebound name":    {map[string]string{"Origin": "http://evil.example" + port, "Host": "evil.example" + port}, []string{"assay", right}},
		"token in header": {map[string]string{"Origin": s.origin, "Authorization": "Bearer " + s.token}, []string{"assay"}},
	} {
		if conn, err := s.dial(test.header, test.protocols...); err == nil {
			t.Errorf("%s: connected", name)
			_ = conn.CloseNow()
		}
	}
	conn := s.open()
	if conn.Subprotocol() != "assay" {
		t.Errorf("the subprotocol is %q, which would tell the token", conn.Subprotocol())
	}
	for _, message := range []string{"", "nonsense", `["id"]`} {
		conn := s.open()
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(message)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusInvalidFramePayloadData {
			t.Errorf("%q ended with %v", message, err)
		}
	}
}

// TestCloseEndsEverything needs Close to end connections and give up on a call that does not end.
func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn := s.open()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"id":1,"name":"bridge_test.Echo.Wait","arg":{}}`)); err != nil {
		t.Fatal(err)
	}
	s.call(conn, "Say", `{}`)
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("Close took %s", took)
	}
	close(s.echo.release)
	if _, _, err := conn.Read(t.Context()); err == nil {
		t.Error("the connection lives on")
	}
}

// TestInvite needs an invitation to be good for the token once, for this window only, and for nothing else.
func TestInvite(t *testing.T) {
	t.Parallel()
	s := serve(t)
	_, invite, _ := strings.Cut(s.Invite(), "/#once-")
	if len(invite) != 64 || invite == s.token {
		t.Fatalf("the invitation is %q", invite)
	}
	if resp, _ := s.ask("GET", "/raw/1", map[string]string{"Authorization": "Bearer " + invite}); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("an invitation is taken as the token: %s", resp.Status)
	}
	for name, test := range map[string]struct{ method, origin, body string }{
		"wrong":          {"POST", s.origin, strings.Repeat("0", 64)},
		"empty":          {"POST", s.origin, ""},
		"too long":       {"POST", s.origin, strings.Repeat("0", 4096)},
		"no origin":      {"POST", "", invite},
		"another origin": {"POST", "http://evil.example", invite},
		"GET":            {"GET", s.origin, invite},
	} {
		if status, body := s.admit(test.method, test.origin, test.body); status == http.StatusOK || strings.Contains(body, s.token) {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, body := s.admit("POST", s.origin, invite); status != http.StatusOK || body != s.token {
		t.Errorf("the first visit: %d", status)
	}
	if status, body := s.admit("POST", s.origin, invite); status != http.StatusUnauthorized || strings.Contains(body, s.token) {
		t.Errorf("the second visit: %d", status)
	}
	if status, _ := s.admit("POST", s.origin, ""); status != http.StatusUnauthorized {
		t.Errorf("nothing, once it was used: %d", status)
	}
}

func (s *served) admit(method, origin, invite string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.origin+"/bridge/token", strings.NewReader(invite))
	if err != nil {
		s.t.Fatal(err)
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
