package app

import (
	"context"
	"net/http"
	"time"

	"assay/lab"
	"assay/llm"
	"assay/scanner"
	"assay/scanner/target"
	"assay/traffic"
)

// proveRoles are two customers of the lab's help desk: the second one's data is what the first must not see.
var proveRoles = []scanner.Role{
	{Name: "ada", Header: traffic.Header{{Name: "Authorization", Value: "Bearer key-ada-4101"}}, Holds: []string{"4101"}, Knows: []string{"LS-61407-KETTLE", "ada@example.com"}},
	{Name: "bruno", Header: traffic.Header{{Name: "Authorization", Value: "Bearer key-bruno-4102"}}, Holds: []string{"4102"}, Knows: []string{"LS-88213-TOASTER", "bruno@example.org"}},
}

// proveKey is the key of the first customer.
const proveKey = "key-ada-4101"

// provePart is one part of the lab as a request that works.
type provePart struct {
	name, path, body, slot string
	desk                   bool   // on the help desk
	kind                   string // of service, where the request alone does not tell
}

// embedding is the part that answers with vectors.
const embedding = "embedding"

var proveParts = []provePart{
	{
		"chat", "/openai/v1/chat/completions",
		`{"model":"gpt-4o-mini","messages":[{"role":"system","content":"` + lab.DeskSystem + `"},{"role":"user","content":"When are you open, and can I return a kettle?"}]}`,
		"", false, "",
	},
	{"model", "/openai/v1/chat/completions", `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"When are you open, and can I return a kettle?"}]}`, "", false, ""},
	{
		"agent", "/openai/v1/chat/completions",
		`{"model":"gpt-4o-mini","messages":[{"role":"system","content":"` + lab.DeskSystem + `"},{"role":"user","content":"When are you open, and can I return a kettle?"}],` +
			`"tools":[{"type":"function","function":{"name":"lookup_order","description":"Looks up an order of the customer.","parameters":{"type":"object","properties":{"number":{"type":"string"}}}}}]}`,
		"", false, "",
	},
	{
		"JSON chat", "/openai/v1/chat/completions",
		`{"model":"gpt-4o-mini","response_format":{"type":"json_object"},"messages":[{"role":"user","content":"When are you open? Answer as JSON."}]}`,
		"", false, "",
	},
	{"tool server", "/mcp", `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"read_note","arguments":{"path":"hours.txt"}}}`, "/params/arguments/path", true, ""},
	{"help desk", "/v1/tickets/4101", `{"model":"desk-small","messages":[{"role":"user","content":"When are you open, and can I return a kettle?"}]}`, "", true, ""},
	{"chat box", "/v1/ask", `{"message":"When are you open, and can I return a kettle?","conversation_id":"4101"}`, "", true, string(llm.KindChatBackend)},
	{"document search", "/v1/search", `{"query":"Where is my kettle?","vector":[0.1,0.2],"filter":{"tenant":"4101"},"limit":5,"with_payload":true}`, "/query", true, string(llm.KindVectorDB)},
	{embedding, "/v1/embeddings", `{"model":"desk-embed","input":"When are you open?"}`, "/input", true, ""},
	{"graphql", "/graphql", `{"query":"query{viewer{name}}"}`, "/query", true, ""},
}

// aims adds the parts of a lab that a group is for as models of the project, and gives their names by reference.
func (p *prover) aims(ctx context.Context, server *lab.Server, g *group) (refs []string, names map[string]string, err error) {
	store := p.project.store
	for _, role := range proveRoles {
		if err := store.SetRole(ctx, role); err != nil {
			return nil, nil, err
		}
	}
	names = map[string]string{}
	for _, part := range proveParts {
		// The API of a provider lets its clients decide everything; attacks on the request are for applications.
		if g.request && !part.desk || !g.request && part.desk && part.name != "tool server" {
			continue
		}
		base := server.URL()
		if part.desk {
			base = server.Desk()
		}
		m, err := target.Build(&target.Draft{
			Name: part.name, Slot: part.slot, Auth: target.AuthBearer, Secret: "ask:lab",
			Recorded: &llm.Input{
				Method: http.MethodPost, URL: base + part.path, RequestBody: []byte(part.body),
				RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Accept", Value: "application/json"}},
			},
		})
		if err != nil {
			return nil, nil, problem(err)
		}
		if part.kind != "" {
			m.Kind = part.kind // a try of it would tell
		}
		m.Imported, m.Name = time.Now(), part.name+" at "+base
		id, err := store.AddModel(ctx, m)
		if err != nil {
			return nil, nil, err
		}
		ref := "model:" + idText(int64(id))
		refs, names[ref] = append(refs, ref), part.name
	}
	return refs, names, nil
}
