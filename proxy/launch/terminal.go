package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// emulators are the terminals of Linux with the options that make them run a program in a window. The program is
// a script that sets the environment: some of them hand the work to a server that has another one.
var emulators = []struct {
	name string
	args []string
}{
	{"gnome-terminal", []string{"--wait", "--"}},
	{"kgx", []string{"-e"}},
	{"konsole", []string{"--separate", "-e"}},
	{"xfce4-terminal", []string{"--disable-server", "-x"}},
	{"alacritty", []string{"-e"}},
	{"kitty", nil},
	{"wezterm", []string{"start", "--"}},
	{"foot", nil},
	{"xterm", []string{"-e"}},
	{"x-terminal-emulator", []string{"-e"}},
}

// Terminal prepares a window with a shell in which every program uses and trusts the proxy. Where there is no screen or
// no terminal program, it is the shell itself, on the streams of this process.
func Terminal(ctx context.Context, s Session) (*exec.Cmd, error) {
	env, err := Environment(s)
	if err != nil {
		return nil, err
	}
	s, err = s.open()
	if err != nil {
		return nil, err
	}
	var cmd *exec.Cmd
	if runtime.GOOS == "windows" {
		cmd = command(ctx, "cmd.exe", "/c", "start", "Assay", "/wait", "cmd.exe", "/k", "echo Programs in this window use the proxy "+s.Proxy)
	} else if cmd, err = unixTerminal(ctx, s, env); err != nil {
		return nil, err
	}
	cmd.Env = env.List()
	return cmd, nil
}

// HasScreen reports whether a program started with this environment (nil is that of this process) can open a window.
func HasScreen(base []string) bool {
	if base == nil {
		base = os.Environ()
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	return lookup(base, "DISPLAY") != "" || lookup(base, "WAYLAND_DISPLAY") != ""
}

// TerminalProgram names what [Terminal] opens its window with, or is empty where it would open none.
func TerminalProgram() string {
	switch {
	case runtime.GOOS == "windows":
		return "cmd"
	case runtime.GOOS == "darwin":
		return "Terminal"
	case !HasScreen(nil):
		return ""
	}
	for _, emulator := range emulators {
		if _, err := exec.LookPath(emulator.name); err == nil {
			return emulator.name
		}
	}
	return ""
}

func unixTerminal(ctx context.Context, s Session, env *Env) (*exec.Cmd, error) {
	script, err := writeShell(s, env)
	if err != nil {
		return nil, err
	}
	if window := windowed(s, script); window != nil {
		return command(ctx, "/bin/sh", append([]string{"-c", untilClosed, "sh", s.path(shellPID)}, window...)...), nil
	}
	cmd := command(ctx, script)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Kill) } // a shell does not end at an interrupt
	return cmd, nil
}

// windowed is the command that runs the script in a new window, or nil where there is no screen or no terminal.
func windowed(s Session, script string) []string {
	if runtime.GOOS == "darwin" {
		return []string{"/usr/bin/open", "-a", "Terminal", script}
	}
	if !HasScreen(s.Base) {
		return nil
	}
	for _, emulator := range emulators {
		if path, err := exec.LookPath(emulator.name); err == nil {
			return slices.Concat([]string{path}, emulator.args, []string{script})
		}
	}
	return nil
}

const shellPID = "shell.pid"

// untilClosed runs a terminal and waits for the shell inside, since many terminals hand their window to a server and
// return at once. The session must stay until then.
const untilClosed = `pid=$1; shift; rm -f "$pid"; "$@" || exit; n=0
while [ ! -s "$pid" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
[ -s "$pid" ] || exit 0
shell=$(cat "$pid"); while kill -0 "$shell" 2>/dev/null; do sleep 0.3; done`

// writeShell writes a script that sets the environment and becomes the person's shell.
func writeShell(s Session, env *Env) (string, error) {
	shell := lookup(s.Base, "SHELL")
	if shell == "" {
		shell = "/bin/sh"
	}
	if !filepath.IsAbs(shell) {
		return "", errors.New("SHELL does not name a program by its whole path")
	}
	lines, err := env.Script("sh")
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("#!/bin/sh\n%secho $$ > %s\necho 'Programs started here use the proxy %s and trust it.'\nexec %s\n",
		lines, quoteShell(s.path(shellPID)), s.Proxy, quoteShell(shell))
	path := s.path("assay.command") // the name that makes Terminal of macOS run it
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		return "", fmt.Errorf("write the script of the terminal: %w", err)
	}
	return path, nil
}
