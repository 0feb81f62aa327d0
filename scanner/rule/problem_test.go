package rule_test

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"assay/scanner"
	"assay/scanner/rule"
	"assay/scanner/watch"
	"assay/templates"
	"assay/traffic"
)

// good is a rule without a fault. Tests break it.
const good = `id: good
name: A good rule
meaning: Somebody did something.
severity: high
owasp: [LLM01:2025]
asi: [ASI01]
atlas: [AML.T0051.000]
tags: [one, two-words]
where: kind:llm host:example.com
side: request
role: [user, tool]
when:
  all:
    - {sign: [injection, hidden], name: "per*", least: 0.4, times: 1}
    - any:
        - {text: [user, header.x-a], regex: 'a+b'}
        - {text: user, contains: [Hello]}
        - {not: {filter: "status:5xx"}}
window: {per: [actor, host], within: 2d, count: 2}
cooldown: 90m
advice: Do something about it.
samples:
  match:
    - {repeat: 2, every: 1h, url: "https://example.com/v1", user: Hello, signs: [{kind: injection, name: persona, role: user}]}
  no_match:
    - steps:
        - {url: "https://example.com/v1", user: Hello, signs: [{kind: injection, name: persona, role: user}]}
        - {after: 3d, url: "https://example.com/v1", user: Hello, signs: [{kind: injection, name: persona, role: user}]}
`

func TestGood(t *testing.T) {
	t.Parallel()
	r, err := rule.Parse("rules/good.yaml", []byte(good), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.ID != "good" || r.Severity != scanner.SeverityHigh || r.Single || r.Limit != 2 || r.Cooldown.Minutes() != 90 || r.Samples != 2 || r.Unproven != 0 {
		t.Errorf("%+v", r)
	}
	if want := `sign injection|hidden per* of user|tool in the request ≥ 0.4 and (user|header.x-a ~ /a+b/ or user holds ["hello"] or not (filter status:5xx))`; r.When != want {
		t.Errorf("the condition is %s", r.When)
	}
	if want := "at least 2 exchanges within 2d, for each actor and host"; r.Window != want {
		t.Errorf("the window is %q", r.Window)
	}
}

// TestProblems tells what is wrong, where, and what was probably meant.
func TestProblems(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ old, new, want string }{
		"unknown key":        {"cooldown:", "cooldwn:", `good.yaml:20:1: no key is named "cooldwn" here`},
		"nearest key":        {"cooldown:", "cooldwn:", `did you mean "cooldown"?`},
		"severity":           {"severity: high", "severity: hihg", `good.yaml:4:11: severity: "hihg" is not one of info, low, medium, high, critical; did you mean "high"?`},
		"missing":            {"meaning: Somebody did something.\n", "", `good.yaml:1:1: meaning is missing`},
		"framework":          {"LLM01:2025", "LLM11:2025", `good.yaml:5:9: owasp[0]: "LLM11:2025" is none of those`},
		"id":                 {"id: good", "id: Good One", `good.yaml:1:5: id: an id is made of small letters`},
		"file's name":        {"id: good", "id: other", `good.yaml:1:5: id: the file of the rule "other" is named good.yaml; name it other.yaml`},
		"filter":             {"kind:llm host:", "kind:llm hots:", `good.yaml:9:17: where: no field "hots"; did you mean "host"?`},
		"filter in quotes":   {`"status:5xx"`, `"status:abc"`, `good.yaml:18:34: when.all[1].any[2].not.filter: `},
		"regex":              {"'a+b'", "'a(b'", `good.yaml:16:46: when.all[1].any[0].regex: this regular expression (RE2) does not compile: missing closing )`},
		"lookahead":          {"'a+b'", "'a(?=b)'", "(RE2) does not compile: invalid or unsupported Perl syntax"},
		"sign kind":          {"[injection, hidden]", "[injecton]", `good.yaml:14:15: when.all[0].sign[0]: "injecton" is not one of`},
		"two conditions":     {"{text: user, contains: [Hello]}", "{text: user, sign: leak}", `good.yaml:17:24: when.all[1].any[1]: text and sign do not go into one condition`},
		"no condition":       {"{text: user, contains: [Hello]}", "{txet: user}", `did you mean "text"?`},
		"text without":       {"{text: user, contains: [Hello]}", "{text: user}", "a text is looked at with either contains or regex"},
		"per":                {"[actor, host]", "[actor, all]", "all stands alone"},
		"two ways":           {"count: 2", "count: 2, row: 3", "a window counts in one way"},
		"no time":            {", within: 2d", "", "within is missing"},
		"too long":           {"within: 2d", "within: 90d", `good.yaml:19:38: window.within: 90d is not between 1s and 30d`},
		"no length of time":  {"within: 2d", "within: soon", `"soon" is no length of time`},
		"least":              {"least: 0.4", "least: 40", "40 is not between 0.01 and 1"},
		"no number":          {"count: 2", "count: .nan", "a whole number from 2 to 10000000 is wanted, here is a text"},
		"sample":             {"repeat: 2", "repeat: 1", `good.yaml:24:7: samples.match[0]: the rule does not hold for this sample; 1 of its 1 exchanges count, and its window came to 1 of 2 exchanges`},
		"sample unseen":      {`name: "per*"`, "name: [leak*]", `good.yaml:24:7: samples.match[0]: the rule does not hold for this sample; its condition (when) does not hold; seen were: injection persona request user 0.90`},
		"sample elsewhere":   {"host:example.com", "host:example.org", `good.yaml:24:7: samples.match[0]: the rule does not hold for this sample; no exchange of it passes the filter (where)`},
		"sample that holds":  {"after: 3d", "after: 3h", `good.yaml:26:7: samples.no_match[0]: the rule holds for this sample, and must not`},
		"no such sample key": {"every: 1h", "evry: 1h", `did you mean "every"?`},
		"too many":           {"repeat: 2", "repeat: 2001", "2001 is not between 1 and 2000"},
		"alias":              {"name: A good rule", "name: &a A good rule", "anchors (&) and aliases (*) are not taken"},
		"no yaml":            {"tags: [one", "tags: [[one", "this is no YAML"},
		"two rules":          {"advice:", "---\nadvice:", "one file holds one rule"},
		"twice":              {"severity: high", "severity: high\nseverity: low", "severity"},
		"rate without when":  {"count: 2", "rate: {over: 2}", "2 is not between 0.001 and 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(good, tc.old, tc.new, 1)
			if text == good {
				t.Fatal("the test breaks nothing")
			}
			_, err := rule.Parse("good.yaml", []byte(text), nil)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("told\n%v\nnot\n%s", err, tc.want)
			}
		})
	}
}

// TestHostileFiles are refused, quickly.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"large":          strings.Repeat("a: b\n", 20_000),
		"deep":           "when: " + strings.Repeat("{all: [", 2000),
		"deep but whole": "when: " + strings.Repeat("{not: ", 200) + "{sign: leak}" + strings.Repeat("}", 200),
		"wide":           "tags: [" + strings.Repeat("a,", 9000) + "]",
		"bytes":          "id: \xff\xfe",
		"empty":          "",
		"bombs":          "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]",
		"a list":         "- id: x",
		"a word":         "hello",
		"nul":            "id: \x00",
	} {
		_, err := rule.Parse(name+".yaml", []byte(text), nil)
		if err == nil || strings.Contains(err.Error(), "%!") || len(err.Error()) > 20_000 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLoad keeps what is good and tells the rest.
func TestLoad(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{
		"good.yaml":         {Data: []byte(good)},
		"more/good.yaml":    {Data: []byte(good)},
		"more/bad.yml":      {Data: []byte("id: bad")},
		".hidden/good.yaml": {Data: []byte("no")},
		"readme.md":         {Data: []byte("no")},
	}
	rules, problems := rule.Load(folder, nil)
	if len(rules) != 1 || rules[0].File != "good.yaml" || len(problems) < 2 {
		t.Fatalf("%v, %v", rules, problems)
	}
	for _, err := range problems {
		p, ok := errors.AsType[*rule.Problem](err)
		if !ok || p.Line < 1 || p.Column < 1 || p.File != "more/bad.yml" && p.File != "more/good.yaml" {
			t.Errorf("%T %v", err, err)
		}
	}
}

// TestLooker hands samples that are prose to the detectors, with what a recorder would have.
func TestLooker(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(`, signs: [{kind: injection, name: persona, role: user}]`, "", "repeat: 2, every: 1h", "repeat: 2, every: 1h, headers: {X-A: b}").Replace(good)
	r, err := rule.Parse("good.yaml", []byte(text), nil)
	if err != nil || r.Unproven != 2 {
		t.Fatalf("%v", err)
	}
	looked := 0
	look := func(x *traffic.Exchange, request, response []byte) *scanner.Sight {
		looked++
		if !strings.Contains(string(request), `"content":"Hello"`) || !strings.Contains(string(response), "choices") || x.Request.Method != "POST" || x.Response.Status != 200 {
			t.Errorf("%s %s: %s, %s", x.Request.Method, x.Request.URL, request, response)
		}
		s := watch.LookAt(x, request, response)
		s.Signs = []scanner.Sign{{Kind: scanner.SignHidden, Name: "perhaps", Side: scanner.InRequest, Role: "tool", Score: 0.5}}
		return s
	}
	if r, err = rule.Parse("good.yaml", []byte(text), look); err != nil || r.Unproven != 0 || looked != 3 {
		t.Errorf("%v, looked %d times", err, looked)
	}
	if _, err := rule.Parse("good.yaml", []byte(text), watch.LookAt); err == nil || !strings.Contains(err.Error(), "no sign was seen in 2 exchanges") {
		t.Errorf("%v", err)
	}
}

// FuzzParse wants: no panic; every problem has its file and is told in whole sentences; what has no problem is a rule that
// can be asked, and is read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("when: {any: [{all: [{not: {sign: leak}}]}, {alarm: risk, slow: true}]}\nwindow: {per: all, distinct: {of: header.x, over: 3}}\n"))
	f.Add([]byte("samples: {match: [{calls: [{name: a, arguments: '{'}], tools: [{name: b}], headers: {a: b}, signs: [{kind: leak}]}]}\n"))
	files, err := fs.Glob(templates.Rules, "rules/*/*.yaml")
	if err != nil || len(files) < 60 {
		f.Fatal(err, len(files))
	}
	for i, file := range files {
		if data, err := fs.ReadFile(templates.Rules, file); err == nil && i%10 == 0 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := rule.Parse("x y.yaml", data, nil)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x y.yaml:") || strings.Contains(err.Error(), "%!") {
				t.Errorf("told badly: %v", err)
			}
			return
		}
		set := newSet(t, nil, r)
		for _, s := range crowd(4, 10) {
			set.Observe(s, []scanner.Alarm{{Kind: "risk", Score: 2}})
			set.Single(s)
		}
		if again, err := rule.Parse(path.Join("a b", r.File), r.Source, nil); err != nil || again.When != r.When {
			t.Errorf("read once and not twice: %v", err)
		}
	})
}
