package app

import (
	"context"
	"strings"
	"time"

	"assay/scanner/target"
	"assay/storage"
)

// SetScope puts a host in scope of tests; authorisation says who allowed it.
func (p *Project) SetScope(ctx context.Context, host, authorisation string) error {
	return p.store.SetScope(ctx, storage.ScopeHost{Host: strings.ToLower(host), Authorisation: authorisation, Added: time.Now()})
}

// LeaveScope takes a host out of scope.
func (p *Project) LeaveScope(ctx context.Context, host string) error {
	return p.store.RemoveScope(ctx, strings.ToLower(host))
}

// ScopeOf returns the line by which a host (name, or name:port) is in scope; false when it is not. This machine is in
// scope by itself, without a line.
func (p *Project) ScopeOf(ctx context.Context, host string) (line storage.ScopeHost, in bool, err error) {
	hosts, err := p.store.Scope(ctx)
	for _, h := range hosts {
		if strings.EqualFold(h.Host, host) {
			return h, true, err
		}
	}
	return line, target.Loopback(host), err
}
