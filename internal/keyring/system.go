package keyring

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	keychain "github.com/zalando/go-keyring"
)

// systemKeyring keeps secrets in the keychain of the operating system, as base64 because those hold text.
type systemKeyring struct{}

func (systemKeyring) Get(_ context.Context, name string) ([]byte, error) {
	text, err := keychain.Get(Service, name)
	if errors.Is(err, keychain.ErrNotFound) {
		return nil, fmt.Errorf("the keychain has no %q: %w", name, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read %q from the keychain: %w", name, err)
	}
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the keychain's %q was not written by this program: %w", name, err)
	}
	return secret, nil
}

func (systemKeyring) Set(_ context.Context, name string, secret []byte) error {
	if err := keychain.Set(Service, name, base64.StdEncoding.EncodeToString(secret)); err != nil {
		return fmt.Errorf("write %q to the keychain: %w", name, err)
	}
	return nil
}

func (systemKeyring) Delete(_ context.Context, name string) error {
	err := keychain.Delete(Service, name)
	if err != nil && !errors.Is(err, keychain.ErrNotFound) {
		return fmt.Errorf("delete %q from the keychain: %w", name, err)
	}
	return nil
}

func (systemKeyring) Backend() string {
	switch runtime.GOOS {
	case "darwin":
		return "the macOS keychain"
	case "windows":
		return "the Windows credential manager"
	}
	return "the Secret Service of the desktop (GNOME Keyring, KWallet or alike)"
}

// probe writes, reads and deletes one secret. The keychain's calls cannot be cancelled, so a call that waits for a
// person who is not there is left behind when patience ends.
func probe(ctx context.Context, patience time.Duration) error {
	if runtime.GOOS != "darwin" && runtime.GOOS != "windows" && os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		// Without an address the bus library would start a bus of its own, with no keychain on it.
		return errors.New("this session has no D-Bus")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- tryOnce() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the keychain did not answer within %s", patience)
	}
}

func tryOnce() error {
	raw := make([]byte, 8)
	if _, err := rand.Read(raw); err != nil {
		return err
	}
	name := "probe-" + hex.EncodeToString(raw)
	if err := keychain.Set(Service, name, name); err != nil {
		return fmt.Errorf("the keychain does not work: %w", err)
	}
	got, err := keychain.Get(Service, name)
	if err := errors.Join(err, keychain.Delete(Service, name)); err != nil {
		return fmt.Errorf("the keychain does not work: %w", err)
	}
	if got != name {
		return errors.New("the keychain gave back something else than was written")
	}
	return nil
}
