package requirement

import (
	"time"

	"assay/scanner"
	"assay/traffic"
)

// Of is what a requirement is asked of.
type Of string

// The subjects.
const (
	Exchanges Of = "exchanges" // of the project, in the filter language; the others have fields of their own
	Endpoints Of = "endpoints" // of the inventory
	Models    Of = "models"    // that were seen or imported
	Tools     Of = "tools"     // given to models, or listed by MCP servers
	Keys      Of = "keys"      //
	Clients   Of = "clients"   //
	Findings  Of = "findings"  // of tests
	Threats   Of = "threats"   // of the watch
	Policies  Of = "policies"  // of the guard
)

// Subjects are the words for Of, in the order of the documentation.
var Subjects = []Of{Exchanges, Endpoints, Models, Tools, Keys, Clients, Findings, Threats, Policies}

// Requirement is something that has to hold.
type Requirement struct {
	ID       string
	Name     string // a sentence: "Every AI endpoint asks who is calling"
	Why      string
	Severity scanner.Severity
	OWASP    []string
	ASI      []string
	ATLAS    []string
	Of       Of
	Where    string // which of them it is asked of, as a filter; empty: all
	Must     string // what has to hold for each of them, as a filter
	Some     string // what has to hold for one of them at least, in place of Must
	Fix      string
	Enforce  *scanner.Policy // what the guard would hold it by; its Action is the one that is worth it. nil where it cannot
	Apart    bool            // the score counts elsewhere what it asks: findings, threats, risk, what was tested
	Samples  int
	Own      bool // a person's
	File     string
	Source   []byte

	where, must condition
	asks        []string // the fields of must
	samples     samples
}

// condition is a filter over the facts of a subject.
type condition interface {
	Match(facts traffic.Facts, now time.Time) bool
	Fields() []string
}

// Queries are which exchanges a requirement is asked of, and which of those fail. It is only for requirements of
// exchanges.
func (r *Requirement) Queries() (asked, failing *traffic.Query) {
	where, isQuery := r.where.(*traffic.Query)
	must, isToo := r.must.(*traffic.Query)
	if !isQuery || !isToo {
		return nil, nil
	}
	var nodes []traffic.Node
	if where.Root != nil {
		nodes = append(nodes, where.Root)
	}
	if must.Root == nil { // everything holds
		return where, nil
	}
	return where, &traffic.Query{Root: traffic.And{Nodes: append(nodes, traffic.Not{Node: must.Root})}}
}

// State is what came of asking.
type State string

// The states.
const (
	Pass    State = "pass"
	Fail    State = "fail"
	Unknown State = "unknown"
)

// Subject is one of what a requirement is asked of. What is not known of it is absent from its facts.
type Subject interface {
	traffic.Facts
	Ref() string  // endpoint:7, asset:12, finding:3, threat:9, policy:2
	Name() string // for people
}

// Outcome is what came of asking a requirement.
type Outcome struct {
	State   State
	Of      int       // subjects that it was asked of
	Failing []Subject // the first of them, mostListed at most
	Fails   int       // how many
	Dark    []Subject // of which what it asks is not known, the first of them
	Unknown int       // how many
}

// mostListed is how many subjects of an outcome are kept.
const mostListed = 50

// Check asks a requirement of subjects. complete says that the list is all there is, and that somebody looked: then an empty
// one passes, where else nothing is known. It is not for requirements of exchanges, which storage counts.
func (r *Requirement) Check(subjects []Subject, complete bool, now time.Time) Outcome {
	var o Outcome
	enough := false
	for _, s := range subjects {
		if !r.where.Match(s, now) {
			continue
		}
		o.Of++
		switch r.verdict(s, now) {
		case Pass:
			enough = true
		case Fail:
			if o.Fails++; len(o.Failing) < mostListed {
				o.Failing = append(o.Failing, s)
			}
		default:
			if o.Unknown++; len(o.Dark) < mostListed {
				o.Dark = append(o.Dark, s)
			}
		}
	}
	if r.Some != "" {
		return r.some(o, enough, complete)
	}
	switch {
	case o.Fails > 0:
		o.State = Fail
	case o.Unknown > 0 || o.Of == 0 && !complete:
		o.State = Unknown
	default:
		o.State = Pass
	}
	return o
}

// some is what came of a requirement that one subject is enough for.
func (r *Requirement) some(o Outcome, enough, complete bool) Outcome {
	switch {
	case enough:
		o.State = Pass
		o.Fails, o.Failing = 0, nil // nobody asked more than one
	case o.Unknown > 0 || o.Of == 0 && !complete:
		o.State = Unknown
	default:
		o.State = Fail
	}
	return o
}

// verdict says of one subject whether it holds. A field that the condition asks for and that is not known decides nothing:
// `auth!=none` would hold for an endpoint of which nobody knows how it tells callers.
func (r *Requirement) verdict(s traffic.Facts, now time.Time) State {
	if r.Of != Exchanges {
		language := languages[r.Of]
		for _, name := range r.asks {
			if !language.knows(s, name) {
				return Unknown
			}
		}
	}
	if r.must.Match(s, now) {
		return Pass
	}
	return Fail
}
