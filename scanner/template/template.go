package template

import (
	"slices"

	"assay/scanner"
	"assay/scanner/judge"
)

// Template is one attack: what is sent, how its answers are judged, and what a developer does about it.
type Template struct {
	ID          string           `json:"id"` // the file's name without .yaml
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Severity    scanner.Severity `json:"severity"`
	OWASP       []string         `json:"owasp"` // LLM01:2025 …
	ASI         []string         `json:"asi"`   // ASI01 …: OWASP Top 10 for Agentic Applications 2026
	ATLAS       []string         `json:"atlas"` // AML.T0051.000 …: MITRE ATLAS 5.6.0
	CWE         []int            `json:"cwe"`
	Technique   string           `json:"technique"` // one word for how it attacks; no two templates mean the same thing by it
	Tags        []string         `json:"tags"`
	Kinds       []string         `json:"kinds"` // the kinds of service it makes sense for; "any" for every one
	Needs       []string         `json:"needs"` // what the target or the run must have: a word of Needs
	Attack      Attack           `json:"attack"`
	Trials      int              `json:"trials"` // how often each case is sent; 0 leaves it to the run
	Detect      judge.Detect     `json:"detect"`
	Remediation string           `json:"remediation"` // for the developer of the target
	References  []string         `json:"references"`
	Samples     []Sample         `json:"samples"`
	File        string           `json:"file"`
}

// Attack is what is sent. It has prompts, or turns, or only requests: then the recorded prompt goes out as it was.
type Attack struct {
	Slot      string    `json:"slot"`                // where the text goes: last_user, system, tool_result, document, …
	Prompts   []string  `json:"prompts,omitempty"`   // each is sent alone
	Turns     []Turn    `json:"turns,omitempty"`     // one conversation
	Payloads  []Payload `json:"payloads,omitempty"`  // lists that prompts, turns and requests name as {{name}}
	Mutations []string  `json:"mutations,omitempty"` // specs of scanner/mutate; "none" sends the text as it is
	Requests  []Request `json:"requests,omitempty"`  // edits of the request, each a case of its own
	Setup     Setup     `json:"setup,omitzero"`
}

// Payload is a named list of texts. A case takes one of each list it names.
type Payload struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// Turn is one message of a conversation that a template conducts.
type Turn struct {
	Prompt string      `json:"prompt"`
	Slot   string      `json:"slot,omitempty"` // where this turn's text goes, when not where the attack says
	When   *judge.Node `json:"when,omitempty"` // sent only if the answer before was so
	Stop   *judge.Node `json:"stop,omitempty"` // the conversation ends here if the answer to this turn is so
}

// Setup is what a target is given that has none of its own: an imported model has no system prompt and no tools. What a
// recorded exchange brings stays as it was.
type Setup struct {
	System   string    `json:"system,omitempty"`
	Tools    []Tool    `json:"tools,omitempty"`
	Call     *ToolCall `json:"call,omitempty"`     // the call whose result the slot tool_result holds
	Document string    `json:"document,omitempty"` // the name of the document or file the slot holds
	User     string    `json:"user,omitempty"`     // what the user asks while the attack stands elsewhere
}

// Tool is a function offered to the model.
type Tool struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Parameters  any    `json:"parameters,omitempty"` // JSON Schema
}

// ToolCall is a call of a tool, made by a model or put into its history.
type ToolCall struct {
	Name      string `json:"name"`
	Arguments any    `json:"arguments,omitempty"`
}

// Needs are the words for what a template cannot do without.
var Needs = []string{"system-prompt", "tools", "rag", "role", "multi-turn", "oob", "auth", "file", "stream", "graphql", "baseline"}

var needs = map[string]string{
	"system-prompt": "the target's system prompt is known: recorded, given by a person, or that of the setup",
	"tools":         "the model may call functions, those of the target or of the setup",
	"rag":           "answers come from retrieved documents, or the request carries one",
	"role":          "a second test role, to swap credentials with",
	"multi-turn":    "the target keeps, or takes, the history of a conversation",
	"oob":           "the loopback listener for callbacks, which the target can reach",
	"auth":          "the recorded request carries credentials",
	"file":          "the target takes files",
	"stream":        "the answer can be streamed",
	"graphql":       "the endpoint speaks GraphQL",
	"baseline":      "an answer to the recorded request to compare with",
}

// NeedMeans says in words what a need is; empty for a word that is none.
func NeedMeans(need string) string { return needs[need] }

// Kinds are the kinds of service, the words of llm.Kind and "any".
var Kinds = []string{
	"any", "llm", "agent", "chat-backend", "rag", "mcp-server", "embedding", "vector-db", "image", "audio", "moderation",
	"ai-saas", "ai-api", "plain",
}

// severities in order, the least first.
var severities = []scanner.Severity{
	scanner.SeverityInfo, scanner.SeverityLow, scanner.SeverityMedium, scanner.SeverityHigh, scanner.SeverityCritical,
}

// Worse reports whether severity a is at least b.
func Worse(a, b scanner.Severity) bool {
	return slices.Index(severities, a) >= slices.Index(severities, b)
}

// Level tells on which level an attack works: "request" (the API around the model), "conversation" (several turns),
// "content" (text the model is given by others) or "prompt".
func (t *Template) Level() string {
	switch {
	case len(t.Attack.Requests) > 0:
		return "request"
	case len(t.Attack.Turns) > 1:
		return "conversation"
	case t.Attack.Slot != SlotLastUser && t.Attack.Slot != SlotSystem:
		return "content"
	default:
		return "prompt"
	}
}

// Signals are the names of the signals its detection asks for, each once, in order.
func (t *Template) Signals() []string {
	var names []string
	walk(&t.Detect.Find, func(n *judge.Node) {
		if n.Signal != "" && !slices.Contains(names, n.Signal) {
			names = append(names, n.Signal)
		}
	})
	return names
}

// walk visits every node of a tree of signals.
func walk(n *judge.Node, visit func(*judge.Node)) {
	visit(n)
	for i := range n.All {
		walk(&n.All[i], visit)
	}
	for i := range n.Any {
		walk(&n.Any[i], visit)
	}
	if n.Not != nil {
		walk(n.Not, visit)
	}
}

// Fits reports whether a template makes sense for a service of this kind.
func (t *Template) Fits(kind string) bool {
	return slices.Contains(t.Kinds, "any") || slices.Contains(t.Kinds, kind)
}
