package discover

import (
	"slices"
	"strings"

	"assay/scanner"
)

// Bounds of what an endpoint keeps.
const (
	maxModels    = 64
	maxTools     = 256
	maxClients   = 32
	maxAddresses = 16
	maxAuth      = 24
	maxStatuses  = 64
	maxMedia     = 24
	maxTLS       = 8
	maxOrigins   = 16
	maxLimits    = 24
	maxReadings  = 12
	maxWord      = 200 // bytes of a single value
)

// facts is what is known across endpoints: which hosts there are, which URLs answers named, and who may be talking.
type facts struct {
	hosts map[string]bool
	full  bool // no more hosts are remembered
	named *named
	talks map[scanner.EndpointID]*talk

	callers callerMemo
}

func newFacts(inv *scanner.Inventory) *facts {
	f := &facts{hosts: map[string]bool{}, named: newNamed(), talks: map[scanner.EndpointID]*talk{}, callers: callerMemo{}}
	for _, e := range inv.Endpoints {
		if e.First != 0 { // imports may not say when
			f.hosts[e.Host] = true
		}
	}
	return f
}

// copyEndpoint copies an endpoint with all that grows in place: the Book goes on while storage writes.
func copyEndpoint(e *scanner.Endpoint) *scanner.Endpoint {
	c := *e
	f := &c.Facts
	f.Readings = slices.Clone(f.Readings)
	f.Models = slices.Clone(f.Models)
	f.Auth = slices.Clone(f.Auth)
	f.Statuses = slices.Clone(f.Statuses)
	f.Requests = slices.Clone(f.Requests)
	f.Responses = slices.Clone(f.Responses)
	f.Clients = slices.Clone(f.Clients)
	f.Parameters = slices.Clone(f.Parameters)
	for i := range f.Parameters {
		f.Parameters[i].Types = slices.Clone(f.Parameters[i].Types)
		f.Parameters[i].Values = slices.Clone(f.Parameters[i].Values)
	}
	f.Tools = slices.Clone(f.Tools)
	f.Addresses = slices.Clone(f.Addresses)
	f.TLS = slices.Clone(f.TLS)
	if f.CORS != nil {
		cors := *f.CORS
		cors.Origins = slices.Clone(cors.Origins)
		f.CORS = &cors
	}
	f.RateLimit = slices.Clone(f.RateLimit)
	if f.Dynamic != nil {
		f.Dynamic = copyOf(f.Dynamic)
	}
	f.Sensitive = slices.Clone(f.Sensitive)
	f.Risks = slices.Clone(f.Risks)
	f.Documents = slices.Clone(f.Documents)
	return &c
}

// observed is how many exchanges an endpoint was seen with, merged ones included.
func observed(f *scanner.Facts) int64 {
	n := f.Failed
	for i := range f.Statuses {
		n += f.Statuses[i].N
	}
	return n
}

// add puts a word into a short list, once; cut says that it did not fit.
func add(list []string, word string, bound int) (_ []string, cut bool) {
	if word = short(word); word == "" || slices.Contains(list, word) {
		return list, false
	}
	if len(list) >= bound {
		return list, true
	}
	return append(list, strings.Clone(word)), false
}

// count adds to the tally of a value.
func count(list []scanner.Tally, value string, n int64, bound int) (_ []scanner.Tally, cut bool) {
	value = short(value)
	for i := range list {
		if list[i].Value == value {
			list[i].N += n
			return list, false
		}
	}
	if len(list) >= bound {
		return list, true
	}
	return append(list, scanner.Tally{Value: strings.Clone(value), N: n}), false
}

// keep copies a word out of the message it came in, so that the message can be forgotten.
func keep(s string) string { return strings.Clone(short(s)) }

// short cuts a long word.
func short(s string) string {
	if len(s) > maxWord {
		return strings.ToValidUTF8(s[:maxWord], "")
	}
	return s
}
