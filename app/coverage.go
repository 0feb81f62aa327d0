package app

import (
	"context"
	"errors"
	"strconv"

	"assay/report"
	"assay/scanner/framework"
	"assay/storage"
)

// FrameworkCoverage is how a framework stands, as `assay posture coverage --json` prints it.
type FrameworkCoverage = report.Coverage

// Coverage says how the open project stands to a framework: owasp-llm, atlas, …; empty for all of them.
func (p *Project) Coverage(ctx context.Context, id string) ([]FrameworkCoverage, error) {
	return p.app.coverageIn(ctx, p.store, id)
}

// Coverage says how a project stands to a framework; empty for all of them.
func (a *App) Coverage(ctx context.Context, path, id string) (_ []FrameworkCoverage, err error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return a.coverageIn(ctx, p, id)
}

func (a *App) coverageIn(ctx context.Context, p *storage.Project, id string) ([]FrameworkCoverage, error) {
	one := framework.Find(id)
	if id != "" && one == nil {
		return nil, &Error{
			Code: CodeUsage, Message: "there is no framework " + quoted(id), Hint: nearOr(id, framework.IDs(), "`assay posture coverage` lists them"),
		}
	}
	library, _, err := a.Library("")
	if err != nil {
		return nil, err
	}
	scene, err := gatherScene(ctx, p, library)
	if err != nil {
		return nil, err
	}
	if one != nil {
		return []FrameworkCoverage{scene.CoverageOf(one)}, nil
	}
	return scene.Coverage(), nil
}

// CoverageRows are the items of a framework as lines of a table, one for each asset and item, the first one the names of
// the columns. No cell is taken for a formula by a spreadsheet.
func CoverageRows(c *FrameworkCoverage) [][]string {
	rows := [][]string{{"framework", "version", "item", "title", "asset", "state", "cases", "evidence", "why"}}
	add := func(item *report.Covered, asset string, state report.State, cases int, ref string) {
		row := []string{c.ID, c.Version, item.ID, item.Title, asset, string(state), strconv.Itoa(cases), ref, item.Why}
		for i := range row {
			row[i] = CellText(row[i])
		}
		rows = append(rows, row)
	}
	for i := range c.Items {
		item := &c.Items[i]
		add(item, "all", item.State, item.Cases, "")
		for j, cell := range c.Cells[i] {
			add(item, c.Assets[j], cell.State, cell.Cases, cell.Ref)
		}
	}
	return rows
}
