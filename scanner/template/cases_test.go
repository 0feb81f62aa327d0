package template_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/scanner"
	"assay/scanner/template"
)

// parse reads a template that must be right.
func parse(t *testing.T, text string) *template.Template {
	t.Helper()
	tpl, problems := template.Parse("t.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return tpl
}

func ids(cases []template.Case) []string {
	var all []string
	for _, c := range cases {
		all = append(all, c.ID)
	}
	return all
}

// TestCaseIDs holds ids of a template as they were first made: runs and findings refer to them.
func TestCaseIDs(t *testing.T) {
	t.Parallel()
	cases := parse(t, good).Cases(template.Limits{})
	if got := len(cases); got != 4 {
		t.Fatalf("%d cases, wanted 1 prompt × 2 payloads × 2 mutations", got)
	}
	if got, want := cases[0].ID, "t/dsev3r3hswvh"; got != want {
		t.Errorf("the id is %s, was %s", got, want)
	}
}

// TestCaseIDsStay adds a prompt, a payload and a mutation before the others: what was there keeps its id.
func TestCaseIDsStay(t *testing.T) {
	t.Parallel()
	before := ids(parse(t, good).Cases(template.Limits{}))
	more := strings.NewReplacer(
		"[a, ", "[first, a, ",
		"  prompts:\n", "  prompts:\n    - \"Another {{list}}\"\n",
		"[none, ", "[rot13, none, ",
		"Fix it.", "Fix it better.",
	).Replace(good)
	after := ids(parse(t, more).Cases(template.Limits{}))
	if len(after) != 18 {
		t.Errorf("%d cases, wanted 2 prompts × 3 payloads × 3 mutations", len(after))
	}
	for _, id := range before {
		if !slices.Contains(after, id) {
			t.Errorf("%s is gone", id)
		}
	}
	slices.Sort(after)
	if len(slices.Compact(slices.Clone(after))) != len(after) {
		t.Error("an id is there twice")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	tpl := parse(t, good)
	for _, c := range []struct {
		limits template.Limits
		want   int
	}{{template.Limits{}, 4}, {template.Limits{Prompts: 1}, 2}, {template.Limits{Mutations: 1}, 2}, {template.Limits{Prompts: 1, Mutations: 1}, 1}, {template.Limits{Prompts: 99, Mutations: 99}, 4}} {
		got := tpl.Cases(c.limits)
		if len(got) != c.want {
			t.Errorf("%+v: %d cases, wanted %d", c.limits, len(got), c.want)
		}
		if all := ids(tpl.Cases(template.Limits{})); slices.ContainsFunc(ids(got), func(id string) bool { return !slices.Contains(all, id) }) {
			t.Errorf("%+v: a case that is not among all", c.limits)
		}
	}
}

func TestTooManyCases(t *testing.T) {
	t.Parallel()
	list := "[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v]"
	text := strings.Replace(good, `    list: [a, "b {{model}}"]`, "    list: "+list+"\n    other: "+list+"\n    third: "+list, 1)
	text = strings.Replace(text, "{{list}}", "{{list}} {{other}} {{third}}", 1)
	_, problems := template.Parse("t.yaml", []byte(text))
	if len(problems) != 1 || !strings.Contains(problems[0].What, "10000 cases or more") {
		t.Errorf("22 × 22 × 22 × 2 cases are not told of: %v", problems)
	}
}

func TestBreadthFirst(t *testing.T) {
	t.Parallel()
	one, two := parse(t, good), parse(t, strings.Replace(good, "[none, ", "[rot13, none, ", 1))
	two.ID = "u"
	var order []string
	for c := range template.Cases([]template.Choice{{Template: one}, {Template: two}}) {
		order = append(order, c.Template.ID)
		if len(order) == 9 {
			break // a run that its budget stops
		}
	}
	if got := strings.Join(order, ""); got != "tutututuu" {
		t.Errorf("the order is %s", got)
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	tpl := parse(t, good)
	c := tpl.Cases(template.Limits{})[1]
	values := template.Canary("left", "right")
	if _, err := c.Render(values, 1); err == nil || !strings.Contains(err.Error(), "{{model}}") {
		t.Errorf("a variable without a value is not told: %v", err)
	}
	values["model"] = "m1"
	r, err := c.Render(values, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Turns[0].Text; got != "Say left and right b m1" {
		t.Errorf("rendered %q", got)
	}
	if got := r.Detect.Find.Any[1].Params["pattern"]; got != "xleftright" {
		t.Errorf("the detection was rendered as %v", got)
	}
	if tpl.Detect.Find.Any[1].Params["pattern"] != "x{{canary}}" {
		t.Error("rendering changed the template")
	}
}

func TestBracesThatAreNoVariables(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{{ 7*7 }} ${x} {{!model}} {{a.b}} {{}} {{": "{{ 7*7 }} ${x} {{model}} {{a.b}} {{}} {{",
		"{{ model }}{{model}}":                      "mm",
		"{{!!model}}":                               "{{!!model}}",
	} {
		if got, err := template.Render(text, map[string]string{"model": "m"}); err != nil || got != want {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	suite := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	low := strings.NewReplacer("id: t", "id: low", "high", "low", "[one]", "[two]", "LLM01", "LLM06", "needs: [tools]", "needs: [rag]").Replace(good)
	library, problems := template.Load(fstest.MapFS{
		"t.yaml": suite(good), "low.yaml": suite(low),
		"suites/s.yaml": suite("id: s\nname: Some\ndescription: d\ntrials: 3\nmutations: 1\nselect: [{tags: [one, two]}]\nexcept: [{severity: high}]\n"),
		"suites/w.yaml": suite("id: w\nname: Whole\ndescription: d\nselect: [{levels: [prompt]}]\n"),
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, c := range map[string]struct {
		sel     template.Selection
		want    string
		skipped int
		wrong   string
	}{
		"all, worst first":    {sel: template.Selection{}, want: "t low"},
		"by id":               {sel: template.Selection{Templates: []string{"low"}}, want: "low"},
		"by tag":              {sel: template.Selection{Tags: []string{"one"}}, want: "t"},
		"by item":             {sel: template.Selection{OWASP: []string{"llm6"}}, want: "low"},
		"by severity":         {sel: template.Selection{Severity: scanner.SeverityMedium}, want: "t"},
		"suite and exception": {sel: template.Selection{Suites: []string{"s"}}, want: "low"},
		"suite and id":        {sel: template.Selection{Suites: []string{"s"}, Templates: []string{"t"}}, want: "t low"},
		"suite's name":        {sel: template.Selection{Suites: []string{"WHOLE"}}, want: "t low"},
		"needs unmet":         {sel: template.Selection{Have: []string{"tools"}}, want: "t", skipped: 1},
		"another kind":        {sel: template.Selection{Kind: "embedding"}, want: "", skipped: 2},
		"unknown suite":       {sel: template.Selection{Suites: []string{"whloe"}}, wrong: `no suite "whloe"`},
		"unknown id":          {sel: template.Selection{Templates: []string{"lwo"}}, wrong: `did you mean "low"`},
		"unknown tag":         {sel: template.Selection{Tags: []string{"onne"}}, wrong: `did you mean "one"`},
		"unknown item":        {sel: template.Selection{OWASP: []string{"LLM11"}}, wrong: "no item of"},
		"unknown severity":    {sel: template.Selection{Severity: "hihg"}, wrong: `did you mean "high"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			choices, skipped, err := library.Select(c.sel)
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("told %v", err)
				}
				return
			}
			var got []string
			for _, choice := range choices {
				got = append(got, choice.Template.ID)
			}
			if strings.Join(got, " ") != c.want || len(skipped) != c.skipped || err != nil {
				t.Errorf("chose %v and skipped %v, %v", got, skipped, err)
			}
		})
	}
}

// TestTwoSuites wants of a template that two suites hold the one that tries more.
func TestTwoSuites(t *testing.T) {
	t.Parallel()
	library, problems := template.Load(fstest.MapFS{
		"t.yaml":        {Data: []byte(good)},
		"suites/a.yaml": {Data: []byte("id: a\nname: A\ndescription: d\nmutations: 1\nprompts: 1\nselect: [{tags: [one]}]\n")},
		"suites/b.yaml": {Data: []byte("id: b\nname: B\ndescription: d\ntrials: 5\nselect: [{tags: [one]}]\n")},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	choices, _, err := library.Select(template.Selection{Suites: []string{"a", "b"}})
	if err != nil || len(choices) != 1 || choices[0].Trials != 5 || choices[0].Limits != (template.Limits{}) {
		t.Errorf("chose %+v, %v", choices, err)
	}
}
