package app

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"assay/scanner"
)

// modelKeys are the keys that were handed over for models since the project was opened and that nobody asked to keep:
// they are in memory alone, and gone with the project. A nil one holds nothing.
type modelKeys struct {
	mu      sync.Mutex
	byModel map[scanner.ModelID]map[string]string // by reference
}

// hold remembers the values behind those references of a model that say they must be asked for.
func (k *modelKeys) hold(m *scanner.Model, values map[string]string) {
	if k == nil || m.ID == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	held := maps.Clone(k.byModel[m.ID])
	for _, ref := range asked(m) {
		if v, ok := values[ref]; ok {
			if held == nil {
				held = map[string]string{}
			}
			held[ref] = v
		}
	}
	if held == nil {
		return
	}
	if k.byModel == nil {
		k.byModel = map[scanner.ModelID]map[string]string{}
	}
	k.byModel[m.ID] = held
}

// give adds to values what is held for a model, where they have none.
func (k *modelKeys) give(m *scanner.Model, values map[string]string) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for ref, v := range k.byModel[m.ID] {
		if _, ok := values[ref]; !ok {
			values[ref] = v
		}
	}
}

// holds reports whether a model needs no key to be handed over again.
func (k *modelKeys) holds(m *scanner.Model) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	held := k.byModel[m.ID]
	return !slices.ContainsFunc(asked(m), func(ref string) bool { _, ok := held[ref]; return !ok })
}

// forget drops what is held for a model.
func (k *modelKeys) forget(id scanner.ModelID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.byModel, id)
}

// asked are the references of a model whose values must be handed over.
func asked(m *scanner.Model) []string {
	return slices.DeleteFunc(references(m), func(ref string) bool { return !strings.HasPrefix(ref, "ask:") })
}

// keepTried keeps a key that was handed over for a model that answered: in the keychain where that is asked for, else for
// as long as the project is open.
func (s *modelSecrets) keepTried(ctx context.Context, m *scanner.Model, key ModelKey) error {
	for _, ref := range asked(m) {
		s.given[ref] = key.Value
	}
	s.session.hold(m, s.given)
	return s.keep(ctx, m, key.Keep)
}
