package rule_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/scanner"
	"assay/scanner/rule"
	"assay/traffic"
)

// written is a rule whose samples say nothing of what a test is about.
func written(tb testing.TB, id, body string) *rule.Rule {
	tb.Helper()
	text := "id: " + id + "\nname: A rule\nmeaning: It means something.\nseverity: low\nadvice: Do something.\n" + body +
		"\nsamples: {match: [{user: x}], no_match: [{user: x}]}\n"
	if !strings.Contains(body, "sign") { // samples that are prose are not proven without detectors; others would be
		text = strings.Replace(text, "samples: {match: [{user: x}], no_match: [{user: x}]}", sampleFor[id], 1)
	}
	r, err := rule.Parse(id+".yaml", []byte(text), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// sampleFor are samples of rules that ask for no sign.
var sampleFor = map[string]string{
	"failing": `samples: {match: [{repeat: 40, url: "https://a.example/", status: 500}], no_match: [{url: "https://a.example/"}]}`,
	"paths":   `samples: {match: [{repeat: 5, url: "https://a.example/{{n}}"}], no_match: [{repeat: 9, url: "https://a.example/"}]}`,
	"tokens":  `samples: {match: [{repeat: 3, user: x, input_tokens: 500}], no_match: [{repeat: 9, user: x}]}`,
	"hosts":   `samples: {match: [{steps: [{repeat: 3, url: "https://a.example/"}, {url: "https://b.example/"}]}], no_match: [{repeat: 9, url: "https://a.example/"}]}`,
	"young":   `samples: {match: [{steps: [{actor: "key:a", url: "https://a.example/"}, {after: 2h, actor: "key:b", url: "https://a.example/"}]}], no_match: [{repeat: 9, url: "https://a.example/"}]}`,
	"alarmed": `samples: {match: [{alarms: [{kind: tokens}]}], no_match: [{user: x}]}`,
}

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// sight is an exchange of an actor at a time, with an injection of a user of that score.
func sight(n int, after time.Duration, actor string, score float64) *scanner.Sight {
	x := &traffic.Exchange{ID: traffic.ID(n), Started: monday.Add(after)}
	x.Request.Method, x.Request.URL = "POST", fmt.Sprintf("https://api.example/v1/%d", n)
	s := &scanner.Sight{Exchange: x.ID, At: x.Started, Actor: scanner.ActorKey(actor), Host: "api.example", Status: 200, Facts: x.Facts()}
	if score > 0 {
		s.Signs = []scanner.Sign{{Kind: scanner.SignInjection, Name: "persona", Side: scanner.InRequest, Role: "user", Where: "message:0", Score: score, Why: "Somebody plays a role"}}
	}
	return s
}

func newSet(tb testing.TB, settings []scanner.RuleSetting, rules ...*rule.Rule) *rule.Set {
	tb.Helper()
	set, err := rule.NewSet(rules, settings)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

const threeInTen = "when: {sign: injection, role: user}\nwindow: {per: actor, within: 10m, count: 3}"

// TestCount counts three within ten minutes, actor by actor.
func TestCount(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		at   []time.Duration
		want []bool
	}{
		"within":                      {[]time.Duration{0, time.Minute, 2 * time.Minute, 3 * time.Minute}, []bool{false, false, true, true}},
		"the first is too old":        {[]time.Duration{0, 5 * time.Minute, 10 * time.Minute, 11 * time.Minute}, []bool{false, false, false, true}},
		"a late one counts":           {[]time.Duration{5 * time.Minute, 9 * time.Minute, 4 * time.Minute}, []bool{false, false, true}},
		"one from long before starts": {[]time.Duration{5 * time.Hour, 5*time.Hour + time.Minute, 0, time.Minute, 2 * time.Minute}, []bool{false, false, false, false, true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := newSet(t, nil, written(t, "three", threeInTen))
			for i, at := range tc.at {
				set.Observe(sight(100+i, at, "key:b", 0), nil) // nothing
				set.Observe(sight(200+i, at, fmt.Sprint("key:", i), 0.9), nil)
				if got := len(set.Observe(sight(i+1, at, "key:a", 0.9), nil)) == 1; got != tc.want[i] {
					t.Errorf("exchange %d: %v", i, got)
				}
			}
		})
	}
}

// TestTold gives what a window counted before once, oldest first, and says what it counted.
func TestTold(t *testing.T) {
	t.Parallel()
	set := newSet(t, nil, written(t, "three", threeInTen))
	for i := range 2 {
		set.Observe(sight(i+1, time.Duration(i)*time.Minute, "key:a", 0.9), nil)
	}
	first := set.Observe(sight(3, 3*time.Minute, "key:a", 0.9), nil)
	if len(first) != 1 || len(first[0].Past) != 2 || first[0].Past[0].Exchange != 1 || first[0].Past[1].Exchange != 2 {
		t.Fatalf("the past is %+v", first)
	}
	m := first[0]
	if m.Group != "key:a" || m.Count != 3 || len(m.Signs) != 1 || !m.Past[0].At.Equal(monday) || m.Past[0].What != "Somebody plays a role" {
		t.Errorf("told badly: %+v", m)
	}
	if want := "3 exchanges within 10m, where 3 are too many: somebody plays a role (message:0)."; m.Seen != want {
		t.Errorf("said %q, not %q", m.Seen, want)
	}
	if again := set.Observe(sight(4, 4*time.Minute, "key:a", 0.9), nil); len(again) != 1 || len(again[0].Past) != 0 {
		t.Errorf("told twice: %+v", again)
	}
}

// TestMany counts as many as there are, but for a thirty-second part of the window, though few are kept apart.
func TestMany(t *testing.T) {
	t.Parallel()
	set := newSet(t, nil, written(t, "many", "when: {sign: injection}\nwindow: {per: actor, within: 24h, count: 1000}"))
	told := 0
	for i := range 5000 { // one a minute: 1,440 within a day
		got := set.Observe(sight(i+1, time.Duration(i)*time.Minute, "key:a", 0.9), nil)
		if held := len(got) == 1; held != (i >= 999) {
			t.Fatalf("exchange %d: %v", i+1, got)
		}
		for _, m := range got {
			want := float64(min(i+1, 1440))
			if m.Count > want || m.Count < want-1440/32-1 {
				t.Fatalf("exchange %d: %v counted, there are %v", i+1, m.Count, want)
			}
			told += len(m.Past)
		}
	}
	if told == 0 || told > 100 {
		t.Errorf("%d moments of the past are told", told)
	}
	for i := range 5 { // three days later nothing is left of it
		if got := set.Observe(sight(6000+i, 200*time.Hour+time.Duration(i)*time.Minute, "key:a", 0.9), nil); len(got) > 0 {
			t.Fatalf("%+v", got)
		}
	}
}

// TestWindows counts in the other ways.
func TestWindows(t *testing.T) {
	t.Parallel()
	status := func(n int, code int) *scanner.Sight {
		s := sight(n, time.Duration(n)*time.Second, "key:a", 0)
		s.Status = code
		return s
	}
	t.Run("rate", func(t *testing.T) {
		t.Parallel()
		set := newSet(t, nil, written(t, "failing", "when: {filter: \"status:5xx\"}\nwindow: {per: host, within: 1h, rate: {over: 0.5, least: 10}}"))
		for i := range 12 {
			code := 200
			if i >= 6 {
				code = 500
			}
			if got := set.Observe(status(i+1, code), nil); (len(got) == 1) != (i == 11) {
				t.Errorf("exchange %d: %+v", i+1, got)
			}
		}
	})
	t.Run("sum", func(t *testing.T) {
		t.Parallel()
		set := newSet(t, nil, written(t, "tokens", `window: {per: actor, within: 1h, sum: {of: tokens, over: 1000}}`))
		for i := range 3 {
			s := sight(i+1, time.Duration(i)*time.Second, "key:a", 0)
			s.Input, s.Output = 300, 100
			got := set.Observe(s, nil)
			if (len(got) == 1) != (i == 2) || i == 2 && got[0].Count != 1200 {
				t.Errorf("exchange %d: %+v", i+1, got)
			}
		}
	})
	t.Run("new", func(t *testing.T) {
		t.Parallel()
		set := newSet(t, nil, written(t, "hosts", `window: {per: all, new: {of: host, after: 3}}`))
		for i, host := range []string{"a", "b", "a", "c", "c", "b"} {
			s := sight(i+1, time.Duration(i)*time.Second, "key:a", 0)
			s.Host = host
			if got := set.Observe(s, nil); (len(got) == 1) != (i == 3) {
				t.Errorf("exchange %d: %+v", i+1, got)
			}
		}
	})
	t.Run("nobody", func(t *testing.T) {
		t.Parallel()
		set := newSet(t, nil, written(t, "three", threeInTen))
		for i := range 9 {
			if got := set.Observe(sight(i+1, 0, "", 0.9), nil); len(got) > 0 {
				t.Errorf("what nobody sent is counted as somebody's: %+v", got)
			}
		}
	})
	t.Run("young", func(t *testing.T) {
		t.Parallel()
		set := newSet(t, nil, written(t, "young", `when: {young: 1h}`))
		for i, step := range []struct {
			after time.Duration
			actor string
			want  bool
		}{{0, "key:a", false}, {time.Minute, "key:b", false}, {2 * time.Hour, "key:c", true}, {2 * time.Hour, "key:a", false}, {200 * time.Minute, "key:c", false}} {
			if got := set.Observe(sight(i+1, step.after, step.actor, 0), nil); (len(got) == 1) != step.want {
				t.Errorf("step %d: %+v", i, got)
			}
		}
	})
}

// TestSettings switches rules off and sets their thresholds and severities.
func TestSettings(t *testing.T) {
	t.Parallel()
	one := written(t, "one", "when: {sign: injection, least: 0.6}")
	three := written(t, "three", threeInTen)
	if one.Limit != 0.6 || one.LimitOf == "" || three.Limit != 3 || three.LimitOf != "exchanges" || !one.Single || three.Single {
		t.Errorf("limits are %v %q and %v %q", one.Limit, one.LimitOf, three.Limit, three.LimitOf)
	}
	set := newSet(t, []scanner.RuleSetting{{Rule: "one", Threshold: 0.9, Severity: scanner.SeverityCritical}, {Rule: "three", Threshold: 2}, {Rule: "gone", Off: true}}, one, three)
	if got := set.Observe(sight(1, 0, "key:a", 0.8), nil); len(got) != 0 {
		t.Errorf("the threshold is not the person's: %+v", got)
	}
	got := set.Observe(sight(2, 0, "key:a", 0.95), nil)
	if len(got) != 2 || got[0].Severity != scanner.SeverityCritical || got[1].Rule != three {
		t.Errorf("%+v", got)
	}
	off := newSet(t, []scanner.RuleSetting{{Rule: "one", Off: true}}, one)
	if got := off.Observe(sight(1, 0, "key:a", 1), nil); len(got) > 0 || len(off.Single(sight(1, 0, "key:a", 1))) > 0 || len(off.Rules()) != 1 {
		t.Errorf("it is off: %+v", got)
	}
	if _, err := rule.NewSet([]*rule.Rule{one, one}, nil); err == nil {
		t.Error("two rules have one id")
	}
}

// TestAlarms makes of alarms what rules ask for.
func TestAlarms(t *testing.T) {
	t.Parallel()
	r := written(t, "alarmed", `when: {any: [{alarm: tokens}, {alarm: risk, slow: true}]}`)
	set := newSet(t, nil, r)
	alarm := scanner.Alarm{Kind: "tokens", Score: 2, Usual: "1 to 3", Seen: "90 tokens this hour", Past: []scanner.Moment{{What: "x"}}}
	got := set.Observe(sight(1, 0, "key:a", 0), []scanner.Alarm{{Kind: "tokens", Score: 1.5}, alarm, {Kind: "requests", Score: 9}})
	if len(got) != 1 || got[0].Alarm == nil || got[0].Alarm.Score != 2 || got[0].Usual != "1 to 3" || got[0].Seen != "90 tokens this hour." || len(got[0].Past) != 1 {
		t.Errorf("%+v", got)
	}
	if got := set.Observe(sight(1, 0, "key:a", 0), []scanner.Alarm{{Kind: "tokens", Score: 0.9}, {Kind: "risk", Score: 5}}); len(got) > 0 {
		t.Errorf("%+v", got)
	}
	if r.Single || len(set.Single(sight(1, 0, "key:a", 0))) > 0 {
		t.Error("a rule over alarms looks at more than one exchange")
	}
}

// TestSingle is asked by many at once, while the set counts.
func TestSingle(t *testing.T) {
	t.Parallel()
	set := newSet(t, nil, written(t, "one", "where: method=POST\nwhen: {all: [{sign: injection}, {not: {text: path, regex: '/v1/9$'}}]}"), written(t, "three", threeInTen))
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for i := range 200 {
				n := w*1000 + i + 10
				if got := set.Single(sight(n, 0, "key:a", 0.9)); len(got) != 1 || got[0].Rule.ID != "one" {
					t.Errorf("%+v", got)
					return
				}
				if got := set.Single(sight(9, 0, "key:a", 0.9)); len(got) != 0 {
					t.Errorf("%+v", got)
					return
				}
			}
		})
	}
	for i := range 200 {
		set.Observe(sight(i, 0, fmt.Sprint("key:", i), 0.9), nil)
	}
	group.Wait()
}

// TestHostileTexts searches long texts in bounded time, whatever the expression, and counts what it left out.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 10<<20)
	for name, when := range map[string]string{
		"backtracking": `when: {text: user, regex: '^(a+)+$'}`,
		"nested":       `when: {text: user, regex: '(((a*)*)*)*b'}`,
		"literal":      `when: {text: user, contains: [aab]}`,
	} {
		r, err := rule.Parse("long.yaml", []byte("id: long\nname: n\nmeaning: m.\nseverity: low\nadvice: a.\n"+when+"\nsamples: {match: [aab b aaa], no_match: [x]}\n"), nil)
		if name == "backtracking" {
			r, err = rule.Parse("long.yaml", []byte("id: long\nname: n\nmeaning: m.\nseverity: low\nadvice: a.\n"+when+"\nsamples: {match: [aaa], no_match: [x]}\n"), nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		set := newSet(t, nil, r)
		s := sight(1, 0, "key:a", 0)
		s.Facts = says{s.Facts, []string{long, "\xff\xfe", long}}
		began := time.Now()
		set.Single(s)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s takes %v", name, took)
		}
		if set.Unread() < 9<<20 {
			t.Errorf("%s: %d bytes were left out", name, set.Unread())
		}
	}
}

// says are facts with texts of the user.
type says struct {
	traffic.Facts
	texts []string
}

func (s says) Strings(field, key string) []string {
	if field == "user" {
		return s.texts
	}
	return s.Facts.Strings(field, key)
}

// TestEndpoint tells endpoints apart before the inventory knows them.
func TestEndpoint(t *testing.T) {
	t.Parallel()
	r := written(t, "signs", "when: {sign: injection}\nwindow: {per: [actor, endpoint], within: 1h, count: 3}")
	set := newSet(t, nil, r)
	for i, address := range []string{"https://a.example/v1/orders/17", "https://a.example/v1/orders/18", "https://a.example/v1/items/9", "https://a.example/v1/orders/8f14e45f"} {
		s := sight(i+1, 0, "key:a", 0.9)
		x := &traffic.Exchange{}
		x.Request.URL = address
		s.Host, s.Facts = "a.example", x.Facts()
		if got := set.Observe(s, nil); (len(got) == 1) != (i == 3) || i == 3 && got[0].Group != "key:a endpoint:a.example/v1/orders/{}" {
			t.Errorf("exchange %d: %+v", i+1, got)
		}
	}
}
