package accuracy_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// tally counts what was right of one thing and remembers some of what was not.
type tally struct {
	right, all int
	misses     []string
}

func (t *tally) rate() float64 { return float64(t.right) / float64(max(t.all, 1)) }

type scores map[string]*tally

func (s scores) of(name string) *tally {
	if s[name] == nil {
		s[name] = &tally{}
	}
	return s[name]
}

func (s scores) add(name string, right bool, miss func() string) {
	t := s.of(name)
	t.all++
	if right {
		t.right++
	} else if len(t.misses) < 100 {
		t.misses = append(t.misses, miss())
	}
}

// log prints every score, and the misses of those that ASSAY_MISSES names, or of "all".
func (s scores) log(t *testing.T, title string) {
	t.Helper()
	show := strings.Split(os.Getenv("ASSAY_MISSES"), ",")
	var b strings.Builder
	fmt.Fprintln(&b, title)
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&b, "  %-28s %6d of %6d  %6.2f %%\n", name, s[name].right, s[name].all, 100*s[name].rate())
		if slices.Contains(show, name) || slices.Contains(show, "all") {
			for _, m := range s[name].misses {
				fmt.Fprintf(&b, "      %s\n", m)
			}
		}
	}
	t.Log(b.String())
}

// demand fails the test where something is right too seldom.
func (s scores) demand(t *testing.T, least float64, names ...string) {
	t.Helper()
	for _, name := range names {
		got := s.of(name)
		if got.all == 0 || got.rate() < least {
			t.Errorf("%s: %d of %d right (%.2f %%), want at least %.1f %%; ASSAY_MISSES=%q lists the misses",
				name, got.right, got.all, 100*got.rate(), 100*least, name)
		}
	}
}
