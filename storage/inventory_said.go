package storage

import (
	"context"
	"database/sql"
	"errors"

	"assay/scanner"
)

// Decisions returns what a person said about the paths of hosts, oldest first.
func (p *Project) Decisions(ctx context.Context) ([]scanner.Decision, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return loadDecisions(ctx, p.readers)
}

// CustomTypes returns the types of sensitive data that a person defined, by name.
func (p *Project) CustomTypes(ctx context.Context) ([]scanner.CustomType, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return loadCustomTypes(ctx, p.readers)
}

// UsedAssets tells of which assets it is kept with which exchanges they have to do (scanner.Use).
func (p *Project) UsedAssets(ctx context.Context) (map[scanner.AssetID]bool, error) {
	used := map[scanner.AssetID]bool{}
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return used, err
	}
	err := p.each(ctx, "SELECT id FROM asset a WHERE EXISTS (SELECT 1 FROM asset_use u WHERE u.asset = a.id)", nil, func(scan func(...any) error) error {
		var id scanner.AssetID
		err := scan(&id)
		used[id] = true
		return err
	})
	return used, err
}

// MergedInto returns the endpoint that another one became part of; 0 when it did not.
func (p *Project) MergedInto(ctx context.Context, id scanner.EndpointID) (into scanner.EndpointID, err error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return 0, err
	}
	err = p.readers.QueryRowContext(ctx, "SELECT merged FROM endpoint WHERE id = ? AND merged > 0", int64(id)).Scan(&into)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return into, err
}
