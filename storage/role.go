package storage

import (
	"context"
	"errors"
	"time"

	"assay/scanner"
)

// SetRole keeps a test role, in place of one with the same name.
func (p *Project) SetRole(ctx context.Context, r scanner.Role) error { return errors.ErrUnsupported }

// RemoveRole forgets a test role.
func (p *Project) RemoveRole(ctx context.Context, name string) error { return errors.ErrUnsupported }

// Roles lists the test roles by name.
func (p *Project) Roles(ctx context.Context) ([]scanner.Role, error) {
	return nil, errors.ErrUnsupported
}

// ScopeHost is a host that a person put in scope of tests.
type ScopeHost struct {
	Host          string // host, host:port, or *.host for those below it
	Authorisation string // who allowed it
	Added         time.Time
}

// SetScope puts a host in scope; RemoveScope takes it out.
func (p *Project) SetScope(ctx context.Context, h ScopeHost) error { return errors.ErrUnsupported }

// RemoveScope takes a host out of scope.
func (p *Project) RemoveScope(ctx context.Context, host string) error { return errors.ErrUnsupported }

// Scope lists the hosts in scope.
func (p *Project) Scope(ctx context.Context) ([]ScopeHost, error) { return nil, errors.ErrUnsupported }
