package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Service is the name under which the keychain of the operating system lists our secrets.
const Service = "assay"

// PassphraseVariable is the environment variable whose value, when set, protects the encrypted file instead of a key
// file beside it.
const PassphraseVariable = "ASSAY_PASSPHRASE"

// ErrNotFound says that there is no secret of that name.
var ErrNotFound = errors.New("no secret of that name")

// ErrPassphrase says that the encrypted file was made with another passphrase, or was changed by somebody else.
var ErrPassphrase = errors.New("wrong passphrase, or the file was changed")

// Keyring keeps secrets by name. It is safe for concurrent use, also by several processes.
type Keyring interface {
	// Get gives the secret, or an error that wraps [ErrNotFound].
	Get(ctx context.Context, name string) ([]byte, error)
	// Set keeps a secret in place of the one that had the name.
	Set(ctx context.Context, name string, secret []byte) error
	// Delete forgets a secret. It is no error if there is none.
	Delete(ctx context.Context, name string) error
	// Backend says in words where the secrets are.
	Backend() string
}

// Options choose where secrets are kept. The zero value asks the keychain first and takes the file if it does not
// answer.
type Options struct {
	// FileOnly leaves the keychain of the operating system alone.
	FileOnly bool
	// Passphrase protects the file. Empty means a random key in a file of its own, which protects copies of the
	// encrypted file but not against somebody who reads the whole folder.
	Passphrase string
	// Patience is how long the keychain may take to answer the first question, 3 seconds if zero. A locked keychain
	// may ask its person for a password meanwhile.
	Patience time.Duration
}

// Open gives the keychain of the operating system if it works, and otherwise a file in dir that is encrypted with
// XChaCha20-Poly1305. Whether the keychain works is tried once, by writing, reading and deleting a probe.
func Open(ctx context.Context, dir string, options Options) (Keyring, error) {
	if options.Patience <= 0 {
		options.Patience = 3 * time.Second
	}
	why := "the keychain was not asked"
	if !options.FileOnly {
		err := probe(ctx, options.Patience)
		if err == nil {
			return withOlder(dir, options.Passphrase), nil
		}
		why = err.Error()
	}
	file, err := openFile(dir, options.Passphrase)
	if err != nil {
		return nil, fmt.Errorf("open the secrets in %s: %w", dir, err)
	}
	file.why = why
	return file, nil
}

// withOlder gives the keychain, and behind it the file of a time when there was none, if it can be opened.
func withOlder(dir, phrase string) Keyring {
	if _, err := os.Stat(filepath.Join(dir, secretsFile)); err != nil {
		return systemKeyring{}
	}
	file, err := openFile(dir, phrase)
	if err != nil {
		return systemKeyring{}
	}
	return &layered{systemKeyring{}, file}
}

// layered writes to the keychain and finds in the file what the keychain does not have.
type layered struct {
	Keyring
	older *fileKeyring
}

// Get asks the keychain first.
func (l *layered) Get(ctx context.Context, name string) ([]byte, error) {
	secret, err := l.Keyring.Get(ctx, name)
	if !errors.Is(err, ErrNotFound) {
		return secret, err
	}
	return l.older.Get(ctx, name)
}

// Delete forgets in both.
func (l *layered) Delete(ctx context.Context, name string) error {
	return errors.Join(l.Keyring.Delete(ctx, name), l.older.Delete(ctx, name))
}
