package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"time"
)

// CheckHost is the reserved name that [Authority.Check] asks for. The proxy answers it itself, in scope or not, with
// status 200 and a body that starts with [CheckAnswer]. The .invalid domain never resolves (RFC 6761, section 6.4).
const CheckHost = "check.assay.invalid"

// CheckAnswer is what the body of the proxy's answer for [CheckHost] starts with.
const CheckAnswer = "assay"

const (
	rootLife = 10 * 365 * 24 * time.Hour
	backdate = 24 * time.Hour // clients whose clock is behind
)

// Authority is the certificate authority of one installation. It is safe for concurrent use.
type Authority struct {
	dir     string
	root    *x509.Certificate
	rootKey crypto.Signer
	leafKey *ecdsa.PrivateKey // one for all leaves of this process: a new key per name would cost more than the signature
	leafID  []byte
	leaves  *leafCache
}

// Load opens the authority kept in dir, or makes one there. The folder is made with mode 0700 and the key file with
// mode 0600; several processes may call Load at once and get the same authority. It is an error if the key can be read
// by other users, if the files are damaged or do not belong together, or if the root has expired; the error says what
// to do.
func Load(dir string) (*Authority, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the certificate authority: %w", err)
	}
	root, key, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	if left := time.Until(root.NotAfter); left <= 0 {
		return nil, fmt.Errorf("the root certificate in %s expired on %s: untrust it, move that folder away and start again to make a new one",
			dir, root.NotAfter.Format(time.DateOnly))
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of the leaf certificates: %w", err)
	}
	leafID, err := keyID(leafKey.Public())
	if err != nil {
		return nil, err
	}
	return &Authority{
		dir: dir, root: root, rootKey: key,
		leafKey: leafKey, leafID: leafID, leaves: newLeafCache(maxLeaves),
	}, nil
}

// Dir is the folder the authority is kept in, as an absolute path.
func (a *Authority) Dir() string { return a.dir }

// Path is the root certificate as a PEM file that anybody may read. It holds no key.
func (a *Authority) Path() string { return filepath.Join(a.dir, certFile) }

// Certificate is the root certificate. Do not change it.
func (a *Authority) Certificate() *x509.Certificate { return a.root }

// Pool holds the root alone, for a client that should trust the proxy and nothing else.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.root)
	return pool
}

// makeRoot mints a self-signed P-256 root. The name holds a piece of the key's digest, so that two installations never
// share a subject: verifiers look issuers up by subject, and NSS refuses one issuer and serial with two keys.
func makeRoot() (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make the root key: %w", err)
	}
	id, err := keyID(key.Public())
	if err != nil {
		return nil, nil, err
	}
	serial, err := newSerial()
	if err != nil {
		return nil, nil, err
	}
	now := time.Now().UTC()
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Organization: []string{"Assay"}, CommonName: "Assay CA " + hex.EncodeToString(id[:4])},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.Add(rootLife),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
		SubjectKeyId:          id,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, fmt.Errorf("sign the root certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, fmt.Errorf("read the new root certificate: %w", err)
	}
	return cert, key, nil
}

// checkRoot says whether a certificate and a key read from disk make a usable authority.
func checkRoot(cert *x509.Certificate, key crypto.Signer) error {
	pub, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	switch {
	case !ok || !pub.Equal(cert.PublicKey):
		return errors.New("the key does not belong to the certificate")
	case !cert.IsCA || cert.KeyUsage&x509.KeyUsageCertSign == 0:
		return errors.New("the certificate is not one of an authority")
	case len(cert.SubjectKeyId) == 0:
		return errors.New("the certificate has no subject key id")
	}
	return nil
}

// newSerial gives 16 random bytes as a positive number (RFC 5280, section 4.1.2.2 allows 20).
func newSerial() (*big.Int, error) {
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		return nil, fmt.Errorf("draw a serial number: %w", err)
	}
	raw[0] = raw[0]&0x7f | 0x40 // positive, and always 16 bytes long
	return new(big.Int).SetBytes(raw), nil
}

// keyID is the first 160 bits of the SHA-256 of the public key (RFC 7093, section 2, method 1).
func keyID(pub crypto.PublicKey) ([]byte, error) {
	key, ok := pub.(*ecdsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a key of type %T is not supported", pub)
	}
	point, err := key.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encode the public key: %w", err)
	}
	sum := sha256.Sum256(point)
	return sum[:20], nil
}
