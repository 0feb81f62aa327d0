package keyring

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

const (
	secretsFile = "secrets.bin"
	keyFile     = "secrets.key"
	lockFile    = "secrets.lock"
	// maxSecrets bounds what is read of a damaged or foreign file.
	maxSecrets = 16 << 20
)

// The file is: magic, one byte for the way its key is made, 16 bytes of salt, 24 bytes of nonce, sealed JSON. All
// before the nonce is authenticated with the JSON.
const (
	magic      = "assay-secrets\x001"
	byKeyFile  = 'k'
	byPhrase   = 'p'
	saltSize   = 16
	headerSize = len(magic) + 1 + saltSize
)

// fileKeyring keeps all secrets in one encrypted file. It is read anew at every call, since other processes write too.
type fileKeyring struct {
	dir    string
	phrase string
	why    string

	mu      sync.Mutex
	salt    []byte
	derived []byte // of salt and phrase: 64 MiB and a tenth of a second each time would be too much
}

func openFile(dir, phrase string) (*fileKeyring, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	k := &fileKeyring{dir: dir, phrase: phrase}
	unlock, err := lock(context.Background(), filepath.Join(dir, lockFile))
	if err != nil {
		return nil, err
	}
	_, err = k.read()
	return k, errors.Join(err, unlock())
}

// Get reads one secret.
func (k *fileKeyring) Get(ctx context.Context, name string) (secret []byte, err error) {
	err = k.locked(ctx, func() error {
		secrets, err := k.read()
		if err != nil {
			return err
		}
		found, ok := secrets[name]
		if !ok {
			return fmt.Errorf("%s has no %q: %w", filepath.Join(k.dir, secretsFile), name, ErrNotFound)
		}
		secret = found
		return nil
	})
	return secret, err
}

// Set writes one secret.
func (k *fileKeyring) Set(ctx context.Context, name string, secret []byte) error {
	return k.locked(ctx, func() error {
		secrets, err := k.read()
		if err != nil {
			return err
		}
		secrets[name] = append([]byte{}, secret...)
		return k.write(secrets)
	})
}

// Delete forgets one secret.
func (k *fileKeyring) Delete(ctx context.Context, name string) error {
	return k.locked(ctx, func() error {
		secrets, err := k.read()
		if err != nil {
			return err
		}
		if _, ok := secrets[name]; !ok {
			return nil
		}
		delete(secrets, name)
		return k.write(secrets)
	})
}

// Backend names the file, what protects it, and why it is not the keychain.
func (k *fileKeyring) Backend() string {
	by := "a key file beside it"
	if k.phrase != "" {
		by = "a passphrase"
	}
	return fmt.Sprintf("the file %s, encrypted under %s (%s)", filepath.Join(k.dir, secretsFile), by, k.why)
}

func (k *fileKeyring) locked(ctx context.Context, do func() error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	unlock, err := lock(ctx, filepath.Join(k.dir, lockFile))
	if err != nil {
		return err
	}
	return errors.Join(do(), unlock())
}

func (k *fileKeyring) read() (map[string][]byte, error) {
	path := filepath.Join(k.dir, secretsFile)
	raw, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string][]byte{}, nil
	}
	if err != nil {
		return nil, err
	}
	const minimum = chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead
	if len(raw) < headerSize+minimum || !bytes.HasPrefix(raw, []byte(magic)) {
		return nil, fmt.Errorf("%s is damaged or no file of secrets: restore it from a copy, or delete it and enter the secrets again", path)
	}
	header, nonce, sealed := raw[:headerSize], raw[headerSize:headerSize+chacha20poly1305.NonceSizeX], raw[headerSize+chacha20poly1305.NonceSizeX:]
	aead, err := k.aead(header[len(magic)], header[len(magic)+1:])
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nonce, sealed, header)
	if err != nil {
		return nil, k.sealedError(path)
	}
	secrets := map[string][]byte{}
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return nil, fmt.Errorf("%s holds no secrets: %w", path, err)
	}
	return secrets, nil
}

func (k *fileKeyring) sealedError(path string) error {
	if k.phrase != "" {
		return fmt.Errorf("%s cannot be opened with the passphrase given (%s): %w", path, PassphraseVariable, ErrPassphrase)
	}
	return fmt.Errorf("%s cannot be opened with the key in %s: one of the two was changed; restore both from a copy, or delete both and enter the secrets again",
		path, filepath.Join(k.dir, keyFile))
}

func (k *fileKeyring) write(secrets map[string][]byte) error {
	plain, err := json.Marshal(secrets)
	if err != nil {
		return fmt.Errorf("encode the secrets: %w", err)
	}
	header := append([]byte(magic), byKeyFile)
	salt := make([]byte, saltSize)
	if k.phrase != "" {
		header[len(magic)] = byPhrase
		if k.salt != nil {
			copy(salt, k.salt) // one salt per file: the key is derived once per process
		} else if _, err := rand.Read(salt); err != nil {
			return fmt.Errorf("draw a salt: %w", err)
		}
	}
	header = append(header, salt...)
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	if _, err := rand.Read(nonce); err != nil {
		return fmt.Errorf("draw a nonce: %w", err)
	}
	aead, err := k.aead(header[len(magic)], salt)
	if err != nil {
		return err
	}
	sealed := aead.Seal(append(bytes.Clone(header), nonce...), nonce, plain, header)
	return replace(filepath.Join(k.dir, secretsFile), sealed)
}

// aead makes the cipher for a file whose header names the way of its key.
func (k *fileKeyring) aead(way byte, salt []byte) (cipher.AEAD, error) {
	switch {
	case way == byPhrase && k.phrase == "":
		return nil, fmt.Errorf("the secrets are under a passphrase: set %s: %w", PassphraseVariable, ErrPassphrase)
	case way == byKeyFile && k.phrase != "":
		return nil, fmt.Errorf("the secrets are under a key file, not under a passphrase: unset %s, or delete %s and enter the secrets again: %w",
			PassphraseVariable, filepath.Join(k.dir, secretsFile), ErrPassphrase)
	case way == byPhrase:
		if k.derived == nil || !bytes.Equal(k.salt, salt) {
			// The second recommendation of RFC 9106, section 4.
			k.derived = argon2.IDKey([]byte(k.phrase), salt, 3, 64*1024, 4, chacha20poly1305.KeySize)
			k.salt = bytes.Clone(salt)
		}
		return chacha20poly1305.NewX(k.derived)
	case way == byKeyFile:
		key, err := k.keyOfFile()
		if err != nil {
			return nil, err
		}
		return chacha20poly1305.NewX(key)
	}
	return nil, fmt.Errorf("%s was written by a newer version of this program", filepath.Join(k.dir, secretsFile))
}

func (k *fileKeyring) keyOfFile() ([]byte, error) {
	path := filepath.Join(k.dir, keyFile)
	key, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(k.dir, secretsFile)); err == nil {
			return nil, fmt.Errorf("the key file %s is missing: restore it from a copy, or delete %s and enter the secrets again", path, secretsFile)
		}
		key = make([]byte, chacha20poly1305.KeySize)
		if _, err := rand.Read(key); err != nil {
			return nil, fmt.Errorf("draw a key: %w", err)
		}
		return key, replace(path, key)
	}
	if err != nil {
		return nil, err
	}
	if len(key) != chacha20poly1305.KeySize {
		return nil, fmt.Errorf("the key file %s is damaged: it has %d bytes instead of %d", path, len(key), chacha20poly1305.KeySize)
	}
	return key, nil
}

// readPrivate refuses a file that other users can read. Windows keeps access lists instead.
func readPrivate(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by other users (mode %04o): run `chmod 600 %s`, and replace the secrets if others use this computer",
			path, info.Mode().Perm(), path)
	}
	return io.ReadAll(io.LimitReader(file, maxSecrets))
}

// replace writes beside and renames, so that a reader or a crash sees the old content or the new.
func replace(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".secrets-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}
