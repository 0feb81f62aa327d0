package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/lab"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

func newApp(t *testing.T) (a *app.App, project string) {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &app.App{Home: home, Version: "test"}, filepath.Join(t.TempDir(), "p.assay")
}

// lineOf is one exchange as `assay import jsonl` reads it.
func lineOf(t *testing.T, method, url string, status int, request, response string) string {
	t.Helper()
	line, err := json.Marshal(map[string]any{
		"method": method, "url": url, "status": status, "request_body": request, "response_body": response,
		"request_headers": map[string]string{"Content-Type": "application/json", "User-Agent": "shopper/1.0"}, "response_headers": map[string]string{"Content-Type": "application/json"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(line) + "\n"
}

const (
	chatAsked    = `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"write to anna.lindt@example.org"}]}`
	chatAnswered = `{"id":"x","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Done."},"finish_reason":"stop"}]}`
)

func shop(t *testing.T) string {
	t.Helper()
	return lineOf(t, "GET", "https://shop.example/api/orders/17", 200, "", `{"id":17}`) +
		lineOf(t, "GET", "https://shop.example/api/orders/18", 404, "", `{"error":"none"}`) +
		lineOf(t, "POST", "https://api.openai.com/v1/chat/completions", 200, chatAsked, chatAnswered)
}

// TestInventoryOfAnImport folds what was imported, and folds it once however often the project is listed and analysed.
func TestInventoryOfAnImport(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	if _, err := a.Import(t.Context(), project, strings.NewReader(shop(t)), app.ImportOptions{Format: "jsonl"}); err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		inv, err := a.Inventory(t.Context(), project, app.InventoryOptions{})
		if err != nil {
			t.Fatal(err)
		}
		total := int64(0)
		for _, e := range inv.Endpoints {
			total += e.Count
		}
		if total != 3 || inv.Behind != 0 || len(inv.Hosts) != 2 {
			t.Errorf("%s: %d exchanges in %d endpoints of %d hosts, %d behind", when, total, len(inv.Endpoints), len(inv.Hosts), inv.Behind)
		}
		chats, err := a.Inventory(t.Context(), project, app.InventoryOptions{Query: "kind:llm host:openai"})
		if err != nil || len(chats.Endpoints) != 1 || chats.Endpoints[0].Family != "openai.chat" || !chats.Endpoints[0].New {
			t.Errorf("%s: model endpoints %+v, %v", when, chats, err)
		}
	}
	check("imported")
	if _, err := a.Analyse(t.Context(), project, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	check("analysed")
	p, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Analyse(t.Context(), func(int64, int64) {}); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	check("analysed while it was open")
	err = a.List(t.Context(), project, app.ListOptions{}, func(l *app.Line) error {
		if l.Endpoint == "" {
			t.Errorf("exchange %s is in no endpoint", l.ID)
		}
		if l.LastUser != "" && !slices.Contains(l.Sensitive, "EMAIL_ADDRESS") {
			t.Errorf("exchange %s has sensitive data %q", l.ID, l.Sensitive)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestLinksToWhatWasMerged: what says an endpoint says one that is there, also where paths turned out to be one again and
// again.
func TestLinksToWhatWasMerged(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	for i, path := range strings.Fields("users/ann users/bob users/cid users/dee users/eve users/fay x/ann/y x/bob/y x/cid/y x/dee/y x/eve/y x/ann/z x/ann/w x/bob/v") {
		one := lineOf(t, "GET", "https://shop.example/"+path, 200, "", fmt.Sprintf(`{"id":%d,"name":"n","mail":"m"}`, i))
		if _, err := a.Import(t.Context(), project, strings.NewReader(one), app.ImportOptions{Format: "jsonl"}); err != nil {
			t.Fatal(err)
		}
	}
	inv, err := a.Inventory(t.Context(), project, app.InventoryOptions{Changes: true})
	if err != nil {
		t.Fatal(err)
	}
	there, merged := map[string]bool{}, 0
	for _, e := range inv.Endpoints {
		there[e.ID] = true
	}
	for _, c := range inv.Changes {
		if c.Endpoint != "" && !there[c.Endpoint] {
			t.Errorf("%q is about endpoint %s", c.What, c.Endpoint)
		}
		if c.Kind == scanner.ChangeMerged {
			merged++
		}
	}
	for _, asset := range slices.Concat(inv.Clients, inv.Services) {
		for i, id := range asset.Endpoints {
			if !there[id] || slices.Contains(asset.Endpoints[:i], id) {
				t.Errorf("%s %s was met at %q", asset.Kind, asset.Name, asset.Endpoints)
			}
		}
	}
	if merged == 0 || len(inv.Clients) == 0 {
		t.Errorf("%d endpoints were merged, %d clients", merged, len(inv.Clients))
	}
}

// TestOpenAPIOfForms: a form is not said to be JSON, and a file in it is not null.
func TestOpenAPIOfForms(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	form := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhi\r\n--b--\r\n"
	line := strings.Replace(lineOf(t, "POST", "https://shop.example/upload", 200, form, `{"id":1}`), `"application/json"`, `"multipart/form-data; boundary=b"`, 1)
	if _, err := a.Import(t.Context(), project, strings.NewReader(line), app.ImportOptions{Format: "jsonl"}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := a.WriteOpenAPI(t.Context(), project, "", &out); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody struct{ Content map[string]any }
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	content := doc.Paths["/upload"]["post"].RequestBody.Content
	if text := fmt.Sprint(content); len(content) != 1 || !strings.Contains(text, "file:map[type:string]") {
		t.Errorf("request bodies %s", text)
	}
}

// TestNothingImported: a file of which nothing could be read does not say that the rest was imported.
func TestNothingImported(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	good := lineOf(t, "GET", "https://shop.example/a", 200, "", "{}")
	for in, want := range map[string]string{"[1]\n{}\n": "nothing was imported", "[1]\n" + good: "everything else in the file was imported"} {
		_, err := a.Import(t.Context(), project, strings.NewReader(in), app.ImportOptions{Format: "jsonl", Name: "x.jsonl"})
		var told *app.Error
		if !errors.As(err, &told) || !strings.Contains(told.Hint, want) {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

// TestNewEndpointAtOnce records and looks from another handle, as another process would: a new endpoint is in the
// inventory at once.
func TestNewEndpointAtOnce(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(lab.New(lab.Options{}).Handler())
	t.Cleanup(target.Close)
	a, project := newApp(t)
	rec, err := a.Record(t.Context(), app.RecordOptions{Project: project, Listen: "127.0.0.1:0", Providers: []string{"lab=" + target.URL + "/v1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := rec.Close(); err != nil {
			t.Error(err)
		}
	}()
	slowest := time.Duration(0)
	for n, path := range []string{"/chat/completions", "/models", "/embeddings"} {
		send(t, "http://"+rec.Listen()+"/r/lab/v1"+path)
		ended := time.Now()
		for {
			inv, err := a.Inventory(t.Context(), project, app.InventoryOptions{Query: "path:" + path})
			if err != nil {
				t.Fatal(err)
			}
			if len(inv.Endpoints) == 1 {
				if e := inv.Endpoints[0]; !e.New || e.Count != 1 || e.First == "" {
					t.Errorf("endpoint %d: %+v", n, e)
				}
				break
			}
			if time.Since(ended) > 20*time.Second { // patience of a busy machine; the figure is logged
				t.Fatalf("%s is not in the inventory", path)
			}
			time.Sleep(5 * time.Millisecond)
		}
		slowest = max(slowest, time.Since(ended))
	}
	t.Logf("the slowest of three new endpoints was in the inventory %v after its answer had ended", slowest.Round(time.Millisecond))
	if rest, err := a.Inventory(t.Context(), project, app.InventoryOptions{}); err != nil || len(rest.Endpoints) != 3 {
		t.Errorf("%+v, %v", rest, err)
	}
}

func send(t *testing.T, url string) {
	t.Helper()
	body := `{"model":"gpt-4o-mini","input":"ping","messages":[{"role":"user","content":"ping"}]}`
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestDecisionsWhileFolding changes what the inventory rests on while the reader works: every exchange is folded once.
func TestDecisionsWhileFolding(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	p, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	const exchanges = 300
	for part := range 3 {
		var in strings.Builder
		for n := range exchanges / 3 {
			in.WriteString(lineOf(t, "GET", fmt.Sprintf("https://shop.example/api/team-%c/orders/%d", 'a'+part, n), 200, "", `{"id":1}`))
		}
		if _, err := p.Import(t.Context(), strings.NewReader(in.String()), app.ImportOptions{Format: "jsonl"}); err != nil {
			t.Fatal(err)
		}
		id, err := p.Decide(t.Context(), scanner.Decision{Host: "shop.example", Merge: true, At: "/api", Names: []string{"team-a", "team-b"}})
		if err != nil {
			t.Fatal(err)
		}
		custom := app.CustomType{Name: "ORDER", Class: "personal", Pattern: `\bO-\d{6}\b`, Match: []string{"see O-123456"}, Ignore: []string{"O-1"}}
		if err := p.SetCustomType(t.Context(), custom); err != nil {
			t.Fatal(err)
		}
		if part == 1 {
			if err := p.Undecide(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	inv, err := a.Inventory(t.Context(), project, app.InventoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, e := range inv.Endpoints {
		total += e.Count
	}
	if total != exchanges || inv.Behind != 0 {
		t.Errorf("%d exchanges in %d endpoints, %d behind", total, len(inv.Endpoints), inv.Behind)
	}
	if types, err := a.CustomTypes(t.Context(), project); err != nil || len(types) != 1 {
		t.Errorf("types %+v, %v", types, err)
	}
}

// TestReadOnlyInventory: who may not write is told so.
func TestReadOnlyInventory(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	first, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if _, err := second.Decide(t.Context(), scanner.Decision{Host: "h"}); app.CodeOf(err) != app.CodeBusy {
		t.Errorf("a decision: %v", err)
	}
	if _, err := second.Analyse(t.Context(), func(int64, int64) {}); app.CodeOf(err) != app.CodeBusy {
		t.Errorf("an analysis: %v", err)
	}
	if inv, err := second.Inventory(t.Context(), app.InventoryOptions{}); err != nil || len(inv.Endpoints) != 0 {
		t.Errorf("%+v, %v", inv, err)
	}
}

// TestEndpointQueries names fields that say nothing about endpoints, and where.
func TestEndpointQueries(t *testing.T) {
	t.Parallel()
	for query, column := range map[string]int{
		"": 0, "host:openai kind:llm": 0, "status:5xx or risk>=50": 0, "orders": 0, "auth=none access:public new:yes": 0,
		"tokens>5": 1, "host:x ttft>2s": 8, "-(kind:llm since:1h)": 12, "größe tag:x": 7,
	} {
		_, err := app.ParseEndpointQuery(query)
		var fault *traffic.QueryError
		if errors.As(err, &fault) {
			if fault.Column != column || app.CodeOf(err) != app.CodeUsage {
				t.Errorf("%q: %v", query, err)
			}
		} else if err != nil || column != 0 {
			t.Errorf("%q: %v, want a fault at column %d", query, err, column)
		}
	}
	for _, name := range app.EndpointFields() {
		if _, ok := traffic.LookupField(name); !ok {
			t.Errorf("%s is no field of the filter language", name)
		}
	}
}

// TestCatalogueFilter puts endpoints into a project and filters them.
func TestCatalogueFilter(t *testing.T) {
	t.Parallel()
	a, project := newApp(t)
	p, err := a.OpenProject(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	saveEndpoints(t, p.Store(), 3, func(n int, e *scanner.Endpoint) {
		switch n {
		case 0:
			e.Key = scanner.Key{Scheme: "https", Host: "api.openai.com", Method: "POST", Path: "/v1/chat/completions"}
			e.Kind, e.Provider, e.Family, e.Access, e.Risk = "llm", "openai", "openai.chat", scanner.AccessThirdParty, 60
			e.Facts = scanner.Facts{
				Models: []string{"gpt-4o"}, Auth: []scanner.Auth{{Kind: "bearer", N: 3}}, Streamed: 1, Tools: []string{"get_weather"},
				Statuses:  []scanner.Tally{{Value: "200", N: 2}, {Value: "429", N: 1}},
				Sensitive: []scanner.SensitiveTally{{Type: "EMAIL_ADDRESS", Class: "personal", Where: "request", Count: 1}},
			}
		case 1:
			e.Key = scanner.Key{Scheme: "http", Host: "localhost:8080", Method: "GET", Path: "/users/{id}"}
			e.Kind, e.Access, e.Documented = "plain", scanner.AccessLoopback, scanner.DocumentedNo
			e.Facts = scanner.Facts{Auth: []scanner.Auth{{Kind: "none", N: 1}}, Statuses: []scanner.Tally{{Value: "200", N: 1}}}
		case 2:
			e.Key = scanner.Key{Scheme: "https", Host: "shop.example", Method: "POST", Path: "/graphql", Operation: "Orders"}
			e.Kind, e.Documented = "plain", scanner.DocumentedYes
		}
	})
	c := p.Catalogue()
	if _, err := c.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"": "1 2 3", "kind:llm": "1", "kind!=llm": "2 3", "host:localhost": "2", "host=localhost:8080": "2", "status:4xx": "1",
		"status:200": "1 2", "status!=200": "3", "risk>=50": "1", "auth=none": "2", "access:(loopback, third-party)": "1 2",
		"documented:shadow": "2", "sensitive=EMAIL_ADDRESS": "1", "sensitive:personal": "1", "model:gpt": "1", "tool:get_weather": "1",
		"orders": "3", "users": "2", "stream:yes": "1", "method=POST -kind:llm": "3", "path~^/users": "2", "endpoint:2": "2",
		"new:yes": "1 2 3", "scheme:https": "1 3", "nothing": "",
	} {
		q, err := app.ParseEndpointQuery(query)
		if err != nil {
			t.Errorf("%q: %v", query, err)
			continue
		}
		if got := idsOf(c.Find(q)); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	if err := p.Store().Visit(t.Context(), time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if q, _ := app.ParseEndpointQuery("new:yes"); len(c.Find(q)) != 0 {
		t.Error("endpoints are new though a person looked at them")
	}
}

func idsOf(list []*scanner.Endpoint) string {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = fmt.Sprint(e.ID)
	}
	return strings.Join(ids, " ")
}

// saveEndpoints puts endpoints into the inventory of a project.
func saveEndpoints(tb testing.TB, p *storage.Project, n int, fill func(n int, e *scanner.Endpoint)) {
	tb.Helper()
	now := time.Now()
	for from := 0; from < n; from += 5000 {
		f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}}
		for i := from; i < min(from+5000, n); i++ {
			e := &scanner.Endpoint{ID: scanner.EndpointID(i + 1), FirstSeen: now, LastSeen: now, Found: now, First: 1, Last: 1}
			fill(i, e)
			f.Endpoints = append(f.Endpoints, e)
		}
		if _, err := p.Inventory(tb.Context()); err != nil {
			tb.Fatal(err)
		}
		if err := p.SaveFold(tb.Context(), f); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkCatalogue filters 100,000 endpoints.
func BenchmarkCatalogue(b *testing.B) {
	home, err := app.OpenHome(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	p, err := (&app.App{Home: home, Version: "test"}).OpenProject(b.Context(), filepath.Join(b.TempDir(), "p.assay"))
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	saveEndpoints(b, p.Store(), 100_000, func(n int, e *scanner.Endpoint) {
		e.Key = scanner.Key{Scheme: "https", Host: fmt.Sprintf("h%d.example", n%500), Method: "GET", Path: fmt.Sprintf("/api/v1/things-%d/{id}", n)}
		e.Kind, e.Risk = "plain", n%100
		e.Facts = scanner.Facts{Statuses: []scanner.Tally{{Value: "200", N: 1}, {Value: "404", N: 1}}, Auth: []scanner.Auth{{Kind: "bearer", Name: "Authorization", N: 1}}}
	})
	c := p.Catalogue()
	start := time.Now()
	if _, err := c.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("loaded 100,000 endpoints in %v", time.Since(start).Round(time.Millisecond))
	for _, query := range []string{"risk>=50", "host:h17", "status:404 auth=bearer", "things", "path~things-1[0-9]+/"} {
		b.Run(query, func(b *testing.B) {
			q, err := app.ParseEndpointQuery(query)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if len(c.Find(q)) == 0 {
					b.Fatal("nothing found")
				}
			}
		})
	}
}
