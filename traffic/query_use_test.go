package traffic_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"assay/traffic"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the files that tests compare with")

// said is an exchange's own facts with some of a conversation added, as packages that know conversations do.
type said struct {
	traffic.Facts
	texts   map[string][]string
	numbers map[string]int64
}

func (s said) Strings(field, key string) []string {
	if t, ok := s.texts[field]; ok {
		return t
	}
	return s.Facts.Strings(field, key)
}

func (s said) Number(field string) (int64, bool) {
	if n, ok := s.numbers[field]; ok {
		return n, true
	}
	return s.Facts.Number(field)
}

func TestMatch(t *testing.T) {
	t.Parallel()
	e := sample().Exchange
	e.ID = 411
	e.Started = now.Add(-30 * time.Minute)
	e.Response.Header = append(e.Response.Header, traffic.Field{Name: "X-Rate", Value: "Low"})
	facts := said{e.Facts(), map[string][]string{
		"text": {"What is our Refund policy for Zürich?"}, "user": {"refund it"}, "model": {"gpt-4o-mini"}, "tool": {"read_file", "bash"},
	}, map[string]int64{"tokens": 1200, "stream": 1, "cost": 250_000}}
	for filter, want := range map[string]bool{
		"": true, "host:a.example": true, "host=example": false, "host:*.example": true, "host:*.test": false, "-host:b": true,
		"path=/v1/chat": true, "path:/v1/*": true, `url:"x=%2F"`: true, "method=post": true, "scheme:https": true,
		"status:200": true, "status:2xx": true, "status>=400": false, "status!=200": false, "status:(404, 200)": true, "status:..199": false,
		"state:closed": true, "state:(open, closed)": true, "source:import": true, "wire:http": true, "mime:event": true,
		"header:x-rate": true, "header.x-rate=low": true, "header.x-rate=high": false, `header ~ /^X-Rate: L/`: true,
		"client=node": true, "error:hung": true, "has:fault": true, "has:(note, fault)": true, "has:frames": false,
		"tokens>1000": true, "tokens>1200": false, "tokens>=1200": true, "tokens:1k..2k": true, "tokens<1.2k": false, "tokens<=1.2k": true,
		"input_tokens>0": false, "not input_tokens>0": true, "stream:yes": true, "stream:no": false, "cost>$0.2": true, "cost<0.25": false,
		"duration:7ms": true, "duration<7ms": false, "ms>6.9": true, "ttft:6ms": true, "size>90": true, "size<1kB": true, "id:411": true,
		"age:<1h": true, "age:>1h": false, "since:-15m": false, "since:today": true, "until:yesterday": false, "started:2026-03-10": true,
		"started:2026-03": true, "started:2026-03-01..2026-03-09": false, "started:2026-03-01..2026-03-10": true, "started<2026-03-10T14:34": false,
		"started:..today": true, "started:-1h..-20m": true, "started:2026-03-10T14:34:05Z": true, "age:20m..1h": true, "started>2026": false,
		"refund policy": true, `"refund policy"`: true, `"policy refund"`: false, "refun": false, "refun*": true, "zürich": true, "ZÜRICH": true,
		"user:refund": true, "system:refund": false, "text ~ /ref.nd/i": true, "text ~ /ref.nd/": false, "model:gpt": true, "model=gpt-4o": false,
		"model:gpt-*mini": true, "model:gpt-*mino": false, "tool:bash": true, "tool=read": false, "(host:a.example or host:b) and not tokens>5k": true,
		"host:b or host:c": false, "not (host:a.example and tokens>1000)": false,
	} {
		q, err := traffic.Parse(filter)
		if err != nil {
			t.Errorf("%q: %v", filter, err)
		} else if got := q.Match(facts, now); got != want {
			t.Errorf("%q is %t, want %t", filter, got, want)
		}
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]string{
		`path:100%_`: `%100\%\_%`, `path=a\b`: `a\\b`, `path:/v1/*`: `/v1/%`, `path="/v1/*"`: `/v1/*`,
	} {
		q, err := traffic.Parse(filter)
		if err != nil {
			t.Fatal(err)
		}
		c := q.Root.(traffic.Compare)
		if got := c.Values[0].Like(c.Op); got != want {
			t.Errorf("%q: %q, want %q", filter, got, want)
		}
	}
	q, _ := traffic.Parse("host:a (tokens>5 or user:b) -host:c")
	if diff := cmp.Diff([]string{"host", "tokens", "user"}, q.Fields()); diff != "" {
		t.Error(diff)
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	known := func(field, prefix string) []string {
		return map[string][]string{"host": {"api.openai.com", "api.two words"}, "header.server": {"nginx"}}[field]
	}
	texts := func(suggestions []traffic.Suggestion) string {
		var b strings.Builder
		for i, s := range suggestions[:min(4, len(suggestions))] {
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(s.Text)
		}
		return b.String()
	}
	for _, c := range []struct {
		in         string
		cursor     int
		want       string
		start, end int
	}{
		{"", 0, "text: | system: | user: | assistant:", 0, 0},
		{"ho", 2, "host:", 0, 2},
		{"hostile", 2, "host:", 0, 2},
		{"é tok", 5, "tokens:", 2, 5},
		{"x -hos", 6, "host:", 3, 6},
		{"host", 4, "host: | host= | host!= | host~", 0, 4},
		{"host:", 5, `api.openai.com | "api.two words"`, 5, 5},
		{"host:api.o", 10, "api.openai.com", 5, 10},
		{"a host = (x, api.o", 18, "api.openai.com", 13, 18},
		{"state:o", 7, "open", 6, 7},
		{"state: ", 7, "open | streaming | complete | closed", 7, 7},
		{"(has:to", 7, "tool_calls | tool_results | tools", 5, 7},
		{"header.server:", 14, "nginx", 14, 14},
		{"thinking", 8, "thinking: | thinking~ | reasoning:", 0, 8},
		{"host:a an", 9, "assistant: | and ", 7, 9},
		{`"in a quo`, 9, "", 0, 0},
		{"since:y", 7, "yesterday", 6, 7},
	} {
		got := traffic.Suggest(c.in, c.cursor, known)
		if texts(got) != c.want {
			t.Errorf("%q at %d: %s, want %s", c.in, c.cursor, texts(got), c.want)
		} else if len(got) > 0 && (got[0].Start != c.start || got[0].End != c.end) {
			t.Errorf("%q at %d: replaces %d..%d, want %d..%d", c.in, c.cursor, got[0].Start, got[0].End, c.start, c.end)
		}
	}
}

// TestExamples holds that every example of the table parses and uses its field.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, f := range traffic.QueryFields() {
		for _, example := range f.Examples {
			q, err := traffic.Parse(example)
			if err != nil {
				t.Errorf("%s: %q: %v", f.Name, example, err)
			} else if names := q.Fields(); len(names) != 1 || names[0] != f.Name {
				t.Errorf("%s: %q uses %v", f.Name, example, names)
			}
		}
	}
}

// TestQueryDocs holds that docs/query.md says what the table of fields says.
func TestQueryDocs(t *testing.T) {
	t.Parallel()
	const name = "../docs/query.md"
	want := traffic.QueryMarkdown()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/query.md is not what the table says; run the test with -update:\n%s", diff)
	}
}
