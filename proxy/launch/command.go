package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// patience is how long a program that was asked to end may take before it is ended.
const patience = 5 * time.Second

// Command prepares a program that uses and trusts the proxy. It is not started; its standard streams are the caller's.
// When ctx ends, it is asked to end first and ended after five seconds.
func Command(ctx context.Context, s Session, name string, args ...string) (*exec.Cmd, error) {
	if name == "" {
		return nil, errors.New("launch: no command was given, as in `assay launch -- node app.js`")
	}
	env, err := Environment(s)
	if err != nil {
		return nil, err
	}
	cmd := command(ctx, name, args...)
	if cmd.Err != nil {
		return nil, fmt.Errorf("start %s: %w", name, cmd.Err)
	}
	cmd.Env = env.List()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd, nil
}

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil { // Windows knows no such signal
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = patience
	return cmd
}
