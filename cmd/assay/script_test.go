package main

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"assay/lab"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"assay": main})
}

// TestScripts runs the whole program as a person or a script would, each in a home of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"names-lab": namesLab},
		Setup: func(env *testscript.Env) error {
			env.Setenv("ASSAY_HOME", env.WorkDir+"/home")
			env.Setenv("ASSAY_KEYRING", "file")
			env.Setenv("NO_COLOR", "1")
			target := httptest.NewServer(lab.New(lab.Options{}).Handler())
			env.Defer(target.Close)
			env.Setenv("LAB", target.URL)
			return os.MkdirAll(env.WorkDir+"/home", 0o700)
		},
	})
}

// namesLab writes the address of the practice target into files in place of LAB_URL.
func namesLab(ts *testscript.TestScript, _ bool, files []string) {
	for _, name := range files {
		text := strings.ReplaceAll(ts.ReadFile(name), "LAB_URL", ts.Getenv("LAB"))
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}
