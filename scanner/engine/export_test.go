package engine

import "time"

// CanaryOf is the canary that a trial plants.
func CanaryOf(run uint64, key string, trial int) (word, number string) {
	return trialSeed(run, key, trial).canary()
}

// What tests look at from outside.
var (
	AskedWait = askedWait
	WaitOf    = func(value string, now time.Time) (time.Duration, bool) { return waitOf(value, time.Second, now) }
)
