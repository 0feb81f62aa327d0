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
	Code   string `json:"code" redact:"-"`  // one of the constants
	What   string `json:"what"`             // one sentence
	Ref    string `json:"ref,omitempty"`    // as Deduction.Ref, or tool:NAME, model:NAME
	N      int    `json:"n"`                // of what it counts; 1 for one thing
	Advice string `json:"advice,omitempty"` // what to do about this one; empty where Posture.Advice says it for all
}

// Gap.Code.
const (
	GapNeverTested = "never-tested" // an AI endpoint
	GapNotTested   = "not-tested"   // a category
	GapUnclear     = "unclear"      // a category, tried without a verdict
	GapStale       = "stale"        // a category or an endpoint whose latest test is old
	GapShadow      = "shadow"       // an endpoint that no document has
	GapNoAuth      = "no-auth"      // an AI endpoint or a model
	GapNoLimit     = "no-limit"     // an AI endpoint
	GapWideTool    = "wide-tool"    // a tool whose caller decides what it does
	GapReach       = "reach"        // an AI endpoint could get at an internal host
	GapUnread      = "unread"       // traffic that nobody decrypted
)

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
		if f := &s.Findings[i]; f.Open() {
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

// lastTested says when cases that came to anything but errors were last sent to each endpoint.
func (s *Scene) lastTested() map[scanner.EndpointID]time.Time {
	tested := map[scanner.EndpointID]time.Time{}
	for i := range s.Tested {
		t := &s.Tested[i]
		if v := &t.Verdicts; t.Endpoint != 0 && v.Vulnerable+v.Resisted+v.Unclear > 0 && !t.At.Before(tested[t.Endpoint]) {
			tested[t.Endpoint] = t.At
		}
	}
	return tested
}

// neverTested are the AI endpoints to which no case was sent, or which answered none of them, the riskiest first.
func (s *Scene) neverTested() (never []*scanner.Endpoint) {
	tested := s.lastTested()
	for _, e := range s.Endpoints {
		if _, is := tested[e.ID]; Testable(e) && !is {
			never = append(never, e)
		}
	}
	slices.SortFunc(never, func(a, b *scanner.Endpoint) int { return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.ID, b.ID)) })
	return never
}

// gaps are in the order of how much they matter: what nobody tested, what nothing guards, what nobody saw.
func (s *Scene) gaps(items []Covered) (gaps []Gap) {
	for _, e := range s.neverTested() {
		gaps = append(gaps, Gap{Code: GapNeverTested, N: 1, Ref: fmt.Sprint("endpoint:", e.ID), What: nameOf(e) + " was never tested."})
	}
	for _, c := range items {
		one := Gap{N: 1, Ref: "owasp:" + c.ID, What: c.ID + " " + c.Title}
		switch {
		case c.State == StateNotTested:
			one.Code, one.What = GapNotTested, one.What+" was not tested."
		case c.State == StateTested:
			one.Code, one.N, one.What = GapUnclear, c.Cases, fmt.Sprintf("%s was tried in %s, and none came to a verdict.", one.What, some(int64(c.Cases), "case"))
		case !c.Last.IsZero() && s.At.Sub(c.Last) > stale:
			one.Code, one.What = GapStale, one.What+s.ago(c.Last)
		default:
			continue
		}
		gaps = append(gaps, one)
	}
	gaps = append(gaps, s.modelGaps()...)
	tested := s.lastTested()
	for _, e := range slices.SortedFunc(slices.Values(s.Endpoints), func(a, b *scanner.Endpoint) int { return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.ID, b.ID)) }) {
		gaps = append(gaps, endpointGaps(e)...)
		if at, is := tested[e.ID]; is && Testable(e) && s.At.Sub(at) > stale {
			gaps = append(gaps, Gap{Code: GapStale, N: 1, Ref: fmt.Sprint("endpoint:", e.ID), What: nameOf(e) + s.ago(at)})
		}
	}
	gaps = append(gaps, s.toolGaps()...)
	gaps = append(gaps, s.reachGaps()...)
	if s.Unread > 0 {
		gaps = append(gaps, Gap{Code: GapUnread, N: int(s.Unread), What: some(s.Unread, "exchange") + " passed through unread: nobody decrypted what they held."})
	}
	return gaps
}

func (s *Scene) ago(at time.Time) string {
	return " was last tested " + some(int64(s.At.Sub(at).Hours()/24), "day") + " ago."
}

// modelGaps are imported models that answered without credentials.
func (s *Scene) modelGaps() (gaps []Gap) {
	for _, m := range s.Imported {
		if (m.Auth.Form == "" || m.Auth.Form == "none") && !m.Recorded && m.Role == "" && m.Tried != nil && m.Tried.Code == "" && m.Tried.Status < 400 {
			gaps = append(gaps, Gap{Code: GapNoAuth, N: 1, Ref: "model:" + m.Name, What: fmt.Sprintf("The model %s answered without credentials.", short(m.Name, 80))})
		}
	}
	return gaps
}

// toolGaps are tools that do whatever whoever steers the model wants.
func (s *Scene) toolGaps() (gaps []Gap) {
	for _, t := range s.WideTools() {
		a := t.Asset
		what := fmt.Sprintf("The tool %s", short(a.Name, 80))
		if a.Host != "" {
			what += " at " + short(a.Host, 80)
		}
		calls := "it was never called"
		if a.Facts.Calls > 0 {
			calls = "it was called " + some(a.Facts.Calls, "time")
		}
		gaps = append(gaps, Gap{Code: GapWideTool, N: int(a.Facts.Calls), Ref: "tool:" + short(a.Name, 80), What: fmt.Sprintf("%s %s: %s; %s.", what, t.What, t.Why, calls)})
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
		gaps = append(gaps, Gap{Code: GapShadow, N: 1, Ref: ref, What: nameOf(e) + " is not in the document that covers its host."})
	}
	if !Testable(e) || e.Access == scanner.AccessThirdParty {
		return gaps
	}
	name := nameOf(e)
	if len(e.Facts.Models) > 0 {
		name += " (" + short(e.Facts.Models[0], 60) + ")"
	}
	for i := range e.Facts.Auth {
		if a := &e.Facts.Auth[i]; a.Kind == "none" && a.OK > 0 {
			gaps = append(gaps, Gap{Code: GapNoAuth, N: int(a.OK), Ref: ref, What: fmt.Sprintf("%s answered %s without credentials.", name, some(a.OK, "time"))})
		}
	}
	if len(e.Facts.RateLimit) == 0 && e.Count >= enoughCalls {
		gaps = append(gaps, Gap{Code: GapNoLimit, N: 1, Ref: ref, What: fmt.Sprintf("%s named no rate limit in %s.", name, some(e.Count, "answer"))})
	}
	return gaps
}

// enoughCalls is after how many a limit would have been named.
const enoughCalls = 5
