package storage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// facts is an exchange in the words of the filter language, told by the test and not by the project: what SQL finds is
// compared with what traffic.Query.Match says about it.
type facts struct {
	id    traffic.ID
	x     *traffic.Exchange
	c     *llm.Conversation
	tags  []string
	note  string
	mark  string
	cost  int64
	first traffic.ID // of the conversation

	endpoint *scanner.Endpoint // nil for none
	places   []*scanner.Place
	asset    int64
}

func (f *facts) Strings(field, key string) []string {
	var out []string
	add := func(s ...string) {
		for _, s := range s {
			if s != "" {
				out = append(out, s)
			}
		}
	}
	texts := func(roles ...string) {
		for _, m := range f.c.Messages {
			for _, p := range m.Parts {
				if slices.Contains(roles, m.Role) {
					add(p.Text)
				}
			}
		}
	}
	_, after, _ := strings.Cut(f.x.Request.URL, "://")
	host, path, _ := strings.Cut(after, "/")
	path, _, _ = strings.Cut("/"+path, "?")
	switch field {
	case "access", "documented", "auth", "sensitive":
		return f.inventoried(field)
	case "system":
		add(f.c.System...)
	case "user":
		texts("user")
	case "assistant":
		texts("assistant")
		add(f.c.Answer)
	case "reasoning":
		add(f.c.Reasoning)
	case "tool_text":
		texts("tool")
		for _, call := range f.c.ToolCalls {
			add(call.Name, call.Arguments)
		}
	case "text":
		for _, field := range []string{"system", "user", "assistant", "reasoning", "tool_text"} {
			add(f.Strings(field, "")...)
		}
		add(f.x.Request.URL)
	case "host":
		add(host)
	case "path":
		add(path)
	case "url":
		add(f.x.Request.URL)
	case "method":
		add(f.x.Request.Method)
	case "state":
		add(string(f.x.State))
	case "source":
		add(string(f.x.Source))
	case "scheme":
		add("https")
	case "client":
		add(f.x.Client.Process)
	case "mime":
		add("application/json")
	case "model":
		add(f.c.Model)
	case "provider":
		add(f.c.Provider)
	case "family":
		add(f.c.Family)
	case "kind":
		add(string(f.c.Kind))
	case "finish":
		add(f.c.Finish)
	case "tag":
		add(f.tags...)
	case "note":
		add(f.note)
	case "colour":
		add(f.mark)
	case "role":
		for _, m := range f.c.Messages {
			add(m.Role)
		}
	case "tool":
		for _, tool := range f.c.Tools {
			add(tool.Name)
		}
	case "tool_call":
		for _, call := range f.c.ToolCalls {
			add(call.Name)
		}
	case "error":
		if f.c.Error != nil {
			add(f.c.Error.Message)
		}
	case "header":
		for _, h := range []traffic.Header{f.x.Request.Header, f.x.Response.Header} {
			for _, l := range h {
				if key == "" {
					add(l.Name + ": " + l.Value)
				} else if strings.EqualFold(l.Name, key) {
					add(l.Value)
				}
			}
		}
	case "conversation":
		if f.first != 0 {
			add(f.first.String())
		}
	case "has":
		for what, has := range map[string]bool{
			"answer": f.c.Answer != "", "reasoning": f.c.Reasoning != "", "tools": len(f.c.Tools) > 0, "tool_calls": len(f.c.ToolCalls) > 0,
			"error": f.c.Error != nil, "note": f.note != "", "tag": len(f.tags) > 0, "colour": f.mark != "", "stream": f.c.Streamed,
			"conversation": f.first != 0,
		} {
			if has {
				add(what)
			}
		}
	}
	return out
}

func (f *facts) Number(field string) (int64, bool) {
	of := func(n *int64) (int64, bool) {
		if n == nil {
			return 0, false
		}
		return *n, true
	}
	switch field {
	case "endpoint", "risk", "count", "first", "last", "new", "asset":
		return f.inventoriedNumber(field)
	case "status":
		return int64(f.x.Response.Status), true
	case "id":
		return int64(f.id), true
	case "size":
		return f.x.Request.Body.Size + f.x.Response.Body.Size, true
	case "request_bytes":
		return f.x.Request.Body.Size, true
	case "duration":
		return f.x.Timing.Done.Microseconds(), true
	case "started":
		return f.x.Started.UnixMicro(), true
	case "messages":
		return int64(len(f.c.Messages)), len(f.c.Messages) > 0
	case "input_tokens":
		return of(f.c.Usage.Input)
	case "output_tokens":
		return of(f.c.Usage.Output)
	case "cost":
		return f.cost, f.cost > 0
	case "stream":
		if f.c.Streamed {
			return 1, true
		}
		return 0, f.c.Kind != llm.KindPlain
	}
	return 0, false
}

var queryNow = time.Date(2026, 3, 1, 13, 0, 0, 0, time.UTC)

// world makes a project of n exchanges, half of them turns of conversations that resend their history.
func world(t *testing.T, n int) (*storage.Project, []*facts) {
	t.Helper()
	p := open(t, temp(t), storage.Options{Price: func(c *llm.Conversation) (int64, bool) {
		if c.Usage.Input == nil {
			return 0, false
		}
		return *c.Usage.Input * 10, true
	}})
	rnd := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields("refund policy password secret weather the a of paris london tool bash über 東京 naïve x1")
	say := func() string {
		s := make([]string, 3+rnd.IntN(6))
		for i := range s {
			s[i] = words[rnd.IntN(len(words))]
		}
		return strings.Join(s, " ")
	}
	part := func(s string) []llm.Part { return []llm.Part{{Kind: llm.PartText, Text: s}} }
	var all []*facts
	last := map[int]*facts{}
	readings := map[traffic.ID]*llm.Conversation{}
	for i := range n {
		f := &facts{c: &llm.Conversation{Kind: llm.KindPlain}}
		host := fmt.Sprintf("h%d.example.com", rnd.IntN(4))
		x := exchange(host, fmt.Sprintf("/v1/%s?q=%d", words[rnd.IntN(6)], i), []int{200, 200, 404, 429, 500}[rnd.IntN(5)], make([]byte, rnd.IntN(300)), make([]byte, rnd.IntN(3000)))
		x.Started = queryNow.Add(-time.Duration(n-i) * time.Minute)
		x.Request.Method = []string{"GET", "POST"}[rnd.IntN(2)]
		x.Timing.Done = time.Duration(rnd.IntN(5000)) * time.Millisecond
		x.Client.Process = []string{"", "python3", "node"}[rnd.IntN(3)]
		x.State = []traffic.State{traffic.StateComplete, traffic.StateClosed, traffic.StateFailed}[rnd.IntN(3)]
		x.Response.Header = append(x.Response.Header, traffic.Field{Name: "Server", Value: words[rnd.IntN(5)]})
		f.x = x
		f.id = record(p.Recorder(), x, 1)
		if rnd.IntN(3) > 0 {
			in, out := int64(rnd.IntN(5000)), int64(rnd.IntN(500))
			f.c = &llm.Conversation{
				Kind: llm.KindLLM, Provider: []string{"openai", "anthropic"}[rnd.IntN(2)], Family: "openai.chat", Model: []string{"gpt-4o", "gpt-4o-mini", "claude-x"}[rnd.IntN(3)],
				Streamed: rnd.IntN(2) == 0, Answer: say(), Finish: "stop", Usage: llm.Usage{Input: &in, Output: &out},
			}
			f.cost = in * 10
			f.first = f.id
			if prev := last[i%5]; prev != nil && rnd.IntN(4) > 0 {
				f.c.System = prev.c.System
				f.c.Messages = append(slices.Clone(prev.c.Messages), llm.Message{Role: "assistant", Parts: part(prev.c.Answer)})
				f.first = prev.first
			} else {
				f.c.System = []string{say()}
				f.c.Messages = []llm.Message{{Role: "system", Parts: part(f.c.System[0])}}
			}
			f.c.Messages = append(f.c.Messages, llm.Message{Role: []string{"user", "tool"}[rnd.IntN(5)/4], Parts: part(say())})
			if rnd.IntN(3) == 0 {
				f.c.Tools = []llm.Tool{{Name: "bash"}, {Name: "read_file"}}
				f.c.ToolCalls = []llm.ToolCall{{ID: "1", Name: "bash", Arguments: `{"cmd":"` + say() + `"}`}}
			}
			if rnd.IntN(5) == 0 {
				f.c.Reasoning = say()
			}
			if rnd.IntN(6) == 0 {
				f.c.Error = &llm.ProviderError{Message: "rate_limit reached"}
			}
			f.c.MessageCount = len(f.c.Messages)
			last[i%5] = f
		}
		readings[f.id] = f.c
		all = append(all, f)
	}
	flush(t, p)
	if err := p.SaveReadings(t.Context(), readings); err != nil {
		t.Fatal(err)
	}
	for i, f := range all {
		if i%10 == 3 {
			f.tags, f.note, f.mark = []string{"todo", "later"}, "ask the team", "red"
			if err := firstError(p.SetTags(t.Context(), f.id, f.tags), p.SetNote(t.Context(), f.id, f.note), p.SetColour(t.Context(), f.id, f.mark)); err != nil {
				t.Fatal(err)
			}
		}
	}
	enlist(t, p, all)
	settle(t, p)
	return p, all
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

var filters = []string{
	"", "refund", "refund policy", `"refund policy"`, "refun*", "not refund", "-weather refund", "system:refund", "user:password", "assistant:paris", "reasoning:tool",
	"tool_text:bash", "über", "東京", "naïve", "text:nothing", `"password secret" or "secret password"`, "host:h1", "host=h1.example.com", "host:*.example.com", "host!=h1.example.com",
	"path:/v1/refund", "path=/v1/refund", "url:q=7", "method=POST", "method!=GET", "status:5xx", "status>=400", "status:400..450", "status!=200", "state:closed", "-state:(closed, failed)",
	"source:proxy", "source:import", "scheme:https", "mime:json", "header:refund", "header.server:refund", "header.server=policy", "client:python", "-client:node", "client~^n",
	"error:rate", "error~/LIMIT/i", "kind:llm", "kind:plain", "provider=openai", "family:openai", "model:gpt", "model:gpt*mini", "model=gpt-4o", "model!=gpt-4o", "model~^claude",
	"finish=stop", "role:tool", "-role:tool kind:llm", "tool:bash", "tool:*_file", "tool=read", "tool_call:bash", "stream:yes", "stream:no", "messages>4", "input_tokens>=1000", "output_tokens<10",
	"cost>0.01", "size>2kB", "request_bytes<100", "duration>2s", "started>-30m", "until:2026-03-01T12:30", "id:(3, 5, 7)", "id>20", "tag:todo", "tag=later", "note:team", "colour:red",
	"has:tools", "-has:error", "has:(note, answer)", "has:conversation", "has:reasoning", "conversation=1", "refund and status:5xx and not model:gpt", "(refund or weather) host:h2",
	"refund -policy model:gpt started>-1h", `x1 "paris london"`, "password or status=404 or tag:todo", "url:refund paris",
	"endpoint:2", "endpoint>=3", "-endpoint:(1, 2)", "asset:2", "asset:(1, 3) status:200", "sensitive=EMAIL_ADDRESS", "sensitive:(iban, secret)", "sensitive:personal",
	"-sensitive:e", "sensitive~^IBAN", "sensitive:*_ADDRESS", "access:public", "-access:(public, third-party)", "auth=bearer", "auth:e", "auth!=none", "auth:*", "-auth~^", "auth~^api",
	"documented:shadow", "-documented:documented", "risk>=50", "risk:0..10", "-risk<40", "count>30", "count:1..15", "new:yes", "new:no", "-new:yes",
	"first>2026-02-10T00:00Z", "last<2026-02-20T12:00Z", "-first<2026-02-10T00:00Z", "sensitive=EMAIL_ADDRESS kind:llm risk>20", "refund sensitive:personal",
	"endpoint:1 or asset:1", "not (access:internal and auth:cookie)", "access:loopback path:/v1/refund",
}

// TestFiltersAgreeWithMatch compares what SQL finds with what the filter language says about each exchange.
func TestFiltersAgreeWithMatch(t *testing.T) {
	t.Parallel()
	p, all := world(t, worldSize)
	checkFilters(t, p, all)
}

// TestBroadSearches does so where searches are walked window by window.
func TestBroadSearches(t *testing.T) {
	t.Parallel()
	p, all := world(t, worldSize)
	storage.SetBreadth(p, 5, 8)
	checkFilters(t, p, all)
}

func checkFilters(t *testing.T, p *storage.Project, all []*facts) {
	t.Helper()
	check := func(when string) {
		t.Helper()
		tallyEndpoints(all)
		for _, text := range filters {
			q := query(t, text)
			var want []traffic.ID
			for _, f := range slices.Backward(all) {
				if q.Match(f, queryNow) {
					want = append(want, f.id)
				}
			}
			for _, oldest := range []bool{false, true} {
				got := listAll(t, p, storage.Filter{Where: q, Now: queryNow, Limit: 7, OldestFirst: oldest})
				if oldest {
					slices.Reverse(got)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q found %d, want %d (oldest first: %v)\n got %v\nwant %v", when, text, len(got), len(want), oldest, got, want)
				}
			}
			if strings.Contains(text, "started") {
				continue // Count looks at the clock
			}
			if n, err := p.Count(t.Context(), q); err != nil || n.N != int64(len(want)) {
				t.Errorf("%s: %q counts %v (%v), want %d", when, text, n, err, len(want))
			}
		}
	}
	check("at first")
	// What a person deletes is gone from every list and comes back as it was.
	gone := all[40:60]
	ids := make([]traffic.ID, len(gone))
	for i, f := range gone {
		ids[i] = f.id
	}
	if n, err := p.Delete(t.Context(), ids...); err != nil || n != 20 {
		t.Fatal(n, err)
	}
	kept := all
	all = slices.Concat(all[:40], all[60:])
	check("after deleting")
	if n, err := p.Undelete(t.Context(), ids...); err != nil || n != 20 {
		t.Fatal(n, err)
	}
	all = kept
	check("after bringing back")
}

func listAll(t *testing.T, p *storage.Project, f storage.Filter) []traffic.ID {
	t.Helper()
	var ids []traffic.ID
	for {
		rows, err := p.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		if len(rows) < f.Limit {
			return ids
		}
		if f.OldestFirst {
			f.After = ids[len(ids)-1]
		} else {
			f.Before = ids[len(ids)-1]
		}
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	p, all := world(t, 60)
	for _, f := range all {
		c, err := p.Reading(t.Context(), f.id)
		if err != nil {
			t.Fatal(err)
		}
		if c.Answer != f.c.Answer || c.Model != f.c.Model || len(c.Tools) != len(f.c.Tools) || !slices.Equal(c.System, f.c.System) || c.Kind != f.c.Kind {
			t.Errorf("exchange %d: got %+v, want %+v", f.id, c, f.c)
		}
	}
	rows, err := p.List(t.Context(), storage.Filter{Where: query(t, "kind:llm"), Texts: true, Limit: -1})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		f := all[r.ID-1]
		if r.Answer != f.c.Answer || r.System != strings.Join(f.c.System, "\n") || r.Conversation != f.first || r.Messages != len(f.c.Messages) || *r.InputTokens != *f.c.Usage.Input {
			t.Errorf("row %d: %+v", r.ID, r)
		}
	}
	facets, err := p.Facets(t.Context())
	if err != nil || len(facets.Hosts) != 4 || len(facets.Kinds) != 2 || len(facets.Providers) != 2 {
		t.Error(facets, err)
	}
	var sum int64
	for _, h := range facets.Hosts {
		sum += h.N
	}
	if sum != 60 {
		t.Errorf("%d exchanges have hosts", sum)
	}
	if ids, err := p.Unread(t.Context(), 10); err != nil || len(ids) != 0 {
		t.Error(ids, err)
	}
	// Purging a turn makes the rest of its conversation unread.
	if _, err := p.Delete(t.Context(), rows[len(rows)-1].ID); err != nil {
		t.Fatal(err)
	}
	if n, err := p.Purge(context.Background()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	unread, err := p.Unread(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range unread {
		if !tells(all[id-1].c, all[rows[len(rows)-1].ID-1].c) {
			t.Errorf("exchange %d has to be read again", id)
		}
	}
	if err := p.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, err := p.Check(t.Context()); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

// tells reports whether a conversation begins like another.
func tells(c, of *llm.Conversation) bool {
	return len(c.Messages) >= len(of.Messages) && fmt.Sprint(c.Messages[:len(of.Messages)]) == fmt.Sprint(of.Messages)
}
