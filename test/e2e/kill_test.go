package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	// kills is how often the recorder dies in TestKill. Storage has a test of its own that does it more often.
	kills = 5
	// grace is how long before its death an exchange must have ended to be kept.
	grace = 250 * time.Millisecond
)

// TestKill kills the recorder under load, again and again on one project: what had ended must be there byte for byte,
// and of the stream that was going on, what had arrived.
func TestKill(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	project := filepath.Join(home, "killed.assay")
	answers := map[string]string{} // by question, of everything that must be kept
	for round := range kills {
		r := recordIn(t, home, project)
		load := newLoad(t, r, round)
		load.warm(t)
		time.Sleep(time.Duration(400+150*round) * time.Millisecond)
		died := time.Now()
		r.kill()
		load.stop()
		for question, done := range load.ended {
			if died.Sub(done.at) >= grace {
				answers[question] = done.body
			}
		}
		checkKept(t, home, project, answers)
		checkPartial(t, home, project, fmt.Sprintf("Tell the long stream %d a story of 900 words", round))
	}
	t.Logf("%d exchanges survived %d kills", len(answers), kills)
}

// checkKept reads the project as another program would: an export holds the bodies as they were.
func checkKept(t *testing.T, home, project string, want map[string]string) {
	t.Helper()
	rows := list(t, home, project)
	found := map[string]row{}
	for _, one := range rows {
		found[one.LastUser] = one
	}
	type exported struct {
		Request string `json:"request_body"`
		Answer  string `json:"response_body"`
	}
	file := filepath.Join(t.TempDir(), "kept.jsonl")
	run(t, home, "export", "jsonl", file, "--project", project)
	bodies := map[string]bool{}
	for _, e := range readLines[exported](t, file) {
		bodies[e.Answer] = true
	}
	missing := 0
	for question, body := range want {
		one, ok := found[question]
		if !ok || one.State != "complete" || !bodies[body] {
			missing++
			t.Logf("%q: state %q, body kept: %v", question, one.State, bodies[body])
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d exchanges that had ended are not there byte for byte", missing, len(want))
	}
}

// checkPartial looks for the beginning of a stream that was cut.
func checkPartial(t *testing.T, home, project, question string) {
	t.Helper()
	for _, one := range list(t, home, project) {
		if one.LastUser == question {
			if one.Answer == "" || one.State == "complete" {
				t.Errorf("the cut stream is in state %q with %d bytes of answer", one.State, len(one.Answer))
			}
			return
		}
	}
	t.Errorf("the stream that was going on is not there")
}

// load is a client that asks all the time, and holds one long stream open.
type load struct {
	streaming chan struct{} // closed when the stream has been going for a while
	stop      func()
	mu        sync.Mutex
	ended     map[string]ending
}

type ending struct {
	at   time.Time
	body string
}

func newLoad(t *testing.T, r *recorder, round int) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	l := &load{streaming: make(chan struct{}), ended: map[string]ending{}}
	l.stop = func() {
		cancel()
		group.Wait()
	}
	client := r.client(t)
	group.Go(func() { l.stream(ctx, client, fmt.Sprintf("Tell the long stream %d a story of 900 words", round)) })
	for worker := range 3 {
		group.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				l.ask(ctx, client, fmt.Sprintf("Tell worker %d of round %d about question %d", worker, round, n))
			}
		})
	}
	return l
}

// warm waits until the stream flows and some exchanges have ended.
func (l *load) warm(t *testing.T) {
	t.Helper()
	for start := time.Now(); time.Since(start) < patience; time.Sleep(20 * time.Millisecond) {
		l.mu.Lock()
		ended := len(l.ended)
		l.mu.Unlock()
		select {
		case <-l.streaming:
			if ended >= 10 {
				return
			}
		default:
		}
	}
	t.Fatal("the load never got going")
}

// post sends a chat request; nil means the proxy has gone.
func post(ctx context.Context, client *http.Client, question, more string) *http.Response {
	body := `{"model":"gpt-4o","messages":[{"role":"user","content":"` + question + `"}]` + more + `}`
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://lab.example/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		return nil
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Lab-Pace", "10ms")
	response, err := client.Do(request)
	if err != nil {
		return nil
	}
	return response
}

func (l *load) ask(ctx context.Context, client *http.Client, question string) {
	response := post(ctx, client, question, "")
	if response == nil {
		return
	}
	body, err := io.ReadAll(response.Body)
	if response.Body.Close() != nil || err != nil || response.StatusCode != http.StatusOK {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended[question] = ending{time.Now(), string(body)}
}

func (l *load) stream(ctx context.Context, client *http.Client, question string) {
	response := post(ctx, client, question, `,"stream":true`)
	if response == nil {
		return
	}
	defer func() { _ = response.Body.Close() }() // cut anyway
	events := bufio.NewScanner(response.Body)
	for n := 0; events.Scan(); n++ {
		if n == 40 {
			close(l.streaming)
		}
	}
}
