package ca

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
)

// maxBundle bounds what is read as the roots of the system; today's bundles have about 220 kB.
const maxBundle = 16 << 20

// Bundle is one PEM text with the roots this system trusts and ours at the end, for programs whose setting replaces
// their store (SSL_CERT_FILE and the like). A file named by SSL_CERT_FILE stands for the system's roots, as it does for
// every OpenSSL program. Where the system's roots cannot be found the bundle holds ours alone.
func (a *Authority) Bundle() ([]byte, error) {
	roots, err := systemRoots()
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	for _, cert := range roots {
		if cert.Equal(a.root) {
			continue
		}
		buf.Write(certificatePEM(cert.Raw))
	}
	buf.Write(a.PEM())
	return buf.Bytes(), nil
}

func systemRoots() ([]*x509.Certificate, error) {
	if path := os.Getenv("SSL_CERT_FILE"); path != "" {
		certs, err := readCertificates(path)
		if err != nil {
			return nil, fmt.Errorf("read the roots that SSL_CERT_FILE names: %w", err)
		}
		return certs, nil
	}
	return platformRoots()
}

func readCertificates(path string) ([]*x509.Certificate, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, maxBundle))
	if err != nil {
		return nil, err
	}
	return parseCertificates(raw), nil
}

// parseCertificates passes over what is no certificate and what Go cannot read, as OpenSSL does, and over repeats.
func parseCertificates(raw []byte) []*x509.Certificate {
	var certs []*x509.Certificate
	seen := make(map[string]bool)
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" || seen[string(block.Bytes)] {
			continue
		}
		seen[string(block.Bytes)] = true
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
			certs = append(certs, cert)
		}
	}
	return certs
}
