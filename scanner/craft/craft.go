// Package craft makes the requests of a case: it puts texts into the slots of a recorded request or of an imported
// model's, gives a target what a template's setup asks for, edits the request around the prompt, and keeps the history of
// a conversation of several turns. What an edit does not name stays as it was, byte for byte. It sends nothing.
package craft

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/target"
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

	base     llm.Input
	slot     llm.Ref // of the prompt; the zero Ref where the request has none
	slots    []llm.Slot
	editor   *llm.Editor
	recorded bool // the request is one that somebody sent, not one that an import made
	asked    bool // Prompt stands in the request, and not a blank for it
	memory   memory
	session  *scanner.ModelSession
	have     []string
}

// memory is how a subject is told what was said before.
type memory uint8

const (
	forgets    memory = iota // every request stands alone
	appends                  // the request carries the messages
	beside                   // the request carries the messages in a list beside the prompt
	transcript               // the request is one text, which can hold what was said before
	remembers                // the target keeps the history; the request names the conversation
)

// New reads what is known of a target. system is a system prompt that a person knows, "" for none.
func New(ref string, m *scanner.Model, system string) (*Subject, error) {
	s := &Subject{Ref: ref, Model: m, base: target.InputOf(m)}
	if u, err := url.Parse(m.URL); err != nil || u.Host == "" {
		return nil, fmt.Errorf("%.100s is no address of a target", m.URL)
	}
	if m.Slot != "" {
		slot, err := llm.ParseRef(m.Slot)
		if err != nil {
			return nil, fmt.Errorf("the prompt's slot of %s: %w", m.Name, err)
		}
		s.slot = slot
	}
	s.recorded = m.Source != 0 || strings.HasPrefix(ref, "exchange:")
	s.Said = llm.Parse(s.base)
	s.Kind, s.System = kindOf(m, &s.Said), s.Said.System
	if system != "" {
		s.System = []string{system}
	}
	for _, t := range s.Said.Tools {
		if !t.Builtin {
			s.Tools = append(s.Tools, t.Name)
		}
	}
	s.slots = llm.Slots(s.base)
	s.Prompt = strings.TrimSuffix(strings.TrimPrefix(s.textAt(s.slot), m.Before), m.After)
	if s.asked = !strings.Contains(s.Prompt, target.Blank); !s.asked {
		s.Prompt = target.HarmlessPrompt
	}
	s.editor = llm.EditorFor(s.base, &s.Said)
	s.session = m.Session
	if s.session == nil {
		s.session = usualSession(m, &s.Said)
	}
	s.memory = s.remember()
	s.have = s.meet()
	return s, nil
}

// kindOf is what the target is: as its request says, else as its answers did. What was imported and answers a prompt is
// at least a chat backend.
func kindOf(m *scanner.Model, said *llm.Conversation) string {
	switch {
	case said.Kind != "" && said.Kind != llm.KindPlain:
		return string(said.Kind)
	case m.Kind != "":
		return m.Kind
	case m.ByPath:
		return string(llm.KindChatBackend)
	}
	return string(llm.KindPlain)
}

// textAt is the text that stands at a place of the request.
func (s *Subject) textAt(ref llm.Ref) string {
	for _, at := range s.slots {
		if at.Ref == ref {
			return at.Text
		}
	}
	switch ref.In {
	case llm.PlaceJSON:
		first := llm.Slot{}
		for _, at := range s.slots { // of a list of parts the first text gives way
			if strings.HasPrefix(at.Ref.Name, ref.Name+"/") && (first.Ref.Name == "" || at.Ref.Name < first.Ref.Name) {
				first = at
			}
		}
		if first.Ref.Name != "" {
			return first.Text
		}
		return llm.ValueText(s.base.RequestBody, ref.Name)
	case llm.PlaceBody:
		return string(s.base.RequestBody)
	case llm.PlaceHeader:
		return s.base.RequestHeader.Get(ref.Name)
	case llm.PlaceQuery:
		if u, err := url.Parse(s.base.URL); err == nil {
			return u.Query().Get(ref.Name)
		}
	case llm.PlaceForm, llm.PlacePart, llm.PlaceFrame: // those that have a text are slots
	}
	return ""
}

// slotOf is the first place where somebody speaks; false for none.
func (s *Subject) slotOf(roles ...llm.Role) (llm.Slot, bool) {
	i := slices.IndexFunc(s.slots, func(at llm.Slot) bool { return slices.Contains(roles, at.Role) })
	if i < 0 {
		return llm.Slot{}, false
	}
	return s.slots[i], true
}

// remember tells how the subject takes a second turn.
func (s *Subject) remember() memory {
	if s.slot == (llm.Ref{}) {
		return forgets
	}
	probe := []llm.Turn{{Role: "user", Text: "a"}, {Role: "assistant", Text: "b"}}
	if _, err := s.editor.Append(s.base, probe...); err == nil && s.slot.In == llm.PlaceJSON {
		if s.editor.Beside() {
			return beside
		}
		return appends
	}
	switch {
	case s.session != nil && s.Kind != string(llm.KindMCP), s.keepsHistory():
		return remembers
	case s.Kind == string(llm.KindLLM) && s.slot.In == llm.PlaceJSON && (len(s.Said.Prompts) > 0 || s.editor.Family() == "ollama.generate"):
		return transcript
	}
	return forgets
}

// Have lists which of template.Needs the subject meets by itself.
func (s *Subject) Have() []string { return slices.Clone(s.have) }

// meet tries which needs are met.
func (s *Subject) meet() []string {
	can := func(_ llm.Input, err error) bool { return err == nil }
	var have []string
	add := func(need string, met bool) {
		if met {
			have = append(have, need)
		}
	}
	add("system-prompt", len(s.System) > 0 || can(s.editor.AddSystem(s.base, "x")))
	add("tools", len(s.Tools) > 0 || can(s.editor.AddTools(s.base, llm.Tool{Name: "x"})))
	add("rag", s.takesDocuments())
	add("multi-turn", s.memory != forgets)
	add("auth", target.HasCredentials(s.Model))
	add("file", s.hasFile() || can(s.editor.AddFile(s.base, s.slot, llm.File{Name: "x.txt", MIME: "text/plain"})))
	add("stream", s.Said.StreamAsked || s.Kind == string(llm.KindLLM) && can(s.editor.SetParameter(s.base, "stream", true)))
	add("graphql", s.speaksGraphQL())
	return have
}

func (s *Subject) takesDocuments() bool {
	if s.slot == (llm.Ref{}) {
		return false
	}
	if _, err := s.editor.AddDocument(s.base, s.slot, "x", "x"); err == nil {
		return true
	}
	// Whoever retrieves for one of these puts documents into the user's message.
	return slices.Contains([]llm.Kind{llm.KindLLM, llm.KindAgent, llm.KindRAG}, llm.Kind(s.Kind))
}

// hasFile reports whether the recorded request carries a file.
func (s *Subject) hasFile() bool {
	return slices.ContainsFunc(llm.FormParts(s.base), func(p llm.FormPart) bool { return p.File != "" })
}

func (s *Subject) speaksGraphQL() bool {
	path, _, _ := strings.Cut(s.base.URL, "?")
	if strings.HasSuffix(strings.TrimRight(path, "/"), "/graphql") {
		return true
	}
	word, _, _ := strings.Cut(strings.TrimLeft(llm.ValueText(s.base.RequestBody, "/query"), " \n\t"), " ")
	word, _, _ = strings.Cut(word, "{")
	word, _, _ = strings.Cut(word, "(")
	return strings.HasPrefix(llm.ValueText(s.base.RequestBody, "/query"), "{") || word == "query" || word == "mutation" || word == "subscription"
}

// Values are the template variables that the subject brings: user_prompt, model, host, system_prompt, system_start, tool.
func (s *Subject) Values() map[string]string {
	values := map[string]string{"user_prompt": s.Prompt, "model": s.Model.Model}
	if values["model"] == "" {
		values["model"] = s.Said.Model
	}
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

// Unfit says why a case cannot be sent to a subject: a slot or a setup that its format has no place for.
type Unfit struct{ Why string }

// Error is the reason.
func (u *Unfit) Error() string { return u.Why }

// unfit makes an error of another one's sentence.
func unfit(err error) error {
	if err == nil {
		return nil
	}
	return &Unfit{err.Error()}
}
