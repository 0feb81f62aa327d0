package report_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assay/llm"
	"assay/report"
	"assay/scanner"
)

// scenes is how many random projects each property is tried on.
const scenes = 2000

func severities() []scanner.Severity {
	return []scanner.Severity{scanner.SeverityInfo, scanner.SeverityLow, scanner.SeverityMedium, scanner.SeverityHigh, scanner.SeverityCritical}
}

// random makes a scene of anything.
func random(seed uint64) (*report.Scene, *rand.Rand) {
	r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // scenes, not secrets
	s := scene(r.IntN(11))
	states := []scanner.FindingState{scanner.FindingNew, scanner.FindingVerified, scanner.FindingAccepted, scanner.FindingFalsePositive, scanner.FindingFixed}
	s.Mended = map[scanner.FindingID]time.Time{}
	for i := range r.IntN(12) {
		f := scanner.Finding{
			ID: scanner.FindingID(i + 1), Severity: severities()[r.IntN(5)], State: states[r.IntN(5)], OWASP: []string{s.Items[r.IntN(10)].ID}, Title: fmt.Sprint("f", i),
			Template: fmt.Sprint("t", r.IntN(6)), Target: fmt.Sprint("model:", 1+r.IntN(3)), Run: 1,
		}
		if r.IntN(3) == 0 {
			f.OWASP = append(f.OWASP, s.Items[r.IntN(10)].ID)
		}
		if f.State == scanner.FindingFixed && r.IntN(2) == 0 {
			f.Mended = 2
			s.Mended[f.ID] = postureDay.Add(-time.Duration(r.IntN(100)) * time.Hour)
		}
		s.Findings = append(s.Findings, f)
	}
	for i := range r.IntN(12) {
		state := []scanner.ThreatState{scanner.ThreatNew, scanner.ThreatConfirmed, scanner.ThreatHarmless, scanner.ThreatClosed}[r.IntN(4)]
		s.Threats = append(s.Threats, &scanner.Threat{
			ID: scanner.ThreatID(i + 1), Severity: severities()[r.IntN(5)], State: state, Endpoint: scanner.EndpointID(r.IntN(9)), Model: "gpt", Actor: "client:curl",
		})
	}
	kinds := []llm.Kind{llm.KindLLM, llm.KindPlain, llm.KindAgent, llm.KindMCP}
	for i := range r.IntN(8) {
		e := &scanner.Endpoint{ID: scanner.EndpointID(i + 2), Risk: r.IntN(101), Kind: kinds[r.IntN(4)], Count: 9, Access: scanner.AccessInternal}
		e.Key = scanner.Key{Scheme: "https", Method: "POST", Host: fmt.Sprint("h", r.IntN(4)), Path: fmt.Sprint("/", i)}
		e.Facts.Clients, e.Facts.Models = []string{"curl", "agent"}[:1+r.IntN(2)], []string{"gpt"}
		if r.IntN(2) == 0 {
			e.Facts.Tools = []string{"fetch_url"}
		}
		s.Endpoints = append(s.Endpoints, e)
	}
	for i := range 3 {
		s.Targets = append(s.Targets, report.Target{Ref: fmt.Sprint("model:", i+1), Name: fmt.Sprint("m", i+1), Model: "gpt", Endpoint: scanner.EndpointID(r.IntN(9))})
	}
	for i := range r.IntN(8) {
		s.Required = append(s.Required, report.Requirement{
			ID: fmt.Sprint("r", i), Name: fmt.Sprint("R", i), Severity: string(severities()[r.IntN(5)]), Of: r.IntN(3),
			State: []string{report.RequirementPass, report.RequirementFail, report.RequirementUnknown}[r.IntN(3)], Refs: []string{fmt.Sprint("endpoint:", r.IntN(9))},
		})
	}
	s.Unread = int64(r.IntN(100))
	return s, r
}

// copyOf is a scene whose lists can be changed.
func copyOf(s *report.Scene) *report.Scene {
	c := *s
	c.Findings, c.Endpoints, c.Threats = slices.Clone(s.Findings), slices.Clone(s.Endpoints), slices.Clone(s.Threats)
	c.Tested, c.Required, c.Targets = slices.Clone(s.Tested), slices.Clone(s.Required), slices.Clone(s.Targets)
	for i, t := range c.Threats {
		one := *t
		c.Threats[i] = &one
	}
	for i, e := range c.Endpoints {
		one := *e
		c.Endpoints[i] = &one
	}
	return &c
}

// TestPostureIsStable: what it is worked out from has no order, and its points add up.
func TestPostureIsStable(t *testing.T) {
	t.Parallel()
	for seed := range uint64(scenes) {
		s, r := random(seed)
		before := s.Posture()
		sum, areas := 0.0, map[report.Area]float64{}
		for _, reason := range before.Reasons {
			sum += reason.Points
			areas[reason.Area] += reason.Points
		}
		if got := 100 - sum; before.Score > got+1e-6 || before.Score < got-1e-6 && before.Score != 49.9 {
			t.Fatalf("seed %d: the reasons take %v away, the score is %v", seed, sum, before.Score)
		}
		for _, area := range report.Areas() {
			if areas[area.Area] > area.Limit+1e-6 {
				t.Fatalf("seed %d: %s takes %v away, at most %v", seed, area.Area, areas[area.Area], area.Limit)
			}
		}
		again := copyOf(s)
		r.Shuffle(len(again.Findings), func(i, j int) { again.Findings[i], again.Findings[j] = again.Findings[j], again.Findings[i] })
		r.Shuffle(len(again.Endpoints), func(i, j int) { again.Endpoints[i], again.Endpoints[j] = again.Endpoints[j], again.Endpoints[i] })
		r.Shuffle(len(again.Threats), func(i, j int) { again.Threats[i], again.Threats[j] = again.Threats[j], again.Threats[i] })
		r.Shuffle(len(again.Tested), func(i, j int) { again.Tested[i], again.Tested[j] = again.Tested[j], again.Tested[i] })
		r.Shuffle(len(again.Required), func(i, j int) { again.Required[i], again.Required[j] = again.Required[j], again.Required[i] })
		for i := range again.Required {
			if again.Required[i].ID == "r0" {
				again.Required[i].Refs = slices.Clone(again.Required[i].Refs)
			}
		}
		if got := again.Posture(); cmp.Diff(before, got) != "" {
			t.Fatalf("seed %d: another order, another posture:\n%s", seed, cmp.Diff(before, got))
		}
	}
}

// TestPostureIsMonotone: what is new and bad never raises the score, and what is mended never lowers it.
func TestPostureIsMonotone(t *testing.T) {
	t.Parallel()
	for seed := range uint64(scenes) {
		s, r := random(seed)
		before := s.Posture().Score
		worse := func(what string, change func(*report.Scene)) {
			t.Helper()
			c := copyOf(s)
			change(c)
			if got := c.Posture().Score; got > before {
				t.Fatalf("seed %d: %s raised %v to %v", seed, what, before, got)
			}
		}
		better := func(what string, change func(*report.Scene)) {
			t.Helper()
			c := copyOf(s)
			change(c)
			if got := c.Posture().Score; got < before {
				t.Fatalf("seed %d: %s lowered %v to %v", seed, what, before, got)
			}
		}
		worse("a new weakness", func(c *report.Scene) {
			c.Findings = append(c.Findings, scanner.Finding{ID: 99, Severity: severities()[r.IntN(5)], State: scanner.FindingNew, OWASP: []string{s.Items[r.IntN(10)].ID}})
		})
		worse("a new threat", func(c *report.Scene) {
			c.Threats = append(c.Threats, &scanner.Threat{ID: 99, Severity: severities()[r.IntN(5)], State: scanner.ThreatNew})
		})
		worse("a requirement that fails", func(c *report.Scene) {
			c.Required = append(c.Required, report.Requirement{ID: "new", Severity: string(severities()[r.IntN(5)]), State: report.RequirementFail, Of: 1, Failing: 1})
		})
		worse("more that nobody read", func(c *report.Scene) { c.Unread++ })
		for i := range min(len(s.Findings), 4) {
			better("a fix", func(c *report.Scene) { c.Findings[i].State, c.Findings[i].Mended = scanner.FindingFixed, 7 })
		}
		for i := range min(len(s.Threats), 2) {
			better("a closed threat", func(c *report.Scene) { c.Threats[i].State = scanner.ThreatClosed })
		}
		for i := range min(len(s.Endpoints), 2) {
			better("less risk", func(c *report.Scene) { c.Endpoints[i].Risk /= 2 })
		}
		for i := range min(len(s.Required), 3) {
			better("a requirement that holds", func(c *report.Scene) { c.Required[i].State = report.RequirementPass })
			worse("a requirement that fails now", func(c *report.Scene) { c.Required[i].State = report.RequirementFail })
		}
		for i := range s.Items[:r.IntN(10)] {
			better("a test that was resisted", func(c *report.Scene) {
				c.Tested = append(c.Tested, report.Tested{Template: "new", Target: "model:1", Endpoint: 1, OWASP: []string{s.Items[i].ID}, Verdicts: scanner.Verdicts{Resisted: 1}, At: postureDay})
			})
		}
	}
}

// TestPostureOfParts: a part follows the same rules, and has nothing that the whole has not.
func TestPostureOfParts(t *testing.T) {
	t.Parallel()
	parts := []report.Part{
		{Kind: report.PartEndpoint, Endpoint: 1},
		{Kind: report.PartEndpoint, Endpoint: 3},
		{Kind: report.PartModel, Name: "gpt"},
		{Kind: report.PartModel, Name: "m2"},
		{Kind: report.PartClient, Name: "curl"},
	}
	for seed := range uint64(scenes) {
		s, r := random(seed)
		whole := s.Posture()
		for _, part := range parts {
			own, known := s.Of(part)
			if !known {
				continue
			}
			before := own.Posture()
			for i := range before.Reasons {
				if mine := &before.Reasons[i]; mine.Area != report.AreaCoverage && mine.Area != report.AreaSight && !slices.ContainsFunc(whole.Reasons, func(d report.Deduction) bool {
					return d.Area == mine.Area && d.Ref == mine.Ref && d.Full == mine.Full
				}) {
					t.Fatalf("seed %d: %s has a reason of its own: %+v", seed, part.Ref(), mine)
				}
			}
			worse := copyOf(s)
			worse.Findings = append(worse.Findings, scanner.Finding{ID: 99, Severity: severities()[r.IntN(5)], State: scanner.FindingNew, OWASP: []string{s.Items[0].ID}, Target: "model:1"})
			if of, _ := worse.Of(part); of.Posture().Score > before.Score {
				t.Fatalf("seed %d: a new weakness raised %s", seed, part.Ref())
			}
		}
		if _, known := s.Of(report.Part{Kind: report.PartModel, Name: "nobody"}); known {
			t.Fatal("something is known of nobody")
		}
	}
}

// TestMovedAddsUp: what moved the score between any two scenes is the difference of their scores, and nothing moves a scene
// that stays.
func TestMovedAddsUp(t *testing.T) {
	t.Parallel()
	shot := func(seed uint64) report.Snapshot {
		s, _ := random(seed)
		p := s.Posture()
		return s.Snapshot(&p, "day")
	}
	for seed := range uint64(scenes) {
		before, after := shot(seed), shot(seed+1)
		sum := 0.0
		for _, m := range report.Moved(&before, &after) {
			if m.Points == 0 || m.What == "" || m.Kind == "" {
				t.Fatalf("seed %d: %+v", seed, m)
			}
			sum += m.Points
		}
		if math.Abs(sum-(after.Score-before.Score)) > 0.05 {
			t.Fatalf("seed %d: moved by %v, the scores are %v and %v", seed, sum, before.Score, after.Score)
		}
		if moves := report.Moved(&before, &before); len(moves) != 0 {
			t.Fatalf("seed %d: nothing changed, and moved %+v", seed, moves)
		}
	}
}

// TestAdviceKeepsItsWord: the score gains exactly what advice promises when what it names is mended, and no advice is missing.
func TestAdviceKeepsItsWord(t *testing.T) {
	t.Parallel()
	promised := 0
	for seed := range uint64(scenes / 2) {
		s, _ := random(seed)
		for _, item := range s.Items { // a fix is shown by a test, so that the item was tested
			s.Tested = append(s.Tested, report.Tested{Template: "again", Target: "model:9", OWASP: []string{item.ID}, Verdicts: scanner.Verdicts{Resisted: 1}, At: postureDay})
		}
		before := s.Posture()
		named := map[string]bool{}
		for _, a := range before.Advice {
			for _, ref := range a.Refs {
				named[ref] = true
			}
			if a.What == "" || a.Who == "" || a.Check == "" || a.Why == "" || a.Reduction < 0 {
				t.Fatalf("seed %d: %+v", seed, a)
			}
			c := copyOf(s)
			mended := false
			for i := range c.Findings {
				if slices.Contains(a.Refs, fmt.Sprint("finding:", c.Findings[i].ID)) {
					c.Findings[i].State, c.Findings[i].Mended, mended = scanner.FindingFixed, 7, true
				}
			}
			for i := range c.Threats {
				if slices.Contains(a.Refs, fmt.Sprint("threat:", c.Threats[i].ID)) {
					c.Threats[i].State, mended = scanner.ThreatClosed, true
				}
			}
			for i := range c.Required {
				if slices.Contains(a.Refs, "requirement:"+c.Required[i].ID) {
					c.Required[i].State, mended = report.RequirementPass, true
				}
			}
			if !mended {
				continue
			}
			if after := c.Posture(); math.Abs(after.Score-before.Score-a.Reduction) > 0.05 {
				t.Fatalf("seed %d: %s promised %v, the score went from %v to %v", seed, a.Code, a.Reduction, before.Score, after.Score)
			} else if a.Reduction > 0 {
				promised++
			}
		}
		for _, r := range before.Reasons {
			if r.Ref != "" && r.Area != report.AreaCoverage && !named[r.Ref] {
				t.Fatalf("seed %d: nothing is said to do about %+v", seed, r)
			}
		}
	}
	if promised < scenes/2 {
		t.Errorf("%d promises were kept: too few to tell", promised)
	}
}

// TestDone: advice is done when runs showed that of every weakness, and not when a person says so.
func TestDone(t *testing.T) {
	t.Parallel()
	for seed := range uint64(scenes) {
		s, _ := random(seed)
		p := s.Posture()
		pending, done := map[string]bool{}, map[string]bool{}
		for _, a := range p.Advice {
			pending[a.Code] = true
		}
		for _, a := range p.Done {
			done[a.Code] = true
			if a.Run == 0 || a.At.IsZero() || pending[a.Code] {
				t.Fatalf("seed %d: %+v", seed, a)
			}
		}
		for i := range s.Findings {
			f := &s.Findings[i]
			code := "mend:" + f.OWASP[0]
			open := f.State != scanner.FindingFalsePositive && (f.State != scanner.FindingFixed || f.Mended == 0)
			if open != pending[code] && open || f.Mended != 0 && !pending[code] && !done[code] {
				t.Fatalf("seed %d: finding %+v, pending %v, done %v", seed, f, pending[code], done[code])
			}
		}
	}
}

// TestStandings are the worst first, each as its own posture says.
func TestStandings(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		s, _ := random(seed)
		all, cut := s.Standings()
		if cut != 0 || !slices.IsSortedFunc(all, func(a, b report.Standing) int { return int(10*a.Posture.Score) - int(10*b.Posture.Score) }) {
			t.Fatalf("seed %d: %d cut, or out of order", seed, cut)
		}
		for i := range all {
			own, known := s.Of(all[i].Part)
			if !known || own.Posture().Score != all[i].Posture.Score || all[i].Name == "" {
				t.Fatalf("seed %d: %+v", seed, all[i])
			}
		}
	}
}
