package guard_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

var testHome string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "assay-guard")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	testHome = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
