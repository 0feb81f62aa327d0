package craft

import (
	"slices"
	"strconv"
	"strings"

	"assay/llm"
	"assay/scanner/judge"
	"assay/scanner/target"
	"assay/scanner/template"
)

// Script is one trial's conversation while it is held. Not safe for concurrent use.
type Script struct {
	subject  *Subject
	rendered *template.Rendered
	base     llm.Input       // with the tools of the setup
	user     string          // what the user asks while the attack stands elsewhere
	session  *target.Session // nil where none is opened
	steps    []step          // turns that were answered
	pending  *step           // the latest call
	kept     carried         // what answers handed on
}

// step is one turn, and what was answered.
type step struct {
	turn   template.RenderedTurn
	answer llm.Turn
}

// Begin prepares a trial. An error of type *Unfit says that the case makes no sense for the subject.
func Begin(s *Subject, r *template.Rendered) (*Script, error) {
	sc := &Script{subject: s, rendered: r, base: s.base, user: s.Prompt}
	if r.Setup.User != "" && !s.recorded {
		sc.user = r.Setup.User
	}
	if len(r.Setup.Tools) > 0 && len(s.Tools) == 0 && s.Kind != string(llm.KindMCP) {
		in, err := s.editor.AddTools(sc.base, toolsOf(r.Setup.Tools)...)
		if err != nil {
			return nil, unfit(err)
		}
		sc.base = in
	}
	if why := pointless(s, r); why != "" {
		return nil, &Unfit{why}
	}
	if s.session != nil {
		if err := sc.open(); err != nil {
			return nil, unfit(err)
		}
	}
	if len(r.Turns) > 1 {
		if s.memory == forgets {
			return nil, &Unfit{"nothing in the request carries what was said before, so there is no second turn"}
		}
		if err := sc.rehearse(); err != nil {
			return nil, err
		}
	}
	return sc, nil
}

// pointless says why no answer could ever show what a case looks for: nothing is there that could leak or be called.
func pointless(s *Subject, r *template.Rendered) string {
	find := &r.Detect.Find
	switch {
	case len(s.System) == 0 && r.Setup.System == "" && takes(find, "system-prompt-overlap", "texts"):
		return "no system prompt is known that the answer could be compared with"
	case len(s.Said.Tools) == 0 && len(r.Setup.Tools) == 0 && s.Kind == string(llm.KindLLM) && r.Request == nil && takes(find, "tool-call", ""):
		return "the request offers no functions, so none can be called"
	}
	return ""
}

// takes reports whether a tree of signals cannot hold without one of a name that is not told otherwise by a parameter.
func takes(n *judge.Node, signal, unless string) bool {
	switch {
	case n.Signal != "":
		_, told := n.Params[unless]
		return n.Signal == signal && !told
	case len(n.All) > 0:
		return slices.ContainsFunc(n.All, func(one judge.Node) bool { return takes(&one, signal, unless) })
	case len(n.Any) > 0:
		return !slices.ContainsFunc(n.Any, func(one judge.Node) bool { return !takes(&one, signal, unless) })
	}
	return false
}

// rehearse makes every turn once, so that a slot without a place shows before anything is sent.
func (sc *Script) rehearse() error {
	probe := *sc
	for i, turn := range sc.rendered.Turns {
		if _, err := probe.build(append(probe.steps[:i:i], step{turn: turn})); err != nil {
			return err
		}
		probe.steps = append(probe.steps, step{turn, llm.Turn{Role: "assistant", Text: "x"}})
	}
	return nil
}

func toolsOf(list []template.Tool) []llm.Tool {
	var tools []llm.Tool
	for _, t := range list {
		schema := ""
		if t.Parameters != nil {
			schema = jsonText(t.Parameters)
		}
		tools = append(tools, llm.Tool{Name: t.Name, Description: t.Description, Schema: schema})
	}
	return tools
}

// Turns is how many turns the template conducts; 1 where only the request is edited.
func (sc *Script) Turns() int { return max(1, len(sc.rendered.Turns)) }

// Repeat says how often the last request is sent, and how many at once; nil for once.
func (sc *Script) Repeat() *template.Repeat {
	if sc.rendered.Request == nil {
		return nil
	}
	return sc.rendered.Request.Repeat
}

// Call is the request of a turn, from 0, with the history of the turns that were answered before it.
func (sc *Script) Call(turn int) (target.Call, error) {
	if turn < len(sc.rendered.Turns) {
		return sc.call(sc.rendered.Turns[turn])
	}
	return sc.call(template.RenderedTurn{})
}

// CallText is the request that says any text as the next user turn: for strategies.
func (sc *Script) CallText(text string) (target.Call, error) {
	if len(sc.steps) > 0 && sc.subject.memory == forgets {
		return target.Call{}, &Unfit{"nothing in the request carries what was said before, so there is no second turn"}
	}
	return sc.call(template.RenderedTurn{Plain: text, Text: text, Slot: template.SlotLastUser})
}

func (sc *Script) call(turn template.RenderedTurn) (target.Call, error) {
	now := step{turn: turn}
	in, err := sc.build(append(sc.steps[:len(sc.steps):len(sc.steps)], now))
	if err != nil {
		return target.Call{}, err
	}
	in = sc.kept.into(in)
	call := target.Call{Input: in, Session: sc.session}
	if q := sc.rendered.Request; q != nil {
		call.Auth, call.Put = q.Auth, putBy(q)
		if call.Input, err = sc.edit(in, q); err != nil {
			return target.Call{}, unfit(err)
		}
	}
	sc.pending = &now
	return call, nil
}

// putBy lists the headers and parameters that an edit sets.
func putBy(q *template.Request) []string {
	var all []string
	for place, e := range map[string]*template.FieldEdit{"header": q.Headers, "query": q.Query} {
		if e == nil {
			continue
		}
		for _, p := range e.Set {
			all = append(all, place+":"+p.Name)
		}
	}
	return all
}

// Answered takes an answer into the history that the next turn carries.
func (sc *Script) Answered(_ int, a *target.Answer) error {
	if sc.pending == nil {
		return &Unfit{"nothing was asked that this could answer"}
	}
	now := *sc.pending
	now.answer = answerOf(a, len(sc.steps))
	sc.steps, sc.pending = append(sc.steps, now), nil
	sc.kept.take(a, sc.subject)
	return nil
}

// Back forgets the latest turn, as if it had never been said. A target that keeps the history itself does not.
func (sc *Script) Back() {
	sc.pending = nil
	if n := len(sc.steps); n > 0 {
		sc.steps = sc.steps[: n-1 : n-1]
	}
}

// answerOf is what the assistant said, as its message in the history.
func answerOf(a *target.Answer, n int) llm.Turn {
	turn := llm.Turn{Role: "assistant"}
	if a == nil {
		turn.Text = silence
		return turn
	}
	for i, c := range a.Said.ToolCalls {
		if c.Builtin || i >= maxCalls {
			continue
		}
		if c.ID == "" {
			c.ID = callID(n*maxCalls + i + 2)
		}
		turn.Calls = append(turn.Calls, c)
	}
	for _, text := range []string{a.Text, a.Said.Answer, a.Said.Refusal} {
		if turn.Text = strings.TrimRight(text, " \r\n\t"); turn.Text != "" { // some refuse a message that ends in space
			break
		}
	}
	if turn.Text == "" && len(turn.Calls) == 0 {
		turn.Text = silence
	}
	return turn
}

const (
	silence  = "…" // stands for an answer without words: no format takes an empty message
	maxCalls = 16  // of one answer
)

// callID makes an id of a call that every format takes: Mistral wants nine letters and digits.
func callID(n int) string {
	digits := strconv.Itoa(n)
	return "call00000"[:9-min(len(digits), 5)] + digits[max(0, len(digits)-5):]
}

// build makes the request of the last step, after those before it.
func (sc *Script) build(steps []step) (llm.Input, error) {
	var in llm.Input
	var err error
	s := sc.subject
	last := steps[len(steps)-1].turn
	switch {
	case len(steps) == 1, s.memory == remembers:
		in, err = sc.first(last, nil)
	case s.memory == appends:
		in, err = sc.first(steps[0].turn, steps)
	case s.memory == beside:
		in, err = sc.besides(steps)
	case s.memory == transcript:
		if last.Slot != template.SlotLastUser {
			return in, &Unfit{"a request that is one text has no " + last.Slot + " in a later turn"}
		}
		last.Text = transcriptOf(steps, sc.user, strings.Contains(s.Prompt, "\n\nHuman:"))
		in, err = sc.first(last, nil)
	default:
		return in, &Unfit{"nothing in the request carries what was said before, so there is no second turn"}
	}
	if err != nil {
		return in, unfit(err)
	}
	if system := sc.rendered.Setup.System; system != "" && len(s.System) == 0 && !places(steps, template.SlotSystem) {
		in, err = s.editor.AddSystem(in, system)
	}
	return in, unfit(err)
}

func places(steps []step, slot string) bool {
	for _, st := range steps {
		if st.turn.Slot == slot {
			return true
		}
	}
	return false
}

// transcriptOf writes a conversation as one text, as completions of text are asked; Anthropic's old ones want a person to
// be called Human.
func transcriptOf(steps []step, user string, human bool) string {
	var b strings.Builder
	who := "User: "
	if human {
		who = "\n\nHuman: "
	}
	for i, st := range steps {
		text := st.turn.Text
		if st.turn.Slot != template.SlotLastUser {
			text = user
		}
		b.WriteString(who + text + "\n\nAssistant:")
		if i < len(steps)-1 {
			b.WriteString(" " + st.answer.Text)
		}
		if i < len(steps)-1 && !human {
			b.WriteString("\n\n")
		}
	}
	return b.String()
}

// besides makes the request of a target whose history is a list beside the prompt.
func (sc *Script) besides(steps []step) (llm.Input, error) {
	in, err := sc.first(steps[len(steps)-1].turn, nil)
	if err != nil {
		return in, err
	}
	var turns []llm.Turn
	for _, st := range steps[:len(steps)-1] {
		text := st.turn.Text
		if st.turn.Slot != template.SlotLastUser {
			text = sc.user
		}
		turns = append(turns, llm.Turn{Role: "user", Text: text}, llm.Turn{Role: "assistant", Text: st.answer.Text})
	}
	return sc.subject.editor.Append(in, turns...)
}
