package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/scanner"
)

func TestParseAllowance(t *testing.T) {
	t.Parallel()
	hour, day := scanner.Duration(time.Hour), scanner.Duration(24*time.Hour)
	for text, want := range map[string]scanner.Allowance{
		"200 requests/1h per actor":   {Of: "requests", Most: 200, Within: hour, Per: "actor"},
		"200 requests per hour":       {Of: "requests", Most: 200, Within: hour, Per: "actor"},
		"1_000 tokens / 90s per host": {Of: "tokens", Most: 1000, Within: scanner.Duration(90 * time.Second), Per: "host"},
		"$5/24h per all":              {Of: "usd", Most: 5, Within: day, Per: "all"},
		"0.5 USD a day per model":     {Of: "usd", Most: 0.5, Within: day, Per: "model"},
		"1 request within 1h30m":      {Of: "requests", Most: 1, Within: scanner.Duration(90 * time.Minute), Per: "actor"},
		"5 tokens in 7d":              {Of: "tokens", Most: 5, Within: 7 * day, Per: "actor"},
	} {
		got, err := app.ParseAllowance(text)
		if err != nil || *got != want {
			t.Errorf("%q: got %+v, %v; want %+v", text, got, err, want)
			continue
		}
		again, err := app.ParseAllowance(app.AllowanceWords(got))
		if err != nil || *again != want {
			t.Errorf("%q is said as %q, which is read as %+v, %v", text, app.AllowanceWords(got), again, err)
		}
	}
	for _, text := range []string{"", "200", "200 requests", "0 requests/1h", "-1 requests/1h", "200 apples/1h", "200 requests/1h per person", "200 requests/x", "200 requests/400d", "1e400 tokens/1h"} {
		if got, err := app.ParseAllowance(text); err == nil || app.CodeOf(err) != app.CodeUsage {
			t.Errorf("%q: got %+v, %v; want a sentence that says what is right", text, got, err)
		}
	}
}

const wholePolicy = `policies:
  - name: Everything
    on: false
    action: block
    side: answer
    where: host:api.example.com
    signs: [injection, leak]
    types: secret
    tools: ["*shell*"]
    models:
      - gpt-*
    least: 0.7
    budget: {of: tokens, most: 100, within: 1d, per: model}
    finish: true
    fail_closed: true
    say: no
    id: 77
`

func TestReadPolicies(t *testing.T) {
	t.Parallel()
	list, err := app.ReadPolicies(strings.NewReader(wholePolicy), "p.yaml")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	one := list[0]
	if one.ID != 0 || one.On || one.Action != scanner.Block || one.Side != scanner.InAnswer || len(one.Signs) != 2 || one.Types[0] != "secret" || one.Tools[0] != "*shell*" ||
		one.Models[0] != "gpt-*" || one.Least != 0.7 || one.Budget.Most != 100 || time.Duration(one.Budget.Within) != 24*time.Hour || !one.Finish || !one.FailClosed || one.Say != "no" {
		t.Errorf("got %+v, budget %+v", one, one.Budget)
	}
	// What `policy ls --json` prints is read again, as lines too.
	one.Patience, one.Added = 0, time.Now()
	line, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"one": string(line), "list": "[" + string(line) + "," + string(line) + "]", "documents": string(line) + "\n---\n" + string(line)} {
		again, err := app.ReadPolicies(strings.NewReader(text), name)
		if err != nil || len(again) == 0 || again[0].Name != one.Name || *again[0].Budget != *one.Budget || again[0].On {
			t.Errorf("%s: got %+v, %v", name, again, err)
		}
	}
}

func TestReadPoliciesSaysWhere(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"unknown field":    {"name: A\naction: block\nsings: [injection]", "f:3:1: no key is named \"sings\" here"},
		"unknown action":   {"name: A\naction: blok", "f:2:9: action: \"blok\" is unknown; did you mean \"block\"?"},
		"unknown sign":     {"name: A\naction: block\nsigns:\n  - injecton", "f:4:3: signs: \"injecton\" is unknown; did you mean \"injection\"?"},
		"bad filter":       {"name: A\naction: block\nwhere: 'host:('", "f:3:8: where:"},
		"no name":          {"action: block", "f:1:1: name: a policy needs a name"},
		"no action":        {"[{\"name\": \"A\"}]", "f:1:2: [0].action: it needs an action"},
		"throttle":         {"name: A\naction: throttle", "f:1:1: budget: a policy that throttles needs a budget"},
		"redact nothing":   {"name: A\naction: redact", "f:1:1: types: a policy that redacts names what it takes out"},
		"twice":            {"name: A\nname: B\naction: block", "f:2:1: \"name\" stands here twice, first in line 1"},
		"bad budget":       {"name: A\naction: block\nbudget: many", "f:3:9: budget: \"many\" is no budget"},
		"not true":         {"name: A\naction: block\nfinish: perhaps", "f:3:9: finish: true or false is wanted, here is a text"},
		"aliases":          {"name: &a A\naction: *a", "aliases (*) are not taken"},
		"deep":             {strings.Repeat("[", 50) + strings.Repeat("]", 50), "nested deeper than 12"},
		"a text":           {"hello", "here should be a policy"},
		"nothing":          {"", "there is no policy in f"},
		"broken":           {"{\"name\": \"A\"", "f:1:1: this is no YAML"},
		"too large":        {strings.Repeat("#", 300<<10), "the file has 262145 bytes; a file of policies may have 262144"},
		"control in a key": {"\"na\\u001bme\": A", `no key is named "na\x1bme" here`},
	} {
		_, err := app.ReadPolicies(strings.NewReader(tt.text), "f")
		if err == nil || !strings.Contains(err.Error(), tt.want) || app.CodeOf(err) != app.CodeInput {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

// FuzzPolicies says of any file that it is read within bounds, and that what is read is said in a line.
func FuzzPolicies(f *testing.F) {
	for _, seed := range []string{wholePolicy, "[]", "{}", "- a: &x [*x]", "name: A\naction: throttle\nbudget: 5 tokens/1h", "\x00", "? [", strings.Repeat("- ", 500)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := app.ReadPolicies(bytes.NewReader(data), "f")
		if err == nil && len(list) == 0 {
			t.Error("nothing was read, and nothing is wrong")
		}
		for i := range list {
			if app.PolicyWords(&list[i]) == "" {
				t.Error("a policy looks for something")
			}
		}
		if e, is := errors.AsType[*app.Error](err); err != nil && (!is || strings.ContainsAny(e.Message, "\x1b\x00")) {
			t.Errorf("the error is %q", err)
		}
	})
}

func TestPoliciesOfAProject(t *testing.T) {
	t.Parallel()
	a, path := newApp(t)
	p, err := a.OpenProject(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	id, err := p.SavePolicy(t.Context(), app.Policy{Name: "Keys", On: true, Action: scanner.Redact, Types: []string{"secret"}})
	if err != nil || id == 0 {
		t.Fatal(id, err)
	}
	for name, one := range map[string]app.Policy{
		"unknown type": {Name: "A", Action: scanner.Block, Types: []string{"EMAIL_ADDR"}},
		"unknown rule": {Name: "A", Action: scanner.Block, Rules: []string{"no-such-rule"}},
		"unknown id":   {ID: 99, Name: "A", Action: scanner.Block},
		"finish":       {Name: "A", Action: scanner.Monitor, Finish: true},
		"both ways":    {Name: "A", Action: scanner.Throttle, Side: scanner.InAnswer, Budget: &scanner.Allowance{Of: "requests", Most: 1, Within: scanner.Duration(time.Hour), Per: "all"}},
	} {
		if got, err := p.SavePolicy(t.Context(), one); err == nil || got != 0 {
			t.Errorf("%s: got policy %d, %v; want an error", name, got, err)
		}
	}
	// Everything is done, or nothing.
	if _, err := p.ChangePolicies(t.Context(), app.PolicyChange{Remove: []app.PolicyID{id}, Save: []app.Policy{{Name: "B"}}}); err == nil {
		t.Error("a policy without an action was kept")
	}
	list, err := p.Policies(t.Context())
	if err != nil || len(list) != 1 || list[0].ID != id || list[0].Added.IsZero() {
		t.Errorf("got %+v, %v", list, err)
	}
	check, err := p.CheckText(t.Context(), nil, "my key is sk-proj-Zq8Lm3Xv7Nc2Rt5Yw9Bd4Fg6Hj1Kp0Sa8Ue3Io5Tl7Vb2Mx4Wz6Qy9", "user")
	if err != nil || check.Action != "redact" || check.Policies != 1 || len(check.Rulings) != 1 || check.Rulings[0].Policy != id {
		t.Errorf("got %+v, %v", check, err)
	}
	if check, err = p.CheckText(t.Context(), nil, "good morning", "user"); err != nil || check.Action != "" || check.Rulings == nil {
		t.Errorf("got %+v, %v", check, err)
	}
	if err := p.RemovePolicy(t.Context(), id); err != nil {
		t.Error(err)
	}
	if err := p.RemovePolicy(t.Context(), id); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("a policy was removed twice: %v", err)
	}
}
