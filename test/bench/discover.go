package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // to look into projects while they are written

	"assay/proxy"
	"assay/proxy/ca"
	"assay/storage"
)

// perSecond is the load under which the inventory has to keep up, the figure.
const perSecond = 200

const onlyRecording = "assay, recording only"

// discover records what the practice target answers at a fixed rate, once without anybody reading it and once as the
// program does: what discovery costs, what it loses, and how far behind it is.
func (b *bench) discover(ctx context.Context) error {
	target, err := start(ctx, b.assay, []string{"lab", "--json"}, []string{"ASSAY_HOME=" + filepath.Join(b.dir, "home"), "ASSAY_KEYRING=file"})
	if err != nil {
		return err
	}
	defer target.stop()
	var line struct{ URL string }
	if err := json.Unmarshal([]byte(target.ready), &line); err != nil {
		return err
	}
	head(fmt.Sprintf("%d exchanges a second with models, agents and a website for %v", perSecond, b.lasts),
		"through", "answered", "failed", "p50 ms", "p99 ms", "CPU s per 1,000", "kept", "in the inventory", "most behind", "all in after s", "RSS MiB now / peak")
	for _, make := range []func(context.Context) (*subject, string, error){b.unread, b.reading} {
		s, project, err := make(ctx)
		if err != nil {
			return err
		}
		err = b.keepUp(ctx, s, project, line.URL)
		s.stop()
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// reading is the program as a person starts it.
func (b *bench) reading(ctx context.Context) (*subject, string, error) {
	s, err := b.recording(ctx)
	if err != nil {
		return nil, "", err
	}
	found, err := filepath.Glob(filepath.Join(b.dir, "project-*", "bench.assay"))
	if err != nil || len(found) == 0 {
		return nil, "", errors.Join(errors.New("there is no project"), err)
	}
	s.name = "assay, discovering"
	return s, found[len(found)-1], nil
}

// unread is the same recorder, and nobody reads what it keeps.
func (b *bench) unread(ctx context.Context) (*subject, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	project := filepath.Join(b.dir, "unread.assay")
	p, err := start(ctx, self, []string{"unread"}, []string{"BENCH_CA=" + filepath.Join(b.dir, "ca"), "BENCH_PROJECT=" + project})
	if err != nil {
		return nil, "", err
	}
	return &subject{onlyRecording, p, p.ready}, project, nil
}

// serveUnread is the process behind unread.
func serveUnread(ctx context.Context) error {
	authority, err := ca.Load(os.Getenv("BENCH_CA"))
	if err != nil {
		return err
	}
	store, err := storage.Open(ctx, os.Getenv("BENCH_PROJECT"), storage.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	s, err := proxy.New(proxy.Config{Listen: "127.0.0.1:0", Authority: authority, Recorder: store.Recorder()})
	if err != nil {
		return err
	}
	if err := s.Listen(ctx); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, s.Addr())
	return s.Serve(ctx)
}

// keepUp sends the load through a subject and watches its project.
func (b *bench) keepUp(ctx context.Context, s *subject, project, target string) error {
	db, err := sql.Open("sqlite", "file:"+project+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	watched, stop := context.WithCancel(ctx)
	defer stop()
	var behind atomic.Int64
	var watching sync.WaitGroup
	watching.Go(func() {
		for watched.Err() == nil {
			if kept, in, err := folded(watched, db); err == nil {
				behind.Store(max(behind.Load(), kept-in))
			}
			time.Sleep(500 * time.Millisecond)
		}
	})
	before := s.proc.cpu()
	client := s.client(64, false)
	defer client.CloseIdleConnections()
	times, failed := steady(ctx, b.lasts, func(i int) error { return practise(ctx, client, target, i) })
	ended := time.Now()
	kept, in, err := int64(0), int64(-1), error(nil)
	for time.Since(ended) < time.Minute && (kept < int64(len(times)) || in < kept && s.name != onlyRecording) {
		if kept, in, err = folded(ctx, db); err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	after := time.Since(ended)
	stop()
	watching.Wait()
	now, peak := s.proc.rss()
	most, all := fmt.Sprint(behind.Load()), fmt.Sprintf("%.1f", after.Seconds())
	if s.name == onlyRecording {
		most, all = "", ""
	}
	row(s.name, len(times), failed, inMS(percentile(times, .5)), inMS(percentile(times, .99)),
		fmt.Sprintf("%.2f", (s.proc.cpu()-before).Seconds()/float64(len(times))*1000), kept, in, most, all, fmt.Sprintf("%.0f / %.0f", now, peak))
	return nil
}

// folded counts the exchanges that ended, and those that are in the inventory.
func folded(ctx context.Context, db *sql.DB) (kept, in int64, err error) {
	err = db.QueryRowContext(ctx, "SELECT count(*), count(nullif(endpoint, -1)) FROM exchange WHERE state >= 3").Scan(&kept, &in)
	return kept, in, err
}

// steady calls do at a fixed rate, whether or not earlier calls have ended, and returns how long those took that did not
// fail, sorted.
func steady(ctx context.Context, lasts time.Duration, do func(i int) error) (times []time.Duration, failed int) {
	var mu sync.Mutex
	var running sync.WaitGroup
	tick := time.NewTicker(time.Second / perSecond)
	defer tick.Stop()
	begun, i := time.Now(), 0
	for ctx.Err() == nil && time.Since(begun) < lasts {
		for ; i < int(time.Since(begun)*perSecond/time.Second); i++ { // ticks that were late are made good
			call := i
			running.Go(func() {
				start := time.Now()
				err := do(call)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					failed++
					return
				}
				times = append(times, time.Since(start))
			})
		}
		<-tick.C
	}
	running.Wait()
	slices.Sort(times)
	return times, failed
}

// practise sends the i-th request: conversations that resend their history, whole and streamed, tools, embeddings, MCP, and
// ordinary calls.
func practise(ctx context.Context, client *http.Client, target string, i int) error {
	turn := i / 8 % 20
	var history strings.Builder
	for n := range turn {
		fmt.Fprintf(&history, `{"role":"user","content":"Tell me about part %d of garden %d, please, and who looks after it."},{"role":"assistant","content":"It is green, and the gardener is anna%d@example.com."},`, n, i/160, n)
	}
	chat := func(path, more string) (string, string, string) {
		return "POST", path, `{"model":"gpt-4o-mini","max_tokens":64,` + more + `"messages":[` + history.String() + fmt.Sprintf(`{"role":"user","content":"Question %d"}]}`, i)
	}
	var method, path, body string
	switch i % 8 {
	case 0:
		method, path, body = chat("/openai/v1/chat/completions", `"tools":[{"type":"function","function":{"name":"search","description":"Look something up","parameters":{"type":"object","properties":{"q":{"type":"string"}}}}}],`)
	case 1:
		method, path, body = chat("/openai/v1/chat/completions", `"stream":true,`)
	case 2:
		method, path, body = chat("/anthropic/v1/messages", `"system":"You look after gardens.",`)
	case 3:
		method, path, body = "POST", "/openai/v1/embeddings", fmt.Sprintf(`{"model":"text-embedding-3-small","input":"garden %d"}`, i)
	case 4:
		method, path, body = "POST", "/mcp", fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/list"}`, i)
	case 5:
		method, path = "GET", "/openai/v1/models"
	case 6:
		method, path = "GET", fmt.Sprintf("/app/orders/%d?page=%d", i, i%7)
	default:
		method, path, body = chat("/ollama/api/chat", "")
	}
	req, err := http.NewRequestWithContext(ctx, method, target+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer sk-bench")
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}
