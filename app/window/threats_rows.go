package window

import (
	"context"

	"assay/storage"
	"assay/traffic"
)

// mostTitles is how many threats a line of Traffic names.
const mostTitles = 5

// nameThreats says in which threats the exchanges of some rows count: one question for all of them.
func nameThreats(ctx context.Context, store *storage.Project, rows []Row) error {
	ids := make([]traffic.ID, 0, len(rows))
	for i := range rows {
		if id, err := traffic.ParseID(rows[i].ID); err == nil {
			ids = append(ids, id)
		}
	}
	of, err := store.ThreatsOf(ctx, ids)
	if err != nil || len(of) == 0 {
		return err
	}
	for i := range rows {
		id, err := traffic.ParseID(rows[i].ID)
		if err != nil || len(of[id]) == 0 {
			continue
		}
		mark := RowThreat{Severity: string(of[id][0].Severity), Titles: []string{}, N: len(of[id])}
		for _, t := range of[id][:min(len(of[id]), mostTitles)] {
			mark.Titles = append(mark.Titles, clip(valid(t.Title), rowText))
		}
		rows[i].Threat = mark
	}
	return nil
}
