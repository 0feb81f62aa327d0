package storage

import (
	"context"
	"encoding/json"

	"assay/scanner"
	"assay/traffic"
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

// Operations tells what exchanges asked for where one path stands for everything: methods of JSON-RPC, operations of
// GraphQL. Exchanges of which that cannot be said are left out.
func (p *Project) Operations(ctx context.Context, ids []traffic.ID) (map[traffic.ID]string, error) {
	operations := map[traffic.ID]string{}
	if has, err := p.hasInventory(ctx); err != nil || !has || len(ids) == 0 {
		return operations, err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	err = p.each(ctx, "SELECT e.id, p.operation FROM exchange e JOIN endpoint p ON p.id = e.endpoint WHERE p.operation <> '' AND e.id IN (SELECT value FROM json_each(?))",
		[]any{string(list)}, func(scan func(...any) error) error {
			var id traffic.ID
			var operation string
			err := scan(&id, &operation)
			operations[id] = operation
			return err
		})
	return operations, err
}
