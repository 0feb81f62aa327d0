// Package behaviour learns what is usual of an actor, and says what is not: robust baselines (median and MAD over hours,
// EWMA, hours of the day), change points, and a risk that adds up out of faint signs over days and fades with time.
//
// It is pure and deterministic: time is that of the exchanges. An actor without enough of a past has no baseline yet, and
// that is said, not guessed.
package behaviour
