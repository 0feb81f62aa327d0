package app

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// PortOwner names the process that listens on a TCP port of this machine, as far as /proc tells this account: "" and 0
// when it does not.
func PortOwner(port int) (name string, pid int) {
	links := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(table)
		if err != nil {
			continue
		}
		for _, inode := range listeners(f, port) {
			links["socket:["+inode+"]"] = true
		}
		f.Close()
	}
	if len(links) == 0 {
		return "", 0
	}
	files, _ := filepath.Glob("/proc/[0-9]*/fd/*") // processes of other accounts are not listed
	for _, file := range files {
		if to, err := os.Readlink(file); err != nil || !links[to] {
			continue
		}
		pid, _ = strconv.Atoi(strings.Split(file, "/")[2])
		comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		if err != nil {
			continue
		}
		return strings.TrimSpace(string(comm)), pid
	}
	return "", 0
}

// listeners gives the inodes of the sockets that listen on a port, from a table of the kernel.
func listeners(table io.Reader, port int) (inodes []string) {
	const listening, local, state, inode = "0A", 1, 3, 9
	lines := bufio.NewScanner(table)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) > inode && words[state] == listening && strings.HasSuffix(words[local], fmt.Sprintf(":%04X", port)) {
			inodes = append(inodes, words[inode])
		}
	}
	return inodes
}
