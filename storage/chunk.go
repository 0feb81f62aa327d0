package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
)

// hashBytes of SHA-256 name a chunk.
const hashBytes = 16

type chunkHash [hashBytes]byte

func hashChunk(b []byte) chunkHash {
	sum := sha256.Sum256(b)
	return chunkHash(sum[:hashBytes])
}

// chunkBook remembers chunks that were used lately, so that a request finds those of the one before it without asking
// the database.
type chunkBook struct{ ids map[chunkHash]int64 }

const maxKnownChunks = 100_000

func (b *chunkBook) add(h chunkHash, id int64) {
	if len(b.ids) >= maxKnownChunks || b.ids == nil {
		b.ids = map[chunkHash]int64{}
	}
	b.ids[h] = id
}

// find returns the id of a chunk, 0 when the project does not have it.
func (b *chunkBook) find(ctx context.Context, p *Project, h chunkHash) (int64, error) {
	if id, ok := b.ids[h]; ok {
		return id, nil
	}
	var id int64
	err := p.probes.QueryRowContext(ctx, "SELECT id FROM chunk WHERE hash = ?", h[:]).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err == nil {
		b.add(h, id)
	}
	return id, err
}

// recipe is a body as a list of runs of chunks with consecutive ids.
type recipe []run

type run struct{ first, n int64 }

func (r recipe) add(id int64) recipe {
	if k := len(r) - 1; k >= 0 && r[k].first+r[k].n == id {
		r[k].n++
		return r
	}
	return append(r, run{id, 1})
}

func (r recipe) encode() []byte {
	var b []byte
	var last int64
	for _, run := range r {
		b = binary.AppendVarint(b, run.first-last)
		b = binary.AppendUvarint(b, uint64(run.n))
		last = run.first + run.n
	}
	return b
}

func decodeRecipe(b []byte) (recipe, error) {
	var r recipe
	var last int64
	for len(b) > 0 {
		d, n := binary.Varint(b)
		if n <= 0 {
			return nil, errCodec
		}
		count, m := binary.Uvarint(b[n:])
		if m <= 0 || count == 0 || count > 1<<32 {
			return nil, errCodec
		}
		b = b[n+m:]
		first := last + d
		if first <= 0 || first > 1<<60 {
			return nil, errCodec
		}
		r = append(r, run{first, int64(count)})
		last = first + int64(count)
	}
	return r, nil
}

// block is chunks that are compressed together.
type block struct {
	id   int64 // of its first chunk
	lens []int
	raw  []byte // the chunks one after the other
}

func (t *tx) insertBlock(b block, data []byte, hashes []chunkHash) error {
	var lens []byte
	for _, n := range b.lens {
		lens = binary.AppendUvarint(lens, uint64(n))
	}
	if err := t.run("INSERT INTO block (id, n, lens, data) VALUES (?, ?, ?, ?)", b.id, int64(len(b.lens)), lens, data); err != nil {
		return err
	}
	for i, h := range hashes {
		if h == (chunkHash{}) {
			continue // not looked for
		}
		if err := t.run("INSERT INTO chunk (hash, id) VALUES (?, ?) ON CONFLICT DO NOTHING", h[:], b.id+int64(i)); err != nil {
			return err
		}
	}
	return nil
}

// openBlock inflates a block and checks its parts against it.
func openBlock(id int64, lens, data []byte) (block, error) {
	b := block{id: id}
	total := 0
	for len(lens) > 0 {
		n, m := binary.Uvarint(lens)
		if m <= 0 || n > maxInflated {
			return b, errCodec
		}
		lens = lens[m:]
		b.lens = append(b.lens, int(n))
		total += int(n)
	}
	raw, err := inflate(data)
	if err != nil {
		return b, err
	}
	if len(raw) != total {
		return b, errCodec
	}
	b.raw = raw
	return b, nil
}

// appendRange appends the chunks of the block whose ids are in [from, to) and returns how many there were.
func (b block) appendRange(out []byte, from, to int64) ([]byte, int64) {
	at, n := 0, int64(0)
	for i, size := range b.lens {
		if id := b.id + int64(i); id >= from && id < to {
			out = append(out, b.raw[at:at+size]...)
			n++
		}
		at += size
	}
	return out, n
}

// bake returns the bytes of a recipe. size is how many are expected.
func (p *Project) bake(ctx context.Context, q querier, r recipe, size int64) ([]byte, error) {
	if size > maxInflated {
		return nil, errCodec
	}
	out := make([]byte, 0, min(size, 1<<20))
	for _, run := range r {
		next, end := run.first, run.first+run.n
		for next < end {
			b, err := p.blocks.find(ctx, q, next)
			if err != nil {
				return nil, err
			}
			var n int64
			if out, n = b.appendRange(out, next, end); n == 0 {
				return nil, errCodec
			}
			next += n
			if int64(len(out)) > size {
				return nil, errCodec
			}
		}
	}
	if int64(len(out)) != size {
		return nil, errCodec
	}
	return out, nil
}

// blockCache keeps inflated blocks that were used lately: the turns of a conversation are made of the same ones.
type blockCache struct {
	mu   sync.Mutex
	list []block // the latest last
	size int
}

// maxCachedBlocks is in bytes.
const maxCachedBlocks = 24 << 20

func (c *blockCache) find(ctx context.Context, q querier, chunk int64) (block, error) {
	if b, ok := c.get(chunk); ok {
		return b, nil
	}
	var id int64
	var lens, data []byte
	err := q.QueryRowContext(ctx, "SELECT id, lens, data FROM block WHERE id <= ? ORDER BY id DESC LIMIT 1", chunk).Scan(&id, &lens, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return block{}, errCodec
	}
	if err != nil {
		return block{}, err
	}
	b, err := openBlock(id, lens, data)
	if err == nil && len(b.raw) <= maxCachedBlocks/4 {
		c.put(b)
	}
	return b, err
}

func (c *blockCache) get(chunk int64) (block, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, b := range slices.Backward(c.list) {
		if chunk >= b.id && chunk < b.id+int64(len(b.lens)) {
			c.list = append(slices.Delete(c.list, i, i+1), b)
			return b, true
		}
	}
	return block{}, false
}

func (c *blockCache) put(b block) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, b)
	c.size += len(b.raw)
	for c.size > maxCachedBlocks {
		c.size -= len(c.list[0].raw)
		c.list = slices.Delete(c.list, 0, 1)
	}
}

// forget drops blocks that may be gone, or given to others.
func (c *blockCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list, c.size = nil, 0
}
