package app

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"

	"assay/report"
	"assay/scanner"
	"assay/scanner/framework"
	"assay/storage"
)

// Posture is what `assay posture --json` prints: a contract (docs/cli.md).
type Posture struct {
	At      string            `json:"at"`
	Of      string            `json:"of,omitempty"`      // the part it is of: endpoint:7, model:NAME, client:NAME; empty for the whole project
	Name    string            `json:"name,omitempty"`    // of that part
	Score   *float64          `json:"score"`             // null while there is not enough evidence
	AtMost  float64           `json:"at_most"`           // what the score cannot be above, as things stand
	Grade   string            `json:"grade,omitempty"`   // A to F
	Missing string            `json:"missing,omitempty"` // why there is no score
	Areas   []PostureArea     `json:"areas"`             // what the score is made of: the most each can take away, and what it does
	Reasons []PostureReason   `json:"reasons"`
	OWASP   []PostureItem     `json:"owasp"`
	Version string            `json:"owasp_version"`
	Gaps    []PostureGap      `json:"gaps"`
	Advice  []PostureAdvice   `json:"recommendations"`
	Done    []PostureAdvice   `json:"done"`            // what runs showed to be done, the newest first
	Trend   []PostureSnapshot `json:"trend"`           // the oldest first; of the whole project alone
	Moved   *PostureMoved     `json:"moved,omitempty"` // what moved the score last; absent where nothing did
}

// PostureArea is a part of the score.
type PostureArea struct {
	Area  string  `json:"area"`
	Limit float64 `json:"limit"` // the most it takes away
	Taken float64 `json:"taken"` // that it takes away now
	Why   string  `json:"why"`   // why it has that limit
}

// PostureReason is one thing that takes points away.
type PostureReason struct {
	Area   string  `json:"area"`
	Code   string  `json:"code"`
	Points float64 `json:"points"`
	Full   float64 `json:"full"` // what it would take away if its area had no limit
	What   string  `json:"what"`
	Ref    string  `json:"ref,omitempty"` // finding:3, endpoint:7, threat:9, owasp:LLM01:2025
}

// PostureItem is one category of the OWASP list.
type PostureItem struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	State      string `json:"state"`
	Cases      int    `json:"cases"`
	Vulnerable int    `json:"vulnerable"`
	Targets    int    `json:"targets"`
	Last       string `json:"last,omitempty"`
	Why        string `json:"why,omitempty"`
}

// PostureGap is something that nobody knows, or that nothing guards.
type PostureGap struct {
	Code   string `json:"code"`
	What   string `json:"what"`
	Ref    string `json:"ref,omitempty"`
	N      int    `json:"n"`
	Advice string `json:"advice,omitempty"` // what to do about this one
}

// PostureAdvice is one thing to do, or one that a run showed to be done.
type PostureAdvice struct {
	Priority  string        `json:"priority"`
	Code      string        `json:"code"`
	What      string        `json:"what"`
	Why       string        `json:"why"`
	Who       string        `json:"who"`
	Check     string        `json:"check"`
	Effort    string        `json:"effort"`
	Reduction float64       `json:"risk_reduction"` // points that the score would gain by this alone; 0 where others hold it down
	Risk      float64       `json:"risk"`           // points of everything that it mends, without the limits of areas
	Refs      []string      `json:"refs"`
	Steps     []report.Step `json:"steps,omitempty"`   // one for each template, what takes most risk away first
	Run       int64         `json:"run,omitempty"`     // that showed it to be done
	DoneAt    string        `json:"done_at,omitempty"` // when that was
}

// PostureSnapshot is how things stood at a time.
type PostureSnapshot struct {
	At         string         `json:"at"`
	Cause      string         `json:"cause"`   // day, run:7
	Score      *float64       `json:"score"`   // null while there was not enough evidence
	AtMost     float64        `json:"at_most"` // what the score could not be above
	Grade      string         `json:"grade,omitempty"`
	Severities map[string]int `json:"severities"` // open weaknesses
}

// PostureMoved is what moved the score since a snapshot.
type PostureMoved struct {
	Since  string        `json:"since"` // when that was taken
	Cause  string        `json:"cause"`
	Before float64       `json:"before"` // the score then, or what it could not be above
	After  float64       `json:"after"`
	Moves  []report.Move `json:"moves"` // what moved it most first
}

// Posture works out how things stand in a project, or in a part of it: endpoint:7, model:NAME, client:NAME. of is empty
// for all of it.
func (a *App) Posture(ctx context.Context, path, of string) (_ *Posture, err error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return a.postureIn(ctx, p, of)
}

// Posture works out how things stand in the open project, or in a part of it: endpoint:7, model:NAME, client:NAME. of is
// empty for all of it.
func (p *Project) Posture(ctx context.Context, of string) (*Posture, error) {
	return p.app.postureIn(ctx, p.store, of)
}

func (a *App) postureIn(ctx context.Context, p *storage.Project, of string) (*Posture, error) {
	library, _, err := a.Library("")
	if err != nil {
		return nil, err
	}
	scene, err := a.sceneOf(ctx, p, library)
	if err != nil {
		return nil, err
	}
	if of != "" {
		return partOf(scene, of)
	}
	posture := scene.Posture()
	out := postureOf(&posture)
	return out, withTrend(ctx, p, out, scene.Snapshot(&posture, ""))
}

// partOf is the posture of a part of a project.
func partOf(scene *report.Scene, of string) (*Posture, error) {
	kind, name, _ := strings.Cut(of, ":")
	part := report.Part{Kind: report.PartKind(kind), Name: name}
	switch part.Kind {
	case report.PartEndpoint:
		id, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return nil, usagef("`assay inventory` lists the endpoints with their numbers", "%q is no number of an endpoint", Harmless(name, 60))
		}
		part.Name, part.Endpoint = "", scanner.EndpointID(id)
	case report.PartModel, report.PartClient:
	default:
		return nil, usagef("endpoint:7, model:NAME or client:NAME", "%q is no part of a project", Harmless(of, 60))
	}
	own, known := scene.Of(part)
	if !known {
		return nil, &Error{Code: CodeNotFound, Message: "nothing is known of " + Harmless(of, 120), Hint: "`assay inventory` lists endpoints, models and clients"}
	}
	posture := own.Posture()
	out := postureOf(&posture)
	out.Of, out.Name = part.Ref(), name
	if part.Kind == report.PartEndpoint && len(own.Endpoints) > 0 {
		e := own.Endpoints[0]
		out.Name = e.Method + " " + e.Host + e.Path
	}
	return out, nil
}

func postureOf(p *report.Posture) *Posture {
	out := &Posture{
		At: stamp(p.At), AtMost: p.Score, Grade: p.Grade, Missing: p.Missing, Version: framework.OWASPVersion,
		Reasons: []PostureReason{}, OWASP: []PostureItem{}, Gaps: []PostureGap{}, Advice: adviceOf(p.Advice), Done: adviceOf(p.Done), Trend: []PostureSnapshot{},
	}
	if p.Enough {
		out.Score = &p.Score
	}
	taken := map[report.Area]float64{}
	for _, r := range p.Reasons {
		taken[r.Area] += r.Points
		out.Reasons = append(out.Reasons, PostureReason{Area: string(r.Area), Code: r.Code, Points: r.Points, Full: r.Full, What: r.What, Ref: r.Ref})
	}
	for _, area := range report.Areas() {
		out.Areas = append(out.Areas, PostureArea{Area: string(area.Area), Limit: area.Limit, Taken: math.Round(taken[area.Area]*10) / 10, Why: area.Why})
	}
	for _, c := range p.OWASP {
		out.OWASP = append(out.OWASP, PostureItem{
			ID: c.ID, Title: c.Title, State: string(c.State), Cases: c.Cases, Vulnerable: c.Vulnerable, Targets: c.Targets, Last: stamp(c.Last), Why: c.Why,
		})
	}
	for _, g := range p.Gaps {
		out.Gaps = append(out.Gaps, PostureGap{Code: g.Code, What: g.What, Ref: g.Ref, N: g.N, Advice: g.Advice})
	}
	return out
}

func adviceOf(list []report.Advice) []PostureAdvice {
	out := []PostureAdvice{}
	for _, a := range list {
		out = append(out, PostureAdvice{
			Priority: string(a.Priority), Code: a.Code, What: a.What, Why: a.Why, Who: a.Who, Check: a.Check, Effort: string(a.Effort), Reduction: a.Reduction, Risk: a.Risk,
			Refs: orNone(a.Refs), Steps: a.Steps, Run: int64(a.Run), DoneAt: stamp(a.At),
		})
	}
	return out
}
