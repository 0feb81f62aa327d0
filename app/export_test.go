package app

// What tests of this package look at from outside.
var (
	ReadScopeHost = scopeHost
	ReadWords     = commandWords
)
