package requirement_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/requirement"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// shop is a project in which most things are bad.
func shop() *requirement.World {
	at := func(host, path string) scanner.Key {
		return scanner.Key{Scheme: "https", Host: host, Method: "POST", Path: path}
	}
	return &requirement.World{
		Now: now, Exchanges: 400,
		Endpoints: []*scanner.Endpoint{
			{
				ID: 1, Key: at("ai.example", "/chat"), Kind: llm.KindLLM, Access: scanner.AccessPublic, Count: 90, Risk: 80, Documented: scanner.DocumentedNo, FirstSeen: now,
				Facts: scanner.Facts{
					Auth: []scanner.Auth{{Kind: "bearer", N: 80, OK: 80}, {Kind: "none", N: 10, OK: 10}}, Traces: 2,
					TLS:  []scanner.TLS{{Version: "TLS 1.0", N: 1}, {Version: "TLS 1.3", Expiry: "2026-11-25T00:00:00Z", Unverified: true, N: 80}},
					CORS: &scanner.CORS{Origins: []string{"reflected"}, Credentials: true},
					Sensitive: []scanner.SensitiveTally{
						{Type: "EMAIL_ADDRESS", Class: "personal", Where: "request", Count: 3},
						{Type: "AWS_KEY", Class: "secret", Where: "response", Count: 1},
						{Type: "PROMPT", Class: "payload", Where: "request", Count: 90},
					},
				},
			},
			{ID: 2, Key: at("api.openai.com", "/v1/chat/completions"), Kind: llm.KindLLM, Access: scanner.AccessThirdParty, Count: 3, FirstSeen: now, Facts: scanner.Facts{
				Sensitive: []scanner.SensitiveTally{{Type: "AWS_KEY", Class: "secret", Where: "request", Count: 1}},
			}},
			{ID: 3, Key: scanner.Key{Scheme: "http", Host: "10.0.0.5:8080", Method: "POST", Path: "/mcp"}, Kind: llm.KindMCP, Access: scanner.AccessInternal, Count: 9, FirstSeen: now},
			{ID: 4, Key: at("ai.example", "/never"), Kind: llm.KindLLM, Access: scanner.AccessPublic, Documented: scanner.DocumentedNever},
			{ID: 5, Key: at("ai.example", "/old"), Kind: llm.KindLLM, Access: scanner.AccessPublic, Count: 9, Merged: 1},
		},
		Assets: []*scanner.Asset{
			{ID: 11, Kind: scanner.AssetModel, Name: "gpt-4o", Host: "api.openai.com", Provider: "openai", Count: 3, Facts: scanner.AssetFacts{Endpoints: []scanner.EndpointID{2}}},
			{ID: 12, Kind: scanner.AssetTool, Name: "transferMoney", Versions: 1},
			{ID: 13, Kind: scanner.AssetMCPTool, Name: "list_payments", Versions: 2, Facts: scanner.AssetFacts{Warnings: []string{"says: do not tell the user"}}},
			{ID: 14, Kind: scanner.AssetKey, Name: "sk-…abcd", Facts: scanner.AssetFacts{Header: "?key", Hosts: []string{"a", "b"}, Clients: []string{"curl"}}},
			{ID: 15, Kind: scanner.AssetClient, Name: "curl"},
		},
		Places: []*scanner.Place{
			{Endpoint: 1, Direction: "request", Role: "system", Type: "PASSWORD", Class: "secret", Count: 4},
			{Endpoint: 3, Direction: "request", Role: "user", Type: "PASSWORD", Class: "secret", Count: 4},
		},
		Imported: []*scanner.Model{{ID: 1, Name: "ours", Model: "shop-7b", URL: "https://ai.example/chat", Provider: "custom"}},
		Tests:    []requirement.Test{{Target: "model:1", Endpoint: 1, Host: "ai.example", Model: "shop-7b", Decided: true}, {Target: "exchange:9", Endpoint: 3, Host: "10.0.0.5:8080"}},
		Findings: []scanner.Finding{
			{ID: 21, Template: "override", Title: "Override", Severity: scanner.SeverityCritical, State: scanner.FindingNew, Target: "model:1", Name: "ours", First: now.AddDate(0, 0, -50)},
			{ID: 22, Template: "leak", Title: "Leak", Severity: scanner.SeverityCritical, State: scanner.FindingFixed, Mended: 4, Target: "model:1", First: now.AddDate(0, 0, -50)},
		},
		Threats:  []*scanner.Threat{{ID: 31, Rule: "x", Title: "X", Severity: scanner.SeverityHigh, State: scanner.ThreatNew}},
		Policies: []scanner.Policy{{ID: 1, Name: "keys", On: true, Action: scanner.Monitor, Side: scanner.InRequest, Types: []string{"secret"}}},
		Guard:    scanner.GuardOff,
	}
}

func check(t *testing.T, w *requirement.World, id string) requirement.Outcome {
	t.Helper()
	all := presets(t)
	at := slices.IndexFunc(all, func(r *requirement.Requirement) bool { return r.ID == id })
	if at < 0 {
		t.Fatalf("there is no preset %s", id)
	}
	subjects, complete := w.Subjects(all[at].Of)
	return all[at].Check(subjects, complete, w.Now)
}

func refs(list []requirement.Subject) string {
	var all []string
	for _, s := range list {
		all = append(all, s.Ref())
	}
	return strings.Join(all, " ")
}

func TestPresetsOfAProject(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{ // state, of how many, which fail, of which nothing is known
		"ai-endpoints-authenticate":             "fail 3 | endpoint:1 | endpoint:3 endpoint:4",
		"no-plain-http":                         "fail 4 | endpoint:3 | ",
		"tls-1-2-or-newer":                      "fail 3 | endpoint:1 | endpoint:2 endpoint:4",
		"certificates-verified":                 "fail 3 | endpoint:1 | endpoint:2 endpoint:4",
		"certificates-last":                     "fail 2 | endpoint:1 | endpoint:4",
		"rate-limits-named":                     "fail 3 | endpoint:1 endpoint:3 | endpoint:4",
		"no-shadow-ai-endpoint":                 "fail 3 | endpoint:1 | endpoint:3",
		"no-secrets-to-third-parties":           "fail 1 | endpoint:2 | ",
		"no-secrets-in-answers":                 "fail 4 | endpoint:1 | endpoint:4",
		"no-secrets-in-system-prompts":          "fail 3 | endpoint:1 | endpoint:4",
		"no-stack-traces":                       "fail 3 | endpoint:1 | endpoint:4",
		"cors-with-credentials-is-closed":       "fail 3 | endpoint:1 | endpoint:4",
		"every-ai-endpoint-tested":              "fail 3 | endpoint:3 endpoint:4 | ",
		"no-endpoint-at-high-risk":              "fail 4 | endpoint:1 | endpoint:4",
		"mcp-servers-not-open":                  "unknown 1 |  | endpoint:3",
		"vector-stores-not-public":              "unknown 0 |  | ",
		"local-ai-endpoints-authenticate":       "unknown 0 |  | ",
		"every-model-tested":                    "fail 2 | model:gpt-4o | ",
		"models-are-listed":                     "fail 1 | model:gpt-4o | ",
		"no-personal-data-to-unlisted-models":   "pass 1 |  | ",
		"tools-that-pay-need-approval":          "fail 1 | tool:transferMoney | ",
		"tools-that-run-programs-need-approval": "unknown 0 |  | ",
		"tools-give-no-orders":                  "fail 2 | tool:list_payments | ",
		"tool-definitions-stay":                 "fail 1 | tool:list_payments | ",
		"keys-not-shared":                       "pass 1 |  | ",
		"keys-not-in-addresses":                 "fail 1 | key:14 | ",
		"keys-go-to-one-host":                   "fail 1 | key:14 | ",
		"no-open-critical-finding":              "fail 2 | finding:21 | ",
		"no-open-high-finding":                  "pass 0 |  | ",
		"no-finding-older-than-30-days":         "fail 1 | finding:21 | ",
		"no-open-critical-threat":               "pass 0 |  | ",
		"secrets-are-held-back":                 "fail 1 | policy:1 | ",
		"guard-is-on":                           "fail 1 | policy:1 | ",
	} {
		o := check(t, shop(), id)
		if got := fmt.Sprintf("%s %d | %s | %s", o.State, o.Of, refs(o.Failing), refs(o.Dark)); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

// TestMended changes one thing at a time, and looks whether that is seen.
func TestMended(t *testing.T) {
	t.Parallel()
	for id, mend := range map[string]func(*requirement.World){
		"tools-that-pay-need-approval": func(w *requirement.World) {
			w.Policies = append(w.Policies, scanner.Policy{ID: 2, Name: "ask", On: true, Action: scanner.Approve, Tools: []string{"transfer*"}})
		},
		"secrets-are-held-back":    func(w *requirement.World) { w.Policies[0].Action = scanner.Redact },
		"no-open-critical-finding": func(w *requirement.World) { w.Findings[0].State, w.Findings[0].Mended = scanner.FindingFixed, 5 },
		"models-are-listed": func(w *requirement.World) {
			w.Imported = append(w.Imported, &scanner.Model{ID: 2, Model: "gpt-4o", URL: "https://API.openai.com/v1/chat/completions"})
		},
		"keys-go-to-one-host": func(w *requirement.World) { w.Assets[3].Facts.Hosts = []string{"a"} },
		"guard-is-on":         func(w *requirement.World) { w.Guard = scanner.GuardEnforce },
	} {
		if o := check(t, shop(), id); o.State != requirement.Fail {
			t.Errorf("%s is %s before", id, o.State)
		}
		w := shop()
		mend(w)
		if o := check(t, w, id); o.State != requirement.Pass {
			t.Errorf("%s is %s after: %s", id, o.State, refs(o.Failing))
		}
	}
	// A policy that is off, or that only says what it would do, asks nobody.
	for _, p := range []scanner.Policy{{On: false, Action: scanner.Approve, Tools: []string{"*"}}, {On: true, Action: scanner.Monitor, Tools: []string{"*"}}, {On: true, Action: scanner.Block, Tools: []string{"*pay*"}}} {
		w := shop()
		w.Policies = []scanner.Policy{p}
		if o := check(t, w, "tools-that-pay-need-approval"); o.State != requirement.Fail {
			t.Errorf("%+v makes it %s", p, o.State)
		}
	}
}

// TestUnknownIsNotPass: of a project of which nothing is known nothing holds, but for what somebody looked at.
func TestUnknownIsNotPass(t *testing.T) {
	t.Parallel()
	w := &requirement.World{Now: now}
	for _, r := range presets(t) {
		if r.Of == requirement.Exchanges {
			continue
		}
		subjects, complete := w.Subjects(r.Of)
		if o := r.Check(subjects, complete, now); o.State == requirement.Pass {
			t.Errorf("%s passes in a project that holds nothing", r.ID)
		}
	}
	// Endpoints that were never seen, only documented, tell nothing of what passes there.
	w.Endpoints = []*scanner.Endpoint{{ID: 1, Key: scanner.Key{Scheme: "https", Host: "a.example"}, Kind: llm.KindLLM, Access: scanner.AccessThirdParty, Documented: scanner.DocumentedNever}}
	for _, id := range []string{"no-secrets-to-third-parties", "no-secrets-in-answers", "tls-1-2-or-newer", "certificates-verified"} {
		if o := check(t, w, id); o.State != requirement.Unknown {
			t.Errorf("%s is %s of an endpoint that was never seen", id, o.State)
		}
	}
}

func TestPowers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"transferMoney": "money", "make_payment": "money", "refund": "money", "list_payments": "nothing", "getPaymentStatus": "nothing", "transfer_to_agent": "nothing",
		"bash": "program", "run_python_code": "program", "run_report": "nothing", "execute_sql": "program", "drop_table": "delete", "delete_and_send_mail": "delete send",
		"writeFile": "write", "create_file": "write", "create_ticket": "nothing", "weather": "nothing", "payroll": "nothing", "123": "",
	} {
		w := &requirement.World{Assets: []*scanner.Asset{{Kind: scanner.AssetTool, Name: name}}}
		list, _ := w.Subjects(requirement.Tools)
		if got := strings.Join(list[0].Strings("power", ""), " "); got != want {
			t.Errorf("%s can do %q, want %q", name, got, want)
		}
	}
}

// TestFields: every field of every sort of subject is told by some subject, so that none is a word without meaning.
func TestFields(t *testing.T) {
	t.Parallel()
	w := shop()
	w.Endpoints[0].Facts.Models, w.Endpoints[0].Facts.Tools, w.Endpoints[0].Facts.Clients = []string{"m"}, []string{"t"}, []string{"c"}
	w.Endpoints[0].Protocol, w.Endpoints[0].Provider, w.Endpoints[0].Family, w.Endpoints[0].LastSeen = "rest", "custom", "openai.chat", now
	for _, a := range w.Assets {
		a.FirstSeen, a.LastSeen, a.Host, a.Facts.Versions, a.Facts.Form, a.Facts.Process, a.Facts.SDK, a.Facts.Hosts = now, now, "h", []string{"v"}, "jwt", "p", "s", []string{"h"}
	}
	w.Findings[0].OWASP, w.Findings[0].Last = []string{"LLM01:2025"}, now
	w.Threats[0].OWASP, w.Threats[0].Host, w.Threats[0].Model, w.Threats[0].Actor = []string{"LLM01:2025"}, "h", "m", "a"
	w.Threats[0].First, w.Threats[0].Last = now, now
	for _, of := range requirement.Subjects {
		fields := requirement.Fields(of)
		subjects, _ := w.Subjects(of)
		for i := range fields {
			name := fields[i].Name
			told := slices.ContainsFunc(subjects, func(s requirement.Subject) bool {
				_, number := s.Number(name)
				return number || len(s.Strings(name, "")) > 0
			})
			if !told {
				t.Errorf("no subject among %s says anything of %s", of, name)
			}
			if fields[i].Sentence == "" || len(fields[i].Examples) == 0 {
				t.Errorf("%s of %s is not explained", name, of)
			}
		}
	}
}
