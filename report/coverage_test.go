package report_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"assay/llm"
	"assay/report"
	"assay/scanner"
	"assay/scanner/framework"
)

// library is made up: three templates of different lists.
var library = []report.Attack{
	{ID: "override", OWASP: []string{"LLM01:2025"}, ASI: []string{"ASI01"}, ATLAS: []string{"AML.T0051.000"}, CWE: []int{1427}},
	{ID: "bola", OWASP: []string{"LLM06:2025"}, ASI: []string{"ASI03"}, ATLAS: []string{"AML.T0053"}, CWE: []int{639}},
	{ID: "poison", OWASP: []string{"LLM04:2025"}, ATLAS: []string{"AML.T0018.000"}, CWE: []int{506}},
}

func endpoint(id scanner.EndpointID, risk int) *scanner.Endpoint {
	return &scanner.Endpoint{ID: id, Key: scanner.Key{Scheme: "https", Host: "shop.example", Method: "POST", Path: fmt.Sprint("/chat/", id)}, Kind: llm.KindLLM, Risk: risk}
}

func coverageOf(t *testing.T, s *report.Scene, id string) (report.Coverage, map[string]report.Covered) {
	t.Helper()
	c := s.CoverageOf(framework.Find(id))
	items := map[string]report.Covered{}
	for i := range c.Items {
		items[c.Items[i].ID] = c.Items[i]
	}
	return c, items
}

func cellOf(t *testing.T, c *report.Coverage, item, asset string) report.Cell {
	t.Helper()
	i, j := slices.IndexFunc(c.Items, func(i report.Covered) bool { return i.ID == item }), slices.Index(c.Assets, asset)
	if i < 0 || j < 0 {
		t.Fatalf("there is no cell of %s on %s: %v", item, asset, c.Assets)
	}
	return c.Cells[i][j]
}

var when = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func testedScene() *report.Scene {
	return &report.Scene{
		At: when, Library: library, Endpoints: []*scanner.Endpoint{endpoint(1, 10), endpoint(2, 80), {ID: 3, Key: scanner.Key{Host: "static.example"}, Kind: llm.KindPlain}},
		Tested: []report.Tested{
			{Template: "override", Target: "exchange:5", Name: "shop bot", Endpoint: 1, Run: 3, OWASP: []string{"LLM01:2025"}, Verdicts: scanner.Verdicts{Resisted: 4}, At: when},
			{Template: "bola", Target: "exchange:5", Name: "shop bot", Run: 3, OWASP: []string{"LLM06:2025"}, Unfit: "it has no tools", At: when},
			{Template: "override", Target: "model:9", Name: "help", Run: 4, OWASP: []string{"LLM01:2025"}, Verdicts: scanner.Verdicts{Vulnerable: 1, Resisted: 3}, At: when},
			{Template: "bola", Target: "model:9", Name: "help", Run: 4, OWASP: []string{"LLM06:2025"}, Verdicts: scanner.Verdicts{Unclear: 2}, At: when},
			{Template: "poison", Target: "model:9", Name: "help", Run: 4, OWASP: []string{"LLM04:2025"}, Verdicts: scanner.Verdicts{Errored: 2}, At: when},
		},
		Findings: []scanner.Finding{
			{ID: 7, Template: "override", Severity: scanner.SeverityHigh, OWASP: []string{"LLM01:2025"}, Target: "model:9", Name: "help", State: scanner.FindingNew},
			{ID: 8, Template: "override", Severity: scanner.SeverityLow, OWASP: []string{"LLM01:2025"}, Target: "model:9", Name: "help", State: scanner.FindingNew},
			{ID: 9, Template: "poison", Severity: scanner.SeverityLow, OWASP: []string{"LLM04:2025"}, Target: "exchange:5", State: scanner.FindingFalsePositive},
		},
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	s := testedScene()
	c, items := coverageOf(t, s, framework.OWASPLLM)
	if want := []string{"POST shop.example/chat/1", "help", "POST shop.example/chat/2"}; !slices.Equal(c.Assets, want) {
		t.Fatalf("assets are %v, want %v: the tested ones first", c.Assets, want)
	}
	for id, want := range map[string]report.State{
		"LLM01:2025": report.StateVulnerable, "LLM04:2025": report.StateNotTested, "LLM06:2025": report.StateTested, "LLM09:2025": report.StateNotTested,
	} {
		if items[id].State != want {
			t.Errorf("%s is %s, want %s", id, items[id].State, want)
		}
	}
	if got := items["LLM01:2025"]; got.Cases != 8 || got.Vulnerable != 1 || got.Targets != 2 || !got.Last.Equal(when) || got.Templates != 1 {
		t.Errorf("what was tested of LLM01 is %+v", got)
	}
	if why := items["LLM09:2025"].Why; why == "" {
		t.Error("an item without a template does not say so")
	}
	for _, want := range []struct {
		item, asset string
		cell        report.Cell
	}{
		{"LLM01:2025", "help", report.Cell{State: report.StateVulnerable, Cases: 4, Ref: "finding:7"}},
		{"LLM01:2025", "POST shop.example/chat/1", report.Cell{State: report.StateResisted, Cases: 4, Ref: "run:3"}},
		{"LLM01:2025", "POST shop.example/chat/2", report.Cell{State: report.StateNotTested}},
		{"LLM06:2025", "POST shop.example/chat/1", report.Cell{State: report.StateNotTestable}},
		{"LLM06:2025", "help", report.Cell{State: report.StateTested, Cases: 2, Ref: "run:4"}},
		{"LLM04:2025", "help", report.Cell{State: report.StateNotTested}},
	} {
		if got := cellOf(t, &c, want.item, want.asset); got != want.cell {
			t.Errorf("%s on %s is %+v, want %+v", want.item, want.asset, got, want.cell)
		}
	}
}

func TestCoverageOfOthers(t *testing.T) {
	t.Parallel()
	s := testedScene()
	for id, states := range map[string]map[string]report.State{
		framework.OWASPASI: {"ASI01": report.StateVulnerable, "ASI03": report.StateTested, "ASI07": report.StateNotTested},
		framework.ATLAS: {
			"AML.T0051": report.StateVulnerable, "AML.T0051.000": report.StateVulnerable, "AML.T0051.001": report.StateNotTested, "AML.T0019": report.StateNotTestable,
		},
		framework.NIST600:  {"9": report.StateVulnerable, "1": report.StateNotTestable, "5": report.StateNotTestable, "6": report.StateNotTestable},
		framework.NISTRMF:  {"MEASURE 2.7": report.StateVulnerable, "MEASURE 1.1": report.StateNotTestable},
		framework.EUAIAct:  {"Art. 15": report.StateVulnerable, "Art. 10": report.StateNotTestable, "Art. 14": report.StateTested},
		framework.ISO42001: {"A.6.2.4": report.StateVulnerable, "A.9.4": report.StateVulnerable, "A.2.2": report.StateNotTestable},
		framework.OWASPAPI: {"API1:2023": report.StateTested, "API7:2023": report.StateNotTested, "API9:2023": report.StateNotTestable},
	} {
		_, items := coverageOf(t, s, id)
		for item, want := range states {
			if got := items[item].State; got != want {
				t.Errorf("%s %s is %s, want %s", id, item, got, want)
			}
		}
	}
	// A proven weakness speaks against an entry for which tests say nothing.
	s.Findings[2].State = scanner.FindingVerified
	for id, item := range map[string]string{framework.NIST600: "6", framework.EUAIAct: "Art. 10", framework.ISO42001: "A.7.4"} {
		c, items := coverageOf(t, s, id)
		if items[item].State != report.StateVulnerable || cellOf(t, &c, item, "POST shop.example/chat/1").Ref != "finding:9" {
			t.Errorf("%s %s is %+v", id, item, items[item])
		}
	}
}

// TestCoverageAgrees: the OWASP list of a posture and that of the coverage are told by two ways, and must not differ.
func TestCoverageAgrees(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		s := randomCoverage(rng)
		for _, id := range framework.OWASPItems() {
			item := report.Item{ID: id, Title: framework.Title(id)}
			for i := range s.Library {
				if slices.Contains(s.Library[i].OWASP, id) {
					item.Templates++
				}
			}
			s.Items = append(s.Items, item)
		}
		_, items := coverageOf(t, s, framework.OWASPLLM)
		for _, want := range s.Posture().OWASP {
			got := items[want.ID]
			if got.State != want.State || got.Cases != want.Cases || got.Vulnerable != want.Vulnerable || got.Targets != want.Targets || !got.Last.Equal(want.Last) {
				t.Fatalf("coverage says %+v, posture %+v", got, want)
			}
		}
	}
}

// randomCoverage makes up what was tested.
func randomCoverage(rng *rand.Rand) *report.Scene {
	s := &report.Scene{At: when}
	pick := func(list []string) []string { return []string{list[rng.IntN(len(list))]} }
	for i := range 6 {
		s.Library = append(s.Library, report.Attack{
			ID: fmt.Sprint("t", i), OWASP: pick(framework.OWASPItems()), ASI: pick(framework.ASIItems()), ATLAS: pick(framework.Techniques()), CWE: []int{[]int{639, 918, 400, 285}[rng.IntN(4)]},
		})
	}
	for i := range 4 {
		s.Endpoints = append(s.Endpoints, endpoint(scanner.EndpointID(i+1), rng.IntN(100)))
	}
	targets := []string{"exchange:1", "exchange:2", "model:1", "model:2"}
	for i := range s.Library {
		a := &s.Library[i]
		for n, target := range targets {
			one := report.Tested{Template: a.ID, Target: target, Name: "target " + target, Run: scanner.RunID(1 + rng.IntN(5)), OWASP: a.OWASP, At: when.Add(-time.Duration(rng.IntN(1000)) * time.Hour)}
			switch rng.IntN(4) {
			case 0:
				continue
			case 1:
				one.Unfit = pick([]string{"no tools", "no documents"})[0]
			default:
				one.Verdicts = scanner.Verdicts{Vulnerable: rng.IntN(2), Resisted: rng.IntN(2), Unclear: rng.IntN(2), Errored: rng.IntN(2)}
			}
			if n < 2 {
				one.Endpoint = scanner.EndpointID(n + 1)
			}
			s.Tested = append(s.Tested, one)
		}
	}
	for i := range rng.IntN(4) {
		s.Findings = append(s.Findings, randomWeakness(rng, s, scanner.FindingID(i+1), targets))
	}
	return s
}

func randomWeakness(rng *rand.Rand, s *report.Scene, id scanner.FindingID, targets []string) scanner.Finding {
	a := &s.Library[rng.IntN(len(s.Library))]
	severities := []scanner.Severity{scanner.SeverityLow, scanner.SeverityMedium, scanner.SeverityHigh, scanner.SeverityCritical}
	states := []scanner.FindingState{scanner.FindingNew, scanner.FindingVerified, scanner.FindingAccepted}
	target := targets[rng.IntN(len(targets))]
	return scanner.Finding{
		ID: id, Template: a.ID, OWASP: a.OWASP, Target: target, Name: "target " + target, Severity: severities[rng.IntN(len(severities))], State: states[rng.IntN(len(states))],
	}
}

// better ranks states: a weakness that is added never raises one.
var better = map[report.State]int{report.StateVulnerable: 0, report.StateNotTested: 1, report.StateNotTestable: 1, report.StateTested: 1, report.StateResisted: 2}

func TestCoverageProperties(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		s := randomCoverage(rng)
		all := s.Coverage()
		checkHonest(t, s, all)

		shuffled := *s
		shuffled.Library, shuffled.Tested = slices.Clone(s.Library), slices.Clone(s.Tested)
		shuffled.Findings, shuffled.Endpoints = slices.Clone(s.Findings), slices.Clone(s.Endpoints)
		rng.Shuffle(len(shuffled.Library), reflect.Swapper(shuffled.Library))
		rng.Shuffle(len(shuffled.Tested), reflect.Swapper(shuffled.Tested))
		rng.Shuffle(len(shuffled.Findings), reflect.Swapper(shuffled.Findings))
		rng.Shuffle(len(shuffled.Endpoints), reflect.Swapper(shuffled.Endpoints))
		if got := shuffled.Coverage(); !reflect.DeepEqual(got, all) {
			t.Fatalf("the order of what is known changes the coverage:\n%+v\n%+v", got, all)
		}

		worse := *s
		worse.Findings = append(slices.Clone(s.Findings), randomWeakness(rng, s, 100, []string{"exchange:1", "model:1", "model:2"}))
		for n, c := range worse.Coverage() {
			for i := range c.Items {
				if better[c.Items[i].State] > better[all[n].Items[i].State] {
					t.Fatalf("%s: a weakness makes %s better: from %s to %s", c.ID, c.Items[i].ID, all[n].Items[i].State, c.Items[i].State)
				}
				for j, asset := range c.Assets {
					k := slices.Index(all[n].Assets, asset)
					if k >= 0 && better[c.Cells[i][j].State] > better[all[n].Cells[i][k].State] {
						t.Fatalf("%s: a weakness makes %s on %s better: from %s to %s", c.ID, c.Items[i].ID, asset, all[n].Cells[i][k].State, c.Cells[i][j].State)
					}
				}
			}
		}
	}
}

// checkHonest says whether what no test can speak for is called covered, and whether what is called covered has evidence.
func checkHonest(t *testing.T, s *report.Scene, all []report.Coverage) {
	t.Helper()
	runs := map[string]bool{}
	for i := range s.Tested {
		runs[fmt.Sprint("run:", s.Tested[i].Run)] = true
	}
	for _, c := range all {
		f := framework.Find(c.ID)
		for i := range c.Items {
			covered := c.Items[i].State == report.StateResisted || c.Items[i].State == report.StateTested
			if covered && (!f.Items[i].Testable() || c.Items[i].Cases == 0) {
				t.Fatalf("%s %s is %s with %d cases", c.ID, c.Items[i].ID, c.Items[i].State, c.Items[i].Cases)
			}
			for _, cell := range c.Cells[i] {
				resisted := cell.State == report.StateResisted || cell.State == report.StateTested
				if resisted && (!covered && c.Items[i].State != report.StateVulnerable || cell.Cases == 0 || !runs[cell.Ref]) {
					t.Fatalf("%s %s: a cell %+v of an item that is %s", c.ID, c.Items[i].ID, cell, c.Items[i].State)
				}
			}
		}
	}
}

func TestCoverageIsBounded(t *testing.T) {
	t.Parallel()
	s := &report.Scene{At: when, Library: library}
	for i := range 200 {
		s.Endpoints = append(s.Endpoints, endpoint(scanner.EndpointID(i+1), i%100))
	}
	c, items := coverageOf(t, s, framework.OWASPASI)
	if len(c.Assets) != 60 || c.Note == framework.Find(framework.OWASPASI).Note {
		t.Errorf("%d assets, and the note is %q", len(c.Assets), c.Note)
	}
	if len(items) != 10 {
		t.Errorf("%d items", len(items))
	}
}
