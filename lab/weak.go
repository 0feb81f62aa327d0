package lab

import (
	"fmt"
	"slices"
	"strings"
)

// Weak is a set of weaknesses that a lab is given. The zero value is a sound lab.
type Weak uint32

// The weaknesses: the OWASP Top 10 for LLM applications 2025, then the OWASP API Security Top 10 2023. docs/lab.md tells
// by which rule each behaves.
const (
	LLM01 Weak = 1 << iota // prompt injection: text of users and of content is obeyed
	LLM02                  // sensitive information: data of others and secrets are told
	LLM03                  // supply chain: unverified models, packages and tools are taken in
	LLM04                  // poisoning: what was told once is believed later
	LLM05                  // output handling: active content is returned as asked
	LLM06                  // agency: every tool is called with every argument asked for
	LLM07                  // system prompt: told to whoever asks
	LLM08                  // vectors: documents of other tenants are found
	LLM09                  // misinformation: what does not exist is described
	LLM10                  // consumption: nothing has a limit
	API1                   // object level authorisation: an id is enough
	API2                   // authentication: any key, or none
	API3                   // properties: every field is read and shown
	API4                   // resources: no limits of rate and size
	API5                   // function level authorisation: functions of operators answer everybody
	API6                   // business flows: steps can be left out and forged
	API7                   // server-side requests: addresses of clients are fetched, on loopback only
	API8                   // configuration: talkative errors, open origins, loose types and methods
	API9                   // inventory: old versions and undocumented paths answer
	API10                  // upstream: what other services say is trusted

	weakEnd
)

// AllWeak is every weakness.
const AllWeak = weakEnd - 1

var weakNames = []string{
	"LLM01", "LLM02", "LLM03", "LLM04", "LLM05", "LLM06", "LLM07", "LLM08", "LLM09", "LLM10",
	"API1", "API2", "API3", "API4", "API5", "API6", "API7", "API8", "API9", "API10",
}

// ParseWeak reads names of weaknesses without regard to case: "all", "none", "LLM" and "API" for all of a list, or single
// ones such as LLM01. A year, as in LLM01:2025, is allowed.
func ParseWeak(words ...string) (Weak, error) {
	var set Weak
	for _, word := range words {
		name, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(word)), ":")
		switch i := slices.Index(weakNames, name); {
		case i >= 0:
			set |= 1 << i
		case name == "ALL":
			set |= AllWeak
		case name == "LLM":
			set |= API1 - 1
		case name == "API":
			set |= AllWeak &^ (API1 - 1)
		case name == "NONE" || name == "":
		default:
			return 0, fmt.Errorf("%q is no weakness of the lab; there are all, none, LLM01 to LLM10 and API1 to API10", word)
		}
	}
	return set, nil
}

// Names lists the weaknesses of a set, in order; never nil.
func (w Weak) Names() []string {
	names := []string{}
	for i, name := range weakNames {
		if w.has(1 << i) {
			names = append(names, name)
		}
	}
	return names
}

func (w Weak) has(one Weak) bool { return w&one != 0 }
