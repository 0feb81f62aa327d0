package target_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/target"
)

// python is a service in another language, one for all tests.
var python struct {
	once sync.Once
	url  string
	err  error
}

// faulty gives the address of the service with every fault.
func faulty(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("NOT RUN: python3 is not installed; build/setup.sh installs it")
	}
	python.once.Do(func() {
		python.url, python.err = servePython(exec.CommandContext(context.WithoutCancel(t.Context()), program, "testdata/server.py"))
	})
	if python.err != nil {
		t.Fatal(python.err)
	}
	return python.url
}

// servePython starts the service and gives its address; it ends with our end of its input.
func servePython(cmd *exec.Cmd) (string, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	stopPython = func() {
		_ = in.Close()
		_ = cmd.Wait()
	}
	port, err := bufio.NewReader(out).ReadString('\n')
	return "http://127.0.0.1:" + strings.TrimSpace(port), err
}

var stopPython = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	stopPython()
	os.Exit(code)
}

// build makes a model and fails the test when it cannot.
func build(t *testing.T, d target.Draft) *scanner.Model {
	t.Helper()
	m, err := target.Build(&d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// reach makes a target that knows one secret.
func reach(t *testing.T, m *scanner.Model, o target.Options) *target.Target {
	t.Helper()
	if o.Secret == nil {
		o.Secret = func(context.Context, string) (string, error) { return "secret-key-1", nil }
	}
	if o.Patience == 0 {
		o.Patience = 20 * time.Second
	}
	made, err := target.New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	return made
}

// openAIAt is a model that speaks OpenAI's chat at a path of a service.
func openAIAt(t *testing.T, url string) *scanner.Model {
	t.Helper()
	m := build(t, target.Draft{Provider: "openai", URL: "https://a.example", Model: "m", Secret: "env:KEY"})
	m.URL = url
	return m
}

// withCertificate serves HTTPS with a certificate of these names and dates, and gives its address and who signed it.
func withCertificate(t *testing.T, from, to time.Time, ips []net.IP, names ...string) (string, *x509.CertPool) {
	t.Helper()
	leaf, roots := certificate(t, from, to, ips, names...)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"answer": "Paris is the capital."}`))
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, roots
}
