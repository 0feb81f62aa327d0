package ca

import (
	"crypto/x509"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// platformRoots lists the ROOT store. Windows fetches roots when they are first needed, so the list may be shorter
// than what the system would trust.
func platformRoots() ([]*x509.Certificate, error) {
	name, err := windows.UTF16PtrFromString("ROOT")
	if err != nil {
		return nil, err
	}
	store, err := windows.CertOpenSystemStore(0, name)
	if err != nil {
		return nil, fmt.Errorf("open the ROOT store: %w", err)
	}
	defer func() { _ = windows.CertCloseStore(store, 0) }()
	var certs []*x509.Certificate
	var current *windows.CertContext
	for {
		current, err = windows.CertEnumCertificatesInStore(store, current)
		if err != nil || current == nil {
			return certs, nil // the end of the list is reported as an error
		}
		der := append([]byte(nil), unsafe.Slice(current.EncodedCert, current.Length)...)
		if cert, err := x509.ParseCertificate(der); err == nil {
			certs = append(certs, cert)
		}
	}
}

// systemPool is nil: the platform's own verifier decides.
func systemPool() (*x509.CertPool, error) { return nil, nil }
