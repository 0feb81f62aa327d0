package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"assay/scanner"
)

// ErrNoRole says that the project holds no test role of that name.
var ErrNoRole = errors.New("this role is not in the project")

// SetRole keeps a test role, in place of one with the same name.
func (p *Project) SetRole(ctx context.Context, r scanner.Role) error {
	definition, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return p.updateWoken(ctx, func(t *tx) error {
		return t.run("INSERT INTO role (name, definition) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition", r.Name, definition)
	})
}

// RemoveRole forgets a test role. ErrNoRole where there is none of that name.
func (p *Project) RemoveRole(ctx context.Context, name string) error {
	return p.removed(ctx, ErrNoRole, "DELETE FROM role WHERE name = ?", name)
}

// Roles lists the test roles by name.
func (p *Project) Roles(ctx context.Context) ([]scanner.Role, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT name, definition FROM role ORDER BY name COLLATE NOCASE, name", nil, func(scan func(...any) error) (scanner.Role, error) {
		var name string
		var definition []byte
		if err := scan(&name, &definition); err != nil {
			return scanner.Role{}, err
		}
		return decodeRole(name, definition)
	})
}

func decodeRole(name string, definition []byte) (r scanner.Role, err error) {
	if err := json.Unmarshal(definition, &r); err != nil {
		return r, fmt.Errorf("the role %s: %w: %w", name, errCodec, err)
	}
	r.Name = name
	return r, nil
}
