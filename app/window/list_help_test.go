package window_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"assay/app"
	"assay/app/window"
	"assay/storage"
	"assay/traffic"
)

// rig is a Desk with a project of its own, as the window has it.
type rig struct {
	t     testing.TB
	desk  *window.Desk
	list  *window.Traffic
	store *storage.Project

	mu     sync.Mutex
	pulses []window.Pulse
}

func newRig(t testing.TB) *rig {
	t.Helper()
	return openRig(t, filepath.Join(t.TempDir(), "p.assay"))
}

func openRig(t testing.TB, project string) *rig {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, desk: window.New(&app.App{Home: home}, window.Options{Mode: window.Browser, Project: project})}
	r.desk.Start(t.Context(), window.Host{Emit: r.pulse})
	t.Cleanup(func() {
		if err := r.desk.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, bound := range r.desk.Bound() {
		if list, ok := bound.(*window.Traffic); ok {
			r.list = list
		}
	}
	if r.store, err = window.Store(r.desk); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) pulse(_ string, data any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pulses = append(r.pulses, data.(window.Pulse))
}

// seen returns the pulses there were since it was last asked.
func (r *rig) seen() []window.Pulse {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.pulses
	r.pulses = nil
	return seen
}

// add imports exchanges and returns their ids.
func (r *rig) add(list ...*traffic.Exchange) []string {
	r.t.Helper()
	ids := make([]string, len(list))
	_, err := r.store.Import(r.t.Context(), func(yield func(*traffic.Record, error) bool) {
		for _, x := range list {
			if !yield(&traffic.Record{Exchange: *x}, nil) {
				return
			}
		}
	}, storage.ImportOptions{Each: func(n int64, id traffic.ID) { ids[n] = id.String() }})
	if err != nil {
		r.t.Fatal(err)
	}
	return ids
}

// rest waits until everything is read and can be searched.
func (r *rig) rest() {
	r.t.Helper()
	until := time.Now().Add(3 * time.Minute)
	for {
		unread, _, err := r.store.Waiting(r.t.Context())
		if err == nil && unread == 0 {
			err = r.store.Settle(r.t.Context())
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if unread == 0 {
			return
		}
		if time.Now().After(until) {
			r.t.Fatalf("after three minutes %d exchanges are unread", unread)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// open opens a view and waits until it is whole.
func (r *rig) open(in window.ViewIn) window.ViewOut {
	r.t.Helper()
	out, err := r.list.Open(in)
	if err != nil {
		r.t.Fatal(err)
	}
	for out.Looking {
		time.Sleep(10 * time.Millisecond)
		now := r.sync(out.View)
		out.Count, out.Folded, out.Looking = now.Count, now.Folded, now.Looking
	}
	return out
}

func (r *rig) sync(view string) window.SyncOut {
	r.t.Helper()
	out, err := r.list.Sync(window.SyncIn{View: view})
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

// items returns all items of a view.
func (r *rig) items(view string) (all []window.Item) {
	r.t.Helper()
	for {
		out, err := r.list.Page(window.PageIn{View: view, From: len(all), Limit: 500})
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, out.Items...)
		if len(all) >= out.Count || len(out.Items) == 0 {
			return all
		}
	}
}

// told writes items the short way: 7 is an exchange, 7x3 a group of three turns, 7x3+ one that is expanded, .7 a turn.
func told(items []window.Item) (list []string) {
	for _, i := range items {
		switch s := i.Row.ID; {
		case i.Turn > 0:
			list = append(list, "."+s)
		case i.Expanded:
			list = append(list, fmt.Sprintf("%sx%d+", s, i.Turns))
		case i.Turns > 0:
			list = append(list, fmt.Sprintf("%sx%d", s, i.Turns))
		default:
			list = append(list, s)
		}
	}
	return list
}

func exchange(method, url string, status int, req, res string) *traffic.Exchange {
	x := &traffic.Exchange{
		Started: time.Now(), Source: traffic.SourceProxy, Kind: traffic.KindHTTP, State: traffic.StateComplete,
		Request: traffic.Request{
			Method: method, URL: url, Proto: "HTTP/1.1", Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}},
			Body: traffic.Body{Size: int64(len(req)), Kept: int64(len(req)), Data: []byte(req)},
		},
	}
	if status != 0 {
		x.Response = &traffic.Response{
			Status: status, Proto: "HTTP/1.1", Header: traffic.Header{{Name: "Content-Type", Value: "application/json"}},
			Body: traffic.Body{Size: int64(len(res)), Kept: int64(len(res)), Data: []byte(res)},
		}
	}
	return x
}

// turn is the nth turn, from 1, of a conversation with a model: the client resends the history.
func turn(conversation string, n int, model string) *traffic.Exchange {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	var messages []message
	for i := 1; i <= n; i++ {
		messages = append(messages, message{"user", fmt.Sprintf("%s asks %d", conversation, i)})
		if i < n {
			messages = append(messages, message{"assistant", fmt.Sprintf("%s is told %d", conversation, i)})
		}
	}
	req, _ := json.Marshal(map[string]any{"model": model, "messages": messages})
	res := fmt.Sprintf(`{"id":"c","object":"chat.completion","model":%q,"choices":[{"index":0,"message":{"role":"assistant","content":"%s is told %d"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}`, model, conversation, n)
	return exchange("POST", "https://api.openai.com/v1/chat/completions", 200, string(req), res)
}

func page(host string) *traffic.Exchange {
	return exchange("GET", "https://"+host+"/index.html", 200, "", "{}")
}
