package app

import (
	"context"

	"assay/report"
	"assay/storage"
)

// Requirements says of everything that has to hold in the open project whether it does.
func (p *Project) Requirements(ctx context.Context) ([]report.Requirement, error) {
	return requirementsOf(ctx, p.store)
}

// requirementsOf checks the requirements on a project.
func requirementsOf(_ context.Context, _ *storage.Project) ([]report.Requirement, error) {
	return nil, nil
}
