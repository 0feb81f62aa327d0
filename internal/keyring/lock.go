package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

const (
	lockPatience = 10 * time.Second
	lockPause    = 5 * time.Millisecond
)

// lock waits until no other process works on the secrets. The lock file stays: deleting it would let two processes
// hold locks on two files of one name.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	for {
		held, err := tryLock(file)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
		}
		if held {
			return file.Close, nil // closing gives the lock back
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("another process has kept %s locked for too long: %w", path, ctx.Err()), file.Close())
		case <-time.After(lockPause):
		}
	}
}
