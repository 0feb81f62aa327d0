package discover

import (
	"fmt"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
)

// riskRule is one reason for which an endpoint is a risk. what gives the sentence, empty when the reason does not hold.
// Points of all reasons are added up, 100 at most. A reason needs something that was seen: what is not known is never
// counted, neither against an endpoint nor for it.
type riskRule struct {
	code   string
	points int
	what   func(e *scanner.Endpoint) string
}

// risks is the whole table.
var risks = []riskRule{
	{"mcp-no-auth", 45, func(e *scanner.Endpoint) string {
		if e.Kind != llm.KindMCP {
			return ""
		}
		return openTo(e, "Anybody who reaches this MCP server may call its tools: it answered %s without credentials")
	}},
	{"ai-no-auth", 40, func(e *scanner.Endpoint) string {
		if e.Kind == llm.KindMCP || !needsProof(e.Kind) {
			return ""
		}
		return openTo(e, "This AI endpoint answered %s without credentials")
	}},
	{"local-no-auth", 10, func(e *scanner.Endpoint) string {
		if e.Access != scanner.AccessLoopback || !needsProof(e.Kind) || !answersAnybody(e) {
			return ""
		}
		return "Every program on this machine may use this AI endpoint: it answered without credentials"
	}},
	{"optional-auth", 20, func(e *scanner.Endpoint) string {
		with, without := proofs(e)
		if with == 0 || without == 0 || e.Access == scanner.AccessThirdParty {
			return ""
		}
		return fmt.Sprintf("Credentials are not needed: it answered %s with and %s without", times(with), times(without))
	}},
	{"sensitive-no-auth", 35, func(e *scanner.Endpoint) string {
		types := sensitive(e, "response", "personal", "secret")
		if types == "" || !answersAnybody(e) || e.Access == scanner.AccessLoopback {
			return ""
		}
		return "It answers without credentials, and answers held " + types
	}},
	{"write-no-auth", 15, func(e *scanner.Endpoint) string {
		if needsProof(e.Kind) || e.Access == scanner.AccessLoopback || e.Access == scanner.AccessThirdParty || !writes(e.Method) || !answersAnybody(e) {
			return ""
		}
		return e.Method + " was answered without credentials"
	}},
	{"plain-http", 25, func(e *scanner.Endpoint) string {
		if !plainText(e.Scheme) || e.Access == scanner.AccessLoopback || e.Access == "" {
			return ""
		}
		return "Requests and answers travel unencrypted (no TLS)"
	}},
	{"credentials-in-clear", 20, func(e *scanner.Endpoint) string {
		if with, _ := proofs(e); with == 0 || !plainText(e.Scheme) || e.Access == scanner.AccessLoopback || e.Access == "" {
			return ""
		}
		return "Credentials travel unencrypted (no TLS)"
	}},
	{"credentials-in-url", 15, func(e *scanner.Endpoint) string {
		for i := range e.Facts.Auth {
			if a := &e.Facts.Auth[i]; strings.HasPrefix(a.Name, "?") && (a.Kind == authKey || a.Kind == authBearer) {
				return fmt.Sprintf("A credential stands in the URL (%s), where logs and histories keep it", a.Name)
			}
		}
		return ""
	}},
	{"secret-in-response", 40, func(e *scanner.Endpoint) string {
		return sentenceOf("Answers held secrets: %s", sensitive(e, "response", "secret"))
	}},
	{"secret-to-third-party", 35, func(e *scanner.Endpoint) string {
		if e.Access != scanner.AccessThirdParty {
			return ""
		}
		return sentenceOf("Secrets were sent to a third party: %s", sensitive(e, "request", "secret"))
	}},
	{"personal-to-third-party", 20, func(e *scanner.Endpoint) string {
		if e.Access != scanner.AccessThirdParty {
			return ""
		}
		return sentenceOf("Personal data was sent to a third party: %s", sensitive(e, "request", "personal"))
	}},
	{"cors-credentials", 30, func(e *scanner.Endpoint) string {
		if c := e.Facts.CORS; c == nil || !c.Credentials || e.Access == scanner.AccessThirdParty || !slices.Contains(c.Origins, reflected) && !slices.Contains(c.Origins, "null") {
			return ""
		}
		return "Answers let other sites read them with the visitor's cookies (CORS gave back the origin that asked)"
	}},
	{"cors-any-credentials", 15, func(e *scanner.Endpoint) string {
		if c := e.Facts.CORS; c == nil || !c.Credentials || e.Access == scanner.AccessThirdParty || !slices.Contains(c.Origins, "*") {
			return ""
		}
		return "CORS allows every site (*) and credentials: browsers refuse the pair, which hides what was meant"
	}},
	{"cors-any", 5, func(e *scanner.Endpoint) string {
		if c := e.Facts.CORS; c == nil || c.Credentials || !slices.Contains(c.Origins, "*") || e.Access == scanner.AccessThirdParty || !isAI(e.Kind) {
			return ""
		}
		return "Every site may read the answers in a visitor's browser (CORS *)"
	}},
	{"unverified-certificate", 25, func(e *scanner.Endpoint) string {
		for i := range e.Facts.TLS {
			if e.Facts.TLS[i].Unverified {
				return "The server's certificate could not be verified: somebody may stand in between"
			}
		}
		return ""
	}},
	{"expired-certificate", 20, func(e *scanner.Endpoint) string {
		last := e.LastSeen.UTC().Format(timeLayout)
		for i := range e.Facts.TLS {
			if x := e.Facts.TLS[i].Expiry; x != "" && x < last && e.Facts.TLS[i].N > 0 {
				return "The server's certificate had expired on " + x[:min(len(x), 10)]
			}
		}
		return ""
	}},
	{"old-tls", 15, func(e *scanner.Endpoint) string {
		for i := range e.Facts.TLS {
			switch v := e.Facts.TLS[i].Version; v {
			case "TLS 1.0", "TLS 1.1", "SSL 3.0":
				return "Connections used " + v + ", which is broken"
			}
		}
		return ""
	}},
	{"dangerous-tools", 25, func(e *scanner.Endpoint) string {
		return sentenceOf("Its tools can do harm: %s", dangerous(e.Facts.Tools))
	}},
	{"shadow", 20, func(e *scanner.Endpoint) string {
		if e.Documented != scanner.DocumentedNo {
			return ""
		}
		return "No document describes it, though one covers its host (shadow)"
	}},
	{"dynamic", 10, func(e *scanner.Endpoint) string {
		switch d := e.Facts.Dynamic; {
		case d == nil:
			return ""
		case d.Why == "host":
			return "Its host looks made by a machine: a tunnel, a preview, a sandbox"
		default:
			return ""
		}
	}},
	{"stack-trace", 15, func(e *scanner.Endpoint) string {
		if e.Facts.Traces == 0 {
			return ""
		}
		return fmt.Sprintf("Errors show the inside of the program (stack traces, %s)", times(e.Facts.Traces))
	}},
	{"no-rate-limit", 5, func(e *scanner.Endpoint) string {
		switch e.Kind {
		case llm.KindLLM, llm.KindChatBackend, llm.KindRAG, llm.KindAgent, llm.KindImage, llm.KindAudio, llm.KindEmbedding:
		default:
			return ""
		}
		if len(e.Facts.RateLimit) > 0 || e.Access == scanner.AccessThirdParty || e.Access == scanner.AccessLoopback || answered(e) < 3 {
			return ""
		}
		return "No answer named a rate limit"
	}},
}

const timeLayout = "2006-01-02T15:04:05Z"

// assess works out the risk of an endpoint from its facts: 0 when nothing that was seen speaks against it, up to 100.
func assess(e *scanner.Endpoint) {
	e.Facts.Risks = e.Facts.Risks[:0]
	sum := 0
	for i := range risks {
		if what := risks[i].what(e); what != "" {
			e.Facts.Risks = append(e.Facts.Risks, scanner.Risk{Code: risks[i].code, Points: risks[i].points, What: what})
			sum += risks[i].points
		}
	}
	slices.SortStableFunc(e.Facts.Risks, func(a, b scanner.Risk) int { return b.Points - a.Points })
	e.Risk = min(sum, 100)
}

// proofs counts the answers below 400 with and without credentials.
func proofs(e *scanner.Endpoint) (with, without int64) {
	for i := range e.Facts.Auth {
		if a := &e.Facts.Auth[i]; a.Kind == authNone {
			without += a.OK
		} else {
			with = max(with, a.OK)
		}
	}
	return with, without
}

// answersAnybody reports whether an endpoint of one's own answered a call without credentials. Somebody else's service
// decides about its callers itself, and recordings often lack the credentials that were sent.
func answersAnybody(e *scanner.Endpoint) bool {
	_, without := proofs(e)
	return without > 0 && e.Access != scanner.AccessThirdParty && e.Method != "OPTIONS" && e.Method != "HEAD"
}

// openTo is a sentence about an endpoint that others than this machine can reach and that asks for no credentials.
func openTo(e *scanner.Endpoint, sentence string) string {
	if e.Access == scanner.AccessLoopback || !answersAnybody(e) {
		return ""
	}
	_, without := proofs(e)
	return fmt.Sprintf(sentence, times(without))
}

func answered(e *scanner.Endpoint) int64 { return observed(&e.Facts) - e.Facts.Failed }

func writes(method string) bool {
	switch method {
	case "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

// sensitive lists the types of sensitive data of some classes that travelled in a direction; empty for none.
func sensitive(e *scanner.Endpoint, where string, classes ...string) string {
	var types []string
	for i := range e.Facts.Sensitive {
		if t := &e.Facts.Sensitive[i]; t.Where == where && slices.Contains(classes, t.Class) && !slices.Contains(types, t.Type) {
			types = append(types, t.Type)
		}
	}
	return listed(types)
}

// listed joins words for a sentence, the first few of them.
func listed(words []string) string {
	const most = 4
	if len(words) > most {
		return strings.Join(words[:most], ", ") + fmt.Sprintf(" and %d more", len(words)-most)
	}
	return strings.Join(words, ", ")
}

func sentenceOf(format, words string) string {
	if words == "" {
		return ""
	}
	return fmt.Sprintf(format, words)
}

func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
