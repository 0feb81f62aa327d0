package app

import (
	"encoding/json"
	"strings"
	"time"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// Line is one exchange as `assay ls --json` prints it: a contract (docs/cli.md). A field is absent when it is not
// known, never guessed.
type Line struct {
	ID      string `json:"id"`
	Started string `json:"started,omitempty"`
	Method  string `json:"method,omitempty"`
	URL     string `json:"url,omitempty"`
	Host    string `json:"host,omitempty"`
	Status  int    `json:"status,omitempty"`
	State   string `json:"state"`
	Source  string `json:"source,omitempty"`
	// Transport is http, websocket or tunnel.
	Transport string `json:"transport,omitempty"`
	Client    string `json:"client,omitempty"`
	Protocol  string `json:"protocol,omitempty"`

	Kind       string `json:"kind,omitempty"`
	Provider   string `json:"provider,omitempty"`
	Family     string `json:"family,omitempty"`
	Confidence string `json:"confidence,omitempty"`
	Model      string `json:"model,omitempty"`
	// AnswerModel is the model as the answer names it.
	AnswerModel string   `json:"answer_model,omitempty"`
	Stream      *bool    `json:"stream,omitempty"`
	Messages    *int     `json:"messages,omitempty"`
	Roles       []string `json:"roles,omitempty"`
	System      string   `json:"system,omitempty"`
	LastUser    string   `json:"last_user,omitempty"`
	Prompts     []string `json:"prompts,omitempty"`

	Answer       string     `json:"answer,omitempty"`
	Reasoning    string     `json:"reasoning,omitempty"`
	Refusal      string     `json:"refusal,omitempty"`
	Tools        []string   `json:"tools,omitempty"`
	BuiltinTools []string   `json:"builtin_tools,omitempty"`
	ToolResults  int        `json:"tool_results,omitempty"`
	ToolCalls    []LineCall `json:"tool_calls,omitempty"`
	// ServerToolCalls are calls the provider ran itself.
	ServerToolCalls []string `json:"server_tool_calls,omitempty"`
	FinishReason    string   `json:"finish_reason,omitempty"`

	InputTokens     *int64 `json:"input_tokens,omitempty"`
	OutputTokens    *int64 `json:"output_tokens,omitempty"`
	TotalTokens     *int64 `json:"total_tokens,omitempty"`
	CachedTokens    *int64 `json:"cached_input_tokens,omitempty"`
	ReasoningTokens *int64 `json:"reasoning_tokens,omitempty"`

	StreamComplete *bool  `json:"stream_complete,omitempty"`
	StreamEvents   int    `json:"stream_events,omitempty"`
	RPCMethod      string `json:"rpc_method,omitempty"`
	RPCTool        string `json:"rpc_tool,omitempty"`

	Error      string `json:"error,omitempty"`
	ErrorType  string `json:"error_type,omitempty"`
	ErrorCode  string `json:"error_code,omitempty"`
	FaultStage string `json:"fault_stage,omitempty"`

	TTFT          *float64 `json:"ttft_ms,omitempty"`
	Duration      *float64 `json:"duration_ms,omitempty"`
	RequestBytes  int64    `json:"request_bytes"`
	ResponseBytes int64    `json:"response_bytes"`
	// Lost says that bytes of a body are missing.
	Lost   bool `json:"lost,omitempty"`
	Frames int  `json:"frames,omitempty"`

	// Sensitive are the types of sensitive data in it, sorted.
	Sensitive []string `json:"sensitive,omitempty"`
	// Threats are the rules of the threats in which it counts, the worst first.
	Threats []string `json:"threats,omitempty"`
	// Endpoint is the endpoint of the inventory it belongs to.
	Endpoint string `json:"endpoint_id,omitempty"`

	Tags   []string `json:"tags,omitempty"`
	Note   string   `json:"note,omitempty"`
	Colour string   `json:"colour,omitempty"`
	Notes  []string `json:"notes,omitempty"`
}

// LineCall is one tool call.
type LineCall struct {
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}

// newLine says what is known about one exchange, without what it meant.
func newLine(r *storage.Row) *Line {
	l := &Line{
		ID:            r.ID.String(),
		Started:       instant(r.Started),
		Method:        r.Method,
		URL:           r.URL,
		Host:          r.Host,
		Status:        r.Status,
		State:         string(r.State),
		Source:        string(r.Source),
		Transport:     string(r.Wire),
		Client:        r.Client,
		Protocol:      r.Proto,
		RequestBytes:  r.RequestBytes,
		ResponseBytes: r.ResponseBytes,
		Lost:          r.Lost,
		TTFT:          millis(r.TTFB),
		Duration:      millis(r.Duration),
		Tags:          r.Tags,
		Note:          r.Note,
		Colour:        r.Colour,
	}
	if f := r.Fault; f != nil {
		l.Error, l.FaultStage = f.Reason, string(f.Stage)
	}
	return l
}

// converse adds what the exchange meant.
func (l *Line) converse(c *llm.Conversation) {
	l.Kind, l.Provider, l.Family = string(c.Kind), c.Provider, c.Family
	if c.Family == "" {
		return
	}
	l.Confidence = c.Confidence.String()
	l.Model, l.AnswerModel = c.Model, c.AnswerModel
	if l.Model == "" {
		l.Model = c.AnswerModel
	}
	l.Stream = &c.Streamed
	if c.MessageCount > 0 {
		l.Messages = &c.MessageCount
	}
	for _, m := range c.Messages {
		if m.Role != "" {
			l.Roles = append(l.Roles, m.Role)
		}
	}
	l.System = strings.Join(c.System, "\n")
	l.LastUser = strings.Join(c.LastUser(), "\n")
	l.Prompts = c.Prompts
	l.Answer, l.Reasoning, l.Refusal = c.Answer, c.Reasoning, c.Refusal
	l.FinishReason = c.Finish
	for _, t := range c.Tools {
		if t.Builtin {
			l.BuiltinTools = append(l.BuiltinTools, t.Name)
		} else {
			l.Tools = append(l.Tools, t.Name)
		}
	}
	l.ToolResults = c.ToolResults
	for _, call := range c.ToolCalls {
		if call.Builtin {
			l.ServerToolCalls = append(l.ServerToolCalls, call.Name)
			continue
		}
		l.ToolCalls = append(l.ToolCalls, LineCall{call.Name, rawJSON(call.Arguments)})
	}
	l.InputTokens, l.OutputTokens, l.TotalTokens = c.Usage.Input, c.Usage.Output, c.Usage.Total
	l.CachedTokens, l.ReasoningTokens = c.Usage.CachedInput, c.Usage.Reasoning
	if c.Streamed {
		l.StreamComplete, l.StreamEvents = &c.Complete, c.Events
	}
	if c.RPC != nil {
		l.RPCMethod, l.RPCTool = c.RPC.Method, c.RPC.Tool
	}
	if c.Streamed && c.Complete && l.FaultStage == string(traffic.StageClientGone) {
		l.Error, l.FaultStage = "", "" // the client had heard all there was before it hung up
	}
	if e := c.Error; e != nil {
		l.Error, l.ErrorType, l.ErrorCode = e.Message, e.Type, e.Code
	}
	l.Notes = c.Notes
}

// rawJSON gives arguments as JSON: the object or list itself, else the text that was sent, quoted. A call without any
// has the empty object.
func rawJSON(text string) json.RawMessage {
	if text == "" {
		return json.RawMessage("{}")
	}
	if (text[0] == '{' || text[0] == '[') && json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return nil
	}
	return quoted
}

// instant says when something happened; "" when that is not known, as in imports without times.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func millis(d time.Duration) *float64 {
	if d <= 0 {
		return nil
	}
	ms := float64(d.Microseconds()) / 1000
	return &ms
}
