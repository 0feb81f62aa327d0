//go:build unix && !darwin

package ca

import "crypto/x509"

// rootFiles are where the distributions keep their bundle, in the order crypto/x509 looks.
var rootFiles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian, Ubuntu, Gentoo, Arch
	"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL 6
	"/etc/ssl/ca-bundle.pem",                            // openSUSE
	"/etc/pki/tls/cacert.pem",                           // OpenELEC
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS, RHEL 7
	"/etc/ssl/cert.pem",                                 // Alpine, BSD
}

func platformRoots() ([]*x509.Certificate, error) {
	for _, path := range rootFiles {
		if certs, err := readCertificates(path); err == nil && len(certs) > 0 {
			return certs, nil
		}
	}
	return nil, nil
}

// systemPool is read anew each time: crypto/x509 keeps what it read first, and the store may have changed since.
func systemPool() (*x509.CertPool, error) {
	certs, err := systemRoots()
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	for _, cert := range certs {
		pool.AddCert(cert)
	}
	return pool, nil
}
