//go:build !linux

package app

// PortOwner names the process that listens on a TCP port of this machine; this system is not asked.
func PortOwner(int) (name string, pid int) { return "", 0 }
