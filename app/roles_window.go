package app

import (
	"context"
	"slices"

	"assay/scanner"
)

// Roles lists the test roles of the open project.
func (p *Project) Roles(ctx context.Context) ([]RoleRow, error) {
	roles, err := p.store.Roles(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]RoleRow, 0, len(roles))
	for i := range roles {
		rows = append(rows, roleRow(&roles[i]))
	}
	return rows, nil
}

// SetRole keeps a test role of the open project, in place of the one that was called so before; empty for a new one.
// No other role is replaced.
func (p *Project) SetRole(ctx context.Context, was string, o RoleOptions) error {
	role, err := o.role()
	if err != nil {
		return err
	}
	roles, err := p.store.Roles(ctx)
	if err != nil {
		return err
	}
	taken := slices.ContainsFunc(roles, func(r scanner.Role) bool { return r.Name == role.Name })
	if taken && role.Name != was {
		return &Error{Code: CodeUsage, Message: "there is a test role " + role.Name + " already", Hint: "choose another name"}
	}
	if role.Login != nil {
		for _, id := range role.Login.Exchanges {
			if _, err := p.store.Exchange(ctx, id); err != nil {
				return &Error{Code: CodeNotFound, Message: "there is no exchange " + id.String(), Err: err}
			}
		}
	}
	if err := p.store.SetRole(ctx, *role); err != nil || was == "" || was == role.Name {
		return err
	}
	return p.store.RemoveRole(ctx, was)
}

// RemoveRole forgets a test role of the open project.
func (p *Project) RemoveRole(ctx context.Context, name string) error {
	if _, err := findRole(ctx, p.store, name); err != nil {
		return err
	}
	return p.store.RemoveRole(ctx, name)
}
