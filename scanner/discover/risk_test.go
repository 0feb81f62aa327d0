package discover_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/discover"
)

func TestRisk(t *testing.T) {
	t.Parallel()
	var (
		open   = []scanner.Auth{{Kind: "none", N: 3, OK: 2}}
		closed = []scanner.Auth{{Kind: "bearer", Name: "authorization", N: 3, OK: 3}}
		none   = []scanner.Auth{{Kind: "none", N: 3}} // all refused
		seen   = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	)
	endpoint := func(kind llm.Kind, access scanner.Access, change func(e *scanner.Endpoint)) *scanner.Endpoint {
		e := &scanner.Endpoint{Key: scanner.Key{Scheme: "https", Host: "h", Method: "POST", Path: "/x"}, Kind: kind, Access: access, LastSeen: seen}
		e.Facts.Auth = closed
		if change != nil {
			change(e)
		}
		return e
	}
	sensitive := func(class, where string) func(*scanner.Endpoint) {
		return func(e *scanner.Endpoint) {
			e.Facts.Sensitive = []scanner.SensitiveTally{{Type: "T", Class: class, Where: where, Count: 1}}
		}
	}
	both := func(all ...func(*scanner.Endpoint)) func(*scanner.Endpoint) {
		return func(e *scanner.Endpoint) {
			for _, f := range all {
				f(e)
			}
		}
	}
	auth := func(a []scanner.Auth) func(*scanner.Endpoint) {
		return func(e *scanner.Endpoint) { e.Facts.Auth = a }
	}
	scheme := func(s string) func(*scanner.Endpoint) { return func(e *scanner.Endpoint) { e.Scheme = s } }
	cors := func(credentials bool, origins ...string) func(*scanner.Endpoint) {
		return func(e *scanner.Endpoint) { e.Facts.CORS = &scanner.CORS{Origins: origins, Credentials: credentials} }
	}
	tls := func(x scanner.TLS) func(*scanner.Endpoint) {
		return func(e *scanner.Endpoint) { e.Facts.TLS = []scanner.TLS{x} }
	}
	const (
		public, internal, loopback, third = scanner.AccessPublic, scanner.AccessInternal, scanner.AccessLoopback, scanner.AccessThirdParty
	)
	tests := []struct {
		name  string
		e     *scanner.Endpoint
		codes string
		risk  int
	}{
		{"nothing known", &scanner.Endpoint{}, "", 0},
		{"plain and closed", endpoint(llm.KindPlain, public, nil), "", 0},
		{"a model anybody may ask", endpoint(llm.KindLLM, public, auth(open)), "ai-no-auth", 40},
		{"one that refuses", endpoint(llm.KindLLM, public, auth(none)), "", 0},
		{"one on this machine", endpoint(llm.KindLLM, loopback, auth(open)), "local-no-auth", 10},
		{"somebody else's, recorded without its key", endpoint(llm.KindLLM, third, auth(open)), "", 0},
		{"an MCP server anybody may call", endpoint(llm.KindMCP, internal, auth(open)), "mcp-no-auth", 45},
		{"credentials that are not needed", endpoint(llm.KindPlain, public, auth(append(open, closed...))), "optional-auth write-no-auth", 35},
		{"a form anybody may send", endpoint(llm.KindPlain, public, auth(open)), "write-no-auth", 15},
		{"a page anybody may read", endpoint(llm.KindPlain, public, both(auth(open), func(e *scanner.Endpoint) { e.Method = "GET" })), "", 0},
		{"personal data for anybody", endpoint(llm.KindPlain, public, both(auth(open), sensitive("personal", "response"), func(e *scanner.Endpoint) { e.Method = "GET" })), "sensitive-no-auth", 35},
		{"personal data for those who may", endpoint(llm.KindPlain, public, sensitive("personal", "response")), "", 0},
		{"unencrypted", endpoint(llm.KindPlain, internal, both(scheme("http"), auth(none))), "plain-http", 25},
		{"unencrypted WebSocket", endpoint(llm.KindPlain, internal, both(scheme("ws"), auth(none))), "plain-http", 25},
		{"unencrypted with credentials", endpoint(llm.KindPlain, public, scheme("http")), "plain-http credentials-in-clear", 45},
		{"unencrypted on this machine", endpoint(llm.KindPlain, loopback, scheme("http")), "", 0},
		{"key in the URL", endpoint(llm.KindPlain, public, auth([]scanner.Auth{{Kind: "api-key", Name: "?key", OK: 1}})), "credentials-in-url", 15},
		{"secret in an answer", endpoint(llm.KindPlain, public, sensitive("secret", "response")), "secret-in-response", 40},
		{"secret to a third party", endpoint(llm.KindLLM, third, sensitive("secret", "request")), "secret-to-third-party", 35},
		{"secret to one's own", endpoint(llm.KindPlain, internal, sensitive("secret", "request")), "", 0},
		{"personal data to a third party", endpoint(llm.KindLLM, third, sensitive("personal", "request")), "personal-to-third-party", 20},
		{"payload to a third party", endpoint(llm.KindLLM, third, sensitive("payload", "request")), "", 0},
		{"CORS gives back the origin", endpoint(llm.KindPlain, public, cors(true, "reflected")), "cors-credentials", 30},
		{"somebody else's CORS", endpoint(llm.KindLLM, third, cors(true, "reflected", "*")), "", 0},
		{"CORS allows null", endpoint(llm.KindPlain, public, cors(true, "null")), "cors-credentials", 30},
		{"CORS allows all and credentials", endpoint(llm.KindPlain, public, cors(true, "*")), "cors-any-credentials", 15},
		{"CORS allows all", endpoint(llm.KindChatBackend, public, cors(false, "*")), "cors-any", 5},
		{"CORS allows one", endpoint(llm.KindChatBackend, public, cors(true, "https://a.example")), "", 0},
		{"certificate not verified", endpoint(llm.KindPlain, public, tls(scanner.TLS{Version: "TLS 1.3", Unverified: true, N: 1})), "unverified-certificate", 25},
		{"certificate expired", endpoint(llm.KindPlain, public, tls(scanner.TLS{Version: "TLS 1.3", Expiry: "2026-02-28T00:00:00Z", N: 1})), "expired-certificate", 20},
		{"certificate holds", endpoint(llm.KindPlain, public, tls(scanner.TLS{Version: "TLS 1.3", Expiry: "2026-03-28T00:00:00Z", N: 1})), "", 0},
		{"old TLS", endpoint(llm.KindPlain, public, tls(scanner.TLS{Version: "TLS 1.0", N: 1})), "old-tls", 15},
		{"tools that do harm", endpoint(llm.KindLLM, third, func(e *scanner.Endpoint) { e.Facts.Tools = []string{"get_weather", "run_command"} }), "dangerous-tools", 25},
		{"shadow", endpoint(llm.KindPlain, public, func(e *scanner.Endpoint) { e.Documented = scanner.DocumentedNo }), "shadow", 20},
		{"documented", endpoint(llm.KindPlain, public, func(e *scanner.Endpoint) { e.Documented = scanner.DocumentedYes }), "", 0},
		{"under a tunnel", endpoint(llm.KindPlain, public, func(e *scanner.Endpoint) { e.Facts.Dynamic = &scanner.Dynamic{Why: "host"} }), "dynamic", 10},
		{"named by an answer", endpoint(llm.KindPlain, public, func(e *scanner.Endpoint) { e.Facts.Dynamic = &scanner.Dynamic{Why: "named"} }), "", 0},
		{"stack traces", endpoint(llm.KindPlain, public, func(e *scanner.Endpoint) { e.Facts.Traces = 2 }), "stack-trace", 15},
		{"no rate limit", endpoint(llm.KindLLM, internal, func(e *scanner.Endpoint) { e.Facts.Statuses = []scanner.Tally{{Value: "200", N: 3}} }), "no-rate-limit", 5},
		{"too little seen of limits", endpoint(llm.KindLLM, internal, func(e *scanner.Endpoint) { e.Facts.Statuses = []scanner.Tally{{Value: "200", N: 2}} }), "", 0},
		{"a rate limit", endpoint(llm.KindLLM, internal, func(e *scanner.Endpoint) {
			e.Facts.Statuses = []scanner.Tally{{Value: "200", N: 3}}
			e.Facts.RateLimit = []scanner.RateLimit{{Header: "retry-after"}}
		}), "", 0},
		{"all at once is 100 at most", endpoint(llm.KindMCP, public, both(auth(open), scheme("http"), sensitive("secret", "response"), func(e *scanner.Endpoint) {
			e.Facts.Tools = []string{"bash"}
		})), "mcp-no-auth secret-in-response sensitive-no-auth plain-http dangerous-tools", 100},
	}
	covered := map[string]bool{}
	for _, tt := range tests {
		discover.Assess(tt.e)
		discover.Assess(tt.e) // what is worked out again is the same
		if got := codes(tt.e); got != tt.codes || tt.e.Risk != tt.risk {
			t.Errorf("%s: %q makes %d, want %q and %d", tt.name, got, tt.e.Risk, tt.codes, tt.risk)
		}
		for _, r := range tt.e.Facts.Risks {
			covered[r.Code] = true
			if r.What == "" || strings.Contains(r.What, "%!") || strings.HasSuffix(r.What, ".") || r.Points <= 0 {
				t.Errorf("%s: %+v is no sentence", tt.name, r)
			}
		}
	}
	for _, code := range discover.RiskCodes() {
		if !covered[code] {
			t.Errorf("no case shows %s", code)
		}
	}
}

// TestRiskIsWrittenDown compares the table of the handbook with the one of the program.
func TestRiskIsWrittenDown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "risk.md"))
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var code string
		var points int
		if n, _ := fmt.Sscanf(strings.NewReplacer("|", " ", "`", " ").Replace(line), "%s %d", &code, &points); n == 2 {
			written[code] = points
		}
	}
	if points := discover.RiskPoints(); !maps.Equal(written, points) {
		t.Errorf("docs/risk.md says %v, the program %v", written, points)
	}
}

func TestHarmful(t *testing.T) {
	t.Parallel()
	bad := strings.Fields(`bash run_command executeCommand shell local_shell code_interpreter code_execution text_editor_20250728 str_replace_based_edit_tool.bash
		sql_query run_sql write_file writeFile fs.write_file create_file edit_files delete_file make_payment transfer_funds sendMoney issue_refund
		computer_20250124 execute_python eval exec drop_table terminal mcp__shell__run apply_patch charge_card`)
	good := strings.Fields(`get_weather search read_file list_files web_search lookup_order calculator get_time executive_summary shellfish_recipes
		evaluate translate create_summary describe_table send_message write_poem run paypal_balance transfer_to_agent transfer_to_billing handoff`)
	for _, name := range bad {
		if !discover.Harmful(name) {
			t.Errorf("%s does harm", name)
		}
	}
	for _, name := range good {
		if discover.Harmful(name) {
			t.Errorf("%s does no harm", name)
		}
	}
	if slices.ContainsFunc([]string{"", "___", "ÄÖ"}, discover.Harmful) {
		t.Error("what has no words does harm")
	}
}

func TestStackTraces(t *testing.T) {
	t.Parallel()
	traces := []string{
		"Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\nValueError: x",
		`{"error":"Traceback (most recent call last):\n  File \"/app/main.py\", line 3"}`,
		"panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:7 +0x1d",
		"java.lang.NullPointerException: x\n\tat com.example.Main.run(Main.java:12)",
		`{"trace":"java.lang.NullPointerException: x\n\tat com.example.Main.run(Main.java:12)"}`,
		"TypeError: x is undefined\n    at handler (/srv/app/index.js:10:3)",
		"System.NullReferenceException: x\n   at App.Program.Main(String[] args) in /src/Program.cs:line 7",
		"PHP Fatal error: x\nStack trace:\n#0 /var/www/index.php(3): f()",
		"thread 'main' panicked\nstack backtrace:\n   0: std::panicking::begin_panic",
		"app/models/user.rb:12:in `find'",
	}
	harmless := []string{
		`{"error":{"message":"not found"}}`, "Look at the sky. Goroutines are fun.", `{"detail":"Please meet me    at noon"}`, "", `{"error":"Exception"}`,
	}
	for i, body := range append(traces, harmless...) {
		l := newLedger(t)
		l.fold(shot{url: "https://a.example/x", status: 500, answerHeader: "Content-Type: text/plain", answer: body})
		if got, want := l.only().Facts.Traces == 1, i < len(traces); got != want {
			t.Errorf("%q: %v, want %v", body, got, want)
		}
	}
	l := newLedger(t)
	l.fold(shot{url: "https://a.example/x", status: 200, answerHeader: "Content-Type: text/plain", answer: traces[0]})
	if l.only().Facts.Traces != 0 {
		t.Error("an answer that is no error tells about stack traces")
	}
}
