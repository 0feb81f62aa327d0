// Package watch looks at exchanges as they come, and at those that were recorded, and says which are attacks, abuse or
// leaks: Look sees what detectors find in one exchange, a Book adds what rules and baselines make of many.
//
// It is pure: no I/O, no clock but the exchanges' own times, so that a project replayed gives the same threats. What a
// conversation resends with every turn is looked at once: in an exchange only what is new in it counts.
package watch
