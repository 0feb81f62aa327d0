package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"assay/traffic"
)

// snapshot runs f on a connection that sees one state of the project.
func (p *Project) snapshot(ctx context.Context, f func(querier) error) error {
	t, err := p.readers.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = t.Rollback() }() // it only reads
	return f(t)
}

// Exchange returns an exchange without the bytes of its bodies, with placeholders in place of credentials.
func (p *Project) Exchange(ctx context.Context, id traffic.ID) (*traffic.Exchange, error) {
	var state, packed int64
	var fault sql.NullString
	var head []byte
	var kept [2]int64
	err := p.readers.QueryRowContext(ctx, `SELECT e.state, e.fault, c.* FROM exchange e,
		(SELECT 1, head, req_len, res_len FROM content WHERE id = ?1 UNION ALL SELECT 0, head, req_len, res_len FROM fresh WHERE id = ?1) c
		WHERE e.id = ?1`, int64(id)).Scan(&state, &fault, &packed, &head, &kept[0], &kept[1])
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("exchange %d: %w", id, ErrNoExchange)
	}
	if err != nil {
		return nil, err
	}
	x, err := p.decodeContentHead(ctx, packed, head)
	if err != nil {
		return nil, fmt.Errorf("exchange %d: %w", id, err)
	}
	x.ID, x.State, x.Fault = id, stateNames[state], parseFault(fault.String)
	for side, n := range kept {
		if b := bodyOf(x, traffic.Side(side)); b != nil {
			b.Kept, b.Size = n, max(b.Size, n)
		}
	}
	return x, nil
}

// stored is a body as the row of content describes it.
type stored struct {
	column
	id   traffic.ID
	side traffic.Side
}

func loadStored(ctx context.Context, q querier, id traffic.ID, side traffic.Side) (stored, error) {
	s := stored{id: id, side: side}
	query := `SELECT req_form, req_len, req_times, req FROM content WHERE id = ?1
		UNION ALL SELECT req_form, req_len, req_times, req FROM fresh WHERE id = ?1`
	if side == traffic.FromServer {
		query = `SELECT res_form, res_len, res_times, res FROM content WHERE id = ?1
			UNION ALL SELECT res_form, res_len, res_times, res FROM fresh WHERE id = ?1`
	}
	err := q.QueryRowContext(ctx, query, int64(id)).Scan(&s.form, &s.len, &s.times, &s.data)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("exchange %d: %w", id, ErrNoExchange)
	}
	return s, err
}

// small reports whether the body is in the database and can be taken into memory.
func (s stored) small() bool { return s.form != formPart && s.form != formBlob }

// bytes returns a small body.
func (s stored) bytes(ctx context.Context, p *Project, q querier) ([]byte, error) {
	switch s.form {
	case formNone:
		return nil, nil
	case formInline:
		return s.data, nil
	case formZstd:
		return inflate(s.data)
	case formRecipe:
		r, err := decodeRecipe(s.data)
		if err != nil {
			return nil, err
		}
		return p.bake(ctx, q, r, s.len)
	case formSegments:
		out := make([]byte, 0, min(s.len, inlineLimit))
		rows, err := q.QueryContext(ctx, "SELECT data FROM segment WHERE id = ? AND side = ? ORDER BY seq", int64(s.id), int64(s.side))
		if err != nil {
			return nil, err
		}
		err = eachRow(rows, func(scan func(...any) error) error {
			var data sql.RawBytes
			if err := scan(&data); err != nil {
				return err
			}
			out = append(out, data...)
			return nil
		})
		return out, err
	case formPart, formBlob:
	}
	return nil, errCodec
}

// Body opens what the project holds of a body, as it travelled. A body that still arrives ends where it is now.
func (p *Project) Body(ctx context.Context, id traffic.ID, side traffic.Side) (io.ReadSeekCloser, error) {
	var s stored
	var data []byte
	for attempt := 0; ; attempt++ {
		err := p.snapshot(ctx, func(q querier) (err error) {
			if s, err = loadStored(ctx, q, id, side); err == nil && s.small() {
				data, err = s.bytes(ctx, p, q)
			}
			return err
		})
		if err != nil {
			return nil, bodyError(id, side, err)
		}
		if s.small() {
			return memoryBody{bytes.NewReader(data)}, nil
		}
		name := p.partFile(id, side)
		if s.form == formBlob {
			name = p.blobFile(s.data)
		}
		file, err := os.Open(name)
		switch {
		case err == nil:
			return fileBody{io.NewSectionReader(file, 0, s.len), file}, nil
		case errors.Is(err, fs.ErrNotExist) && attempt == 0:
			continue // it got its final name since the row was read
		case errors.Is(err, fs.ErrNotExist) && s.form == formBlob:
			return p.openPieces(ctx, s)
		}
		return nil, bodyError(id, side, err)
	}
}

func bodyError(id traffic.ID, side traffic.Side, err error) error {
	return fmt.Errorf("read the %s's body of exchange %d: %w", side, id, err)
}

type memoryBody struct{ *bytes.Reader }

// Close does nothing.
func (memoryBody) Close() error { return nil }

type fileBody struct {
	*io.SectionReader
	file *os.File
}

// Close closes the file.
func (b fileBody) Close() error { return b.file.Close() }

// ReadBody reads at most limit bytes of a body (0: all of it) and tells whether there is more.
func (p *Project) ReadBody(ctx context.Context, id traffic.ID, side traffic.Side, limit int64) (data []byte, more bool, err error) {
	body, err := p.Body(ctx, id, side)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	size, err := body.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, false, err
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return nil, false, err
	}
	if limit > 0 && size > limit {
		size, more = limit, true
	}
	data = make([]byte, size)
	if _, err := io.ReadFull(body, data); err != nil {
		return nil, false, bodyError(id, side, err)
	}
	return data, more, nil
}

// Segments yields the pieces of a body in the order and with the times at which they arrived.
func (p *Project) Segments(ctx context.Context, id traffic.ID, side traffic.Side) iter.Seq2[traffic.Segment, error] {
	return func(yield func(traffic.Segment, error) bool) {
		var s stored
		var times []byte
		err := p.snapshot(ctx, func(q querier) (err error) {
			if s, err = loadStored(ctx, q, id, side); err == nil {
				times, err = s.arrivals(ctx, q)
			}
			return err
		})
		if err != nil {
			yield(traffic.Segment{}, bodyError(id, side, err))
			return
		}
		body, err := p.Body(ctx, id, side)
		if err != nil {
			yield(traffic.Segment{}, err)
			return
		}
		defer func() { _ = body.Close() }() // it was only read
		left := s.len
		for at, n := range eachArrival(times) {
			if n > left {
				break
			}
			data := make([]byte, n)
			if _, err := io.ReadFull(body, data); err != nil {
				yield(traffic.Segment{}, bodyError(id, side, err))
				return
			}
			left -= n
			if !yield(traffic.Segment{At: at, Data: data}, nil) {
				return
			}
		}
	}
}

// arrivals returns the times of all pieces that are on disk.
func (s stored) arrivals(ctx context.Context, q querier) ([]byte, error) {
	if s.form != formSegments && s.form != formPart {
		return s.times, nil
	}
	rows, err := q.QueryContext(ctx, "SELECT times FROM segment WHERE id = ? AND side = ? ORDER BY seq", int64(s.id), int64(s.side))
	if err != nil {
		return nil, err
	}
	var lists [][]byte
	err = eachRow(rows, func(scan func(...any) error) error {
		lists = append(lists, nil)
		return scan(&lists[len(lists)-1])
	})
	if err != nil || len(lists) == 0 {
		return s.times, err
	}
	return joinArrivals(lists), nil
}

// Frames returns messages of a WebSocket session in order: those whose Seq is at least from, at most limit of them
// (0: all).
func (p *Project) Frames(ctx context.Context, id traffic.ID, from, limit int) ([]traffic.Frame, error) {
	if limit <= 0 {
		limit = -1
	}
	var frames []traffic.Frame
	err := p.each(ctx, "SELECT seq, side, at, op, flags, wire, lost, data FROM frame WHERE id = ? AND seq >= ? ORDER BY seq LIMIT ?",
		[]any{int64(id), from, limit}, func(scan func(...any) error) error {
			var f traffic.Frame
			var flags int64
			var lost sql.NullString
			if err := scan(&f.Seq, &f.Side, &f.At, &f.Opcode, &flags, &f.Wire, &lost, &f.Data); err != nil {
				return err
			}
			f.Compressed, f.Lost = flags&1 != 0, lost.String
			frames = append(frames, f)
			return nil
		})
	return frames, err
}
