package storage

import (
	"context"
	"errors"
	"time"
)

// ErrNoScopeHost says that a host is not in the scope of the project.
var ErrNoScopeHost = errors.New("this host is not in scope")

// ScopeHost is a host that a person put in scope of tests.
type ScopeHost struct {
	Host          string // host, host:port, or *.host for those below it
	Authorisation string // who allowed it
	Added         time.Time
}

// SetScope puts a host in scope, or replaces who allowed it.
func (p *Project) SetScope(ctx context.Context, h ScopeHost) error {
	return p.updateWoken(ctx, func(t *tx) error {
		return t.run(`INSERT INTO attack_scope (host, authorisation, added) VALUES (?, ?, ?)
			ON CONFLICT (host) DO UPDATE SET authorisation = excluded.authorisation`, h.Host, h.Authorisation, unixMicro(h.Added))
	})
}

// RemoveScope takes a host out of scope. ErrNoScopeHost where it is not in it.
func (p *Project) RemoveScope(ctx context.Context, host string) error {
	return p.removed(ctx, ErrNoScopeHost, "DELETE FROM attack_scope WHERE host = ?", host)
}

// Scope lists the hosts in scope.
func (p *Project) Scope(ctx context.Context) ([]ScopeHost, error) {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT host, authorisation, added FROM attack_scope ORDER BY host", nil, func(scan func(...any) error) (h ScopeHost, err error) {
		var added int64
		err = scan(&h.Host, &h.Authorisation, &added)
		h.Added = timeOf(added)
		return h, err
	})
}
