// Package lab is the practice target: one loopback server that speaks the wire formats of real providers, an MCP
// server, an A2A agent and an ordinary web application with a chat box.
//
// There is no model behind it. An answer follows from the request by the simple rules of mind.go: the same request
// gets the same bytes, offline, with usage numbers that add up. Each wire format is one file that reads a request
// into a question, asks the mind, and writes the answer whole or as a stream at a settable pace.
//
// docs/lab.md lists the paths and the rules.
package lab
