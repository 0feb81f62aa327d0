// Package behaviour learns what is usual of an actor, and says what is not: robust baselines (median and MAD over hours,
// EWMA, hours of the day), change points, and a risk that adds up out of faint signs over days and fades with time.
//
// It is pure and deterministic: time is that of the exchanges. An actor without enough of a past has no baseline yet, and
// that is said, not guessed: until then it is compared with the crowd, all actors of its project.
//
// Whoever holds profiles gives all of them one Crowd (New), passes exchanges in the order in which they began, and keeps the
// crowd beside the profiles (MarshalBinary of both). docs/behaviour.md says how thresholds are made and what is missed.
package behaviour
