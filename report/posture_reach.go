package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
)

// Reach is that an AI endpoint could be used to get at an internal host: who steers its model may get there.
type Reach struct {
	Endpoint scanner.EndpointID // the AI endpoint
	Host     string             // the internal host
	Access   scanner.Access     // internal, loopback
	Via      []Way              // what was seen that leads there, the surest first
}

// Way is one thing that was seen that leads from an AI endpoint to a host.
type Way struct {
	Kind string // named, client
	What string // one sentence
	Tool string // that could take one there; empty where none is known
}

// Reaches are the internal hosts that AI endpoints could get at, going by what was seen: an answer of the endpoint named an
// address of the host that was then called, or a program that is given tools by it also calls the host. A model that is
// given no tools gets nowhere.
func (s *Scene) Reaches() []Reach {
	internal := s.internalHosts()
	if len(internal) == 0 {
		return nil
	}
	tools := map[scanner.EndpointID]string{} // the most called tool that takes one anywhere
	for _, t := range s.WideTools() {
		if t.What == string(reachShell) || t.What == string(reachHTTP) {
			for _, id := range t.Asset.Facts.Endpoints {
				tools[id] = cmp.Or(tools[id], t.Asset.Name)
			}
		}
	}
	names := map[scanner.EndpointID]bool{}
	for _, by := range s.Named {
		names[by] = true
	}
	var all []Reach
	for _, e := range s.Endpoints {
		if !Testable(e) || !agentic(e) && !names[e.ID] {
			continue
		}
		for _, host := range slices.Sorted(maps.Keys(internal)) {
			if host != e.Host {
				if via := s.ways(e, internal[host], tools[e.ID]); len(via) > 0 {
					all = append(all, Reach{Endpoint: e.ID, Host: host, Access: internal[host][0].Access, Via: via})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Reach) int {
		return cmp.Or(cmp.Compare(rank(&a), rank(&b)), cmp.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Host, b.Host))
	})
	return all
}

// rank puts what was seen to lead somewhere before what could.
func rank(r *Reach) int {
	if r.Via[0].Kind == "named" {
		return 0
	}
	return 1
}

// internalHosts are the hosts that only machines within reach, with their endpoints in order.
func (s *Scene) internalHosts() map[string][]*scanner.Endpoint {
	hosts := map[string][]*scanner.Endpoint{}
	for _, e := range s.Endpoints {
		if e.Merged == 0 && e.Count > 0 && (e.Access == scanner.AccessInternal || e.Access == scanner.AccessLoopback) {
			hosts[e.Host] = append(hosts[e.Host], e)
		}
	}
	for _, list := range hosts {
		slices.SortFunc(list, func(a, b *scanner.Endpoint) int { return cmp.Compare(a.ID, b.ID) })
	}
	return hosts
}

// agentic reports whether the model behind an endpoint is given tools by whoever asks it, who then carries out its calls. What
// an MCP server or another agent reaches by itself does not show in the traffic of its clients.
func agentic(e *scanner.Endpoint) bool {
	return len(e.Facts.Tools) > 0 && e.Kind != llm.KindMCP && e.Kind != llm.KindAgent
}

// ways are what leads from an AI endpoint to the endpoints of one host.
func (s *Scene) ways(from *scanner.Endpoint, to []*scanner.Endpoint, tool string) (ways []Way) {
	clients := map[string]int64{}
	for _, e := range to {
		if s.Named[e.ID] == from.ID {
			ways = append(ways, Way{Kind: "named", Tool: tool, What: fmt.Sprintf("an answer named the address of %s, which was then called", nameOf(e))})
		}
		if Testable(e) && e.Kind != llm.KindMCP {
			continue // a program that speaks to two models does not reach one by the other
		}
		for _, client := range e.Facts.Clients {
			if slices.Contains(from.Facts.Clients, client) {
				clients[client] += e.Count
			}
		}
	}
	if !agentic(from) {
		return ways
	}
	for _, client := range slices.Sorted(maps.Keys(clients)) {
		ways = append(ways, Way{Kind: "client", Tool: tool, What: short(client, 60) + ", which gives it tools, also calls this host"})
	}
	return ways
}

// mostNamed is how many hosts a sentence names.
const mostNamed = 4

// reachGaps tell for every AI endpoint which internal hosts it could get at, and how to keep it from there.
func (s *Scene) reachGaps() (gaps []Gap) {
	byEndpoint := map[scanner.EndpointID][]Reach{}
	for _, r := range s.Reaches() {
		byEndpoint[r.Endpoint] = append(byEndpoint[r.Endpoint], r)
	}
	for _, e := range s.Endpoints {
		list := byEndpoint[e.ID]
		if len(list) == 0 {
			continue
		}
		var hosts []string
		for _, r := range list[:min(len(list), mostNamed)] {
			hosts = append(hosts, short(r.Host, 80))
		}
		named := strings.Join(hosts, ", ")
		if more := len(list) - len(hosts); more > 0 {
			named += fmt.Sprintf(" and %d more", more)
		}
		via := list[0].Via[0]
		what := fmt.Sprintf("%s could reach %s: %s.", nameOf(e), named, via.What)
		if via.Tool != "" {
			what += fmt.Sprintf(" The tool %s goes wherever it is told.", short(via.Tool, 60))
		}
		gaps = append(gaps, Gap{
			Code: GapReach, N: len(list), Ref: fmt.Sprint("endpoint:", e.ID), What: what,
			Advice: fmt.Sprintf("Run what carries out its tool calls in a segment of its own: let it open connections to the hosts that its tools need and to no other, and deny %s unless one of them needs it.", named),
		})
	}
	for _, t := range s.Threats {
		if t.Rule == internalCallRule && openThreat(t) {
			gaps = append(gaps, Gap{
				Code: GapReach, N: t.Count, Ref: fmt.Sprint("threat:", t.ID), What: "A model called a tool with an address of the inside: " + short(t.Seen, 300),
				Advice: cmp.Or(t.Advice, "Let tools that fetch addresses reach the outside only."),
			})
		}
	}
	return gaps
}

// internalCallRule is the rule of the watch that sees calls of tools with internal addresses.
const internalCallRule = "internal-address-call"
