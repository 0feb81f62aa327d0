package app

import (
	"os"
	"time"

	"assay/proxy/ca"
)

// CAInfo says which certificate authority this installation has.
type CAInfo struct {
	Path        string `json:"path"`
	Fingerprint string `json:"sha256"`
	SPKI        string `json:"spki"`
	Expires     string `json:"expires"`
}

// CA returns facts about the certificate authority, making it at first use.
func (a *App) CA() (CAInfo, error) {
	authority, err := a.authority()
	if err != nil {
		return CAInfo{}, err
	}
	return CAInfo{
		Path: authority.Path(), Fingerprint: authority.Fingerprint(), SPKI: authority.SPKI(),
		Expires: authority.Certificate().NotAfter.UTC().Format(time.DateOnly),
	}, nil
}

// CertificateForm is a file format of the root certificate.
type CertificateForm string

// The formats ExportCA writes.
const (
	PEM CertificateForm = "pem"
	DER CertificateForm = "der"
	P12 CertificateForm = "p12"
)

// ExportCA writes the root certificate, never its key.
func (a *App) ExportCA(file string, form CertificateForm) error {
	authority, err := a.authority()
	if err != nil {
		return err
	}
	data := authority.PEM()
	switch form {
	case DER:
		data = authority.DER()
	case P12:
		if data, err = authority.P12(ca.TrustStorePassword); err != nil {
			return err
		}
	case PEM:
	}
	if err := os.WriteFile(file, data, 0o644); err != nil { //nolint:gosec // a certificate is public
		return &Error{Code: CodeFailed, Message: "cannot write " + file, Err: err}
	}
	return nil
}
