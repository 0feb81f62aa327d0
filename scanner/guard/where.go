package guard

import (
	"fmt"
	"slices"
	"time"

	"assay/traffic"
)

// headFields are known as soon as the head of a request is; bodyFields when its body was read as well. Nothing else is
// known before the answer.
var (
	headFields = []string{"host", "path", "url", "method", "scheme", "proto", "source", "wire", "header", "client", "started", "id"}
	bodyFields = []string{
		"text", "system", "user", "assistant", "reasoning", "tool_text", "kind", "provider", "family", "model", "role", "tool",
		"stream", "messages", "request_bytes",
	}
)

// parseWhere reads the filter of a policy, which may ask only for what is known before the answer.
func parseWhere(text string) (*traffic.Query, error) {
	q, err := traffic.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("where: %w", err)
	}
	for _, name := range q.Fields() {
		if !slices.Contains(headFields, name) && !slices.Contains(bodyFields, name) {
			return nil, fmt.Errorf("where: %s is not known before the answer", name)
		}
	}
	return q, nil
}

// tri is what can be said of a filter while not all is known.
type tri int8

const (
	no tri = iota - 1
	maybe
	yes
)

// holds says whether a filter holds by the facts that are known.
func holds(q *traffic.Query, f traffic.Facts, known func(field string) bool, now time.Time) tri {
	if q.Root == nil {
		return yes
	}
	return node(q.Root, f, known, now)
}

// node is Kleene's logic over the nodes of a filter.
func node(n traffic.Node, f traffic.Facts, known func(string) bool, now time.Time) tri {
	field := ""
	switch n := n.(type) {
	case traffic.And:
		least := yes
		for _, c := range n.Nodes {
			least = min(least, node(c, f, known, now))
		}
		return least
	case traffic.Or:
		most := no
		for _, c := range n.Nodes {
			most = max(most, node(c, f, known, now))
		}
		return most
	case traffic.Not:
		return -node(n.Node, f, known, now)
	case traffic.Text:
		field = n.Field
	case traffic.Compare:
		field = n.Field
	}
	if !known(field) {
		return maybe
	}
	if (&traffic.Query{Root: n}).Match(f, now) {
		return yes
	}
	return no
}

func knownByHead(field string) bool { return slices.Contains(headFields, field) }
