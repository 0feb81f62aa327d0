package discover_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

// asked makes exchanges for endpoints, numbered in the order in which they are made.
type asked struct {
	next traffic.ID
	at   time.Time
}

func newAsked() *asked { return &asked{at: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)} }

// call is an exchange: method and URL, media type and body of the request, status and body of a JSON answer. Status 0 is
// no answer.
func (a *asked) call(request, contentType, body string, status int, answer string) discover.Seen {
	a.next++
	a.at = a.at.Add(time.Second)
	method, url, _ := strings.Cut(request, " ")
	x := &traffic.Exchange{
		ID: a.next, Started: a.at, Kind: traffic.KindHTTP, State: traffic.StateComplete,
		Request: traffic.Request{Method: method, URL: url},
	}
	if contentType != "" {
		x.Request.Header = traffic.Header{{Name: "Content-Type", Value: contentType}}
	}
	answerType := "application/json"
	if strings.HasPrefix(answer, "data:") {
		answerType = "text/event-stream"
	}
	if status > 0 {
		x.Response = &traffic.Response{Status: status, Header: traffic.Header{{Name: "Content-Type", Value: answerType}}}
	}
	s := discover.Seen{Exchange: x, Request: []byte(body), Response: []byte(answer)}
	in := llm.Input{Method: method, URL: url, RequestHeader: x.Request.Header, RequestBody: s.Request, Status: status, ResponseBody: s.Response, Ended: true}
	if x.Response != nil {
		in.ResponseHeader = x.Response.Header
	}
	c := llm.Parse(in)
	s.Conversation = &c
	return s
}

func (a *asked) get(url, answer string) discover.Seen {
	return a.call("GET "+url, "", "", 200, answer)
}

func openEndpoints(t testing.TB, inv *scanner.Inventory, archive discover.Archive) *discover.Book {
	t.Helper()
	b, err := discover.Open(inv, archive, discover.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func foldSeen(t testing.TB, b *discover.Book, seen ...discover.Seen) *scanner.Fold {
	t.Helper()
	f, err := b.Fold(seen)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// cabinet keeps folds as storage does.
type cabinet struct {
	endpoints map[scanner.EndpointID]*scanner.Endpoint
	of        map[traffic.ID]scanner.EndpointID
	shapes    map[scanner.EndpointID][]byte
	trees     map[string][]byte
	changes   []scanner.Change
}

func newCabinet() *cabinet {
	return &cabinet{
		endpoints: map[scanner.EndpointID]*scanner.Endpoint{}, of: map[traffic.ID]scanner.EndpointID{},
		shapes: map[scanner.EndpointID][]byte{}, trees: map[string][]byte{},
	}
}

func (s *cabinet) Shape(id scanner.EndpointID) ([]byte, error) { return s.shapes[id], nil }
func (s *cabinet) Tree(host string) ([]byte, error)            { return s.trees[host], nil }
func (s *cabinet) LatestVersion(scanner.AssetID) (v scanner.Version, err error) {
	return v, nil
}

func (s *cabinet) save(f *scanner.Fold) {
	for _, e := range f.Endpoints {
		s.endpoints[e.ID] = e
	}
	for id, e := range f.Of {
		s.of[id] = e
	}
	for id, e := range s.of {
		if into, moved := f.Moved[e]; moved {
			s.of[id] = into
		}
	}
	for id, blob := range f.Shapes {
		s.shapes[id] = blob
	}
	for host, blob := range f.Trees {
		s.trees[host] = blob
	}
	s.changes = append(s.changes, f.Changes...)
}

// inventory is what a Book is opened over later.
func (s *cabinet) inventory() *scanner.Inventory {
	inv := &scanner.Inventory{LastChange: int64(len(s.changes))}
	for _, e := range s.endpoints {
		c := *e
		inv.Endpoints = append(inv.Endpoints, &c)
	}
	return inv
}

func (s *cabinet) names() (names []string) {
	for _, e := range s.endpoints {
		if e.Merged == 0 {
			names = append(names, strings.TrimSpace(e.Method+" "+e.Path+" "+e.Operation))
		}
	}
	slices.Sort(names)
	return names
}

// facts are those of all endpoints there are.
func (s *cabinet) facts(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, e := range s.endpoints {
		if e.Merged == 0 {
			b, err := json.Marshal(e.Facts)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, e.Method+" "+e.Path+" "+string(b))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (s *cabinet) count(kind scanner.ChangeKind) (n int) {
	for _, c := range s.changes {
		if c.Kind == kind {
			n++
		}
	}
	return n
}

// TestWhatMakesAnEndpoint: for one exchange each, its endpoint.
func TestWhatMakesAnEndpoint(t *testing.T) {
	t.Parallel()
	const get, post, js = "GET https://a.example", "POST https://a.example", "application/json"
	for _, c := range []struct {
		request, contentType, body string
		want                       string
		protocol                   scanner.Protocol
	}{
		{"get HTTPS://A.example:443//x/./y/../%7euser/", "", "", "GET https a.example /x/~user", scanner.ProtocolREST},
		{"GET http://a.example.:8080/%2f%zz?q=1", "", "", "GET http a.example:8080 /%2F%25zz", scanner.ProtocolREST},
		{"GET https://a.example", "", "", "GET https a.example /", scanner.ProtocolREST},
		{"GET /v1/users/17", "", "", "GET   /v1/users/{user_id}", scanner.ProtocolREST},
		{get + "/{id}/x;jsessionid=1f", "", "", "GET https a.example /%7Bid%7D/x", scanner.ProtocolREST},
		{"G\x00T https://a.example/", "", "", "OTHER https a.example /", scanner.ProtocolREST},
		{"CONNECT a.example:443", "", "", "", ""},
		{post + "/graphql", js, `{"operationName":"GetUser","query":"fragment F on User { id } query GetUser($id: ID!) { user(id: $id) { ...F } }"}`, "POST https a.example /graphql query GetUser", scanner.ProtocolGraphQL},
		{post + "/api", js, `{"query":"# hi\n{ me: user(name: \"} {\") { id } teams }"}`, "POST https a.example /api query {user teams}", scanner.ProtocolGraphQL},
		{post + "/graphql", js, `{"query":"mutation M @live { a } query Q { b }"}`, "POST https a.example /graphql mutation M", scanner.ProtocolGraphQL},
		{post + "/graphql", js, `[{"query":"query A { a }"},{"query":"query B { b }"}]`, "POST https a.example /graphql batch", scanner.ProtocolGraphQL},
		{post + "/graphql", js, `{"operationName":"GetUser","extensions":{"persistedQuery":{"version":1,"sha256Hash":"0123456789abcdef0123"}}}`, "POST https a.example /graphql GetUser", scanner.ProtocolGraphQL},
		{post + "/gw", js, `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"0123456789abcdef0123"}}}`, "POST https a.example /gw persisted 0123456789abcdef", scanner.ProtocolGraphQL},
		{get + "/graphql?query=query%20Q%20%7Bme%7D", "", "", "GET https a.example /graphql query Q", scanner.ProtocolGraphQL},
		{get + "/graphql?operationName=Q&extensions=%7B%22persistedQuery%22:%7B%22sha256Hash%22:%22ab%22%7D%7D", "", "", "GET https a.example /graphql query Q", scanner.ProtocolGraphQL},
		{post + "/search", js, `{"query":"query words and { braces"}`, "POST https a.example /search", scanner.ProtocolREST},
		{post + "/search", js, `{"query":{"match":{}}}`, "POST https a.example /search", scanner.ProtocolREST},
		{get + "/search?query=shoes", "", "", "GET https a.example /search", scanner.ProtocolREST},
		{post + "/graphql", "application/graphql", `subscription S { s }`, "POST https a.example /graphql subscription S", scanner.ProtocolGraphQL},
		{post + "/mcp", js, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}`, "POST https a.example /mcp tools/call", scanner.ProtocolRPC},
		{post + "/mcp", js, `{"jsonrpc":"2.0","id":1,"result":{}}`, "POST https a.example /mcp response", scanner.ProtocolRPC},
		{post + "/rpc", js, `[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b"}]`, "POST https a.example /rpc batch", scanner.ProtocolRPC},
		{post + "/helloworld.Greeter/SayHello", "application/grpc+proto", "\x00\x00\x00\x00\x02\x08\x01", "POST https a.example /helloworld.Greeter/SayHello", scanner.ProtocolGRPC},
		{post + "/pkg.v1.S/M17", "application/grpc-web-text", "AAAA", "POST https a.example /pkg.v1.S/M17", scanner.ProtocolGRPC},
		{post + "/login", "application/x-www-form-urlencoded", "a=1&b=2", "POST https a.example /login", scanner.ProtocolForm},
		{post + "/up", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n", "POST https a.example /up", scanner.ProtocolForm},
		{"POST https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent", js, `{"contents":[{"parts":[{"text":"hi"}]}]}`, "POST https generativelanguage.googleapis.com /v1beta/models/{model}:generateContent", scanner.ProtocolREST},
		{"POST https://r.openai.azure.com/openai/deployments/chat/chat/completions?api-version=1", js, `{"messages":[{"role":"user","content":"hi"}]}`, "POST https r.openai.azure.com /openai/deployments/{deployment}/chat/completions", scanner.ProtocolREST},
		{"POST https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse", js, `{"messages":[{"role":"user","content":[{"text":"hi"}]}]}`, "POST https bedrock-runtime.us-east-1.amazonaws.com /model/{model}/converse", scanner.ProtocolREST},
		{"GET https://api.openai.com/v1/models/curie", "", "", "GET https api.openai.com /v1/models/{model}", scanner.ProtocolREST},
		{"POST https://api-inference.huggingface.co/models/HuggingFaceH4/zephyr-7b-beta", js, `{"inputs":"hi"}`, "POST https api-inference.huggingface.co /models/{model_owner}/{model}", scanner.ProtocolREST},
	} {
		f := foldSeen(t, openEndpoints(t, nil, nil), newAsked().call(c.request, c.contentType, c.body, 0, ""))
		got, protocol := "", scanner.Protocol("")
		for _, e := range f.Endpoints {
			got = strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", e.Method, e.Scheme, e.Host, e.Path, e.Operation))
			protocol = e.Protocol
		}
		if got != c.want || protocol != c.protocol {
			t.Errorf("%s %s\n got %s, %s\nwant %s, %s", c.request, c.body, got, protocol, c.want, c.protocol)
		}
	}
}

// TestImportsWithoutTimes: what does not say when it was sent has an order all the same, and is known when it comes again.
func TestImportsWithoutTimes(t *testing.T) {
	t.Parallel()
	a := newAsked()
	var seen []discover.Seen
	for range 12 {
		s := a.get("https://api.example.com/v1/things", `{"a":1}`)
		s.Exchange.Started = time.Time{}
		seen = append(seen, s)
	}
	keep := newCabinet()
	b := openEndpoints(t, nil, keep)
	for _, s := range seen {
		keep.save(foldSeen(t, b, s))
	}
	last := a.get("https://api.example.com/v1/things", `{"a":1,"mail":"ada@mail.example.org"}`)
	last.Exchange.Started = time.Time{}
	fold := foldSeen(t, openEndpoints(t, keep.inventory(), keep), last)
	if len(fold.Endpoints) != 1 || fold.Endpoints[0].First != seen[0].Exchange.ID || fold.Endpoints[0].Last != last.Exchange.ID {
		t.Errorf("first %d, last %d", fold.Endpoints[0].First, fold.Endpoints[0].Last)
	}
	var kinds []scanner.ChangeKind
	for _, c := range fold.Changes {
		kinds = append(kinds, c.Kind)
	}
	if !slices.Contains(kinds, scanner.ChangeSensitive) || slices.Contains(kinds, scanner.ChangeHost) || slices.Contains(kinds, scanner.ChangeEndpoint) {
		t.Errorf("what changed: %v", kinds)
	}
}
