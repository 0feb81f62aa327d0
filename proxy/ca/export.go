package ca

import (
	"bytes"
	"crypto/md5"  // the file name Android wants is made of it; nothing is protected by it
	"crypto/sha1" // the file name OpenSSL wants is made of it; nothing is protected by it
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"software.sslmate.com/src/go-pkcs12"
)

// TrustStorePassword is the password Java expects of a trust store when nobody sets one. It protects nothing: a trust
// store holds no key.
const TrustStorePassword = pkcs12.DefaultPassword

// PEM is the root certificate as text.
func (a *Authority) PEM() []byte { return certificatePEM(a.root.Raw) }

// DER is the root certificate in binary form, as Android, iOS and Windows like it (.cer, .crt).
func (a *Authority) DER() []byte { return bytes.Clone(a.root.Raw) }

// P12 is a PKCS#12 trust store with the root alone, protected by password. It holds no private key.
func (a *Authority) P12(password string) ([]byte, error) {
	return trustStore([]*x509.Certificate{a.root}, password)
}

// TrustStore is a PKCS#12 trust store with the roots of the system and ours, for Java, where a trust store replaces the
// built-in one. Use [TrustStorePassword] unless the reader is told another.
func (a *Authority) TrustStore(password string) ([]byte, error) {
	bundle, err := a.Bundle()
	if err != nil {
		return nil, err
	}
	return trustStore(parseCertificates(bundle), password)
}

func trustStore(certs []*x509.Certificate, password string) ([]byte, error) {
	entries := make([]pkcs12.TrustStoreEntry, len(certs))
	for i, cert := range certs {
		// Two entries of one alias hide each other, and some roots share their subject.
		entries[i] = pkcs12.TrustStoreEntry{Cert: cert, FriendlyName: fmt.Sprintf("%04d %s", i, cert.Subject)}
	}
	// Modern2023 is what OpenSSL 3 and Java 8u301 and later read.
	store, err := pkcs12.Modern2023.EncodeTrustStoreEntries(entries, password)
	if err != nil {
		return nil, fmt.Errorf("make a trust store of %d certificates: %w", len(certs), err)
	}
	return store, nil
}

// Fingerprint is the SHA-256 of the root certificate in upper-case hex with colons, as browsers show it.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.root.Raw)
	return colons(sum[:])
}

// SHA1 is the SHA-1 of the root certificate in lower-case hex, by which Windows and macOS find a certificate.
func (a *Authority) SHA1() string {
	sum := sha1.Sum(a.root.Raw)
	return hex.EncodeToString(sum[:])
}

// SPKI is the base64 of the SHA-256 of the root's public key, as `--ignore-certificate-errors-spki-list` of Chromium
// and HTTP public key pins (RFC 7469) write it.
func (a *Authority) SPKI() string {
	sum := sha256.Sum256(a.root.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// SubjectHash is the name under which OpenSSL looks for the root in a folder (SSL_CERT_DIR, /etc/ssl/certs), with ".0"
// for the first certificate of that name. It equals `openssl x509 -subject_hash`.
func (a *Authority) SubjectHash() (string, error) {
	canonical, err := canonicalName(a.root.RawSubject)
	if err != nil {
		return "", err
	}
	sum := sha1.Sum(canonical)
	return fmt.Sprintf("%08x.0", binary.LittleEndian.Uint32(sum[:])), nil
}

// AndroidName is the name of the root's file in /system/etc/security/cacerts of Android. It equals
// `openssl x509 -subject_hash_old`.
func (a *Authority) AndroidName() string {
	sum := md5.Sum(a.root.RawSubject)
	return fmt.Sprintf("%08x.0", binary.LittleEndian.Uint32(sum[:]))
}

// canonicalName encodes a name as X509_NAME_canon of OpenSSL does: every value a UTF8String in lower case with single
// spaces, and no outer SEQUENCE.
func canonicalName(raw []byte) ([]byte, error) {
	var sets []asn1.RawValue
	if _, err := asn1.Unmarshal(raw, &sets); err != nil {
		return nil, fmt.Errorf("read the subject: %w", err)
	}
	type attribute struct {
		Type  asn1.ObjectIdentifier
		Value string `asn1:"utf8"`
	}
	var out []byte
	for _, set := range sets {
		var attributes []attribute
		if _, err := asn1.UnmarshalWithParams(set.FullBytes, &attributes, "set"); err != nil {
			return nil, fmt.Errorf("read the subject: %w", err)
		}
		for i := range attributes {
			attributes[i].Value = strings.ToLower(strings.Join(strings.Fields(attributes[i].Value), " "))
		}
		der, err := asn1.MarshalWithParams(attributes, "set")
		if err != nil {
			return nil, fmt.Errorf("encode the subject: %w", err)
		}
		out = append(out, der...)
	}
	return out, nil
}

func colons(raw []byte) string {
	parts := make([]string, len(raw))
	for i, b := range raw {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}
