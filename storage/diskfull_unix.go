//go:build unix

package storage

import (
	"errors"

	"golang.org/x/sys/unix"
)

// errQuota is how a file system says that a person's share is used up.
const errQuota = unix.EDQUOT

func readOnlyDisk(err error) bool { return errors.Is(err, unix.EROFS) || readOnlySQLite(err) }
