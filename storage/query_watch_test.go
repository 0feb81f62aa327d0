package storage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// watchedFacts are what the watch says of one exchange.
type watchedFacts struct {
	id      traffic.ID
	actor   scanner.ActorKey
	threats []*scanner.Threat
}

func (f *watchedFacts) Strings(field, _ string) []string {
	var all []string
	switch field {
	case "actor":
		if f.actor != "" {
			all = append(all, string(f.actor))
		}
	case "threat":
		for _, t := range f.threats {
			all = append(all, t.Rule, t.Title)
		}
	case "severity":
		for _, t := range f.threats {
			all = append(all, string(t.Severity))
		}
	}
	return all
}

func (f *watchedFacts) Number(field string) (int64, bool) { return int64(f.id), field == "id" }

// TestFiltersOfTheWatchAgreeWithMatch compares what SQL finds with what the filter language says about each exchange.
func TestFiltersOfTheWatchAgreeWithMatch(t *testing.T) {
	t.Parallel()
	p := open(t, temp(t), storage.Options{})
	ids := recordFolded(t, p, 80)
	startWatch(t, p)
	r := rand.New(rand.NewPCG(1, 2))
	severities := []scanner.Severity{scanner.SeverityCritical, scanner.SeverityHigh, scanner.SeverityLow}
	w := &scanner.Watched{Of: ids[:70], By: map[traffic.ID]scanner.ActorKey{}}
	actors := []scanner.ActorKey{"", "key:3f9a", "user:alice", "user:bob%", "address:10.0.0.7"}
	for _, key := range actors[1:] {
		w.Actors = append(w.Actors, actorOf(key, 70, 0))
	}
	for i, rule := range []string{"injection-by-user", "injection-in-tool-result", "id-enumeration", "quiet"} {
		w.Threats = append(w.Threats, threatOf(scanner.ThreatID(i+1), rule, severities[i%3], "", 100))
	}
	all := make([]*watchedFacts, 0, len(ids))
	for i, id := range ids {
		f := &watchedFacts{id: id}
		all = append(all, f)
		if i >= 70 {
			continue
		}
		f.actor = actors[r.IntN(len(actors))]
		if f.actor != "" {
			w.By[id] = f.actor
		}
		for _, one := range w.Threats {
			if r.IntN(5) == 0 {
				w.Moments = append(w.Moments, momentOf(one.ID, id, watchTime))
				if one.Rule != "quiet" {
					f.threats = append(f.threats, one)
				}
			}
		}
	}
	saveWatched(t, p, w)
	if _, err := p.SetThreats(t.Context(), []scanner.ThreatID{4}, scanner.ThreatHarmless, ""); err != nil {
		t.Fatal(err)
	}
	for _, breadth := range []int64{0, 5} {
		if breadth > 0 {
			storage.SetBreadth(p, breadth, 8)
		}
		for _, text := range []string{
			"threat:injection", "threat=injection-by-user", "-threat:injection", "threat:*", "-threat:*", "threat:quiet", "threat~/^id-/", "rule:enumeration", `threat:"title of id"`,
			"severity:critical", "severity:(critical, low)", "-severity:high", "severity:medium", "actor:alice", `actor="user:alice"`, "actor:user", "-actor:user", "actor:*", "actor:%",
			"actor!=key:3f9a", "actor~/\\d$/", "threat:injection actor:alice or severity:low", "not (actor:key or threat:*)",
		} {
			q := query(t, text)
			var want []traffic.ID
			for _, f := range slices.Backward(all) {
				if q.Match(f, time.Now()) {
					want = append(want, f.id)
				}
			}
			rows, err := p.List(t.Context(), storage.Filter{Where: q, Limit: -1})
			if err != nil {
				t.Fatal(text, err)
			}
			var got []traffic.ID
			for i := range rows {
				got = append(got, rows[i].ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, breadth %d: found %v, want %v", text, breadth, got, want)
			}
		}
	}
	for field, want := range map[string][]string{
		"threat": {"id-enumeration", "injection-by-user", "injection-in-tool-result", "quiet"}, "severity": {"critical", "high", "low"},
		"actor": {"address:10.0.0.7", "key:3f9a", "user:alice", "user:bob%"},
	} {
		words, err := p.Words(t.Context(), field)
		slices.Sort(words)
		if err != nil || fmt.Sprint(words) != fmt.Sprint(want) {
			t.Errorf("words of %s: %v, want %v, %v", field, words, want, err)
		}
	}
}
