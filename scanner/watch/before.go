package watch

import (
	"assay/scanner"
	"assay/traffic"
)

// ActorOf tells whose exchange it is, without looking for anything in it; "" where nothing tells.
func ActorOf(s *Seen, by Identity) scanner.ActorKey { return actorOf(s, by) }

// FactsOf returns an exchange in the words of the filter language, without what detectors would find in it.
func FactsOf(s *Seen) traffic.Facts {
	return newFacts(s, &scanner.Sight{Exchange: s.Exchange.ID, At: s.Exchange.Started, Source: s.Exchange.Source})
}
