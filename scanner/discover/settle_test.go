package discover_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

const user = `{"id":1,"name":"n","mail":"m"}`

// TestEndpointsBecomeOne: names that turn out to be values, one exchange at a time.
func TestEndpointsBecomeOne(t *testing.T) {
	t.Parallel()
	a, keep := newAsked(), newCabinet()
	book := openEndpoints(t, nil, keep)
	for _, name := range strings.Fields("ann bob cid dee eve fay ann") {
		keep.save(foldSeen(t, book, a.get("https://a.example/users/"+name, user)))
	}
	if got := keep.names(); !slices.Equal(got, []string{"GET /users/{user_id}"}) {
		t.Fatalf("got %v", got)
	}
	into := map[scanner.EndpointID]int{}
	for id, e := range keep.of {
		into[e]++
		if keep.endpoints[e].Merged != 0 {
			t.Errorf("exchange %d is in endpoint %d, which was merged", id, e)
		}
	}
	if len(into) != 1 || keep.count(scanner.ChangeMerged) != 1 {
		t.Errorf("exchanges by endpoint %v, %d lines", into, keep.count(scanner.ChangeMerged))
	}
	for id, n := range into {
		e := keep.endpoints[id]
		if e.First != 1 || e.Last != 7 || n != 7 {
			t.Errorf("first %d, last %d, %d exchanges", e.First, e.Last, n)
		}
		shapes, err := discover.Shapes(keep.shapes[id])
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range shapes {
			if s.Side == discover.SideResponse && (s.N != 7 || s.Status != "2xx" || !slices.Equal(s.Schema.Order, []string{"id", "name", "mail"})) {
				t.Errorf("answers: %+v", s)
			}
		}
		if p := e.Facts.Parameters; len(p) != 1 || p[0].In != "path" || p[0].Name != "user_id" || p[0].Optional || p[0].N != 7 {
			t.Errorf("parameters %+v", p)
		}
	}
}

// TestABatchIsToldApartAsAWhole: what comes together needs no merging.
func TestABatchIsToldApartAsAWhole(t *testing.T) {
	t.Parallel()
	a, keep := newAsked(), newCabinet()
	var seen []discover.Seen
	for _, name := range strings.Fields("ann bob cid dee eve fay") {
		seen = append(seen, a.get("https://a.example/users/"+name, user))
	}
	keep.save(foldSeen(t, openEndpoints(t, nil, keep), seen...))
	if len(keep.endpoints) != 1 || keep.count(scanner.ChangeEndpoint) != 1 || keep.count(scanner.ChangeMerged) != 0 {
		t.Errorf("%v, changes %+v", keep.names(), keep.changes)
	}
}

// TestReopening: a Book that is opened anew after every batch finds what one that stays open finds.
func TestReopening(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		stays, reopened := newCabinet(), newCabinet()
		book := openEndpoints(t, nil, stays)
		a := newAsked()
		requests := traffic200(a, rand.New(rand.NewPCG(seed, 9)))
		for len(requests) > 0 {
			n := min(7, len(requests))
			stays.save(foldSeen(t, book, requests[:n]...))
			reopened.save(foldSeen(t, openEndpoints(t, reopened.inventory(), reopened), requests[:n]...))
			requests = requests[n:]
		}
		if x, y := stays.names(), reopened.names(); !slices.Equal(x, y) {
			t.Errorf("seed %d: stays\n%s\nreopened\n%s", seed, strings.Join(x, "\n"), strings.Join(y, "\n"))
		}
		if x, y := stays.facts(t), reopened.facts(t); x != y {
			t.Errorf("seed %d: stays\n%s\nreopened\n%s", seed, x, y)
		}
		seen := map[string]bool{}
		for _, name := range reopened.names() {
			if seen[name] {
				t.Errorf("seed %d: %s twice", seed, name)
			}
			seen[name] = true
		}
	}
}

// traffic200 is the traffic of a small API, a few hundred requests of one shape per operation.
func traffic200(a *asked, r *rand.Rand) (seen []discover.Seen) {
	names := strings.Fields("ann bob cid dee eve fay gus hal ida joe kim lea max ned ola pat")
	for range 250 {
		name := names[r.IntN(len(names))]
		switch r.IntN(6) {
		case 0:
			seen = append(seen, a.get("https://a.example/users", `[`+user+`]`))
		case 1:
			seen = append(seen, a.get("https://a.example/users/"+name, user))
		case 2:
			seen = append(seen, a.get("https://a.example/users/"+name+"/orders", `[{"order":1,"sum":2,"items":[]}]`))
		case 3:
			seen = append(seen, a.get(fmt.Sprintf("https://a.example/orders/%d", r.IntN(1000)), `{"order":1,"sum":2,"items":[{"sku":"x"}]}`))
		case 4:
			seen = append(seen, a.get("https://a.example/reports/"+[]string{"daily", "weekly"}[r.IntN(2)], `{"rows":[],"total":1}`))
		case 5:
			body := `{"name":"x"}`
			if r.IntN(2) == 0 {
				body = `{"name":"y","age":7}`
			}
			seen = append(seen, a.call("POST https://a.example/users/"+name+"?dry=1", "application/json", body, 404, `{"error":"no"}`))
		}
	}
	return seen
}

// TestAMillionPaths costs a bounded number of endpoints and says so, once, even after the Book was opened anew.
func TestAMillionPaths(t *testing.T) {
	t.Parallel()
	a, keep := newAsked(), newCabinet()
	book := openEndpoints(t, nil, keep)
	for round := range 6 {
		if round == 4 {
			book = openEndpoints(t, keep.inventory(), keep)
		}
		var seen []discover.Seen
		for i := range 1000 {
			n := round*1000 + i
			w := func(n int) string { return string([]byte{'a' + byte(n%26), 'q' - byte(n/26%17), 'a' + byte(n/442%26)}) }
			seen = append(seen, a.get(fmt.Sprintf("https://a.example/%s/%s", w(n%80), w(n)), fmt.Sprintf(`{"a%d":1,"b%d":2}`, n, n)))
		}
		keep.save(foldSeen(t, book, seen...))
	}
	if n := len(keep.names()); n > 2002 || n < 1000 {
		t.Errorf("%d endpoints", n)
	}
	if n := keep.count(scanner.ChangeFull); n != 1 {
		t.Errorf("%d lines", n)
	}
	if !slices.Contains(keep.names(), "GET /{path}") {
		t.Error("nothing stands for what is too much")
	}
}

// TestAMillionHosts costs a bounded number of endpoints and says so once.
func TestAMillionHosts(t *testing.T) {
	t.Parallel()
	a, keep := newAsked(), newCabinet()
	book := openEndpoints(t, nil, keep)
	book.SetMost(100)
	for i := range 300 {
		keep.save(foldSeen(t, book, a.get(fmt.Sprintf("https://h%d.example/x", i), user), a.get(fmt.Sprintf("https://h%d.example/y/z", i%60), user)))
	}
	if n := len(keep.endpoints); n > 170 { // the hosts that are known have one more each
		t.Errorf("%d endpoints", n)
	}
	if n := keep.count(scanner.ChangeFull); n == 0 || n > 60 {
		t.Errorf("%d lines", n)
	}
	stands := 0
	for _, e := range keep.endpoints {
		if e.Host == "*" && e.Path == "/{path}" {
			stands++
		}
	}
	if stands != 1 {
		t.Errorf("%d endpoints stand for the other hosts", stands)
	}
	for id, e := range keep.of {
		if e == 0 {
			t.Errorf("exchange %d is in no endpoint", id)
		}
	}
}

// TestLostTrees: what was learned of paths is not needed to find the endpoints that there are.
func TestLostTrees(t *testing.T) {
	t.Parallel()
	a, keep := newAsked(), newCabinet()
	seen := traffic200(a, rand.New(rand.NewPCG(1, 9)))
	book := openEndpoints(t, nil, keep)
	keep.save(foldSeen(t, book, seen[:150]...))
	before := keep.names()
	for _, tree := range [][]byte{nil, []byte("damaged"), keep.trees["a.example"][:20]} {
		keep.trees["a.example"] = tree
		book = openEndpoints(t, keep.inventory(), keep)
		for _, s := range seen[:150] {
			s.Exchange.ID += 1000
			keep.save(foldSeen(t, book, s))
		}
		if after := keep.names(); !slices.Equal(before, after) {
			t.Errorf("had\n%s\nhave\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
	}
}

// TestDecisionsWin over what is learned.
func TestDecisionsWin(t *testing.T) {
	t.Parallel()
	a, keep := newAsked(), newCabinet()
	inv := &scanner.Inventory{Decisions: []scanner.Decision{
		{Host: "a.example", Merge: true, At: "/reports", Names: []string{"daily", "weekly"}},
		{Host: "a.example", At: "/users", Names: []string{"ann"}},
		{Host: "b.example", Merge: true, At: "/users"},
	}}
	book := openEndpoints(t, inv, keep)
	for _, name := range strings.Fields("ann bob cid dee eve fay ann gus") {
		keep.save(foldSeen(t, book, a.get("https://a.example/users/"+name, user)))
	}
	for _, path := range strings.Fields("/reports/daily /reports/weekly /reports/yearly") {
		keep.save(foldSeen(t, book, a.get("https://a.example"+path, `{"rows":[],"`+path[9:]+`":1}`)))
	}
	want := "GET /reports/yearly,GET /reports/{report_id},GET /users/ann,GET /users/bob,GET /users/cid,GET /users/dee,GET /users/eve,GET /users/fay,GET /users/gus"
	if got := strings.Join(keep.names(), ","); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestOrderDoesNotMatter for when an endpoint was first and last seen.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	a := newAsked()
	first, second, third := a.get("https://a.example/x", user), a.get("https://a.example/x", user), a.get("https://a.example/x", user)
	f := foldSeen(t, openEndpoints(t, nil, nil), second, third, first)
	e := f.Endpoints[0]
	if e.First != 1 || e.Last != 3 || !e.FirstSeen.Equal(first.Exchange.Started) || !e.LastSeen.Equal(third.Exchange.Started) {
		t.Errorf("got %+v", e)
	}
}

func TestTunnelsBelongToNone(t *testing.T) {
	t.Parallel()
	s := newAsked().get("https://a.example/x", user)
	s.Exchange.Kind, s.Exchange.Request.URL, s.Exchange.Request.Method = traffic.KindTunnel, "a.example:443", "CONNECT"
	f := foldSeen(t, openEndpoints(t, nil, nil), s)
	if id, have := f.Of[1]; !have || id != 0 || len(f.Endpoints) > 0 {
		t.Errorf("got %+v", f)
	}
}

// TestAPersistedQueryIsTheQuery: by its name, whichever of the two came first.
func TestAPersistedQueryIsTheQuery(t *testing.T) {
	t.Parallel()
	const hashed = `{"operationName":"GetUser","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}`
	const written = `{"operationName":"GetUser","query":"query GetUser { me }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}`
	for _, order := range [][]string{{hashed, written, hashed}, {written, hashed}} {
		a, keep := newAsked(), newCabinet()
		book := openEndpoints(t, nil, keep)
		for _, body := range order {
			keep.save(foldSeen(t, book, a.call("POST https://a.example/graphql", "application/json", body, 200, `{"data":{}}`)))
		}
		if got := keep.names(); !slices.Equal(got, []string{"POST /graphql query GetUser"}) {
			t.Errorf("got %v", got)
		}
	}
}
