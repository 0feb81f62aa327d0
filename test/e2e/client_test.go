package e2e_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	openai "github.com/sashabaranov/go-openai"
)

// client is a Go client that uses the recorder as its proxy and trusts its authority, as a person would set it up.
func (r *recorder) client(t *testing.T) *http.Client {
	t.Helper()
	authority, err := os.ReadFile(r.CA)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(authority) {
		t.Fatalf("%s holds no certificate", r.CA)
	}
	transport := &http.Transport{
		Proxy:             http.ProxyURL(&url.URL{Scheme: "http", Host: r.Listen}),
		TLSClientConfig:   &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// TestGoSDK talks with a Go SDK nobody here wrote, streaming and not.
func TestGoSDK(t *testing.T) {
	t.Parallel()
	r := record(t)
	config := openai.DefaultConfig(sdkKey)
	config.HTTPClient = r.client(t)
	client := openai.NewClientWithConfig(config)
	request := func(text string) openai.ChatCompletionRequest {
		return openai.ChatCompletionRequest{
			Model:    "gpt-4o",
			Messages: []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: text}},
		}
	}
	whole, err := client.CreateChatCompletion(t.Context(), request("Tell the go client about kettles"))
	if err != nil {
		t.Fatal(err)
	}
	stream, err := client.CreateChatCompletionStream(t.Context(), request("Tell the go stream about toasters"))
	if err != nil {
		t.Fatal(err)
	}
	var streamed strings.Builder
	for {
		piece, err := stream.Recv()
		if err != nil {
			break // io.EOF; a broken stream shows in the comparison
		}
		streamed.WriteString(piece.Choices[0].Delta.Content)
	}
	if err := stream.Close(); err != nil {
		t.Error(err)
	}
	want := map[string]string{
		"Tell the go client about kettles":  whole.Choices[0].Message.Content,
		"Tell the go stream about toasters": streamed.String(),
	}
	r.awaitAnswers(t, "go-openai", want)
}

// awaitAnswers waits for the questions and compares their answers.
func (r *recorder) awaitAnswers(t *testing.T, what string, want map[string]string) []row {
	t.Helper()
	rows := r.await(t, what, func(rows []row) bool {
		for question := range want {
			if _, ok := asked(rows, question); !ok {
				return false
			}
		}
		return true
	})
	for question, answer := range want {
		if one, _ := asked(rows, question); one.Answer != answer || answer == "" {
			t.Errorf("%q: recorded %q, received %q", question, one.Answer, answer)
		}
	}
	return rows
}

// TestCurl asks over HTTP/1.1 and HTTP/2; the bytes of the answer must be those curl gets without the proxy.
func TestCurl(t *testing.T) {
	t.Parallel()
	r := record(t)
	body := `{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Tell curl about %s"}]}`
	want := map[string]string{}
	for version, protocol := range map[string]string{"--http1.1": "1.1", "--http2": "2"} {
		sent := strings.Replace(body, "%s", strings.Trim(version, "-"), 1)
		command := []string{
			"curl", "-sS", version, "-w", "\n%{http_version}", "-H", "Content-Type: application/json", "-d", sent,
			"https://lab.example/v1/chat/completions",
		}
		direct := runIn(t, environment(r.home), command[0], append(command[1:], "--cacert", target.ca,
			"--connect-to", "lab.example:443:"+target.addr())...)
		proxied := r.launch(t, nil, command...)
		if !bytes.Equal(direct, proxied) {
			t.Errorf("%s: through the proxy curl got\n%s\nand directly\n%s", version, proxied, direct)
		}
		text, spoke, _ := strings.Cut(string(bytes.TrimSpace(proxied)), "[DONE]")
		if strings.TrimSpace(spoke) != protocol {
			t.Errorf("%s: curl spoke HTTP/%s", version, strings.TrimSpace(spoke))
		}
		want["Tell curl about "+strings.Trim(version, "-")] = deltas(text)
	}
	rows := r.awaitAnswers(t, "curl", want)
	for _, one := range rows {
		if one.Model != "gpt-4o" || !one.Stream || one.Finish != "stop" || one.Family != "openai.chat" {
			t.Errorf("recorded %+v", one)
		}
	}
}

// deltas joins the text of an OpenAI stream.
func deltas(events string) string {
	var text strings.Builder
	for line := range strings.Lines(events) {
		data, ok := strings.CutPrefix(strings.TrimSpace(line), "data: ")
		var chunk struct {
			Choices []struct {
				Delta struct {
					Content string `json:"content"`
				} `json:"delta"`
			} `json:"choices"`
		}
		if !ok || json.Unmarshal([]byte(data), &chunk) != nil {
			continue
		}
		for _, choice := range chunk.Choices {
			text.WriteString(choice.Delta.Content)
		}
	}
	return text.String()
}

// TestErrors makes calls that fail; the provider's own words must be in the recording.
func TestErrors(t *testing.T) {
	t.Parallel()
	r := record(t)
	client := r.client(t)
	for _, c := range []struct {
		url, key, model string
		status          int
		kind            string
	}{
		{"https://api.openai.com/v1/chat/completions", "bad", "gpt-4o", 401, "invalid_request_error"},
		{"https://api.openai.com/v1/chat/completions", sdkKey, "no-such-model", 404, "invalid_request_error"},
		{"https://api.anthropic.com/v1/messages", sdkKey, "lab-busy", 429, "rate_limit_error"},
	} {
		body := `{"model":"` + c.model + `","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}`
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+c.key)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Error(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		if response.StatusCode != c.status {
			t.Errorf("%s %s: status %d, want %d", c.url, c.model, response.StatusCode, c.status)
		}
		rows := r.await(t, c.kind, func(rows []row) bool { return hasStatus(rows, c.status) })
		for _, one := range rows {
			if one.Status == c.status && (one.ErrorType != c.kind || one.Error == "" || one.Answer != "") {
				t.Errorf("status %d recorded as %+v", c.status, one)
			}
		}
	}
}

func hasStatus(rows []row, status int) bool {
	for _, one := range rows {
		if one.Status == status && one.State == "complete" {
			return true
		}
	}
	return false
}

// TestWebSocket holds a realtime conversation through the proxy, compressed.
func TestWebSocket(t *testing.T) {
	t.Parallel()
	r := record(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	socket, response, err := websocket.Dial(ctx, "wss://api.openai.com/v1/realtime?model=gpt-realtime", &websocket.DialOptions{
		HTTPClient: r.client(t), HTTPHeader: http.Header{"Authorization": {"Bearer " + sdkKey}}, Subprotocols: []string{"realtime"},
		CompressionMode: websocket.CompressionContextTakeover,
	})
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("status %d", response.StatusCode)
	}
	question := "Tell the go socket about kettles"
	for _, event := range []string{
		`{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"` + question + `"}]}}`,
		`{"type":"response.create"}`,
	} {
		if err := socket.Write(ctx, websocket.MessageText, []byte(event)); err != nil {
			t.Fatal(err)
		}
	}
	text := ""
	for done := false; !done; {
		var event struct{ Type, Delta string }
		if err := wsjson.Read(ctx, socket, &event); err != nil {
			t.Fatal(err)
		}
		if event.Type == "response.output_text.delta" {
			text += event.Delta
		}
		done = event.Type == "response.done"
	}
	if err := socket.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
	r.awaitAnswers(t, "websocket", map[string]string{question: text})
}
