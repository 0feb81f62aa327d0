package discover_test

import (
	"testing"

	"assay/scanner/discover"
	"assay/test/corpus"
)

// recordedKind is what is known of a recording.
type recordedKind struct{ class, family string }

// recordedKinds reads all recordings, and what is known of them by their place.
func recordedKinds(tb testing.TB) (rows []discover.Seen, wants map[int]recordedKind) {
	tb.Helper()
	known := map[string]recordedKind{}
	for _, e := range corpus.Read[struct{ Sha, Class, Family string }](tb, "wire", "expected.dev.jsonl.zst") {
		if e.Class != "ambiguous" {
			known[e.Sha] = recordedKind{e.Class, e.Family}
		}
	}
	wants = map[int]recordedKind{}
	for i, row := range corpus.Read[struct{ Sha string }](tb, "wire", "dev.jsonl.zst") {
		if k, ok := known[row.Sha]; ok {
			wants[i] = k
		}
	}
	return recordings(tb), wants
}
