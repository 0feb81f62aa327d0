package app

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"assay/proxy/launch"
)

// Launcher starts clients that use and trust one recorder: the one that runs already, or one of its own that ends with
// the client.
type Launcher struct {
	session launch.Session
	Listen  string
	Project string
	own     *Recording // nil when a running recorder is used
}

// launches keeps the folders of this process's launchers apart: each goes when its client ends.
var launches atomic.Int64

// Launcher finds the recorder to use: the newest session that records into the project (any project when path is
// empty), else a new one on a free port.
func (a *App) Launcher(ctx context.Context, o RecordOptions) (*Launcher, error) {
	authority, err := a.authority()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(a.Home.launchDir(), strconv.Itoa(os.Getpid())+"-"+strconv.FormatInt(launches.Add(1), 10))
	l := &Launcher{session: launch.Session{Trust: authority, Dir: dir}}
	wanted := ""
	if o.Project != "" {
		if wanted, err = filepath.Abs(o.Project); err != nil {
			return nil, err
		}
	}
	for _, s := range a.Home.Sessions() {
		if (wanted == "" || s.Project == wanted) && (o.Listen == "" || o.Listen == s.Listen) {
			l.Listen, l.Project = s.Listen, s.Project
			break
		}
	}
	if l.Listen == "" {
		if o.Listen == "" {
			o.Listen = "127.0.0.1:0"
		}
		if l.own, err = a.Record(ctx, o); err != nil {
			return nil, err
		}
		l.Listen, l.Project = l.own.Listen(), l.own.Project()
	}
	l.session.Proxy = reachable(l.Listen)
	return l, nil
}

// reachable is the address of a port as programs of this machine call it: one that listens everywhere is also here.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listen
}

// Own reports whether the launcher records itself because no recorder was running.
func (l *Launcher) Own() bool { return l.own != nil }

// Close ends the launcher's own recorder, if it has one, and removes what the clients were given.
func (l *Launcher) Close() error {
	var err error
	if l.own != nil {
		err = l.own.Close()
	}
	return errors.Join(err, removePatiently(l.session.Dir))
}

// removePatiently removes a folder into which the children of a client that has ended may go on writing for a moment.
func removePatiently(dir string) (err error) {
	for range 20 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

// Command prepares a program that uses and trusts the recorder.
func (l *Launcher) Command(ctx context.Context, name string, args ...string) (*exec.Cmd, error) {
	cmd, err := launch.Command(ctx, l.session, name, args...)
	if errors.Is(err, exec.ErrNotFound) {
		return nil, &Error{Code: CodeInput, Message: "there is no program " + name, Hint: "give its path, or look for it in PATH", Err: err}
	}
	return cmd, err
}

// Script gives the lines that make an open shell use and trust the recorder. The files they name stay: the shell goes
// on.
func (l *Launcher) Script(shell string) (string, error) {
	env, err := launch.Environment(l.shellSession())
	if err != nil {
		return "", err
	}
	return env.Script(shell)
}

// Variables gives what Script sets, by name.
func (l *Launcher) Variables() (map[string]string, error) {
	env, err := launch.Environment(l.shellSession())
	if err != nil {
		return nil, err
	}
	return env.Set, nil
}

// shellSession is the session of shells that are open already. Its files stay: the shells go on.
func (l *Launcher) shellSession() launch.Session {
	session := l.session
	_, port, _ := net.SplitHostPort(l.Listen)
	session.Dir = filepath.Join(filepath.Dir(session.Dir), "shell-"+port)
	return session
}

// Terminal prepares a terminal, or a shell where there is no display, whose programs use and trust the recorder.
func (l *Launcher) Terminal(ctx context.Context) (*exec.Cmd, error) {
	return launch.Terminal(ctx, l.session)
}

// Browser prepares a browser with a profile of its own. An empty name takes the first that is found.
func (l *Launcher) Browser(ctx context.Context, name string, pages ...string) (*exec.Cmd, error) {
	b, err := launch.Find(name)
	if err != nil {
		return nil, &Error{Code: CodeNotFound, Message: "cannot open a browser", Err: err}
	}
	return b.Command(ctx, l.session, pages...)
}

// Open prepares one browser that was found (launch.Browsers) or pointed at (launch.At), with a profile of its own.
func (l *Launcher) Open(ctx context.Context, b launch.Browser, pages ...string) (*exec.Cmd, error) {
	return b.Command(ctx, l.session, pages...)
}
