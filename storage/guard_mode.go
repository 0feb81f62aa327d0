package storage

import (
	"context"
	"database/sql"
	"errors"

	"assay/scanner"
)

// metaGuard is where meta holds how far the guard goes when the project is next recorded into.
const metaGuard = "guard"

// GuardMode returns how far a person wants the guard of this project to go: off, unless somebody switched it on.
func (p *Project) GuardMode(ctx context.Context) (scanner.GuardMode, error) {
	var mode string
	err := p.readers.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", metaGuard).Scan(&mode)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return scanner.GuardOff, nil
	case err != nil:
		return scanner.GuardOff, err
	}
	switch m := scanner.GuardMode(mode); m {
	case scanner.GuardMonitor, scanner.GuardEnforce:
		return m, nil
	}
	return scanner.GuardOff, nil
}

// SetGuardMode keeps how far the guard of this project is to go.
func (p *Project) SetGuardMode(ctx context.Context, mode scanner.GuardMode) error {
	return p.updateWoken(ctx, func(t *tx) error { return t.setMeta(metaGuard, string(mode)) })
}
