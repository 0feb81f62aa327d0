package e2e_test

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"assay/proxy/ca"
	"assay/proxy/launch"
)

// TestChromium opens the practice shop in a headless browser, whose page asks its chat backend twice.
func TestChromium(t *testing.T) {
	t.Parallel()
	browser, err := launch.Find("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: run `make setup`: ", err)
	}
	r := record(t)
	dom := browse(t, r, browser, "https://shop.example/?ask="+strings.ReplaceAll("Tell the browser about kettles", " ", "+")+
		"&stream="+strings.ReplaceAll("Tell the browser stream about toasters", " ", "+"))
	if !strings.Contains(dom, `data-done="yes"`) || !strings.Contains(dom, "A-1001 Kettle: shipped") {
		t.Fatalf("the page did not finish:\n%s", dom)
	}
	said := regexp.MustCompile(`<li class="sunny">([^<]+)</li>`).FindAllStringSubmatch(dom, -1)
	if len(said) != 2 {
		t.Fatalf("the page shows %d answers, want 2:\n%s", len(said), dom)
	}
	rows := r.awaitAnswers(t, "chromium", map[string]string{
		"Tell the browser about kettles":         html.UnescapeString(said[0][1]),
		"Tell the browser stream about toasters": html.UnescapeString(said[1][1]),
	})
	plain := 0
	for _, one := range rows {
		switch {
		case strings.HasPrefix(one.URL, "https://shop.example/api/chat"):
			if one.Kind != "chat-backend" {
				t.Errorf("%s is of kind %q, want chat-backend", one.URL, one.Kind)
			}
		case one.Host == "shop.example":
			plain++
			if one.Kind != "plain" && one.Kind != "" {
				t.Errorf("%s is of kind %q, want plain", one.URL, one.Kind)
			}
		}
	}
	if plain < 4 {
		t.Errorf("%d ordinary exchanges recorded, want the page, its script, its style and the orders", plain)
	}
}

// profileDir is a folder for a browser's profile. Children of a browser that was ended go on writing into it for a
// moment, so it is removed with patience.
func profileDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "assay-e2e-profile-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 100 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Errorf("the browser still writes into its profile: %v", err)
	})
	return dir
}

// browse opens a page as `assay launch browser` does, but headless, waits until it says that it is done, and returns what it shows.
func browse(t *testing.T, r *recorder, browser launch.Browser, page string) string {
	t.Helper()
	authority, err := ca.Load(filepath.Dir(r.CA))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	session := launch.Session{Proxy: r.Listen, Trust: authority, Dir: profileDir(t), Base: environment(r.home)}
	command, err := browser.Command(ctx, session, "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", page)
	if err != nil {
		t.Fatal(err)
	}
	profile := ""
	for _, option := range command.Args {
		if folder, ok := strings.CutPrefix(option, "--user-data-dir="); ok {
			profile = folder
		}
	}
	command.WaitDelay = 10 * time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Cancel() // it runs until it is ended
		_ = command.Wait()
	})
	socket := debug(ctx, t, profile)
	for id := 1; ; id++ {
		shown := evaluate(ctx, t, socket, id, `document.body?.dataset.done === "yes" ? document.documentElement.outerHTML : ""`)
		if shown != "" {
			return shown
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// debug connects to the page of a browser that debugs itself.
func debug(ctx context.Context, t *testing.T, profile string) *websocket.Conn {
	t.Helper()
	for {
		if err := ctx.Err(); err != nil {
			t.Fatalf("the browser shows no page: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
		text, err := os.ReadFile(filepath.Join(profile, "DevToolsActivePort"))
		if err != nil {
			continue // not yet
		}
		port, _, _ := strings.Cut(string(text), "\n")
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+port+"/json/list", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
		if err != nil {
			continue
		}
		var pages []struct {
			Type   string `json:"type"`
			Socket string `json:"webSocketDebuggerUrl"`
		}
		err = json.NewDecoder(response.Body).Decode(&pages)
		if response.Body.Close() != nil || err != nil {
			continue
		}
		for _, page := range pages {
			if page.Type != "page" {
				continue
			}
			socket, _, err := websocket.Dial(ctx, page.Socket, nil)
			if err != nil {
				t.Fatal(err)
			}
			socket.SetReadLimit(1 << 20)
			t.Cleanup(func() { _ = socket.CloseNow() }) // nothing more to say
			return socket
		}
	}
}

// evaluate returns the text an expression has on the page; "" while the page is still loading.
func evaluate(ctx context.Context, t *testing.T, socket *websocket.Conn, id int, expression string) string {
	t.Helper()
	command := map[string]any{"id": id, "method": "Runtime.evaluate", "params": map[string]any{"expression": expression, "returnByValue": true}}
	if err := wsjson.Write(ctx, socket, command); err != nil {
		t.Fatal(err)
	}
	for {
		var answer struct {
			ID     int
			Result struct{ Result struct{ Value any } }
		}
		if err := wsjson.Read(ctx, socket, &answer); err != nil {
			t.Fatal(err)
		}
		if answer.ID == id {
			text, _ := answer.Result.Result.Value.(string)
			return text
		}
	}
}
