package storage_test

import (
	"database/sql"
	"slices"
	"testing"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// TestOlderProjectThatIsOnlyRead has no tables of the watch, and can be replayed all the same.
func TestOlderProjectThatIsOnlyRead(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p := open(t, path, storage.Options{})
	ids := recordFolded(t, p, 3)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), withoutWatch)
	if closing := db.Close(); err != nil || closing != nil {
		t.Fatal(err, closing)
	}
	p = open(t, path, storage.Options{ReadOnly: true})
	if known, err := p.KnowsWatch(t.Context()); err != nil || known {
		t.Errorf("it knows the watch: %v, %v", known, err)
	}
	threats, _, err := p.Threats(t.Context(), storage.ThreatQuery{})
	if err != nil || threats != nil || len(unwatchedIDs(t, p)) != 0 {
		t.Errorf("threats %v, %v", threats, err)
	}
	if of, err := p.ThreatsOf(t.Context(), ids); err != nil || len(of) != 0 {
		t.Errorf("threats of exchanges %v, %v", of, err)
	}
	if rows, err := p.List(t.Context(), storage.Filter{Where: query(t, "threat:x or actor:y")}); err != nil || len(rows) != 0 {
		t.Errorf("the filter finds %v, %v", rows, err)
	}
	startWatch(t, p)
	if got, err := p.InOrder(t.Context(), nil); err != nil || !slices.Equal(got, ids) {
		t.Errorf("to be replayed are %v, %v", got, err)
	}
	if to, err := p.ToWatch(t.Context(), ids, true); err != nil || len(to) != 3 {
		t.Errorf("to be replayed are %v, %v", to, err)
	}
	wantChecked(t, p)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = open(t, path, storage.Options{})
	if got := unwatchedIDs(t, p); !slices.Equal(got, ids) {
		t.Errorf("opened for writing, %v wait for the watch", got)
	}
}

// TestCheckFindsWhatTheWatchLacks breaks what is kept.
func TestCheckFindsWhatTheWatchLacks(t *testing.T) {
	t.Parallel()
	for name, query := range map[string]string{
		"moment of no threat":   "PRAGMA foreign_keys = off; DELETE FROM threat",
		"moment of no exchange": "UPDATE threat_moment SET exchange = 998",
		"threat too short":      "UPDATE threat SET n = 0",
		"threat unreadable":     "UPDATE threat SET definition = x'7b'",
		"moment unreadable":     "UPDATE threat_moment SET definition = x'7b'",
		"actor unreadable":      "UPDATE actor SET definition = x'00'",
		"actor too few":         "UPDATE actor SET n = 0",
		"state unreadable":      "UPDATE watch_state SET data = x'0102'",
		"times turned":          "UPDATE threat SET last = first - 1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := temp(t)
			p := open(t, path, storage.Options{})
			ids := recordFolded(t, p, 1)
			startWatch(t, p)
			saveWatched(t, p, &scanner.Watched{
				Of: ids, By: map[traffic.ID]scanner.ActorKey{ids[0]: "key:a"}, Actors: []*scanner.Actor{actorOf("key:a", 1, 0)},
				Threats: []*scanner.Threat{threatOf(1, "one", scanner.SeverityHigh, "key:a", 1)}, Moments: []scanner.Moment{momentOf(1, ids[0], watchTime)},
				States: map[string][]byte{"windows": []byte("counted")},
			})
			wantChecked(t, p)
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = db.ExecContext(t.Context(), query)
			if closing := db.Close(); err != nil || closing != nil {
				t.Fatal(err, closing)
			}
			p = open(t, path, storage.Options{})
			if found, err := p.Check(t.Context()); err != nil || len(found) == 0 {
				t.Errorf("nothing was found, %v", err)
			}
		})
	}
}
