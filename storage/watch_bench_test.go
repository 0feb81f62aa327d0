package storage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// BenchmarkSaveWatched keeps batches of 32 exchanges of 32 actors, a quarter of them in threats; ns/exchange is what one
// costs.
func BenchmarkSaveWatched(b *testing.B) {
	p := open(b, temp(b), storage.Options{})
	ids := recordFolded(b, p, 3200)
	startWatch(b, p)
	r := rand.New(rand.NewPCG(1, 2))
	var states [64][]byte
	for i := range states {
		states[i] = make([]byte, 4<<10)
		for j := range states[i] {
			states[i][j] = byte(r.IntN(12)) // compresses by half, as profiles do
		}
	}
	const batch = 32
	n := 0
	b.ResetTimer()
	for b.Loop() {
		w := &scanner.Watched{By: map[traffic.ID]scanner.ActorKey{}, States: map[string][]byte{"windows": states[n%64]}}
		for i := range batch {
			id := ids[(n*batch+i)%len(ids)]
			key := scanner.ActorKey(fmt.Sprint("key:", r.IntN(5000)))
			w.Of = append(w.Of, id)
			w.By[id] = key
			w.Actors = append(w.Actors, actorOf(key, int64(n), 0.1))
			w.States["actor/"+string(key)] = states[r.IntN(64)]
			if i%4 == 0 {
				threat := scanner.ThreatID(r.IntN(500) + 1)
				w.Threats = append(w.Threats, threatOf(threat, "rule", scanner.SeverityHigh, key, n))
				w.Moments = append(w.Moments, momentOf(threat, id, watchTime.Add(time.Duration(n)*time.Second)))
			}
		}
		saveWatched(b, p, w)
		n++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*batch), "ns/exchange")
}
