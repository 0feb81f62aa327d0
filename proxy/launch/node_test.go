package launch_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"assay/proxy/launch"
)

// TestNode runs every way Node.js has to make a request. ASSAY_TEST_NODE names another node, and WS_MODULE,
// UNDICI_MODULE and AXIOS_MODULE installed packages to try as well.
func TestNode(t *testing.T) {
	t.Parallel()
	name := os.Getenv("ASSAY_TEST_NODE")
	if name == "" {
		name = "node"
	}
	need(t, name)
	m := startMITM(t)
	s := m.session(t)
	s.Dir += "/with space" // NODE_OPTIONS has its own quoting
	s.Base = append(os.Environ(), "CLOSED_PORT="+closedPort(t), "WITHOUT=http2", "NODE_OPTIONS=--max-http-header-size=32768")
	out := run(t, s, name, "testdata/client.cjs")
	checkLines(t, out, 22)
	for _, want := range []seen{
		{method: "GET", host: "api.example", path: "/fetch", secure: true},
		{method: "GET", host: "plain.example", path: "/fetch"},
		{method: "GET", host: "pinned.example", path: "/own-ca", secure: true},
		{method: "GET", host: "raw.example", path: "/raw", secure: true},
	} {
		if got, ok := m.saw(want.host, want.path); !ok || got != want {
			t.Errorf("the proxy saw %+v, want %+v", got, want)
		}
	}
	if got := m.count("/many"); got != 100 {
		t.Errorf("the proxy saw %d of 100 parallel requests", got)
	}
}

func checkLines(t *testing.T, out string, least int) {
	t.Helper()
	good := 0
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "failed ") {
			t.Error(strings.TrimSpace(line))
		}
		if strings.HasPrefix(line, "ok ") {
			good++
		}
	}
	if good < least {
		t.Errorf("%d checks succeeded, want at least %d:\n%s", good, least, out)
	}
}

// run starts a program as a person would and gives what it wrote.
func run(t *testing.T, s launch.Session, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cmd, err := launch.Command(ctx, s, name, args...)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = nil, nil, nil
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// need skips, loudly, a row whose program is not installed. build/setup.sh installs them all, and CI runs it.
func need(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("NOT RUN: %s is not installed; build/setup.sh installs it", name)
	}
}

func closedPort(tb testing.TB) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		tb.Fatal(err)
	}
	return port
}
