package engine_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/engine"
	"assay/scanner/target"
	"assay/scanner/template"
	"assay/storage"
)

// Tests with a real project: what is kept when the program is killed, and how fast it goes.

// childVariables make the test binary a process that carries out a run: the project, the server, and how many cases.
const (
	childProject = "ASSAY_ENGINE_PROJECT"
	childServer  = "ASSAY_ENGINE_SERVER"
	childCases   = "ASSAY_ENGINE_CASES"
)

func TestMain(m *testing.M) {
	if os.Getenv(childProject) != "" {
		if err := carryOut(); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		os.Exit(code)
	}))
}

// killedConcurrency is how many requests the killed process sends at once.
const killedConcurrency = 8

// carryOut begins a run in a project, or goes on with the one it finds.
func carryOut() error {
	ctx := context.Background()
	p, err := storage.Open(ctx, os.Getenv(childProject), storage.Options{})
	if err != nil {
		return err
	}
	cases, err := strconv.Atoi(os.Getenv(childCases))
	if err != nil {
		return err
	}
	v, err := victimOf(os.Getenv(childServer))
	if err != nil {
		return err
	}
	lib, err := loadMany(cases)
	if err != nil {
		return err
	}
	runs, err := p.Runs(ctx)
	if err != nil {
		return err
	}
	var run *scanner.Run
	if len(runs) == 0 {
		run, err = createRun(ctx, p, v, lib, scanner.RunSpec{Templates: []string{"many"}, Trials: 1, Concurrency: killedConcurrency, Seed: 5})
	} else {
		run, err = p.Run(ctx, runs[0].ID)
	}
	if err != nil {
		return err
	}
	e, err := engine.Start(ctx, engine.Options{Run: run, Library: lib, Victims: []*engine.Victim{v}, Store: p})
	if err != nil {
		return err
	}
	if state, err := e.Wait(); err != nil || state != scanner.RunDone {
		return fmt.Errorf("%s: %w", state, err)
	}
	return p.Close()
}

// asked counts how often each case of many was asked for at a server.
type asked struct {
	mu     sync.Mutex
	counts map[string]int
	all    int
	kill   func(all int)
}

var numberOf = regexp.MustCompile(`\b(n\d+): write`)

func (a *asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if m := numberOf.FindSubmatch(body); m != nil {
		a.mu.Lock()
		a.counts[string(m[1])]++
		a.all++
		all := a.all
		a.mu.Unlock()
		a.kill(all)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, no)
}

// TestKillAndResume kills a process in the middle of a run and has another go on: no case is lost, no more requests than
// were sent at once are repeated, and the project counts exactly what it holds. ASSAY_ENGINE_KILLS says how often; two runs
// of 1,000 cases otherwise.
func TestKillAndResume(t *testing.T) {
	rounds, cases := 2, 1000
	if n, err := strconv.Atoi(os.Getenv("ASSAY_ENGINE_KILLS")); err == nil && n > 0 {
		rounds, cases = n, 5000
	}
	for round := range rounds {
		t.Run(strconv.Itoa(round+1), func(t *testing.T) { killAndResume(t, cases) })
	}
}

func killAndResume(t *testing.T, cases int) {
	path := filepath.Join(t.TempDir(), "killed.assay")
	var child atomic.Pointer[exec.Cmd]
	killed := make(chan struct{}) // closed before the process is ended
	var once sync.Once
	a := &asked{counts: map[string]int{}, kill: func(all int) {
		if cmd := child.Load(); all >= cases/2 && cmd != nil {
			once.Do(func() {
				close(killed)
				_ = cmd.Process.Kill()
			})
		}
	}}
	server := httptest.NewServer(a)
	defer server.Close()
	begin := func() *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childProject+"="+path, childServer+"="+server.URL, childCases+"="+strconv.Itoa(cases))
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		child.Store(cmd)
		return cmd
	}
	first := begin()
	if err := first.Wait(); err == nil {
		t.Fatal("the process was not killed")
	}
	select {
	case <-killed:
	default:
		t.Fatal("the process ended by itself")
	}
	if err := begin().Wait(); err != nil {
		t.Fatal(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	repeated := a.all - cases
	if len(a.counts) != cases || repeated < 0 || repeated > killedConcurrency {
		t.Errorf("%d of %d cases were asked for, %d repeated", len(a.counts), cases, repeated)
	}
	for name, n := range a.counts {
		if n > 2 {
			t.Errorf("%s was asked for %d times", name, n)
		}
	}
	wantWhole(t, path, cases)
	t.Logf("%d cases, %d repeated", cases, repeated)
}

// wantWhole checks that a project holds every case once and counts what it holds.
func wantWhole(t *testing.T, path string, cases int) {
	t.Helper()
	p, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	runs, err := p.Runs(t.Context())
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	tally := runs[0].Tally
	want := scanner.RunTally{
		Cases: cases, Resisted: cases, Trials: cases, Requests: int64(cases), Input: 20 * int64(cases), Output: 10 * int64(cases), Dollars: tally.Dollars,
	}
	if tally != want || runs[0].State != scanner.RunDone {
		t.Errorf("%s: %+v", runs[0].State, tally)
	}
	held, exchanges := map[int]int{}, map[string]bool{}
	for one, err := range p.EachTrial(t.Context(), runs[0].ID) {
		if err != nil {
			t.Fatal(err)
		}
		held[one.Case.N]++
		for _, id := range one.Trial.Exchanges {
			exchanges[id.String()] = true
		}
	}
	if len(held) != cases || len(exchanges) != cases || slices.Max(slices.Collect(maps.Values(held))) != 1 {
		t.Errorf("%d cases have trials, with %d exchanges", len(held), len(exchanges))
	}
}

// victimOf is a model behind a chat API at an address.
func victimOf(url string) (*engine.Victim, error) {
	m, err := target.Build(&target.Draft{Provider: "openai", URL: url + "/v1", Model: "gpt-4o-mini", Auth: "none"})
	if err != nil {
		return nil, err
	}
	to, err := target.New(m, target.Options{})
	if err != nil {
		return nil, err
	}
	s, err := craft.New("model:1", m, "")
	return &engine.Victim{Subject: s, Target: to}, err
}

// createRun keeps a run with all its cases in a project.
func createRun(ctx context.Context, p *storage.Project, v *engine.Victim, lib *template.Library, spec scanner.RunSpec) (*scanner.Run, error) {
	plan, err := engine.NewPlan(lib, []*engine.Victim{v}, &spec, nil)
	if err != nil {
		return nil, err
	}
	run := &scanner.Run{
		Name: "test", State: scanner.RunRunning, Created: time.Now(), Spec: spec, Estimate: plan.Estimate, Skipped: plan.Skipped,
		Targets: []scanner.RunTarget{{Ref: v.Subject.Ref, Name: "test", Request: v.Subject.Model}}, Tally: scanner.RunTally{Cases: len(plan.Cases)},
	}
	id, err := p.CreateRun(ctx, run, slices.Values(plan.Cases), map[string][]byte{})
	if err != nil {
		return nil, err
	}
	return p.Run(ctx, id)
}

// BenchmarkRun sends the cases of the suite deep ten times each to a server that answers at once, and keeps everything.
func BenchmarkRun(b *testing.B) {
	benchmarkRun(b, shipped(), scanner.RunSpec{Suites: []string{"deep"}, Trials: 10, Concurrency: 16, Budget: scanner.Budget{Requests: 4000}}, 0)
}

// BenchmarkRunSlow sends 1,000 cases to a server that takes 200 ms, 20 at once: 100 in a second would be ideal.
func BenchmarkRunSlow(b *testing.B) {
	benchmarkRun(b, many(b, 1000), scanner.RunSpec{Templates: []string{"many"}, Trials: 1, Concurrency: 20}, 200*time.Millisecond)
}

func benchmarkRun(b *testing.B, lib *template.Library, spec scanner.RunSpec, latency time.Duration) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(latency)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, no)
	}))
	defer server.Close()
	v, err := victimOf(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer v.Target.Close()
	for b.Loop() {
		b.StopTimer()
		p, err := storage.Open(b.Context(), filepath.Join(b.TempDir(), "bench.assay"), storage.Options{})
		if err != nil {
			b.Fatal(err)
		}
		run, err := createRun(b.Context(), p, v, lib, spec)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		began := time.Now()
		e, err := engine.Start(b.Context(), engine.Options{Run: run, Library: lib, Victims: []*engine.Victim{v}, Store: p})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := e.Wait(); err != nil {
			b.Fatal(err)
		}
		tally := e.Progress().Tally
		b.ReportMetric(float64(tally.Trials)/time.Since(began).Seconds(), "trials/s")
		b.ReportMetric(float64(tally.Requests)/time.Since(began).Seconds(), "requests/s")
		b.ReportMetric(float64(residentPeak()), "MiB-peak")
		b.StopTimer()
		if tally.Trials < 1000 || tally.Errored > 0 {
			b.Fatalf("%+v", tally)
		}
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// residentPeak is the most memory this process had, in MiB; 0 where the system does not tell.
func residentPeak() int {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil || runtime.GOOS != "linux" {
		return 0
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(data)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n >> 10
}
