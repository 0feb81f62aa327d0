package storage_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// inventoryRows is how many endpoints and, times ten, how many hits benchmarks have: ASSAY_BENCH_ENDPOINTS.
func inventoryRows() int {
	if n, err := strconv.Atoi(os.Getenv("ASSAY_BENCH_ENDPOINTS")); err == nil {
		return n
	}
	return 10_000
}

// largeInventory makes a project of n endpoints of 1,000 hosts, 10 n exchanges and as many hits at n / 10 places. The
// exchanges have no bodies: what is measured does not look at them.
func largeInventory(b *testing.B, n int) *storage.Project {
	b.Helper()
	path := filepath.Join(b.TempDir(), "large.assay")
	p, err := storage.Open(b.Context(), path, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	id := recordRead(b, p, 1)[0]
	const step = 500
	start := time.Now()
	for from := 0; from < n; from += step {
		f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}}
		for i := from; i < min(n, from+step); i++ {
			e := endpointOf(scanner.EndpointID(i+1), fmt.Sprintf("/api/v%d/things/{id}/parts/%d", i%7, i))
			e.Host, e.Risk = fmt.Sprintf("h%d.example", i%1000), i%101
			for j := range 6 {
				e.Facts.Parameters = append(e.Facts.Parameters, scanner.Parameter{In: "query", Name: fmt.Sprint("name", j), Types: []string{"string"}, N: int64(i)})
			}
			f.Endpoints = append(f.Endpoints, e)
			if i%10 == 0 {
				f.Places = append(f.Places, placeOf(scanner.PlaceID(i/10+1), e.ID, "/x", []string{"EMAIL_ADDRESS", "IBAN_CODE", "PHONE_NUMBER"}[i/10%3]))
			}
		}
		save(b, p, f)
	}
	b.Logf("%d endpoints kept in %v", n, time.Since(start))
	if err := p.Close(); err != nil {
		b.Fatal(err)
	}
	multiply(b, path, int64(id), 10*n)
	return open(b, path, storage.Options{})
}

// multiply copies an exchange, and puts the copies into endpoints and places. Every hundredth place is rare.
func multiply(b *testing.B, path string, id int64, n int) {
	b.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	execute := func(query string, args ...any) {
		b.Helper()
		if _, err := db.ExecContext(b.Context(), query, args...); err != nil {
			b.Fatal(err)
		}
	}
	columns := ""
	err = db.QueryRowContext(b.Context(), "SELECT group_concat(', ' || name, '') FROM pragma_table_info('exchange') WHERE name NOT IN ('id', 'endpoint')").Scan(&columns)
	if err != nil {
		b.Fatal(err)
	}
	execute("BEGIN")
	execute("WITH RECURSIVE n(i) AS (SELECT ?1 + 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) INSERT INTO exchange (id, endpoint"+columns+`)
		SELECT i, i % ?3 + 1`+columns+" FROM n, exchange WHERE exchange.id = ?1", id, n, n/10)
	execute("INSERT INTO hit SELECT (id * 7919) % ?1 + 1, id, 1 FROM exchange", n/100)
	execute("UPDATE endpoint SET n = (SELECT count(*) FROM exchange e WHERE e.endpoint > 0 AND e.endpoint = endpoint.id)")
	execute("CREATE TEMP TABLE c AS SELECT place, count(*) AS n FROM hit GROUP BY place")
	execute("UPDATE place SET n = c.n FROM c WHERE c.place = place.id")
	execute("UPDATE tally SET n = ? WHERE n > 0", n)
	execute("COMMIT")
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

// heap is how much memory is in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkInventory measures what windows ask of a large inventory.
func BenchmarkInventory(b *testing.B) {
	n := inventoryRows()
	p := largeInventory(b, n)
	ctx := context.Background()
	do := func(name string, f func() error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	var revision int64
	b.Run("all endpoints", func(b *testing.B) {
		before := heap()
		var list []*scanner.Endpoint
		for b.Loop() {
			var err error
			if list, revision, err = p.EndpointsSince(ctx, 0); err != nil || len(list) != n {
				b.Fatal(len(list), err)
			}
		}
		b.ReportMetric(float64(heap()-before)/float64(n), "bytes/endpoint")
		runtime.KeepAlive(list)
	})
	do("one fold and what changed", func() error {
		e := endpointOf(5, "/changed")
		if err := p.SaveFold(ctx, &scanner.Fold{Endpoints: []*scanner.Endpoint{e}}); err != nil {
			return err
		}
		list, newest, err := p.EndpointsSince(ctx, revision)
		if err == nil && len(list) != 1 {
			err = fmt.Errorf("%d endpoints", len(list))
		}
		revision = newest
		return err
	})
	do("inventory", func() error { _, err := p.Inventory(ctx); return err })
	do("places", func() error { _, err := p.Places(ctx, 0); return err })
	do("places of one", func() error { _, err := p.Places(ctx, 11); return err })
	for _, text := range []string{
		"endpoint:17", "place:5", "sensitive=IBAN_CODE", "sensitive=nothing", "risk>=50", "risk=100", "access:public", "access:internal", "new:yes kind:plain",
	} {
		q := query(b, text)
		do("list "+text, func() error { _, err := p.List(ctx, storage.Filter{Where: q}); return err })
		do("count "+text, func() error { _, err := p.Count(ctx, q); return err })
	}
	do("unfolded", func() error { _, err := p.Unfolded(ctx, 100); return err })
	do("delete and bring back", func() error {
		if _, err := p.Delete(ctx, 100); err != nil {
			return err
		}
		_, err := p.Undelete(ctx, 100)
		return err
	})
}

// BenchmarkSaveFold keeps batches of exchanges, as many endpoints as a busy API has.
func BenchmarkSaveFold(b *testing.B) {
	p := open(b, temp(b), storage.Options{})
	ids := recordRead(b, p, 5000)
	const batch = 250
	from := 0
	for b.Loop() {
		f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}}
		for i, id := range ids[from : from+batch] {
			e := scanner.EndpointID(i%100 + 1)
			f.Of[id] = e
			f.Hits = append(f.Hits, scanner.Hit{Place: scanner.PlaceID(e), Exchange: id, N: 1})
			f.Uses = append(f.Uses, scanner.Use{Asset: 1, Exchange: id})
		}
		for i := range 100 {
			f.Endpoints = append(f.Endpoints, endpointOf(scanner.EndpointID(i+1), fmt.Sprint("/", i)))
			f.Places = append(f.Places, placeOf(scanner.PlaceID(i+1), scanner.EndpointID(i+1), "/x", "EMAIL_ADDRESS"))
		}
		save(b, p, f)
		from = (from + batch) % len(ids)
	}
	b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "exchanges/s")
}

// BenchmarkForget empties a large inventory.
func BenchmarkForget(b *testing.B) {
	p := largeInventory(b, inventoryRows())
	start := time.Now()
	if _, err := p.Decide(context.Background(), scanner.Decision{Host: "h7.example", At: "/api"}); err != nil {
		b.Fatal(err)
	}
	b.Logf("decided in %v", time.Since(start))
	start = time.Now()
	if err := p.ForgetInventory(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Logf("forgotten in %v", time.Since(start))
	for b.Loop() { // once is all there is to measure
	}
}
