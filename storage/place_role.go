package storage

import (
	"context"

	"assay/scanner"
)

// SaidPlaces returns the places at which somebody of a role says secrets or personal data in requests.
func (p *Project) SaidPlaces(ctx context.Context, role string) ([]*scanner.Place, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return loadPlaces(ctx, p.readers, "WHERE direction = 'request' AND role = ? AND class IN ('secret', 'personal') AND n > 0 ORDER BY id", role)
}
