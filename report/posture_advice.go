package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/scanner"
)

// Priority is how soon something is to be done.
type Priority string

// The priorities.
const (
	P0 Priority = "P0" // now
	P1 Priority = "P1" // next
	P2 Priority = "P2" // when there is time
)

// Effort is about how much work something is.
type Effort string

// The efforts.
const (
	EffortLow    Effort = "low"    // a setting, an hour
	EffortMedium Effort = "medium" // code of one place, a day or two
	EffortHigh   Effort = "high"   // how the application is made
)

// Advice is one thing to do.
type Advice struct {
	Priority  Priority      `json:"priority" redact:"-"`
	Code      string        `json:"code" redact:"-"`
	What      string        `json:"what"`           // what to do
	Why       string        `json:"why"`            // what it mends
	Who       string        `json:"who" redact:"-"` // who does it
	Check     string        `json:"check"`          // how to see that it is done: a command where there is one
	Effort    Effort        `json:"effort" redact:"-"`
	Reduction float64       `json:"reduction"`        // points that the score would gain, one decimal
	Refs      []string      `json:"refs"`             // what it mends, as Deduction.Ref
	Run       scanner.RunID `json:"run,omitempty"`    // that showed it to be done; 0 where it is not
	At        time.Time     `json:"done_at,omitzero"` // when that was
}

// remedy is what is done about one sort of reason.
type remedy struct {
	what, who, check string
	effort           Effort
}

const (
	developers = "whoever builds the application"
	operators  = "whoever runs the service"
	testers    = "you"
)

// itemRemedies are for weaknesses, by the item of the OWASP list that is their first.
var itemRemedies = map[string]remedy{
	"LLM01:2025": {"Keep instructions apart from what users, documents and tools say; check what comes back in code, and ask a person before anything that cannot be undone", developers, "retest", EffortHigh},
	"LLM02:2025": {"Give the model only data that its user may see, and take personal data and secrets out of answers", developers, "retest", EffortMedium},
	"LLM03:2025": {"Pin models and tools by version, and check what they come with", developers, "retest", EffortMedium},
	"LLM04:2025": {"Take only documents and memories whose source is known, and keep users' apart", developers, "retest", EffortHigh},
	"LLM05:2025": {"Treat answers as input of a stranger: encode them for where they go, and load no address that stands in them", developers, "retest", EffortMedium},
	"LLM06:2025": {"Give the model fewer and narrower tools, run them with the user's rights, and ask before what pays, sends or deletes", developers, "retest", EffortMedium},
	"LLM07:2025": {"Take secrets and rules that must hold out of the system prompt, and enforce them in code", developers, "retest", EffortMedium},
	"LLM08:2025": {"Let retrieval return only what the user may read, and say of each passage where it is from", developers, "retest", EffortHigh},
	"LLM09:2025": {"Let answers name their source, and check names of packages, links and numbers before they are shown", developers, "retest", EffortMedium},
	"LLM10:2025": {"Limit the length of prompts and answers, and requests, tokens and money per user", operators, "retest", EffortLow},
}

// riskRemedies are for endpoints, by the code of their first risk.
var riskRemedies = map[string]remedy{
	"plain-http":           {"Serve it over TLS alone", operators, "record it again", EffortLow},
	"credentials-in-clear": {"Serve it over TLS alone, and change the credentials that travelled", operators, "record it again", EffortLow},
	"credentials-in-url":   {"Take credentials in a header, and change those that stood in the URL", developers, "record it again", EffortMedium},
	"secret-in-response":   {"Take secrets out of its answers, and change those that were seen", developers, "record it again", EffortMedium},
}

// advice is what to do, what gains most for its effort first.
func (s *Scene) advice(p *Posture) []Advice {
	groups := map[string]*Advice{}
	for i := range p.Reasons {
		r := &p.Reasons[i]
		code, one := s.adviceFor(r)
		a := groups[code]
		if a == nil {
			a = &Advice{Code: code, What: one.what, Who: one.who, Check: one.check, Effort: one.effort, Why: r.What}
			groups[code] = a
		}
		a.Reduction = tenth(a.Reduction + r.Points)
		if r.Ref != "" {
			a.Refs = append(a.Refs, r.Ref)
		}
		a.Priority = cmp.Or(min(cmp.Or(a.Priority, P2), priority(r)), P2)
	}
	var all []Advice
	for _, a := range groups {
		if n := len(a.Refs); n > 1 {
			a.Why = fmt.Sprintf("%s And %d more.", a.Why, n-1)
		}
		all = append(all, *a)
	}
	slices.SortFunc(all, func(a, b Advice) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(b.Reduction/work[b.Effort], a.Reduction/work[a.Effort]), cmp.Compare(a.Code, b.Code))
	})
	return all
}

// work is what an effort counts against what is gained.
var work = map[Effort]float64{EffortLow: 1, EffortMedium: 3, EffortHigh: 8}

func priority(r *Deduction) Priority {
	switch {
	case r.Code == "finding-critical", r.Code == "threat-critical":
		return P0
	case r.Code == "finding-high", r.Code == "threat-high", r.Full >= 4:
		return P1
	}
	return P2
}

// adviceFor is what is done about a reason. Reasons with the same code are mended together.
func (s *Scene) adviceFor(r *Deduction) (code string, one remedy) {
	kind, id, _ := strings.Cut(r.Ref, ":")
	switch {
	case r.Area == AreaFindings:
		if f := s.finding(id); f != nil && len(f.OWASP) > 0 {
			if one, known := itemRemedies[f.OWASP[0]]; known {
				return "mend-" + f.OWASP[0], one
			}
		}
		return "mend", remedy{"Mend what tests proved", developers, "retest", EffortMedium}
	case kind == "endpoint":
		if e := s.endpoint(id); e != nil && len(e.Facts.Risks) > 0 {
			risk := e.Facts.Risks[0].Code
			if one, known := riskRemedies[risk]; known {
				return risk, one
			}
			if strings.HasSuffix(risk, "no-auth") || risk == "optional-auth" {
				return "auth", remedy{"Ask for credentials", operators, "record it again", EffortLow}
			}
		}
		return "exposure", remedy{"Look at what makes these endpoints a risk, and take it away", operators, "record it again", EffortMedium}
	case r.Area == AreaThreats:
		return "threats", remedy{"Look at the threats: close those that are dealt with, and switch on a policy for the rest", testers, "look at Watch", EffortLow}
	case r.Code == "item-vulnerable":
		return "mend-" + id, itemRemedies[id]
	case r.Area == AreaCoverage:
		return "test", remedy{"Test what nobody tested: run the suite owasp-llm-top-10 on every model", testers, "look at the coverage", EffortLow}
	case kind == "requirement":
		return "require-" + id, s.requirementRemedy(id)
	case r.Code == "never-tested":
		return "test-endpoints", remedy{"Test the AI endpoints that were never tested", testers, "look at the coverage", EffortLow}
	}
	return "unread", remedy{"Decrypt the traffic that passed through unread, or say why it stays so", testers, "record it again", EffortMedium}
}

func (s *Scene) finding(id string) *scanner.Finding {
	for i := range s.Findings {
		if fmt.Sprint(s.Findings[i].ID) == id {
			return &s.Findings[i]
		}
	}
	return nil
}

func (s *Scene) endpoint(id string) *scanner.Endpoint {
	for _, e := range s.Endpoints {
		if fmt.Sprint(e.ID) == id {
			return e
		}
	}
	return nil
}

func (s *Scene) requirementRemedy(id string) remedy {
	one := remedy{"Make what has to hold true", operators, "assay requirements check " + id, EffortMedium}
	for i := range s.Required {
		if r := &s.Required[i]; r.ID == id && r.Fix != "" {
			one.what = r.Fix
		}
	}
	return one
}
