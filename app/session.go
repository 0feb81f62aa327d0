package app

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Session is a recorder that runs on this machine: how `assay launch` finds it.
type Session struct {
	PID     int       `json:"pid"`
	Listen  string    `json:"listen"`
	CA      string    `json:"ca"`
	Project string    `json:"project"`
	Started time.Time `json:"started"`
	Control string    `json:"control,omitempty"` // address at which it can be asked
	Key     string    `json:"key,omitempty"`     // with which
}

// Sessions lists the recorders that answer on their port, newest first. Files of dead ones are removed.
func (h *Home) Sessions() []Session {
	files, _ := filepath.Glob(filepath.Join(h.sessionDir(), "*.json"))
	var sessions []Session
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		var s Session
		if json.Unmarshal(data, &s) != nil || !answers(s.Listen) {
			os.Remove(file)
			continue
		}
		at := len(sessions)
		for at > 0 && sessions[at-1].Started.Before(s.Started) {
			at--
		}
		sessions = append(sessions[:at], append([]Session{s}, sessions[at:]...)...)
	}
	return sessions
}

func answers(addr string) bool {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(context.Background(), "tcp", addr)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// announce writes the session where Sessions finds it and returns what takes it away again.
func (h *Home) announce(s Session) (remove func(), err error) {
	if err := os.MkdirAll(h.sessionDir(), 0o700); err != nil {
		return nil, err
	}
	data, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(s.Listen)
	file := filepath.Join(h.sessionDir(), strconv.Itoa(s.PID)+"-"+port+".json")
	if err := writeFile(file, data); err != nil {
		return nil, err
	}
	return func() { os.Remove(file) }, nil
}
