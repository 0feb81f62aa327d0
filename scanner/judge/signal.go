package judge

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"assay/scanner"
)

// Signal looks for one thing in an answer.
type Signal struct {
	Name string
	What string // one sentence for people
	// Hard tells that a find is a proof by itself. What a soft signal finds is a reason to think so, and does not stand
	// against a refusal.
	Hard   bool
	Params []Param

	look func(*trial, params) finding
}

// Param is one parameter of a signal.
type Param struct {
	Name     string
	Type     Type
	Required bool
	OneOf    []string // the words allowed, where they are fixed
	What     string   // one sentence for people
}

// Type is the type of a parameter's value.
type Type string

// The types. A list may be written as one value.
const (
	Text    Type = "text"
	Texts   Type = "texts"
	Number  Type = "number"
	Numbers Type = "numbers"
	Bool    Type = "bool"
	Pattern Type = "pattern" // RE2
	Object  Type = "object"  // a mapping, or JSON as text
)

// state is what a signal knows: true, false, or neither.
type state int8

const (
	no state = iota
	unknown
	yes
)

// finding is what a signal found. why explains unknown; evidence goes with yes.
type finding struct {
	state    state
	why      string
	evidence []scanner.Evidence
	// proof tells that the evidence cannot come from repeating what was sent: it stands even inside a refusal.
	proof bool
}

// unknowing is a finding that there was nothing to compare with.
func unknowing(why string) finding { return finding{state: unknown, why: why} }

// found is a finding with evidence, or none.
func found(evidence []scanner.Evidence, proof bool) finding {
	if len(evidence) == 0 {
		return finding{}
	}
	return finding{state: yes, evidence: evidence, proof: proof}
}

// Signals lists every signal, by name.
func Signals() []Signal {
	all := make([]Signal, 0, len(byName()))
	for _, s := range byName() {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Signal) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// byName is the registry.
var byName = sync.OnceValue(func() map[string]*Signal {
	all := map[string]*Signal{}
	for _, s := range []*Signal{
		canarySignal(), rogueSignal(), overlapSignal(), toolSignal(), linkSignal(), payloadSignal(), callbackSignal(),
		sensitiveSignal(), statusSignal(), headerSignal(), sizeSignal(), latencySignal(), tokensSignal(), schemaSignal(),
		tenantSignal(), packageSignal(), regexSignal(), containsSignal(), equalsSignal(), startsSignal(), languageSignal(),
		refusedSignal(), compliedSignal(), unlikeSignal(),
	} {
		all[s.Name] = s
	}
	return all
})

// Lookup finds a signal by name. The error is a Problem that names the nearest one.
func Lookup(name string) (Signal, error) {
	if s := byName()[name]; s != nil {
		return *s, nil
	}
	var names []string
	for _, s := range Signals() {
		names = append(names, s.Name)
	}
	return Signal{}, Problem{Message: fmt.Sprintf("no signal is named %q", name), Nearest: nearest(name, names)}
}
