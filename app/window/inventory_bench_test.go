package window_test

import (
	"fmt"
	"testing"

	"assay/app/window"
	"assay/llm"
	"assay/scanner"
)

// manyEndpoints keeps n endpoints of a hundred hosts, with facts of a usual size.
func manyEndpoints(b *testing.B, r *rig, n int) {
	b.Helper()
	for at := 0; at < n; at += 5_000 {
		var f scanner.Fold
		for i := at + 1; i <= min(at+5_000, n); i++ {
			e := endpoint(i, fmt.Sprintf("api%02d.example.com", i*7919%100), []string{"GET", "POST", "PUT", "DELETE"}[i%4], fmt.Sprintf("/v1/things%d/{id}/part%d", i/4, i%31))
			e.Risk, e.Sample = i*31%101, fmt.Sprintf("/v1/things%d/4711/part%d", i/4, i%31)
			if i%10 == 0 {
				e.Kind, e.Provider, e.Facts.Models = llm.KindLLM, "openai", []string{"gpt-4o", "o3"}
			}
			e.Facts.Auth = []scanner.Auth{{Kind: "bearer", Name: "authorization", N: 9, OK: 9, Last: 1}}
			e.Facts.Statuses = []scanner.Tally{{Value: "200", N: 8}, {Value: "404", N: 1}}
			e.Facts.Responses = []scanner.Tally{{Value: "application/json", N: 9}}
			e.Facts.Clients = []string{"python-requests 2.32"}
			for p := range 6 {
				e.Facts.Parameters = append(e.Facts.Parameters, scanner.Parameter{In: "query", Name: fmt.Sprint("parameter", p), Types: []string{"string"}, N: 9})
			}
			e.Facts.Risks = []scanner.Risk{{Code: "x", Points: e.Risk, What: "Something about it is worth a look"}}
			f.Endpoints = append(f.Endpoints, e)
			f.Places = append(f.Places, &scanner.Place{
				ID: scanner.PlaceID(i), Endpoint: e.ID, Direction: "request", Path: "/user/mail", Type: fmt.Sprint("TYPE_", i%20), Class: "personal", Confidence: 0.9,
				Sample: "a***@b.example", FirstSeen: noon, LastSeen: noon, First: 1, Last: 1,
			})
			f.Changes = append(f.Changes, scanner.Change{ID: int64(i), At: noon, Found: noon, Kind: scanner.ChangeEndpoint, Endpoint: e.ID, What: "A new endpoint", Severity: "info"})
		}
		r.fold(&f)
	}
}

// BenchmarkInventory measures the inventory of 100,000 endpoints: the issue wants every step within 200 ms.
func BenchmarkInventory(b *testing.B) {
	r := newRig(b)
	const n = 100_000
	manyEndpoints(b, r, n)
	i := r.inventory()
	if out := must(i.Overview(window.OverviewIn{}))(b); out.Endpoints != n {
		b.Fatalf("%d endpoints", out.Endpoints)
	}
	for _, in := range []window.EndpointsIn{
		{}, {Sort: "host"}, {Sort: "path", Desc: true}, {Sort: "last", Desc: true}, {Query: "kind:llm model:gpt"}, {Query: "path:things77"}, {Query: "part3 risk>=50", Sort: "path"},
	} {
		b.Run(fmt.Sprintf("list and page %q %s", in.Query, in.Sort), func(b *testing.B) {
			measure(b, func() {
				out, err := i.Endpoints(in)
				if err != nil || out.Count == 0 {
					b.Fatal(out, err)
				}
				if page, err := i.Page(window.EndpointsPageIn{View: out.View, From: out.Count / 2, Limit: 100}); err != nil || len(page.Items) == 0 {
					b.Fatal(page, err)
				}
				in.Replaces = out.View
			})
		})
	}
	call := func(name string, f func() error) {
		b.Run(name, func(b *testing.B) {
			measure(b, func() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
	call("endpoint", func() error {
		_, err := i.Endpoint(window.EndpointIn{ID: "77777"})
		return err
	})
	call("overview", func() error {
		_, err := i.Overview(window.OverviewIn{})
		return err
	})
	call("sensitive", func() error {
		_, err := i.Sensitive(window.SensitiveIn{Limit: 100})
		return err
	})
	call("changes", func() error {
		_, err := i.Changes(window.ChangesIn{Limit: 100})
		return err
	})
}
