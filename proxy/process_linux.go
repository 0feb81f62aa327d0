package proxy

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// finder finds the program behind a socket in /proc: the socket's inode by its addresses, then the process that holds
// it. Programs that were found before are asked first, because clients open many connections.
type finder struct {
	recent []int // process ids, latest first
}

func (f *finder) find(client, port netip.AddrPort) *process {
	inode := socketInode(client, port)
	if inode == "" {
		return nil
	}
	link := "socket:[" + inode + "]"
	for _, pid := range f.recent {
		if holds(pid, link) {
			return f.found(pid)
		}
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	for _, e := range slices.Backward(entries) { // the youngest have the highest numbers
		if pid, err := strconv.Atoi(e.Name()); err == nil && holds(pid, link) {
			return f.found(pid)
		}
	}
	return nil
}

func (f *finder) found(pid int) *process {
	f.recent = slices.DeleteFunc(f.recent, func(p int) bool { return p == pid })
	f.recent = slices.Insert(f.recent, 0, pid)
	f.recent = f.recent[:min(len(f.recent), 16)]
	p := &process{pid: pid}
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil {
		p.name = filepath.Base(strings.TrimSuffix(exe, " (deleted)"))
	} else if comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err == nil {
		p.name = strings.TrimSpace(string(comm))
	}
	return p
}

// holds reports whether a process has the file open.
func holds(pid int, link string) bool {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	d, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	for _, name := range names {
		if to, err := os.Readlink(dir + "/" + name); err == nil && to == link {
			return true
		}
	}
	return false
}

// socketInode finds the client's end of a connection in the kernel's table.
func socketInode(client, port netip.AddrPort) string {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(table)
		if err != nil {
			continue
		}
		inode := scanTable(bufio.NewScanner(f), kernelForm(client, table), kernelForm(port, table))
		_ = f.Close()
		if inode != "" {
			return inode
		}
	}
	return ""
}

func scanTable(lines *bufio.Scanner, local, remote string) string {
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) > 9 && fields[1] == local && fields[2] == remote {
			return fields[9]
		}
	}
	return ""
}

// kernelForm writes an address as /proc/net/tcp does: words of four bytes in the machine's order, in hex.
func kernelForm(a netip.AddrPort, table string) string {
	ip := a.Addr().Unmap().AsSlice()
	if strings.HasSuffix(table, "6") {
		long := a.Addr().As16()
		ip = long[:]
	}
	for i := 0; i+4 <= len(ip); i += 4 {
		slices.Reverse(ip[i : i+4])
	}
	return fmt.Sprintf("%s:%04X", strings.ToUpper(hex.EncodeToString(ip)), a.Port())
}
