package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"assay/scanner"
)

// Scene is what a posture is worked out from: what was discovered, tested and watched. A posture of a part (an endpoint, a
// model) is that of a Scene with only what concerns it.
type Scene struct {
	At        time.Time
	Items     []Item   // of the OWASP list, in order
	Library   []Attack // every template, with the ids that it carries
	Endpoints []*scanner.Endpoint
	Findings  []scanner.Finding
	Threats   []*scanner.Threat
	Tested    []Tested
	Assets    []*scanner.Asset // models, tools, keys, clients
	Required  []Requirement    // what has to hold, with what was seen
	Models    int              // imported ones
	Exchanges int64            // recorded or imported
	Unread    int64            // of them tunnels that nobody decrypted

	Imported    []*scanner.Model                          // the models
	Targets     []Target                                  // what runs were sent to
	Asked       map[scanner.RunID]*scanner.RunSpec        // what the runs that show findings were asked for
	Fixes       map[string]string                         // what templates say how a weakness is mended, by their ids
	Mended      map[scanner.FindingID]time.Time           // when a run showed it; of findings with Mended
	Definitions map[scanner.AssetID]string                // of tools, as canonical JSON: the latest ones
	Named       map[scanner.EndpointID]scanner.EndpointID // of an endpoint whose URL an answer named, whose answer that was
}

// Target is what runs were sent to.
type Target struct {
	Ref      string // RunTarget.Ref
	Name     string
	Model    string             // as the provider calls it; empty where nothing tells
	Endpoint scanner.EndpointID // 0 where it is none of the inventory
}

// Item is one category of a framework.
type Item struct {
	ID        string `json:"id" redact:"-"`
	Title     string `json:"title" redact:"-"`
	Templates int    `json:"templates"` // that there are for it
}

// Tested is what the newest run that sent a template to a target came to.
type Tested struct {
	Template string
	Target   string // RunTarget.Ref
	Name     string // RunTarget.Name
	Endpoint scanner.EndpointID
	Run      scanner.RunID
	OWASP    []string
	Verdicts scanner.Verdicts // of its cases
	Unfit    string           // why nothing was sent: the target has no place for it; empty where something was
	At       time.Time
}

// Posture is how things stand: one score, and everything it is made of.
type Posture struct {
	At      time.Time   `json:"at"`
	Score   float64     `json:"score"`                      // 0 to 100, one decimal; the most it can be where Enough is false
	Grade   string      `json:"grade,omitempty" redact:"-"` // A to F; empty where Enough is false
	Enough  bool        `json:"enough"`                     // there is evidence for a score
	Missing string      `json:"missing,omitempty"`          // why there is not enough of it; empty when there is
	Reasons []Deduction `json:"reasons"`                    //
	OWASP   []Covered   `json:"owasp"`                      //
	Gaps    []Gap       `json:"gaps"`                       //
	Advice  []Advice    `json:"advice"`                     // what to do, what gains most for its effort first
	Done    []Advice    `json:"done"`                       // what a retest showed to be done, the newest first
}

// Area is a part of the score, with the most it can take away.
type Area string

// The areas of the score.
const (
	AreaFindings     Area = "findings"
	AreaCoverage     Area = "coverage"
	AreaInventory    Area = "inventory"
	AreaThreats      Area = "threats"
	AreaRequirements Area = "requirements"
	AreaSight        Area = "sight"
)

// Deduction is one thing that takes points away.
type Deduction struct {
	Area   Area    `json:"area" redact:"-"`
	Code   string  `json:"code" redact:"-"` // stays the same for the same reason
	Points float64 `json:"points"`          // one decimal; 0 where the area is at its limit already
	Full   float64 `json:"full"`            // what it would take away by itself
	What   string  `json:"what"`            // one sentence
	Ref    string  `json:"ref,omitempty"`   // finding:3, endpoint:7, threat:9, owasp:LLM01:2025, requirement:ID; empty for none
}

// State is how an item of a framework stands.
type State string

// The states of an item. An item without a test is never good.
const (
	StateVulnerable  State = "vulnerable"   // a weakness of it is open
	StateResisted    State = "resisted"     // every case that was judged resisted
	StateTested      State = "tested"       // cases were sent, and none was decided
	StateNotTested   State = "not_tested"   //
	StateNotTestable State = "not_testable" // it cannot be seen from outside
)

// Covered is one item with what tests came to.
type Covered struct {
	Item
	State      State     `json:"state" redact:"-"`
	Cases      int       `json:"cases"` // that came to a verdict other than an error
	Vulnerable int       `json:"vulnerable"`
	Targets    int       `json:"targets"`       // that it was tested on
	Last       time.Time `json:"last,omitzero"` // zero where it was not
	Why        string    `json:"why,omitempty"` // of an item that cannot be tested
}

// Posture works out how things stand. It is deterministic and does not depend on the order of what it is given.
//
// It is monotone: a new weakness never raises the score, and what is mended never lowers it. What is not known takes
// points away as what is bad does: an item that nobody tested takes away as much as one that is vulnerable, apart from the
// weaknesses themselves.
func (s *Scene) Posture() Posture {
	s = s.sorted()
	p := s.score()
	p.Gaps = s.gaps(p.OWASP)
	p.Advice = s.advice(&p)
	p.Done = s.done(&p)
	return p
}

// sorted is the same scene with everything in the order of its numbers and names.
func (s *Scene) sorted() *Scene {
	c := *s
	c.Endpoints = slices.SortedFunc(slices.Values(s.Endpoints), func(a, b *scanner.Endpoint) int { return cmp.Compare(a.ID, b.ID) })
	c.Findings = slices.SortedFunc(slices.Values(s.Findings), func(a, b scanner.Finding) int { return cmp.Compare(a.ID, b.ID) })
	c.Threats = slices.SortedFunc(slices.Values(s.Threats), func(a, b *scanner.Threat) int { return cmp.Compare(a.ID, b.ID) })
	c.Assets = slices.SortedFunc(slices.Values(s.Assets), func(a, b *scanner.Asset) int { return cmp.Compare(a.ID, b.ID) })
	c.Imported = slices.SortedFunc(slices.Values(s.Imported), func(a, b *scanner.Model) int { return cmp.Compare(a.ID, b.ID) })
	c.Required = slices.SortedFunc(slices.Values(s.Required), func(a, b Requirement) int { return cmp.Compare(a.ID, b.ID) })
	c.Tested = slices.SortedFunc(slices.Values(s.Tested), func(a, b Tested) int {
		return cmp.Or(cmp.Compare(a.Template, b.Template), cmp.Compare(a.Target, b.Target), a.At.Compare(b.At))
	})
	return &c
}

// score is a posture without what follows from it: gaps and advice.
func (s *Scene) score() Posture {
	p := Posture{At: s.At, OWASP: s.covered()}
	p.Reasons = slices.Concat(s.findingReasons(), s.inventoryReasons(), s.threatReasons(), coverageReasons(p.OWASP), s.requirementReasons(), s.sightReasons())
	settle(p.Reasons)
	p.Score = 100
	for i := range p.Reasons {
		p.Score -= p.Reasons[i].Points
	}
	p.Score = tenth(max(p.Score, 0))
	if s.openCritical() {
		p.Score = min(p.Score, criticalCeiling)
	}
	p.Missing = s.missing(p.OWASP)
	if p.Enough = p.Missing == ""; p.Enough {
		p.Grade = grade(p.Score)
	}
	return p
}

// settle sorts reasons and cuts each area at its limit, the worst first.
func settle(reasons []Deduction) {
	slices.SortFunc(reasons, func(a, b Deduction) int {
		return cmp.Or(cmp.Compare(b.Full, a.Full), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.What, b.What))
	})
	left := map[Area]float64{}
	for area, w := range limits {
		left[area] = w
	}
	for i := range reasons {
		r := &reasons[i]
		r.Points = tenth(min(r.Full, left[r.Area]))
		left[r.Area] = tenth(left[r.Area] - r.Points)
	}
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

func (s *Scene) openCritical() bool {
	return slices.ContainsFunc(s.Findings, func(f scanner.Finding) bool { return f.Open() && f.Severity == scanner.SeverityCritical })
}

func (s *Scene) findingReasons() (reasons []Deduction) {
	for i := range s.Findings {
		f := &s.Findings[i]
		if w := findingWeights[f.Severity]; f.Open() && w > 0 {
			reasons = append(reasons, Deduction{
				Area: AreaFindings, Code: "finding-" + string(f.Severity), Full: w, Ref: fmt.Sprint("finding:", f.ID), What: findingWhat(f),
			})
		}
	}
	return reasons
}

func findingWhat(f *scanner.Finding) string {
	said := ""
	switch {
	case f.State == scanner.FindingAccepted:
		said = " The risk was accepted; it is there nevertheless."
	case f.State == scanner.FindingFixed && f.Mended == 0:
		said = " It is called fixed; no run showed that."
	}
	return fmt.Sprintf("%s: %s on %s.%s", severityWord(f.Severity), f.Title, cmp.Or(f.Name, f.Target), said)
}

func (s *Scene) inventoryReasons() (reasons []Deduction) {
	for _, e := range s.Endpoints {
		if e.Risk < leastRisk || e.Merged != 0 {
			continue
		}
		what := fmt.Sprintf("%s has a risk of %d of 100", nameOf(e), e.Risk)
		if len(e.Facts.Risks) > 0 {
			what += ": " + e.Facts.Risks[0].What
		}
		reasons = append(reasons, Deduction{
			Area: AreaInventory, Code: "endpoint-risk", Full: tenth(float64(e.Risk) * riskShare), Ref: fmt.Sprint("endpoint:", e.ID), What: what + ".",
		})
	}
	return reasons
}

// nameOf is an endpoint for people; where one path stands for many, with what is asked for there.
func nameOf(e *scanner.Endpoint) string {
	return short(strings.TrimSuffix(e.Method+" "+e.Host+e.Path+" "+e.Operation, " "), 200)
}

// some writes a number of things.
func some(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprint(n, " ", thing, "s")
}

func (s *Scene) threatReasons() (reasons []Deduction) {
	for _, t := range s.Threats {
		w := threatWeights[t.Severity]
		if w == 0 || !openThreat(t) {
			continue
		}
		reasons = append(reasons, Deduction{
			Area: AreaThreats, Code: "threat-" + string(t.Severity), Full: w, Ref: fmt.Sprint("threat:", t.ID),
			What: fmt.Sprintf("%s threat in the traffic: %s.", severityWord(t.Severity), t.Title),
		})
	}
	return reasons
}

// openThreat reports whether nobody closed a threat or called it harmless.
func openThreat(t *scanner.Threat) bool {
	return t.State != scanner.ThreatHarmless && t.State != scanner.ThreatClosed
}

func coverageReasons(items []Covered) (reasons []Deduction) {
	for _, c := range items {
		what := ""
		switch c.State {
		case StateResisted, StateNotTestable:
			continue
		case StateVulnerable:
			what = "%s %s is open."
		case StateTested:
			what = "%s %s was tried, and no case came to a verdict."
		case StateNotTested:
			what = "%s %s was not tested."
		}
		reasons = append(reasons, Deduction{
			Area: AreaCoverage, Code: "item-" + string(c.State), Full: itemWeight, Ref: "owasp:" + c.ID, What: fmt.Sprintf(what, c.ID, c.Title),
		})
	}
	return reasons
}

// sightReasons are about what nobody looked at.
func (s *Scene) sightReasons() (reasons []Deduction) {
	if s.Exchanges > 0 && s.Unread > 0 {
		share := float64(s.Unread) / float64(s.Exchanges)
		if full := tenth(share * unreadWeight); full > 0 {
			reasons = append(reasons, Deduction{
				Area: AreaSight, Code: "unread", Full: full,
				What: fmt.Sprintf("%d of %s passed through unread: nothing is known of them.", s.Unread, some(s.Exchanges, "exchange")),
			})
		}
	}
	never := s.neverTested()
	ai := 0
	for _, e := range s.Endpoints {
		if Testable(e) {
			ai++
		}
	}
	if ai > 0 && len(never) > 0 {
		reasons = append(reasons, Deduction{
			Area: AreaSight, Code: "never-tested", Full: tenth(untestedWeight * float64(len(never)) / float64(ai)),
			What: fmt.Sprintf("Never tested: %d of %s.", len(never), some(int64(ai), "AI endpoint")),
		})
	}
	return reasons
}

// missing says why there is not enough evidence for a score; empty when there is.
func (s *Scene) missing(items []Covered) string {
	tested, testable := 0, 0
	for _, c := range items {
		if c.State != StateNotTestable {
			testable++
		}
		if c.State == StateResisted || c.State == StateVulnerable {
			tested++
		}
	}
	switch {
	case len(s.Endpoints) == 0 && s.Models == 0:
		return "Nothing was recorded and no model was imported."
	case tested == 0:
		return "Nothing was tested yet."
	case tested < enoughItems:
		return fmt.Sprintf("%d of %d categories came to a verdict; a score needs %d.", tested, testable, enoughItems)
	}
	return ""
}
