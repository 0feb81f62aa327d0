package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/sashabaranov/go-openai"

	"assay/storage"
)

// Demo talks to a provider of reverse mode as a program with an official SDK would, and returns the id of the last
// exchange before it, "" when there was none.
func (a *App) Demo(ctx context.Context, r *Recording, provider string) (before string, err error) {
	rows, err := r.project.store.List(ctx, storage.Filter{Limit: 1})
	if err != nil {
		return "", err
	}
	if len(rows) > 0 {
		before = rows[0].ID.String()
	}
	base := "http://" + r.Listen() + "/r/" + provider
	config := openai.DefaultConfig("sk-demo-not-a-real-key")
	config.BaseURL = base + "/v1"
	config.HTTPClient = &http.Client{Transport: &http.Transport{}} // never through a proxy of the environment
	client := openai.NewClientWithConfig(config)
	err = errors.Join(
		demoQuestion(ctx, client),
		demoStream(ctx, client),
		demoTool(ctx, client),
		demoPost(ctx, base+"/anthropic/v1/messages", `{"model":"claude-sonnet-4-5","max_tokens":200,"system":"You are the helper of a small shop.","messages":[{"role":"user","content":"Where is my parcel?"}]}`),
		demoPost(ctx, base+"/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", `{"contents":[{"role":"user","parts":[{"text":"Name three uses of a paper clip."}]}]}`),
		demoPost(ctx, base+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"demo","version":"1"}}}`),
	)
	if err != nil {
		return "", fmt.Errorf("the demo client failed: %w", err)
	}
	return before, r.project.store.Recorder().Flush(ctx)
}

func demoQuestion(ctx context.Context, client *openai.Client) error {
	_, err := client.CreateChatCompletion(ctx, openai.ChatCompletionRequest{
		Model: "gpt-4o-mini",
		Messages: []openai.ChatCompletionMessage{
			{Role: "system", Content: "You are the helper of a small shop. Be brief."},
			{Role: "user", Content: "What is our refund policy?"},
		},
	})
	return err
}

func demoStream(ctx context.Context, client *openai.Client) error {
	stream, err := client.CreateChatCompletionStream(ctx, openai.ChatCompletionRequest{
		Model:         "gpt-4o",
		Messages:      []openai.ChatCompletionMessage{{Role: "user", Content: "Write a haiku about a proxy that never waits."}},
		StreamOptions: &openai.StreamOptions{IncludeUsage: true},
	})
	if err != nil {
		return err
	}
	for err == nil {
		_, err = stream.Recv()
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, stream.Close())
}

func demoTool(ctx context.Context, client *openai.Client) error {
	_, err := client.CreateChatCompletion(ctx, openai.ChatCompletionRequest{
		Model:    "gpt-4o",
		Messages: []openai.ChatCompletionMessage{{Role: "user", Content: "What is the weather in Paris?"}},
		Tools: []openai.Tool{{Type: openai.ToolTypeFunction, Function: &openai.FunctionDefinition{
			Name: "get_weather", Description: "The weather in a city",
			Parameters: map[string]any{"type": "object", "properties": map[string]any{"city": map[string]string{"type": "string"}}},
		}}},
	})
	return err
}

func demoPost(ctx context.Context, url, body string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("X-Api-Key", "demo-not-a-real-key")
	req.Header.Set("Anthropic-Version", "2023-06-01")
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, res.Status)
	}
	return nil
}
