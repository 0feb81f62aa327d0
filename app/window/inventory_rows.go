package window

import (
	"slices"

	"assay/llm"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// row is what a list shows of an endpoint.
func (s *stock) row(e *scanner.Endpoint) EndpointRow {
	row := EndpointRow{
		ID: idText(e.ID), Scheme: e.Scheme, Host: clip(e.Host, longName), Method: clip(e.Method, longName), Path: clip(e.Path, longName),
		Operation: clip(e.Operation, longName), Protocol: string(e.Protocol), Kind: string(e.Kind), Provider: e.Provider, Family: e.Family,
		Models: namesOf(e.Facts.Models), Auth: []string{}, Access: string(e.Access), Documented: string(e.Documented),
		FirstSeen: stamp(e.FirstSeen), LastSeen: stamp(e.LastSeen), Count: e.Count, Query: endpointQuery(e.ID), Sensitive: []string{},
		Risk: e.Risk, New: s.isNew(e.Found), Dynamic: e.Facts.Dynamic != nil, Streamed: e.Facts.Streamed > 0,
	}
	if len(e.Facts.Risks) > 0 {
		row.Why = clip(e.Facts.Risks[0].What, longName)
	}
	for _, a := range e.Facts.Auth {
		row.Auth = appendNew(row.Auth, a.Kind)
	}
	for _, t := range e.Facts.Sensitive {
		row.Sensitive = appendNew(row.Sensitive, clip(t.Type, longName))
	}
	return row
}

// label is an endpoint in words.
func label(e *scanner.Endpoint) string {
	text := e.Method + " " + e.Host + e.Path
	if e.Operation != "" {
		text += " " + e.Operation
	}
	return clip(text, longName)
}

// isAI reports whether an endpoint belongs to an AI system.
func isAI(e *scanner.Endpoint) bool { return e.Kind != "" && e.Kind != llm.KindPlain }

// labelOf is label for an endpoint of which only the id is known; empty where it is no longer there.
func (s *stock) labelOf(id scanner.EndpointID) string {
	if e, ok := s.catalogue.Endpoint(id); ok {
		return label(e)
	}
	return ""
}

// appendNew adds a value that is not in the list yet; lists here are short.
func appendNew(list []string, value string) []string {
	if slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}

// mostSamples is how many exchanges a detail shows.
const mostSamples = 20

// samples are the newest exchanges that a query selects.
func (s *stock) samples(query string) ([]Row, error) {
	where, err := traffic.Parse(query)
	if err != nil {
		return nil, err
	}
	found, err := s.store.List(s.ctx, storage.Filter{Where: where, Limit: mostSamples})
	if err != nil {
		return nil, err
	}
	var g gists
	if err := g.add(s.ctx, s.store, found); err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(found))
	for i := range found {
		rows = append(rows, rowOf(&found[i]))
	}
	return rows, nil
}

// counts are tallies as the window shows them.
func countsOf(tallies []scanner.Tally) []Count {
	out := make([]Count, 0, len(tallies))
	for _, t := range tallies {
		out = append(out, Count{clip(t.Value, longName), t.N})
	}
	return out
}
