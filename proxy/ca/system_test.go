package ca_test

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	"assay/proxy/ca"
)

// TestSystemStore changes the trust store of the computer it runs on and changes it back, so it asks to be told
// ASSAY_TEST_SYSTEM_STORE=1, as CI does in its container.
func TestSystemStore(t *testing.T) {
	if os.Getenv("ASSAY_TEST_SYSTEM_STORE") != "1" || runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("NOT RUN: it changes the system's roots: run it in a container, as root, with ASSAY_TEST_SYSTEM_STORE=1")
	}
	authority := load(t)
	url := "https://localhost:" + serveLeaves(t, authority) + "/"
	curl := func() error {
		cmd := exec.CommandContext(t.Context(), "curl", "-sS", "--noproxy", "*", url)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
		return cmd.Run()
	}
	store := authority.Stores(ca.ThisComputer())[0]
	if err := curl(); err == nil {
		t.Fatal("curl trusts a new root")
	}
	must(t, ca.Run(t.Context(), store.Trust))
	state, detail := store.State(t.Context())
	curlErr := curl()
	must(t, ca.Run(t.Context(), store.Untrust))
	if state != ca.Trusted || curlErr != nil {
		t.Errorf("after trust the store is %s (%s) and curl says %v", state, detail, curlErr)
	}
	if state, detail := store.State(t.Context()); state != ca.Absent || curl() == nil {
		t.Errorf("after untrust the store is %s (%s), or curl still trusts it", state, detail)
	}
}
