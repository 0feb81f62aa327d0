package app

import "assay/scanner"

// tellRulings hands on what the guard ruled.
func (p *Project) tellRulings(rulings []scanner.Ruling) {}

// tellThreats hands on threats that the watch found just now.
func (p *Project) tellThreats(threats []*scanner.Threat) {}

// tellWaiting hands on that something waits for a person.
func (p *Project) tellWaiting(a Approval) {}
