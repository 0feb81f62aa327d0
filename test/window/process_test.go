package window

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a program that a test started and ends.
type process struct {
	cmd    *exec.Cmd
	mu     sync.Mutex
	said   bytes.Buffer // what it wrote to stderr, and to stdout where nobody reads that
	exited chan struct{}
	err    error // of its end; valid once exited is closed
}

// Write keeps what a program says, for the log of a test that fails.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *process) words() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// start runs a program in a process group of its own, which ends with the test.
func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, exited: make(chan struct{})}
	if cmd.Stdout == nil {
		cmd.Stdout = p
	}
	cmd.Stderr = p
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.exited)
		p.err = cmd.Wait()
	}()
	t.Cleanup(func() {
		p.end(10 * time.Second)
		if t.Failed() && p.words() != "" {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), p.words())
		}
	})
	return p
}

// end asks the program to end and, where it does not in time, ends its group.
func (p *process) end(patience time.Duration) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(patience):
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // whoever is left of its children
	<-p.exited
}

// firstLine starts a program and returns the first line it prints that accept takes.
func firstLine(t *testing.T, cmd *exec.Cmd, accept func(line string) bool) (*process, string) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = write
	p := start(t, cmd)
	write.Close()
	lines := make(chan string, 1)
	go func() {
		defer read.Close()
		defer close(lines)
		scan := bufio.NewScanner(read)
		for scan.Scan() {
			_, _ = fmt.Fprintln(p, scan.Text())
			if accept(scan.Text()) {
				select {
				case lines <- scan.Text():
				default:
				}
			}
		}
	}()
	select {
	case line, ok := <-lines:
		if ok {
			return p, line
		}
	case <-time.After(30 * time.Second):
	}
	t.Fatalf("%s did not start: %s", filepath.Base(cmd.Path), p.words())
	return nil, ""
}

// memory returns the proportional set size of a process and all its descendants, in bytes.
func memory(t *testing.T, pid int) (total int64) {
	t.Helper()
	children := map[int][]int{}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		after := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
		parent, _ := strconv.Atoi(after[1])
		children[parent] = append(children[parent], id)
	}
	for ids := []int{pid}; len(ids) > 0; {
		id := ids[0]
		ids = append(ids[1:], children[id]...)
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", id))
		if err != nil {
			continue
		}
		for line := range strings.SplitSeq(string(data), "\n") {
			if field := strings.Fields(line); len(field) > 1 && field[0] == "Pss:" {
				kib, _ := strconv.ParseInt(field[1], 10, 64)
				total += kib << 10
			}
		}
	}
	return total
}
