// Package template reads the attacks that the test engine runs: YAML in, checked templates out. Everything wrong in a
// file is told at once, with line, column and the nearest valid word. It also selects templates (suites) and expands
// them into cases: template × request × prompt × payload × mutation, in an order that never changes.
//
// A template is data: it sends nothing and judges nothing. scanner/mutate writes its texts anew, scanner/judge reads the
// answers, and the engine brings them together. docs/templates.md is the language in words, templates/ holds ours.
package template
