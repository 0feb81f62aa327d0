package app

import (
	"context"
	"time"

	"assay/scanner/target"
	"assay/storage"
)

// SetScope puts a host in scope of tests of the open project; authorisation says who allowed it.
func (p *Project) SetScope(ctx context.Context, host, authorisation string) error {
	host, err := scopeHost(host)
	if err != nil {
		return err
	}
	return p.store.SetScope(ctx, storage.ScopeHost{Host: host, Authorisation: authorisation, Added: time.Now()})
}

// LeaveScope takes a host out of scope.
func (p *Project) LeaveScope(ctx context.Context, host string) error {
	host, err := scopeHost(host)
	if err != nil {
		return err
	}
	return p.store.RemoveScope(ctx, host)
}

// ScopeOf returns the line by which a host (name, or name:port) is in scope; false when it is not. This machine is in
// scope by itself: its line is empty unless somebody wrote one.
func (p *Project) ScopeOf(ctx context.Context, host string) (line storage.ScopeHost, in bool, err error) {
	hosts, err := p.store.Scope(ctx)
	if err != nil {
		return line, false, err
	}
	for _, h := range hosts {
		if namesHost(h.Host, host) {
			return h, true, nil
		}
	}
	return line, target.Loopback(host), nil
}

// namesHost reports whether a line of the scope holds for a host. One on this machine must be written out.
func namesHost(line, host string) bool {
	return line == host || !target.Loopback(host) && inScope(host, []string{line})
}
