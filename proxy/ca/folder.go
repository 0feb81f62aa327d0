package ca

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

const (
	keyFile  = "ca-key.pem" // certificate and key together, so that one atomic step makes both
	certFile = "ca.pem"     // the certificate alone, for people and other programs
	// maxFile is far above what a key and a certificate need (about 1.2 kB) and keeps a wrong file out of memory.
	maxFile = 1 << 16
)

func openRoot(dir string) (*x509.Certificate, crypto.Signer, error) {
	if err := openFolder(dir); err != nil {
		return nil, nil, err
	}
	path := filepath.Join(dir, keyFile)
	cert, key, err := readRoot(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createRoot(dir); err == nil {
			cert, key, err = readRoot(path)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	if err := publishCertificate(dir, cert); err != nil {
		return nil, nil, err
	}
	return cert, key, nil
}

// openFolder makes the folder for its owner alone. One that others may write to is closed, as they could put their own
// key there.
func openFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of the certificate authority: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("open the folder of the certificate authority: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		if err := os.Chmod(dir, 0o700); err != nil {
			return fmt.Errorf("other users may write to %s and could replace the key: give that folder mode 0700: %w", dir, err)
		}
	}
	return nil
}

func readRoot(path string) (*x509.Certificate, crypto.Signer, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open the key of the certificate authority: %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("open the key of the certificate authority: %w", err)
	}
	// Windows keeps access lists instead; the profile folder there belongs to its user alone.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, nil, fmt.Errorf("the key %s can be read by other users (mode %04o), who could then read this computer's TLS traffic: "+
			"run `chmod 600 %s`, or delete the file to get a new authority if others use this computer", path, info.Mode().Perm(), path)
	}
	raw, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	cert, key, err := parseRoot(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("the certificate authority in %s is damaged (%w): restore the file from a copy, or delete it to get a new authority, which must be trusted again", path, err)
	}
	return cert, key, nil
}

func parseRoot(raw []byte) (*x509.Certificate, crypto.Signer, error) {
	if len(raw) > maxFile {
		return nil, nil, fmt.Errorf("it is longer than %d bytes", maxFile)
	}
	var cert *x509.Certificate
	var key crypto.Signer
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "CERTIFICATE":
			parsed, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, nil, err
			}
			cert = parsed
		case "PRIVATE KEY":
			parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, nil, err
			}
			signer, ok := parsed.(crypto.Signer)
			if !ok {
				return nil, nil, fmt.Errorf("a key of type %T cannot sign", parsed)
			}
			key = signer
		}
	}
	if cert == nil || key == nil {
		return nil, nil, errors.New("it does not hold both a certificate and a key")
	}
	return cert, key, checkRoot(cert, key)
}

// createRoot makes the key file in one step that fails if another process was quicker, whose key then stands.
func createRoot(dir string) error {
	cert, key, err := makeRoot()
	if err != nil {
		return err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode the root key: %w", err)
	}
	var buf bytes.Buffer
	buf.Write(certificatePEM(cert.Raw))
	buf.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	temp, err := writeTemp(dir, buf.Bytes(), 0o600)
	if err != nil {
		return fmt.Errorf("write the key of the certificate authority: %w", err)
	}
	defer func() { _ = os.Remove(temp) }()
	path := filepath.Join(dir, keyFile)
	err = os.Link(temp, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = createExclusive(path, buf.Bytes()) // a file system without hard links
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write the key of the certificate authority: %w", err)
	}
	return nil
}

func createExclusive(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// publishCertificate keeps ca.pem equal to the certificate beside the key.
func publishCertificate(dir string, cert *x509.Certificate) error {
	path := filepath.Join(dir, certFile)
	want := certificatePEM(cert.Raw)
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, want) {
		return nil
	}
	temp, err := writeTemp(dir, want, 0o644)
	if err != nil {
		return fmt.Errorf("write the root certificate: %w", err)
	}
	if err := os.Rename(temp, path); err != nil {
		_ = os.Remove(temp)
		return fmt.Errorf("write the root certificate: %w", err)
	}
	return nil
}

func writeTemp(dir string, content []byte, mode fs.FileMode) (string, error) {
	file, err := os.CreateTemp(dir, ".ca-*") // made with mode 0600
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	if err == nil && mode != 0o600 {
		err = file.Chmod(mode)
	}
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}

func certificatePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
