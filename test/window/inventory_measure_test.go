package window

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// largeInventory makes a project of n endpoints of 500 hosts, each with parameters, ways to log in and statuses.
func largeInventory(t *testing.T, n int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "large.assay")
	p, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Inventory(t.Context()); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for from := 0; from < n; from += 5000 {
		f := &scanner.Fold{Of: map[traffic.ID]scanner.EndpointID{}}
		for i := from; i < min(from+5000, n); i++ {
			path := fmt.Sprintf("/api/v%d/things-%d/{id}/parts", i%7, i)
			f.Endpoints = append(f.Endpoints, &scanner.Endpoint{
				ID: scanner.EndpointID(i + 1), Key: scanner.Key{Scheme: "https", Host: fmt.Sprintf("h%d.example", i%500), Method: []string{"GET", "POST"}[i%2], Path: path},
				Protocol: scanner.ProtocolREST, Kind: "plain", Access: scanner.AccessPublic, Risk: i % 101, Sample: path,
				FirstSeen: began, LastSeen: began.Add(time.Duration(i) * time.Second), Found: began, First: 1, Last: 1,
				Facts: scanner.Facts{
					Statuses: []scanner.Tally{{Value: "200", N: 3}, {Value: "404", N: 1}}, Auth: []scanner.Auth{{Kind: "bearer", Name: "authorization", N: 3, OK: 2, Last: 1}},
					Parameters: []scanner.Parameter{{In: "path", Name: "id", Types: []string{"string"}, N: 4}, {In: "query", Name: "page", Types: []string{"integer"}, N: 2}},
				},
			})
		}
		if err := p.SaveFold(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d endpoints kept in %v", n, time.Since(began).Round(time.Millisecond))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestMeasureInventory lists, filters, sorts, opens and scrolls 100,000 endpoints.
func TestMeasureInventory(t *testing.T) {
	if !*measure {
		t.Skip("a measurement: go test ./test/window -run MeasureInventory -measure -v")
	}
	measured(t, options{Project: largeInventory(t, 100_000), Args: []string{"--no-capture"}}, func(t *testing.T, w *page) {
		w.Wait("nav")
		const list = `document.querySelector('[data-pane=inventory-endpoints][role=grid]')`
		const filled = list + `?.querySelector('[role=row][id][aria-label]') && ` + list + `.getAttribute('aria-busy') !== 'true'`
		w.took("first list", `document.querySelector('nav button[aria-label^=Inventory]').click()`, filled)
		w.took("list again", `document.querySelector('nav button[aria-label^=Traffic]').click(); await new Promise((done) => setTimeout(done, 300)); began = performance.now(); document.querySelector('nav button[aria-label^=Inventory]').click()`, filled)
		w.calm()
		for range 3 {
			for column, says := range map[string]string{"Path": "/api/v0/", "Host": "h0.example", "Risk": "risk 100"} {
				w.took("sorted by "+column, `[...document.querySelectorAll('[role=columnheader] button')].find((e) => e.innerText.trim() === '`+column+`').click()`,
					filled+` && [...document.querySelectorAll('[role=columnheader][aria-sort]')].some((e) => e.innerText.trim() === '`+column+`') && `+list+`.querySelector('[role=row][id]').getAttribute('aria-label').includes('`+says+`')`)
			}
		}
		for _, query := range []string{"host:h17", "risk>=90", "things-77", "path~things-1[0-9]/ status:404"} {
			w.write("[data-scope=inventory] [role=combobox]", query)
			w.calm()
			before := w.said("[data-scope=inventory] search [role=status]")
			w.JS(`window.filtered = new Promise((done) => addEventListener('keydown', () => {
				const began = performance.now();
				const look = () => (`+filled+` && document.querySelector('[data-scope=inventory] search [role=status]')?.innerText.match(/[\d,]+ of/)?.[0] !== arguments[0].match(/[\d,]+ of/)?.[0]) ? requestAnimationFrame(() => done(performance.now() - began)) : performance.now() - began > 14000 ? done(-1) : setTimeout(look, 2);
				look();
			}, { once: true, capture: true })); return 0`, before)
			w.Keys("Enter")
			t.Logf("%s: filter %s: %.0f ms, %s", w.Target, query, w.JS(`return window.filtered`), w.said("[data-scope=inventory] search [role=status]"))
		}
		w.Click("[data-scope=inventory] [aria-label='Clear the filter']")
		w.calm()
		for _, n := range []int{0, 3, 5} {
			w.took("open", fmt.Sprintf(`document.querySelectorAll('[data-pane=inventory-endpoints] [role=row][id]')[%d].click()`, n),
				fmt.Sprintf(`document.querySelector('[data-pane=inventory-detail][aria-busy=false] h2')?.innerText.includes(document.querySelectorAll('[data-pane=inventory-endpoints] [role=row][id]')[%d].getAttribute('aria-label').match(/things-\d+/)[0])`, n))
		}
		w.Keys("Escape")
		for _, step := range []int{60, 400, 100000} {
			t.Logf("%s: scrolling %d px a frame: %s", w.Target, step, w.scroll(step))
		}
		t.Logf("%s: %d MiB", w.Target, memory(t, w.app.cmd.Process.Pid)>>20)
	})
}

// took does something in the page and logs how long it takes until what holds is painted.
func (w *page) took(what, act, holds string) {
	w.t.Helper()
	ms := w.JS(`let began = performance.now(); ` + act + `;
		return new Promise((done) => { const look = () => (` + holds + `) ? requestAnimationFrame(() => done(performance.now() - began)) : performance.now() - began > 14000 ? done(-1) : setTimeout(look, 2); look(); })`)
	w.t.Logf("%s: %s: %.0f ms", w.Target, what, ms)
}
