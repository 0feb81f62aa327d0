package traffic_test

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"assay/traffic"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var now = time.Date(2026, 3, 10, 15, 4, 5, 0, time.UTC)

// equalAST compares parsed filters by what their values mean.
var equalAST = cmp.Options{
	cmp.Comparer(func(a, b *regexp.Regexp) bool {
		return (a == nil) == (b == nil) && (a == nil || a.String() == b.String())
	}),
	cmp.Comparer(func(a, b traffic.Value) bool {
		alo, ahi := a.Bounds(now)
		blo, bhi := b.Bounds(now)
		return a.Text == b.Text && a.Glob == b.Glob && alo == blo && ahi == bhi
	}),
	cmpopts.EquateEmpty(),
}

func TestParseCanonical(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, canonical, explained string }{
		{"", "", "all exchanges"},
		{"host:openai.com and tokens>1000", "host:openai.com and tokens>1000", "exchanges to openai.com that used more than 1,000 tokens"},
		{"refund policy", "refund and policy", `exchanges that mention "refund" and that mention "policy"`},
		{`"refund policy"`, `"refund policy"`, `exchanges that mention "refund policy"`},
		{"refun*", "refun*", `exchanges that mention "refun…"`},
		{"status>=500", "status>=500", "exchanges answered with status at least 500"},
		{"status:5xx", "status:5xx", "exchanges answered with status 5xx"},
		{"status!=200", "status!=200", "exchanges not answered with status 200"},
		{"-host=a.example or not state:open", "host!=a.example or state!=open", "exchanges not to exactly a.example or whose state is not open"},
		{"tokens:1000..5000", "tokens:1000..5000", "exchanges that used between 1,000 and 5,000 tokens"},
		{"size:>1MB", "size>1MB", "exchanges with bodies of more than 1 MB"},
		{"age:<2h", "started>-2h", "exchanges that began in the last 2 hours"},
		{"since:yesterday", "started>=yesterday", "exchanges that began since yesterday"},
		{"started>-15m", "started>-15m", "exchanges that began in the last 15 minutes"},
		{"host:(openai.com, anthropic.com)", "host:(openai.com, anthropic.com)", "exchanges to openai.com or anthropic.com"},
		{`error ~ /rate|quota/i`, `error~/rate|quota/i`, "exchanges whose error matches /rate|quota/i"},
		{`model!~gpt`, `not model~/gpt/`, "exchanges whose model does not match /gpt/"},
		{"is:tools AND (stream:yes OR kind:llm)", "has:tools and (stream:yes or kind:llm)", "exchanges with tools and (that were streamed or of kind llm)"},
		{`header.User-Agent:python`, `header.user-agent:python`, "exchanges with a header user-agent that contains python"},
		{`system:"you are" user:(a, b)`, `system:"you are" and (user:a or user:b)`, `exchanges whose system text mentions "you are" and (in which the user said "a" or in which the user said "b")`},
		{`not (host:a or host:b)`, `not (host:a or host:b)`, "exchanges except those (to a or to b)"},
		{`model:claude-*`, `model:claude-*`, "exchanges whose model is like claude-*"},
		{`model:"claude-*"`, `model:"claude-*"`, "exchanges whose model contains claude-*"},
		{`http://a.example/x y`, `url:http://a.example/x and y`, `exchanges whose URL contains http://a.example/x and that mention "y"`},
		{`duration > 1.5s`, `duration>1.5s`, "exchanges that took more than 1.5 s"},
		{`cost>$0.10`, `cost>$0.10`, "exchanges that cost more than $0.10"},
		{`not not host:a`, `host:a`, "exchanges to a"},
		{`stream:no`, `stream:no`, "exchanges that were not streamed"},
		{`"and" "or"`, `"and" and "or"`, `exchanges that mention "and" and that mention "or"`},
		{`user ~ /pass(word)?/`, `user~/pass(word)?/`, `exchanges in which the user said something that matches /pass(word)?/`},
		{"endpoint:17", "endpoint:17", "exchanges whose endpoint is number 17"},
		{"sensitive=EMAIL_ADDRESS risk>=50", "sensitive=EMAIL_ADDRESS and risk>=50", "exchanges with data whose type or class is EMAIL_ADDRESS whose endpoint has a risk of at least 50"},
		{"new:no -first:today", "new:no and first!=today", "exchanges whose endpoint is not new and whose endpoint was not first seen today"},
		{"place:(5, 6) asset:12", "place:(5, 6) and asset:12", "exchanges with sensitive data at place 5 or 6 that have to do with asset 12"},
	} {
		q, err := traffic.Parse(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if got := q.String(); got != c.canonical {
			t.Errorf("%q: canonical %q, want %q", c.in, got, c.canonical)
		}
		if got := q.Explain(); got != c.explained {
			t.Errorf("%q: explained %q, want %q", c.in, got, c.explained)
		}
		again, err := traffic.Parse(q.String())
		if err != nil {
			t.Errorf("%q: canonical form %q: %v", c.in, q, err)
		} else if diff := cmp.Diff(q.Root, again.Root, equalAST); diff != "" {
			t.Errorf("%q: canonical form differs:\n%s", c.in, diff)
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in      string
		column  int
		message string
		nearest string
	}{
		{"hots:openai.com", 1, `no field "hots"; did you mean "host"?`, "host"},
		{"é tokenz>5", 3, `no field "tokenz"; did you mean "tokens"?`, "tokens"},
		{"localhost:8080", 1, `no field "localhost"; put it in quotes to search for the text`, ""},
		{"host:", 6, "a value should follow, as in host:openai.com", ""},
		{"(host:a", 1, "this ( is never closed", ""},
		{"host:a)", 7, "this ) closes nothing; put it in quotes to search for it", ""},
		{`host:"a`, 6, "this quote is never closed", ""},
		{"state:opne", 7, `state is never "opne"; did you mean "open"?`, ""},
		{"tokens>many", 8, `"many" is not a number; write it like 200, 10k or 5xx`, ""},
		{"host>5", 1, "field host cannot be more or less than something; use : = != or ~, as in host:openai.com", ""},
		{"status ~ /5/", 1, "field status is a number and takes no regular expression; use status:5xx", ""},
		{"error ~ /(/", 9, "missing closing ): `(`", ""},
		{"a and", 6, "the filter ends where a condition should follow", ""},
		{"or b", 1, "a condition should stand before this word; put it in quotes to search for it", ""},
		{"!!!", 3, "there is no word to search for here; use text ~ /…/ for signs", ""},
		{"tokens:9..3", 8, "the range ends before it begins", ""},
		{"started>soon", 9, `"soon" is not a time; write it like -15m, today, yesterday, 2026-01-31 or 2026-01-31T18:00`, ""},
		{"host~open(ai)", 10, "put quotes around the whole value, or a space after it", ""},
	} {
		_, err := traffic.Parse(c.in)
		var qe *traffic.QueryError
		if !errors.As(err, &qe) {
			t.Errorf("%q: error %v", c.in, err)
			continue
		}
		if qe.Column != c.column || qe.Message != c.message || qe.Nearest != c.nearest {
			t.Errorf("%q: column %d, %q, nearest %q; want %d, %q, %q", c.in, qe.Column, qe.Message, qe.Nearest, c.column, c.message, c.nearest)
		}
	}
}

func TestExplainEndpoints(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                              "all endpoints",
		"documented:shadow":             "endpoints that are shadow",
		"risk>=50 -count>1000":          "endpoints with a risk of at least 50 that do not have more than 1,000 exchanges",
		"access:(public, third-party)":  "endpoints whose access is public or third-party",
		"auth!=none":                    "endpoints whose authentication is not none",
		"new:yes and first:today":       "endpoints that are new and that were first seen today",
		"not last>-7d":                  "endpoints that were not last seen in the last 7 days",
		"sensitive:secret or kind:llm":  "endpoints with data whose type or class contains secret or of kind llm",
		"endpoint:(3, 4) host:a.exampl": "endpoints that are number 3 or 4 to a.exampl",
	} {
		q, err := traffic.Parse(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
		} else if got := q.ExplainEndpoints(); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
