package lab_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	openai "github.com/sashabaranov/go-openai"
)

// sdk is a Go client nobody here wrote.
func sdk(root, key string) *openai.Client {
	config := openai.DefaultConfig(key)
	config.BaseURL = root + "/openai/v1"
	return openai.NewClientWithConfig(config)
}

func asking(text string) openai.ChatCompletionRequest {
	return openai.ChatCompletionRequest{
		Model: "gpt-4o", Messages: []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: text}},
		StreamOptions: nil,
	}
}

func TestGoSDK(t *testing.T) {
	t.Parallel()
	client := sdk(open(t), "sk-lab")
	whole, err := client.CreateChatCompletion(t.Context(), asking("Count to 5"))
	if err != nil {
		t.Fatal(err)
	}
	if got := whole.Choices[0].Message.Content; got != "1, 2, 3, 4, 5" {
		t.Errorf("answered %q", got)
	}
	request := asking("Count to 5")
	request.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	stream, err := client.CreateChatCompletionStream(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Close() }() // read to its end below
	text, usage := "", openai.Usage{}
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if piece.Usage != nil {
			usage = *piece.Usage
		}
		for _, choice := range piece.Choices {
			text += choice.Delta.Content
		}
	}
	if text != whole.Choices[0].Message.Content || usage.TotalTokens != whole.Usage.TotalTokens {
		t.Errorf("streamed %q with %v, whole %q with %v", text, usage, whole.Choices[0].Message.Content, whole.Usage)
	}
	vectors, err := client.CreateEmbeddings(t.Context(), openai.EmbeddingRequestStrings{
		Model: openai.SmallEmbedding3, Input: []string{"fresh bread", "bread that is fresh", "quarterly tax report"},
	})
	if err != nil {
		t.Fatal(err)
	}
	near, far := similarity(t, vectors, 0, 1), similarity(t, vectors, 0, 2)
	if near <= far {
		t.Errorf("texts that share words are %f near, others %f", near, far)
	}
	list, err := client.ListModels(t.Context())
	if err != nil || len(list.Models) < 5 {
		t.Errorf("%d models: %v", len(list.Models), err)
	}
}

func similarity(t *testing.T, vectors openai.EmbeddingResponse, a, b int) float32 {
	t.Helper()
	product, err := vectors.Data[a].DotProduct(&vectors.Data[b])
	if err != nil {
		t.Fatal(err)
	}
	return product
}

func TestGoSDKErrors(t *testing.T) {
	t.Parallel()
	root := open(t)
	request := asking("Hello")
	request.Model = "lab-busy"
	for status, err := range map[int]error{
		http.StatusUnauthorized:    second(sdk(root, "bad").CreateChatCompletion(t.Context(), asking("Hello"))),
		http.StatusTooManyRequests: second(sdk(root, "sk-lab").CreateChatCompletion(t.Context(), request)),
	} {
		if problem, ok := errors.AsType[*openai.APIError](err); !ok || problem.HTTPStatusCode != status || problem.Message == "" {
			t.Errorf("want status %d, got %v", status, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestCurl reads a stream with a client that knows nothing of the format, over HTTP/1.1 and, without TLS, HTTP/2.
func TestCurl(t *testing.T) {
	t.Parallel()
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal("curl is not installed: run `make setup`")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	server := start(ctx, t)
	for _, version := range []string{"--http1.1", "--http2-prior-knowledge"} {
		out, err := exec.CommandContext(ctx, curl, "-sSN", version, server+"/anthropic/v1/messages", "-H", "x-api-key: k", "-d",
			`{"model":"claude-sonnet-4-6","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"Count to 3"}]}`).CombinedOutput()
		if err != nil || !strings.HasSuffix(string(out), "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n") {
			t.Errorf("%s: %v\n%s", version, err, out)
		}
	}
}

func TestBedrockStream(t *testing.T) {
	t.Parallel()
	response, body := send(t, "POST", open(t)+"/bedrock/model/amazon.nova-lite-v1:0/converse-stream",
		`{"messages":[{"role":"user","content":[{"text":"Count to 3"}]}]}`)
	if kind := response.Header.Get("Content-Type"); kind != "application/vnd.amazon.eventstream" {
		t.Errorf("content type %q", kind)
	}
	reader, decoder := bytes.NewReader([]byte(body)), eventstream.NewDecoder()
	text, names := "", []string{}
	for {
		message, err := decoder.Decode(reader, nil)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, message.Headers.Get(":event-type").String())
		if delta, ok := object(t, string(message.Payload))["delta"].(map[string]any); ok {
			text += delta["text"].(string)
		}
	}
	if text != "1, 2, 3" || names[0] != "messageStart" || names[len(names)-1] != "metadata" {
		t.Errorf("%q in frames %v", text, names)
	}
}

func TestRealtime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	socket, response, err := websocket.Dial(ctx, open(t)+"/v1/realtime?model=gpt-realtime", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body != nil {
		defer func() { _ = response.Body.Close() }() // a switched connection has none to read
	}
	for _, event := range []string{
		`nonsense`,
		`{"type":"session.update","session":{"instructions":"You are Sunny."}}`,
		`{"type":"conversation.item.create","item":{"role":"user","content":[{"type":"input_text","text":"Who are you?"}]}}`,
		`{"type":"response.create"}`,
	} {
		if err := socket.Write(ctx, websocket.MessageText, []byte(event)); err != nil {
			t.Fatal(err)
		}
	}
	text, seen := "", map[string]int{}
	for seen["response.done"] == 0 {
		var event struct{ Type, Delta string }
		if err := wsjson.Read(ctx, socket, &event); err != nil {
			t.Fatal(err)
		}
		seen[event.Type]++
		text += event.Delta
	}
	if text != "I am Sunny." || seen["error"] != 1 || seen["session.updated"] != 1 {
		t.Errorf("heard %q and %v", text, seen)
	}
	if err := socket.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
}

func TestMCPSession(t *testing.T) {
	t.Parallel()
	root := open(t)
	call := func(session, body string) (*http.Response, string) {
		headers := []string{"Accept", "application/json, text/event-stream", "Content-Type", "application/json"}
		if session != "" {
			headers = append(headers, "Mcp-Session-Id", session)
		}
		return send(t, "POST", root+"/mcp", body, headers...)
	}
	response, answer := call("", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`)
	session := response.Header.Get("Mcp-Session-Id")
	if session == "" || !strings.Contains(answer, `"protocolVersion":"2025-06-18"`) || !strings.HasPrefix(answer, "event: message\n") {
		t.Fatalf("initialize: session %q, %s", session, answer)
	}
	for _, c := range []struct {
		session, body string
		status        int
		mark          string
	}{
		{"", `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`, 400, "missing"},
		{"stranger", `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`, 404, "not known"},
		{session, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, 202, ""},
		{session, `{"jsonrpc":"2.0","id":3,"method":"tools/list"}`, 200, `"inputSchema"`},
		{session, `{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"calculate","arguments":{"expression":"6 * 7"}}}`, 200, `"text":"42"`},
		{session, `{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"calculate","arguments":{}}}`, 200, `"code":-32602`},
		{session, `{"jsonrpc":"2.0","id":6,"method":"no/such"}`, 200, `"code":-32601`},
		{session, `{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"uri":"lab://none"}}`, 200, `"code":-32002`},
		{session, `[]`, 400, "JSON-RPC"},
	} {
		response, answer := call(c.session, c.body)
		if response.StatusCode != c.status || !strings.Contains(answer, c.mark) {
			t.Errorf("%s: status %d, want %d with %q: %s", c.body, response.StatusCode, c.status, c.mark, answer)
		}
	}
	if response, _ := send(t, "DELETE", root+"/mcp", "", "Mcp-Session-Id", session); response.StatusCode != 200 {
		t.Errorf("closing the session: status %d", response.StatusCode)
	}
	if response, _ := call(session, `{"jsonrpc":"2.0","id":8,"method":"ping"}`); response.StatusCode != 404 {
		t.Errorf("a closed session answers with status %d", response.StatusCode)
	}
}
