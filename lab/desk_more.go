package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// document is one of those that the help desk finds answers in; tenant is the number of the customer it belongs to.
type document struct {
	ID     string `json:"id"`
	Tenant string `json:"tenant"`
	Text   string `json:"text"`
}

// deskDocuments are those of every customer.
func deskDocuments() []document {
	var all []document
	for _, c := range customers {
		all = append(
			all,
			document{"d-" + c.Number + "-1", c.Number, "Order " + c.Reference + ": one " + c.Item + " for " + c.Name + "."},
			document{"d-" + c.Number + "-2", c.Number, "Returns of a " + c.Item + " are free for thirty days."},
			document{"d-" + c.Number + "-3", c.Number, "Letters to " + c.Name + " go to " + c.Address + "."},
		)
	}
	return all
}

// search is the vector store of the help desk, with answers in the shape of Qdrant's: the points of the caller that fit best.
func (l *Lab) search(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Query  string    `json:"query"`
		Vector []float32 `json:"vector"`
		Filter struct {
			Tenant string `json:"tenant"`
		} `json:"filter"`
		Limit   int  `json:"limit"`
		Payload bool `json:"with_payload"`
	}
	body, _ := io.ReadAll(r.Body) // it has been read once already
	loose := l.options.Weak.has(LLM08 | API1)
	var err error
	if loose {
		err = json.Unmarshal(body, &asked)
	} else {
		err = strictJSON(body, &asked)
	}
	if err != nil || asked.Query == "" && len(asked.Vector) == 0 || r.Method != http.MethodPost {
		refuse(w, http.StatusBadRequest, "Send a query or a vector.")
		return
	}
	tenant := asked.Filter.Tenant
	if caller, _ := customerOf(apiKey(r)); !loose {
		tenant = caller.Number // whoever asks, and not what the filter says
	}
	points := []object{}
	for _, d := range deskDocuments() {
		if tenant == "" && loose || d.Tenant == tenant {
			points = append(points, object{"id": d.ID, "version": 1, "score": 0.5, "payload": d})
		}
	}
	most := min(max(asked.Limit, 1), 5)
	if loose {
		most = max(asked.Limit, 1)
	}
	writeJSON(w, http.StatusOK, object{"result": points[:min(len(points), most)], "status": "ok", "time": 0.001})
}

func (l *Lab) deskEmbeddings(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Model string          `json:"model"`
		Input json.RawMessage `json:"input"`
	}
	body, _ := io.ReadAll(r.Body) // it has been read once already
	if r.Method != http.MethodPost && !l.options.Weak.has(API8) {
		refuse(w, http.StatusMethodNotAllowed, "Method not allowed.")
		return
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		refuse(w, http.StatusBadRequest, "Send a model and an input.")
		return
	}
	texts, trouble := inputs(asked.Input)
	if trouble != nil || asked.Model != "desk-embed" && !l.options.Weak.has(API3) {
		refuse(w, http.StatusBadRequest, "Send an input; the model is desk-embed.")
		return
	}
	data := []object{}
	for i, text := range texts {
		data = append(data, object{"object": "embedding", "index": i, "embedding": embedText(clip(text, longestAsk), 8)})
	}
	writeJSON(w, http.StatusOK, object{"object": "list", "model": asked.Model, "data": data, "usage": object{"prompt_tokens": 1, "total_tokens": 1}})
}

// forgottenPages are what nobody remembered to take away (API9).
var forgottenPages = map[string]string{
	"/openapi.json": `{"openapi":"3.0.3","info":{"title":"Help desk"},"paths":{"/v1/tickets/{id}":{}}}`,
	"/metrics":      "# HELP desk_requests Requests of the help desk\ndesk_requests 4711\n",
	"/.env":         "DESK_API_KEY=" + labSecret + "\n",
	"/v1/models":    `{"object":"list","data":[{"id":"` + deskModel + `","object":"model"}]}`,
	"/config":       `{"components":[{"id":1,"type":"chat"}]}`,
}

// forgotten answers every path that is no part of the help desk, and health.
func (l *Lab) forgotten(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/health" {
		_, _ = io.WriteString(w, "ok\n")
		return
	}
	if page, found := forgottenPages[r.URL.Path]; found && l.options.Weak.has(API9) {
		if strings.HasPrefix(page, "{") {
			w.Header().Set("Content-Type", "application/json")
		}
		_, _ = io.WriteString(w, page)
		return
	}
	refuse(w, http.StatusNotFound, "There is no such path.")
}

// aliases counts the fields of a GraphQL document that are answered.
var aliases = regexp.MustCompile(`(\w+)\s*:\s*__typename|\b__typename\b`)

// graphQL is a small GraphQL endpoint: one type, one field, and by weakness what helps to explore and to flood it.
func (l *Lab) graphQL(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // it has been read once already
	loose := l.options.Weak.has(API4 | API8)
	caller, _ := customerOf(apiKey(r))
	if r.Method != http.MethodPost && !loose {
		refuse(w, http.StatusMethodNotAllowed, "Method not allowed.")
		return
	}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		var many []json.RawMessage
		if err := json.Unmarshal(body, &many); err != nil || !loose {
			refuse(w, http.StatusBadRequest, "Batches are not allowed.")
			return
		}
		var answers []object
		for _, one := range many[:min(len(many), 100)] {
			answers = append(answers, l.graphQLAnswer(one, caller))
		}
		writeJSON(w, http.StatusOK, answers)
		return
	}
	writeJSON(w, http.StatusOK, l.graphQLAnswer(body, caller))
}

func (l *Lab) graphQLAnswer(body []byte, caller customer) object {
	var asked struct {
		Query string `json:"query"`
	}
	failed := func(why string) object { return object{"errors": []object{{"message": why}}} }
	if json.Unmarshal(body, &asked) != nil || asked.Query == "" {
		return failed("There is no query.")
	}
	loose := l.options.Weak.has(API4 | API8)
	switch {
	case strings.Contains(asked.Query, "__schema"):
		if !loose {
			return failed("Introspection is not allowed.")
		}
		return object{"data": object{"__schema": object{"mutationType": object{"name": "Mutation"}, "types": []object{{"name": "User"}, {"name": "Order"}}}}}
	case strings.Contains(asked.Query, "__typename"):
		found := aliases.FindAllStringSubmatch(asked.Query, 200)
		if len(found) > 5 && !loose {
			return failed("The query is too complex.")
		}
		data := object{}
		for _, m := range found {
			name := m[1]
			if name == "" {
				name = "__typename"
			}
			data[name] = "Query"
		}
		return object{"data": data}
	case strings.Contains(asked.Query, "viewer"):
		return object{"data": object{"viewer": object{"name": caller.Name}}}
	case loose:
		return failed(`Cannot query field "usr" on type "Query". Did you mean "user"?`)
	}
	return failed("This field is not known.")
}

var (
	addressIn  = regexp.MustCompile(`https?://[^\s"'<>\\&]+`)
	hostIn     = regexp.MustCompile(`"(127\.0\.0\.1:\d+/[^"]*|\[::1\]:\d+/[^"]*)"`)
	entityIn   = regexp.MustCompile(`(?i)<!ENTITY\s+\w+\s+SYSTEM\s+"([^"]+)"`)
	mostFetchs = 8
)

// reachOut fetches the addresses that a body or an address holds, as a weak desk does (API7): on loopback only, whatever
// is asked for.
func (l *Lab) reachOut(r *http.Request, body []byte) {
	if !l.options.Weak.has(API7) {
		return
	}
	var found []string
	for _, m := range addressIn.FindAll(body, mostFetchs) {
		found = append(found, string(m))
	}
	for _, m := range hostIn.FindAllSubmatch(body, mostFetchs) {
		found = append(found, "http://"+string(m[1]))
	}
	for _, m := range entityIn.FindAllSubmatch(body, mostFetchs) {
		found = append(found, string(m[1]))
	}
	if query, err := url.QueryUnescape(r.URL.RawQuery); err == nil {
		found = append(found, addressIn.FindAllString(query, mostFetchs)...)
	}
	for _, address := range found[:min(len(found), mostFetchs)] {
		fetchLoopback(r.Context(), address)
	}
}

// fetchLoopback gets an address of this machine; others it leaves alone. Names are not looked up, redirects not followed.
func fetchLoopback(ctx context.Context, address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return ""
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return ""
	}
	defer func() { _ = response.Body.Close() }() // read as far as wanted
	text, _ := io.ReadAll(io.LimitReader(response.Body, 4096))
	return string(text)
}

// deskMCP is the help desk's tool server: no session, one message a request.
func (l *Lab) deskMCP(w http.ResponseWriter, r *http.Request) {
	weak := l.options.Weak
	if origin := r.Header.Get("Origin"); origin != "" && !weak.has(API8) {
		refuse(w, http.StatusForbidden, "This origin is not allowed.")
		return
	}
	if kind := r.Header.Get("Content-Type"); r.Method != http.MethodPost || !strings.HasPrefix(kind, "application/json") && !weak.has(API8) {
		refuse(w, http.StatusUnsupportedMediaType, "Send a message as application/json.")
		return
	}
	message, _, ok := readRPC(w, r)
	if !ok {
		return
	}
	result, failure := l.deskTool(message)
	if failure != nil {
		writeJSON(w, http.StatusOK, rpcFailed(message.ID, failure))
		return
	}
	writeJSON(w, http.StatusOK, rpcResult(message.ID, result))
}

func (l *Lab) deskTool(message rpcMessage) (any, *rpcFailure) {
	text := func(s string, failed bool) object {
		return object{"content": []object{{"type": "text", "text": s}}, "isError": failed}
	}
	switch message.Method {
	case "tools/list":
		return object{"tools": []object{{"name": "read_note", "description": "Reads a note of the help desk.", "inputSchema": object{
			"type": "object", "required": []string{"path"}, "properties": object{"path": object{"type": "string"}},
		}}}}, nil
	case "tools/call":
	default:
		return l.mcpAnswer(message)
	}
	var asked struct {
		Name      string         `json:"name"`
		Arguments map[string]any `json:"arguments"`
	}
	if err := json.Unmarshal(message.Params, &asked); err != nil {
		return nil, &rpcFailure{rpcBadParams, "Invalid params."}
	}
	if asked.Name != "read_note" {
		if l.options.Weak.has(API9) {
			return text("pid 1, up 3 days", false), nil
		}
		return text("Unknown tool: "+clip(asked.Name, 60), true), nil
	}
	path := fmt.Sprint(asked.Arguments["path"])
	if file, found := fileAt(path); found && l.options.Weak.has(LLM05|LLM06) {
		return text(file, false), nil
	}
	if strings.ContainsAny(path, "/\\;$|&:") {
		return text("The path is outside of the notes.", true), nil
	}
	return text("Note "+clip(path, 60)+": open from 9 to 17.", false), nil
}
