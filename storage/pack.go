package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"assay/traffic"
)

const (
	minPacked   = 128       // smaller bodies stay as they are
	minSplit    = 4 << 10   // smaller bodies are one chunk, and are not looked for
	maxRecipe   = 16 << 20  // larger bodies stay in files
	blockBytes  = 256 << 10 // chunks are compressed together up to this
	sampleBytes = 4 << 10   // what does not shrink here is taken for compressed
	packBatch   = 64        // exchanges of one transaction
	packBytes   = 2 << 20   // bytes of bodies of one transaction
)

// packer rewrites bodies of exchanges that ended: as lists of chunks that the project keeps once. One goroutine uses it.
type packer struct {
	p     *Project
	book  chunkBook
	next  int64 // the next chunk's id
	heads map[int64][]headDictionary

	// Of the transaction in the making.
	bytes  int64 // of bodies
	open   block
	hashes []chunkHash
	blocks []packedBlock
	rows   []packedRow
	dicts  []headDictionary
}

type packedBlock struct {
	block
	data   []byte
	hashes []chunkHash
}

type packedRow struct {
	id       traffic.ID
	head     []byte
	cols     [2]column
	segments bool     // rows of segment can go
	remove   []string // files that can go after the commit
	link     [][2]string
}

type headDictionary struct {
	id, origin int64
	data       []byte
}

func (k *packer) reset(ctx context.Context) error {
	k.book, k.heads = chunkBook{}, map[int64][]headDictionary{}
	k.open, k.hashes, k.blocks, k.rows, k.dicts = block{}, nil, nil, nil, nil
	// Ids are never given twice while blocks may be kept ready by theirs.
	var next int64
	err := k.p.readers.QueryRowContext(ctx, "SELECT ifnull(max(id + n), 1) FROM block").Scan(&next)
	k.next = max(k.next, next)
	return err
}

// pack packs exchanges in one transaction, not all of them when their bodies are large, and returns how many it did.
func (k *packer) pack(ctx context.Context, ids []traffic.ID) (done int, err error) {
	defer func() {
		if err != nil { // ids and hashes were remembered that were never written
			err = errors.Join(err, k.reset(context.WithoutCancel(ctx)))
		}
	}()
	k.bytes = 0
	for done < len(ids) && k.bytes < packBytes {
		if err := k.prepare(ctx, ids[done]); err != nil {
			return 0, fmt.Errorf("exchange %d: %w", ids[done], err)
		}
		done++
	}
	if err := k.closeBlock(); err != nil {
		return 0, err
	}
	if len(k.rows) == 0 {
		return done, nil
	}
	if err := k.p.update(ctx, k.write); err != nil {
		return 0, err
	}
	for _, row := range k.rows {
		for _, name := range row.remove {
			if err := removeIfThere(name); err != nil {
				k.p.log.Warn("a file that is no longer needed could not be removed", "file", filepath.Base(name), "err", err)
			}
		}
	}
	k.blocks, k.rows, k.dicts = nil, nil, nil
	return done, nil
}

// prepare reads an exchange and works out how it is packed.
func (k *packer) prepare(ctx context.Context, id traffic.ID) error {
	var state, origin int64
	var head []byte
	var bodies [2]stored
	var times [2][]byte
	var data [2][]byte
	err := k.p.snapshot(ctx, func(q querier) error {
		err := q.QueryRowContext(ctx, "SELECT f.head, e.state, e.origin FROM fresh f JOIN exchange e USING (id) WHERE f.id = ?",
			int64(id)).Scan(&head, &state, &origin)
		if err != nil || state < stateEnded {
			return err
		}
		for side := range bodies {
			if bodies[side], err = loadStored(ctx, q, id, traffic.Side(side)); err != nil {
				return err
			}
			if times[side], err = bodies[side].arrivals(ctx, q); err != nil {
				return err
			}
			if bodies[side].small() {
				if data[side], err = bodies[side].bytes(ctx, k.p, q); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if errors.Is(err, sql.ErrNoRows) || err == nil && state < stateEnded {
		return nil // deleted, or done before
	}
	if err != nil {
		return err
	}
	row := packedRow{id: id}
	for side, s := range bodies {
		row.segments = row.segments || s.form == formSegments || s.form == formPart
		c, err := k.packBody(ctx, s, data[side], &row)
		if err != nil {
			return err
		}
		c.times = times[side]
		k.bytes += int64(len(data[side]))
		row.cols[side] = c
	}
	if row.head, err = k.packHead(ctx, origin, head); err != nil {
		return err
	}
	k.rows = append(k.rows, row)
	return nil
}

// packBody returns the column of a body, and notes what is to be done with its file.
func (k *packer) packBody(ctx context.Context, s stored, data []byte, row *packedRow) (column, error) {
	if s.form == formPart {
		name := k.p.partFile(s.id, s.side)
		c, err := k.packFile(ctx, s, name, row)
		if errors.Is(err, fs.ErrNotExist) {
			k.p.log.Warn("the file of a large body is missing", "exchange", s.id, "side", s.side)
			return s.column, nil
		}
		return c, err
	}
	if s.form != formInline && s.form != formSegments {
		return s.column, nil
	}
	s.len = int64(len(data))
	return k.chunks(ctx, s.column, data)
}

func (k *packer) packFile(ctx context.Context, s stored, name string, row *packedRow) (column, error) {
	if s.len <= maxRecipe && s.side == traffic.FromClient {
		data, err := os.ReadFile(name)
		if err != nil {
			return s.column, err
		}
		data = data[:min(int64(len(data)), s.len)]
		if len(elementEnds(data[:min(len(data), sampleBytes*16)])) > 0 {
			row.remove = append(row.remove, name)
			k.bytes += int64(len(data))
			return k.chunks(ctx, s.column, data)
		}
	}
	hash, err := hashFile(name, s.len)
	if err != nil {
		return s.column, err
	}
	row.link = append(row.link, [2]string{name, k.p.blobFile(hash)})
	row.remove = append(row.remove, name)
	return column{form: formBlob, len: s.len, data: hash}, nil
}

func hashFile(name string, size int64) (sum []byte, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(file, size)); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// chunks makes a recipe of a body, unless it is small or compressed already.
func (k *packer) chunks(ctx context.Context, c column, data []byte) (column, error) {
	inline := column{form: formInline, len: int64(len(data)), data: data}
	if len(data) == 0 {
		return column{}, nil
	}
	if len(data) < minPacked || compressed(data) {
		return inline, nil
	}
	ends := []int{len(data)}
	if len(data) >= minSplit {
		ends = split(data)
	}
	var r recipe
	start := 0
	for _, end := range ends {
		id, err := k.chunk(ctx, data[start:end], len(data) >= minSplit)
		if err != nil {
			return c, err
		}
		r = r.add(id)
		start = end
	}
	return column{form: formRecipe, len: int64(len(data)), data: r.encode()}, nil
}

// compressed guesses from the beginning whether a body is worth compressing.
func compressed(data []byte) bool {
	sample := data[:min(len(data), sampleBytes)]
	if bytes.HasPrefix(sample, []byte("{")) || bytes.HasPrefix(sample, []byte("data:")) || bytes.HasPrefix(sample, []byte("event:")) {
		return false
	}
	squeezed, err := squeezeFast(sample)
	return err != nil || len(squeezed)*100 > len(sample)*95
}

// chunk returns the id of a chunk: of an equal one, or of a new one in the open block.
func (k *packer) chunk(ctx context.Context, data []byte, named bool) (int64, error) {
	var h chunkHash
	if named {
		h = hashChunk(data)
		id, err := k.book.find(ctx, k.p, h)
		if err != nil || id != 0 {
			return id, err
		}
	}
	if len(k.open.lens) == 0 {
		k.open.id = k.next
	}
	id := k.next
	k.next++
	k.open.lens = append(k.open.lens, len(data))
	k.open.raw = append(k.open.raw, data...)
	k.hashes = append(k.hashes, h) // zero when not named
	if named {
		k.book.add(h, id)
	}
	if len(k.open.raw) >= blockBytes {
		return id, k.closeBlock()
	}
	return id, nil
}

func (k *packer) closeBlock() error {
	if len(k.open.lens) == 0 {
		return nil
	}
	data, err := squeeze(k.open.raw)
	if err != nil {
		return err
	}
	k.blocks = append(k.blocks, packedBlock{k.open, data, k.hashes})
	k.open, k.hashes = block{}, nil
	return nil
}

// write is the transaction.
func (k *packer) write(t *tx) error {
	for _, b := range k.blocks {
		if err := t.insertBlock(b.block, b.data, b.hashes); err != nil {
			return err
		}
	}
	for _, d := range k.dicts {
		if err := t.run("INSERT INTO dictionary (id, origin, data) VALUES (?, ?, ?)", d.id, d.origin, d.data); err != nil {
			return err
		}
	}
	for _, row := range k.rows {
		for _, l := range row.link {
			if err := linkBlob(l[0], l[1]); err != nil {
				return err
			}
		}
		req, res := row.cols[0], row.cols[1]
		n, err := t.changed("DELETE FROM fresh WHERE id = ?", int64(row.id))
		if err != nil {
			return err
		}
		if n == 0 {
			continue // purged meanwhile
		}
		err = t.run(`INSERT INTO content (id, head, req_form, req_len, req_times, req, res_form, res_len, res_times, res) VALUES (?,?,?,?,?,?,?,?,?,?)`,
			int64(row.id), row.head, int64(req.form), req.len, req.times, req.data, int64(res.form), res.len, res.times, res.data)
		if err != nil {
			return err
		}
		if row.segments {
			if err := t.run("DELETE FROM segment WHERE id = ?", int64(row.id)); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkBlob gives a file its final name beside the one it has; an equal one may have that name already.
func linkBlob(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	err := os.Link(from, to)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// packHead compresses a head with an earlier one of the same origin as dictionary.
func (k *packer) packHead(ctx context.Context, origin int64, head []byte) ([]byte, error) {
	dicts, err := k.dictionariesOf(ctx, origin)
	if err != nil {
		return nil, err
	}
	best, err := packWith(k.p, headDictionary{}, head)
	if err != nil {
		return nil, err
	}
	for _, d := range dicts {
		b, err := packWith(k.p, d, head)
		if err != nil {
			return nil, err
		}
		if len(b) < len(best) {
			best = b
		}
	}
	const maxPerOrigin = 4
	if len(best)*3 < len(head) || len(dicts) >= maxPerOrigin || len(head) > 16<<10 {
		return best, nil
	}
	d := headDictionary{id: k.p.nextDictionary.Add(1), origin: origin, data: head}
	k.dicts = append(k.dicts, d)
	k.heads[origin] = append(k.heads[origin], d)
	return packWith(k.p, d, head)
}

func packWith(p *Project, d headDictionary, head []byte) ([]byte, error) {
	var squeezed []byte
	var err error
	if d.id == 0 {
		squeezed, err = squeezeFast(head)
	} else {
		squeezed, err = p.dicts.squeeze(d.id, d.data, head)
	}
	return append(binary.AppendUvarint(nil, uint64(d.id)), squeezed...), err
}

func (k *packer) dictionariesOf(ctx context.Context, origin int64) ([]headDictionary, error) {
	if list, ok := k.heads[origin]; ok {
		return list, nil
	}
	var list []headDictionary
	err := k.p.each(ctx, "SELECT id, data FROM dictionary WHERE origin = ?", []any{origin}, func(scan func(...any) error) error {
		d := headDictionary{origin: origin}
		if err := scan(&d.id, &d.data); err != nil {
			return err
		}
		list = append(list, d)
		return nil
	})
	if len(k.heads) >= maxDictionaries*4 {
		clear(k.heads)
	}
	k.heads[origin] = list
	return list, err
}

// unpackWith undoes packWith.
func (p *Project) unpackWith(ctx context.Context, b []byte) ([]byte, error) {
	id, n := binary.Uvarint(b)
	if n <= 0 || id > 1<<32-1 {
		return nil, errCodec
	}
	if id == 0 {
		return inflate(b[n:])
	}
	return p.dicts.inflate(int64(id), b[n:], func(id int64) (data []byte, err error) {
		err = p.probes.QueryRowContext(ctx, "SELECT data FROM dictionary WHERE id = ?", id).Scan(&data)
		return data, err
	})
}

// decodeContentHead reads the head of a row of content.
func (p *Project) decodeContentHead(ctx context.Context, packed int64, head []byte) (*traffic.Exchange, error) {
	if packed != 0 {
		var err error
		if head, err = p.unpackWith(ctx, head); err != nil {
			return nil, err
		}
	}
	return decodeHead(head)
}
