// Package craft makes the requests of a case: it puts texts into the slots of a recorded request or of an imported
// model's, gives a target what a template's setup asks for, edits the request around the prompt, and keeps the history of
// a conversation of several turns. What an edit does not name stays as it was, byte for byte. It sends nothing.
package craft

import (
	"errors"

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
	return nil, errors.ErrUnsupported
}

// Have lists which of template.Needs the subject meets by itself.
func (s *Subject) Have() []string { return nil }

// Values are the template variables that the subject brings: user_prompt, model, host, system_prompt, system_start, tool.
func (s *Subject) Values() map[string]string { return nil }

// Script is one trial's conversation while it is held.
type Script struct{}

// Begin prepares a trial. An error of type *Unfit says that the case makes no sense for the subject.
func Begin(s *Subject, r *template.Rendered) (*Script, error) { return nil, errors.ErrUnsupported }

// Unfit says why a case cannot be sent to a subject: a slot or a setup that its format has no place for.
type Unfit struct{ Why string }

// Error is the reason.
func (u *Unfit) Error() string { return u.Why }

// Turns is how many turns the template conducts; 1 where only the request is edited.
func (s *Script) Turns() int { return 0 }

// Call is the request of a turn, from 0, with the history of the turns before it.
func (s *Script) Call(turn int) (target.Call, error) { return target.Call{}, errors.ErrUnsupported }

// CallText is the request that says any text as the next user turn: for strategies.
func (s *Script) CallText(text string) (target.Call, error) {
	return target.Call{}, errors.ErrUnsupported
}

// Answered takes an answer into the history that the next turn carries.
func (s *Script) Answered(turn int, a *target.Answer) error { return errors.ErrUnsupported }
