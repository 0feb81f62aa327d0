package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// caller is a client of the recorder in this process: the program behind the demo conversation and the sample project.
// It sends what the programs of a bank would send, through the recorder as they do.
type caller struct {
	client *http.Client
	sent   int         // requests so far
	last   http.Header // of the last answer
	err    error       // the first one; after it nothing is sent
}

// newCaller sends through the recorder at listen and trusts its certificates.
func newCaller(listen string, roots *x509.CertPool) *caller {
	transport := &http.Transport{
		Proxy:             http.ProxyURL(&url.URL{Scheme: "http", Host: listen}),
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
	}
	return &caller{client: &http.Client{Transport: transport, Timeout: time.Minute}}
}

func (s *caller) close() { s.client.CloseIdleConnections() }

// message is one request.
type message struct {
	method, url string
	header      map[string]string
	body        any // marshalled to JSON; text is sent as it is
	want        int // the status that is meant to come back
}

// send sends a request and returns the answer's body. It does nothing once something went wrong.
func (s *caller) send(ctx context.Context, m message) []byte {
	if s.err != nil {
		return nil
	}
	s.sent++
	answer, err := s.roundTrip(ctx, m)
	if err != nil {
		s.err = fmt.Errorf("%s %s: %w", m.method, m.url, err)
	}
	return answer
}

func (s *caller) roundTrip(ctx context.Context, m message) ([]byte, error) {
	text, is := m.body.(string)
	if m.body != nil && !is {
		data, err := json.Marshal(m.body)
		if err != nil {
			return nil, err
		}
		text = string(data)
	}
	req, err := http.NewRequestWithContext(ctx, m.method, m.url, strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	if text != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range m.header {
		req.Header.Set(name, value)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	s.last = res.Header
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != m.want {
		err = fmt.Errorf("answered %s: %.200s", res.Status, answer)
	}
	return answer, err
}

// object is a JSON object.
type object = map[string]any

// talk is a conversation: its messages grow, and each turn sends all of them, as such programs do.
type talk struct {
	s        *caller
	url      string
	header   map[string]string
	fixed    object                  // what stands beside the messages: model, tools, …
	key      string                  // of the messages in the request
	user     func(text string) any   // how the user's words are written
	keep     func(answer []byte) any // the assistant's message, as the next request repeats it
	messages []any
}

// say sends the user's words and keeps the answer as the next message.
func (t *talk) say(ctx context.Context, text string) { t.turn(ctx, t.user(text)) }

// turn sends one more message of any kind.
func (t *talk) turn(ctx context.Context, next any) {
	t.messages = append(t.messages, next)
	body := maps.Clone(t.fixed)
	body[t.key] = t.messages
	answer := t.s.send(ctx, message{method: http.MethodPost, url: t.url, header: t.header, body: body, want: http.StatusOK})
	if t.s.err == nil {
		t.messages = append(t.messages, t.keep(answer))
	}
}

// result answers the tool call of the last answer, in the form of OpenAI's chat.
func (t *talk) result(ctx context.Context, text string) {
	if t.s.err != nil {
		return
	}
	last, _ := t.messages[len(t.messages)-1].(json.RawMessage)
	id := gjson.GetBytes(last, "tool_calls.0.id").String()
	if id == "" {
		t.s.err = fmt.Errorf("%s: no tool was called by %.200s", t.url, last)
		return
	}
	t.turn(ctx, object{"role": "tool", "tool_call_id": id, "content": text})
}

// plainUser writes the user's words as OpenAI, Anthropic, Cohere and Ollama do.
func plainUser(text string) any { return object{"role": "user", "content": text} }

// member keeps one member of the answer as it is.
func member(path string) func([]byte) any {
	return func(answer []byte) any { return json.RawMessage(gjson.GetBytes(answer, path).Raw) }
}

// streamed joins the words of a stream of OpenAI's or Anthropic's events.
func streamed(answer []byte) any {
	var text strings.Builder
	for line := range bytes.Lines(answer) {
		if data, is := bytes.CutPrefix(line, []byte("data: ")); is {
			text.WriteString(gjson.GetBytes(data, "choices.0.delta.content").String())
			text.WriteString(gjson.GetBytes(data, "delta.text").String())
		}
	}
	return object{"role": "assistant", "content": text.String()}
}

// function declares a tool with text parameters, in the form of OpenAI's chat.
func function(name, description string, parameters ...string) object {
	return object{"type": "function", "function": object{
		"name": name, "description": description, "parameters": schemaOf(parameters),
	}}
}

func schemaOf(parameters []string) object {
	properties := object{}
	for _, p := range parameters {
		properties[p] = object{"type": "string"}
	}
	return object{"type": "object", "properties": properties, "required": parameters}
}
