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
