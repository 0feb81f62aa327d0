// Package population makes up the traffic of many actors over days, with attacks in it that are known: what baselines are
// measured on (test/accuracy) and tuned on.
//
// It does not make things easy. Harmless actors burst, work at night, paste whole books, try new models, lose their keys,
// are refused now and then, and set off detectors by mistake; people who write about security or play roles do so ten
// times as often. Volumes have heavy tails, services go down, teams change their work. The numbers that say how often are
// in role.go and attack.go; docs/behaviour.md lists them.
//
// The same options give the same sights, byte for byte. Nothing is held but the actors and one hour of traffic.
package population
