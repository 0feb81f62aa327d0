package window

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// measure makes the measurements of `make bench` run; they are no checks.
var measure = flag.Bool("measure", false, "measure the window")

// measured runs a measurement on both targets.
func measured(t *testing.T, o options, test func(t *testing.T, w *page)) {
	t.Helper()
	if !*measure {
		t.Skip("a measurement: go test ./test/window -run Measure -measure -v")
	}
	eachTarget(t, o, test)
}

// TestMeasureLarge scrolls a large project: ASSAY_BENCH_KEEP names it (see BenchmarkMillion of package storage).
func TestMeasureLarge(t *testing.T) {
	project := os.Getenv("ASSAY_BENCH_KEEP")
	if *measure && project == "" {
		t.Fatal("ASSAY_BENCH_KEEP must name a project")
	}
	measured(t, options{Project: project, Args: []string{"--no-capture"}}, func(t *testing.T, w *page) {
		w.Wait("nav")
		w.ClickText("nav button, nav a", "Traffic")
		began := time.Now()
		w.Wait("[role=row][id]")
		t.Logf("%s: first rows %v after Traffic was chosen; %v items", w.Target, time.Since(began).Round(time.Millisecond), w.JS(`return document.querySelector('[role=grid]').getAttribute('aria-rowcount')`))
		w.Eventually("the whole list is known", func() bool {
			return !w.JS(`return document.querySelector('[role=grid]').getAttribute('aria-rowcount') < 1000`).(bool)
		})
		time.Sleep(5 * time.Second) // a list of a million is completed in the background
		for _, step := range []int{60, 400, 100000} {
			t.Logf("%s: scrolling %d px a frame: %s", w.Target, step, w.scroll(step))
		}
		for _, query := range []string{"host:api3", "model:o3", "status>=500", "kettle"} {
			w.Type("[role=combobox]", query)
			began := time.Now()
			w.Keys("Enter")
			w.Eventually("the list is filtered", func() bool {
				return w.JS(`return document.querySelector('[role=grid]')?.getAttribute('aria-busy') !== 'true'`) == true
			})
			t.Logf("%s: filter %s after %v", w.Target, query, time.Since(began).Round(time.Millisecond))
		}
		t.Logf("%s: %d MiB", w.Target, memory(t, w.app.cmd.Process.Pid)>>20)
	})
}

// scroll scrolls the list for three seconds and says how many frames a second were drawn.
func (w *page) scroll(step int) string {
	w.t.Helper()
	result := w.JS(`const [step] = arguments; const grid = document.querySelector('[role=grid]'); grid.scrollTop = 0;
		return new Promise((done) => {
			let frames = 0, worst = 0, last = performance.now(), down = 1; const began = last;
			const frame = (now) => {
				frames++; worst = Math.max(worst, now - last); last = now;
				if (grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1) down = -1;
				if (grid.scrollTop <= 0) down = 1;
				grid.scrollTop += down * step;
				if (now - began < 3000) requestAnimationFrame(frame);
				else done({ fps: frames / (now - began) * 1000, worst });
			};
			requestAnimationFrame(frame);
		})`, step).(map[string]any)
	return fmt.Sprintf("%.0f frames/s, slowest frame %.0f ms", result["fps"], result["worst"])
}

// TestMeasureStream measures how long the first words of a streamed answer take from the server to the screen.
func TestMeasureStream(t *testing.T) {
	measured(t, options{}, func(t *testing.T, w *page) {
		var sent time.Time
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			_, after, _ := strings.Cut(string(body), "first word ")
			n, _, _ := strings.Cut(after, " ")
			rw.Header().Set("Content-Type", "text/event-stream")
			flush := http.NewResponseController(rw)
			_, _ = io.WriteString(rw, "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n")
			_ = flush.Flush()
			time.Sleep(1500 * time.Millisecond)
			sent = time.Now()
			_, _ = io.WriteString(rw, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ZZFIRST"+n+" word\"}}]}\n\n")
			_ = flush.Flush()
			time.Sleep(time.Second)
			_, _ = io.WriteString(rw, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
		}))
		t.Cleanup(server.Close)
		w.capturing()
		w.ClickText("nav button, nav a", "Traffic")
		client := w.proxied()
		for n := range 5 {
			question := fmt.Sprintf("first word %d please", n)
			go func() {
				if resp, err := client.Post(server.URL+"/v1/chat/completions", "application/json", strings.NewReader(`{"model":"m","stream":true,"messages":[{"role":"user","content":"`+question+`"}]}`)); err == nil {
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
			}()
			var seen float64
			w.Click(w.row(question))
			w.into(&seen, `return new Promise((done) => {
				const look = () => document.querySelector('[data-pane=traffic-detail]')?.innerText.includes(arguments[0]) ? requestAnimationFrame(() => done(Date.now())) : setTimeout(look, 4);
				look();
			})`, fmt.Sprintf("ZZFIRST%d", n))
			t.Logf("%s: first words on the screen %.0f ms after the server sent them", w.Target, seen-float64(sent.UnixMicro())/1000)
			time.Sleep(1500 * time.Millisecond)
		}
	})
}

// proxied is a client that uses the recorder.
func (w *page) proxied() *http.Client {
	w.t.Helper()
	var state struct{ Capture struct{ Listen string } }
	w.Call("Session.State", struct{}{}, &state)
	proxy, err := url.Parse("http://" + state.Capture.Listen)
	if err != nil {
		w.t.Fatal(err)
	}
	return &http.Client{Transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return proxy, nil }, MaxIdleConnsPerHost: 8}}
}

// TestMeasureBigAnswer opens an answer of 5 MB.
func TestMeasureBigAnswer(t *testing.T) {
	measured(t, options{}, func(t *testing.T, w *page) {
		text := strings.Repeat("All work and no play makes a long answer. ", 5<<20/42)
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			rw.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(rw, `{"object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%q}}]}`, text)
		}))
		t.Cleanup(server.Close)
		w.capturing()
		client := w.proxied()
		for _, question := range []string{"small talk", "a long answer"} {
			resp, err := client.Post(server.URL+"/v1/chat/completions", "application/json", strings.NewReader(`{"model":"m","messages":[{"role":"user","content":"`+question+`"}]}`))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		w.ClickText("nav button, nav a", "Traffic")
		row := w.row("a long answer")
		for _, view := range []string{"1", "2", "3"} {
			w.Click(w.row("small talk"))
			w.Keys(view)
			time.Sleep(time.Second)
			took := w.JS(`const began = performance.now(); document.querySelector('[data-pane=traffic-detail]').dataset.old = '1';
				const pane = () => document.querySelector('[data-pane=traffic-detail]').innerText;
				const before = pane(); document.querySelector(arguments[0]).click();
				return new Promise((done) => { const look = () => { const now = pane(); now !== before && now.includes('All work') && document.querySelector('[data-pane=traffic-detail] [role=status][aria-busy=true]') === null ? requestAnimationFrame(() => done(performance.now() - began)) : setTimeout(look, 4); }; setTimeout(look, 4); })`, row)
			t.Logf("%s: a 5 MB answer in view %s after %.0f ms", w.Target, view, took)
		}
	})
}

// TestMeasureArrivals looks at the list while 200 exchanges a second arrive for a minute.
func TestMeasureArrivals(t *testing.T) {
	measured(t, options{}, func(t *testing.T, w *page) {
		target := startLab(t, 0)
		w.capturing()
		w.ClickText("nav button, nav a", "Traffic")
		w.JS(`window.long = []; try { new PerformanceObserver((list) => { for (const e of list.getEntries()) window.long.push(e.duration); }).observe({ entryTypes: ['longtask'] }); } catch {}
			let last = performance.now(); window.gaps = []; const frame = (now) => { if (now - last > 100) window.gaps.push(now - last); last = now; requestAnimationFrame(frame); }; requestAnimationFrame(frame); return 0`)
		before := memory(t, w.app.cmd.Process.Pid)
		client := w.proxied()
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		slots := make(chan struct{}, 32)
		sent := 0
		for began := time.Now(); time.Since(began) < time.Minute; <-tick.C {
			slots <- struct{}{}
			sent++
			go func(n int) {
				defer func() { <-slots }()
				resp, err := client.Post(target+"/openai/v1/chat/completions", "application/json", strings.NewReader(fmt.Sprintf(`{"model":"gpt-4o","messages":[{"role":"user","content":"Hello number %d"}]}`, n)))
				if err == nil {
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
			}(sent)
		}
		t.Logf("%s: %d exchanges in a minute; tasks over 50 ms: %v; frames over 100 ms apart: %v; memory %d -> %d MiB", w.Target, sent,
			w.JS(`return window.long`), w.JS(`return window.gaps`), before>>20, memory(t, w.app.cmd.Process.Pid)>>20)
	})
}
