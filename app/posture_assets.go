package app

import (
	"context"
	"errors"

	"assay/report"
	"assay/scanner"
	"assay/storage"
)

// PostureAsset is an AI endpoint, a model or a client with how it stands by itself.
type PostureAsset struct {
	Ref     string         `json:"ref"`  // as `assay posture --of` takes it
	Kind    string         `json:"kind"` // endpoint, model, client
	Name    string         `json:"name"`
	Score   *float64       `json:"score"`   // null while there is not enough evidence
	AtMost  float64        `json:"at_most"` // what the score cannot be above
	Grade   string         `json:"grade,omitempty"`
	Missing string         `json:"missing,omitempty"` // why there is no score
	Risk    int            `json:"risk"`              // of its riskiest endpoint, 0 to 100
	Open    map[string]int `json:"open"`              // open weaknesses by severity
	Worst   string         `json:"worst,omitempty"`   // the worst severity among them
	Threats int            `json:"threats"`           // open ones
	Tested  []string       `json:"tested"`            // items of the OWASP list that came to a verdict
	Items   int            `json:"items"`             // that the list has
}

// PostureAssets are the assets of a project with how they stand.
type PostureAssets struct {
	Assets []PostureAsset `json:"assets"` // the worst first
	More   int            `json:"more"`   // those that were not worked out: the least risky and least used
}

// PostureAssets works out how every AI endpoint, model and client stands by itself.
func (a *App) PostureAssets(ctx context.Context, path string) (_ *PostureAssets, err error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return a.assetsIn(ctx, p)
}

// PostureAssets works out how every AI endpoint, model and client of the open project stands by itself.
func (p *Project) PostureAssets(ctx context.Context) (*PostureAssets, error) {
	return p.app.assetsIn(ctx, p.store)
}

func (a *App) assetsIn(ctx context.Context, p *storage.Project) (*PostureAssets, error) {
	library, _, err := a.Library("")
	if err != nil {
		return nil, err
	}
	scene, err := a.sceneOf(ctx, p, library)
	if err != nil {
		return nil, err
	}
	standings, more := scene.Standings()
	out := &PostureAssets{Assets: []PostureAsset{}, More: more}
	for i := range standings {
		out.Assets = append(out.Assets, assetOf(&standings[i], len(scene.Items)))
	}
	return out, nil
}

func assetOf(s *report.Standing, items int) PostureAsset {
	one := PostureAsset{
		Ref: s.Part.Ref(), Kind: string(s.Part.Kind), Name: s.Name, AtMost: s.Posture.Score, Grade: s.Posture.Grade, Missing: s.Posture.Missing, Risk: s.Risk,
		Open: map[string]int{}, Threats: s.Threats, Tested: orNone(s.Tested), Items: items,
	}
	if s.Posture.Enough {
		one.Score = &s.Posture.Score
	}
	for _, severity := range []scanner.Severity{
		scanner.SeverityInfo, scanner.SeverityLow, scanner.SeverityMedium, scanner.SeverityHigh, scanner.SeverityCritical,
	} {
		if n := s.Open[severity]; n > 0 {
			one.Open[string(severity)], one.Worst = n, string(severity)
		}
	}
	return one
}
