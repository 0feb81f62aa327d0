package app

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/target"
	"assay/storage"
)

// ModelRow is one model of a project: imported by a person, or discovered in the traffic. It is a line of
// `assay models ls --json`.
type ModelRow struct {
	ID         string   `json:"id"`    // of an imported one as `--target model:ID` takes it; of a discovered one asset:ID
	State      string   `json:"state"` // discovered, imported
	Name       string   `json:"name"`
	Provider   string   `json:"provider"`
	Model      string   `json:"model"`
	Host       string   `json:"host"`
	URL        string   `json:"url,omitempty"`
	Status     string   `json:"status,omitempty"` // of the latest try: ok, failed, untried
	Error      string   `json:"error,omitempty"`
	Code       string   `json:"error_code,omitempty"`
	LatencyMS  float64  `json:"latency_ms,omitempty"`
	Tried      string   `json:"tried,omitempty"`
	Auth       string   `json:"auth,omitempty"`
	Secret     string   `json:"key_from,omitempty"` // where the key comes from, never its value
	Slot       string   `json:"prompt_slot,omitempty"`
	AnswerPath string   `json:"answer_path,omitempty"`
	Role       string   `json:"role,omitempty"`
	Exchange   string   `json:"exchange_id,omitempty"` // it was imported from; of a discovered one the latest
	Asset      string   `json:"asset_id,omitempty"`    // of an imported one: the discovered model it is
	Count      int64    `json:"count"`                 // exchanges that were seen of it
	Tokens     int64    `json:"tokens,omitempty"`
	Clients    []string `json:"clients,omitempty"`
	FirstSeen  string   `json:"first_seen,omitempty"`
	LastSeen   string   `json:"last_seen,omitempty"`
}

// Models lists the models of a project, the imported ones first. One that was discovered and imported is one row.
func (a *App) Models(ctx context.Context, path string) (rows []ModelRow, err error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return modelRows(ctx, p)
}

// Models lists the models of the open project.
func (p *Project) Models(ctx context.Context) ([]ModelRow, error) { return modelRows(ctx, p.store) }

func modelRows(ctx context.Context, p *storage.Project) ([]ModelRow, error) {
	models, err := p.Models(ctx)
	if err != nil {
		return nil, err
	}
	inv, err := p.Inventory(ctx)
	if err != nil {
		return nil, err
	}
	assets := slices.DeleteFunc(slices.Clone(inv.Assets), func(a *scanner.Asset) bool { return a.Kind != scanner.AssetModel || a.Count == 0 })
	slices.SortStableFunc(assets, func(a, b *scanner.Asset) int { return int(b.Count - a.Count) })
	taken := map[scanner.AssetID]bool{}
	rows := []ModelRow{}
	for _, m := range models {
		row := importedRow(m)
		for _, a := range assets {
			if a.Host == row.Host && strings.EqualFold(a.Name, m.Model) {
				row.seen(a)
				row.Asset, taken[a.ID] = idText(int64(a.ID)), true
			}
		}
		rows = append(rows, row)
	}
	for _, a := range assets {
		if taken[a.ID] {
			continue
		}
		row := ModelRow{ID: "asset:" + idText(int64(a.ID)), State: "discovered", Name: a.Name, Model: a.Name, Provider: a.Provider, Host: a.Host}
		row.seen(a)
		row.Exchange = idText(int64(a.Last))
		rows = append(rows, row)
	}
	return rows, nil
}

func importedRow(m *scanner.Model) ModelRow {
	row := ModelRow{
		ID: idText(int64(m.ID)), State: "imported", Name: m.Name, Provider: m.Provider, Model: m.Model, URL: m.URL, Status: "untried",
		Auth: m.Auth.Form, Secret: strings.Join(references(m), " "), AnswerPath: m.Answer, Role: m.Role, Exchange: idText(int64(m.Source)),
	}
	row.Slot = target.PlaceText(m.Slot)
	if u, err := url.Parse(m.URL); err == nil {
		row.Host = strings.ToLower(u.Host)
	}
	if t := m.Tried; t != nil {
		row.Status, row.Tried = "ok", instant(t.At)
		row.LatencyMS = float64(t.Latency.Microseconds()) / 1000
		if t.Code != "" {
			row.Status, row.Code, row.Error = "failed", t.Code, t.Error
		}
	}
	return row
}

// seen adds what the traffic told of a model.
func (r *ModelRow) seen(a *scanner.Asset) {
	r.Count, r.Tokens, r.Clients = a.Count, a.Facts.Tokens, a.Facts.Clients
	r.FirstSeen, r.LastSeen = instant(a.FirstSeen), instant(a.LastSeen)
}
