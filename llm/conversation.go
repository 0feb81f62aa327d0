package llm

import "slices"

// Conversation is what one exchange meant. A zero field is a fact that was not on the wire.
type Conversation struct {
	Provider   string     // who answers: "openai", "anthropic", "azure-openai", ...; "" when only the format is known
	Family     string     // the wire format: "openai.chat", "anthropic.messages", ...; "" for plain traffic
	Kind       Kind       // what sort of service it is
	Confidence Confidence // how sure Family is

	// What was asked.
	Model        string    // as the request names it, in the body or the URL
	Deployment   string    // Azure's deployment, from the URL
	Streamed     bool      // the answer came, or was asked for, as a stream
	StreamAsked  bool      // the request asks for a stream
	MessageCount int       // raw length of messages, input or contents
	Messages     []Message // the messages of the request, system and developer messages included, in order
	System       []string  // texts of all system and developer messages and of top-level instructions
	Prompts      []string  // raw prompt strings of APIs that take a prompt, not messages
	Tools        []Tool    // what the model may call: functions with their schema, and the provider's own by type
	ToolResults  int       // tool results the request carries

	// What came back, of choice 0.
	AnswerModel  string     // as the answer names it
	Answer       string     // the whole text
	Reasoning    string     // the whole reasoning text
	Refusal      string     // text in the provider's own refusal field
	ToolCalls    []ToolCall // calls of the assistant, the provider's own (web search, ...) marked Builtin
	Parts        []Part     // the answer in order: text, reasoning, calls, images
	Finish       string     // the provider's finish or stop reason, raw
	FinishDetail string     // more on the same: why a response is incomplete, why a prompt was blocked
	Plan         string     // what the model says it will do before it calls tools (Cohere's tool_plan)
	Usage        Usage
	Choices      int            // how many choices or candidates came back
	Complete     bool           // a stream that ended as its format says it must; true for whole answers
	Events       int            // events of a streamed answer, [DONE] among them, comments not
	Error        *ProviderError // the provider's own error, in the answer or in mid-stream

	// What other kinds of service say.
	RPC        *RPC     // JSON-RPC facts of MCP and A2A
	Inputs     int      // inputs of an embedding, rerank or moderation request
	Embeddings int      // vectors in the answer
	Flagged    bool     // a moderation answer that objects
	Notes      []string // what could not be read, in words for a person
}

// Kind sorts services by what they do; the words are those of `assay ls --json`.
type Kind string

// The kinds of service.
const (
	KindPlain       Kind = "plain"
	KindLLM         Kind = "llm"
	KindEmbedding   Kind = "embedding"
	KindImage       Kind = "image"
	KindAudio       Kind = "audio"
	KindModeration  Kind = "moderation"
	KindAgent       Kind = "agent"
	KindMCP         Kind = "mcp-server"
	KindVectorDB    Kind = "vector-db"
	KindSaaS        Kind = "ai-saas"
	KindAPI         Kind = "ai-api"
	KindChatBackend Kind = "chat-backend"
	KindRAG         Kind = "rag" // of endpoints only: answers or searches with retrieved documents
)

// Confidence tells on what a Family rests.
type Confidence uint8

// Low: a shape many applications share, a person should confirm. Likely: one of path and shape. Sure: host or path
// and shape agree.
const (
	Low Confidence = iota + 1
	Likely
	Sure
)

// Role of a message: system, developer, user, assistant, tool, or whatever the wire says.
type Role = string

// Message is one turn of a conversation.
type Message struct {
	Role  Role
	Name  string
	Parts []Part
}

// PartKind tells what a Part holds.
type PartKind string

// The kinds of part.
const (
	PartText       PartKind = "text"
	PartReasoning  PartKind = "reasoning"
	PartToolCall   PartKind = "tool_call"
	PartToolResult PartKind = "tool_result"
	PartImage      PartKind = "image"
	PartAudio      PartKind = "audio"
	PartVideo      PartKind = "video"
	PartFile       PartKind = "file"
	PartRefusal    PartKind = "refusal"
	PartOther      PartKind = "other"
)

// Part is one piece of a message.
type Part struct {
	Kind   PartKind
	Text   string    // text, reasoning, refusal; of a tool result its text
	Call   *ToolCall // of a tool call
	CallID string    // of a tool result: the call it answers
	Name   string    // of a tool result: the tool, where the wire says it
	MIME   string    // of media
	URL    string    // of media given by reference
	Bytes  int       // decoded size of media given inline; the media itself stays in the body
	Type   string    // the wire's own word for the part, where Kind is PartOther or it adds something
}

// Tool is something the model may call.
type Tool struct {
	Name        string
	Description string
	Schema      string // JSON Schema of the input, as sent
	Builtin     bool   // the provider's own; Name is its type
}

// ToolCall is one call the assistant made.
type ToolCall struct {
	ID        string
	Name      string
	Arguments string // JSON as sent; for formats that send an object its text
	Builtin   bool   // run by the provider
}

// Usage holds tokens as the provider counted them; nil means it did not say.
type Usage struct {
	Input, Output, Total       *int64
	CachedInput, CacheCreation *int64
	Reasoning                  *int64
	BilledInput, BilledOutput  *int64
}

// ProviderError is an error in the provider's own words.
type ProviderError struct {
	Status  int // HTTP status, 0 for an error in mid-stream of a 200
	Type    string
	Code    string
	Message string
}

// RPC holds what a JSON-RPC exchange said.
type RPC struct {
	Method          string
	ID              string
	Tool            string // MCP tools/call
	Arguments       string // JSON
	ResultText      string
	IsError         bool
	ServerName      string
	ServerVersion   string
	ProtocolVersion string
	Session         string
	ToolsListed     []Tool
	TaskState       string // A2A
}

// String returns "low", "likely" or "sure".
func (c Confidence) String() string {
	switch c {
	case Low:
		return "low"
	case Likely:
		return "likely"
	case Sure:
		return "sure"
	}
	return ""
}

// LastUser returns the text parts of the last user message that has text.
func (c *Conversation) LastUser() []string {
	for _, m := range slices.Backward(c.Messages) {
		if m.Role != "user" {
			continue
		}
		var texts []string
		for _, p := range m.Parts {
			if p.Kind == PartText && p.Text != "" {
				texts = append(texts, p.Text)
			}
		}
		if len(texts) > 0 {
			return texts
		}
	}
	return nil
}
