package storage

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// lockProject makes this process the only one that writes the project at path, for as long as it runs. The returned
// function gives the lock back.
func lockProject(path string) (func() error, error) {
	name := path + ".lock"
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	free, err := tryLock(file)
	if err != nil || !free {
		holder, _ := os.ReadFile(name)
		closeErr := file.Close()
		if err == nil {
			err = closeErr
		}
		if err != nil {
			return nil, fmt.Errorf("lock the project %s: %w", path, err)
		}
		return nil, &LockedError{Path: path, PID: parsePID(holder)}
	}
	if err := writePID(file); err != nil {
		return nil, fmt.Errorf("lock the project %s: %w", path, err)
	}
	// The file stays: removing it would let two processes lock two files of the same name.
	return file.Close, nil
}

// LockedError says that another process has the project open for writing.
type LockedError struct {
	Path string
	PID  int // 0 when not known
}

// Holder names the process that has it.
func (e *LockedError) Holder() string {
	if e.PID != 0 {
		return fmt.Sprintf("another process (pid %d)", e.PID)
	}
	return "another process"
}

// Error says who has the project and what to do.
func (e *LockedError) Error() string {
	return fmt.Sprintf("the project %s is open in %s: close it there, or open it for reading only", e.Path, e.Holder())
}

func parsePID(b []byte) int {
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || pid < 0 {
		return 0
	}
	return pid
}

// writePID leaves the process's number for the sentence another one will say. The lock does not need it, so a full
// disk does not keep a project from opening.
func writePID(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, _ = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return nil
}
