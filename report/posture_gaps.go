package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"assay/llm"
	"assay/scanner"
)

// Gap is something that nobody knows, or that nothing guards.
type Gap struct {
	Code string `json:"code" redact:"-"` // never-tested, not-tested, stale, shadow, no-auth, no-limit, unread, unclear
	What string `json:"what"`            // one sentence
	Ref  string `json:"ref,omitempty"`   // as Deduction.Ref
	N    int    `json:"n"`               // of what it counts; 1 for one thing
}

// stale is how old the newest test of an item may be.
const stale = 30 * 24 * time.Hour

// covered says how every item stands.
func (s *Scene) covered() []Covered {
	items := make([]Covered, len(s.Items))
	at, untestable := map[string]*Covered{}, map[string]int{}
	for i, item := range s.Items {
		items[i] = Covered{Item: item, State: StateNotTested}
		at[item.ID] = &items[i]
	}
	targets, unfit := map[[2]string]bool{}, map[[2]string]bool{}
	for i := range s.Tested {
		t := &s.Tested[i]
		v := t.Verdicts
		for _, id := range t.OWASP {
			c := at[id]
			if key := [2]string{id, t.Template}; c != nil && t.Unfit != "" && !unfit[key] {
				unfit[key] = true
				untestable[id]++
				c.Why = cmp.Or(c.Why, t.Unfit)
			}
			if c == nil || v.Vulnerable+v.Resisted+v.Unclear == 0 {
				continue
			}
			c.Cases += v.Vulnerable + v.Resisted + v.Unclear
			c.Vulnerable += v.Vulnerable
			if v.Vulnerable+v.Resisted > 0 {
				c.State = StateResisted
			} else if c.State == StateNotTested {
				c.State = StateTested
			}
			if t.At.After(c.Last) {
				c.Last = t.At
			}
			if key := [2]string{id, t.Target}; !targets[key] {
				targets[key] = true
				c.Targets++
			}
		}
	}
	for i := range s.Findings {
		if f := &s.Findings[i]; open(f) {
			for _, id := range f.OWASP {
				if c := at[id]; c != nil {
					c.State = StateVulnerable
				}
			}
		}
	}
	for i := range items {
		c := &items[i]
		if c.State == StateNotTested && c.Templates > 0 && untestable[c.ID] >= c.Templates {
			c.State = StateNotTestable // every template that there is for it had no place in the targets
		} else {
			c.Why = ""
		}
	}
	return items
}

// Testable reports whether an endpoint is one that tests of models are for.
func Testable(e *scanner.Endpoint) bool {
	return e.Merged == 0 && slices.Contains(testableKinds, e.Kind)
}

var testableKinds = []llm.Kind{llm.KindLLM, llm.KindAgent, llm.KindMCP, llm.KindChatBackend, llm.KindRAG}

// neverTested are the AI endpoints to which no case was sent, the riskiest first.
func (s *Scene) neverTested() (never []*scanner.Endpoint) {
	tested := map[scanner.EndpointID]bool{}
	for i := range s.Tested {
		tested[s.Tested[i].Endpoint] = true
	}
	for _, e := range s.Endpoints {
		if Testable(e) && !tested[e.ID] {
			never = append(never, e)
		}
	}
	slices.SortFunc(never, func(a, b *scanner.Endpoint) int { return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.ID, b.ID)) })
	return never
}

func (s *Scene) gaps(items []Covered) (gaps []Gap) {
	for _, e := range s.neverTested() {
		gaps = append(gaps, Gap{Code: "never-tested", N: 1, Ref: fmt.Sprint("endpoint:", e.ID), What: nameOf(e) + " was never tested."})
	}
	for _, c := range items {
		switch {
		case c.State == StateNotTested:
			gaps = append(gaps, Gap{Code: "not-tested", N: 1, Ref: "owasp:" + c.ID, What: c.ID + " " + c.Title + " was not tested."})
		case c.State == StateTested:
			gaps = append(gaps, Gap{Code: "unclear", N: c.Cases, Ref: "owasp:" + c.ID, What: fmt.Sprintf("%s %s was tried in %d cases, and none came to a verdict.", c.ID, c.Title, c.Cases)})
		case !c.Last.IsZero() && s.At.Sub(c.Last) > stale:
			gaps = append(gaps, Gap{Code: "stale", N: 1, Ref: "owasp:" + c.ID, What: fmt.Sprintf("%s %s was last tested %d days ago.", c.ID, c.Title, int(s.At.Sub(c.Last).Hours()/24))})
		}
	}
	for _, e := range s.Endpoints {
		gaps = append(gaps, endpointGaps(e)...)
	}
	if s.Unread > 0 {
		gaps = append(gaps, Gap{Code: "unread", N: int(s.Unread), What: fmt.Sprintf("%d exchanges passed through unread.", s.Unread)})
	}
	return gaps
}

// endpointGaps are what nothing guards at one endpoint, as far as it was seen.
func endpointGaps(e *scanner.Endpoint) (gaps []Gap) {
	if e.Merged != 0 {
		return nil
	}
	ref := fmt.Sprint("endpoint:", e.ID)
	if e.Documented == scanner.DocumentedNo {
		gaps = append(gaps, Gap{Code: "shadow", N: 1, Ref: ref, What: nameOf(e) + " is not in the document that covers its host."})
	}
	if !Testable(e) || e.Access == scanner.AccessThirdParty {
		return gaps
	}
	for i := range e.Facts.Auth {
		if a := &e.Facts.Auth[i]; a.Kind == "none" && a.OK > 0 {
			gaps = append(gaps, Gap{Code: "no-auth", N: int(a.OK), Ref: ref, What: fmt.Sprintf("%s answered %d times without credentials.", nameOf(e), a.OK)})
		}
	}
	if len(e.Facts.RateLimit) == 0 && e.Count >= enoughCalls {
		gaps = append(gaps, Gap{Code: "no-limit", N: 1, Ref: ref, What: fmt.Sprintf("%s named no rate limit in %d answers.", nameOf(e), e.Count)})
	}
	return gaps
}

// enoughCalls is after how many a limit would have been named.
const enoughCalls = 5
