package window_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"assay/app"
	"assay/app/window"
	"assay/storage"
	"assay/traffic"
)

// BenchmarkList measures the list of a large project. ASSAY_BENCH_KEEP names the project that BenchmarkMillion of package
// storage keeps (1,000,000 exchanges with ASSAY_BENCH_ROWS=1000000); without it a small one is made.
func BenchmarkList(b *testing.B) {
	path := os.Getenv("ASSAY_BENCH_KEEP")
	if path == "" {
		path = smallProject(b)
	}
	start := time.Now()
	r := openRig(b, path)
	took := time.Since(start)
	b.Run("open the project", func(b *testing.B) {
		b.ReportMetric(float64(took.Microseconds())/1000, "ms")
		b.ReportMetric(0, "ns/op")
	})
	for _, in := range []window.ViewIn{
		{},
		{All: true},
		{Group: true},
		{Query: "host:api3.example.com"},
		{Query: "model=o3"},
		{Query: "host:api3 model=o3 status>=500"},
		{Query: "hello"},
		{Query: commonWord},
		{Query: commonWord + " status>=500"},
		{Query: "path:nowhere"},
		{Query: "since:10m"},
	} {
		name := fmt.Sprintf("open %q all=%v group=%v", in.Query, in.All, in.Group)
		b.Run(name, func(b *testing.B) { benchmarkOpen(b, r, in) })
	}
	for _, in := range []window.ViewIn{{All: true}, {Group: true}} {
		view := r.open(in)
		for where, from := range map[string]int{"start": 0, "middle": view.Count / 2, "end": view.Count - 200} {
			b.Run(fmt.Sprintf("page of 200 at the %s, group=%v", where, in.Group), func(b *testing.B) {
				measure(b, func() {
					if _, err := r.list.Page(window.PageIn{View: view.View, From: max(from, 0), Limit: 200}); err != nil {
						b.Fatal(err)
					}
				})
			})
		}
		b.Run(fmt.Sprintf("sync of 20 new, group=%v", in.Group), func(b *testing.B) { benchmarkSync(b, r, view.View) })
		b.Run(fmt.Sprintf("sync of nothing, group=%v", in.Group), func(b *testing.B) { measure(b, func() { r.sync(view.View) }) })
	}
}

// commonWord is said in most exchanges of BenchmarkMillion.
const commonWord = "r"

// measure reports the median and the slowest call.
func measure(b *testing.B, f func()) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		f()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-slowest")
	b.ReportMetric(0, "ns/op")
}

// benchmarkOpen measures how long it takes until the newest page is there, and until the whole view is known.
func benchmarkOpen(b *testing.B, r *rig, in window.ViewIn) {
	var first, whole, count float64
	n := 0
	for b.Loop() {
		start := time.Now()
		out, err := r.list.Open(in)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := r.list.Page(window.PageIn{View: out.View, From: max(out.Count-100, 0), Limit: 100}); err != nil {
			b.Fatal(err)
		}
		first += float64(time.Since(start).Microseconds()) / 1000
		in.Replaces = out.View
		now := window.SyncOut{Count: out.Count, Looking: out.Looking}
		for now.Looking {
			time.Sleep(5 * time.Millisecond)
			now = r.sync(out.View)
		}
		whole += float64(time.Since(start).Microseconds()) / 1000
		count = float64(now.Count)
		n++
	}
	b.ReportMetric(first/float64(n), "ms-first-page")
	b.ReportMetric(whole/float64(n), "ms-whole")
	b.ReportMetric(count, "lines")
	b.ReportMetric(0, "ns/op")
}

// benchmarkSync measures syncs that find 20 exchanges that just ended. They go for good afterwards.
func benchmarkSync(b *testing.B, r *rig, view string) {
	var added []traffic.ID
	var took []time.Duration
	for b.Loop() {
		list := make([]*traffic.Exchange, 20)
		for i := range list {
			list[i] = turn(fmt.Sprint("bench ", len(added)+i), 1, "gpt-4o")
		}
		for _, id := range r.add(list...) {
			n, _ := strconv.ParseInt(id, 10, 64)
			added = append(added, traffic.ID(n))
		}
		start := time.Now()
		r.sync(view)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-slowest")
	b.ReportMetric(0, "ns/op")
	if _, err := r.store.Delete(b.Context(), added...); err != nil {
		b.Fatal(err)
	}
	if _, err := r.store.Purge(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// smallProject makes a project of 20,000 exchanges that are read.
func smallProject(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "small.assay")
	home, err := app.OpenHome(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	p, err := storage.Open(b.Context(), path, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	_, err = p.Import(b.Context(), func(yield func(*traffic.Record, error) bool) {
		for i := range 20_000 {
			x := page("api" + strconv.Itoa(i%5) + ".example.com")
			if i%3 == 0 {
				x = turn(fmt.Sprint("hello ", i), 1, "o3")
			}
			if !yield(&traffic.Record{Exchange: *x}, nil) {
				return
			}
		}
	}, storage.ImportOptions{})
	if err != nil {
		b.Fatal(err)
	}
	if err := p.Close(); err != nil {
		b.Fatal(err)
	}
	if _, err := (&app.App{Home: home}).Analyse(b.Context(), path, func(int64, int64) {}); err != nil {
		b.Fatal(err)
	}
	return path
}
