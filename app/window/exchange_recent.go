package window

import (
	"slices"
	"sync"
)

// recent holds the values that were asked for last.
type recent[K comparable, V any] struct {
	most int
	drop func(V) // gets a value that is forgotten

	mu     sync.Mutex
	keys   []K // the one asked for last at the end
	values map[K]V
}

func newRecent[K comparable, V any](most int, drop func(V)) *recent[K, V] {
	return &recent[K, V]{most: most, drop: drop, values: map[K]V{}}
}

// get returns the value of a key, made where there is none.
func (r *recent[K, V]) get(key K, make func() V) V {
	r.mu.Lock()
	defer r.mu.Unlock()
	value, ok := r.values[key]
	if ok {
		at := slices.Index(r.keys, key)
		r.keys = append(slices.Delete(r.keys, at, at+1), key)
		return value
	}
	if len(r.keys) == r.most {
		r.forgetLocked(r.keys[0])
	}
	value = make()
	r.keys, r.values[key] = append(r.keys, key), value
	return value
}

// forget drops a key, if it is there.
func (r *recent[K, V]) forget(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgetLocked(key)
}

func (r *recent[K, V]) forgetLocked(key K) {
	value, ok := r.values[key]
	if !ok {
		return
	}
	delete(r.values, key)
	at := slices.Index(r.keys, key)
	r.keys = slices.Delete(r.keys, at, at+1)
	r.drop(value)
}

// clear drops everything.
func (r *recent[K, V]) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.keys) > 0 {
		r.forgetLocked(r.keys[0])
	}
}
