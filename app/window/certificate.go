package window

// Certificate is the root certificate: trusting, checking and removing it.
type Certificate struct{ desk *Desk }

// CertificateOut is the state of the root certificate.
type CertificateOut struct{}

// State says which certificate there is and who trusts it.
func (c *Certificate) State(Nothing) (out CertificateOut, err error) {
	defer c.desk.guard(&err)
	return out, errSoon
}
