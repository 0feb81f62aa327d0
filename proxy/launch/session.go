package launch

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// Trust is what a program needs to accept the certificates of the proxy. The Authority of proxy/ca is one.
type Trust interface {
	// PEM is the root certificate alone.
	PEM() []byte
	// Bundle is the roots of the system and ours, as PEM.
	Bundle() ([]byte, error)
	// TrustStore is the same as PKCS#12 for Java.
	TrustStore(password string) ([]byte, error)
	// SPKI is the base64 of the SHA-256 of the root's public key.
	SPKI() string
}

// Session is one proxy as started programs see it.
type Session struct {
	// Proxy is where the proxy listens, as host:port.
	Proxy string
	// Trust is the authority the proxy signs with.
	Trust Trust
	// Dir is a folder of this session's own, made if it is missing. Certificates, shims and browser profiles are put
	// there; it must stay until the last program started with it has ended, and may then be deleted.
	Dir string
	// Base is the environment to start from, as os.Environ gives it, which is used if Base is nil.
	Base []string
}

// open checks the session and makes its folder.
func (s Session) open() (Session, error) {
	if s.Trust == nil || s.Dir == "" {
		return s, errors.New("launch: a session needs a certificate authority and a folder")
	}
	if _, _, err := net.SplitHostPort(s.Proxy); err != nil {
		return s, fmt.Errorf("launch: %q is no host:port of a proxy: %w", s.Proxy, err)
	}
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return s, fmt.Errorf("find the folder of the session: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return s, fmt.Errorf("make the folder of the session: %w", err)
	}
	s.Dir = dir
	if s.Base == nil {
		s.Base = os.Environ()
	}
	return s, nil
}

func (s Session) path(parts ...string) string {
	return filepath.Join(append([]string{s.Dir}, parts...)...)
}
