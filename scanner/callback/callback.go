// Package callback is the out-of-band listener: it waits on loopback for requests that an attack made its target send,
// and tells them by the token of the trial that planted the address.
package callback

import (
	"context"
	"errors"
	"time"

	"assay/scanner/judge"
)

// Listener waits for callbacks on loopback over HTTP. Safe for concurrent use.
type Listener struct{}

// Listen starts a listener; addr is 127.0.0.1:0 where it is empty. It answers every request with an empty page.
func Listen(addr string) (*Listener, error) { return nil, errors.ErrUnsupported }

// Host is its host and port.
func (l *Listener) Host() string { return "" }

// URL is the address that belongs to a token.
func (l *Listener) URL(token string) string { return "" }

// Hits lists what came for a token so far, after waiting up to grace for the first; a target fetches an address while it
// answers or just after.
func (l *Listener) Hits(ctx context.Context, token string, grace time.Duration) []judge.Callback {
	return nil
}

// Forget drops what is known of a token.
func (l *Listener) Forget(token string) {}

// Close stops listening.
func (l *Listener) Close() error { return nil }
