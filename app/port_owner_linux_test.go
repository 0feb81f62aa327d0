package app_test

import (
	"net"
	"os"
	"testing"

	"assay/app"
)

func TestPortOwner(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", addr)
		if err != nil {
			t.Logf("NOT RUN: %v", err)
			continue
		}
		port := l.Addr().(*net.TCPAddr).Port
		if name, pid := app.PortOwner(port); pid != os.Getpid() || name == "" {
			t.Errorf("%s belongs to %q (pid %d), not to this process", l.Addr(), name, pid)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if name, pid := app.PortOwner(port); pid == os.Getpid() {
			t.Errorf("a closed port still belongs to %q (pid %d)", name, pid)
		}
	}
}
