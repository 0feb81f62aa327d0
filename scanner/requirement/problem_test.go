package requirement_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/scanner"
	"assay/scanner/requirement"
	"assay/traffic"
)

// good is a requirement without a fault. Tests break it.
const good = `id: good
name: Every endpoint is good
why: Because.
severity: high
owasp: [LLM10:2025]
asi: [ASI03]
atlas: [AML.T0040]
of: endpoints
where: kind:llm and access!=third-party
must: 'open:no'
fix: Make it good.
enforce: {action: block, side: request, where: "kind:llm", signs: [injection], least: 0.5, fail_closed: true, say: No.}
samples:
  pass:
    - {kind: llm, access: public, auth: [bearer], open: no}
  fail:
    - {kind: llm, access: public, open: true}
  unknown:
    - {kind: llm, access: public}
  other:
    - {kind: llm, access: third-party, open: yes}
`

func TestGood(t *testing.T) {
	t.Parallel()
	r, err := requirement.Parse("requirements/good.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if r.ID != "good" || r.Severity != scanner.SeverityHigh || r.Of != requirement.Endpoints || r.Must != "open:no" || r.Samples != 4 || r.Own {
		t.Errorf("%+v", r)
	}
	if e := r.Enforce; e == nil || e.Action != scanner.Block || e.Side != scanner.InRequest || e.Where != "kind:llm" || len(e.Signs) != 1 || !e.FailClosed || !e.On {
		t.Errorf("the guard would hold it by %+v", r.Enforce)
	}
	if asked, failing := r.Queries(); asked != nil || failing != nil {
		t.Error("a requirement of endpoints has queries of exchanges")
	}
}

// TestProblems breaks a good requirement in one place and looks where the problem is said to be.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, new, place, says string }{
		{"unknown key", "why: Because.", "whi: Because.", "3:1", `did you mean "why"?`},
		{"missing", "why: Because.\n", "", "1:1", "why is missing"},
		{"twice", "fix: Make it good.", "fix: a\nfix: b", "12:1", "stands here twice"},
		{"severity", "severity: high", "severity: hihg", "4:11", `did you mean "high"?`},
		{"owasp", "[LLM10:2025]", "[LLM11:2025]", "5:9", "is not one of"},
		{"of", "of: endpoints", "of: endpoint", "8:5", `did you mean "endpoints"?`},
		{"field of where", "where: kind:llm", "where: knd:llm", "9:8", `did you mean "kind"?`},
		{"field of must", "'open:no'", "'opne:no'", "10:8", "open"},
		{"value of must", "'open:no'", "'open:red'", "10:13", ""},
		{"word alone", "'open:no'", "'open:no and llm'", "10:20", "name a field"},
		{"both", "must: 'open:no'", "must: 'open:no'\nsome: 'open:no'", "1:1", "here are both"},
		{"neither", "must: 'open:no'\n", "", "1:1", "here are none"},
		{"id", "id: good", "id: Good One", "1:5", "small letters"},
		{"name of file", "id: good", "id: other", "1:5", "name it other.yaml"},
		{"enforced by", "action: block", "action: blok", "12:19", `did you mean "block"?`},
		{"enforced where", `where: "kind:llm"`, `where: "kin:llm"`, "12:49", `did you mean "kind"?`},
		{"redacts nothing", "action: block, side: request, where: \"kind:llm\", signs: [injection]", "action: redact", "12:10", "names what it takes out"},
		{"sample without field", "{kind: llm, access: public}", "{kindd: llm}", "19:8", `did you mean "kind"?`},
		{"sample that fails", "open: no}", "open: yes}", "15:7", "the answer is fail, and it should be pass"},
		{"sample that passes", "open: true", "open: false", "17:7", "the answer is pass, and it should be fail"},
		{"sample not asked", "access: public, auth", "access: third-party, auth", "15:7", "is not asked of this sample"},
		{"sample asked", "access: third-party, open: yes", "access: public, open: yes", "21:7", "it should not be"},
		{"no samples", good[strings.Index(good, "samples:"):], "samples: {pass: [], fail: []}\n", "13:17", "the list is empty"},
		{"no YAML", "why: Because.", "why: [", "", "no YAML"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(good, c.old) {
				t.Fatalf("nothing to break: %q", c.old)
			}
			_, err := requirement.Parse("good.yaml", []byte(strings.Replace(good, c.old, c.new, 1)))
			if err == nil {
				t.Fatal("it was taken")
			}
			problems := requirement.Problems(err)
			found := slices.ContainsFunc(problems, func(p scanner.Problem) bool {
				return strings.HasPrefix(p.Error(), "good.yaml:"+c.place) && strings.Contains(p.Error(), c.says)
			})
			if !found {
				t.Errorf("%v\nwant %s: %s", err, c.place, c.says)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"empty": "", "comment": "# nothing\n", "list": "- a\n", "scalar": "a\n", "large": "why: " + strings.Repeat("x", 70<<10), "deep": strings.Repeat("a: {", 30) + strings.Repeat("}", 30),
		"two": good + "---\n" + good, "utf8": "id: \xff\n",
	} {
		if r, err := requirement.Parse(name+".yaml", []byte(data)); err == nil {
			t.Errorf("%s was taken for a requirement: %+v", name, r)
		} else if _, ok := errors.AsType[*scanner.Problem](err); !ok {
			t.Errorf("%s: %v names no place", name, err)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	file := func(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }
	folder := fstest.MapFS{
		"good.yaml": file(good), "deeper/good.yaml": file(good), "b/second.yml": file(strings.Replace(good, "id: good", "id: second", 1)), "notes.txt": file("no YAML"),
		".hidden/x.yaml": file("no"), "bad.yaml": file("id: bad\n"),
	}
	all, problems := requirement.Load(folder)
	if len(all) != 2 || all[0].ID != "good" || all[1].ID != "second" {
		t.Errorf("%d requirements", len(all))
	}
	taken, missing := false, false
	for _, p := range problems {
		taken = taken || strings.Contains(p.Error(), "is taken by")
		missing = missing || p.File == "bad.yaml"
	}
	if !taken || !missing || slices.ContainsFunc(problems, func(p scanner.Problem) bool { return strings.HasPrefix(p.File, ".hidden") }) {
		t.Errorf("problems are %v", problems)
	}
	if one, wrong := requirement.LoadFile(folder, "good.yaml"); len(one) != 1 || len(wrong) != 0 {
		t.Errorf("a file by itself: %d, %v", len(one), wrong)
	}
	if one, wrong := requirement.LoadFile(folder, "none.yaml"); len(one) != 0 || len(wrong) != 1 {
		t.Errorf("no file: %d, %v", len(one), wrong)
	}
}

const ofExchanges = `id: small
name: Calls stay small
why: Because.
severity: low
of: exchanges
where: kind:llm and tokens>=0
must: tokens<=1000
fix: Cut them.
samples: {pass: [{kind: llm, tokens: 10}], fail: [{kind: llm, tokens: 2000}], other: [{kind: plain, tokens: 2000}, {kind: llm}]}
`

func TestQueries(t *testing.T) {
	t.Parallel()
	r, err := requirement.Parse("small.yaml", []byte(ofExchanges))
	if err != nil {
		t.Fatal(err)
	}
	asked, failing := r.Queries()
	if got := asked.String(); got != "kind:llm and tokens>=0" {
		t.Errorf("asked of %s", got)
	}
	again, err := traffic.Parse(failing.String())
	if err != nil || again.String() != failing.String() || !strings.Contains(failing.String(), "not tokens<=1000") {
		t.Errorf("failing are %s, %v", failing, err)
	}
	if _, err := requirement.Parse("small.yaml", []byte(strings.Replace(ofExchanges, "must:", "some:", 1))); err == nil {
		t.Error("some of all exchanges was taken")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(ofExchanges))
	for _, r := range presets(f) {
		f.Add(r.Source)
	}
	f.Add([]byte("id: a\nof: [1]\nmust: {a: b}\nsamples: {pass: 1}\n"))
	f.Add([]byte("of: policies\nwhere: on:yes\nsome: x\nsamples:\n  pass: [{on: maybe, first: 3d}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := requirement.Parse("x.yaml", data)
		if err != nil {
			for _, p := range requirement.Problems(err) {
				if p.What == "" || p.Line < 0 {
					t.Fatalf("a problem that says nothing: %+v", p)
				}
			}
			return
		}
		if r.Samples < 2 || (r.Must == "") == (r.Some == "") || r.ID == "" {
			t.Fatalf("half a requirement was taken: %+v", r)
		}
		w := requirement.World{}
		subjects, complete := w.Subjects(r.Of)
		if o := r.Check(subjects, complete, w.Now); o.Of != 0 || o.Fails != 0 || o.State == requirement.Pass && !complete {
			t.Fatalf("of an empty project it says %+v", o)
		}
	})
}
