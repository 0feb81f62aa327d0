package storage

import (
	"sync"
)

// readingBook compresses readings with earlier ones as dictionaries. Only who holds the writer's lock uses it.
type readingBook struct {
	mu    sync.Mutex
	dicts []headDictionary
	known bool
}

// readingOrigin marks dictionaries of readings; origins of exchanges are larger.
const readingOrigin = 0

func (b *readingBook) pack(t *tx, data []byte) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.known {
		b.dicts = nil
		err := t.each("SELECT id, data FROM dictionary WHERE origin = ?", []any{int64(readingOrigin)}, func(scan func(...any) error) error {
			var d headDictionary
			err := scan(&d.id, &d.data)
			b.dicts = append(b.dicts, d)
			return err
		})
		if err != nil {
			return nil, err
		}
		b.known = true
	}
	best, err := packWith(t.p, headDictionary{}, data)
	if err != nil {
		return nil, err
	}
	for _, d := range b.dicts {
		packed, err := packWith(t.p, d, data)
		if err != nil {
			return nil, err
		}
		if len(packed) < len(best) {
			best = packed
		}
	}
	const enough = 3
	if len(best)*3 < len(data) || len(b.dicts) >= enough || len(data) > 8<<10 {
		return best, nil
	}
	d := headDictionary{id: t.p.nextDictionary.Add(1), data: data}
	if err := t.run("INSERT INTO dictionary (id, origin, data) VALUES (?, ?, ?)", d.id, int64(readingOrigin), data); err != nil {
		return nil, err
	}
	b.known = false // should the transaction fail, the dictionary is not there
	return packWith(t.p, d, data)
}
