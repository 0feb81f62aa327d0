package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"assay/proxy"
	"assay/proxy/ca"
	"assay/scanner"
	"assay/scanner/guard"
)

// serveGuarded is the recorder's proxy with a guard: BENCH_GUARD is off, secrets (the preset), or all (all presets, and
// prompt injections blocked).
func serveGuarded(ctx context.Context) error {
	authority, err := ca.Load(os.Getenv("BENCH_CA"))
	if err != nil {
		return err
	}
	cfg := proxy.Config{Listen: "127.0.0.1:0", Authority: authority, Upstream: proxy.Upstream{Insecure: true}}
	if which := os.Getenv("BENCH_GUARD"); which != "off" {
		g, err := guard.New(guard.Options{
			Mode: scanner.GuardEnforce, Policies: guardPolicies(which), ID: proxy.ExchangeID, Exchange: proxy.ExchangeOf,
		})
		if err != nil {
			return err
		}
		cfg.Guard = g
	}
	s, err := proxy.New(cfg)
	if err != nil {
		return err
	}
	if err := s.Listen(ctx); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, s.Addr())
	return s.Serve(ctx)
}

// guardPolicies are presets, switched on.
func guardPolicies(which string) []scanner.Policy {
	presets := guard.Presets()
	policies := slices.Clone(presets[guard.PresetSecrets])
	if which == "all" {
		for _, name := range []string{guard.PresetOWASP, guard.PresetPersonal, guard.PresetTools} {
			policies = append(policies, presets[name]...)
		}
	}
	for i := range policies {
		p := &policies[i]
		p.On, p.ID = true, scanner.PolicyID(i+1)
		if strings.HasPrefix(p.Name, "LLM01") {
			p.Action = scanner.Block
		}
		if p.Budget != nil {
			p.Budget.Most = 1e9
		}
	}
	return policies
}

// guarded is a proxy with a guard.
func (b *bench) guarded(ctx context.Context, which string) (*subject, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, self, []string{"guarded"}, []string{"BENCH_CA=" + filepath.Join(b.dir, "ca"), "BENCH_GUARD=" + which})
	if err != nil {
		return nil, err
	}
	return &subject{name: "guard " + which, proc: p, addr: p.ready}, nil
}

// The guard's loads.
const (
	promptSize  = 8 << 10
	guardRounds = 5 // each subject in turn, so that what else the machine does meets all alike
)

var guardSubjects = []string{"off", "secrets", "all"}

// guard measures what the guard adds to prompts of 8 KB, each another one, and to streams: in the proxy alone, and in the
// program as a person starts it, recording to disk.
func (b *bench) guard(ctx context.Context) error {
	for _, make := range []func(context.Context, string) (*subject, error){b.guarded, b.guardRecording} {
		var subjects []*subject
		for _, which := range guardSubjects {
			s, err := make(ctx, which)
			if err != nil {
				return err
			}
			defer s.stop()
			subjects = append(subjects, s)
		}
		if err := errors.Join(b.guardPrompts(ctx, subjects), b.guardStreams(ctx, subjects)); err != nil {
			return err
		}
		for _, s := range subjects {
			s.stop()
			s.proc = nil
		}
	}
	return nil
}

// guardRecording is the program, recording to disk, with presets of the guard switched on.
func (b *bench) guardRecording(ctx context.Context, which string) (*subject, error) {
	dir, err := os.MkdirTemp(b.dir, "guard-")
	if err != nil {
		return nil, err
	}
	project, env := filepath.Join(dir, "bench.assay"), []string{"ASSAY_HOME=" + filepath.Join(b.dir, "home"), "ASSAY_KEYRING=file"}
	mode := "enforce"
	if which == "off" {
		mode = "off"
	}
	p, err := start(ctx, b.assay, []string{"record", "--json", "--listen", "127.0.0.1:0", "--insecure-upstream", "--project", project, "--guard", mode}, env)
	if err != nil {
		return nil, err
	}
	s := &subject{name: "recording to disk, guard " + which, proc: p}
	var line struct{ Listen string }
	if err := json.Unmarshal([]byte(p.ready), &line); err != nil {
		s.stop()
		return nil, err
	}
	s.addr = line.Listen
	var policies []scanner.Policy
	if which != "off" {
		policies = guardPolicies(which)
	}
	for _, policy := range policies {
		if policy.Budget != nil {
			continue // written in words, not in JSON
		}
		policy.ID = 0
		text, err := json.Marshal(policy)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "policy.json"), text, 0o600)
		}
		if err == nil {
			add := exec.CommandContext(ctx, b.assay, "policy", "add", "--file", filepath.Join(dir, "policy.json"), "--project", project)
			add.Env = append(os.Environ(), env...)
			var out []byte
			if out, err = add.CombinedOutput(); err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
		}
		if err != nil {
			s.stop()
			return nil, err
		}
	}
	return s, nil
}

// sum of one subject over all rounds.
type guardSum struct {
	times    []time.Duration
	requests int
	long     time.Duration
	cpu      time.Duration
}

func (b *bench) guardPrompts(ctx context.Context, subjects []*subject) error {
	for _, n := range []int{1, conns} {
		sums := make([]guardSum, len(subjects))
		for range guardRounds {
			for i, s := range subjects {
				if err := b.guardLoad(ctx, s, n, &sums[i]); err != nil {
					return fmt.Errorf("%s: %w", s.name, err)
				}
			}
		}
		head(fmt.Sprintf("Chat requests with 8 KB of prompt, each another one, TLS, %d at a time", n),
			"through", "requests/s", "of guard off", "p50 ms", "p99 ms", "added p50 / p99 ms", "CPU ms each")
		var off guardSum
		for i, s := range subjects {
			sum := &sums[i]
			slices.Sort(sum.times)
			if i == 0 {
				off = *sum
			}
			rate, base := float64(sum.requests)/sum.long.Seconds(), float64(off.requests)/off.long.Seconds()
			p50, p99 := percentile(sum.times, .5), percentile(sum.times, .99)
			row(s.name, int(rate), fmt.Sprintf("%.2f", rate/base), inMS(p50), inMS(p99),
				inMS(p50-percentile(off.times, .5))+" / "+inMS(p99-percentile(off.times, .99)),
				fmt.Sprintf("%.3f", sum.cpu.Seconds()*1000/float64(sum.requests)))
		}
	}
	return nil
}

// asked numbers prompts, so that no two are the same.
var asked atomic.Int64

func (b *bench) guardLoad(ctx context.Context, s *subject, n int, sum *guardSum) error {
	client := s.client(n, false)
	defer client.CloseIdleConnections()
	text := jsonOf(promptSize)
	send := func(ctx context.Context) error {
		body := []byte(`{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Question ` + strconv.FormatInt(asked.Add(1), 10) + ` ` + string(text[22:len(text)-2]) + `"}]}`)
		return post(ctx, client, b.target+"/v1/chat/completions", body)
	}
	warm, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	_, err := load(warm, n, send)
	cancel()
	if err != nil {
		return err
	}
	before := s.proc.cpu()
	timed, cancel := context.WithTimeout(ctx, b.lasts/guardRounds)
	defer cancel()
	begun := time.Now()
	times, err := load(timed, n, send)
	if err != nil {
		return err
	}
	sum.long += time.Since(begun)
	sum.cpu += s.proc.cpu() - before
	sum.requests += len(times)
	sum.times = append(sum.times, times...)
	return nil
}

// guardStreams measures when the words of streams arrive after they were sent.
func (b *bench) guardStreams(ctx context.Context, subjects []*subject) error {
	head("16 streams of 200 words of a chat, 10 ms apart", "through", "a word is late by p50 / p99 / most, ms", "CPU ms per 1,000 words")
	for _, s := range subjects {
		before := s.proc.cpu()
		var late []time.Duration
		var mu sync.Mutex
		var wg sync.WaitGroup
		var failed error
		client := s.client(conns, false)
		for range conns {
			wg.Go(func() {
				got, err := chatStream(ctx, client, b.target)
				mu.Lock()
				defer mu.Unlock()
				late, failed = append(late, got...), errors.Join(failed, err)
			})
		}
		wg.Wait()
		client.CloseIdleConnections()
		if failed != nil {
			return fmt.Errorf("%s: %w", s.name, failed)
		}
		slices.Sort(late)
		cpu := (s.proc.cpu() - before).Seconds() * 1e6 / float64(len(late))
		row(s.name, inMS(percentile(late, .5))+" / "+inMS(percentile(late, .99))+" / "+inMS(late[len(late)-1]), fmt.Sprintf("%.0f", cpu))
	}
	return nil
}

// chatStream reads one stream; its words are the moments they were sent, in letters.
func chatStream(ctx context.Context, client *http.Client, target string) ([]time.Duration, error) {
	body := []byte(`{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Tell me the time, again and again."}]}`)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target+"/v1/chat/completions", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var late []time.Duration
	var pending []byte
	buf := make([]byte, 32<<10)
	for {
		n, err := res.Body.Read(buf)
		pending = append(pending, buf[:n]...)
		for {
			_, rest, found := bytes.Cut(pending, []byte(`"content":" `))
			word, after, ended := bytes.Cut(rest, []byte(`"`))
			if !found || !ended {
				break
			}
			pending = after
			late = append(late, time.Since(time.Unix(0, lettersNumber(string(word)))))
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if len(late) != streamWords {
		return nil, fmt.Errorf("%d of %d words", len(late), streamWords)
	}
	return late, nil
}

const streamWords = 200

// numberLetters writes a number in letters, so that it reads like a word and not like a key.
func numberLetters(n int64) string {
	var out []byte
	for ; n > 0; n /= 16 {
		out = append(out, "abcdefghiklmnopr"[n%16])
	}
	return string(out)
}

func lettersNumber(word string) (n int64) {
	for i := len(word) - 1; i >= 0; i-- {
		n = n*16 + int64(strings.IndexByte("abcdefghiklmnopr", word[i]))
	}
	return n
}

// serveChat answers as OpenAI's chat does: with a document, or a stream of moments.
func serveChat(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if !bytes.Contains(body, []byte(`"stream":true`)) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"c","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}`, jsonOf(answerSize)[21:answerSize-40])
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range streamWords {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		}
		fmt.Fprintf(w, `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":" %s"},"finish_reason":null}]}`+"\n\n", numberLetters(time.Now().UnixNano()))
		if flush.Flush() != nil {
			return
		}
	}
	fmt.Fprint(w, "data: [DONE]\n\n")
}
