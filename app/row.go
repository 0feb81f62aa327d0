package app

import (
	"context"

	"assay/storage"
	"assay/traffic"
)

// rowOf returns the listing row of one exchange.
func rowOf(ctx context.Context, p *storage.Project, id traffic.ID) (*storage.Row, error) {
	rows, err := p.List(ctx, storage.Filter{After: id - 1, Before: id + 1, Limit: 1, Texts: true})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, storage.ErrNoExchange
	}
	return &rows[0], nil
}
