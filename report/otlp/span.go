package otlp

import (
	"cmp"
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	trace "go.opentelemetry.io/proto/slim/otlp/trace/v1"

	"assay/llm"
	"assay/traffic"
)

// Call is a recorded exchange with what it meant.
type Call struct {
	Exchange     *traffic.Exchange // bodies are not needed
	Conversation *llm.Conversation
	Request      []byte     // the body, its content coding undone
	Response     []byte     //
	Thread       traffic.ID // the first turn of the conversation that this is a turn of; 0 where it is none
}

// Options of a Converter.
type Options struct {
	Project string // identity of the project: ids of exchanges are its own
	Content bool   // with what was said: messages, system prompts, arguments and results of tools
	// Text hides what is secret or personal in a text, and remembers what that was; nil leaves texts as they are. Everything that
	// the wire said goes through it, names and ids too.
	Text func(string) string
}

// Converter makes spans of calls. It is not for use by several goroutines: calls of one conversation come in order, because
// what a tool came to stands in the call after the one that asked for it.
type Converter struct {
	options Options
	asked   *asked
	names   map[string]string // names that were hidden or let through before
}

// New returns a Converter.
func New(o Options) *Converter {
	return &Converter{options: o, asked: newAsked(), names: map[string]string{}}
}

// Spans are the spans of a call: one of its own, and one for each tool that was run between the call before and this one.
// There are none for what is no call of a model, an agent or a tool, and for what did not end yet or was never sent.
//
// Ids are made of the project's identity and the exchange's number: the same call is the same span, however often it is
// sent. The calls of one conversation are one trace.
func (c *Converter) Spans(x *Call) []*trace.Span {
	op := operation(x.Conversation)
	if op == "" || !x.Exchange.State.Ended() || x.Exchange.State == traffic.StateUnsent {
		return nil
	}
	span := &trace.Span{
		TraceId: c.id("trace", cmp.Or(x.Thread, x.Exchange.ID), 16), SpanId: c.id("span", x.Exchange.ID, 8),
		Kind: trace.Span_SPAN_KIND_CLIENT, StartTimeUnixNano: nano(x.Exchange.Started), EndTimeUnixNano: nano(x.Exchange.Started.Add(x.Exchange.Timing.Done)),
	}
	c.learn(x)
	var a attributes
	a.text("gen_ai.operation.name", op)
	if op == opTool {
		c.tool(&a, span, x)
	} else {
		c.model(&a, span, op, x)
	}
	c.place(&a, x)
	if kind := errorType(x); kind != "" {
		a.text("error.type", c.name(kind))
		span.Status = &trace.Status{Code: trace.Status_STATUS_CODE_ERROR}
	}
	a.number("assay.exchange.id", int64(x.Exchange.ID))
	a.text("assay.source", string(x.Exchange.Source))
	a.text("assay.client", c.name(x.Exchange.Client.Process))
	if c.options.Content {
		c.content(&a, op, x)
	}
	span.Attributes = a
	return append(c.tools(x, span), span)
}

// id is an id of so many bytes, made of what never changes.
func (c *Converter) id(of string, n traffic.ID, size int, more ...string) []byte {
	h := sha256.Sum256([]byte("assay " + of + "\x00" + c.options.Project + "\x00" + n.String() + "\x00" + strings.Join(more, "\x00")))
	return h[:size]
}

func nano(t time.Time) uint64 {
	return uint64(max(t.UnixNano(), 0)) //nolint:gosec // not negative
}

// model adds what a call of a model or an agent says of itself.
func (c *Converter) model(a *attributes, span *trace.Span, op string, x *Call) {
	v := x.Conversation
	model := c.name(cmp.Or(v.Model, v.Deployment))
	span.Name = strings.TrimSpace(op + " " + model)
	a.text("gen_ai.provider.name", c.name(provider(v)))
	a.text("gen_ai.request.model", model)
	a.text("gen_ai.response.model", c.name(v.AnswerModel))
	a.text("gen_ai.response.id", c.name(responseID(x.Response)))
	if v.Finish != "" {
		a.texts("gen_ai.response.finish_reasons", []string{c.name(v.Finish)})
	}
	if x.Thread != 0 {
		a.text("gen_ai.conversation.id", strconv.FormatInt(int64(x.Thread), 10)+"@"+short(c.options.Project, mostName))
	}
	if v.StreamAsked {
		a.yes("gen_ai.request.stream")
		if first := x.Exchange.Timing.FirstByte; first > 0 {
			a.real("gen_ai.response.time_to_first_chunk", first.Seconds())
		}
	}
	switch v.Kind {
	case llm.KindImage:
		a.text("gen_ai.output.type", "image")
	case llm.KindAudio:
		if strings.Contains(v.Family, "speech") || strings.Contains(v.Family, "speak") {
			a.text("gen_ai.output.type", "speech")
		}
	default:
	}
	c.settings(a, op, x.Request)
	tokens := func(key string, n *int64) {
		if n != nil {
			a.number(key, *n)
		}
	}
	input, output := usage(v)
	tokens("gen_ai.usage.input_tokens", input)
	tokens("gen_ai.usage.output_tokens", output)
	tokens("gen_ai.usage.cache_read.input_tokens", v.Usage.CachedInput)
	tokens("gen_ai.usage.cache_creation.input_tokens", v.Usage.CacheCreation)
	tokens("gen_ai.usage.reasoning.output_tokens", v.Usage.Reasoning)
}

// tool adds what a call of a tool over MCP says of itself.
func (c *Converter) tool(a *attributes, span *trace.Span, x *Call) {
	r := x.Conversation.RPC
	tool := c.name(r.Tool)
	span.Name = "tools/call " + tool
	a.text("gen_ai.tool.name", tool)
	a.text("mcp.method.name", "tools/call")
	a.text("mcp.protocol.version", c.name(r.ProtocolVersion))
	a.text("mcp.session.id", c.name(r.Session))
	a.text("jsonrpc.request.id", c.name(r.ID))
}

// place adds where a call went, and how that ended as far as HTTP tells.
func (c *Converter) place(a *attributes, x *Call) {
	u := traffic.SplitURL(x.Exchange.Request.URL)
	a.text("server.address", c.name(u.Host))
	if port, err := strconv.ParseInt(u.Port, 10, 32); err == nil && u.Host != "" {
		a.number("server.port", port)
	}
	a.text("http.request.method", c.name(x.Exchange.Request.Method))
	if x.Exchange.Response != nil && x.Exchange.Response.Status != 0 {
		a.number("http.response.status_code", int64(x.Exchange.Response.Status))
	}
}

// errorType says in a word or two how a call failed; empty where it did not.
func errorType(x *Call) string {
	if e := x.Conversation.Error; e != nil {
		status := ""
		if e.Status != 0 {
			status = strconv.Itoa(e.Status)
		}
		return short(cmp.Or(e.Type, e.Code, status, "_OTHER"), 100)
	}
	if r := x.Conversation.RPC; r != nil && r.IsError {
		return "tool_error"
	}
	if r := x.Exchange.Response; r != nil && r.Status >= 400 {
		return strconv.Itoa(r.Status)
	}
	if x.Exchange.State == traffic.StateFailed {
		if f := x.Exchange.Fault; f != nil && f.Stage != "" {
			return string(f.Stage)
		}
		return "_OTHER"
	}
	return ""
}
