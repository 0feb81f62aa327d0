package window

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// screens is the folder of the screenshots.
var screens string

// built is what the tests run: made once, or named by the environment where it is to be released.
var built struct {
	assay, desktop string
	automation     string // the library that allows the window to be driven
	why            string // why there is no desktop program
}

func TestMain(m *testing.M) {
	code, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "window:", err)
		code = 1
	}
	os.Exit(code)
}

func runAll(m *testing.M) (code int, err error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return 1, err
	}
	if _, err := os.Stat(filepath.Join(root, "frontend", "dist", "index.html")); err != nil {
		return 1, errors.New("the window is not built: run `make build` first")
	}
	screens = filepath.Join(root, "build", "screens")
	if err := os.MkdirAll(screens, 0o755); err != nil {
		return 1, err
	}
	dir, err := os.MkdirTemp("", "assay-window-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a folder left in the temporary place harms nobody
	if err := buildAll(dir); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// buildAll makes the programs. Only the desktop program may be missing: it needs GTK to be built.
func buildAll(dir string) error {
	ctx := context.Background()
	var together sync.WaitGroup
	var failed, desktop, automation error
	together.Go(func() {
		if built.assay = os.Getenv("ASSAY_BINARY"); built.assay == "" {
			built.assay = filepath.Join(dir, "assay")
			failed = build(ctx, "CGO_ENABLED=0", "go", "build", "-trimpath", "-o", built.assay, "assay/cmd/assay")
		}
	})
	together.Go(func() {
		if built.desktop = os.Getenv("ASSAY_DESKTOP"); built.desktop == "" {
			built.desktop = filepath.Join(dir, "assay-desktop")
			desktop = build(ctx, "CGO_ENABLED=1", "go", "build", "-trimpath", "-tags", "desktop,production,webkit2_41", "-ldflags", "-s -w", "-o", built.desktop, "assay")
		}
	})
	together.Go(func() {
		built.automation = filepath.Join(dir, "automation.so")
		automation = build(ctx, "LC_ALL=C", "sh", "-c", `gcc -shared -fPIC -O1 -Wall -o "$0" testdata/automation.c $(pkg-config --cflags --libs webkit2gtk-4.1)`, built.automation)
	})
	together.Wait()
	if err := errors.Join(desktop, automation); err != nil {
		built.desktop, built.why = "", err.Error()
	}
	return failed
}

func build(ctx context.Context, env, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// contextWithoutEnd outlives the test, whose cleanups still talk to what it started.
func contextWithoutEnd(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }
