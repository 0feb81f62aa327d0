package storage

import "golang.org/x/sys/windows"

// errQuota is how Windows says that a disk is full.
const errQuota = windows.ERROR_DISK_FULL

func readOnlyDisk(err error) bool { return readOnlySQLite(err) }
