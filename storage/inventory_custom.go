package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"assay/scanner"
)

// ErrNoType says that the project holds no type of sensitive data of that name.
var ErrNoType = errors.New("the project holds no type of that name")

// SetCustomType keeps a type of sensitive data in place of the one of its name.
func (p *Project) SetCustomType(ctx context.Context, c scanner.CustomType) error {
	definition, err := json.Marshal(&c)
	if err != nil {
		return err
	}
	err = p.update(ctx, func(t *tx) error {
		return t.run("INSERT INTO custom_type (name, definition) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition",
			c.Name, string(definition))
	})
	if err == nil {
		p.feeds.wake()
	}
	return err
}

// RemoveCustomType forgets a type; places of it stay until the project is analysed again.
func (p *Project) RemoveCustomType(ctx context.Context, name string) error {
	return p.removed(ctx, ErrNoType, "DELETE FROM custom_type WHERE name = ?", name)
}

// CustomTypes returns the types of sensitive data that a person defined, by name.
func (p *Project) CustomTypes(ctx context.Context) ([]scanner.CustomType, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return loadCustomTypes(ctx, p.readers)
}

func loadCustomTypes(ctx context.Context, q querier) ([]scanner.CustomType, error) {
	return eachOf(ctx, q, "SELECT name, definition FROM custom_type ORDER BY name", nil, func(scan func(...any) error) (c scanner.CustomType, err error) {
		var name, definition string
		if err := scan(&name, &definition); err != nil {
			return c, err
		}
		if err := json.Unmarshal([]byte(definition), &c); err != nil {
			return c, fmt.Errorf("the type %s: %w: %w", name, errCodec, err)
		}
		return c, nil
	})
}
