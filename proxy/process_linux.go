package proxy

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// finder finds the program behind a socket: the kernel gives the socket's inode by its addresses, /proc the process
// that holds it. Programs that were found before are asked first, because clients open many connections.
type finder struct {
	recent []int // process ids, latest first
}

func (f *finder) find(client, port netip.AddrPort) *process {
	inode, err := socketInode(client, port)
	if err != nil {
		return nil
	}
	link := fmt.Sprintf("socket:[%d]", inode)
	for _, pid := range f.recent {
		if holds(pid, link) {
			return f.found(pid)
		}
	}
	for _, pid := range running() {
		if holds(pid, link) {
			return f.found(pid)
		}
	}
	return nil
}

// running lists the processes, those with the highest numbers first: who sends one quick request has just been started.
func running() []int {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1)
	pids := make([]int, 0, len(names))
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	slices.SortFunc(pids, func(a, b int) int { return b - a })
	return pids
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
