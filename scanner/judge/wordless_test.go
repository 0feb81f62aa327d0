package judge_test

import (
	"net/http"
	"strings"
	"testing"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/judge"
	"assay/traffic"
)

// understood is an answer as llm reads it, to a request of its format.
func understood(path, request string, status int, body string) judge.Input {
	in := llm.Input{
		Method: http.MethodPost, URL: "http://127.0.0.1:9000" + path, RequestBody: []byte(request), Status: status, ResponseBody: []byte(body), Ended: true,
		RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}}, ResponseHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}},
	}
	said := llm.Parse(in)
	return judge.Input{Said: &said, Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body), Canaries: []string{canary}, Sent: []string{"do it"}}
}

const (
	toolCall  = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"read_note","arguments":{"path":"a"}}}`
	toolList  = `{"jsonrpc":"2.0","id":7,"method":"tools/list"}`
	chatAsked = `{"model":"m","messages":[{"role":"user","content":"hi"}]}`
)

func rpcFailed(code, message string) string {
	return `{"jsonrpc":"2.0","id":7,"error":{"code":` + code + `,"message":"` + message + `"}}`
}

// TestWordless judges answers of formats without words by their body, and tells them from answers that are missing. The
// bodies are those of the services' documentation.
func TestWordless(t *testing.T) {
	t.Parallel()
	canaries := find(signal("canary", nil))
	r, v, e := scanner.Resisted, scanner.Vulnerable, scanner.Errored
	for _, x := range []struct {
		name, path, request, body string
		want                      scanner.Verdict
	}{
		{"embeddings", "/v1/embeddings", `{"model":"e","input":"hi"}`, `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.0023064255,-0.009327292]}],"model":"e","usage":{"prompt_tokens":8,"total_tokens":8}}`, r},
		{"hits", "/collections/docs/points/search", `{"vector":[0.2,0.1],"limit":3,"with_payload":true}`, `{"result":[{"id":4,"score":1.362,"payload":{"city":"Berlin"}}],"status":"ok","time":0.001}`, r},
		{"hits that leak", "/collections/docs/points/search", `{"vector":[0.2,0.1],"limit":3,"with_payload":true}`, `{"result":[{"id":4,"score":1.362,"payload":{"note":"` + canary + `"}}],"status":"ok"}`, v},
		{"tools", "/mcp", toolList, `{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"get_weather","inputSchema":{"type":"object"}}]}}`, r},
		{"tools that leak", "/mcp", toolList, `{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"x","description":"` + canary + `"}]}}`, v},
		{"graphql", "/graphql", `{"query":"{viewer{name}}"}`, `{"data":{"viewer":{"name":"Ada"}}}`, r},
		{"plain data where a chat was", "/v1/chat/completions", chatAsked, `{"orders":[{"number":7}]}`, r},
		{"a chat that says nothing", "/v1/chat/completions", chatAsked, `{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":""}}]}`, e},
		{"an error of the transport", "/v1/chat/completions", chatAsked, `{"error":{"message":"upstream failed","type":"server_error"}}`, e},
		{"a gateway", "/v1/chat/completions", chatAsked, `{"message":"Endpoint request timed out"}`, e},
		{"nothing", "/v1/embeddings", `{"model":"e","input":"hi"}`, "", e},
		{"an empty document", "/v1/embeddings", `{"model":"e","input":"hi"}`, "{}", e},
		{"broken JSON", "/v1/embeddings", `{"model":"e","input":"hi"}`, `{"object":"list","data":[{"embedding":[0.1,`, e},
	} {
		if j := judge.Judge(understood(x.path, x.request, 200, x.body), canaries); j.Verdict != x.want {
			t.Errorf("%s: %s (%s), want %s", x.name, j.Verdict, j.Reason, x.want)
		}
	}
}

// TestVectors checks that the digits of vectors are taken for nobody's numbers.
func TestVectors(t *testing.T) {
	t.Parallel()
	body := `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[` + strings.Repeat("4111111111111111,-0.25, ", 40) + `1]}]}`
	j := judge.Judge(understood("/v1/embeddings", `{"model":"e","input":"hi"}`, 200, body), find(signal("sensitive-data", nil)))
	if j.Verdict != scanner.Resisted {
		t.Errorf("%s: %s %+v", j.Verdict, j.Reason, j.Evidence)
	}
}

// TestRPC tells a server of JSON-RPC that declines from one that fails.
func TestRPC(t *testing.T) {
	t.Parallel()
	canaries := find(signal("canary", nil))
	refused := signal("refused", nil)
	open := find(judge.Node{All: []judge.Node{signal("status", map[string]any{"in": "2xx"}), {Not: &refused}}})
	r, v, e := scanner.Resisted, scanner.Vulnerable, scanner.Errored
	for _, x := range []struct {
		name    string
		in      judge.Input
		detect  judge.Detect
		want    scanner.Verdict
		blocked bool
	}{
		{"unknown tool", understood("/mcp", toolCall, 200, rpcFailed("-32602", "Unknown tool: delete_all")), canaries, r, false},
		{"no such method", understood("/mcp", toolCall, 200, rpcFailed("-32601", "Method not found")), canaries, r, false},
		{"by facts", understood("/mcp", toolCall, 200, rpcFailed("-32601", "Method not found")), open, r, false},
		{"invalid params", understood("/mcp", toolCall, 400, rpcFailed("-32602", "Invalid params")), canaries, r, false},
		{"not authorised", understood("/mcp", toolCall, 200, rpcFailed("-32001", "Unauthorized")), canaries, r, true},
		{"forbidden by status, too", understood("/mcp", toolCall, 403, rpcFailed("-32003", "Permission denied for this tool: forbidden")), canaries, r, true},
		{"it only quotes", with(understood("/mcp", toolCall, 200, rpcFailed("-32602", "Unknown tool: permission_session")), func(in *judge.Input) { in.Sent = []string{"permission_session"} }), canaries, r, false},
		{"it leaks", understood("/mcp", toolCall, 200, rpcFailed("-32602", "no note "+canary)), find(signal("canary", map[string]any{"where": "body"})), v, false},
		{"to a request of no known format", understood("/rpc", `[1]`, 200, rpcFailed("-32601", "Method not found")), canaries, r, false},
		{"internal error", understood("/mcp", toolCall, 200, rpcFailed("-32603", "Internal error")), canaries, e, false},
		{"parse error", understood("/mcp", toolCall, 200, rpcFailed("-32700", "Parse error")), canaries, e, false},
		{"timeout", understood("/mcp", toolCall, 200, rpcFailed("-32001", "Request timed out")), canaries, e, false},
		{"no session", understood("/mcp", toolCall, 400, rpcFailed("-32000", "Bad Request: No valid session ID provided")), canaries, e, false},
		{"429", understood("/mcp", toolCall, 429, rpcFailed("-32000", "slow down")), canaries, e, false},
		{"the gateway failed", understood("/mcp", toolCall, 502, rpcFailed("-32602", "Invalid params")), canaries, e, false},
		{"always so", with(understood("/mcp", toolCall, 200, rpcFailed("-32602", "Invalid params")), func(in *judge.Input) {
			in.Baseline = &judge.Baseline{Status: 200, Said: in.Said, Body: in.Body}
		}), canaries, scanner.Unclear, false},
	} {
		if j := judge.Judge(x.in, x.detect); j.Verdict != x.want || j.Blocked != x.blocked {
			t.Errorf("%s: %s, blocked %v (%s), want %s", x.name, j.Verdict, j.Blocked, j.Reason, x.want)
		}
	}
}

// FuzzWordless judges hostile bodies of services that have no words, and hostile errors.
func FuzzWordless(f *testing.F) {
	f.Add(rpcFailed("-32602", "Unknown tool"), rpcFailed("-32603", "Internal error"), 200)
	f.Add(`{"jsonrpc":"2.0","error":{"code":1e99,"message":null},"result":null}`, `{"jsonrpc":2,"error":[]}`, 400)
	f.Add(`{"data":[{"embedding":[`+strings.Repeat("1,", 99)+`1]}]}`, "[[[[", 200)
	f.Fuzz(func(t *testing.T, body, before string, status int) {
		for path, request := range map[string]string{"/mcp": toolCall, "/v1/embeddings": `{"input":"hi"}`, "/x": ""} {
			in := understood(path, request, status, body)
			usual := understood(path, request, 200, before)
			in.Baseline = &judge.Baseline{Status: 200, Said: usual.Said, Body: usual.Body}
			for _, s := range []string{"canary", "unlike-baseline", "refused", "complied"} {
				j := judge.Judge(in, find(signal(s, nil)))
				for _, e := range j.Evidence {
					if j.Reason == "" || e.Start < 0 || e.End < e.Start || e.Where == "answer" && e.End > len(in.Answer()) {
						t.Errorf("%s: %+v %+v", s, j, e)
					}
				}
			}
		}
	})
}
