package discover

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/scanner"
)

// Silent lists endpoints that were not seen for so many days, as lines for the timeline, those that fell silent last
// first. The lines are worked out whenever somebody looks: they are not kept and have no id, because an endpoint that is
// called again is silent no more.
//
// Silence is measured up to the newest exchange of the project, or to now where that is earlier: while nobody recorded,
// nothing was silent. At is when the days were over.
func Silent(all []*scanner.Endpoint, now time.Time, days int) []scanner.Change {
	var until time.Time
	hosts := map[string]time.Time{}
	for _, e := range all {
		if e.Merged != 0 {
			continue
		}
		if e.LastSeen.After(until) {
			until = e.LastSeen
		}
		if e.LastSeen.After(hosts[e.Host]) {
			hosts[e.Host] = e.LastSeen
		}
	}
	if until.After(now) {
		until = now
	}
	silence := time.Duration(max(days, 1)) * 24 * time.Hour
	var lines []scanner.Change
	for _, e := range all {
		if e.Merged != 0 || e.LastSeen.IsZero() || until.Sub(e.LastSeen) < silence {
			continue
		}
		what := fmt.Sprintf("%s was not seen for %d days", endpointName(e), int(until.Sub(e.LastSeen)/(24*time.Hour)))
		if hosts[e.Host].Sub(e.LastSeen) >= silence {
			what += ", while others of its host were"
		}
		lines = append(lines, scanner.Change{
			At: e.LastSeen.Add(silence), Found: now, Kind: scanner.ChangeSilent, Endpoint: e.ID, Exchange: e.Last, What: what,
			Detail: "Last seen " + e.LastSeen.UTC().Format(time.RFC3339), Severity: "info",
		})
	}
	slices.SortFunc(lines, func(a, b scanner.Change) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(a.What, b.What)
	})
	return lines
}
