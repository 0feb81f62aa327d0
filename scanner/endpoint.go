package scanner

import (
	"time"

	"assay/llm"
	"assay/traffic"
)

// EndpointID numbers an endpoint within one project. It is never reused; one that was merged into another keeps leading
// there.
type EndpointID int64

// Key is what makes an endpoint one: exchanges with equal keys belong to the same.
type Key struct {
	Scheme    string // http, https; ws and wss are written so
	Host      string // lower case, with the port where it is not the scheme's own
	Method    string
	Path      string // the template: /users/{id}
	Operation string // what the path does not tell: GraphQL operation, JSON-RPC method; empty otherwise
}

// Protocol is what is spoken at an endpoint.
type Protocol string

// The protocols.
const (
	ProtocolREST      Protocol = "rest" // HTTP with nothing special
	ProtocolGraphQL   Protocol = "graphql"
	ProtocolRPC       Protocol = "json-rpc"
	ProtocolGRPC      Protocol = "grpc"
	ProtocolWebSocket Protocol = "websocket"
	ProtocolSSE       Protocol = "sse"
	ProtocolForm      Protocol = "form"
)

// Access tells from where an endpoint can be reached, and whose it is.
type Access string

// The kinds of access.
const (
	AccessPublic     Access = "public"      // a public address
	AccessInternal   Access = "internal"    // a private address or name
	AccessLoopback   Access = "loopback"    // this machine
	AccessThirdParty Access = "third-party" // somebody else's service: AI providers and other known ones
)

// Documented tells how an endpoint stands to the documents that were imported.
type Documented string

// The states. Empty: no document covers the host, so nothing can be said.
const (
	DocumentedYes   Documented = "documented"
	DocumentedNo    Documented = "shadow" // a document covers the host and does not have it
	DocumentedNever Documented = "unseen" // documented and never seen: perhaps it is dead, perhaps nobody looked
)

// Endpoint is one operation of an API, folded from the exchanges that used it.
type Endpoint struct {
	ID EndpointID
	Key
	Protocol   Protocol
	Kind       llm.Kind
	Provider   string
	Family     string
	Access     Access
	Documented Documented

	FirstSeen, LastSeen time.Time  // zero for one that was never seen
	First, Last         traffic.ID // the exchanges
	Found               time.Time  // when the inventory learned of it; later than FirstSeen for imports
	Count               int64      // exchanges the project holds of it; storage counts, Fold leaves it alone

	Risk   int    // 0 to 100
	Sample string // a path as it was sent, without query
	Merged EndpointID
	Facts  Facts
}

// Facts are what is known of an endpoint beyond what lists sort by. Lists are bounded; Cut says that one is not whole.
type Facts struct {
	Readings   []Reading        `json:"readings,omitempty"` // what its exchanges were taken for
	Models     []string         `json:"models,omitempty"`
	Auth       []Auth           `json:"auth,omitempty"`
	Statuses   []Tally          `json:"statuses,omitempty"`   // "200"
	Requests   []Tally          `json:"requests,omitempty"`   // media types of requests
	Responses  []Tally          `json:"responses,omitempty"`  // and of answers
	Clients    []string         `json:"clients,omitempty"`    // names, as Asset.Name of clients
	Parameters []Parameter      `json:"parameters,omitempty"` // of path, query, header (only telling ones), cookie, form, body (top level)
	Tools      []string         `json:"tools,omitempty"`
	Addresses  []string         `json:"addresses,omitempty"` // of the server
	TLS        []TLS            `json:"tls,omitempty"`
	CORS       *CORS            `json:"cors,omitempty"`
	RateLimit  []RateLimit      `json:"rate_limit,omitempty"`
	Streamed   int64            `json:"streamed,omitempty"` // answers that were streams
	Failed     int64            `json:"failed,omitempty"`   // exchanges without an answer
	Dynamic    *Dynamic         `json:"dynamic,omitempty"`
	Sensitive  []SensitiveTally `json:"sensitive,omitempty"`
	Risks      []Risk           `json:"risks,omitempty"`    // what Risk is made of, the worst first
	Unparsed   int64            `json:"unparsed,omitempty"` // bodies that said JSON and were not
	Traces     int64            `json:"traces,omitempty"`   // errors that hold a stack trace of the server's program
	Documents  []DocumentUse    `json:"documents,omitempty"`
	Cut        bool             `json:"cut,omitempty"`
}

// Tally is a value and how many exchanges had it.
type Tally struct {
	Value string `json:"value"`
	N     int64  `json:"n"`
}

// Reading is what exchanges of an endpoint were taken for. Kind, Provider and Family of the endpoint are those of the
// most certain and most frequent one.
type Reading struct {
	Kind       llm.Kind       `json:"kind"`
	Provider   string         `json:"provider,omitempty"`
	Family     string         `json:"family,omitempty"`
	Confidence llm.Confidence `json:"confidence,omitempty"` // the surest of its exchanges; 0 for plain traffic
	N          int64          `json:"n"`
}

// Auth is one way in which callers proved who they are.
type Auth struct {
	Kind string     `json:"kind"`           // bearer, api-key, basic, digest, cookie, sigv4, mtls, none, other
	Name string     `json:"name,omitempty"` // the header in lower case, the parameter as "?name", or the cookie; empty for none
	N    int64      `json:"n"`
	OK   int64      `json:"ok"`   // how often the answer was not an error of the client's (below 400)
	Last traffic.ID `json:"last"` // an exchange to look at
}

// Parameter is one input of an endpoint.
type Parameter struct {
	In       string   `json:"in"` // path, query, header, cookie, form, body
	Name     string   `json:"name"`
	Types    []string `json:"types"`              // JSON types; of text the forms that every value had (uuid, integer, date…)
	N        int64    `json:"n"`                  // exchanges that had it
	Optional bool     `json:"optional"`           // some had it not
	Values   []string `json:"values,omitempty"`   // where they are few and no secrets
	Declared string   `json:"declared,omitempty"` // differs from a document: undocumented, type, missing
}

// TLS is one way in which connections were secured.
type TLS struct {
	Version    string `json:"version"` // "TLS 1.3"; empty for plain text
	Issuer     string `json:"issuer,omitempty"`
	Expiry     string `json:"expiry,omitempty"` // RFC 3339
	Unverified bool   `json:"unverified,omitempty"`
	N          int64  `json:"n"`
}

// CORS is who else may read the answers in a browser.
type CORS struct {
	Origins     []string   `json:"origins"` // as answered: *, an origin, "reflected"
	Credentials bool       `json:"credentials,omitempty"`
	Last        traffic.ID `json:"last"`
}

// RateLimit is a limit as the server's headers say it.
type RateLimit struct {
	Header string     `json:"header"`
	Value  string     `json:"value"` // the latest
	Last   traffic.ID `json:"last"`
}

// Dynamic says that an endpoint came into being at run time.
type Dynamic struct {
	Why  string     `json:"why"`  // named: an answer named its URL before it was first used; host: its host looks generated
	By   traffic.ID `json:"by"`   // the exchange that named it; 0 when none
	Path string     `json:"path"` // where in that answer
}

// SensitiveTally sums up what Places hold of an endpoint.
type SensitiveTally struct {
	Type  string `json:"type"`
	Class string `json:"class"`
	Where string `json:"where"` // request, response
	Count int64  `json:"count"` // exchanges
}

// Risk is one reason of an endpoint's risk.
type Risk struct {
	Code   string `json:"code"` // no-auth, plain-http, secret-in-response, …
	Points int    `json:"points"`
	What   string `json:"what"` // one sentence
}

// DocumentUse is how one document describes an endpoint.
type DocumentUse struct {
	Document  int64  `json:"document"`
	Operation string `json:"operation"` // its id or name there
}
