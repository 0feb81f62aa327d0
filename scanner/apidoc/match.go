package apidoc

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"assay/scanner"
)

// Kept is a document with its number in the project.
type Kept struct {
	ID int64
	*Document
}

// Matcher tells which endpoints some documents describe. It is safe for concurrent use.
type Matcher struct {
	docs   []Kept
	scopes []scope
}

// scope is a place where a document's operations are served.
type scope struct {
	doc  int // index
	host string
	base []string
	ops  map[shapeOf][]int // operations by method and number of segments
}

type shapeOf struct {
	method string
	n      int
}

// found is the operation that describes an endpoint.
type hit struct {
	doc, op int
	score   int
}

// NewMatcher prepares documents.
func NewMatcher(docs []Kept) *Matcher {
	m := &Matcher{docs: docs}
	for i, d := range docs {
		m.prepare(i, d.Document)
	}
	return m
}

// prepare gathers a document's operations by where they are served.
func (m *Matcher) prepare(doc int, d *Document) {
	at := map[Server]int{}
	for i := range d.Operations {
		op := &d.Operations[i]
		for _, s := range d.servers(op) {
			if s.Host == "" {
				continue
			}
			k, ok := at[s]
			if !ok {
				k = len(m.scopes)
				at[s] = k
				m.scopes = append(m.scopes, scope{doc: doc, host: s.Host, base: segments(s.Base), ops: map[shapeOf][]int{}})
			}
			of := shapeOf{op.Method, len(segments(op.Path))}
			m.scopes[k].ops[of] = append(m.scopes[k].ops[of], i)
		}
	}
}

// servers of an operation: its own, or else the document's. Own ones that do not say a host get the document's.
func (d *Document) servers(op *Operation) []Server {
	known := func(s Server) bool { return s.Host != "" }
	if slices.ContainsFunc(op.Servers, known) {
		return op.Servers
	}
	return d.Servers
}

func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// Describe says in an endpoint how it stands to the documents: whether they have it, and which of its parameters
// differ.
func (m *Matcher) Describe(e *scanner.Endpoint) {
	e.Documented, e.Facts.Documents = "", nil
	for i := range e.Facts.Parameters {
		e.Facts.Parameters[i].Declared = ""
	}
	best, covered := m.match(e)
	switch {
	case best.score > 0:
		op := &m.docs[best.doc].Operations[best.op]
		e.Documented = scanner.DocumentedYes
		all, _ := m.matches(e)
		for _, one := range all {
			d := m.docs[one.doc]
			e.Facts.Documents = append(e.Facts.Documents, scanner.DocumentUse{Document: d.ID, Operation: d.Operations[one.op].name()})
		}
		e.Facts.Parameters = slices.Clone(e.Facts.Parameters)
		for i := range e.Facts.Parameters {
			e.Facts.Parameters[i].Declared = op.declares(&e.Facts.Parameters[i])
		}
	case covered && e.Method != "OPTIONS": // which browsers send by themselves and documents leave out
		e.Documented = scanner.DocumentedNo
	}
}

func (o *Operation) name() string {
	if o.ID != "" {
		return o.ID
	}
	return o.Method + " " + o.Path
}

// match finds the operation that describes an endpoint best. covered: a document has its host.
func (m *Matcher) match(e *scanner.Endpoint) (best hit, covered bool) {
	all, covered := m.matches(e)
	for _, one := range all {
		if one.score > best.score {
			best = one
		}
	}
	return best, covered
}

// matches finds, of every document that describes an endpoint, the operation that does so best.
func (m *Matcher) matches(e *scanner.Endpoint) (all []hit, covered bool) {
	path := segments(e.Path)
	sample := segments(e.Sample)
	if len(sample) != len(path) {
		sample = path
	}
	for i := range m.scopes {
		s := &m.scopes[i]
		if !sameHost(s.host, e.Host) {
			continue
		}
		covered = true
		if len(path) < len(s.base) || !inBase(s.base, path, sample) {
			continue
		}
		for _, op := range s.ops[shapeOf{e.Method, len(path) - len(s.base)}] {
			score := fits(segments(m.docs[s.doc].Operations[op].Path), path[len(s.base):], sample[len(s.base):])
			if score == 0 {
				continue
			}
			at := slices.IndexFunc(all, func(h hit) bool { return h.doc == s.doc })
			switch {
			case at < 0:
				all = append(all, hit{doc: s.doc, op: op, score: score})
			case score > all[at].score:
				all[at] = hit{doc: s.doc, op: op, score: score}
			}
		}
	}
	return all, covered
}

// sameHost compares a documented host, in which * stands for anything, with one that was seen.
func sameHost(documented, seen string) bool {
	if documented == seen {
		return true
	}
	before, after, wild := strings.Cut(documented, "*")
	return wild && documented != "*" && len(seen) >= len(before)+len(after) && strings.HasPrefix(seen, before) && strings.HasSuffix(seen, after)
}

func inBase(base, path, sample []string) bool {
	for i, step := range base {
		if step != path[i] && step != sample[i] && step != "*" {
			return false
		}
	}
	return true
}

// fits scores how a documented path fits one that was seen: 0 when it does not. Names that are equal, and parameters in
// the place of parameters, count more than a value that happens to be there.
func fits(documented, path, sample []string) int {
	score := 1
	for i, want := range documented {
		isParam := strings.HasPrefix(path[i], "{")
		switch {
		case want == path[i]:
			score += 3
		case whole(want) && isParam:
			score += 3
		case whole(want):
			score++
		case strings.Contains(want, "{"):
			if !pattern(want).MatchString(unescaped(sample[i])) {
				return 0
			}
			score += 2
		case unescaped(want) == unescaped(sample[i]):
			score++
			if !isParam {
				score += 2
			}
		default:
			return 0
		}
	}
	return score
}

// whole reports whether a segment is one parameter.
func whole(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.IndexByte(segment, '}') == len(segment)-1
}

// pattern matches a segment that holds parameters beside literal text.
func pattern(segment string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^")
	rest := segment
	for {
		at := variable.FindStringIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(regexp.QuoteMeta(rest[:at[0]]) + ".+?")
		rest = rest[at[1]:]
	}
	b.WriteString(regexp.QuoteMeta(rest) + "$")
	return regexp.MustCompile(b.String())
}

func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// Unseen lists what documents describe and none of the endpoints is, as endpoints that were never seen. Their ids are
// negative, and stay the same for the same documents.
func (m *Matcher) Unseen(endpoints []*scanner.Endpoint) []*scanner.Endpoint {
	seen := m.seen(endpoints)
	var list []*scanner.Endpoint
	told := map[scanner.Key]bool{} // two documents may have the same
	for i, d := range m.docs {
		for j := range d.Operations {
			op := &d.Operations[j]
			s := firstServer(d.servers(op))
			key := scanner.Key{Host: s.Host, Method: op.Method, Path: variable.ReplaceAllString(s.Base+op.Path, "{}")}
			if seen[[2]int{i, j}] || told[key] {
				continue
			}
			told[key] = true
			list = append(list, &scanner.Endpoint{
				ID:         scanner.EndpointID(-(d.ID*(maxOperations+1) + int64(j) + 1)),
				Key:        scanner.Key{Scheme: "https", Host: s.Host, Method: op.Method, Path: s.Base + op.Path},
				Documented: scanner.DocumentedNever,
				Facts:      scanner.Facts{Documents: []scanner.DocumentUse{{Document: d.ID, Operation: op.name()}}},
			})
		}
	}
	return list
}

func firstServer(servers []Server) Server {
	for _, s := range servers {
		if s.Host != "" {
			return s
		}
	}
	if len(servers) > 0 {
		return servers[0]
	}
	return Server{}
}

func (m *Matcher) seen(endpoints []*scanner.Endpoint) map[[2]int]bool {
	seen := map[[2]int]bool{}
	for _, e := range endpoints {
		all, _ := m.matches(e)
		for _, one := range all {
			seen[[2]int{one.doc, one.op}] = true
		}
	}
	return seen
}

// Summary is how a document stands to an inventory.
type Summary struct {
	ID                   int64
	Seen, Unseen, Shadow int
}

// Summaries counts for every document what of it was seen, and which endpoints of its hosts it does not have.
func (m *Matcher) Summaries(endpoints []*scanner.Endpoint) []Summary {
	list := make([]Summary, len(m.docs))
	for i, d := range m.docs {
		list[i] = Summary{ID: d.ID, Unseen: len(d.Operations)}
	}
	for at := range m.seen(endpoints) {
		list[at[0]].Seen++
		list[at[0]].Unseen--
	}
	for _, e := range endpoints {
		all, covered := m.matches(e)
		if !covered || e.Method == "OPTIONS" {
			continue
		}
		for i := range m.docs {
			if slices.ContainsFunc(all, func(h hit) bool { return h.doc == i }) {
				continue
			}
			if slices.ContainsFunc(m.scopes, func(s scope) bool { return s.doc == i && sameHost(s.host, e.Host) }) {
				list[i].Shadow++
			}
		}
	}
	return list
}

// GuessHosts finds where a document that does not say so is served: hosts at which at least half of its operations, and
// at least two, or its only one, were seen.
func GuessHosts(d *Document, endpoints []*scanner.Endpoint) []string {
	if len(d.Hosts()) > 0 || len(d.Operations) == 0 {
		return nil
	}
	byHost := map[string][]*scanner.Endpoint{}
	for _, e := range endpoints {
		byHost[e.Host] = append(byHost[e.Host], e)
	}
	var hosts []string
	for host, list := range byHost {
		try := *d
		try.Servers = slices.Clone(d.Servers)
		try.ServedAt(host)
		n := len(NewMatcher([]Kept{{1, &try}}).seen(list))
		if 2*n >= len(d.Operations) && n >= min(2, len(d.Operations)) {
			hosts = append(hosts, host)
		}
	}
	slices.Sort(hosts)
	return hosts
}
