package window_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"assay/app/window"
	"assay/scanner"
)

func TestEndpointTellsAll(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := endpoint(1, "shop.example", "GET", "/items/{id}")
	e.Sample = "/items/4711"
	e.Facts = scanner.Facts{
		Auth:     []scanner.Auth{{Kind: "bearer", Name: "authorization", N: 3, OK: 2, Last: 9}, {Kind: "none", N: 1, OK: 1, Last: 8}},
		Statuses: []scanner.Tally{{Value: "200", N: 3}}, Requests: []scanner.Tally{{Value: "application/json", N: 4}}, Clients: []string{"curl"},
		Parameters: []scanner.Parameter{{In: "path", Name: "id", Types: []string{"integer"}, N: 4, Values: []string{"1"}, Declared: "type"}},
		TLS:        []scanner.TLS{{Version: "TLS 1.3", N: 4}}, CORS: &scanner.CORS{Origins: []string{"*"}, Credentials: true, Last: 7},
		RateLimit: []scanner.RateLimit{{Header: "retry-after", Value: "3", Last: 7}}, Dynamic: &scanner.Dynamic{Why: "named", By: 6, Path: "/url"},
		Risks: []scanner.Risk{{Code: "cors", Points: 20, What: "Any page may read it"}}, Failed: 2, Unparsed: 1, Cut: true,
	}
	other := endpoint(2, "shop.example", "GET", "/other")
	r.fold(&scanner.Fold{
		Endpoints: []*scanner.Endpoint{e, other},
		Places: []*scanner.Place{
			{ID: 5, Endpoint: 1, Direction: "response", Path: "/mail", Type: "EMAIL_ADDRESS", Class: "personal", Confidence: 0.9, Sample: "a***@b", FirstSeen: noon, LastSeen: noon, First: 1, Last: 1},
			{ID: 6, Endpoint: 2, Direction: "request", Path: "header:x", Type: "JWT", Class: "secret", FirstSeen: noon, LastSeen: noon, First: 1, Last: 1},
		},
		Changes: []scanner.Change{
			{ID: 1, At: noon, Found: noon, Kind: scanner.ChangeEndpoint, Endpoint: 1, Exchange: 1, What: "new", Severity: "info"},
			{ID: 2, At: noon, Found: noon, Kind: scanner.ChangeEndpoint, Endpoint: 2, What: "other", Severity: "info"},
		},
	})
	out := must(r.inventory().Endpoint(window.EndpointIn{ID: "1"}))(t)
	got := fmt.Sprintf("%+v", struct {
		Sample             string
		Auths              []window.AuthUse
		Statuses, Requests []window.Count
		Parameters         []window.EndpointParam
		Security           []window.TLSUse
		CORS               window.CORSUse
		Limits             []window.LimitUse
		Dynamic            window.DynamicUse
		Risks              []window.RiskReason
		Failed, Unparsed   int64
		Cut                bool
	}{out.Sample, out.Auths, out.Statuses, out.Requests, out.Parameters, out.Security, out.CORS, out.Limits, out.Dynamic, out.Risks, out.Failed, out.Unparsed, out.Cut})
	want := `{Sample:/items/4711 Auths:[{Kind:bearer Name:authorization N:3 OK:2 Last:9 Query:endpoint:1 and header.authorization~/^\s*bearer\s+\S/i} {Kind:none Name: N:1 OK:1 Last:8 Query:endpoint:1 and not header.authorization~/^\s*bearer\s+\S/i}] Statuses:[{Value:200 N:3}] Requests:[{Value:application/json N:4}] Parameters:[{In:path Name:id Types:[integer] N:4 Optional:false Values:[1] Declared:type}] Security:[{Version:TLS 1.3 Issuer: Expiry: Unverified:false N:4}] CORS:{Origins:[*] Credentials:true Last:7} Limits:[{Header:retry-after Value:3 Last:7}] Dynamic:{Why:named By:6 Path:/url} Risks:[{Code:cors Points:20 What:Any page may read it}] Failed:2 Unparsed:1 Cut:true}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(out.Places) != 1 || out.Places[0].Query != "place:5" || out.Places[0].Label != "GET shop.example/items/{id}" || out.Places[0].Access != "public" || out.Places[0].Confidence != 0.9 {
		t.Errorf("places: %+v", out.Places)
	}
	if len(out.Changes) != 1 || out.Changes[0].What != "new" || out.Changes[0].Subject != "GET shop.example/items/{id}" || out.Changes[0].Exchange != "1" {
		t.Errorf("changes: %+v", out.Changes)
	}
}

// TestHostileNames come from whoever answers: they reach the window as text, valid and bounded.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := endpoint(1, illWilled, illWilled, "/"+illWilled)
	e.Operation, e.Sample, e.Provider = illWilled, "/"+illWilled, illWilled
	e.Facts = scanner.Facts{
		Models: []string{illWilled}, Auth: []scanner.Auth{{Kind: "api-key", Name: illWilled}, {Kind: "cookie", Name: illWilled}, {Kind: "none"}}, Tools: []string{illWilled},
		Statuses: []scanner.Tally{{Value: illWilled, N: 1}}, Clients: []string{illWilled}, Addresses: []string{illWilled},
		Parameters: []scanner.Parameter{{In: "query", Name: illWilled, Types: []string{illWilled}, Values: []string{illWilled}}},
		TLS:        []scanner.TLS{{Issuer: illWilled}}, CORS: &scanner.CORS{Origins: []string{illWilled}}, RateLimit: []scanner.RateLimit{{Header: illWilled, Value: illWilled}},
		Dynamic: &scanner.Dynamic{Path: illWilled}, Risks: []scanner.Risk{{What: illWilled}}, Sensitive: []scanner.SensitiveTally{{Type: illWilled}},
	}
	var assets []*scanner.Asset
	var versions []scanner.Version
	for n, kind := range []scanner.AssetKind{
		scanner.AssetModel, scanner.AssetService, scanner.AssetPrompt, scanner.AssetTool, scanner.AssetMCPTool, scanner.AssetMCPResource,
		scanner.AssetMCPPrompt, scanner.AssetKey, scanner.AssetClient,
	} {
		a := asset(n+1, kind, illWilled)
		a.Host, a.Provider, a.Versions = illWilled, illWilled, 1
		a.Facts = scanner.AssetFacts{
			Kind: "llm", Versions: []string{illWilled}, Description: illWilled, Header: illWilled, Form: illWilled, SDK: illWilled, UserAgents: []string{illWilled},
			Process: illWilled, Server: illWilled, Warnings: []string{illWilled}, Endpoints: []scanner.EndpointID{1, 77},
		}
		assets = append(assets, a)
		versions = append(versions, scanner.Version{Asset: a.ID, N: 1, Fingerprint: "f", Seen: noon, Exchange: 1, Text: strings.Repeat(illWilled, 20)})
	}
	r.fold(&scanner.Fold{
		Endpoints: []*scanner.Endpoint{e}, Assets: assets, Versions: versions,
		Edges:  []*scanner.Edge{{From: 9, To: 2, Count: 1, First: 1, Last: 1, LastSeen: noon}},
		Places: []*scanner.Place{{ID: 1, Endpoint: 1, Direction: "request", Role: illWilled, Path: illWilled, Type: illWilled, Class: "personal", Sample: illWilled, FirstSeen: noon, LastSeen: noon, First: 1, Last: 1}},
		Changes: []scanner.Change{
			{ID: 1, At: noon, Found: noon, Kind: scanner.ChangeEndpoint, Endpoint: 1, What: illWilled, Detail: illWilled, Severity: "info"},
			{ID: 2, At: noon, Found: noon, Kind: scanner.ChangeTool, Asset: 4, What: illWilled, Detail: illWilled, Severity: "info"},
		},
	})
	i := r.inventory()
	bounded := func(what string, out any, most int) {
		t.Helper()
		text, err := json.Marshal(out)
		if err != nil || len(text) > most || !utf8.Valid(text) {
			t.Errorf("%s: %d bytes, %v", what, len(text), err)
		}
	}
	bounded("list", r.listed(window.EndpointsIn{}), 200_000)
	bounded("endpoint", must(i.Endpoint(window.EndpointIn{ID: "1"}))(t), 2_000_000)
	bounded("overview", must(i.Overview(window.OverviewIn{}))(t), 100_000)
	all := must(i.Assets(window.AssetsIn{}))(t)
	bounded("assets", all, 2_000_000)
	if len(all.Items) != len(assets) {
		t.Errorf("assets: %d, want %d", len(all.Items), len(assets))
	}
	for _, a := range all.Items {
		bounded(a.Kind, must(i.Asset(window.AssetIn{ID: a.ID}))(t), 2_000_000)
	}
	bounded("sensitive", must(i.Sensitive(window.SensitiveIn{}))(t), 200_000)
	bounded("changes", must(i.Changes(window.ChangesIn{}))(t), 500_000)
	bounded("map", must(i.Map(window.OverviewIn{}))(t), 500_000)
}

func TestAssetTellsAll(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	prompt := asset(1, scanner.AssetPrompt, "You are a bank")
	prompt.Versions, prompt.Facts.Endpoints = 2, []scanner.EndpointID{1}
	service, model, tool := asset(2, scanner.AssetService, "api.openai.com"), asset(3, scanner.AssetModel, "gpt-4o"), asset(4, scanner.AssetTool, `pay "now"`)
	service.Host, model.Host, tool.Host, service.Facts.Kind = "api.openai.com", "api.openai.com:8443", "api.openai.com", "llm"
	tool.Facts.Description, tool.Facts.Calls, tool.Facts.Warnings = "pays", 2, []string{"instructions"}
	r.fold(&scanner.Fold{
		Endpoints: someEndpoints(), Assets: []*scanner.Asset{prompt, service, model, tool},
		Versions: []scanner.Version{{Asset: 1, N: 1, Seen: noon, Exchange: 1, Text: "old"}, {Asset: 1, N: 2, Seen: noon, Exchange: 2, Text: "new"}},
		Edges: []*scanner.Edge{
			{From: 2, To: 3, Count: 7, First: 1, Last: 1, LastSeen: noon},
			{From: 3, To: 4, Count: 5, First: 1, Last: 1, LastSeen: noon},
			{From: 1, To: 3, Count: 9, First: 1, Last: 1, LastSeen: noon},
		},
		Changes: []scanner.Change{{ID: 1, At: noon, Found: noon, Kind: scanner.ChangePrompt, Asset: 1, Exchange: 2, What: "changed", Severity: "low"}},
	})
	i := r.inventory()
	out := must(i.Asset(window.AssetIn{ID: "1"}))(t)
	if len(out.Versions) != 2 || out.Versions[0].Text != "new" || out.Versions[1].N != 1 || out.Row.Query != "asset:1" || len(out.Endpoints) != 1 ||
		len(out.Changes) != 1 || out.Changes[0].Subject != "You are a bank" || out.Changes[0].Asset != "1" {
		t.Errorf("prompt: %+v", out)
	}
	out = must(i.Asset(window.AssetIn{ID: "3"}))(t)
	want := "[{ID:1 Kind:prompt Name:You are a bank Count:9} {ID:2 Kind:service Name:api.openai.com Count:7}] [{ID:4 Kind:tool Name:pay \"now\" Count:5}]"
	if got := fmt.Sprintf("%+v %+v", out.From, out.To); got != want {
		t.Errorf("links of the model: %s, want %s", got, want)
	}
	if out.Row.Query != `asset:3` {
		t.Errorf("query of the model: %s", out.Row.Query)
	}
	rows := must(i.Assets(window.AssetsIn{Kind: "tool"}))(t).Items
	if len(rows) != 1 || rows[0].Description != "pays" || rows[0].Calls != 2 || rows[0].Query != `asset:4` || len(rows[0].Warnings) != 1 {
		t.Errorf("tools: %+v", rows)
	}
	if rows := must(i.Assets(window.AssetsIn{}))(t).Items; len(rows) != 4 || rows[0].ID != "4" {
		t.Errorf("all: %+v", rows)
	}
	var seen []string
	for _, n := range must(i.Map(window.OverviewIn{}))(t).Nodes {
		seen = append(seen, n.Kind)
	}
	if strings.Join(seen, " ") != "tool model service" {
		t.Errorf("on the map: %v", seen)
	}
}

// TestMapIsBounded leaves out what is used least, and the arrows to it.
func TestMapIsBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var f scanner.Fold
	for n := 1; n <= 400; n++ {
		f.Assets = append(f.Assets, asset(n, scanner.AssetTool, fmt.Sprint("tool ", n)))
		f.Edges = append(f.Edges, &scanner.Edge{From: 400, To: scanner.AssetID(n), Count: int64(n), First: 1, Last: 1, LastSeen: noon})
	}
	r.fold(&f)
	out := must(r.inventory().Map(window.OverviewIn{}))(t)
	if len(out.Nodes) != 300 || out.Left != 100 || len(out.Edges) != 300 || out.Nodes[0].ID != "400" || out.Nodes[299].ID != "101" {
		t.Errorf("%d nodes, %d left out, %d arrows", len(out.Nodes), out.Left, len(out.Edges))
	}
}

func TestChangesInPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	f := scanner.Fold{Endpoints: someEndpoints()}
	for n := 1; n <= 25; n++ {
		kind := scanner.ChangeEndpoint
		if n%5 == 0 {
			kind = scanner.ChangeStatus
		}
		f.Changes = append(f.Changes, scanner.Change{ID: int64(n), At: noon, Found: noon, Kind: kind, Endpoint: 1, What: fmt.Sprint("line ", n), Severity: "info"})
	}
	r.fold(&f)
	read := func(kinds []string, limit int) (lines []string, pages int) {
		in := window.ChangesIn{Kinds: kinds, Limit: limit}
		for more := true; more; pages++ {
			out := must(r.inventory().Changes(in))(t)
			for _, l := range out.Items {
				lines, in.Before = append(lines, l.ID), l.ID
			}
			more = out.More
		}
		return lines, pages
	}
	if lines, pages := read(nil, 10); len(lines) != 25 || pages != 3 || lines[0] != "25" || lines[24] != "1" {
		t.Errorf("all: %v in %d pages", lines, pages)
	}
	if lines, pages := read([]string{"new-status"}, 0); strings.Join(lines, " ") != "25 20 15 10 5" || pages != 1 {
		t.Errorf("statuses: %v in %d pages", lines, pages)
	}
	if _, err := r.inventory().Changes(window.ChangesIn{Before: "x"}); err == nil {
		t.Error("before x: no error")
	}
}

// TestSilentEndpointsAreLines: they are worked out, stand where their time is, and do not come in the way of pages.
func TestSilentEndpointsAreLines(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	list, begin := someEndpoints(), noon.AddDate(-1, 0, 0)
	for n, e := range list {
		e.LastSeen = begin.Add(time.Duration(n) * time.Minute)
	}
	list[0].LastSeen, list[1].LastSeen = begin.AddDate(0, 0, 20), begin.AddDate(0, 0, 15)
	f := scanner.Fold{Endpoints: list}
	for n := range 10 { // before and after the moment when the others fell silent
		f.Changes = append(f.Changes, scanner.Change{ID: int64(n + 1), At: begin.AddDate(0, 0, n), Found: begin, Kind: scanner.ChangeStatus, Endpoint: 1, What: "x", Severity: "info"})
	}
	r.fold(&f)
	told := func(in window.ChangesIn) string {
		var lines []string
		for more := true; more; {
			out := must(r.inventory().Changes(in))(t)
			for _, l := range out.Items {
				lines = append(lines, l.ID)
			}
			if more = out.More; more {
				in.Before = lines[len(lines)-1]
			}
		}
		return strings.Join(lines, " ")
	}
	if got := told(window.ChangesIn{}); got != "10 9 silent-6 silent-5 silent-4 silent-3 8 7 6 5 4 3 2 1" {
		t.Errorf("all: %s", got)
	}
	if got := told(window.ChangesIn{Limit: 2}); got != "10 9 8 7 6 5 4 3 2 1" {
		t.Errorf("in small pages: %s", got)
	}
	if got := told(window.ChangesIn{Kinds: []string{"silent"}}); got != "silent-6 silent-5 silent-4 silent-3" {
		t.Errorf("these only: %s", got)
	}
	if got := told(window.ChangesIn{Kinds: []string{"new-status"}, Limit: 4}); got != "10 9 8 7 6 5 4 3 2 1" {
		t.Errorf("without them: %s", got)
	}
}
