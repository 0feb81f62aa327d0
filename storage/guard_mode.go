package storage

import (
	"context"
	"database/sql"
	"errors"

	"assay/scanner"
	"assay/traffic"
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
	if m := scanner.GuardMode(mode); m == scanner.GuardMonitor || m == scanner.GuardEnforce {
		return m, nil
	}
	return scanner.GuardOff, nil
}

// SetGuardMode keeps how far the guard of this project is to go.
func (p *Project) SetGuardMode(ctx context.Context, mode scanner.GuardMode) error {
	return p.updateWoken(ctx, func(t *tx) error { return t.setMeta(metaGuard, string(mode)) })
}

// Sealed returns an exchange as the project keeps it, with placeholders in place of credentials: who looks at traffic that
// passes tells its actors apart as they are told apart in what was recorded. x is left as it is; nil stays nil.
func (p *Project) Sealed(x *traffic.Exchange) *traffic.Exchange {
	if x == nil || p.seal == nil {
		return x
	}
	return p.seal.exchange(x)
}
