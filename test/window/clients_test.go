package window

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"assay/lab"
)

// startLab starts the practice target of a test, which streams a token every pace.
func startLab(t *testing.T, pace time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithCancel(contextWithoutEnd(t.Context()))
	server, err := lab.New(lab.Options{Pace: pace}).Start(ctx, "127.0.0.1:0", false)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	return server.URL()
}

// sdk prepares a program of test/sdk, which uses the official SDK of a provider and knows nothing of the recorder.
func (w *page) sdk(program, base string) *exec.Cmd {
	w.t.Helper()
	folder, err := filepath.Abs("../sdk")
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "openai")); err != nil {
		w.t.Fatal("the npm packages of test/sdk are not installed: run `make setup`")
	}
	cmd := exec.CommandContext(w.t.Context(), built.assay, "launch", "--project", w.Project, "--", "node", filepath.Join(folder, program))
	cmd.Env = append(w.environment(), "BASE_URL="+base, "API_KEY=sk-lab-window-0123456789")
	return cmd
}

// run runs a client to its end; it must succeed.
func (w *page) run(cmd *exec.Cmd) {
	w.t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		w.fail("%v: %v\n%s", cmd.Args, err, out)
	}
}
