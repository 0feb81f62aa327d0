package report

import (
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
	Priority Priority `json:"priority" redact:"-"`
	Code     string   `json:"code" redact:"-"`
	What     string   `json:"what"`           // what exactly to do
	Why      string   `json:"why"`            // what it mends
	Who      string   `json:"who" redact:"-"` // who does it
	Check    string   `json:"check"`          // how to see that it is done: a command where there is one
	Effort   Effort   `json:"effort" redact:"-"`
	// Reduction is what the score would gain if this alone were done, one decimal. It is 0 where other reasons hold the area at
	// its limit, or a critical weakness the score: then Risk tells what it is worth.
	Reduction float64       `json:"reduction"`
	Risk      float64       `json:"risk"`             // points of everything that it mends, without the limits of areas
	Refs      []string      `json:"refs"`             // what it mends, as Deduction.Ref
	Steps     []Step        `json:"steps,omitempty"`  // of what mends weaknesses: one for each template, what takes most risk away first
	Run       scanner.RunID `json:"run,omitempty"`    // that showed it to be done; 0 where it is not
	At        time.Time     `json:"done_at,omitzero"` // when that was
}

// Step is a part of an advice: what mends the weaknesses that one template found.
type Step struct {
	Template string           `json:"template" redact:"-"`
	Title    string           `json:"title"`
	Severity scanner.Severity `json:"severity" redact:"-"`
	What     string           `json:"what"`  // what exactly to change: the template's own fix
	Check    string           `json:"check"` // the command that tries it again
	Refs     []string         `json:"refs"`  // the weaknesses
}

// remedy is what is done about one sort of reason.
type remedy struct {
	what, who string
	effort    Effort
}

// Who does something.
const (
	developers = "whoever builds the application"
	operators  = "whoever runs the service"
	testers    = "whoever tests"
)

// itemRemedies are for weaknesses, by the item of the OWASP list that is their first.
var itemRemedies = map[string]remedy{
	"LLM01:2025": {"Keep instructions apart from what users, documents and tools say; check what comes back in code, and ask a person before anything that cannot be undone", developers, EffortHigh},
	"LLM02:2025": {"Give the model only data that its user may see, and take personal data and secrets out of answers", developers, EffortMedium},
	"LLM03:2025": {"Pin models and tools by version, and check what they come with", developers, EffortMedium},
	"LLM04:2025": {"Take only documents and memories whose source is known, and keep users' apart", developers, EffortHigh},
	"LLM05:2025": {"Treat answers as input of a stranger: encode them for where they go, and load no address that stands in them", developers, EffortMedium},
	"LLM06:2025": {"Give the model fewer and narrower tools, run them with the user's rights, and ask before what pays, sends or deletes", developers, EffortMedium},
	"LLM07:2025": {"Take secrets and rules that must hold out of the system prompt, and enforce them in code", developers, EffortMedium},
	"LLM08:2025": {"Let retrieval return only what the user may read, and say of each passage where it is from", developers, EffortHigh},
	"LLM09:2025": {"Let answers name their source, and check names of packages, links and numbers before they are shown", developers, EffortMedium},
	"LLM10:2025": {"Limit the length of prompts and answers, and requests, tokens and money per user", operators, EffortLow},
}

// riskRemedies are for endpoints, by the code of their first risk.
var riskRemedies = map[string]remedy{
	"mcp-no-auth":             {"Ask clients of the MCP server for credentials", operators, EffortLow},
	"ai-no-auth":              {"Ask for credentials before a model answers", operators, EffortLow},
	"local-no-auth":           {"Ask for credentials on this machine too: every program and web page here can ask the model", operators, EffortLow},
	"optional-auth":           {"Refuse requests without credentials, on every path", operators, EffortLow},
	"sensitive-no-auth":       {"Ask for credentials before personal data or secrets are answered", operators, EffortLow},
	"write-no-auth":           {"Ask for credentials before anything is changed", operators, EffortLow},
	"plain-http":              {"Serve it over TLS alone", operators, EffortLow},
	"credentials-in-clear":    {"Serve it over TLS alone, and change the credentials that travelled", operators, EffortLow},
	"credentials-in-url":      {"Take credentials in a header, and change those that stood in the URL", developers, EffortMedium},
	"secret-in-response":      {"Take secrets out of its answers, and change those that were seen", developers, EffortMedium},
	"secret-to-third-party":   {"Keep secrets out of what is sent to others' models, and change those that were seen; a policy of the guard can hold them back meanwhile", developers, EffortMedium},
	"personal-to-third-party": {"Take personal data out of what is sent to others' models, or agree with them on how it is processed; a policy of the guard can hold it back", developers, EffortMedium},
	"cors-credentials":        {"Answer with credentials to origins of a list alone, never to whichever asks", developers, EffortLow},
	"cors-any-credentials":    {"Answer with credentials to origins of a list alone, never to whichever asks", developers, EffortLow},
	"cors-any":                {"Name the origins that may read its answers", developers, EffortLow},
	"unverified-certificate":  {"Give it a certificate that its clients can verify", operators, EffortLow},
	"expired-certificate":     {"Renew its certificate, and let that be done by itself", operators, EffortLow},
	"old-tls":                 {"Serve TLS 1.2 and 1.3 alone", operators, EffortLow},
	"dangerous-tools":         {"Give the model narrower tools, run them with the user's rights, and ask a person before what pays, sends or deletes", developers, EffortMedium},
	"shadow":                  {"Document it, or take it away", operators, EffortLow},
	"dynamic":                 {"Find out who opened this address, and close it when it is no longer needed", operators, EffortLow},
	"stack-trace":             {"Answer errors with a number, and keep what happened in the log", developers, EffortLow},
	"no-rate-limit":           {"Limit requests, tokens and money per user", operators, EffortLow},
}

// remedyOf is what is done about a reason other than a weakness, and how to check it; e is the endpoint that it is of. Reasons
// with the same code are mended together.
func (s *Scene) remedyOf(r *Deduction, e *scanner.Endpoint) (code string, one remedy, check func() string) {
	_, id, _ := strings.Cut(r.Ref, ":")
	says := func(check string) func() string { return func() string { return check } }
	switch {
	case e != nil:
		code, one = endpointRemedy(e)
		return code, one, says("record it again; assay posture --of " + r.Ref)
	case r.Area == AreaThreats:
		one = remedy{"Look at the threats: close those that are dealt with, and switch on a policy for the rest", testers, EffortLow}
		return "threats", one, says("assay threats ls --state new,confirmed")
	case r.Area == AreaCoverage:
		return "test", remedy{"Test what nobody tested", testers, EffortLow}, s.testing
	case r.Area == AreaRequirements:
		return "require:" + id, s.requirementRemedy(id), says("assay requirements check " + shellWord(id))
	case r.Code == "never-tested":
		return "test-endpoints", remedy{"Test the AI endpoints that were never tested", testers, EffortLow}, s.testingEndpoints
	}
	return "unread", remedy{"Decrypt the traffic that passed through unread, or say why it stays so", operators, EffortMedium}, says("record it again; assay posture")
}

func endpointRemedy(e *scanner.Endpoint) (code string, one remedy) {
	if len(e.Facts.Risks) > 0 {
		if one, known := riskRemedies[e.Facts.Risks[0].Code]; known {
			return e.Facts.Risks[0].Code, one
		}
	}
	return "exposure", remedy{"Look at what makes these endpoints a risk, and take it away", operators, EffortMedium}
}

func (s *Scene) requirementRemedy(id string) remedy {
	one := remedy{"Make what has to hold true", operators, EffortMedium}
	for i := range s.Required {
		if r := &s.Required[i]; r.ID == id && r.Fix != "" {
			one.what = r.Fix
		}
	}
	return one
}
