package target

import (
	"context"

	"assay/llm"
	"assay/scanner"
)

// Call is a request that is ready to be sent but for its credentials.
type Call struct {
	Input llm.Input // with references in place of secrets
	Auth  string    // what is done to the credentials: a word of template.AuthEdits; empty leaves them
	As    *Identity // whose credentials are used; nil for the target's own
}

// Identity is somebody a request is sent as: a test role, with the value behind {{token}}.
type Identity struct {
	Role  *scanner.Role
	Token string
}

// Do sends a call as it is, but for its credentials, and reads the answer, as Send does.
func (t *Target) Do(ctx context.Context, c Call) (*Answer, error) {
	out, err := t.prepare(ctx, c.Input)
	if err != nil {
		return nil, err
	}
	a, err := t.carry(ctx, out)
	if err != nil {
		return a, err
	}
	return a, t.understand(a, c.Input)
}

// Secrets are the values that stand in what was sent, and must not be kept.
func (a *Answer) Secrets() []string { return a.secrets }
