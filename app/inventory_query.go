package app

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"assay/scanner"
	"assay/traffic"
)

// EndpointFacts is what an endpoint says about itself in the words of the filter language.
type EndpointFacts struct {
	Endpoint *scanner.Endpoint
	visited  time.Time // when a person last looked
	status   int64     // the status that is being compared: an endpoint has several
}

// endpointTexts are the fields that are texts. A field that is in no table here says nothing about endpoints.
var endpointTexts = map[string]func(e *scanner.Endpoint) []string{
	"text":   endpointWords,
	"host":   func(e *scanner.Endpoint) []string { return hostNames(e.Host) },
	"path":   func(e *scanner.Endpoint) []string { return []string{e.Path} },
	"url":    func(e *scanner.Endpoint) []string { return []string{e.Scheme + "://" + e.Host + e.Path} },
	"method": func(e *scanner.Endpoint) []string { return []string{e.Method} },
	"scheme": func(e *scanner.Endpoint) []string { return []string{e.Scheme} },
	"wire": func(e *scanner.Endpoint) []string {
		if e.Protocol == scanner.ProtocolWebSocket {
			return []string{string(traffic.KindWebSocket)}
		}
		return []string{string(traffic.KindHTTP)}
	},
	"mime": func(e *scanner.Endpoint) []string {
		if len(e.Facts.Responses) > 0 {
			return values(e.Facts.Responses)
		}
		return values(e.Facts.Requests)
	},
	"client":     func(e *scanner.Endpoint) []string { return e.Facts.Clients },
	"kind":       func(e *scanner.Endpoint) []string { return known(string(e.Kind)) },
	"provider":   func(e *scanner.Endpoint) []string { return known(e.Provider) },
	"family":     func(e *scanner.Endpoint) []string { return known(e.Family) },
	"model":      func(e *scanner.Endpoint) []string { return e.Facts.Models },
	"tool":       func(e *scanner.Endpoint) []string { return e.Facts.Tools },
	"access":     func(e *scanner.Endpoint) []string { return known(string(e.Access)) },
	"documented": func(e *scanner.Endpoint) []string { return known(string(e.Documented)) },
	"auth":       authKinds,
	"sensitive":  sensitiveWords,
}

// endpointNumbers are the fields that are numbers, moments, and yes or no; not ok where nothing is known.
var endpointNumbers = map[string]func(f *EndpointFacts) (n int64, ok bool){
	"status": func(f *EndpointFacts) (int64, bool) { return f.status, f.status != 0 },
	"stream": func(f *EndpointFacts) (int64, bool) {
		return yes(f.Endpoint.Facts.Streamed > 0), !f.Endpoint.LastSeen.IsZero()
	},
	"endpoint": func(f *EndpointFacts) (int64, bool) { return int64(f.Endpoint.ID), true },
	"risk":     func(f *EndpointFacts) (int64, bool) { return int64(f.Endpoint.Risk), true },
	"count":    func(f *EndpointFacts) (int64, bool) { return f.Endpoint.Count, true },
	"first":    func(f *EndpointFacts) (int64, bool) { return moment(f.Endpoint.FirstSeen) },
	"last":     func(f *EndpointFacts) (int64, bool) { return moment(f.Endpoint.LastSeen) },
	"new":      func(f *EndpointFacts) (int64, bool) { return yes(f.Endpoint.Found.After(f.visited)), true },
}

// Strings implements traffic.Facts.
func (f *EndpointFacts) Strings(field, _ string) []string {
	if texts := endpointTexts[field]; texts != nil {
		return texts(f.Endpoint)
	}
	if field == "endpoint" {
		return []string{strconv.FormatInt(int64(f.Endpoint.ID), 10)}
	}
	return nil
}

// Number implements traffic.Facts.
func (f *EndpointFacts) Number(field string) (int64, bool) {
	if number := endpointNumbers[field]; number != nil {
		return number(f)
	}
	return 0, false
}

// match reports whether the endpoint satisfies a node of a filter: of its statuses one has to.
func (f *EndpointFacts) match(n traffic.Node, now time.Time) bool {
	switch n := n.(type) {
	case traffic.And:
		return !slices.ContainsFunc(n.Nodes, func(c traffic.Node) bool { return !f.match(c, now) })
	case traffic.Or:
		return slices.ContainsFunc(n.Nodes, func(c traffic.Node) bool { return f.match(c, now) })
	case traffic.Not:
		return !f.match(n.Node, now)
	case traffic.Text:
		if !mayMention(f.Strings(n.Field, ""), n.Words) {
			return false
		}
	case traffic.Compare:
		if n.Field == "status" {
			leaf := traffic.Query{Root: n}
			return slices.ContainsFunc(f.Endpoint.Facts.Statuses, func(t scanner.Tally) bool {
				f.status, _ = strconv.ParseInt(t.Value, 10, 64)
				return leaf.Match(f, now)
			})
		}
	}
	leaf := traffic.Query{Root: n}
	return leaf.Match(f, now)
}

// ParseEndpointQuery reads a filter over endpoints; nil selects all. A field that says nothing about endpoints is an
// error that names it and its place (*traffic.QueryError).
func ParseEndpointQuery(text string) (*traffic.Query, error) {
	q, err := parseQuery(text)
	if err != nil || q == nil {
		return nil, err
	}
	for _, name := range q.Fields() {
		if endpointTexts[name] != nil || endpointNumbers[name] != nil {
			continue
		}
		column, length := placeOf(text, name)
		return nil, &Error{
			Code: CodeUsage, Message: "the query cannot be read",
			Err: &traffic.QueryError{
				Column: column, Length: length,
				Message: strconv.Quote(name) + " says nothing about endpoints; " + list(EndpointFields()) + " do",
			},
		}
	}
	return q, nil
}

// EndpointFields are the fields of the filter language that say something about endpoints, in the order of its
// documentation.
func EndpointFields() []string {
	var names []string
	for _, f := range traffic.QueryFields() {
		if endpointTexts[f.Name] != nil || endpointNumbers[f.Name] != nil {
			names = append(names, f.Name)
		}
	}
	return names
}

// placeOf finds where a query names a field: a column from 1, and a length, in code points.
func placeOf(text, name string) (column, length int) {
	names := []string{regexp.QuoteMeta(name)}
	if f, ok := traffic.LookupField(name); ok {
		for _, alias := range f.Aliases {
			names = append(names, regexp.QuoteMeta(alias))
		}
	}
	if name == "started" {
		names = append(names, "since", "until", "age")
	}
	find, err := regexp.Compile(`(?i)(?:^|[\s(,!-])(` + strings.Join(names, "|") + `)[\s.]*[\w-]*\s*[:=<>!~]`)
	if err != nil {
		return 1, 0
	}
	at := find.FindStringSubmatchIndex(text)
	if at == nil {
		return 1, utf8.RuneCountInString(text)
	}
	return utf8.RuneCountInString(text[:at[2]]) + 1, utf8.RuneCountInString(text[at[2]:at[3]])
}

// endpointWords is what words alone look at.
func endpointWords(e *scanner.Endpoint) []string {
	words := []string{e.Host, e.Path, e.Operation, e.Sample, e.Method, e.Provider, e.Family, string(e.Kind)}
	return append(append(words, e.Facts.Models...), e.Facts.Tools...)
}

// mayMention reports whether a text has the first of the words somewhere, so that it is worth taking apart.
func mayMention(texts, words []string) bool {
	first := strings.ToLower(words[0])
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), first) })
}

func hostNames(host string) []string {
	if at := strings.LastIndexByte(host, ':'); at > 0 && !strings.HasSuffix(host, "]") {
		return []string{host[:at], host}
	}
	return []string{host}
}

func authKinds(e *scanner.Endpoint) []string {
	kinds := make([]string, 0, len(e.Facts.Auth))
	for _, a := range e.Facts.Auth {
		if !slices.Contains(kinds, a.Kind) {
			kinds = append(kinds, a.Kind)
		}
	}
	return kinds
}

// sensitiveTypes are the types of sensitive data that an endpoint carries, each once.
func sensitiveTypes(e *scanner.Endpoint) []string {
	var types []string
	for _, s := range e.Facts.Sensitive {
		if !slices.Contains(types, s.Type) {
			types = append(types, s.Type)
		}
	}
	return types
}

// sensitiveWords are these types and their classes.
func sensitiveWords(e *scanner.Endpoint) []string {
	words := sensitiveTypes(e)
	for _, s := range e.Facts.Sensitive {
		if !slices.Contains(words, s.Class) {
			words = append(words, s.Class)
		}
	}
	return words
}

func values(tallies []scanner.Tally) []string {
	out := make([]string, len(tallies))
	for i := range tallies {
		out[i] = tallies[i].Value
	}
	return out
}

// known is a list of what is known: nothing where the text is empty.
func known(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func yes(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

func moment(t time.Time) (int64, bool) { return t.UnixMicro(), !t.IsZero() }
