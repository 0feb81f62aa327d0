package guard

import (
	"time"

	"assay/scanner"
	"assay/scanner/watch"
)

// Looking has a guard look with another detector, and no longer than this.
func (g *Guard) Looking(long time.Duration, look func(*watch.Seen) *scanner.Sight) {
	g.long = long
	g.look = func(s *watch.Seen, _ watch.Identity) *scanner.Sight { return look(s) }
	g.lookFor = func(s *watch.Seen, _ scanner.Side, _ func(scanner.SignKind) bool) *scanner.Sight { return look(s) }
}

// Filter runs a stream through a filter that takes out what find finds, in these pieces; ms is the time between two.
func Filter(media string, pieces [][]byte, ms int, find func(string) [][2]int) []byte {
	kinds := map[string]framing{
		"sse": framingSSE, "lines": framingLines, "array": framingArray, "aws": framingAWS, "plain": framingPlain,
	}
	f := newFilter(kinds[media])
	f.scan = func(window, _ string) []scanSpan {
		var all []scanSpan
		for _, s := range find(window) {
			all = append(all, scanSpan{start: s[0], end: s[1], name: "[X]", wanted: true, redact: true})
		}
		return all
	}
	now := time.Unix(1, 0)
	var out []byte
	for _, p := range pieces {
		out = append(out, f.write(p, now)...)
		for range 4 {
			now = now.Add(time.Duration(ms) * time.Millisecond / 4)
			if wait, ok := f.due(now); ok && wait <= 0 {
				out = append(out, f.release(now, false)...)
			}
		}
	}
	return append(out, f.close(now)...)
}
