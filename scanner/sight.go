package scanner

import (
	"time"

	"assay/traffic"
)

// SignKind sorts what detectors see; rules ask for it.
type SignKind string

// The kinds of sign.
const (
	SignInjection  SignKind = "injection"    // a text tries to steer the model; Name is the technique
	SignHidden     SignKind = "hidden"       // a text is hidden in another: encoded, invisible; Name is the form
	SignLeak       SignKind = "leak"         // the answer repeats the system prompt; Name is "system-prompt"
	SignExfil      SignKind = "exfiltration" // a link or picture that carries data away; Name: markdown-image, html, link…
	SignOutput     SignKind = "output"       // an answer holds what machines carry out: script, sql, shell, template, ansi
	SignAttack     SignKind = "attack"       // a classic attack on an API in a request: sqli, xss, lfi, ssrf, command, nosql, ssti, traversal
	SignToolCall   SignKind = "tool-call"    // a model calls a tool in a way that does harm; Name says which way
	SignPoisoned   SignKind = "poisoned"     // the description of a tool gives orders to the model
	SignSecret     SignKind = "secret"       // Name is the kind, as detect names it
	SignPersonal   SignKind = "personal"     // Name is the kind, as detect names it
	SignRefusal    SignKind = "refusal"      // the model declined; Name: partial, full
	SignGibberish  SignKind = "gibberish"    // text that is no language: an adversarial suffix, a token flood
	SignDrift      SignKind = "drift"        // the language or the topic became another one within the conversation; Name says which
	SignRepetition SignKind = "repetition"   // an answer repeats one thing over and over
)

// Side is the half of an exchange a sign stands in.
type Side string

// The sides.
const (
	InRequest Side = "request"
	InAnswer  Side = "answer"
)

// Sign is one thing a detector saw in an exchange.
type Sign struct {
	Kind  SignKind `json:"kind"`
	Name  string   `json:"name,omitempty"` // technique, form or type
	Side  Side     `json:"side"`
	Role  string   `json:"role,omitempty"` // who says it: user, assistant, system, tool, document; empty outside of a conversation
	Where string   `json:"where"`          // message:N (of the request, from 0), answer, reasoning, call:NAME, tool:NAME, query:NAME, header:NAME, path, body
	Start int      `json:"start"`          // bytes of the text at Where; equal to End where there is no span
	End   int      `json:"end"`
	Score float64  `json:"score"` // 0 to 1: how sure
	Why   string   `json:"why"`   // one sentence; it quotes nothing of the text
}

// ActorKey names an actor within a project: how it is told apart, a colon, and by what: key:3f9a…, user:alice,
// cookie:…, client:curl, address:10.0.0.7. Secrets stand in it as their placeholder's fingerprint, never as they are.
type ActorKey string

// Sight is what was seen in one exchange: what rules, baselines and policies look at. It is made once, by watch.Look.
type Sight struct {
	Exchange     traffic.ID
	At           time.Time // when the exchange began
	Ended        time.Time
	Source       traffic.Source
	Actor        ActorKey // empty where nothing tells
	Endpoint     EndpointID
	Conversation traffic.ID // the first turn of the conversation; 0 where it is none
	Host         string
	Kind         string // llm.Kind
	Model        string // as asked for
	Status       int    // of the answer; 0 where there is none
	Failed       bool   // there was no answer, or it broke
	Input        int64  // tokens, as the provider counted; 0 where it did not say
	Output       int64
	Cost         int64    // millionths of a US dollar
	Priced       bool     // Cost is known
	Tools        []string // names of tools the model called
	Topic        []uint64 // a sketch of what the user asked: equal features, equal words
	Signs        []Sign
	Cut          int // bytes that were not looked at
	// Facts is the exchange in the words of the filter language, text included.
	Facts traffic.Facts
}

// Has reports whether a sign of the kind was seen, at least so sure.
func (s *Sight) Has(kind SignKind, least float64) bool {
	for i := range s.Signs {
		if s.Signs[i].Kind == kind && s.Signs[i].Score >= least {
			return true
		}
	}
	return false
}
