package storage

import (
	"context"
	"errors"

	"assay/scanner"
)

// ErrNoActor says that the project knows no actor of that key.
var ErrNoActor = errors.New("this actor is not in the project")

// ActorQuery selects actors. Empty fields select everything.
type ActorQuery struct {
	Kinds  []string
	Text   string // within key or name
	Sort   string // risk (usual), last, first, exchanges, name; "-" before it turns it round
	Offset int
	Limit  int // 0 for all
}

// Actors lists actors, and how many there are without Offset and Limit.
func (p *Project) Actors(ctx context.Context, q ActorQuery) (actors []*scanner.Actor, total int, err error) {
	return nil, 0, nil
}

// Actor returns one actor. ErrNoActor where there is none.
func (p *Project) Actor(ctx context.Context, key scanner.ActorKey) (*scanner.Actor, error) {
	return nil, ErrNoActor
}

// Identity returns by what actors are told apart; empty where a person said nothing.
func (p *Project) Identity(ctx context.Context) ([]string, error) { return nil, nil }

// SetIdentity says by what actors are told apart. What was watched is to be watched anew.
func (p *Project) SetIdentity(ctx context.Context, by []string) error { return errors.ErrUnsupported }
