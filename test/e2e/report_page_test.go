package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"assay/proxy/launch"
	"assay/report"
	"assay/report/page"
	"assay/report/reporttest"
)

// TestReportPage opens reports that are full of hostile texts in Chromium, opens what is folded, and goes over everything
// with a pointer: no script runs, no dialog opens, no request leaves, and nothing breaks the policy of the page. That the
// watch sees such things is shown by pages that do them.
func TestReportPage(t *testing.T) {
	t.Parallel()
	shown := serveReports(t)
	tab := newTab(t)
	for name, want := range map[string][]string{
		"/naive": {"script ran", "dialog", "request", "handler ran"}, "/guarded": {"violation", "report"},
	} {
		got := strings.Join(tab.visit(t, shown, name), "\n")
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("the watch did not see a %s on the page %s, only:\n%s", w, name, got)
			}
		}
	}
	for _, name := range shown.names {
		if seen := tab.visit(t, shown, name); len(seen) > 0 {
			t.Errorf("%s:\n%s", name, strings.Join(seen, "\n"))
		}
	}
}

// reports serves reports on loopback, and notes everything that comes in beside them.
type reports struct {
	*httptest.Server
	names []string
	mu    sync.Mutex
	came  []string
}

// naive is what a report would be whose writer escapes nothing.
const naive = `<!DOCTYPE html><title>naive</title><body data-page><script>window.hit='script';alert(1)</script><img src="/leak.png"><p onmouseover="window.handled=1">over`

func serveReports(t *testing.T) *reports {
	t.Helper()
	pages := map[string][]byte{"/naive": []byte(naive), "/guarded": []byte(naive)}
	s := &reports{}
	add := func(name string, d *report.Document) {
		var out bytes.Buffer
		if err := page.Write(&out, d); err != nil {
			t.Fatal(err)
		}
		pages[name] = out.Bytes()
		s.names = append(s.names, name)
	}
	add("/all", reporttest.Hostile())
	for i, audience := range []report.Audience{report.Executive, report.Technical, report.Retest} {
		add(fmt.Sprint("/sample/", audience), reporttest.Sample(audience))
		for n, text := range reporttest.Texts {
			if n%3 == i || audience == report.Technical {
				add(fmt.Sprintf("/%s/%d", audience, n), reporttest.Filled(audience, text))
			}
		}
	}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, known := pages[r.URL.Path]
		switch {
		case known:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if r.URL.Path != "/naive" {
				w.Header().Set("Content-Security-Policy", page.Policy+"; report-uri /csp")
			}
			_, _ = w.Write(data)
		case r.URL.Path == "/csp":
			body, _ := io.ReadAll(r.Body)
			s.note("report " + string(body))
		default:
			s.note("request " + r.URL.String())
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *reports) note(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, what)
}

// taken is what came in since the last time.
func (s *reports) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	came := s.came
	s.came = nil
	return came
}

// tab is a page of a browser that is watched from outside (https://chromedevtools.github.io/devtools-protocol/).
type tab struct {
	ctx     context.Context //nolint:containedctx // the test's
	socket  *websocket.Conn
	mu      sync.Mutex
	last    int
	answers map[int]chan json.RawMessage
	loaded  chan struct{}
	seen    []string
	here    string // the address that is open
}

func newTab(t *testing.T) *tab {
	t.Helper()
	browser, err := launch.Find("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: run `make setup`: ", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(cancel)
	profile := profileDir(t)
	options := []string{"--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0", "--user-data-dir=" + profile}
	if os.Geteuid() == 0 {
		options = append(options, "--no-sandbox")
	}
	command := exec.CommandContext(ctx, browser.Path, append(options, "about:blank")...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = 10 * time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Cancel() // it runs until it is ended
		_ = command.Wait()
	})
	w := &tab{ctx: ctx, socket: debug(ctx, t, profile), answers: map[int]chan json.RawMessage{}, loaded: make(chan struct{}, 64)}
	w.socket.SetReadLimit(64 << 20)
	go w.listen()
	for _, domain := range []string{"Page", "Network", "Log", "Runtime"} {
		w.call(t, domain+".enable", nil)
	}
	w.call(t, "Page.addScriptToEvaluateOnNewDocument", map[string]any{
		"source": `window.violations = []; addEventListener('securitypolicyviolation', (e) => window.violations.push(e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sample));`,
	})
	return w
}

// listen reads what the browser says until it is gone.
func (w *tab) listen() {
	for {
		var m struct {
			ID     int
			Method string
			Params json.RawMessage
			Result json.RawMessage
		}
		if wsjson.Read(w.ctx, w.socket, &m) != nil {
			return
		}
		if m.ID != 0 {
			w.mu.Lock()
			answer := w.answers[m.ID]
			delete(w.answers, m.ID)
			w.mu.Unlock()
			if answer != nil {
				answer <- m.Result
			}
			continue
		}
		w.event(m.Method, m.Params)
	}
}

// event notes what a report must not do.
func (w *tab) event(method string, params json.RawMessage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch method {
	case "Page.loadEventFired":
		w.loaded <- struct{}{}
	case "Page.javascriptDialogOpening":
		w.seen = append(w.seen, "dialog "+string(params))
		w.last++
		_ = wsjson.Write(w.ctx, w.socket, map[string]any{"id": w.last, "method": "Page.handleJavaScriptDialog", "params": map[string]any{"accept": true}})
	case "Network.requestWillBeSent":
		var sent struct{ Request struct{ URL string } }
		_ = json.Unmarshal(params, &sent) // an address that cannot be read is none that is allowed
		if address := sent.Request.URL; address != w.here && !strings.HasPrefix(address, "data:") && !strings.HasPrefix(address, w.here+"#") {
			w.seen = append(w.seen, "request "+address)
		}
	case "Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.windowOpen", "Page.downloadWillBegin":
		w.seen = append(w.seen, method+" "+string(params))
	}
}

// call sends a command and waits for its answer.
func (w *tab) call(t *testing.T, method string, params map[string]any) json.RawMessage {
	t.Helper()
	answer := make(chan json.RawMessage, 1)
	w.mu.Lock()
	w.last++
	id := w.last
	w.answers[id] = answer
	w.mu.Unlock()
	if err := wsjson.Write(w.ctx, w.socket, map[string]any{"id": id, "method": method, "params": params}); err != nil {
		t.Fatal(err)
	}
	select {
	case result := <-answer:
		return result
	case <-w.ctx.Done():
		t.Fatalf("%s: the browser does not answer", method)
		return nil
	}
}

// over opens what is folded, goes over every element as a pointer and the keyboard do, and says what happened.
const over = `(() => {
	for (const one of document.querySelectorAll('details')) one.open = true;
	for (const one of document.querySelectorAll('*')) {
		for (const kind of ['mouseover', 'mouseenter', 'focus', 'toggle', 'load', 'error', 'animationend', 'pointerdown']) one.dispatchEvent(new Event(kind));
		one.focus?.();
	}
	scrollTo(0, document.body.scrollHeight);
	const said = [];
	if (window.hit) said.push('script ran: ' + window.hit);
	if (window.handled) said.push('handler ran');
	for (const v of window.violations) said.push('violation ' + v);
	for (const one of document.querySelectorAll('script, iframe, object, embed, link:not([href="data:,"]), base, form, input, video, audio, foreignObject')) said.push('element ' + one.outerHTML.slice(0, 200));
	for (const one of document.querySelectorAll('a')) if (!/^(#|https:\/\/)/.test(one.getAttribute('href'))) said.push('link ' + one.outerHTML.slice(0, 200));
	if (document.documentElement.scrollWidth > innerWidth + 1) {
		const out = [...document.querySelectorAll('main *, header *, nav *')].filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll'));
		said.push('wider than the window: ' + out.slice(0, 3).map((e) => e.outerHTML.slice(0, 100)).join(' and '));
	}
	if (!document.querySelector('[data-page], main')) said.push('there is no page');
	return JSON.stringify(said);
})()`

// visit opens a page and returns everything that should not have happened.
func (w *tab) visit(t *testing.T, s *reports, name string) []string {
	t.Helper()
	w.mu.Lock()
	w.seen, w.here = nil, s.URL+name
	w.mu.Unlock()
	for len(w.loaded) > 0 {
		<-w.loaded
	}
	s.taken()
	w.call(t, "Page.navigate", map[string]any{"url": s.URL + name})
	select {
	case <-w.loaded:
	case <-w.ctx.Done():
		t.Fatalf("%s does not load", name)
	}
	var answer struct{ Result struct{ Value string } }
	if err := json.Unmarshal(w.call(t, "Runtime.evaluate", map[string]any{"expression": over, "returnByValue": true}), &answer); err != nil {
		t.Fatal(err)
	}
	var said []string
	if err := json.Unmarshal([]byte(answer.Result.Value), &said); err != nil {
		t.Fatalf("%s: %q: %v", name, answer.Result.Value, err)
	}
	w.mu.Lock()
	said = append(said, w.seen...)
	w.mu.Unlock()
	if name == "/guarded" { // the browser sends reports when it likes
		for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(20 * time.Millisecond) {
			if came := s.taken(); len(came) > 0 {
				return append(said, came...)
			}
		}
	}
	return slices.Concat(said, s.taken())
}
