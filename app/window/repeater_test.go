package window

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/lab"
	"assay/storage"
	"assay/traffic"
)

// bench is a desk with an open project and a lab to send to; nothing is recorded by a port.
type bench struct {
	*Desk
	lab      *httptest.Server
	repeater *Repeater
}

func newBench(t *testing.T, options lab.Options) *bench {
	t.Helper()
	target := httptest.NewServer(lab.New(options).Handler())
	t.Cleanup(target.Close)
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := New(&app.App{Home: home}, Options{Mode: Browser, Project: t.TempDir() + "/repeats.assay"})
	d.Start(t.Context(), Host{Emit: func(string, any) {}})
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return &bench{d, target, &Repeater{d}}
}

func (b *bench) store(t *testing.T) *storage.Project {
	t.Helper()
	p, err := b.Desk.store()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tab makes a tab of a request written as text.
func (b *bench) tab(t *testing.T, head, body string) string {
	t.Helper()
	made, err := b.repeater.NewTab(NewTabIn{})
	if err != nil {
		t.Fatal(err)
	}
	id := made.Tabs[0].ID
	form, err := b.repeater.SetRaw(SetRawIn{Tab: id, Head: strings.ReplaceAll(head, "LAB", b.lab.URL), Body: body})
	if err != nil || form.Problem.Message != "" {
		t.Fatal(err, form.Problem)
	}
	return id
}

// send sends the request of a tab and waits until everything has come back and is on disk.
func (b *bench) send(t *testing.T, tab string, times int) []Sent {
	t.Helper()
	out, err := b.repeater.Send(SendIn{Tab: tab, Times: times})
	if err != nil || out.ID == "" {
		t.Fatalf("sent %q, %v", out.ID, err)
	}
	return b.settledHistory(t, tab, times)
}

func (b *bench) settledHistory(t *testing.T, tab string, times int) []Sent {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		history, err := b.repeater.History(TabIn{tab})
		if err != nil {
			t.Fatal(err)
		}
		open := slices.ContainsFunc(history.Sent, func(s Sent) bool { return !traffic.State(s.Row.State).Ended() || !s.Row.Read })
		if history.Sending == 0 && !open && len(history.Sent) >= times {
			return history.Sent
		}
		if time.Now().After(deadline) {
			t.Fatalf("not settled: %+v", history)
		}
	}
}

// requests of several providers, with spaces, order and escapes that a re-encoding would change.
var providerRequests = map[string]struct{ path, body, prompt string }{
	"openai":    {"/openai/v1/chat/completions", "{\"model\": \"gpt-4o\",\n \"temperature\":0.70, \"messages\":[ {\"role\":\"system\",\"content\":\"Be brief.\"},{\"content\":\"PROMPT\",\"role\":\"user\"}]}\n", "PROMPT"},
	"responses": {"/openai/v1/responses", `{"input":[{"role":"user","content":[{"type":"input_text","text":"PROMPT"}]}],"model":"gpt-4o","metadata":{"a":1.0e2}}`, "PROMPT"},
	"anthropic": {"/anthropic/v1/messages", `{"max_tokens":64,"messages":[{"role":"user","content":"PROMPT"}],"system":"Be \u00e9l\u00e9gant.","model":"claude-sonnet-4-5"}`, "PROMPT"},
	"gemini":    {"/gemini/v1beta/models/gemini-2.5-flash:generateContent", `{"contents":[{"parts":[{"text":"PROMPT"}],"role":"user"}],"generationConfig":{"temperature":1.0}}`, "PROMPT"},
	"ollama":    {"/ollama/api/chat", `{"stream":false,"messages":[{"role":"user","content":"PROMPT"}],"model":"llama3.2","options":{"seed":7}}`, "PROMPT"},
	"cohere":    {"/cohere/v2/chat", `{"messages":[{"role":"user","content":"PROMPT"}],"model":"command-r-plus"}`, "PROMPT"},
	"chat app":  {"/app/api/chat", `{"history":[],"message":"PROMPT","n":1.50}`, "PROMPT"},
}

// TestEditingAPromptChangesOnlyItsBytes goes the whole way: record, make a tab, edit the prompt, send, read what was sent.
func TestEditingAPromptChangesOnlyItsBytes(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	const words = "Ignore \"that\"\\ and count to 3. 数"
	for name, c := range providerRequests {
		first := b.tab(t, "POST LAB"+c.path+" HTTP/1.1\nx-lower: 1\nHost: "+strings.TrimPrefix(b.lab.URL, "http://")+"\nContent-Type: application/json\nX-UPPER: 2\nAuthorization: Bearer k-"+name+"\nX-Api-Key: k\nX-Goog-Api-Key: k", c.body)
		original := b.send(t, first, 1)[0]
		if original.Row.Status != http.StatusOK {
			t.Fatalf("%s: status %d: %s", name, original.Row.Status, original.Row.Error)
		}
		made, err := b.repeater.NewTab(NewTabIn{IDs: []string{original.Row.ID}})
		if err != nil {
			t.Fatal(err)
		}
		tab := made.Tabs[0].ID
		form, err := b.repeater.Form(TabIn{tab})
		if err != nil || form.Body != c.body || form.Problem.Message != "" {
			t.Fatalf("%s: %+v %v", name, form, err)
		}
		at := slices.IndexFunc(form.Cards, func(card Card) bool { return card.Text == c.prompt })
		if at < 0 {
			t.Fatalf("%s: no card holds the prompt: %+v", name, form.Cards)
		}
		form, err = b.repeater.SetSlot(SetSlotIn{Tab: tab, Ref: form.Cards[at].Ref, Text: words})
		if err != nil || len(form.Changed) != 1 {
			t.Fatalf("%s: changed %v, %v", name, form.Changed, err)
		}
		sent := b.send(t, tab, 1)[0]
		p := b.store(t)
		before, after := exchangeOf(t, p, original.Row.ID), exchangeOf(t, p, sent.Row.ID)
		escaped := `Ignore \"that\"\\ and count to 3. 数`
		if strings.Contains(c.body, `\u`) { // a client that escapes everything outside ASCII
			escaped = `Ignore \"that\"\\ and count to 3. \u6570`
		}
		if want := strings.Replace(c.body, c.prompt, escaped, 1); string(after.Request.Body.Data) != want {
			t.Errorf("%s: sent %q, want %q", name, after.Request.Body.Data, want)
		}
		for i, f := range before.Request.Header {
			g := after.Request.Header[i]
			if f.Name != g.Name || f.Value != g.Value && f.Name != "Content-Length" {
				t.Errorf("%s: header %d was %v, is %v", name, i, f, g)
			}
		}
		if before.Request.URL != after.Request.URL || after.Source != traffic.SourceRepeater || len(before.Request.Header) != len(after.Request.Header) {
			t.Errorf("%s: %s %s", name, after.Request.URL, after.Source)
		}
		if strings.Join(sent.Changed, " ") != form.Changed[0] {
			t.Errorf("%s: the history says %v, the form %v", name, sent.Changed, form.Changed)
		}
	}
}

func exchangeOf(t *testing.T, p *storage.Project, id string) *traffic.Exchange {
	t.Helper()
	n, err := traffic.ParseID(id)
	if err != nil {
		t.Fatal(err)
	}
	x, err := p.Exchange(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if x.Request.Body.Data, _, err = p.ReadBody(t.Context(), n, traffic.FromClient, 0); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestCredentialsAreSentAndNotKept(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	seen := make(chan string, 2)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- r.Header.Get("Authorization") }))
	t.Cleanup(target.Close)
	tab := b.tab(t, "GET "+target.URL+"/ HTTP/1.1\nAuthorization: Bearer "+plantedKey, "")
	form, err := b.repeater.Form(TabIn{tab})
	if err != nil || strings.Contains(form.Head, plantedKey) || len(form.Sealed) != 1 {
		t.Fatalf("the tab holds %q, %v, %v", form.Head, form.Sealed, err)
	}
	sent := b.send(t, tab, 1)[0]
	if got := <-seen; got != "Bearer "+plantedKey {
		t.Errorf("the server saw %q", got)
	}
	again, err := b.repeater.NewTab(NewTabIn{IDs: []string{sent.Row.ID}})
	if err != nil {
		t.Fatal(err)
	}
	b.send(t, again.Tabs[0].ID, 1)
	if got := <-seen; got != "Bearer "+plantedKey {
		t.Errorf("sent again, the server saw %q", got)
	}
	if x := exchangeOf(t, b.store(t), sent.Row.ID); strings.Contains(fmt.Sprint(x.Request), plantedKey) {
		t.Errorf("the exchange holds the credential: %v", x.Request)
	}
}

func TestSendingTheSameManyTimes(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	tab := b.tab(t, "POST LAB/openai/v1/chat/completions HTTP/1.1\nContent-Type: application/json", `{"model":"gpt-4o","messages":[{"role":"user","content":"how do I build a bomb"}]}`)
	sent := b.send(t, tab, 5)
	ids := make([]string, 0, 5)
	for _, s := range sent {
		ids = append(ids, s.Row.ID)
		if s.Batch != 1 || s.Refused != "looks" {
			t.Errorf("%+v", s)
		}
	}
	if len(sent) != 5 || sent[0].N != 5 || sent[4].N != 1 {
		t.Errorf("the history has %d entries from %d to %d", len(sent), sent[0].N, sent[len(sent)-1].N)
	}
	agreed, err := b.repeater.Agreement(AgreementIn{ids})
	if err != nil || agreed.N != 5 || agreed.Looks != 5 || agreed.Refused != 0 || len(agreed.Clusters) != 1 || len(agreed.Clusters[0].Equal) != 1 || agreed.Tokens.Min < 1 {
		t.Errorf("%+v %v", agreed, err)
	}
	for _, times := range []int{0, -1, 51} {
		if _, err := b.repeater.Send(SendIn{Tab: tab, Times: times}); err == nil {
			t.Errorf("sent %d times", times)
		}
	}
}

func TestStopKeepsWhatHasArrived(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	tab := b.tab(t, "POST LAB/openai/v1/chat/completions HTTP/1.1\nContent-Type: application/json\nX-Lab-Pace: 40ms", `{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"an essay in detail, 300 words"}]}`)
	out, err := b.repeater.Send(SendIn{Tab: tab, Times: 3})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.repeater.Send(SendIn{Tab: tab, Times: 1}); err == nil {
		t.Error("a tab that is sending sends again")
	}
	id, _ := traffic.ParseID(out.ID)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) { // it can be read while it arrives
		x, err := b.store(t).Exchange(t.Context(), id)
		if err == nil && x.State == traffic.StateStreaming && x.Response.Body.Kept > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing of the stream can be read while it arrives")
		}
	}
	if _, err := b.repeater.Stop(TabIn{tab}); err != nil {
		t.Fatal(err)
	}
	sent := b.settledHistory(t, tab, 1)
	if len(sent) > 2 {
		t.Errorf("%d were begun, two at once were to be stopped", len(sent))
	}
	for _, s := range sent {
		if s.Row.State != string(traffic.StateClosed) && s.Row.State != string(traffic.StateFailed) || !strings.Contains(s.Row.Error, "Sending was stopped") {
			t.Errorf("%s %q", s.Row.State, s.Row.Error)
		}
	}
}

func TestFailuresStayInTheHistory(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	busy := b.tab(t, "POST LAB/openai/v1/chat/completions HTTP/1.1\nContent-Type: application/json", `{"model":"lab-busy","messages":[{"role":"user","content":"hi"}]}`)
	if sent := b.send(t, busy, 1)[0]; sent.Row.Status != http.StatusTooManyRequests || sent.RetryAfter < 1 {
		t.Errorf("status %d, retry after %d s", sent.Row.Status, sent.RetryAfter)
	}
	nobody := b.tab(t, "GET http://127.0.0.1:1/ HTTP/1.1", "")
	if sent := b.send(t, nobody, 1)[0]; sent.Row.State != string(traffic.StateFailed) || !strings.Contains(sent.Row.Error, "nothing listens") {
		t.Errorf("%+v", sent.Row)
	}
	if form, err := b.repeater.Form(TabIn{nobody}); err != nil || !strings.HasPrefix(form.Head, "GET http://127.0.0.1:1/") {
		t.Errorf("the request is gone: %q %v", form.Head, err)
	}
	unknown := b.tab(t, "GET LAB/ HTTP/1.1\nAuthorization: Bearer ⟨cred:0000000000000000⟩", "")
	if _, err := b.repeater.Send(SendIn{Tab: unknown, Times: 1}); err == nil || !strings.Contains(err.Error(), "was not kept") {
		t.Errorf("a credential nobody knows: %v", err)
	}
}

func TestRawProblemsNameTheLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		head string
		line int
		says string
	}{
		{"", 1, "first line is empty"},
		{"POST", 1, "whole address"},
		{"POST /v1/chat HTTP/1.1", 1, "whole address"},
		{"POST https:// HTTP/1.1", 1, "whole address"},
		{"POST https://a.example/x y HTTP/1.1", 1, "space"},
		{"GET https://a.example/\nGood: 1\nno colon here", 3, "no colon"},
		{"GET https://a.example/\nbad name: 1", 2, "cannot be the name"},
		{"GET https://a.example/\nA: 1\n\nB: 2", 3, "empty line"},
		{"GET https://a.example/\nA: 1\n\n\n", 0, ""},
		{"GET https://a.example/ HTTP/2\r\nA: 1\r\n", 0, ""},
	} {
		_, problem := parseHead(c.head)
		if problem.Line != c.line || !strings.Contains(problem.Message, c.says) || (c.says == "") != (problem.Message == "") {
			t.Errorf("%q: %+v", c.head, problem)
		}
	}
	b := newBench(t, lab.Options{})
	tab := b.tab(t, "POST LAB/ HTTP/1.1\nContent-Type: application/json", "{}")
	form, err := b.repeater.SetRaw(SetRawIn{Tab: tab, Head: "POST " + b.lab.URL + " HTTP/1.1\nContent-Type: application/json", Body: "{\n\"a\": 1,\n}"})
	if err != nil || form.Problem.Side != "body" || form.Problem.Line != 3 {
		t.Errorf("%+v %v", form.Problem, err)
	}
}

func TestParametersAreSetOneByOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	const body = `{"messages":[{"role":"user","content":"hi"}],"stream":false, "temperature":0.70,"model":"gpt-4o"}`
	tab := b.tab(t, "POST LAB/openai/v1/chat/completions HTTP/1.1\nContent-Type: application/json", body)
	form, err := b.repeater.Form(TabIn{tab})
	var names []string
	for _, p := range form.Params {
		names = append(names, p.Name+"="+p.Value)
	}
	if err != nil || strings.Join(names, " ") != "model=gpt-4o temperature=0.70 stream=false" {
		t.Fatalf("%v %v", names, err)
	}
	for i, value := range []string{"gpt-4o \"mini\"", "1.5", "true"} {
		if form, err = b.repeater.SetParam(SetParamIn{Tab: tab, Ref: form.Params[i].Ref, Value: value}); err != nil {
			t.Fatal(err)
		}
	}
	if want := `{"messages":[{"role":"user","content":"hi"}],"stream":true, "temperature":1.5,"model":"gpt-4o \"mini\""}`; form.Body != want {
		t.Errorf("%s, want %s", form.Body, want)
	}
	if _, err := b.repeater.SetParam(SetParamIn{Tab: tab, Ref: form.Params[1].Ref, Value: "hot"}); err == nil || !strings.Contains(err.Error(), "temperature must be a number") {
		t.Errorf("a temperature that is no number: %v", err)
	}
}

func TestTabsFromCurlAndFromWhatIsNoRequest(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	made, err := b.repeater.NewTab(NewTabIn{Curl: `curl https://api.example.com/v1/x -H 'X-A: 1' --data-raw 'q=1'`, Group: " my  group "})
	if err != nil || len(made.Tabs) != 1 || made.Tabs[0].Method != "POST" || made.Tabs[0].URL != "https://api.example.com/v1/x" {
		t.Errorf("%+v %v", made, err)
	}
	if _, err := b.repeater.NewTab(NewTabIn{Curl: "wget https://api.example.com"}); err == nil {
		t.Error("wget is no curl")
	}
	rec := b.store(t).Recorder()
	id := rec.NextID()
	tunnel := traffic.Exchange{Started: time.Now(), Kind: traffic.KindTunnel, Request: traffic.Request{Method: "CONNECT", URL: "a.example:443"}, State: traffic.StateComplete}
	rec.Record(traffic.Event{ID: id, Kind: traffic.EventBegin, Exchange: &tunnel})
	rec.Record(traffic.Event{ID: id, Kind: traffic.EventEnd, Exchange: &tunnel})
	if err := rec.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.repeater.NewTab(NewTabIn{IDs: []string{id.String()}}); err == nil || !strings.Contains(err.Error(), "nothing to send again") {
		t.Errorf("a tunnel: %v", err)
	}
}

func TestBodiesThatAreNoTextStayAsTheyAre(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	got := make(chan []byte, 1)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- body
	}))
	t.Cleanup(target.Close)
	body := []byte("\x00\x01binary\xff")
	tab, err := b.store(t).NewTab(context.Background(), storage.Tab{Head: "POST " + target.URL + " HTTP/1.1", Body: body})
	if err != nil {
		t.Fatal(err)
	}
	id := fmt.Sprint(tab.ID)
	form, err := b.repeater.SetRaw(SetRawIn{Tab: id, Head: "PUT " + target.URL + " HTTP/1.1\nX: y", Body: "what an editor would have made of it"})
	if err != nil || form.BodyWhy != "binary" || form.Body != "" || form.BodyBytes != len(body) {
		t.Fatalf("%+v %v", form, err)
	}
	b.send(t, id, 1)
	if sent := <-got; !bytes.Equal(sent, body) {
		t.Errorf("sent %q", sent)
	}
}

func TestCompareAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t, lab.Options{})
	tab := b.tab(t, "POST LAB/openai/v1/chat/completions HTTP/1.1\nContent-Type: application/json", `{"model":"gpt-4o","messages":[{"role":"user","content":"Count to 3"}]}`)
	one := b.send(t, tab, 1)[0].Row.ID
	if _, err := b.repeater.SetRaw(SetRawIn{Tab: tab, Head: "POST " + b.lab.URL + "/openai/v1/chat/completions HTTP/1.1\nContent-Type: application/json", Body: `{"model":"gpt-4o","messages":[{"role":"user","content":"Count to 4"}]}`}); err != nil {
		t.Fatal(err)
	}
	two := b.send(t, tab, 2)[0].Row.ID
	d := &Diff{b.Desk}
	noise := []string{"ids", "dates", "usage", "transport", "/choices/0/message/content"}
	out, err := d.Compare(DiffIn{A: one, B: two, Side: "answer", Ignore: noise})
	if err != nil || out.Form != "json" || len(out.Changes) != 0 || len(out.Noise) != 5 || out.Noise[4].Hidden != 1 || out.Equal {
		t.Errorf("%+v %v", out, err)
	}
	var added strings.Builder
	for _, s := range out.Text.Segments {
		if s.Change == "added" {
			added.WriteString(s.Text)
		}
	}
	if !strings.Contains(added.String(), "4") || out.A.ID != one || out.B.ID != two {
		t.Errorf("added %q", added.String())
	}
	asked, err := d.Compare(DiffIn{A: one, B: two, Side: "request", Ignore: noise})
	if err != nil || !slices.ContainsFunc(asked.Facts, func(f DiffFact) bool { return f.Name == "last_user" && f.Change == "changed" }) {
		t.Errorf("%+v %v", asked.Facts, err)
	}
	if _, err := d.Compare(DiffIn{A: one, B: "999999", Side: "answer"}); err == nil {
		t.Error("an exchange that is not there")
	}
}
