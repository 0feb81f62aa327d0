package discover_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"assay/scanner"
	"assay/scanner/discover"
	"assay/traffic"
)

// parameter writes a parameter as one line.
func parameter(p scanner.Parameter) string {
	line := p.In + " " + p.Name + " " + strings.Join(p.Types, "|")
	if p.Optional {
		line += "?"
	}
	if len(p.Values) > 0 {
		line += " " + strings.Join(p.Values, ",")
	}
	return line
}

func TestParameters(t *testing.T) {
	t.Parallel()
	a := newAsked()
	var seen []discover.Seen
	for i := range 12 {
		url := fmt.Sprintf("https://a.example/users/%d/orders?limit=%d&sort=%s&from=2026-11-%02d", i, i*10, []string{"asc", "desc"}[i%2], i+10)
		if i > 5 {
			url += "&tag=a&tag=b&api_key=hunter"
		}
		s := a.call("POST "+url, "application/json", fmt.Sprintf(`{"n":%d,"who":"ada%d@mail.example"}`, i, i), 200, user)
		s.Exchange.Request.Header = append(s.Exchange.Request.Header, traffic.Field{Name: "Cookie", Value: "sid=secretvalue; theme=dark"},
			traffic.Field{Name: "X-Tenant", Value: "acme"}, traffic.Field{Name: "User-Agent", Value: "curl/8"})
		seen = append(seen, s)
	}
	f := foldSeen(t, openEndpoints(t, nil, nil), seen...)
	var got []string
	for _, p := range f.Endpoints[0].Facts.Parameters {
		got = append(got, parameter(p))
	}
	want := []string{
		"path user_id integer", "query limit integer", "query sort string asc,desc", "query from date", "query tag array?", "query api_key string?",
		"header content-type string application/json", "header x-tenant string acme", "cookie sid string", "cookie theme string",
		"body n integer", "body who email",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, blob := range f.Shapes {
		for _, secret := range []string{"hunter", "secretvalue", "dark", "@mail"} {
			if bytes.Contains(blob, []byte(secret)) {
				t.Errorf("%s was kept", secret)
			}
		}
	}
}

// TestSides: what is learned from which part of an exchange.
func TestSides(t *testing.T) {
	t.Parallel()
	const js = "application/json"
	frames := []traffic.Frame{{Opcode: 1, Data: []byte(`{"sent":1}`)}, {Opcode: 1, Side: traffic.FromServer, Data: []byte(`{"got":1}`)}, {Opcode: 9, Data: []byte("{}")}}
	for _, c := range []struct {
		name                       string
		request, contentType, body string
		status                     int
		answer                     string
		frames                     []traffic.Frame
		want                       string
	}{
		{"rest", "POST https://a.example/x", js, `{"a":1}`, 201, `{"b":1}`, nil, "request  a,response 2xx b"},
		{"error", "GET https://a.example/x", "", "", 404, `{"error":1}`, nil, "response 4xx error"},
		{"events", "GET https://a.example/x", "", "", 200, "data: {\"e\":1}\n\ndata: {\"f\":1}\n\ndata: [DONE]\n\n", nil, "event 2xx e f"},
		{"rpc", "POST https://a.example/x", js, `{"jsonrpc":"2.0","id":1,"method":"m","params":{"p":1}}`, 200, `{"jsonrpc":"2.0","id":1,"result":{"r":1}}`, nil, "params  p,result 2xx r"},
		{"rpc events", "POST https://a.example/x", js, `{"jsonrpc":"2.0","id":1,"method":"m","params":{"p":1}}`, 200, "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"r\":1}}\n\n", nil, "params  p,result 2xx r"},
		{"graphql", "POST https://a.example/graphql", js, `{"query":"query Q { a }","variables":{"v":1}}`, 200, `{"data":{}}`, nil, "params  v,response 2xx data"},
		{"form", "POST https://a.example/x", "application/x-www-form-urlencoded", "a=1&b=x", 0, "", nil, "form  a b"},
		{"messages", "GET wss://a.example/x", "", "", 101, "", frames, "received  got,sent  sent"},
		{"broken", "POST https://a.example/x", js, `{"a":1`, 200, `{"b":`, nil, ""},
	} {
		s := newAsked().call(c.request, c.contentType, c.body, c.status, c.answer)
		s.Frames = c.frames
		f := foldSeen(t, openEndpoints(t, nil, nil), s)
		var got []string
		shapes, err := discover.Shapes(f.Shapes[1])
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range shapes {
			if s.Side != discover.SideHeader {
				names := s.Schema.Order
				for tag := range s.Schema.Variants {
					names = append(names, tag)
				}
				got = append(got, string(s.Side)+" "+s.Status+" "+strings.Join(names, " "))
			}
		}
		slices.Sort(got)
		if g := strings.Join(got, ","); g != c.want {
			t.Errorf("%s: got %s, want %s", c.name, g, c.want)
		}
	}
}

// TestNewsOfAKnownEndpoint: what is new after many exchanges is told, and not more often than once.
func TestNewsOfAKnownEndpoint(t *testing.T) {
	t.Parallel()
	a, keep := newAsked(), newCabinet()
	for i := range 20 {
		body := `{"a":1}`
		url := "POST https://a.example/x?p=1"
		if i >= 15 {
			body, url = `{"a":"one","admin":true}`, url+"&debug=1"
		}
		keep.save(foldSeen(t, openEndpoints(t, keep.inventory(), keep), a.call(url, "application/json", body, 200, user)))
	}
	var got []string
	for _, c := range keep.changes {
		if c.Kind == scanner.ChangeParameter || c.Kind == scanner.ChangeType {
			got = append(got, fmt.Sprintf("%d %s %s", c.Exchange, c.Kind, c.Detail))
		}
	}
	want := []string{"16 new-parameter query /debug (integer)", "16 new-type request /a", "16 new-parameter request /admin (boolean)"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestNewsAreBounded: an endpoint whose parameters are always others fills no timeline.
func TestNewsAreBounded(t *testing.T) {
	t.Parallel()
	a := newAsked()
	var seen []discover.Seen
	for i := range 600 {
		seen = append(seen, a.get(fmt.Sprintf("https://a.example/x?%c%c%c=1", 'a'+i%26, 'a'+i/26%26, 'a'+i/7%26), user))
	}
	f := foldSeen(t, openEndpoints(t, nil, nil), seen...)
	n := 0
	for _, c := range f.Changes {
		if c.Kind == scanner.ChangeParameter {
			n++
		}
	}
	if n == 0 || n > 40 || len(f.Endpoints[0].Facts.Parameters) > 200 || !f.Endpoints[0].Facts.Cut {
		t.Errorf("%d lines, %d parameters, cut %v", n, len(f.Endpoints[0].Facts.Parameters), f.Endpoints[0].Facts.Cut)
	}
}

// TestHostileBodies cost a bounded amount, and their exchange is in the inventory all the same.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	const js = "application/json"
	large := `{"data":"` + strings.Repeat("x", 40<<20) + `"}`
	for name, body := range map[string]string{
		"deep":       strings.Repeat(`{"a":[`, 500) + strings.Repeat(`]}`, 500),
		"duplicates": `{"a":1,"a":"x","a":{"type":"t","type":"u"}}`,
		"large":      large,
		"many":       "[" + strings.Repeat("1,", 2<<20) + "1]",
		"unclosed":   strings.Repeat(`[`, 1<<20),
		"graphql":    `{"query":"` + strings.Repeat(`{ a(b: \"\"\"`, 20_000) + `"}`,
	} {
		a, keep := newAsked(), newCabinet()
		keep.save(foldSeen(t, openEndpoints(t, nil, keep), a.call("POST https://a.example/x", js, body, 200, body)))
		if len(keep.endpoints) != 1 || keep.of[1] == 0 {
			t.Errorf("%s: %v", name, keep.names())
		}
		if cut := keep.endpoints[keep.of[1]].Facts.Cut; cut == (name == "duplicates" || name == "graphql") {
			t.Errorf("%s: cut %v", name, cut)
		}
		if name != "large" && name != "many" {
			continue
		}
		shapes, err := discover.Shapes(keep.shapes[keep.of[1]])
		if err != nil {
			t.Fatal(err)
		}
		skipped := int64(0)
		for _, s := range shapes {
			skipped += s.Skipped
		}
		if e := keep.endpoints[keep.of[1]]; skipped != 2 || !e.Facts.Cut {
			t.Errorf("%s: %d bodies were said to be skipped, cut %v", name, skipped, e.Facts.Cut)
		}
	}
}

func FuzzShapes(f *testing.F) {
	a := newAsked()
	book, _ := discover.Open(nil, nil, discover.Options{})
	fold, _ := book.Fold([]discover.Seen{a.call("POST https://a.example/x?a=1", "application/json", `{"a":[1,{"type":"t"}]}`, 200, user)})
	f.Add(fold.Shapes[1])
	f.Fuzz(func(t *testing.T, blob []byte) {
		shapes, err := discover.Shapes(blob)
		if err != nil {
			return
		}
		for _, s := range shapes {
			if s.Schema == nil {
				t.Fatal("a shape without a schema")
			}
		}
		keep := newCabinet()
		keep.shapes[1] = blob
		inv := &scanner.Inventory{Endpoints: []*scanner.Endpoint{{
			ID: 1, Key: scanner.Key{Scheme: "https", Host: "a.example", Method: "POST", Path: "/x"}, FirstSeen: a.at, Sample: "/x",
		}}}
		foldSeen(t, openEndpoints(t, inv, keep), a.call("POST https://a.example/x?a=1", "application/json", `{"a":[1,{"type":"t"}]}`, 200, user))
	})
}

// FuzzIdentity: any request belongs to an endpoint whose path is a path, the same each time.
func FuzzIdentity(f *testing.F) {
	f.Add("POST", "https://a.example//x/%7e/../{a}?query={b}", "application/json", `{"query":"query Q($a: T = {b: \"}\"}) @d(x: 1) { c: d }"}`)
	f.Add("GET", "wss://[::1]:80/models/m:run", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=operations\r\n\r\n{}\r\n--b--")
	f.Add("post", "/graphql", "application/x-www-form-urlencoded", `query={a}&operations=[{"query":"{b}"}]`)
	f.Fuzz(func(t *testing.T, method, url, contentType, body string) {
		a := newAsked()
		s := a.call(method+" "+url, contentType, body, 200, body)
		again := s
		x := *s.Exchange
		x.ID++
		again.Exchange = &x
		fold := foldSeen(t, openEndpoints(t, nil, nil), s, again)
		if fold.Of[s.Exchange.ID] != fold.Of[x.ID] || len(fold.Endpoints) > 1 {
			t.Fatalf("one request, %d endpoints", len(fold.Endpoints))
		}
		for _, e := range fold.Endpoints {
			if !strings.HasPrefix(e.Path, "/") || len(e.Path) > 3*2048 || len(e.Operation) > 120 || strings.ContainsAny(e.Path+e.Operation+e.Host, "\x00\n") {
				t.Fatalf("%q %q %q", e.Host, e.Path, e.Operation)
			}
			sample := traffic.SplitURL(url)
			sample.Path = e.Sample
			if !strings.HasPrefix(e.Sample, "/") {
				t.Fatalf("sample %q", e.Sample)
			}
		}
	})
}
