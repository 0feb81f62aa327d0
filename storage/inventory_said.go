package storage

import (
	"context"

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
