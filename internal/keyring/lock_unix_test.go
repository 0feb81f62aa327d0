//go:build unix

package keyring_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestLocked waits for another holder of the lock, but no longer than its context.
func TestLocked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ring := open(t, dir, "")
	holder, err := os.OpenFile(filepath.Join(dir, "secrets.lock"), os.O_RDWR, 0)
	must(t, err)
	must(t, unix.Flock(int(holder.Fd()), unix.LOCK_EX))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := ring.Set(ctx, "key", []byte("value")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with the lock held elsewhere Set says %v", err)
	}
	must(t, holder.Close())
	must(t, ring.Set(t.Context(), "key", []byte("value")))
}
