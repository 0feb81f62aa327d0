// Package craft makes the requests of a case: it puts texts into the slots of a recorded request or of an imported
// model's, gives a target what a template's setup asks for, edits the request around the prompt, and keeps the history of
// a conversation of several turns. What an edit does not name stays as it was, byte for byte. It sends nothing.
package craft

import (
	"errors"
	"net/url"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/target"
	"assay/scanner/template"
)

// Subject is what is attacked: a request that works, and what is known of it. It is read-only once made.
type Subject struct {
	Ref    string         // scanner.RunTarget.Ref
	Model  *scanner.Model // how it is reached; its request may carry a whole recorded conversation
	Said   llm.Conversation
	Kind   string   // llm, chat-backend, mcp-server, …
	System []string // the system prompt: recorded, or given by a person
	Tools  []string // names of the functions that the model may call
	Prompt string   // what the innocent person asked
}

// New reads what is known of a target. system is a system prompt that a person knows, "" for none.
func New(ref string, m *scanner.Model, system string) (*Subject, error) {
	s := &Subject{Ref: ref, Model: m}
	in := s.input()
	slot, err := llm.ParseRef(m.Slot)
	if err != nil {
		return nil, err
	}
	s.Said = llm.Parse(in)
	s.Kind, s.System = string(s.Said.Kind), s.Said.System
	if system != "" {
		s.System = []string{system}
	}
	for _, t := range s.Said.Tools {
		s.Tools = append(s.Tools, t.Name)
	}
	for _, at := range llm.Slots(in) {
		if at.Ref == slot {
			s.Prompt = strings.TrimSuffix(strings.TrimPrefix(at.Text, m.Before), m.After)
		}
	}
	return s, nil
}

func (s *Subject) input() llm.Input {
	m := s.Model
	return llm.Input{Method: m.Method, URL: m.URL, RequestHeader: m.Header, RequestBody: m.Body}
}

// Have lists which of template.Needs the subject meets by itself.
func (s *Subject) Have() []string {
	var have []string
	if len(s.System) > 0 {
		have = append(have, "system-prompt")
	}
	if len(s.Tools) > 0 {
		have = append(have, "tools")
	}
	return have
}

// Values are the template variables that the subject brings: user_prompt, model, host, system_prompt, system_start, tool.
func (s *Subject) Values() map[string]string {
	values := map[string]string{"user_prompt": s.Prompt, "model": s.Model.Model}
	if u, err := url.Parse(s.Model.URL); err == nil {
		values["host"] = u.Hostname()
	}
	if all := strings.Join(s.System, "\n"); all != "" {
		words := strings.Fields(all)
		values["system_prompt"], values["system_start"] = all, strings.Join(words[:min(len(words), 8)], " ")
	}
	if len(s.Tools) > 0 {
		values["tool"] = s.Tools[0]
	}
	return values
}

// Script is one trial's conversation while it is held.
type Script struct {
	subject  *Subject
	rendered *template.Rendered
}

// Begin prepares a trial. An error of type *Unfit says that the case makes no sense for the subject.
func Begin(s *Subject, r *template.Rendered) (*Script, error) {
	if r.Request != nil || len(r.Turns) > 1 {
		return nil, &Unfit{"not built yet"}
	}
	for _, t := range r.Turns {
		if t.Slot != template.SlotLastUser {
			return nil, &Unfit{"the slot " + t.Slot + " is not built yet"}
		}
	}
	return &Script{s, r}, nil
}

// Unfit says why a case cannot be sent to a subject: a slot or a setup that its format has no place for.
type Unfit struct{ Why string }

// Error is the reason.
func (u *Unfit) Error() string { return u.Why }

// Turns is how many turns the template conducts; 1 where only the request is edited.
func (s *Script) Turns() int { return max(1, len(s.rendered.Turns)) }

// Repeat says how often the last request is sent, and how many at once; nil for once.
func (s *Script) Repeat() *template.Repeat {
	if s.rendered.Request == nil {
		return nil
	}
	return s.rendered.Request.Repeat
}

// Call is the request of a turn, from 0, with the history of the turns before it.
func (s *Script) Call(turn int) (target.Call, error) {
	if turn >= len(s.rendered.Turns) {
		return target.Call{Input: s.subject.input()}, nil
	}
	return s.CallText(s.rendered.Turns[turn].Text)
}

// CallText is the request that says any text as the next user turn: for strategies.
func (s *Script) CallText(text string) (target.Call, error) {
	m := s.subject.Model
	slot, err := llm.ParseRef(m.Slot)
	if err != nil {
		return target.Call{}, err
	}
	in, err := llm.SetPrompt(s.subject.input(), slot, m.Before+text+m.After)
	if err != nil {
		return target.Call{}, &Unfit{err.Error()}
	}
	return target.Call{Input: in}, nil
}

// Answered takes an answer into the history that the next turn carries.
func (s *Script) Answered(int, *target.Answer) error { return errors.ErrUnsupported }
