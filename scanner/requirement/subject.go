package requirement

import (
	"fmt"
	"slices"
	"time"

	"assay/llm"
	"assay/scanner"
)

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func flag(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func stamp(t time.Time) (int64, bool) { return t.UnixMicro(), !t.IsZero() }

// proof is what tests say of a subject.
type proof struct {
	tested   bool // a case that was sent to it came to a verdict
	findings int  // that are open
}

func (p *proof) number(field string) (int64, bool) {
	switch field {
	case "tested":
		return flag(p.tested), true
	case "findings":
		return int64(p.findings), p.tested || p.findings > 0
	}
	return 0, false
}

// endpoint is one of the inventory.
type endpoint struct {
	*scanner.Endpoint
	proof
	system []string // types and classes of data in system prompts
	now    time.Time
}

func (e *endpoint) Ref() string  { return fmt.Sprint("endpoint:", e.ID) }
func (e *endpoint) Name() string { return e.Method + " " + e.Host + e.Path }

func (e *endpoint) seen() bool { return e.Count > 0 }

func (e *endpoint) Strings(field, _ string) []string {
	switch field {
	case "host":
		return one(e.Host)
	case "path":
		return one(e.Path)
	case "method":
		return one(e.Method)
	case "scheme":
		return one(e.Scheme)
	case "protocol":
		return one(string(e.Protocol))
	case "kind":
		return one(string(e.Kind))
	case "provider":
		return one(e.Provider)
	case "family":
		return one(e.Family)
	case "model":
		return e.Facts.Models
	case "tool":
		return e.Facts.Tools
	case "client":
		return e.Facts.Clients
	case "access":
		return one(string(e.Access))
	case "documented":
		return one(string(e.Documented))
	default:
		return e.observed(field)
	}
}

// observed are texts that only traffic tells.
func (e *endpoint) observed(field string) (list []string) {
	if !e.seen() {
		return nil
	}
	switch field {
	case "auth":
		for i := range e.Facts.Auth {
			list = append(list, e.Facts.Auth[i].Kind)
		}
	case "tls":
		for i := range e.Facts.TLS {
			version := e.Facts.TLS[i].Version
			if version == "" {
				version = "none"
			}
			list = append(list, version)
		}
	case "cors":
		if list = []string{"none"}; e.Facts.CORS != nil && len(e.Facts.CORS.Origins) > 0 {
			list = e.Facts.CORS.Origins
		}
	case "sent":
		return e.sensitive("request")
	case "received":
		return e.sensitive("response")
	case "system":
		return orNothing(e.system)
	}
	return list
}

func (e *endpoint) sensitive(where string) (list []string) {
	for i := range e.Facts.Sensitive {
		if s := &e.Facts.Sensitive[i]; s.Where == where && s.Class != payload && s.Count > 0 {
			list = append(list, s.Type, s.Class)
		}
	}
	return orNothing(list)
}

// enoughCalls is after how many answers a limit would have been named.
const enoughCalls = 5

func (e *endpoint) Number(field string) (int64, bool) {
	switch field {
	case "ai":
		return flag(e.Kind != llm.KindPlain && e.Kind != ""), e.Kind != ""
	case "risk":
		return int64(e.Risk), e.seen()
	case "count":
		return e.Count, true
	case "first":
		return stamp(e.FirstSeen)
	case "last":
		return stamp(e.LastSeen)
	case "dynamic":
		return flag(e.Facts.Dynamic != nil), e.seen()
	case "traces":
		return e.Facts.Traces, e.seen()
	case "rate_limit":
		return flag(len(e.Facts.RateLimit) > 0), len(e.Facts.RateLimit) > 0 || e.Count >= enoughCalls
	case "cors_credentials":
		return flag(e.Facts.CORS != nil && e.Facts.CORS.Credentials), e.seen()
	case "open":
		return flag(slices.ContainsFunc(e.Facts.Auth, func(a scanner.Auth) bool { return a.Kind == "none" && a.OK > 0 })), len(e.Facts.Auth) > 0
	case "unverified":
		return flag(slices.ContainsFunc(e.Facts.TLS, func(t scanner.TLS) bool { return t.Unverified })), len(e.Facts.TLS) > 0
	case "certificate_days":
		return e.certificateDays()
	}
	return e.number(field)
}

func (e *endpoint) certificateDays() (int64, bool) {
	var newest time.Time
	for i := range e.Facts.TLS {
		if at, err := time.Parse(time.RFC3339, e.Facts.TLS[i].Expiry); err == nil && at.After(newest) {
			newest = at
		}
	}
	return int64(newest.Sub(e.now).Hours() / 24), !newest.IsZero()
}

// model is one that was seen or imported.
type model struct {
	host, name, provider, access string
	proof
	sent           []string
	count, tokens  int64
	versions       int
	imported, seen bool
	first, last    time.Time
}

// meet adds what the inventory says of it.
func (m *model) meet(a *scanner.Asset, at map[scanner.EndpointID]*scanner.Endpoint) {
	m.seen, m.provider = true, a.Provider
	m.count += a.Count
	m.tokens += a.Facts.Tokens
	m.versions = max(m.versions, len(a.Facts.Versions))
	if m.first.IsZero() || a.FirstSeen.Before(m.first) {
		m.first = a.FirstSeen
	}
	if a.LastSeen.After(m.last) {
		m.last = a.LastSeen
	}
	for _, id := range a.Facts.Endpoints {
		e := at[id]
		if e == nil {
			continue
		}
		m.access = string(e.Access)
		for _, s := range (&endpoint{Endpoint: e}).sensitive("request") {
			if s != nothing && !slices.Contains(m.sent, s) {
				m.sent = append(m.sent, s)
			}
		}
	}
}

func (m *model) Ref() string  { return "model:" + m.name }
func (m *model) Name() string { return m.name }

func (m *model) Strings(field, _ string) []string {
	switch field {
	case "name":
		return one(m.name)
	case "host":
		return one(m.host)
	case "provider":
		return one(m.provider)
	case "access":
		return one(m.access)
	case "sent":
		if m.seen {
			return orNothing(m.sent)
		}
	}
	return nil
}

func (m *model) Number(field string) (int64, bool) {
	switch field {
	case "count":
		return m.count, true
	case "tokens":
		return m.tokens, m.seen
	case "versions":
		return int64(m.versions), m.versions > 0
	case "imported":
		return flag(m.imported), true
	case "seen":
		return flag(m.seen), true
	case "first":
		return stamp(m.first)
	case "last":
		return stamp(m.last)
	}
	return m.number(field)
}
