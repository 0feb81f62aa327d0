package diff_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner/diff"
	"assay/test/corpus"
	"assay/traffic"
)

func side(body string) diff.Side {
	return diff.Side{Status: 200, Body: []byte(body)}
}

// answer is a side read from an OpenAI answer.
func answer(status int, body string) diff.Side {
	in := llm.Input{
		Method: "POST", URL: "https://api.openai.com/v1/chat/completions", Status: status, Ended: true,
		RequestHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}}, RequestBody: []byte(`{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}`),
		ResponseHeader: traffic.Header{{Name: "Content-Type", Value: "application/json"}}, ResponseBody: []byte(body),
	}
	c := llm.Parse(in)
	return diff.Side{Status: status, Header: in.ResponseHeader, Body: in.ResponseBody, Said: &c}
}

func chat(id, text, finish, calls string, tokens int) string {
	if calls == "" {
		calls = "null"
	}
	quoted, _ := json.Marshal(text)
	return fmt.Sprintf(`{"id":%q,"object":"chat.completion","created":%d,"model":"gpt-4o-2024","choices":[{"index":0,"message":{"role":"assistant","content":%s,"tool_calls":%s},"finish_reason":%q}],"usage":{"prompt_tokens":3,"completion_tokens":%d,"total_tokens":%d}}`,
		id, len(id), quoted, calls, finish, tokens, 3+tokens)
}

func joined(t diff.Text) (a, b string) {
	for _, s := range t.Segments {
		if s.Change != diff.Added {
			a += s.Text
		}
		if s.Change != diff.Removed {
			b += s.Text
		}
	}
	return a, b
}

func drawn(t diff.Text) string {
	var out strings.Builder
	for _, s := range t.Segments {
		switch s.Change {
		case diff.Added:
			out.WriteString("{+" + s.Text + "+}")
		case diff.Removed:
			out.WriteString("[-" + s.Text + "-]")
		default:
			out.WriteString(s.Text)
		}
	}
	return out.String()
}

func TestTextIsComparedByWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want string }{
		{"", "", ""},
		{"same", "same", "same"},
		{"", "new", "{+new+}"},
		{"gone", "", "[-gone-]"},
		{"the cat sat", "the dog sat", "the [-cat-]{+dog+} sat"},
		{"the red cat sat", "the blue dog sat", "the [-red cat-]{+blue dog+} sat"},
		{"Here is what I can say about refunds.", "I'm sorry, but I can't help with that.", "[-Here is what I can say about refunds-]{+I'm sorry, but I can't help with that+}."},
		{"costs 12.50 now", "costs 13.50 now", "costs [-12-]{+13+}.50 now"},
		{"don't do it", "do do it", "[-don't-]{+do+} do it"},
		{"退款需要三十天", "退款需要七天", "退款需要[-三十-]{+七+}天"},
		{"zu spät für Öl", "zu spät für Wein", "zu spät für [-Öl-]{+Wein+}"},
		{"a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"},
		{"x\xff\xfey", "x\xff\xfdy", ""},
	} {
		got := diff.CompareText(c.a, c.b)
		if a, b := joined(got); a != c.a || b != c.b {
			t.Errorf("%q and %q became %q and %q", c.a, c.b, a, b)
		}
		if d := drawn(got); c.want != "" && d != c.want {
			t.Errorf("%q against %q: %s, want %s", c.a, c.b, d, c.want)
		}
	}
}

func TestMovedPiecesAreMarked(t *testing.T) {
	t.Parallel()
	first, second := "Refunds take thirty days from today.\n", "Shipping is free above one hundred euros and otherwise not.\n"
	got := diff.CompareText(first+second, second+first)
	moved := 0
	for _, s := range got.Segments {
		if s.Moved {
			moved++
		}
	}
	if moved != 2 {
		t.Errorf("%d pieces are marked as moved in %s", moved, drawn(got))
	}
}

// TestHugeTextsEndInTime: bounded, and the result says that it is coarse.
func TestHugeTextsEndInTime(t *testing.T) {
	t.Parallel()
	var a, b strings.Builder
	for i := range 80_000 {
		fmt.Fprintf(&a, "word%d and\n", i*7%90_001)
		fmt.Fprintf(&b, "word%d or\n", i*11%90_001)
	}
	began := time.Now()
	got := diff.CompareText(a.String(), b.String())
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it took %s", took)
	}
	if got.Unit != "line" {
		t.Errorf("%d words were compared one by one", 4*80_000)
	}
	if x, y := joined(got); x != a.String() || y != b.String() {
		t.Error("the pieces do not make up the texts")
	}
	cut := diff.CompareText(strings.Repeat("a ", 3<<20), "b")
	if !cut.Cut {
		t.Error("only a part was compared, and nothing says so")
	}
}

func paths(list []diff.Delta) string {
	var out []string
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s %s %s→%s", d.Change, d.Path, d.A, d.B))
	}
	return strings.Join(out, "; ")
}

func TestJSONIsComparedByPath(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b   string
		ignore []string
		want   string
		hidden int
	}{
		"equal":            {a: `{"a":1,"b":[1,2]}`, b: `{ "b": [1, 2], "a": 1 }`},
		"changed":          {a: `{"a":{"b":1}}`, b: `{"a":{"b":"1"}}`, want: `changed /a/b 1→"1"`},
		"added":            {a: `{}`, b: `{"x/y":{"z":[1]}}`, want: `added /x~1y →{"z": [1]}`},
		"removed":          {a: `{"a":null}`, b: `{}`, want: `removed /a null→`},
		"kinds":            {a: `[1]`, b: `{"0":1}`, want: `changed  [1]→{"0": 1}`},
		"insert in front":  {a: `[{"n":1},{"n":2},{"n":3}]`, b: `[{"n":0},{"n":1},{"n":2},{"n":3}]`, want: `added /0 →{"n": 0}`},
		"element changed":  {a: `[{"n":1,"t":"a"},{"n":2}]`, b: `[{"n":1,"t":"b"},{"n":2}]`, want: `changed /0/t "a"→"b"`},
		"large numbers":    {a: `{"n":12345678901234567890}`, b: `{"n":12345678901234567891}`, want: `changed /n 12345678901234567890→12345678901234567891`},
		"duplicate keys":   {a: `{"a":1,"a":2}`, b: `{"a":2}`},
		"ids are noise":    {a: `{"id":"x","choices":[{"message":{"tool_call_id":"1"},"text":"a"}]}`, b: `{"id":"y","choices":[{"message":{"tool_call_id":"2"},"text":"b"}]}`, ignore: []string{diff.NoiseIDs}, want: `changed /choices/0/text "a"→"b"`, hidden: 2},
		"noise in arrays":  {a: `[{"id":1,"t":"a"},{"id":2,"t":"b"}]`, b: `[{"id":9,"t":"b"}]`, ignore: []string{diff.NoiseIDs}, want: `removed /0 {"id": 1, "t": "a"}→`, hidden: 1},
		"usage and dates":  {a: `{"created":1,"usage":{"a":1},"max_tokens":5}`, b: `{"created":2,"usage":{"a":2},"max_tokens":6}`, ignore: diff.Noises(), want: `changed /max_tokens 5→6`, hidden: 2},
		"a path of my own": {a: `{"a":[{"b":1},{"b":2}],"c":1}`, b: `{"a":[{"b":3},{"b":4}],"c":2}`, ignore: []string{"/a/*/b"}, want: `changed /c 1→2`, hidden: 2},
	} {
		got := diff.Compare(side(c.a), side(c.b), c.ignore)
		if got.Bytes.Form != diff.FormJSON || paths(got.Bytes.Changes) != c.want {
			t.Errorf("%s: %s %s, want %s", name, got.Bytes.Form, paths(got.Bytes.Changes), c.want)
		}
		hidden := 0
		for _, ignored := range got.Ignored {
			hidden += ignored.Hidden
		}
		if hidden != c.hidden || len(got.Ignored) != len(c.ignore) {
			t.Errorf("%s: %+v, want %d hidden", name, got.Ignored, c.hidden)
		}
	}
}

func TestBodiesThatAreNoJSON(t *testing.T) {
	t.Parallel()
	lines := diff.Compare(side("a\nb\nc"), side("a\nx\nc"), nil)
	if lines.Bytes.Form != diff.FormLines || drawn(lines.Bytes.Lines) != "a\n[-b\n-]{+x\n+}c" {
		t.Errorf("%s %s", lines.Bytes.Form, drawn(lines.Bytes.Lines))
	}
	bin := diff.Compare(side("a\x00\xffb"), side("a\x00\xfeb"), nil)
	if bin.Bytes.Form != diff.FormBinary || paths(bin.Bytes.Changes) != "changed byte 2 ff62→fe62" {
		t.Errorf("%s %s", bin.Bytes.Form, paths(bin.Bytes.Changes))
	}
	stream := func(id, word string) diff.Side {
		s := side("data: {\"id\":\"" + id + "\",\"d\":\"same\"}\n\ndata: {\"id\":\"" + id + "\",\"d\":\"" + word + "\"}\n\ndata: [DONE]\n\n")
		s.Header = traffic.Header{{Name: "Content-Type", Value: "text/event-stream"}}
		return s
	}
	events := diff.Compare(stream("1", "a"), stream("2", "b"), diff.Noises())
	if events.Bytes.Form != diff.FormEvents || paths(events.Bytes.Changes) != `changed /1/d "a"→"b"` {
		t.Errorf("%s %s", events.Bytes.Form, paths(events.Bytes.Changes))
	}
}

func TestHeadersAreCompared(t *testing.T) {
	t.Parallel()
	a, b := side(""), side("")
	a.Header = traffic.Header{{Name: "Date", Value: "1"}, {Name: "X-Model", Value: "a"}, {Name: "Gone", Value: ""}}
	b.Header = traffic.Header{{Name: "date", Value: "2"}, {Name: "x-model", Value: "b"}, {Name: "X-RateLimit-Left", Value: "1"}}
	got := diff.Compare(a, b, []string{diff.NoiseDates, diff.NoiseTransport})
	if paths(got.Bytes.Headers) != "changed X-Model a→b; removed Gone →" || got.Ignored[0].Hidden != 1 || got.Ignored[1].Hidden != 1 {
		t.Errorf("%s %+v", paths(got.Bytes.Headers), got.Ignored)
	}
}

func facts(r diff.Result) string {
	var out []string
	for _, f := range r.Facts {
		if f.Change != diff.Same {
			out = append(out, fmt.Sprintf("%s %s %s→%s", f.Change, f.Name, f.A, f.B))
		}
	}
	return strings.Join(out, "; ")
}

func TestMeaning(t *testing.T) {
	t.Parallel()
	call := func(name, arguments string) string {
		quoted, _ := json.Marshal(arguments)
		return fmt.Sprintf(`[{"id":"c","type":"function","function":{"name":%q,"arguments":%s}}]`, name, quoted)
	}
	hello := answer(200, chat("a", "Hello", "stop", "", 4))
	for name, c := range map[string]struct {
		a, b diff.Side
		want string
	}{
		"the same but for noise": {hello, answer(200, chat("bb", "Hello", "stop", "", 9)), ""},
		"looks like a refusal":   {hello, answer(200, chat("b", "I'm sorry, but I can't help with that.", "stop", "", 4)), "changed refusal no→looks"},
		"filtered":               {hello, answer(200, chat("b", "Hel", "content_filter", "", 4)), "changed refusal no→yes; changed finish stop→content_filter"},
		"tool called":            {hello, answer(200, chat("b", "", "tool_calls", call("pay", `{"b":1,"a":2}`), 4)), `added tool_call →pay({"a":2,"b":1}); changed finish stop→tool_calls`},
		"same arguments":         {answer(200, chat("a", "", "tool_calls", call("pay", `{"b":1,"a":2}`), 4)), answer(200, chat("b", "", "tool_calls", call("pay", ` {"a":2, "b":1}`), 4)), ""},
		"other arguments":        {answer(200, chat("a", "", "tool_calls", call("pay", `{"a":2}`), 4)), answer(200, chat("b", "", "tool_calls", call("pay", `{"a":3}`), 4)), `changed tool_call pay({"a":2})→pay({"a":3})`},
		"an error": {
			hello, answer(429, `{"error":{"message":"slow down","type":"rate_limit","code":null}}`),
			"changed status 200→429; added error →rate_limit: slow down; removed finish stop→; removed model gpt-4o-2024→",
		},
	} {
		got := diff.Compare(c.a, c.b, diff.Noises())
		if text := facts(got); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
		if sameMeaning(&got) != (c.want == "") {
			t.Errorf("%s: the meaning is the same: %v", name, sameMeaning(&got))
		}
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	var answers []diff.Side
	for i := range 8 {
		answers = append(answers, answer(200, chat(fmt.Sprint("r", i), []string{"I'm sorry, but I can't help with that.", "I cannot assist with this request."}[i/6], "stop", "", 5)))
	}
	answers = append(answers, answer(200, chat("x", "Sure: first, …", "stop", "", 9)), answer(500, `{"error":{"message":"oops","type":"server_error"}}`))
	got := diff.Group(answers)
	if len(got) != 3 || got[0].Kind != diff.LooksDeclined || got[0].N != 8 || len(got[0].Equal) != 2 || len(got[0].Equal[0].Members) != 6 {
		t.Fatalf("%+v", got)
	}
	if got[1].Kind != diff.Answered || got[2].Kind != diff.Failed || got[2].Detail != "server_error: oops" || got[2].Equal[0].Members[0] != 9 {
		t.Errorf("%+v", got[1:])
	}
}

// TestRefusalPhrases measures the guess against labelled answers, which are not part of the repository.
func TestRefusalPhrases(t *testing.T) {
	t.Parallel()
	hit, all := map[string]int{}, map[string]int{}
	type labelled struct{ Text, Label string }
	for _, row := range corpus.Read[labelled](t, "prompts", "refusals-dev.jsonl.zst") {
		all[row.Label]++
		if diff.Refused(&llm.Conversation{Answer: row.Text}) == diff.RefusalLooks {
			hit[row.Label]++
		} else if row.Label == "refusal" {
			t.Logf("missed: %.120q", row.Text)
		}
		if row.Label == "compliance" && diff.Refused(&llm.Conversation{Answer: row.Text}) != diff.RefusalNone {
			t.Logf("false: %.200q", row.Text)
		}
	}
	t.Logf("of %v are taken for refusals %v", all, hit)
	if hit["refusal"]*100 < all["refusal"]*80 || hit["compliance"]*100 > all["compliance"]*5 {
		t.Errorf("of %v are taken for refusals %v", all, hit)
	}
}

// sameMeaning reports whether no fact differs.
func sameMeaning(r *diff.Result) bool {
	return !slices.ContainsFunc(r.Facts, func(f diff.Fact) bool { return f.Change != diff.Same })
}
