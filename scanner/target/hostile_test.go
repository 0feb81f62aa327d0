package target_test

import (
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"assay/scanner/target"
)

// hostile serves answers that are made to hurt whoever reads them, and counts the bytes that it got rid of.
type hostile struct{ sent atomic.Int64 }

func (h *hostile) write(w io.Writer, text string) bool {
	n, err := io.WriteString(w, text)
	h.sent.Add(int64(n))
	return err == nil
}

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	block := strings.Repeat(`{"choices":[{"message":{"content":"again and again"}}]} `, 1000)
	switch r.URL.Path {
	case "/gigabyte":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1073741824")
		for h.sent.Load() < 1<<30 && h.write(w, block) {
			continue
		}
	case "/endless":
		w.Header().Set("Content-Type", "text/event-stream")
		for h.write(w, "data: {\"choices\":[{\"delta\":{\"content\":\"more \"}}]}\n\n") {
			continue
		}
	case "/bomb":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 1 << 8 { // 16 MiB
			if !h.write(z, strings.Repeat(" ", 64<<10)) {
				return
			}
		}
		_ = z.Close()
	case "/drip":
		flusher, _ := w.(http.Flusher)
		w.Header().Set("Content-Type", "application/json")
		for h.write(w, " ") {
			flusher.Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	case "/loop":
		http.Redirect(w, r, "/loop?"+r.URL.RawQuery+"x", http.StatusTemporaryRedirect)
	case "/elsewhere":
		http.Redirect(w, r, "http://192.0.2.1/steal", http.StatusPermanentRedirect)
	case "/headers":
		for i := range 200_000 {
			w.Header().Set(fmt.Sprintf("X-%d", i), "aaaaaaaaaaaaaaaa")
		}
		_, _ = io.WriteString(w, "{}")
	case "/informational":
		for range 3000 {
			w.Header().Set("Link", strings.Repeat("a", 1000))
			w.WriteHeader(http.StatusEarlyHints)
		}
		_, _ = io.WriteString(w, "{}")
	case "/silent":
		<-r.Context().Done()
	}
}

// TestHostile reads answers that lie, never end, or are too large: each ends with its reason, soon, and little is read.
func TestHostile(t *testing.T) {
	t.Parallel()
	tests := map[string]target.Code{
		"/gigabyte": target.CodeTooLarge, "/endless": target.CodeTooLarge, "/bomb": target.CodeTooLarge, "/drip": target.CodeEndless, "/loop": target.CodeRedirect,
		"/elsewhere": target.CodeRedirect, "/headers": target.CodeTooLarge, "/informational": target.CodeTooLarge, "/silent": target.CodeTimeout,
	}
	for path, want := range tests {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			t.Parallel()
			h := &hostile{}
			server := httptest.NewUnstartedServer(h)
			server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			server.Start()
			defer server.Close()
			m := openAIAt(t, server.URL+path)
			patience := 15 * time.Second
			switch path {
			case "/silent":
				patience = 300 * time.Millisecond
			case "/drip": // its first byte must come in time, also on a busy machine
				patience = 3 * time.Second
			}
			const most = 1 << 20
			made := reach(t, m, target.Options{Patience: patience, Most: most})
			start := time.Now()
			a, err := made.Do(t.Context(), asCall(m, "", nil))
			f, ok := target.FailureOf(err)
			if !ok || f.Code != want {
				t.Fatalf("%+v, want %s", f, want)
			}
			if f.Error() == "" || f.Fix == "" || time.Since(start) > patience+10*time.Second {
				t.Errorf("%q, fix %q after %s", f.Error(), f.Fix, time.Since(start))
			}
			if a != nil && (len(a.Body) > most || cap(a.Body) > 8*most) {
				t.Errorf("%d bytes are kept in %d", len(a.Body), cap(a.Body))
			}
			made.Close()
			if path == "/gigabyte" && h.sent.Load() > 256<<20 {
				t.Errorf("%d bytes were read", h.sent.Load())
			}
		})
	}
}

// TestLiesAboutLength reads answers whose length is another than they say.
func TestLiesAboutLength(t *testing.T) {
	t.Parallel()
	const body = `{"choices":[{"message":{"role":"assistant","content":"Paris is it."}}]}`
	tests := map[string]struct {
		raw  string
		want target.Code
	}{
		"longer than said":  {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n" + body, target.CodeNotJSON},
		"shorter than said": {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n" + body, target.CodeCut},
		"two lengths":       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n" + body, target.CodeNotHTTP},
		"broken chunks":     {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + body, target.CodeCut},
		"negative":          {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + body, target.CodeNotHTTP},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go func() {
				for {
					c, err := listener.Accept()
					if err != nil {
						return
					}
					buffer := make([]byte, 64<<10)
					_, _ = c.Read(buffer)
					_, _ = io.WriteString(c, tt.raw)
					_ = c.Close()
				}
			}()
			m := openAIAt(t, "http://"+listener.Addr().String()+"/v1/chat/completions")
			_, err = reach(t, m, target.Options{Patience: 10 * time.Second}).Do(t.Context(), asCall(m, "", nil))
			if f, ok := target.FailureOf(err); !ok || f.Code != tt.want {
				t.Errorf("%+v, want %s", f, tt.want)
			}
		})
	}
}

// TestCertificateChanges meets a server that has another certificate later: it is refused with the reason.
func TestCertificateChanges(t *testing.T) {
	t.Parallel()
	now := time.Now()
	var changed atomic.Bool
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Connection", "close") // the next request shakes hands anew
		_, _ = io.WriteString(w, `{"choices":[{"message":{"role":"assistant","content":"Paris is it."},"finish_reason":"stop"}]}`)
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	first, roots := certificate(t, now.Add(-time.Hour), now.Add(time.Hour), []net.IP{net.IPv4(127, 0, 0, 1)})
	second, _ := certificate(t, now.Add(-time.Hour), now.Add(time.Hour), []net.IP{net.IPv4(127, 0, 0, 1)})
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		if changed.Load() {
			return &tls.Config{Certificates: []tls.Certificate{second}, MinVersion: tls.VersionTLS12}, nil
		}
		return &tls.Config{Certificates: []tls.Certificate{first}, MinVersion: tls.VersionTLS12}, nil
	}}
	server.StartTLS()
	defer server.Close()
	m := openAIAt(t, server.URL+"/v1/chat/completions")
	made := reach(t, m, target.Options{Roots: roots})
	if a, err := made.Do(t.Context(), asCall(m, "", nil)); err != nil || a.Text != "Paris is it." {
		t.Fatalf("%v %+v", err, a)
	}
	changed.Store(true)
	_, err := made.Do(t.Context(), asCall(m, "", nil))
	if f, ok := target.FailureOf(err); !ok || f.Code != target.CodeUnknownCA && f.Code != target.CodeTLS {
		t.Errorf("%+v", f)
	}
}

// certificate makes one that signs itself.
func certificate(t *testing.T, from, to time.Time, ips []net.IP, names ...string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: rand.Text()}, NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true,
		DNSNames: names, IPAddresses: ips, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, shape, shape, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}, roots
}

// TestAnswersOfEverySize reads answers around the sizes at which reading goes on in another piece, and around the most.
func TestAnswersOfEverySize(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	const body = `{"choices":[{"message":{"role":"assistant","content":"Paris is it."},"finish_reason":"stop"}]}`
	var size, chunked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		text := body + strings.Repeat(" ", int(size.Load())-len(body))
		if chunked.Load() == 0 {
			w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		}
		_, _ = io.WriteString(w, text)
	}))
	defer server.Close()
	m := openAIAt(t, server.URL+"/v1/chat/completions")
	made := reach(t, m, target.Options{Most: most})
	for _, n := range []int64{100, 4 << 10, 4<<10 + 1, 12 << 10, 12<<10 - 1, 124 << 10, most - 1, most, most + 1, 3 * most} {
		for c := range int64(2) {
			size.Store(n)
			chunked.Store(c)
			a, err := made.Do(t.Context(), asCall(m, "", nil))
			f, failed := target.FailureOf(err)
			switch {
			case n <= most && (err != nil || int64(len(a.Body)) != n || a.Text != "Paris is it."):
				t.Errorf("%d: %v, %d bytes", n, err, len(a.Body))
			case n > most && (!failed || f.Code != target.CodeTooLarge || len(a.Body) > 64<<10 || len(a.Body) < 32<<10):
				t.Errorf("%d: %+v, %d bytes", n, f, len(a.Body))
			}
		}
	}
}
