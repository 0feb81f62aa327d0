package discover

import "assay/scanner"

// places holds where sensitive data travels.
type places struct{}

func newPlaces(*scanner.Inventory) (*places, error) { return &places{}, nil }

// fold looks for sensitive data in an exchange.
func (p *places) fold(*Seen, *scanner.Endpoint, *batch) {}

// tally sums up an endpoint's places in its facts.
func (p *places) tally(*scanner.Endpoint) {}

// move gives the places of a merged endpoint to the one it became part of.
func (p *places) move(_, _ *scanner.Endpoint, _ *batch) {}
