package otlp

import (
	"cmp"
	"time"

	trace "go.opentelemetry.io/proto/slim/otlp/trace/v1"

	"assay/llm"
	"assay/traffic"
)

// How much is remembered of tools that were asked for: conversations, and calls of one answer.
const (
	mostThreads = 4096
	mostCalls   = 128
)

// turn is the last call of a conversation, with the tools that its answer asks for.
type turn struct {
	id    traffic.ID
	end   time.Time
	span  []byte
	calls []llm.ToolCall
}

// asked remembers the last turn of each conversation.
type asked struct {
	turns map[traffic.ID]*turn
	order []traffic.ID // oldest first
}

func newAsked() *asked { return &asked{turns: map[traffic.ID]*turn{}} }

func (m *asked) put(thread traffic.ID, t *turn) {
	if m.turns[thread] == nil {
		if len(m.order) == mostThreads {
			delete(m.turns, m.order[0])
			m.order = m.order[1:]
		}
		m.order = append(m.order, thread)
	}
	m.turns[thread] = t
}

// tools are the spans of what the call before asked for, and this one has the results of. Nobody saw them run: they lie
// between the end of that answer and the beginning of this request, which is the most that they can have taken.
func (c *Converter) tools(x *Call, span *trace.Span) (spans []*trace.Span) {
	if x.Thread == 0 {
		return nil
	}
	if before := c.asked.turns[x.Thread]; before != nil && before.id != x.Exchange.ID {
		for i := range x.Conversation.Messages {
			for j := range x.Conversation.Messages[i].Parts {
				if p := &x.Conversation.Messages[i].Parts[j]; p.Kind == llm.PartToolResult {
					spans = append(spans, c.ran(before, p, x, span)...)
				}
			}
		}
	}
	now := &turn{id: x.Exchange.ID, end: x.Exchange.Started.Add(x.Exchange.Timing.Done), span: span.SpanId}
	for _, call := range x.Conversation.ToolCalls {
		if !call.Builtin && len(now.calls) < mostCalls {
			now.calls = append(now.calls, call)
		}
	}
	c.asked.put(x.Thread, now)
	return spans
}

// ran is the span of the tool that a result is of; none where it was not asked for by the call before.
func (c *Converter) ran(before *turn, result *llm.Part, x *Call, span *trace.Span) []*trace.Span {
	for i := range before.calls {
		call := &before.calls[i]
		if call.Name == "" || result.CallID != call.ID || result.CallID == "" && result.Name != call.Name {
			continue
		}
		var a attributes
		name := c.name(call.Name)
		a.text("gen_ai.operation.name", opTool)
		a.text("gen_ai.tool.name", name)
		a.text("gen_ai.tool.type", "function")
		a.text("gen_ai.tool.call.id", c.name(call.ID))
		a.number("assay.exchange.id", int64(x.Exchange.ID))
		a.text("assay.timing", "between calls") // it was not measured
		if c.options.Content {
			a.text("gen_ai.tool.call.arguments", c.said(call.Arguments))
			a.text("gen_ai.tool.call.result", c.said(result.Text))
		}
		end := x.Exchange.Started
		start := before.end
		if start.After(end) {
			start = end
		}
		out := &trace.Span{
			TraceId: span.TraceId, SpanId: c.id("tool", before.id, 8, cmp.Or(call.ID, call.Name)), ParentSpanId: before.span, Name: "execute_tool " + name,
			Kind: trace.Span_SPAN_KIND_INTERNAL, StartTimeUnixNano: nano(start), EndTimeUnixNano: nano(end), Attributes: a,
		}
		before.calls = append(before.calls[:i:i], before.calls[i+1:]...)
		return []*trace.Span{out}
	}
	return nil
}
