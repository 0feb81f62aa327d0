package diff

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// The kinds of Cluster, in the order in which they are listed where they are equally frequent.
const (
	Declined      = "refused"
	LooksDeclined = "looks"
	Calls         = "calls"
	Answered      = "answered"
	Failed        = "error"
	Empty         = "empty"
)

// Cluster are answers that mean the same.
type Cluster struct {
	Kind   string
	Detail string  // of calls the tools, of errors what went wrong
	N      int     // how many answers
	Equal  []Equal // most frequent first
}

// Equal are answers with the same text and the same calls.
type Equal struct {
	Members []int // their places in what Group was given
	Text    string
}

// Group tells how far many answers to the same request agree: clusters by meaning, the most frequent first, and within
// them identical answers.
func Group(answers []Side) []Cluster {
	var clusters []Cluster
	for i, s := range answers {
		kind, detail := kindAndDetail(s)
		at := slices.IndexFunc(clusters, func(c Cluster) bool { return c.Kind == kind && c.Detail == detail })
		if at < 0 {
			at = len(clusters)
			clusters = append(clusters, Cluster{Kind: kind, Detail: detail})
		}
		clusters[at].add(i, s)
	}
	slices.SortStableFunc(clusters, func(a, b Cluster) int { return cmp.Compare(b.N, a.N) })
	for i := range clusters {
		slices.SortStableFunc(clusters[i].Equal, func(a, b Equal) int { return cmp.Compare(len(b.Members), len(a.Members)) })
	}
	return clusters
}

func (c *Cluster) add(i int, s Side) {
	c.N++
	text := s.text()
	at := slices.IndexFunc(c.Equal, func(e Equal) bool { return e.Text == text })
	if at < 0 {
		at = len(c.Equal)
		c.Equal = append(c.Equal, Equal{Text: text})
	}
	c.Equal[at].Members = append(c.Equal[at].Members, i)
}

func kindAndDetail(s Side) (kind, detail string) {
	said := s.said()
	refused := Refused(said)
	switch {
	case refused == RefusalSaid:
		return Declined, ""
	case s.Fault != "":
		return Failed, s.Fault
	case said.Error != nil:
		return Failed, errorOf(said)
	case s.Status >= 400:
		return Failed, strconv.Itoa(s.Status)
	case len(said.ToolCalls) > 0:
		names := make([]string, 0, len(said.ToolCalls))
		for _, call := range said.ToolCalls {
			if !slices.Contains(names, call.Name) {
				names = append(names, call.Name)
			}
		}
		slices.Sort(names)
		return Calls, strings.Join(names, ", ")
	case refused == RefusalLooks:
		return LooksDeclined, ""
	case s.text() == "":
		return Empty, ""
	}
	return Answered, ""
}
