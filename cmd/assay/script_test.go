package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"names-lab": namesLab, "await-held": awaitHeld, "release": release, "stdout-env": stdoutEnv, "each-trial-once": eachTrialOnce},
		Setup: func(env *testscript.Env) error {
			env.Setenv("ASSAY_HOME", env.WorkDir+"/home")
			env.Setenv("ASSAY_KEYRING", "file")
			env.Setenv("NO_COLOR", "1")
			target := httptest.NewServer(lab.New(lab.Options{}).Handler())
			env.Defer(target.Close)
			env.Setenv("LAB", target.URL)
			weak := lab.New(lab.Options{Weak: lab.AllWeak}).Handler()
			for name, handler := range map[string]http.Handler{"WEAK": weak, "GATE": gateFor(env, weak), "ONCE": &once{open: map[string]bool{}}} {
				server := httptest.NewServer(handler)
				env.Defer(server.Close)
				env.Setenv(name, server.URL)
			}
			return os.MkdirAll(env.WorkDir+"/home", 0o700)
		},
	})
}

// namesLab writes the address of the practice target into files in place of LAB_URL.
func namesLab(ts *testscript.TestScript, _ bool, files []string) {
	for _, name := range files {
		text := strings.NewReplacer("LAB_URL", ts.Getenv("LAB"), "WEAK_URL", ts.Getenv("WEAK"), "ONCE_URL", ts.Getenv("ONCE")).Replace(ts.ReadFile(name))
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// stdoutEnv sets a variable to what the first group of an expression finds in the last command's output.
func stdoutEnv(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: stdout-env NAME EXPRESSION")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("%s is not in the output", args[1])
	}
	ts.Setenv(args[0], found[1])
}

// once is an application that gives sessions, each for one message.
type once struct {
	mu    sync.Mutex
	given int
	open  map[string]bool
}

func (o *once) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/session" {
		o.given++
		id := fmt.Sprintf("sess-%016d", o.given)
		o.open[id] = true
		fmt.Fprintf(w, `{"session_id":%q}`, id)
		return
	}
	var said struct {
		Session string `json:"session_id"`
	}
	if json.NewDecoder(r.Body).Decode(&said) != nil || !o.open[said.Session] {
		w.WriteHeader(http.StatusGone)
		fmt.Fprint(w, `{"error":"this session is over"}`)
		return
	}
	delete(o.open, said.Session)
	fmt.Fprint(w, `{"reply":"I can help with orders and returns."}`)
}

// gate lets some requests through, and holds those that follow until it is opened or their client is gone.
type gate struct {
	behind http.Handler
	mu     sync.Mutex
	passed int
	held   chan struct{} // told of every request that is held
	opened chan struct{}
}

// gates are those of the scripts that run, by the address that each is behind.
var gates sync.Map

// gatePasses is how many requests go through a gate.
const gatePasses = 25

func gateFor(env *testscript.Env, behind http.Handler) *gate {
	g := &gate{behind: behind, held: make(chan struct{}, 1), opened: make(chan struct{})}
	gates.Store(env.WorkDir, g)
	env.Defer(func() { gates.Delete(env.WorkDir) })
	return g
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	g.passed++
	over := g.passed - gatePasses
	g.mu.Unlock()
	if over > 0 {
		select {
		case g.held <- struct{}{}:
		default: // it is told already
		}
		select {
		case <-g.opened:
		case <-r.Context().Done():
			return
		}
	}
	g.behind.ServeHTTP(w, r)
}

func gateOf(ts *testscript.TestScript) *gate {
	g, ok := gates.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("this script has no gate")
	}
	return g.(*gate)
}

// awaitHeld returns when the gate holds a request of the program that was started last.
func awaitHeld(ts *testscript.TestScript, _ bool, _ []string) {
	select {
	case <-gateOf(ts).held:
	case <-time.After(time.Minute):
		ts.Fatalf("no request came to the gate")
	}
}

// release opens the gate.
func release(ts *testscript.TestScript, _ bool, _ []string) { close(gateOf(ts).opened) }

// eachTrialOnce checks that the last command's output has every trial of every case once.
func eachTrialOnce(ts *testscript.TestScript, _ bool, _ []string) {
	seen := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^\{"case":(\d+),.*?"trial":(\d+),`).FindAllStringSubmatch(ts.ReadFile("stdout"), -1) {
		trial := found[1] + "." + found[2]
		if seen[trial] {
			ts.Fatalf("trial %s is there twice", trial)
		}
		seen[trial] = true
	}
	if len(seen) == 0 {
		ts.Fatalf("there are no trials")
	}
}
