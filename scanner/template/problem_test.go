package template_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/scanner/template"
)

// good is a whole template; cases replace a part of it.
const good = `id: t
name: Name
description: What it does.
severity: high
owasp: [LLM01:2025]
asi: [ASI01]
atlas: [AML.T0051.000]
cwe: [1427]
technique: thing
tags: [one]
needs: [tools]
attack:
  slot: last_user
  payloads:
    list: [a, "b {{model}}"]
  prompts:
    - "Say {{canary_a}} and {{canary_b}} {{list}}"
  mutations: [none, "base64+ask"]
trials: 2
detect:
  any:
    - canary
    - regex: "x{{canary}}"
remediation: Fix it.
references: ["https://example.com/a"]
samples:
  vulnerable: ["{{canary}}"]
  resisted: ["No: {{prompt}}", "It is a day."]
`

func TestGoodTemplateHasNoProblems(t *testing.T) {
	t.Parallel()
	tpl, problems := template.Parse("t.yaml", []byte(good))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if !slices.Equal(tpl.Needs, []string{"tools"}) || tpl.Attack.Payloads[0].Values[1] != "b {{model}}" || tpl.Trials != 2 || tpl.Level() != "prompt" {
		t.Errorf("read as %+v", tpl)
	}
}

// TestProblems changes one thing at a time and wants it told with its place and the nearest valid word.
func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown key":              {"severity: high", "severty: high", `t.yaml:4:1: no key is named "severty" here`},
		"its nearest":              {"severity: high", "severty: high", `did you mean "severity"?`},
		"missing key":              {"severity: high\n", "", `severity is missing`},
		"severity":                 {"high", "hgih", `t.yaml:4:11: severity: "hgih" is not one of info, low, medium, high, critical; did you mean "high"?`},
		"owasp without year":       {"LLM01:2025", "LLM01", `t.yaml:5:9: owasp[0]: "LLM01" is no item of OWASP Top 10 for LLM Applications 2025; did you mean "LLM01:2025"?`},
		"owasp of 2023":            {"LLM01:2025", "LLM01:2023", `5:9: owasp[0]`},
		"asi":                      {"ASI01", "ASI11", `6:7: asi[0]: "ASI11" is not one of`},
		"atlas":                    {"AML.T0051.000", "AML.T0051.009", `7:9: atlas[0]: "AML.T0051.009" is no technique of MITRE ATLAS 5.6.0; did you mean "AML.T0051.00`},
		"cwe as text":              {"1427", "CWE-1427", `8:7: cwe[0]: a CWE is written as its number; did you mean "1427"?`},
		"cwe unknown":              {"1427", "1428", `8:7: cwe[0]: CWE-1428 is not in the list of this program; did you mean "142`},
		"need":                     {"needs: [tools]", "needs: [tool]", `11:9: needs[0]: "tool" is not one of`},
		"slot":                     {"last_user", "lastuser", `13:9: attack.slot: "lastuser" is no slot`},
		"slot pointer":             {"last_user", "json:messages", `did you mean "json:/messages"?`},
		"slot place":               {"last_user", "headr:X", `did you mean "header"?`},
		"variable":                 {"{{canary_a}}", "{{canry_a}}", `17:12: attack.prompts[0]: {{canry_a}} is no variable`},
		"variable's nearest":       {"{{canary_a}}", "{{canry_a}}", `did you mean "canary_a"?`},
		"variable in a sample":     {"{{prompt}}", "{{promt}}", `28:19: samples.resisted[0]: {{promt}} is no variable`},
		"list nobody names":        {" {{list}}", "", `attack.payloads.list: no prompt names {{list}}`},
		"list of a variable":       {"list: [a", "canary: [a", `15:5: attack.payloads: "canary" is a variable of its own`},
		"mutation":                 {"base64+ask", "bas64+ask", `18:22: attack.mutations[1]: no mutation "bas64"; did you mean "base64"?`},
		"second mutation of stack": {"base64+ask", "base64|rto13", `18:29: attack.mutations[1]: no mutation "rto13"; did you mean "rot13"?`},
		"signal":                   {"- canary\n", "- canarry\n", `22:7: detect.any[0].signal: no signal is named "canarry"; did you mean "canary"?`},
		"signal's parameter":       {`regex: "x{{canary}}"`, `regex: {patern: x}`, `23:23: detect.any[1].params.patern: regex has no parameter "patern"; did you mean "pattern"?`},
		"expression":               {`"x{{canary}}"`, `"x("`, `23:14: detect.any[1].params.pattern: missing closing ): ` + "`x(`"},
		"two in one node":          {"- canary\n", "- {canary: , refused: }\n", `22:7: detect.any[0]: exactly one of`},
		"number":                   {"trials: 2", "trials: two", `19:9: trials: a whole number from 1 to 100 is wanted, here is a text`},
		"number too large":         {"trials: 2", "trials: 900", `19:9: trials: 900 is not between 1 and 100`},
		"reference":                {"https://example.com/a", "example.com/a", `25:14: references[0]: "example.com/a" is no web address`},
		"too few samples":          {`, "It is a day."`, "", `27:3: samples: at least one answer that is vulnerable and two that are not are wanted; here are 1 and 1`},
		"kind of value":            {"name: Name", "name: {a: b}", `2:7: name: a text is wanted, here is a mapping`},
		"id":                       {"id: t", "id: other", `1:5: id: the id "other" is not the name of the file; did you mean "t"?`},
		"twice":                    {"tags: [one]", "tags: [one]\ntags: [two]", `11:1: "tags" stands here twice, first in line 10`},
		"nothing to send":          {"prompts:\n    - \"Say {{canary_a}} and {{canary_b}} {{list}}\"", "turns: []", `attack.turns: the list is empty`},
		"braces without quotes":    {`"Say {{canary_a}} and {{canary_b}} {{list}}"`, "{{canary}} say", `a text that begins with {{ must stand in quotes`},
		"tab":                      {"  slot", "\tslot", "this is no YAML"},
		"alias of nothing":         {"tags: [one]", "tags: *x", `*x`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(good, c.from, c.to, 1)
			if text == good {
				t.Fatalf("%q is not in the template", c.from)
			}
			_, problems := template.Parse("t.yaml", []byte(text))
			var all []string
			for _, p := range problems {
				all = append(all, p.Error())
			}
			if !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("wanted %s\ngot %s", c.want, strings.Join(all, "\n"))
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("high", "hgih", "base64", "bse64", "- canary\n", "- cnary\n", "trials: 2", "trials: x", "{{list}}", "{{lst}}").Replace(good)
	_, problems := template.Parse("t.yaml", []byte(text))
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	for _, line := range []int{4, 17, 18, 19, 22} {
		if !slices.Contains(lines, line) {
			t.Errorf("nothing is told of line %d: %v", line, problems)
		}
	}
	if !slices.IsSorted(lines) {
		t.Errorf("problems are not in the order of the file: %v", lines)
	}
}

func TestLoadKeepsWhatIsRight(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"attacks/t.yaml":       {Data: []byte(good)},
		"attacks/wrong.yml":    {Data: []byte("id: wrong\n")},
		"deep/er/t.yaml":       {Data: []byte(good)},
		"notes.txt":            {Data: []byte("no template")},
		".git/x.yaml":          {Data: []byte("nor this")},
		"suites/s.yaml":        {Data: []byte("id: s\nname: S\ndescription: d\nselect: [{tags: [one]}, {ids: [tt]}]\n")},
		"attacks/large.yaml":   {Data: []byte(strings.Repeat("# long\n", 100_000))},
		"attacks/invalid.yaml": {Data: []byte("id: \xff\n")},
		"attacks/empty.yaml":   {Data: nil},
	}
	library, problems := template.Load(files)
	if len(library.Templates()) != 1 || len(library.Suites()) != 1 {
		t.Errorf("%d templates and %d suites", len(library.Templates()), len(library.Suites()))
	}
	told := map[string]bool{}
	for _, p := range problems {
		told[p.File] = true
	}
	for _, file := range []string{"attacks/wrong.yml", "deep/er/t.yaml", "attacks/large.yaml", "attacks/invalid.yaml", "attacks/empty.yaml", "suites/s.yaml"} {
		if !told[file] {
			t.Errorf("nothing is told of %s", file)
		}
	}
	if told["notes.txt"] || told[".git/x.yaml"] {
		t.Errorf("files that are no templates are told of: %v", problems)
	}
	if _, err := library.Template("tt"); err == nil || !strings.Contains(err.Error(), `did you mean "t"`) {
		t.Errorf("the nearest id is not named: %v", err)
	}
}

func TestHostileYAML(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for _, c := range "bcdefghij" {
		before := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+before+",", 9) + "*" + before + "]\n"
	}
	for name, text := range map[string]string{
		"aliases":  bomb,
		"brackets": "a: " + strings.Repeat("[", 100_000),
		"braces":   strings.Repeat("{a: ", 50_000),
		"indent":   nested(400),
		"anchors":  "a: &x [*x]\n",
		"dashes":   strings.Repeat("- ", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, problems := template.Parse("t.yaml", []byte(text)); len(problems) == 0 {
				t.Error("this is no template, and nothing is told of it")
			}
		})
	}
}

func nested(deep int) string {
	var b strings.Builder
	for i := range deep {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
