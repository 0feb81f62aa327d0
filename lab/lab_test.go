package lab_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"assay/lab"
)

// open starts a lab without delays and returns its root URL.
func open(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(server.Close)
	return server.URL
}

// start starts a lab without TLS that ends with the context and the test, and returns its root URL.
func start(ctx context.Context, t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(ctx)
	server, err := lab.New(lab.Options{}).Start(ctx, "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		if err := server.Wait(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	return server.URL()
}

// send makes a request with the headers given as name, value, ... and returns the answer with its whole body.
func send(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(answer)
}

// object decodes a JSON object.
func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var decoded map[string]any
	if err := json.Unmarshal([]byte(text), &decoded); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return decoded
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStart(t *testing.T) {
	t.Parallel()
	for _, withTLS := range []bool{false, true} {
		certificate, err := lab.SelfSigned(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		server, err := lab.New(lab.Options{Certificate: &certificate}).Start(ctx, "127.0.0.1:0", withTLS)
		if err != nil {
			t.Fatal(err)
		}
		trusted := x509.NewCertPool()
		trusted.AddCert(certificate.Leaf)
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.TLSClientConfig.RootCAs = trusted
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+"/v1/models", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("TLS %v: status %d", withTLS, response.StatusCode)
		}
		if want := map[bool]int{false: 1, true: 2}[withTLS]; response.ProtoMajor != want {
			t.Errorf("TLS %v: spoke HTTP/%d, want %d", withTLS, response.ProtoMajor, want)
		}
		transport.CloseIdleConnections()
		stop()
		if err := server.Wait(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	}
}
