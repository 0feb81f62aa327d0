package watch

import (
	"errors"

	"assay/scanner"
	"assay/scanner/rule"
)

// Archive gives back what a Book kept and does not hold in memory. Nil means that there is none.
type Archive interface {
	// WatchState returns an entry of Watched.States; nil where there is none.
	WatchState(name string) ([]byte, error)
	// OpenThreats returns threats whose cool-down may not be over: those last seen in the last 30 days of the traffic.
	OpenThreats() ([]*scanner.Threat, error)
	// Actor returns an actor; nil where it was never seen.
	Actor(key scanner.ActorKey) (*scanner.Actor, error)
}

// Options say how a Book watches. Rules is needed.
type Options struct {
	Rules      *rule.Set
	Exceptions []scanner.Exception
	Identity   Identity // nil: UsualIdentity
	LastThreat scanner.ThreatID
}

// Book is what is known of the watched traffic of one project. It is not safe for concurrent use. After an error it is of
// no more use.
type Book struct{ options Options }

// Open returns a Book over what was kept.
func Open(archive Archive, o Options) (*Book, error) { return &Book{options: o}, nil }

// Watch adds exchanges, each once, and returns what changed. Exchanges should come in the order in which they began.
func (b *Book) Watch(seen []Seen) (*scanner.Watched, error) {
	return nil, errors.ErrUnsupported
}
