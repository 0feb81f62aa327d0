package app

import (
	"context"

	"assay/scanner"
	"assay/storage"
)

// Decide keeps what a person said about paths of a host and returns the decision's id. The host's exchanges are folded
// anew in the background.
func (p *Project) Decide(ctx context.Context, d scanner.Decision) (id int64, err error) {
	err = p.alter(func(s *storage.Project) error {
		id, err = s.Decide(ctx, d)
		return err
	})
	return id, err
}

// Undecide takes a decision back.
func (p *Project) Undecide(ctx context.Context, id int64) error {
	return p.alter(func(s *storage.Project) error { return s.Undecide(ctx, id) })
}

// SetCustomType keeps a type of sensitive data whose samples are all right, in place of the one of its name. What comes
// from now on is looked at with it, what is there when the project is analysed.
func (p *Project) SetCustomType(ctx context.Context, t scanner.CustomType) error {
	if err := CheckCustomType(t); err != nil {
		return err
	}
	return p.alter(func(s *storage.Project) error { return s.SetCustomType(ctx, t) })
}

// RemoveCustomType forgets a type. Where it was found stays known until the project is analysed.
func (p *Project) RemoveCustomType(ctx context.Context, name string) error {
	return p.alter(func(s *storage.Project) error { return s.RemoveCustomType(ctx, name) })
}

// alter changes what the inventory rests on, between two batches of the reader, and lets that go on from there.
func (p *Project) alter(do func(*storage.Project) error) error {
	if p.reader == nil {
		return p.readOnly()
	}
	defer p.reader.rouse()
	return p.reader.change(func() error { return do(p.store) })
}
