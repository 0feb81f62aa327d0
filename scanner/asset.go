package scanner

import (
	"time"

	"assay/traffic"
)

// AssetID numbers an asset within one project.
type AssetID int64

// AssetKind sorts assets.
type AssetKind string

// The kinds of asset.
const (
	AssetModel       AssetKind = "model"        // Key: provider, host and name
	AssetService     AssetKind = "service"      // a host that answers as one AI kind; Key: host and kind
	AssetPrompt      AssetKind = "prompt"       // a system prompt; Key: service, and what stays the same of its text
	AssetTool        AssetKind = "tool"         // a function given to a model; Key: service and name
	AssetMCPTool     AssetKind = "mcp-tool"     // listed by an MCP server; Key: server and name
	AssetMCPResource AssetKind = "mcp-resource" // Key: server and URI or URI template
	AssetMCPPrompt   AssetKind = "mcp-prompt"   // Key: server and name
	AssetKey         AssetKind = "key"          // an API key or other credential; Key: its placeholder (never its value)
	AssetClient      AssetKind = "client"       // a program; Key: process or user agent, SDK
)

// Asset is something of an AI system that is no endpoint.
type Asset struct {
	ID       AssetID
	Kind     AssetKind
	Key      string // unique within its kind
	Name     string // for people
	Host     string // that answers it or was asked with it; empty for clients
	Provider string

	FirstSeen, LastSeen time.Time
	First, Last         traffic.ID
	Found               time.Time
	Count               int64 // exchanges; counted by Fold
	Versions            int   // definitions or texts it had
	Fingerprint         string
	Facts               AssetFacts
}

// AssetFacts are what is known of an asset by its kind; what does not apply is empty.
type AssetFacts struct {
	Endpoints   []EndpointID `json:"endpoints,omitempty"` // where it was met, bounded
	Kind        string       `json:"kind,omitempty"`      // of a service, llm.Kind
	Context     int          `json:"context,omitempty"`   // tokens a model takes
	Versions    []string     `json:"versions,omitempty"`  // model names as answered
	Tokens      int64        `json:"tokens,omitempty"`    // as providers counted
	Cost        int64        `json:"cost,omitempty"`      // millionths of a US dollar, where prices are known
	Description string       `json:"description,omitempty"`
	Calls       int64        `json:"calls,omitempty"`   // how often a tool was called
	Builtin     bool         `json:"builtin,omitempty"` // the provider's own tool
	Header      string       `json:"header,omitempty"`  // where a key travels
	Form        string       `json:"form,omitempty"`    // what a key looks like: openai, anthropic, jwt, …
	SDK         string       `json:"sdk,omitempty"`     // of a client: "openai-python 1.40.0"
	UserAgents  []string     `json:"user_agents,omitempty"`
	Process     string       `json:"process,omitempty"`
	Server      string       `json:"server,omitempty"`   // of MCP: name and version as it said
	Warnings    []string     `json:"warnings,omitempty"` // poisoning: instructions in a description
	Known       []string     `json:"known,omitempty"`    // fingerprints of all versions, shortened
	Hosts       []string     `json:"hosts,omitempty"`    // where a key or a client went, bounded
	Clients     []string     `json:"clients,omitempty"`  // who used a key, bounded
	Listed      traffic.ID   `json:"listed,omitempty"`   // of an MCP tool: what listed it last; of a server: what began its latest listing
	Gone        bool         `json:"gone,omitempty"`     // of an MCP tool: the latest whole listing had it not
	Lines       int          `json:"lines,omitempty"`    // of the timeline; bounded, for what changes for ever
	Cut         bool         `json:"cut,omitempty"`
}

// Version is one text or definition that an asset had.
type Version struct {
	Asset       AssetID
	N           int    // from 1
	Fingerprint string // SHA-256 of the canonical definition, hex
	Seen        time.Time
	Exchange    traffic.ID // where it was first seen
	Text        string     // of a prompt its text, of a tool its definition as canonical JSON
}

// Edge is an arrow of the map: a client calls a service, a service answers as a model, a model is given a tool.
type Edge struct {
	From, To    AssetID
	Count       int64
	First, Last traffic.ID
	LastSeen    time.Time
}

// Use says that an exchange counted for an asset, so that a click on the count finds it.
type Use struct {
	Asset    AssetID
	Exchange traffic.ID
}
