package ca

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// State says whether a trust store accepts our root.
type State string

// The states of a trust store.
const (
	Trusted State = "trusted"
	Absent  State = "absent"
	// Unknown is a store that could not be asked; the detail says why.
	Unknown State = "unknown"
)

// ErrNeedsRoot says that a step must be run by an administrator.
var ErrNeedsRoot = errors.New("administrator rights are needed")

// Step is one command that changes a trust store.
type Step struct {
	// Why says in a few words what the command does.
	Why string
	// Command is the program and its arguments.
	Command []string
	// Root tells that only an administrator may run it.
	Root bool
	// MayFail tells that the rest goes on if it fails.
	MayFail bool
}

// String is the step as a person types it into a shell.
func (s Step) String() string {
	words := make([]string, 0, len(s.Command)+1)
	if s.Root && runtime.GOOS != "windows" {
		words = append(words, "sudo")
	}
	for _, word := range s.Command {
		if strings.ContainsAny(word, " '\"\\$&|;<>()*?`#~") || word == "" {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// Store is one place where programs look up whom to trust.
type Store struct {
	// Name says which store it is, in words.
	Name string
	// Clients says which programs follow it.
	Clients string
	// Trust and Untrust are the steps that add our root and take it away again. Nothing is done until [Run] is called.
	Trust, Untrust []Step

	state func(context.Context) (State, string)
}

// State asks the store. The detail is a sentence for people, and may be empty.
func (s Store) State(ctx context.Context) (state State, detail string) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return s.state(ctx)
}

// Computer is what trust stores are looked for on.
type Computer struct {
	// OS as runtime.GOOS names it, and the home folder.
	OS, Home string
	// Getenv and LookPath answer as os.Getenv and exec.LookPath do.
	Getenv   func(string) string
	LookPath func(string) (string, error)
	// Glob lists the paths of a pattern that exist, as filepath.Glob does.
	Glob func(string) []string
}

// ThisComputer is the one the program runs on.
func ThisComputer() Computer {
	home, _ := os.UserHomeDir() // without one, the stores under it are not there either
	return Computer{
		OS: runtime.GOOS, Home: home, Getenv: os.Getenv, LookPath: exec.LookPath,
		Glob: func(pattern string) []string {
			found, _ := filepath.Glob(pattern) // only a malformed pattern is an error, and ours are constants
			return found
		},
	}
}

func (c Computer) has(path string) bool { return len(c.Glob(path)) > 0 }

// Stores lists the trust stores of a computer: the one of the system, and those of browsers that keep their own.
func (a *Authority) Stores(c Computer) []Store {
	var stores []Store
	switch c.OS {
	case "darwin":
		stores = append(stores, a.macStore(c))
	case "windows":
		return []Store{a.windowsStore()} // Firefox follows it there
	default:
		stores = append(stores, a.linuxStore(c))
	}
	return append(stores, a.nssStores(c)...)
}

// Run runs steps one after the other. A step that needs an administrator, when we are none, ends it with an error that
// wraps [ErrNeedsRoot] and holds the commands to type.
func Run(ctx context.Context, steps []Step) error {
	for i, step := range steps {
		if step.Root && os.Geteuid() > 0 {
			var lines []string
			for _, left := range steps[i:] {
				lines = append(lines, "  "+left.String())
			}
			return fmt.Errorf("%w: run\n%s", ErrNeedsRoot, strings.Join(lines, "\n"))
		}
		out, err := exec.CommandContext(ctx, step.Command[0], step.Command[1:]...).CombinedOutput()
		if err != nil && !step.MayFail {
			return fmt.Errorf("%s (%s): %w: %s", step.Why, step, err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// nickname is how stores that name certificates call ours; it differs between installations.
func (a *Authority) nickname() string { return a.root.Subject.CommonName }

// fileName is the nickname as a file name.
func (a *Authority) fileName() string {
	return strings.ToLower(strings.ReplaceAll(a.nickname(), " ", "-"))
}
