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

// Enforced is the policy that the guard holds a requirement by.
type Enforced struct {
	Requirement string   `json:"requirement"`
	Policy      PolicyID `json:"policy"`
	Name        string   `json:"name"`
	Action      Action   `json:"action"`
	Made        bool     `json:"made"` // just now; otherwise it was there
}

// Enforce makes a policy of the project out of a requirement, which only says what it would do unless an action is given.
// Whether the guard is at work stays as it is.
func (p *Project) Enforce(_ context.Context, id string, _ Action) (Enforced, error) {
	return Enforced{}, &Error{Code: CodeNotFound, Message: "there is no requirement " + quoted(id)}
}

// requirementsOf checks the requirements on a project.
func requirementsOf(_ context.Context, _ *storage.Project) ([]report.Requirement, error) {
	return nil, nil
}
