package rule

import (
	"slices"
	"time"

	"assay/traffic"
)

// filter is a query in the filter language. What of it asks for the kind of service or the status is tried by itself,
// since that is known of every sight and rules are told apart by it first of all.
type filter struct {
	text     string
	kinds    [][]string       // of each list one is the kind
	statuses [][2]int64       // the status is in all of these
	rest     []*traffic.Query // all of these hold, too
}

func newFilter(text string) (*filter, error) {
	query, err := traffic.Parse(text)
	if err != nil {
		return nil, err
	}
	f := &filter{text: text}
	nodes := []traffic.Node{query.Root}
	if and, ok := query.Root.(traffic.And); ok {
		nodes = and.Nodes
	}
	for _, n := range nodes {
		if n != nil && !f.take(n) {
			f.rest = append(f.rest, &traffic.Query{Root: n})
		}
	}
	return f, nil
}

// take notes what a node asks of kind or status, if that is all it asks.
func (f *filter) take(n traffic.Node) bool {
	c, ok := n.(traffic.Compare)
	if !ok {
		return false
	}
	switch {
	case c.Field == "kind" && c.Op == traffic.OpEqual:
		var kinds []string
		for _, v := range c.Values {
			kinds = append(kinds, v.Text)
		}
		f.kinds = append(f.kinds, kinds)
		return true
	case c.Field == "status" && len(c.Values) == 1:
		lo, hi := c.Values[0].Bounds(time.Time{})
		f.statuses = append(f.statuses, [2]int64{lo, hi})
		return true
	}
	return false
}

// passes tells whether the exchange in view passes.
func (f *filter) passes(v *view) bool {
	if f == nil {
		return true
	}
	s := v.sight
	for _, kinds := range f.kinds {
		if !slices.Contains(kinds, s.Kind) {
			return false
		}
	}
	for _, bounds := range f.statuses {
		if status := int64(s.Status); status <= 0 || status < bounds[0] || status > bounds[1] {
			return false
		}
	}
	if len(f.rest) > 0 && s.Facts == nil {
		return false
	}
	for _, q := range f.rest {
		if !q.Match(remembered{v}, s.At) {
			return false
		}
	}
	return true
}
