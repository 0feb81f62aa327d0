package window

import (
	"time"

	"assay/storage"
)

// Row is one exchange in a list: the same in every list of the window. A zero field is not known.
type Row struct {
	ID      string `json:"id"`
	Started string `json:"started"` // RFC 3339 with milliseconds
	Source  string `json:"source"`
	Wire    string `json:"wire"` // http, websocket, tunnel
	State   string `json:"state"`
	Method  string `json:"method"`
	URL     string `json:"url"`
	Host    string `json:"host"`
	Path    string `json:"path"`
	// Operation is what was asked for where one path stands for everything: a method of JSON-RPC, an operation of GraphQL.
	Operation string `json:"operation"`
	Status    int    `json:"status"`
	Client    string `json:"client"`
	Error     string `json:"error"`
	Stage     string `json:"stage"` // of the fault: client-tls, out-of-scope, …

	Read     bool     `json:"read"` // the fields below are known
	Kind     string   `json:"kind"`
	Provider string   `json:"provider"`
	Family   string   `json:"family"`
	Model    string   `json:"model"`
	LastUser string   `json:"last_user"` // shortened
	Answer   string   `json:"answer"`    // shortened
	Tools    []string `json:"tools"`
	Calls    []string `json:"calls"` // names of the tool calls in the answer
	Messages int      `json:"messages"`
	Stream   bool     `json:"stream"`
	Refusal  bool     `json:"refusal"`
	Finish   string   `json:"finish"`

	InputTokens  int64   `json:"input_tokens"` // -1 when not known, as the next two
	OutputTokens int64   `json:"output_tokens"`
	TotalTokens  int64   `json:"total_tokens"`
	TTFB         float64 `json:"ttfb_ms"` // 0 when not known
	Duration     float64 `json:"duration_ms"`

	RequestBytes  int64  `json:"request_bytes"`
	ResponseBytes int64  `json:"response_bytes"`
	Lost          bool   `json:"lost"`
	Conversation  string `json:"conversation"` // id of its first turn; empty when not a conversation

	Tags   []string `json:"tags"`
	Note   string   `json:"note"`
	Colour string   `json:"colour"`

	Threat RowThreat `json:"threat"` // in lists of Traffic
}

// rowText is how many characters of a text a list shows.
const rowText = 200

// rowOf shortens what the store knows to what a list shows.
func rowOf(r *storage.Row) Row {
	row := Row{
		ID: r.ID.String(), Source: string(r.Source), Wire: string(r.Wire), State: string(r.State), Method: r.Method,
		URL: r.URL, Host: r.Host, Path: r.Path, Status: r.Status, Client: r.Client, Error: r.Error,
		Read: r.Read, Kind: string(r.Kind), Provider: r.Provider, Family: r.Family, Model: r.Model,
		LastUser: shorten(r.LastUser), Answer: shorten(r.Answer), Messages: r.Messages, Stream: r.Stream, Refusal: r.HasRefusal,
		Finish: r.Finish, InputTokens: known(r.InputTokens), OutputTokens: known(r.OutputTokens), TotalTokens: known(r.TotalTokens),
		TTFB: milliseconds(r.TTFB), Duration: milliseconds(r.Duration), RequestBytes: r.RequestBytes, ResponseBytes: r.ResponseBytes,
		Lost: r.Lost, Tools: list(r.Tools), Calls: []string{}, Tags: list(r.Tags), Note: r.Note, Colour: r.Colour, Threat: RowThreat{Titles: []string{}},
	}
	if !r.Started.IsZero() {
		row.Started = r.Started.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	if r.Fault != nil {
		row.Stage = string(r.Fault.Stage)
	}
	if r.Conversation != 0 {
		row.Conversation = r.Conversation.String()
	}
	for _, call := range r.ToolCalls {
		row.Calls = append(row.Calls, call.Name)
	}
	return row
}

func shorten(s string) string { return clip(s, rowText) }

func known(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// list is s, never nil: nil would reach the window as null.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
