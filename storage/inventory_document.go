package storage

import (
	"context"
	"errors"

	"assay/scanner"
)

// ErrNoDocument says that the project holds no document of that id.
var ErrNoDocument = errors.New("the project holds no document of that id")

// Documents returns the imported documents.
func (p *Project) Documents(ctx context.Context) ([]scanner.Document, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT id, name, form, imported, data FROM document ORDER BY id", nil,
		func(scan func(...any) error) (d scanner.Document, err error) {
			var imported int64
			var packed []byte
			if err := scan(&d.ID, &d.Name, &d.Form, &imported, &packed); err != nil {
				return d, err
			}
			d.Imported = fromMicro(imported)
			d.Data, err = inflate(packed)
			return d, err
		})
}

// AddDocument keeps a document and returns its id.
func (p *Project) AddDocument(ctx context.Context, d scanner.Document) (id int64, err error) {
	packed, err := squeeze(d.Data)
	if err != nil {
		return 0, err
	}
	err = p.update(ctx, func(t *tx) error {
		return t.get("INSERT INTO document (name, form, imported, data) VALUES (?, ?, ?, ?) RETURNING id",
			[]any{d.Name, d.Form, unixMicro(d.Imported), packed}, &id)
	})
	if err == nil {
		p.feeds.wake()
	}
	return id, err
}

// RemoveDocument forgets a document.
func (p *Project) RemoveDocument(ctx context.Context, id int64) error {
	return p.removed(ctx, ErrNoDocument, "DELETE FROM document WHERE id = ?", id)
}

// removed runs a statement that has to change something.
func (p *Project) removed(ctx context.Context, missing error, query string, arg any) error {
	err := p.update(ctx, func(t *tx) error {
		n, err := t.changed(query, arg)
		if err == nil && n == 0 {
			err = missing
		}
		return err
	})
	if err == nil {
		p.feeds.wake()
	}
	return err
}
