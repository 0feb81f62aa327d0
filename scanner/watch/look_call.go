package watch

import (
	"assay/llm"
	"assay/scanner"
	"assay/scanner/payload"
)

// calls looks at the calls of tools that the model makes, and at those it made since it was last heard.
func (l *look) calls(from int) {
	c := l.conversation
	for i := range c.ToolCalls {
		if call := &c.ToolCalls[i]; !call.Builtin {
			l.call(scanner.InAnswer, call.Name, call.Arguments)
		}
	}
	for i := from; i < len(c.Messages); i++ { // of a history that was not seen before
		for j := range c.Messages[i].Parts {
			if p := &c.Messages[i].Parts[j]; p.Kind == llm.PartToolCall && p.Call != nil {
				l.call(scanner.InRequest, p.Call.Name, p.Call.Arguments)
			}
		}
	}
	l.loop()
}

func (l *look) call(side scanner.Side, name, arguments string) {
	if l.texts == 0 {
		l.sight.Cut += len(arguments)
		return
	}
	l.texts--
	t := said{side, "assistant", "call:" + tidy(name), arguments}
	found, cut := payload.Call(name, arguments, payload.CallContext{Named: l.memory.named, Told: l.memory.heard})
	l.sight.Cut += cut
	for _, f := range found {
		kind := scanner.SignToolCall
		if f.Name == "fetch" {
			kind = scanner.SignExfil
		}
		l.sign(&t, kind, f.Name, f.Start, f.End, f.Score, f.Why)
	}
	l.sensitive(&t)
}

// leastLoop is from how many equal calls in a row on a model goes round in circles.
const leastLoop = 4

// loop tells whether the model calls the same again and again. It is told with the call that goes on with it.
func (l *look) loop() {
	c := l.conversation
	if len(c.ToolCalls) == 0 {
		return
	}
	last := &c.ToolCalls[0]
	if last.Builtin {
		return
	}
	n := 1
	for i := len(c.Messages) - 1; i >= 0; i-- {
		calls := 0
		for j := range c.Messages[i].Parts {
			p := &c.Messages[i].Parts[j]
			if p.Kind != llm.PartToolCall || p.Call == nil {
				continue
			}
			if calls++; p.Call.Name == last.Name && p.Call.Arguments == last.Arguments {
				n++
			} else {
				i = 0
				break
			}
		}
		if calls == 0 && isAssistant(c.Messages[i].Role) || c.Messages[i].Role == "user" && hasText(&c.Messages[i]) {
			break
		}
	}
	if n >= leastLoop {
		t := said{side: scanner.InAnswer, role: "assistant", where: "call:" + tidy(last.Name)}
		l.sign(&t, scanner.SignToolCall, "loop", 0, 0, min(0.95, 0.4+0.05*float64(n)), "The same call was made "+times(n)+" in a row")
	}
}

func hasText(m *llm.Message) bool {
	for j := range m.Parts {
		if m.Parts[j].Kind == llm.PartText && m.Parts[j].Text != "" {
			return true
		}
	}
	return false
}
