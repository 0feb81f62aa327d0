package discover

import (
	"cmp"

	"assay/scanner"
)

// mergeEndpoint adds to an endpoint what is known of one that became part of it.
func mergeEndpoint(into, from *scanner.Endpoint) {
	if from.First != 0 && (into.First == 0 || from.FirstSeen.Before(into.FirstSeen)) {
		into.FirstSeen, into.First = from.FirstSeen, from.First
	}
	if from.LastSeen.After(into.LastSeen) || into.Last == 0 {
		into.LastSeen, into.Last = from.LastSeen, from.Last
	}
	if from.Found.Before(into.Found) {
		into.Found = from.Found
	}
	into.Protocol = cmp.Or(into.Protocol, from.Protocol)
	into.Kind = cmp.Or(into.Kind, from.Kind)
	into.Provider = cmp.Or(into.Provider, from.Provider)
	into.Family = cmp.Or(into.Family, from.Family)
	into.Access = cmp.Or(into.Access, from.Access)
	into.Documented = cmp.Or(into.Documented, from.Documented)
	into.Sample = cmp.Or(into.Sample, from.Sample)
	mergeFacts(into, from)
}
