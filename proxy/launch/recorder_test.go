package launch_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"assay/proxy"
	"assay/proxy/ca"
	"assay/proxy/launch"
)

// TestNodeThroughRecorder runs the same program through the proxy of the product, to servers that really exist.
func TestNodeThroughRecorder(t *testing.T) {
	t.Parallel()
	need(t, "node")
	far := &mitm{} // only its answers are used
	plain := httptest.NewServer(http.HandlerFunc(far.answer))
	secure := httptest.NewUnstartedServer(http.HandlerFunc(far.answer))
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	port := closedPort(t)
	hosts := map[string]string{
		"plain.example:80": plain.Listener.Addr().String(), "plain-socket.example:80": plain.Listener.Addr().String(),
		"localhost:" + port: plain.Listener.Addr().String(), net.JoinHostPort("::1", port): plain.Listener.Addr().String(),
		"127.0.0.1:" + port: secure.Listener.Addr().String(),
	}
	for _, name := range []string{"api", "pinned", "raw", "socket"} {
		hosts[name+".example:443"] = secure.Listener.Addr().String()
	}
	for i := range 7 {
		hosts["h"+strconv.Itoa(i)+".example:443"] = secure.Listener.Addr().String()
	}
	s := launch.Session{Dir: t.TempDir(), Base: append(os.Environ(), "CLOSED_PORT="+port, "WITHOUT=https localhost")}
	s.Proxy, s.Trust = startRecorder(t, hosts)
	checkLines(t, run(t, s, "node", "testdata/client.cjs"), 22)
	if got := far.count("/many"); got != 100 {
		t.Errorf("the server saw %d of 100 parallel requests", got)
	}
}

func startRecorder(t *testing.T, hosts map[string]string) (addr string, authority *ca.Authority) {
	t.Helper()
	authority, err := ca.Load(filepath.Join(t.TempDir(), "ca"))
	if err != nil {
		t.Fatal(err)
	}
	server, err := proxy.New(proxy.Config{Authority: authority, Upstream: proxy.Upstream{Insecure: true, Hosts: hosts}})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() { _ = server.Serve(context.WithoutCancel(t.Context())) })
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
		group.Wait()
	})
	return server.Addr().String(), authority
}

// TestCheckThroughRecorder asks the proxy of the product for the reserved host.
func TestCheckThroughRecorder(t *testing.T) {
	t.Parallel()
	addr, authority := startRecorder(t, nil)
	report, err := authority.Check(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	if !report.Answered || !report.Ours {
		t.Errorf("the proxy does not answer %s as it should: %s", ca.CheckHost, report.Problem)
	}
}
