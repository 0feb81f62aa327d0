package window

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// hostile are answers of a model, and texts of a user, that try to do something in the window that shows them. %s is the
// address of a server that counts who comes.
var hostile = []struct{ name, text string }{
	{"script", `<script>window.pwned='script';fetch('%s/script')</script>`},
	{"handler", `<img src=x onerror="window.pwned='handler'"><svg onload="window.pwned='svg'"><image href="%s/svg"/></svg>`},
	{"image", `<img src="%s/image"><link rel=stylesheet href="%s/css"><iframe src="%s/frame"></iframe>`},
	{"markdown", `![picture](%s/markdown.png) [click](javascript:window.pwned='link') [data](data:text/html,<script>window.pwned='data'</script>)`},
	{"link", `<a href="javascript:window.pwned='a'">here</a> javascript:window.pwned='bare' data:text/html;base64,PHNjcmlwdD4=`},
	{"bidi", "transfer \u202e001\u202c to \u2066admin\u2069 \u200b\u200d\ufeff \U000e0041\U000e0042"},
	{"terminal", "\x1b[2J\x1b]0;owned\x07\x1b[31mred\x00\x08\x7f\u009b"},
	{"template", "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=2} <%%= 7*7 %%>"},
	{"long line", strings.Repeat("A", 3<<20)},
	{"words", strings.Repeat("wooooooord", 20000)},
	{"right to left", strings.Repeat("מה שלומך שלום עולם ", 200)},
	{"surrogates", `\ud800 lone \udc00 \ud83d`},
}

// hostileServer answers as a model that says what the last message asks for by number. Some answers are not even JSON.
func hostileServer(t *testing.T, canary string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var n int
		if _, err := fmt.Sscanf(r.URL.Query().Get("n"), "%d", &n); err != nil || n >= len(hostile) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("\xff\xfe<html><script>window.pwned='page'</script>" + strings.Repeat("\xc3\x28", 1000) + string(body)))
			return
		}
		text := strings.ReplaceAll(hostile[n].text, "%s", canary)
		quoted, _ := json.Marshal(text)
		if hostile[n].name == "surrogates" {
			quoted = []byte(`"` + text + `"`) // as JSON allows and no string can hold
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Hostile", "<script>window.pwned='header'</script>")
		fmt.Fprintf(w, `{"id":"x","object":"chat.completion","model":"<b onclick=pwned()>m</b>","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%s,
			"tool_calls":[{"id":"1","type":"function","function":{"name":"<script>window.pwned='tool'</script>","arguments":"{\"a\":\"<img src=%s/args>\"}"}}]}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}`, quoted, canary)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestHostile shows recorded bodies that attack the window, in every view: nothing runs, nothing is fetched, the window
// stays usable.
func TestHostile(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		var visits atomic.Int64
		canary := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			visits.Add(1)
			t.Errorf("the window fetched %s", r.URL)
		}))
		t.Cleanup(canary.Close)
		target := hostileServer(t, canary.URL)
		w.capturing()
		for n, h := range hostile {
			w.ask(target, n, strings.ReplaceAll(h.text, "%s", canary.URL))
		}
		w.ask(target, len(hostile), "not even JSON <script>window.pwned='raw'</script>")

		w.ClickText("nav button, nav a", "Traffic")
		w.Eventually("all rows are there", func() bool {
			return w.JS(`return document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') >= arguments[0]`, len(hostile)+2) == true
		})
		w.Click("[role=row][id]")
		w.Keys("Home", "Enter")
		for n := 0; n <= len(hostile); n++ {
			for _, view := range []string{"1", "2", "3", "4", "5"} {
				w.Keys(view)
				w.Eventually("the window answers", func() bool {
					return w.JS(`return new Promise((done) => requestAnimationFrame(() => done(true)))`) == true
				})
				if n < 8 && (view == "1" || view == "3") {
					w.Eventually("something is shown", func() bool { return len(w.Text("[data-pane=traffic-detail]")) > 60 })
					w.Screenshot(fmt.Sprintf("hostile-%02d-%s", n, view))
				}
			}
			w.unharmed()
			w.Keys("1", "ArrowDown")
		}
		for _, tab := range []string{"Headers", "Timing"} {
			w.ClickText("[role=tab]", tab)
			w.unharmed()
		}
		if visits.Load() > 0 {
			t.Errorf("%d requests left the window", visits.Load())
		}
	})
}

// unharmed fails when something of a recording ran, or became an element that could.
func (w *page) unharmed() {
	w.t.Helper()
	if harm := w.JS(`if (window.pwned !== undefined) return 'ran: ' + window.pwned;
		const bad = document.querySelector('#root script, #root iframe, #root object, #root embed, #root img[src^="http"], #root a[href^="javascript"], #root a[href^="data"], [onerror], [onload], [onclick]');
		return bad ? 'an element: ' + bad.outerHTML.slice(0, 200) : ''`); harm != "" {
		w.fail("%v", harm)
	}
}

// ask sends a chat request through the recorder, as a client with a proxy does.
func (w *page) ask(target string, n int, text string) {
	w.t.Helper()
	var state struct{ Capture struct{ Listen string } }
	w.Call("Session.State", struct{}{}, &state)
	proxy, err := url.Parse("http://" + state.Capture.Listen)
	if err != nil {
		w.t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"model": "gpt-4o", "messages": []any{
		map[string]string{"role": "system", "content": "<style>*{display:none}</style>" + text[:min(len(text), 200)]}, map[string]string{"role": "user", "content": text},
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return proxy, nil }, DisableKeepAlives: true}}
	resp, err := client.Post(fmt.Sprintf("%s/v1/chat/completions?n=%d", target, n), "application/json", strings.NewReader(string(body)))
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}
