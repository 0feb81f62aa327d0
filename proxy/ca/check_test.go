package ca_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"assay/proxy/ca"
)

// answerCheck is a proxy that answers the reserved host as the real one does, with this status.
func answerCheck(t *testing.T, authority *ca.Authority, status string) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() {
				defer func() { _ = conn.Close() }()
				request, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil || request.Host != ca.CheckHost+":443" {
					return
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
				inside := tls.Server(conn, &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
					return authority.Leaf(hello.ServerName)
				}})
				if _, err := http.ReadRequest(bufio.NewReader(inside)); err != nil {
					return
				}
				_, _ = io.WriteString(inside, "HTTP/1.1 "+status+"\r\nContent-Length: 6\r\n\r\nassay\n")
				_ = inside.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		group.Wait()
	})
	return listener.Addr().String()
}

func TestCheck(t *testing.T) { // not parallel: it sets the environment
	if runtime.GOOS != "linux" {
		t.Skip("NOT RUN: SSL_CERT_FILE stands for the system's roots on Linux alone")
	}
	authority, other := load(t), load(t)
	t.Setenv("HOME", t.TempDir())
	bundle, err := authority.Bundle()
	must(t, err)
	trusting := filepath.Join(t.TempDir(), "bundle.pem")
	must(t, os.WriteFile(trusting, bundle, 0o600))
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, silent.Close())

	for _, row := range []struct {
		name, addr, roots       string
		answered, ours, trusted bool
		problem                 string
	}{
		{"trusted", answerCheck(t, authority, "200 OK"), trusting, true, true, true, ""},
		{"not trusted", answerCheck(t, authority, "200 OK"), "", true, true, false, "trust the root certificate first"},
		{"another authority", answerCheck(t, other, "200 OK"), "", false, false, false, "signs with another authority"},
		{"a proxy that does not know the host", answerCheck(t, authority, "502 Bad Gateway"), trusting, false, false, false, "502 Bad Gateway"},
		{"no proxy", silent.Addr().String(), "", false, false, false, "see that it runs"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Setenv("SSL_CERT_FILE", row.roots)
			report, err := authority.Check(t.Context(), row.addr)
			must(t, err)
			if report.Answered != row.answered || report.Ours != row.ours || report.Trusted != row.trusted {
				t.Errorf("the report says %+v", report)
			}
			if (row.problem == "") != (report.Problem == "") || !strings.Contains(report.Problem, row.problem) {
				t.Errorf("the problem is %q, want %q", report.Problem, row.problem)
			}
			if len(report.Stores) == 0 {
				t.Error("no trust store was asked")
			}
		})
	}
}
