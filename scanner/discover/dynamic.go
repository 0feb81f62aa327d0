package discover

import (
	"bytes"
	"hash/maphash"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Bounds of the search for URLs that answers name.
const (
	maxNamings   = 20_000    // URLs remembered: the latest
	maxNamedBody = 256 << 10 // bytes of an answer that is searched
	maxNamedOf   = 300       // URLs taken from one answer
	maxNamedURL  = 2048      // bytes of a URL
)

// named remembers the latest URLs that answers named, as hashes: an endpoint whose first exchange goes to one of them
// was made at run time. It is not kept with the project: what an answer named before Assay was started again is
// forgotten.
//
// What counts as naming is a URL, or a path from the root, as the whole value of a JSON string, of a Location,
// Content-Location, Operation-Location or Link header, or of the endpoint event of MCP's event stream. What does not:
// links of HTML pages, pictures and styles; links to other pages of the same list (next, prev, self, …); documents that
// describe an API, such as OpenAPI, service discovery and the like, because what they name was there before.
type named struct {
	seed  maphash.Seed
	by    map[uint64]naming
	order []uint64 // ring
	next  int
	walk  walker
	talk  talkScan
}

// naming is where a URL was named.
type naming struct {
	by   traffic.ID
	path string
}

func newNamed() *named {
	return &named{seed: maphash.MakeSeed(), by: map[uint64]naming{}}
}

// hash is of a host and a path; scheme and query do not count. What a client asks for often differs in them.
func (n *named) hash(host, path string) uint64 {
	var h maphash.Hash
	h.SetSeed(n.seed)
	_, _ = h.WriteString(host)
	_, _ = h.WriteString(path)
	return h.Sum64()
}

// url remembers a URL that an answer named; a relative one only when it is a path from the root.
func (n *named) url(l *lesson, raw, at string) {
	host, path, ok := namedURL(raw, l.e.Host)
	if !ok || host == l.e.Host && path == traffic.SplitURL(l.s.Exchange.Request.URL).Path {
		return
	}
	n.put(n.hash(host, path), naming{l.s.Exchange.ID, at})
}

func (n *named) put(h uint64, what naming) {
	if _, known := n.by[h]; known {
		return // who named it first made it
	}
	if len(n.order) < maxNamings {
		n.order = append(n.order, h)
	} else {
		delete(n.by, n.order[n.next])
		n.order[n.next] = h
		n.next = (n.next + 1) % maxNamings
	}
	n.by[h] = what
}

// namedURL takes what a message names apart: the host (the message's own for a path) and the path. It is not ok for what
// is no URL of an API.
func namedURL(raw, base string) (host, path string, ok bool) {
	if len(raw) < 2 || len(raw) > maxNamedURL {
		return "", "", false
	}
	for i := range len(raw) {
		if raw[i] <= ' ' || raw[i] == '<' || raw[i] == '{' || raw[i] == '"' || raw[i] == 0x7f {
			return "", "", false
		}
	}
	switch {
	case raw[0] == '/' && raw[1] != '/':
		host = base
		path = raw
	default:
		scheme, _, found := strings.Cut(raw, "://")
		if !found || len(scheme) > 5 {
			return "", "", false
		}
		switch strings.ToLower(scheme) {
		case "http", "https", "ws", "wss":
		default:
			return "", "", false
		}
		u := traffic.SplitURL(raw)
		host, path = u.Authority(), u.Path
		if u.Host == "" {
			return "", "", false
		}
	}
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	return host, path, path != "/" && path != "" && !staticPath(path)
}

// staticPath reports whether a path leads to a part of a page, by the end of its name.
func staticPath(path string) bool {
	i := strings.LastIndexByte(path, '.')
	if i < 0 || len(path)-i > 6 {
		return false
	}
	switch strings.ToLower(path[i+1:]) {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "css", "js", "mjs", "map", "woff", "woff2", "ttf", "otf", "html", "htm":
		return true
	}
	return false
}

// learnURLs remembers the URLs that the body of an answer names, and counts bodies that said JSON and were not.
func (l *lesson) learnURLs() {
	body := l.s.Response
	if len(body) == 0 || l.s.Exchange.Response == nil {
		return
	}
	n := l.t.facts.named
	answered := l.answerType()
	if answered == "text/event-stream" {
		n.events(l, body)
		return
	}
	if !saysJSON(answered) {
		return
	}
	whole := l.s.Exchange.Response.Body.Lost == "" && l.s.Exchange.State == traffic.StateComplete
	// What a model says is no naming, and nobody asks for what it makes up.
	said := l.e.Kind == llm.KindLLM || l.e.Kind == llm.KindEmbedding || l.e.Kind == llm.KindModeration
	if said || len(body) > maxNamedBody {
		if whole && !bracketed(body) {
			l.e.Facts.Unparsed++
		}
		return
	}
	path := traffic.SplitURL(l.s.Exchange.Request.URL).Path
	scan := nameScan{l: l, self: path, names: !describes(path)}
	if !n.walk.walk(body, &scan) && whole {
		l.e.Facts.Unparsed++
	}
}

// bracketed reports whether a text begins and ends as a JSON document does.
func bracketed(body []byte) bool {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) == 0 {
		return false
	}
	switch first, last := body[0], body[len(body)-1]; first {
	case '{':
		return last == '}' && len(body) > 1
	case '[':
		return last == ']' && len(body) > 1
	case '"':
		return last == '"' && len(body) > 1
	default:
		return literal(body)
	}
}

// events reads the one event by which a server of MCP's first transport names where messages go.
func (n *named) events(l *lesson, body []byte) {
	head := body[:min(len(body), 2048)]
	_, rest, found := bytes.Cut(head, []byte("event: endpoint"))
	if !found {
		return
	}
	_, rest, found = bytes.Cut(rest, []byte("data:"))
	if !found {
		return
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n.url(l, string(bytes.TrimSpace(line)), "event:endpoint")
}

// describes reports whether a path leads to a document that describes an API. The card of an agent is none: it names
// where that one agent is.
func describes(path string) bool {
	for _, part := range []string{"/.well-known/", "openapi", "swagger", "api-docs", "/$discovery", "/discovery/", "asyncapi", "sitemap"} {
		if strings.Contains(path, part) && !strings.Contains(path, "/.well-known/agent") {
			return true
		}
	}
	return false
}

// nameScan looks for URLs in an answer.
type nameScan struct {
	l     *lesson
	self  string // the path that was asked for
	names bool
	found int
}

// listLinks marks members that lead to other pages of the same list, or to what was there before.
const listLinks uint8 = 1

func (s *nameScan) enter(_ *walker, key []byte) uint8 {
	if pageLink(key) {
		return listLinks
	}
	return 0
}

// pageLink reports whether a member is a link within a list, or to a description.
func pageLink(key []byte) bool {
	switch string(key) {
	case "next", "prev", "previous", "first", "last", "self", "next_page", "prev_page", "next_url", "previous_url", "nextLink", "@odata.nextLink", "nextPage",
		"next_page_url", "prev_page_url", "first_page_url", "last_page_url", "next_href", "nextHref",
		"$schema", "$id", "$ref", "@context", "@id", "@type", "schema", "documentation_url", "docs", "help", "homepage", "instance", "type",
		"id", "supported_endpoints", "endpoints", "paths", "routes", "scope", "scopes", "permissions":
		return true
	}
	return false
}

func (s *nameScan) scalar(w *walker, kind byte, raw []byte) {
	if kind != '"' || !s.names || len(raw) < 2 || len(raw) > maxNamedURL || s.found >= maxNamedOf {
		return
	}
	switch raw[0] {
	case '/', 'h', 'w', '\\', 'H', 'W':
	default:
		return
	}
	if raw[0] != '/' && raw[0] != '\\' && (len(raw) < 8 || !bytes.Contains(raw[:8], []byte(":"))) {
		return
	}
	if w.marks()&listLinks != 0 || pageLink(w.key()) {
		return
	}
	n := s.l.t.facts.named
	host, path, ok := namedURL(string(decoded(raw)), s.l.e.Host)
	if !ok {
		return
	}
	h := n.hash(host, path)
	if _, known := n.by[h]; known || host == s.l.e.Host && path == s.self {
		return
	}
	s.found++
	n.put(h, naming{s.l.s.Exchange.ID, w.pointer()})
}

// nameLinks reads the targets of a Link header (RFC 8288), but those within a list.
func (l *lesson) nameLinks(value string) {
	for i := 0; i < 16 && value != ""; i++ {
		_, rest, found := strings.Cut(value, "<")
		if !found {
			return
		}
		target, rest, found := strings.Cut(rest, ">")
		if !found {
			return
		}
		params := rest
		if next := strings.IndexByte(rest, '<'); next >= 0 {
			params = rest[:next]
		}
		value = rest
		switch relation(params) {
		case "next", "prev", "previous", "first", "last", "self", "stylesheet", "preload", "preconnect", "dns-prefetch", "icon", "canonical",
			"describedby", "service-desc", "service-doc", "type", "modulepreload", "alternate", "license", "help":
			continue
		}
		l.t.facts.named.url(l, strings.TrimSpace(target), "header:link")
	}
}

// relation is the rel parameter of a link.
func relation(params string) string {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(name, "rel") {
			value, _, _ = strings.Cut(value, ",")
			return strings.ToLower(strings.Trim(strings.TrimSpace(value), `"`))
		}
	}
	return ""
}

// learnDynamic marks an endpoint that came into being at run time, when its first exchange comes.
func (l *lesson) learnDynamic() {
	n := l.t.facts.named
	path := traffic.SplitURL(l.s.Exchange.Request.URL).Path
	if by, found := n.by[n.hash(l.e.Host, path)]; found {
		l.e.Facts.Dynamic = &scanner.Dynamic{Why: "named", By: by.by, Path: by.path}
		l.explain("Made at run time: the answer of exchange " + by.by.String() + " named it at " + by.path)
		return
	}
	if generatedHost(hostName(l.e.Host)) {
		l.e.Facts.Dynamic = &scanner.Dynamic{Why: "host"}
		l.explain("Made at run time, as it looks: a machine gave its host the name")
	}
}

// explain adds to the line by which the timeline tells of a new endpoint.
func (l *lesson) explain(detail string) {
	for i := len(l.t.fold.Changes) - 1; i >= 0; i-- {
		if c := &l.t.fold.Changes[i]; c.Kind == scanner.ChangeEndpoint && c.Endpoint == l.e.ID {
			c.Detail = detail
			return
		}
		if l.t.fold.Changes[i].Exchange != l.s.Exchange.ID {
			return
		}
	}
}
