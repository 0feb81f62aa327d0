package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"assay": main})
}

// TestScripts runs the whole program as a person or a script would, each in a home of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("ASSAY_HOME", env.WorkDir+"/home")
			env.Setenv("ASSAY_KEYRING", "file")
			env.Setenv("NO_COLOR", "1")
			return os.MkdirAll(env.WorkDir+"/home", 0o700)
		},
	})
}
