package storage

import (
	"context"

	"assay/scanner"
)

// Definitions returns the latest text or definition of each asset of a kind. Texts longer than 64 KiB are cut.
func (p *Project) Definitions(ctx context.Context, kind scanner.AssetKind) (map[scanner.AssetID]string, error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, err
	}
	texts := map[scanner.AssetID]string{}
	err := p.each(ctx, `SELECT v.asset, v.text FROM asset a CROSS JOIN asset_version v ON v.asset = a.id
		WHERE a.kind = ? AND v.n = (SELECT max(n) FROM asset_version WHERE asset = a.id)`, []any{string(kind)}, func(scan func(...any) error) error {
		var id int64
		var packed []byte
		if err := scan(&id, &packed); err != nil {
			return err
		}
		text, err := inflate(packed)
		texts[scanner.AssetID(id)] = string(text[:min(len(text), mostDefinition)])
		return err
	})
	return texts, err
}

// mostDefinition is how much of a definition Definitions returns.
const mostDefinition = 64 << 10
