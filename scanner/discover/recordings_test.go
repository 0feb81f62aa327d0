package discover_test

import (
	"testing"
	"time"

	"assay/scanner/discover"
	"assay/test/corpus"
	"assay/traffic"
)

// recordings reads exchanges that were recorded in public projects, one a second, in their order.
func recordings(tb testing.TB) (seen []discover.Seen) {
	tb.Helper()
	for r, err := range traffic.ReadJSONL(corpus.Open(tb, "wire", "dev.jsonl.zst")) {
		if err != nil {
			tb.Fatal(err)
		}
		x := &r.Exchange
		x.ID = traffic.ID(len(seen) + 1)
		x.Started = turnTime.Add(-24 * time.Hour).Add(time.Duration(x.ID) * time.Second)
		if x.Response == nil {
			x.Response = &traffic.Response{}
		}
		request, _ := x.Content(traffic.FromClient, 64<<20)
		answer, _ := x.Content(traffic.FromServer, 64<<20)
		seen = append(seen, seenTurn(x, request, answer))
	}
	return seen
}

// recordingsIfHere are none where the data is missing, for tests that have more than them.
func recordingsIfHere(tb testing.TB) []discover.Seen {
	tb.Helper()
	if !corpus.Here(tb, "wire", "dev.jsonl.zst") {
		return nil
	}
	return recordings(tb)
}

// sizeOf counts the bytes of bodies.
func sizeOf(seen []discover.Seen) (size int) {
	for _, s := range seen {
		size += len(s.Request) + len(s.Response)
	}
	return size
}
