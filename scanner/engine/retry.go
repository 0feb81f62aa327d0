package engine

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"assay/traffic"
)

// resets are headers in which services say when they may be asked again, beside Retry-After: those of OpenAI, Azure,
// Groq, Anthropic, GitHub and the draft of RateLimit fields.
var resets = []string{
	"Retry-After-Ms", "Retry-After", "X-Ratelimit-Reset-Requests", "X-Ratelimit-Reset-Tokens", "Anthropic-Ratelimit-Requests-Reset",
	"Anthropic-Ratelimit-Tokens-Reset", "Anthropic-Ratelimit-Input-Tokens-Reset", "X-Ratelimit-Reset", "X-Rate-Limit-Reset", "Ratelimit-Reset",
}

// longestAsked bounds what is read: a day.
const longestAsked = 24 * time.Hour

// askedWait is how long a service asks to wait before the next request; false where it does not say. What Retry-After says
// counts before the rest; of the rest, the longest.
func askedWait(h traffic.Header, now time.Time) (time.Duration, bool) {
	longest, said := time.Duration(0), false
	for i, name := range resets {
		value := strings.TrimSpace(h.Get(name))
		if value == "" {
			continue
		}
		unit := time.Second
		if name == "Retry-After-Ms" {
			unit = time.Millisecond
		}
		wait, ok := waitOf(value, unit, now)
		if !ok {
			continue
		}
		if i < 2 {
			return wait, true
		}
		longest, said = max(longest, wait), true
	}
	return longest, said
}

// waitOf reads a number of units, a moment in Unix seconds or milliseconds, a duration as "6m0s", or a date.
func waitOf(value string, unit time.Duration, now time.Time) (time.Duration, bool) {
	bounded := func(d time.Duration) (time.Duration, bool) { return max(0, min(d, longestAsked)), true }
	if n, err := strconv.ParseFloat(value, 64); err == nil {
		switch {
		case math.IsNaN(n):
			return 0, false
		case n > 1e11 && n < 1e14:
			return bounded(time.UnixMilli(int64(n)).Sub(now))
		case n > 1e9 && n < 1e11 && unit == time.Second:
			return bounded(time.Unix(int64(n), 0).Sub(now))
		}
		return bounded(time.Duration(max(0, min(n, longestAsked.Seconds()*float64(time.Second/unit))) * float64(unit)))
	}
	if d, err := time.ParseDuration(value); err == nil {
		return bounded(d)
	}
	for _, layout := range []string{http.TimeFormat, time.RFC850, time.ANSIC, time.RFC3339} {
		if at, err := time.Parse(layout, value); err == nil {
			return bounded(at.Sub(now))
		}
	}
	return 0, false
}
