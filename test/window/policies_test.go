package window

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// plantedKey looks like a key of a service. It must not reach the server while secrets are redacted.
const plantedKey = "sk-proj-Zq8vT2mLr5XcW1nKb7YhT3BlbkFJd4GsP9aQe6RuVj0oIx2M"

// named is the cell of a row that says what its policy is called.
const named = " > :nth-child(2)"

// service is the lab behind something that notes what reaches it.
type service struct {
	*httptest.Server
	client *http.Client // goes through the recorder

	mu   sync.Mutex
	last string // body that reached it
}

// startService starts it, and a client that knows the recorder of a window.
func startService(t *testing.T, w *page) *service {
	t.Helper()
	lab, err := url.Parse(startLab(t, 0))
	if err != nil {
		t.Fatal(err)
	}
	s := &service{}
	onwards := httputil.NewSingleHostReverseProxy(lab)
	s.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.last = string(body)
		s.mu.Unlock()
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		onwards.ServeHTTP(out, r)
	}))
	t.Cleanup(s.Close)
	w.capturing()
	s.client = w.proxied()
	return s
}

func (s *service) reached() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// said is what came back.
type said struct {
	status int
	body   string
	err    error
}

// say asks the model something, in the form of OpenAI.
func (s *service) say(ctx context.Context, text string) said {
	body, err := json.Marshal(map[string]any{"model": "gpt-4o-mini", "messages": []any{map[string]string{"role": "user", "content": text}}})
	if err != nil {
		return said{err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/openai/v1/chat/completions", bytes.NewReader(body))
	if err != nil {
		return said{err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer sk-lab-window-0123456789")
	resp, err := s.client.Do(req)
	if err != nil {
		return said{err: err}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return said{resp.StatusCode, string(answer), err}
}

// TestPolicies adds a preset, asks it what it would have done, switches it on while traffic passes, and sees a planted key
// taken out before it leaves; then something waits for a person, on whatever screen they are.
func TestPolicies(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		w.visit("Policies")
		w.Eventually("it says how to begin", func() bool { return w.Says("No policies yet") })
		w.Screenshot("policies-none")
		s := startService(t, w)
		w.addsPreset()
		w.wouldHave(s)
		w.enforces(s)
		w.checksText()
		w.asksPerson(s)
		w.leaves(s)
		w.ruled()
		w.startsAnew()
	})
}

// addsPreset looks at the presets and adds one: switched off.
func (w *page) addsPreset() {
	w.t.Helper()
	w.ClickText("[data-scope=policies] button", "Look at the presets")
	w.Wait("[data-pane=policies-presets]")
	w.Screenshot("policies-presets")
	w.ClickText("[data-pane=policies-presets] button", "Add Secrets")
	w.inList("inventory-policies", "Off, Secrets do not leave")
}

// wouldHave sends a key while the guard is off, which reaches the server, and asks the policy what it would have done.
func (w *page) wouldHave(s *service) {
	w.t.Helper()
	if got := s.say(w.t.Context(), "Is "+plantedKey+" a good key?"); got.status != http.StatusOK {
		w.fail("the lab answered %+v", got)
	}
	if !strings.Contains(s.reached(), plantedKey) {
		w.fail("the guard is off, and the server got %q", s.reached())
	}
	w.Click(w.inList("inventory-policies", "Secrets do not leave") + named)
	w.Wait("[data-pane=policies-editor]")
	w.Screenshot("policies-editor")
	w.ClickText("[data-pane=policies-editor] button", "What would it have done?")
	w.Wait("[data-pane=policies-preview]")
	w.Eventually("the exchange is read", func() bool { // a preview looks at what is there
		w.JS(`[...document.querySelectorAll('[data-pane=policies-preview] button[type=submit]')].find((e) => !e.disabled)?.click()`)
		return w.soon(func() bool { return w.Says("1 touched") })
	})
	w.inList("inventory-previewed", "Redacts")
	if !w.Says("Nothing was changed.") {
		w.t.Error("a preview does not say that nothing was changed")
	}
	w.Screenshot("policies-preview")
}

// soon waits a moment for something that may have to be asked for again.
func (w *page) soon(holds func() bool) bool {
	for range 20 {
		if holds() {
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

// enforces switches the policy on, enforces, and sends the key again.
func (w *page) enforces(s *service) {
	w.t.Helper()
	w.tab("Policies")
	w.Click(w.inList("inventory-policies", "Off, Secrets do not leave") + " [role=switch]")
	w.inList("inventory-policies", "On, Secrets do not leave")
	w.ClickText("[data-pane=policies-mode] label", "Enforce")
	w.Eventually("it asks, and names the policy", func() bool {
		return strings.Contains(w.said("[role=dialog][aria-modal]"), "Secrets do not leave")
	})
	w.Screenshot("policies-enforce")
	w.ClickText("[role=dialog][aria-modal] button", "Enforce")
	w.Eventually("the frame says so", func() bool { return strings.Contains(w.said("[data-pane=top]"), "Guard enforces 1 policy") })
	got := s.say(w.t.Context(), "Is "+plantedKey+" a good key?")
	if got.status != http.StatusOK {
		w.fail("the lab answered %+v", got)
	}
	if body := s.reached(); strings.Contains(body, plantedKey) || !strings.Contains(body, "a good key?") {
		w.fail("the server got %q", body)
	}
	w.tab("Rulings")
	w.inList("inventory-rulings", "Redacts, Done, Requests, Secrets do not leave")
	w.Screenshot("policies-rulings")
}

// checksText asks what would become of a text.
func (w *page) checksText() {
	w.t.Helper()
	w.tab("Check a text")
	w.Wait("[data-pane=policies-check] textarea")
	w.Type("[data-pane=policies-check] textarea", "use "+plantedKey+" please")
	w.ClickText("[data-pane=policies-check] button", "Check")
	w.Eventually("the key is marked", func() bool {
		return strings.Contains(w.said("[data-pane=policies-checked] mark"), "sk-proj-") && w.Says("1 of 1 policies matches")
	})
	w.Screenshot("policies-check")
}

// asksPerson has two requests wait for a person: the first is let through, the second is not. Who types is not disturbed.
func (w *page) asksPerson(s *service) {
	w.t.Helper()
	var saved struct {
		ID     string
		Faults []struct{ Field, Message string }
	}
	w.Call("Policies.Save", map[string]any{
		"name": "Ask before gpt-4o", "on": true, "action": "approve", "side": "request", "models": []string{"gpt-4o*"}, "fail_closed": true, "patience": 120,
	}, &saved)
	if saved.ID == "" {
		w.fail("the policy was not kept: %+v", saved.Faults)
	}
	w.visit("Traffic")
	w.Wait("search [role=combobox]")
	w.JS(`document.querySelector('search [role=combobox]').focus()`)
	for n, key := range []string{"y", "n"} {
		ctx, cancel := context.WithTimeout(w.t.Context(), 4*patience)
		defer cancel()
		answer := make(chan said, 1)
		go func() { answer <- s.say(ctx, fmt.Sprintf("question %d of somebody", n)) }()
		w.Eventually("something waits", func() bool {
			return strings.Contains(w.said("[data-pane=approvals]"), "Ask before gpt-4o") && strings.Contains(w.said("[data-pane=top]"), "1 waits for you")
		})
		if n == 0 {
			w.letters("yn")
			if w.JS(`return document.activeElement === document.querySelector('search [role=combobox]') && document.activeElement.value`) != "yn" {
				w.t.Error("it took the keyboard from who types")
			}
			w.Screenshot("policies-approval")
		}
		select {
		case got := <-answer:
			w.fail("nobody answered yet, and the client got %+v", got)
		default:
		}
		w.Keys("Mod+Shift+A", key)
		got := <-answer
		if n == 0 && (got.status != http.StatusOK || !strings.Contains(got.body, "choices")) {
			w.fail("it was let through, and the client got %+v", got)
		}
		if n == 1 && (got.status != http.StatusForbidden || !strings.Contains(got.body, `"error"`)) {
			w.fail("it was stopped, and the client got %+v", got)
		}
		w.Eventually("nothing waits any more", func() bool { return !w.Has("[data-pane=approvals]") })
	}
}

// leaves has a client give up before a person answers: nothing waits any more, by itself.
func (w *page) leaves(s *service) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	answer := make(chan said, 1)
	go func() { answer <- s.say(ctx, "a question that nobody waits for") }()
	w.Wait("[data-pane=approvals]")
	cancel()
	if got := <-answer; got.err == nil {
		w.fail("the client left, and got %+v", got)
	}
	w.Eventually("nothing waits any more", func() bool { return !w.Has("[data-pane=approvals]") })
}

// ruled looks at what is written down.
func (w *page) ruled() {
	w.t.Helper()
	w.Keys("Mod+8")
	w.tab("Rulings")
	w.inList("inventory-rulings", "Asks you, You let it pass")
	w.inList("inventory-rulings", "Asks you, You stopped it")
	w.inList("inventory-rulings", "Asks you, Nobody answered")
	w.ClickText("[data-scope=policies] [role=group] button", "Redacts")
	w.Eventually("only what was taken out is left", func() bool { return w.Count("[data-pane=inventory-rulings] [role=row][id]") == 1 })
	w.Click("[data-pane=inventory-rulings] [data-do=exchange]")
	w.Wait("[data-pane=traffic-detail]")
}

// startsAnew switches the guard off and removes a policy, which comes back.
func (w *page) startsAnew() {
	w.t.Helper()
	w.visit("Policies")
	w.ClickText("[data-pane=policies-mode] label", "Off")
	w.Eventually("the frame no longer says so", func() bool { return !strings.Contains(w.said("[data-pane=top]"), "Guard") })
	w.tab("Policies")
	w.Click(w.inList("inventory-policies", "Ask before gpt-4o") + named) // beside the editor, a part of the row is seen
	w.Eventually("it is open", func() bool { return strings.Contains(w.said("[data-pane=policies-editor] h2"), "Ask before gpt-4o") })
	w.ClickText("[data-pane=policies-editor] button", "Remove")
	w.Eventually("it is gone", func() bool { return w.listed("inventory-policies", "Ask before gpt-4o") == "" })
	w.ClickText("button", "Undo")
	w.inList("inventory-policies", "On, Ask before gpt-4o, Asks you")
	w.Screenshot("policies")
}
