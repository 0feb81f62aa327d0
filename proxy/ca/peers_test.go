package ca_test

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/proxy/ca"
)

// need skips, loudly, a test whose program is not installed. build/setup.sh installs them all, and CI runs it.
func need(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("NOT RUN: %s is not installed; build/setup.sh installs it", name)
	}
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestOpenSSL(t *testing.T) {
	t.Parallel()
	need(t, "openssl")
	authority := load(t)
	for _, row := range []struct{ name, option string }{
		{"api.example", "-verify_hostname"},
		{"10.1.2.3", "-verify_ip"},
		{"2001:db8::7", "-verify_ip"},
	} {
		leaf, err := authority.Leaf(row.name)
		must(t, err)
		file := filepath.Join(t.TempDir(), "leaf.pem")
		must(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Certificate[0]}), 0o600))
		run(t, "openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority.Path(), row.option, row.name, file)
	}
	hash, err := authority.SubjectHash()
	must(t, err)
	if want := run(t, "openssl", "x509", "-noout", "-subject_hash", "-in", authority.Path()) + ".0"; hash != want {
		t.Errorf("SubjectHash is %s, OpenSSL says %s", hash, want)
	}
	if want := run(t, "openssl", "x509", "-noout", "-subject_hash_old", "-in", authority.Path()) + ".0"; authority.AndroidName() != want {
		t.Errorf("AndroidName is %s, OpenSSL says %s", authority.AndroidName(), want)
	}
	if got := run(t, "openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", authority.Path()); !strings.HasSuffix(got, "="+authority.Fingerprint()) {
		t.Errorf("Fingerprint is %s, OpenSSL says %s", authority.Fingerprint(), got)
	}
	key, _ := pem.Decode([]byte(run(t, "openssl", "x509", "-noout", "-pubkey", "-in", authority.Path())))
	sum := sha256.Sum256(key.Bytes)
	if want := base64.StdEncoding.EncodeToString(sum[:]); authority.SPKI() != want {
		t.Errorf("SPKI is %s, OpenSSL says %s", authority.SPKI(), want)
	}
	der := filepath.Join(t.TempDir(), "ca.der")
	must(t, os.WriteFile(der, authority.DER(), 0o600))
	run(t, "openssl", "x509", "-inform", "DER", "-noout", "-in", der)

	folder := t.TempDir() // as SSL_CERT_DIR wants it
	must(t, os.WriteFile(filepath.Join(folder, hash), authority.PEM(), 0o600))
	leaf, err := authority.Leaf("folder.example")
	must(t, err)
	file := filepath.Join(t.TempDir(), "leaf.pem")
	must(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Certificate[0]}), 0o600))
	run(t, "openssl", "verify", "-no-CAfile", "-CApath", folder, file)
}

// TestClients connects programs with three different TLS libraries to a server with our leaves.
func TestClients(t *testing.T) {
	t.Parallel()
	authority := load(t)
	port := serveLeaves(t, authority)
	for _, host := range []string{"localhost", "127.0.0.1"} {
		url := "https://" + net.JoinHostPort(host, port) + "/"
		for _, row := range [][]string{
			{"curl", "-sS", "--noproxy", "*", "--cacert", authority.Path(), url},        // OpenSSL
			{"wget", "-qO-", "--no-proxy", "--ca-certificate=" + authority.Path(), url}, // GnuTLS
			{"openssl", "s_client", "-brief", "-verify_return_error", "-CAfile", authority.Path(), "-connect", net.JoinHostPort(host, port)},
		} {
			t.Run(row[0]+" "+host, func(t *testing.T) {
				t.Parallel()
				need(t, row[0])
				if got := run(t, row[0], row[1:]...); row[0] != "openssl" && got != "hello" {
					t.Errorf("it got %q", got)
				}
			})
		}
	}
}

func serveLeaves(t *testing.T, authority *ca.Authority) (port string) {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if hello.ServerName == "" {
			return authority.Leaf("127.0.0.1")
		}
		return authority.Leaf(hello.ServerName)
	}})
	must(t, err)
	server := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }),
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	_, port, err = net.SplitHostPort(listener.Addr().String())
	must(t, err)
	return port
}

func TestJavaTrustStore(t *testing.T) {
	t.Parallel()
	need(t, "keytool")
	authority := load(t)
	alone, err := authority.P12(ca.TrustStorePassword)
	must(t, err)
	whole, err := authority.TrustStore(ca.TrustStorePassword)
	must(t, err)
	bundle, err := authority.Bundle()
	must(t, err)
	for _, row := range []struct {
		name    string
		content []byte
		want    int
	}{{"ours", alone, 1}, {"all", whole, strings.Count(string(bundle), "BEGIN CERTIFICATE")}} {
		file := filepath.Join(t.TempDir(), row.name+".p12")
		must(t, os.WriteFile(file, row.content, 0o600))
		out := run(t, "keytool", "-list", "-storetype", "PKCS12", "-storepass", "changeit", "-keystore", file)
		if got := strings.Count(out, "trustedCertEntry"); got != row.want {
			t.Errorf("keytool lists %d roots in %s, want %d", got, row.name, row.want)
		}
		if !strings.Contains(out, authority.Fingerprint()) {
			t.Errorf("keytool does not list ours in %s", row.name)
		}
	}
}

func TestBundle(t *testing.T) { // not parallel: it sets the environment
	authority := load(t)
	base := filepath.Join(t.TempDir(), "base.pem")
	other := load(t)
	must(t, os.WriteFile(base, append(append([]byte("# a comment\n"), other.PEM()...), authority.PEM()...), 0o600))
	t.Setenv("SSL_CERT_FILE", base)
	bundle, err := authority.Bundle()
	must(t, err)
	if want := string(other.PEM()) + string(authority.PEM()); string(bundle) != want {
		t.Errorf("the bundle is not SSL_CERT_FILE and ours once:\n%s", bundle)
	}
	t.Setenv("SSL_CERT_FILE", filepath.Join(t.TempDir(), "missing"))
	if _, err := authority.Bundle(); err == nil || !strings.Contains(err.Error(), "SSL_CERT_FILE") {
		t.Errorf("for a missing SSL_CERT_FILE the error is %v", err)
	}
	t.Setenv("SSL_CERT_FILE", "")
	bundle, err = authority.Bundle()
	must(t, err)
	if n := strings.Count(string(bundle), "BEGIN CERTIFICATE"); n < 20 {
		t.Errorf("the bundle has %d roots only: those of the system were not found", n)
	}
}
