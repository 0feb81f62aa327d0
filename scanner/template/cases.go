package template

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// maxCases bounds what one template expands to.
const maxCases = 10_000

// Case is one thing to send: a template with one request, one prompt (or its turns), one value of each payload list and
// one mutation. Its ID stays the same as long as these do, whatever is added beside them.
type Case struct {
	ID       string
	Template *Template
	Request  int               // index into Attack.Requests, -1 for none
	Prompt   int               // index into Attack.Prompts, -1 where the template has turns or only requests
	Values   map[string]string // of the payload lists it names
	Mutation string            // "none" where the text goes as it is
}

// Limits of an expansion; 0 means all.
type Limits struct {
	Prompts   int `json:"prompts,omitempty"`   // prompts and payload values, the first of each template
	Mutations int `json:"mutations,omitempty"` // the first of each template
}

// Choice is a template chosen for a run.
type Choice struct {
	Template *Template
	Limits   Limits
	Trials   int // how often each case is sent; at least 1
}

// Cases expands what was chosen, breadth first: one case of every template before a second of any, so that a run that
// its budget stops has tried as many templates as it could. The order never changes.
func Cases(choices []Choice) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		all := make([][]Case, len(choices))
		most := 0
		for i, c := range choices {
			all[i] = c.Template.Cases(c.Limits)
			most = max(most, len(all[i]))
		}
		for round := range most {
			for i := range all {
				if round < len(all[i]) && !yield(all[i][round]) {
					return
				}
			}
		}
	}
}

// Cases expands one template, mutation by mutation, the plain text first where the template lists it first.
func (t *Template) Cases(limits Limits) []Case {
	a := &t.Attack
	mutations := a.Mutations
	if len(mutations) == 0 {
		mutations = []string{"none"}
	}
	if limits.Mutations > 0 {
		mutations = mutations[:min(limits.Mutations, len(mutations))]
	}
	texts := t.texts(limits)
	var cases []Case
	for _, mutation := range mutations {
		for _, text := range texts {
			for request := range max(len(a.Requests), 1) {
				if len(a.Requests) == 0 {
					request = -1
				}
				c := Case{Template: t, Request: request, Prompt: text.prompt, Values: text.values, Mutation: mutation}
				c.ID = c.id()
				cases = append(cases, c)
				if len(cases) == maxCases {
					return cases
				}
			}
		}
	}
	return cases
}

// Size is how many cases a template has, and how many requests they make when each is sent once.
func (t *Template) Size() (cases, requests int) {
	for _, c := range t.Cases(Limits{}) {
		cases++
		times := 1
		if c.Request >= 0 && t.Attack.Requests[c.Request].Repeat != nil {
			times = t.Attack.Requests[c.Request].Repeat.Times
		}
		requests += times * max(len(t.Attack.Turns), 1)
	}
	return cases, requests
}

// Texts is how many different texts a template sends before any mutation.
func (t *Template) Texts() int { return len(t.texts(Limits{})) }

// filled is a prompt with one value of each payload list it names.
type filled struct {
	prompt int
	values map[string]string
}

func (t *Template) texts(limits Limits) []filled {
	most := maxCases
	if limits.Prompts > 0 {
		most = min(limits.Prompts, maxCases)
	}
	shared := t.shared()
	prompts := t.Attack.Prompts
	if len(prompts) == 0 {
		return t.combine(-1, shared, most)
	}
	var all []filled
	for i, p := range prompts {
		if all = append(all, t.combine(i, shared+p, most-len(all))...); len(all) >= most {
			break
		}
	}
	return all
}

// shared is every text outside the prompts in which a payload list may be named.
func (t *Template) shared() string {
	var b strings.Builder
	for _, turn := range t.Attack.Turns {
		b.WriteString(turn.Prompt)
	}
	// Reading them as JSON finds every text in them; what JSON escapes is no part of a name.
	rest, err := json.Marshal([]any{t.Attack.Requests, t.Attack.Setup, t.Detect.Find})
	if err == nil {
		b.Write(rest)
	}
	return b.String()
}

// combine makes the product of the payload lists that a text names, at most so many.
func (t *Template) combine(prompt int, text string, most int) []filled {
	named := names(text)
	all := []filled{{prompt, nil}}
	for _, p := range t.Attack.Payloads {
		if !slices.Contains(named, p.Name) {
			continue
		}
		var next []filled
		for _, f := range all {
			for _, v := range p.Values {
				values := maps.Clone(f.values)
				if values == nil {
					values = map[string]string{}
				}
				values[p.Name] = v
				if next = append(next, filled{prompt, values}); len(next) >= most {
					break
				}
			}
		}
		all = next[:min(len(next), most)]
	}
	return all
}

// id is made of what is sent, so that adding a prompt or a payload before it changes nothing.
func (c *Case) id() string {
	h := sha256.New()
	part := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			text = fmt.Append(nil, v)
		}
		h.Write(text)
		h.Write([]byte{0})
	}
	a := &c.Template.Attack
	if c.Prompt >= 0 {
		part(a.Prompts[c.Prompt])
	} else {
		part(a.Turns)
	}
	part(c.Values)
	if c.Request >= 0 {
		part(a.Requests[c.Request])
	}
	part(c.Mutation)
	return c.Template.ID + "/" + strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil))[:12])
}
