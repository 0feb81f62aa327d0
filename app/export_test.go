package app

import "assay/scanner"

// What tests of this package look at from outside.
var (
	ReadScopeHost = scopeHost
	ReadWords     = commandWords
)

// TellThreats is what the watch calls when it found threats.
func (p *Project) TellThreats(threats []*scanner.Threat) { p.tellThreats(threats) }
