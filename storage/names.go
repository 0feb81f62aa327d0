package storage

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"strings"
	"sync"
)

// nameKind keeps the words of different columns apart in the table of names.
type nameKind int64

const (
	nameMethod nameKind = iota + 1
	nameProto
	nameMIME
	nameClient
	nameKindOf // llm.Kind
	nameProvider
	nameFamily
	nameModel
	nameFinish
	nameRoles // lists are lines
	nameTools
	nameCalls
	nameTags
	nameColour
)

// maxNames bounds what a hostile client can make us remember.
const maxNames = 100_000

type nameKey struct {
	kind nameKind
	text string
}

type origin struct{ scheme, authority, host string }

// nameBook remembers the ids of names and origins. Ids are never given to another name.
type nameBook struct {
	mu      sync.RWMutex
	ids     map[nameKey]int64
	texts   map[int64]string
	origins map[origin]int64
	places  map[int64]origin
}

func newNameBook() *nameBook {
	b := &nameBook{}
	b.forget()
	return b
}

// forget drops what is remembered: after a rollback it may never have been written.
func (b *nameBook) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ids, b.texts = map[nameKey]int64{}, map[int64]string{}
	b.origins, b.places = map[origin]int64{}, map[int64]origin{}
}

// name returns the id of a text, nil for an empty one.
func (t *tx) name(kind nameKind, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	b := t.p.names
	key := nameKey{kind, text}
	b.mu.RLock()
	id, ok := b.ids[key]
	b.mu.RUnlock()
	if ok {
		return id, nil
	}
	err := t.get("SELECT id FROM name WHERE kind = ? AND text = ?", []any{int64(kind), text}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.get("INSERT INTO name (kind, text) VALUES (?, ?) RETURNING id", []any{int64(kind), text}, &id)
	}
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.ids) >= maxNames {
		b.ids = map[nameKey]int64{}
	}
	b.ids[nameKey{kind, strings.Clone(text)}] = id
	return id, nil
}

// text returns the text of a name's id, "" for 0.
func (b *nameBook) text(ctx context.Context, p *Project, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	b.mu.RLock()
	text, ok := b.texts[id]
	b.mu.RUnlock()
	if ok {
		return text, nil
	}
	// On its own connection: the caller may be in the middle of a row.
	if err := p.probes.QueryRowContext(ctx, "SELECT text FROM name WHERE id = ?", id).Scan(&text); err != nil {
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.texts) >= maxNames {
		b.texts = map[int64]string{}
	}
	b.texts[id] = text
	return text, nil
}

func (t *tx) origin(o origin) (int64, error) {
	b := t.p.names
	b.mu.RLock()
	id, ok := b.origins[o]
	b.mu.RUnlock()
	if ok {
		return id, nil
	}
	err := t.get("SELECT id FROM origin WHERE scheme = ? AND authority = ?", []any{o.scheme, o.authority}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.get("INSERT INTO origin (scheme, authority, host) VALUES (?, ?, ?) RETURNING id",
			[]any{o.scheme, o.authority, o.host}, &id)
	}
	if err != nil {
		return 0, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.origins) >= maxNames {
		b.origins = map[origin]int64{}
	}
	b.origins[origin{strings.Clone(o.scheme), strings.Clone(o.authority), strings.Clone(o.host)}] = id
	return id, nil
}

func (b *nameBook) origin(ctx context.Context, p *Project, id int64) (origin, error) {
	b.mu.RLock()
	o, ok := b.places[id]
	b.mu.RUnlock()
	if ok {
		return o, nil
	}
	err := p.probes.QueryRowContext(ctx, "SELECT scheme, authority, host FROM origin WHERE id = ?", id).Scan(&o.scheme, &o.authority, &o.host)
	if err != nil {
		return o, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.places) >= maxNames {
		b.places = map[int64]origin{}
	}
	b.places[id] = o
	return o, nil
}

// splitURL cuts an absolute URL into where it went and the rest, byte for byte: scheme "://" authority rest. A
// tunnel's "host:port" is all authority.
func splitURL(raw string) (o origin, rest string) {
	scheme, after, ok := strings.Cut(raw, "://")
	if !ok {
		scheme, after = "", raw
	}
	end := strings.IndexAny(after, "/?#")
	if end < 0 {
		end = len(after)
	}
	o = origin{scheme: scheme, authority: after[:end]}
	o.host = hostOf(o.authority)
	return o, after[end:]
}

func (o origin) url(rest string) string {
	if o.scheme == "" {
		return o.authority + rest
	}
	return o.scheme + "://" + o.authority + rest
}

// hostOf returns the host of an authority: without user, port and brackets, in lower case.
func hostOf(authority string) string {
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	if host, _, err := net.SplitHostPort(authority); err == nil {
		authority = host
	}
	return strings.ToLower(strings.Trim(authority, "[]"))
}
