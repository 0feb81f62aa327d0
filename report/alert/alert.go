// Package alert writes threats and rulings as others read them: JSON lines, CEF, syslog. It is pure: who sends them, and
// where to, is the caller's business.
//
// Nothing in an alert quotes the traffic: there are names, counts, ids and one sentence. What is left of secrets and
// personal data in those is taken out, and no text from the wire can end a line or begin a field.
package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"

	"assay/scanner"
	"assay/scanner/detect"
)

// Kind tells what an alert is about.
type Kind string

// The kinds of alert.
const (
	Threat Kind = "threat"
	Ruling Kind = "ruling"
	Trial  Kind = "trial" // somebody tries whether alerts arrive
)

// Alert is one thing that goes out. A field that is not known is empty.
type Alert struct {
	Kind         Kind             `json:"kind"`
	Project      string           `json:"project,omitempty"` // the name of its file, without folder
	ID           int64            `json:"id,omitempty"`      // of the threat, within the project
	At           time.Time        `json:"at"`                // when it was last seen, or ruled
	Severity     scanner.Severity `json:"severity"`
	Title        string           `json:"title"` // of the threat, or the name of the policy
	What         string           `json:"what"`  // one sentence
	Usual        string           `json:"usual,omitempty"`
	Rule         string           `json:"rule,omitempty"`
	OWASP        []string         `json:"owasp,omitempty"`
	ASI          []string         `json:"asi,omitempty"`
	ATLAS        []string         `json:"atlas,omitempty"`
	Policy       int64            `json:"policy,omitempty"`
	Action       scanner.Action   `json:"action,omitempty"`
	Done         *bool            `json:"done,omitempty"` // whether the action was carried out; absent for a threat
	Side         scanner.Side     `json:"side,omitempty"`
	Signs        []string         `json:"signs,omitempty"` // kind/name of what was seen
	Actor        string           `json:"actor,omitempty"`
	Host         string           `json:"host,omitempty"`
	Model        string           `json:"model,omitempty"`
	Count        int              `json:"count,omitempty"` // how often it was seen
	Slow         bool             `json:"slow,omitempty"`
	First        *time.Time       `json:"first_seen,omitempty"`
	Exchange     int64            `json:"exchange,omitempty"`
	Endpoint     int64            `json:"endpoint,omitempty"`
	Conversation int64            `json:"conversation,omitempty"`
}

// How long the texts of an alert may be, in characters, so that a line fits into a datagram.
const (
	mostSentence = 400
	mostName     = 120
	mostList     = 12
)

// OfThreat makes an alert of a threat as it is now.
func OfThreat(project string, t *scanner.Threat) Alert {
	first := t.First.UTC()
	return Alert{
		Kind: Threat, Project: name(project), ID: int64(t.ID), At: t.Last.UTC(), Severity: t.Severity, Title: name(t.Title),
		What: sentence(t.Seen), Usual: sentence(t.Usual), Rule: name(t.Rule), OWASP: names(t.OWASP), ASI: names(t.ASI), ATLAS: names(t.ATLAS),
		Actor: actor(t.Actor), Host: name(t.Host), Model: name(t.Model), Count: t.Count, Slow: t.Slow, First: &first,
		Endpoint: int64(t.Endpoint), Conversation: int64(t.Conversation),
	}
}

// OfRuling makes an alert of a ruling.
func OfRuling(project string, r *scanner.Ruling) Alert {
	a := Alert{
		Kind: Ruling, Project: name(project), ID: r.ID, At: r.At.UTC(), Severity: weight(r.Action), Title: name(r.Name), What: sentence(r.Reason),
		Policy: int64(r.Policy), Action: r.Action, Done: &r.Done, Side: r.Side, Actor: actor(r.Actor), Host: name(r.Host), Model: name(r.Model),
		Exchange: int64(r.Exchange),
	}
	for i := range r.Signs {
		word := string(r.Signs[i].Kind)
		if r.Signs[i].Name != "" {
			word += "/" + r.Signs[i].Name
		}
		a.Signs = append(a.Signs, word)
	}
	a.Signs = names(a.Signs)
	return a
}

// OfTrial makes an alert that says that alerts arrive.
func OfTrial(project string, now time.Time) Alert {
	return Alert{
		Kind: Trial, Project: name(project), At: now.UTC(), Severity: scanner.SeverityInfo, Title: "Alerts arrive",
		What: "Somebody tried whether alerts of Assay arrive here.",
	}
}

// weight is how bad it is that a policy matched: policies name no severity of their own.
func weight(a scanner.Action) scanner.Severity {
	switch a {
	case scanner.Block, scanner.Approve:
		return scanner.SeverityHigh
	case scanner.Redact, scanner.Throttle:
		return scanner.SeverityMedium
	default:
		return scanner.SeverityLow
	}
}

func sentence(s string) string { return clean(redact(bounded(s, 4*mostSentence)), mostSentence) }

func name(s string) string { return clean(redact(bounded(s, 4*mostName)), mostName) }

func names(list []string) []string {
	var out []string
	for _, s := range list {
		if len(out) == mostList {
			break
		}
		if s = name(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// actor writes whom an alert is about. What tells an address or a program apart is no secret of theirs; the name of a user
// may be a person's.
func actor(key scanner.ActorKey) string {
	kind, of, _ := strings.Cut(string(key), ":")
	switch kind {
	case "address", "client":
		return clean(bounded(string(key), 4*mostName), mostName)
	}
	return clean(kind+":"+redact(bounded(of, 4*mostName)), mostName)
}

// bounded cuts a text that is far too long before it is looked at.
func bounded(s string, most int) string {
	if len(s) <= 4*most {
		return s
	}
	return s[:4*most]
}

// redact takes secrets and personal data out of a text. The same thing becomes the same mark, which cannot be turned back:
// it is three bytes of a hash.
func redact(s string) string {
	if len(s) < 5 {
		return s
	}
	var b strings.Builder
	at := 0
	spans := detect.Scan(s, detect.Options{Least: detect.Form})
	if loose := detect.Loose(s); loose != s {
		spans = append(spans, detect.Scan(loose, detect.Options{Least: detect.Likely, Only: detect.Secret})...)
		slices.SortStableFunc(spans, func(a, b detect.Span) int { return a.Start - b.Start })
	}
	for _, span := range spans {
		if span.Confidence < least && span.Kind != "EMAIL_ADDRESS" { // one in the name of a file ends in no known domain
			continue
		}
		if span.Start < at || span.Kind == "IP_ADDRESS" || span.Kind == "URL" || span.Kind == "DATE_TIME" {
			continue
		}
		sum := sha256.Sum256([]byte(s[span.Start:span.End]))
		b.WriteString(s[at:span.Start] + "⟨" + span.Kind + " " + hex.EncodeToString(sum[:3]) + "⟩")
		at = span.End
	}
	b.WriteString(s[at:])
	return b.String()
}

// least is how sure the detector must be: a form that any number may have, with a word nearby that says what it is.
const least = 0.5

// clean makes a text fit for one line: spaces are folded, and what cannot be seen (control, bidi, zero-width and tag
// characters, line and paragraph separators, bytes that are no UTF-8) becomes one replacement character.
func clean(s string, most int) string {
	var b strings.Builder
	n, space, bad := 0, false, false
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			space, bad = n > 0, false
			continue
		case r == unicode.ReplacementChar || !unicode.IsPrint(r):
			if bad && !space {
				continue
			}
			r, bad = unicode.ReplacementChar, true
		default:
			bad = false
		}
		if n >= most {
			b.WriteRune('…')
			break
		}
		if space {
			b.WriteByte(' ')
			n++
			space = false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
