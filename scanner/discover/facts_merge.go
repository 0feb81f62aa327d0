package discover

import (
	"slices"

	"assay/scanner"
)

// mergeFacts adds what is known of an endpoint to the one it became part of, but for parameters and places, which those
// merge who learn them. Call assess afterwards.
func mergeFacts(into, from *scanner.Endpoint) {
	f, g := &into.Facts, &from.Facts
	cut := f.Cut || g.Cut
	for i := range g.Readings {
		addReading(into, g.Readings[i])
	}
	f.Models = union(f.Models, g.Models, maxModels, &cut)
	f.Tools = union(f.Tools, g.Tools, maxTools, &cut)
	f.Clients = union(f.Clients, g.Clients, maxClients, &cut)
	f.Addresses = union(f.Addresses, g.Addresses, maxAddresses, &cut)
	f.Statuses = sums(f.Statuses, g.Statuses, maxStatuses, &cut)
	f.Requests = sums(f.Requests, g.Requests, maxMedia, &cut)
	f.Responses = sums(f.Responses, g.Responses, maxMedia, &cut)
	mergeAuth(f, g, &cut)
	mergeTLS(f, g, &cut)
	mergeCORS(f, g, &cut)
	mergeLimits(f, g, &cut)
	f.Streamed += g.Streamed
	f.Failed += g.Failed
	f.Unparsed += g.Unparsed
	f.Traces += g.Traces
	if f.Dynamic == nil || g.Dynamic == nil {
		f.Dynamic = nil // one of them was there by itself
	}
	for _, d := range g.Documents {
		if !slices.Contains(f.Documents, d) {
			f.Documents = append(f.Documents, d)
		}
	}
	f.Cut = f.Cut || cut
	into.Access = accessOf(hostName(into.Host), into.Provider, f.Addresses)
}

func union(list, more []string, bound int, cut *bool) []string {
	for _, word := range more {
		var full bool
		list, full = add(list, word, bound)
		*cut = *cut || full
	}
	return list
}

func sums(list, more []scanner.Tally, bound int, cut *bool) []scanner.Tally {
	for i := range more {
		var full bool
		list, full = count(list, more[i].Value, more[i].N, bound)
		*cut = *cut || full
	}
	return list
}

func mergeAuth(f, g *scanner.Facts, cut *bool) {
	for _, a := range g.Auth {
		i := slices.IndexFunc(f.Auth, func(b scanner.Auth) bool { return a.Kind == b.Kind && a.Name == b.Name })
		switch {
		case i >= 0:
			f.Auth[i].N += a.N
			f.Auth[i].OK += a.OK
			f.Auth[i].Last = max(f.Auth[i].Last, a.Last)
		case len(f.Auth) < maxAuth:
			f.Auth = append(f.Auth, a)
		default:
			*cut = true
		}
	}
}

func mergeTLS(f, g *scanner.Facts, cut *bool) {
	for _, t := range g.TLS {
		i := slices.IndexFunc(f.TLS, func(b scanner.TLS) bool {
			return t.Version == b.Version && t.Issuer == b.Issuer && t.Unverified == b.Unverified
		})
		switch {
		case i >= 0:
			f.TLS[i].N += t.N
			f.TLS[i].Expiry = max(f.TLS[i].Expiry, t.Expiry)
		case len(f.TLS) < maxTLS:
			f.TLS = append(f.TLS, t)
		default:
			*cut = true
		}
	}
}

func mergeCORS(f, g *scanner.Facts, cut *bool) {
	if g.CORS == nil {
		return
	}
	if f.CORS == nil {
		f.CORS = &scanner.CORS{}
	}
	f.CORS.Origins = union(f.CORS.Origins, g.CORS.Origins, maxOrigins, cut)
	f.CORS.Credentials = f.CORS.Credentials || g.CORS.Credentials
	f.CORS.Last = max(f.CORS.Last, g.CORS.Last)
}

func mergeLimits(f, g *scanner.Facts, cut *bool) {
	for _, r := range g.RateLimit {
		i := slices.IndexFunc(f.RateLimit, func(b scanner.RateLimit) bool { return r.Header == b.Header })
		switch {
		case i >= 0 && r.Last > f.RateLimit[i].Last:
			f.RateLimit[i] = r
		case i >= 0:
		case len(f.RateLimit) < maxLimits:
			f.RateLimit = append(f.RateLimit, r)
		default:
			*cut = true
		}
	}
}
