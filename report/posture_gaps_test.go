package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/report"
	"assay/scanner"
)

// TestWideTools goes by names and arguments as applications and MCP servers define them.
func TestWideTools(t *testing.T) {
	t.Parallel()
	given := func(name, properties string) string {
		return `{"name":"` + name + `","parameters":{"type":"object","properties":{` + properties + `}}}`
	}
	for _, test := range []struct {
		name, definition, want, why string
	}{
		{"bash", given("bash", `"command":{"type":"string"}`), "runs commands or code", `"command" takes any text`},
		{"Bash", "", "runs commands or code", "name"},
		{"run_python", given("run_python", `"code":{"type":"string"}`), "runs commands or code", `"code" takes any text`},
		{"execute_command", "", "runs commands or code", "name"},
		{"server_control", given("server_control", `"command":{"type":"string","enum":["start","stop"]}`), "", ""},
		{"refund_order", given("refund_order", `"order":{"type":"integer"}`), "moves money", "name"},
		{"transferFunds", "", "moves money", "name"},
		{"transfer_to_agent", "", "", ""},
		{"list_payments", "", "", ""},
		{"query", `{"name":"query","inputSchema":{"type":"object","properties":{"sql":{"type":"string"}}}}`, "asks a database in free SQL", `"sql" takes any text`},
		{"search_orders", given("search_orders", `"query":{"type":"string"}`), "", ""},
		{"read_file", given("read_file", `"path":{"type":"string"}`), "reads or changes files", `"path" takes any text`},
		{"file_search", given("file_search", `"query":{"type":"string"}`), "", ""},
		{"read_file", given("read_file", `"path":{"type":"string","enum":["a.txt","b.txt"]}`), "", ""},
		{"fetch_url", `{"type":"function","function":{"name":"fetch_url","parameters":{"properties":{"url":{"type":["string","null"]}}}}}`, "asks any address", `"url" takes any text`},
		{"fetch", `{"name":"fetch","input_schema":{"properties":{"url":{"type":"string"}}}}`, "asks any address", `"url" takes any text`},
		{"get_weather", given("get_weather", `"city":{"type":"string"}`), "", ""},
		{"get_link_preview", given("get_link_preview", `"id":{"type":"integer"}`), "", ""},
		{"shell", "not JSON", "runs commands or code", "name"},
		{"", "", "", ""},
		{strings.Repeat("é", 5000), given("x", strings.Repeat(`"a":{},`, 3000)+`"b":{}`), "", ""},
	} {
		s := &report.Scene{
			Assets:      []*scanner.Asset{{ID: 4, Kind: scanner.AssetTool, Name: test.name}},
			Definitions: map[scanner.AssetID]string{4: test.definition},
		}
		wide := s.WideTools()
		switch {
		case test.want == "" && len(wide) == 0:
		case len(wide) != 1 || wide[0].What != test.want || !strings.Contains(wide[0].Why, test.why):
			t.Errorf("%.40q %.80s: %+v, want %q because %s", test.name, test.definition, wide, test.want, test.why)
		}
	}
	builtin := &report.Scene{Assets: []*scanner.Asset{{ID: 1, Kind: scanner.AssetTool, Name: "code_interpreter", Facts: scanner.AssetFacts{Builtin: true}}}}
	if wide := builtin.WideTools(); len(wide) != 1 || wide[0].Why != "the provider says so of it" {
		t.Errorf("%+v", wide)
	}
	gone := &report.Scene{Assets: []*scanner.Asset{{ID: 1, Kind: scanner.AssetMCPTool, Name: "bash", Facts: scanner.AssetFacts{Gone: true}}, {ID: 2, Kind: scanner.AssetModel, Name: "bash"}}}
	if wide := gone.WideTools(); len(wide) != 0 {
		t.Errorf("%+v", wide)
	}
}

// FuzzWideTools reads names and definitions of strangers.
func FuzzWideTools(f *testing.F) {
	f.Add("bash", `{"parameters":{"properties":{"command":{"type":"string"}}}}`)
	f.Add("FetchURL", `{"inputSchema":{"properties":{"url":{"type":["string",["array"]]}}}}`)
	f.Add("a\xff\x00", `{"function":{"parameters":{"properties":{"\ud800":null}}}}`)
	f.Fuzz(func(t *testing.T, name, definition string) {
		s := &report.Scene{Assets: []*scanner.Asset{{ID: 1, Kind: scanner.AssetTool, Name: name}}, Definitions: map[scanner.AssetID]string{1: definition}}
		for _, w := range s.WideTools() {
			if w.What == "" || w.Why == "" || len(w.Why) > 1000 {
				t.Errorf("%+v", w)
			}
		}
		s.Posture()
	})
}

// network is an agent with tools, a chat without, and two internal hosts.
func network() *report.Scene {
	at := func(id scanner.EndpointID, kind llm.Kind, host string, access scanner.Access, clients ...string) *scanner.Endpoint {
		e := &scanner.Endpoint{ID: id, Key: scanner.Key{Method: "POST", Host: host, Path: "/x"}, Kind: kind, Access: access, Count: 7}
		e.Facts.Clients = clients
		return e
	}
	s := &report.Scene{At: postureDay, Items: items(), Exchanges: 100, Endpoints: []*scanner.Endpoint{
		at(1, llm.KindLLM, "api.openai.com", scanner.AccessThirdParty, "agent.py", "Firefox"),
		at(2, llm.KindChatBackend, "chat.example.com", scanner.AccessPublic, "Firefox"),
		at(3, llm.KindPlain, "billing.internal", scanner.AccessInternal, "agent.py"),
		at(4, llm.KindPlain, "wiki.internal", scanner.AccessInternal, "Firefox"),
		at(5, llm.KindPlain, "www.example.com", scanner.AccessPublic, "agent.py"),
	}}
	s.Endpoints[0].Facts.Tools = []string{"fetch_url"}
	s.Assets = []*scanner.Asset{{ID: 1, Kind: scanner.AssetTool, Name: "fetch_url", Host: "api.openai.com", Facts: scanner.AssetFacts{Calls: 3, Endpoints: []scanner.EndpointID{1}}}}
	return s
}

func TestReaches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*report.Scene)
		want   []string
	}{
		{"by the program that gives it tools", func(*report.Scene) {}, []string{"1>billing.internal client", "1>wiki.internal client"}},
		{"a model without tools gets nowhere", func(s *report.Scene) { s.Endpoints[0].Facts.Tools = nil }, nil},
		{"but where its answer named the address", func(s *report.Scene) {
			s.Endpoints[0].Facts.Tools = nil
			s.Named = map[scanner.EndpointID]scanner.EndpointID{4: 2}
		}, []string{"2>wiki.internal named"}},
		{"what was seen to lead there comes first", func(s *report.Scene) { s.Named = map[scanner.EndpointID]scanner.EndpointID{4: 1} }, []string{"1>wiki.internal named", "1>billing.internal client"}},
		{"hosts that nobody called are not there", func(s *report.Scene) { s.Endpoints[2].Count, s.Endpoints[3].Count = 0, 0 }, nil},
		{"nor is its own host", func(s *report.Scene) { s.Endpoints[2].Host = "api.openai.com" }, []string{"1>wiki.internal client"}},
	} {
		s := network()
		test.change(s)
		var got []string
		for _, r := range s.Reaches() {
			got = append(got, string(rune('0'+r.Endpoint))+">"+r.Host+" "+r.Via[0].Kind)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestGaps names everything that nobody knows or that nothing guards.
func TestGaps(t *testing.T) {
	t.Parallel()
	s := network()
	s.Endpoints[1].Facts.Auth = []scanner.Auth{{Kind: "none", OK: 4}}
	s.Endpoints[2].Documented = scanner.DocumentedNo
	s.Unread = 5
	s.Imported = []*scanner.Model{
		{ID: 1, Name: "open", Auth: scanner.ModelAuth{Form: "none"}, Tried: &scanner.ModelTry{Status: 200}},
		{ID: 2, Name: "never tried", Auth: scanner.ModelAuth{Form: "none"}},
		{ID: 3, Name: "with a key", Auth: scanner.ModelAuth{Form: "bearer"}, Tried: &scanner.ModelTry{Status: 200}},
	}
	s.Threats = []*scanner.Threat{{ID: 8, Rule: "internal-address-call", State: scanner.ThreatNew, Count: 2, Seen: "A call of a tool names an internal address."}}
	s.Tested = []report.Tested{
		{Template: "a", Target: "model:1", Endpoint: 1, OWASP: []string{"LLM01:2025"}, Verdicts: scanner.Verdicts{Resisted: 1}, At: postureDay.Add(-40 * 24 * time.Hour)},
		{Template: "b", Target: "model:2", Endpoint: 2, OWASP: []string{"LLM02:2025"}, Verdicts: scanner.Verdicts{Errored: 3}, At: postureDay},
	}
	var got []string
	for _, g := range s.Posture().Gaps {
		if g.Code != report.GapNotTested {
			got = append(got, g.Code+" "+g.Ref)
		}
		if g.What == "" || g.Code == report.GapReach && g.Advice == "" {
			t.Errorf("%+v", g)
		}
	}
	want := []string{
		"never-tested endpoint:2", "stale owasp:LLM01:2025", "no-auth model:open", "stale endpoint:1", "no-auth endpoint:2", "no-limit endpoint:2", "shadow endpoint:3",
		"wide-tool tool:fetch_url", "reach endpoint:1", "reach threat:8", "unread ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// TestChecks: the command that checks a fix sends what the run sent that found the weakness; what others chose is no command.
func TestChecks(t *testing.T) {
	t.Parallel()
	s := scene(10)
	s.Asked = map[scanner.RunID]*scanner.RunSpec{4: {Mutations: []string{"rot13|leet"}, Judge: "model:2", Recorded: true}}
	s.Fixes = map[string]string{"leak": "Take the secret out of the prompt."}
	s.Findings = []scanner.Finding{
		{ID: 1, Severity: scanner.SeverityHigh, Template: "leak", Target: "model:1", Run: 4, OWASP: []string{"LLM07:2025"}, Title: "It leaks", Name: "lab"},
		{ID: 2, Severity: scanner.SeverityCritical, Template: "leak", Target: "http://h/'; rm -rf x", Run: 4, OWASP: []string{"LLM07:2025"}, Title: "It leaks", Name: "lab"},
		{ID: 3, Severity: scanner.SeverityLow, Template: "leak", Target: "model:3", State: scanner.FindingFixed, Mended: 5, OWASP: []string{"LLM07:2025"}, Title: "It leaks"},
	}
	p := s.Posture()
	if len(p.Advice) != 1 || len(p.Done) != 0 {
		t.Fatalf("%+v\n%+v", p.Advice, p.Done)
	}
	a := p.Advice[0]
	if a.What != "Take the secret out of the prompt." || a.Priority != report.P0 || !strings.HasSuffix(a.Why, "Of 3, 1 are mended already.") {
		t.Errorf("%+v", a)
	}
	if want := `assay test run --target 'http://h/'\''; rm -rf x' --target model:1 --template leak --judge model:2 --mutation 'rot13|leet' --use-recorded-key`; a.Check != want {
		t.Errorf("%s\nwant %s", a.Check, want)
	}
}
