package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"assay/scanner"
	"assay/traffic"
)

// ErrNoModel says that the project holds no imported model of that id.
var ErrNoModel = errors.New("the project holds no such model")

const metaLastModel = "last_model"

// AddModel keeps an imported model and returns its id.
func (p *Project) AddModel(ctx context.Context, m *scanner.Model) (id scanner.ModelID, err error) {
	definition, err := json.Marshal(m)
	if err != nil {
		return 0, err
	}
	err = p.update(ctx, func(t *tx) error {
		// No id is given twice: runs and findings name models by it, also those that were removed.
		if err := t.get(`INSERT INTO meta (key, value) VALUES (?1, (SELECT ifnull(max(id), 0) + 1 FROM model))
			ON CONFLICT (key) DO UPDATE SET value = max(value, (SELECT ifnull(max(id), 0) FROM model)) + 1 RETURNING value`,
			[]any{metaLastModel}, &id); err != nil {
			return err
		}
		return t.run("INSERT INTO model (id, name, imported, definition) VALUES (?, ?, ?, ?)", int64(id), m.Name, m.Imported.UnixMicro(), definition)
	})
	if err == nil {
		p.feeds.wake()
	}
	return id, err
}

// RestoreModel keeps an imported model that was removed, under the id that it had. It fails where another one has it now.
func (p *Project) RestoreModel(ctx context.Context, m *scanner.Model) error {
	definition, err := json.Marshal(m)
	if err != nil {
		return err
	}
	err = p.update(ctx, func(t *tx) error {
		return t.run("INSERT INTO model (id, name, imported, definition) VALUES (?, ?, ?, ?)", int64(m.ID), m.Name, m.Imported.UnixMicro(), definition)
	})
	if err == nil {
		p.feeds.wake()
	}
	return err
}

// SetModel replaces what is kept of an imported model.
func (p *Project) SetModel(ctx context.Context, m *scanner.Model) error {
	definition, err := json.Marshal(m)
	if err != nil {
		return err
	}
	err = p.update(ctx, func(t *tx) error {
		n, err := t.changed("UPDATE model SET name = ?, definition = ? WHERE id = ?", m.Name, definition, int64(m.ID))
		if err == nil && n == 0 {
			err = ErrNoModel
		}
		return err
	})
	if err == nil {
		p.feeds.wake()
	}
	return err
}

// RemoveModel forgets an imported model.
func (p *Project) RemoveModel(ctx context.Context, id scanner.ModelID) error {
	return p.removed(ctx, ErrNoModel, "DELETE FROM model WHERE id = ?", int64(id))
}

// Models lists the imported models in the order in which they came. A project that an older program made and that is
// only read has none.
func (p *Project) Models(ctx context.Context) ([]*scanner.Model, error) {
	var tables int
	if err := p.readers.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'model'").Scan(&tables); err != nil || tables == 0 {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT id, definition FROM model ORDER BY id", nil, func(scan func(...any) error) (*scanner.Model, error) {
		m := &scanner.Model{}
		var id int64
		var definition []byte
		if err := scan(&id, &definition); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(definition, m); err != nil {
			return nil, fmt.Errorf("the model %d: %w: %w", id, errCodec, err)
		}
		m.ID = scanner.ModelID(id)
		return m, nil
	})
}

// WithoutSecrets returns a request's URL and headers with what seal returns in place of each credential: for requests
// that come from files, whose credentials are not for the project. Placeholders stay as they are.
func WithoutSecrets(url string, header traffic.Header, seal func(name, value string) string) (string, traffic.Header) {
	url = sealURL(url, func(v string) string { return seal("url", v) })
	header = slices.Clone(header)
	for i, f := range header {
		header[i].Value = sealParts(f.Name, f.Value, func(v string) string { return seal(f.Name, v) })
	}
	return url, header
}
