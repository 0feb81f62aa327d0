package storage

import (
	"errors"
	"fmt"
	"os"

	"assay/traffic"
)

// form says how the bytes of a body are kept.
type form int64

const (
	formNone     form = iota // there are none
	formInline               // raw, in the row of content
	formSegments             // raw, in rows of segment
	formPart                 // raw, in the file of a body that arrives
	formBlob                 // raw, in a file named by the hash in the row (or in rows of blob_piece, in a backup)
	formZstd                 // compressed, in the row
	formRecipe               // a list of chunks, in the row
)

// Bodies larger than inlineLimit go to files while they arrive.
const inlineLimit = 1 << 20

// flow is one body on its way to disk.
type flow struct {
	pending      []traffic.Segment // arrived and not committed
	pendingBytes int64
	kept         int64 // committed
	form         form  // of what is committed
	seq          int64 // of the next row of segment
}

func (f *flow) add(s traffic.Segment) {
	f.pending = append(f.pending, s)
	f.pendingBytes += int64(len(s.Data))
}

func (f *flow) total() int64 { return f.kept + f.pendingBytes }

// joined returns the pending bytes in one piece, without a copy when there is only one.
func (f *flow) joined() []byte {
	if len(f.pending) == 1 {
		return f.pending[0].Data
	}
	b := make([]byte, 0, f.pendingBytes)
	for _, s := range f.pending {
		b = append(b, s.Data...)
	}
	return b
}

// column is what a row of content says of a body.
type column struct {
	form  form
	len   int64
	times []byte
	data  []byte
}

// inline returns the column of a body that arrived as a whole before it was first written.
func (f *flow) inline() column {
	if f.pendingBytes == 0 {
		return column{}
	}
	return column{formInline, f.pendingBytes, encodeArrivals(f.pending), f.joined()}
}

// append writes what is pending behind what is committed and returns the column as it is then. It changes nothing in
// f: the transaction may yet fail.
func (f *flow) append(t *tx, id traffic.ID, side traffic.Side) (column, error) {
	c := column{form: f.form, len: f.total()}
	if len(f.pending) == 0 {
		return c, nil
	}
	var data []byte
	if c.len > inlineLimit || f.form == formPart {
		if err := f.toFile(t, id, side); err != nil {
			return c, err
		}
		c.form = formPart
	} else {
		data = f.joined()
		c.form = formSegments
	}
	err := t.run("INSERT INTO segment (id, side, seq, times, data) VALUES (?, ?, ?, ?, ?)", int64(id), int64(side), f.seq, encodeArrivals(f.pending), data)
	return c, err
}

// toFile writes what is pending to the file of the body. Writing it again after a failure does no harm.
func (f *flow) toFile(t *tx, id traffic.ID, side traffic.Side) (err error) {
	file, err := t.p.openPart(id, side)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	at := f.kept
	if f.form == formSegments {
		if at, err = moveSegments(t, file, id, side); err != nil {
			return err
		}
		if at != f.kept {
			return fmt.Errorf("exchange %d: %d bytes of the %s are written, %d were expected: %w", id, at, side, f.kept, errCodec)
		}
	}
	for _, s := range f.pending {
		if _, err := file.WriteAt(s.Data, at); err != nil {
			return err
		}
		at += int64(len(s.Data))
	}
	return nil
}

// moveSegments writes the bytes of a body's segments to its file and leaves the segments with their times.
func moveSegments(t *tx, file *os.File, id traffic.ID, side traffic.Side) (int64, error) {
	var at int64
	err := t.each("SELECT data FROM segment WHERE id = ? AND side = ? ORDER BY seq", []any{int64(id), int64(side)}, func(scan func(...any) error) error {
		var data []byte
		if err := scan(&data); err != nil {
			return err
		}
		n, err := file.WriteAt(data, at)
		at += int64(n)
		return err
	})
	if err != nil {
		return 0, err
	}
	return at, t.run("UPDATE segment SET data = NULL WHERE id = ? AND side = ?", int64(id), int64(side))
}

// committed tells the flow that the transaction of append went through.
func (f *flow) committed(c column) {
	if len(f.pending) > 0 {
		f.seq++
	}
	f.pending, f.pendingBytes = nil, 0
	f.kept, f.form = c.len, c.form
}

const insertContent = `INSERT INTO fresh (id, events, head, req_form, req_len, req_times, req, res_form, res_len, res_times, res)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateContent = `UPDATE fresh SET events=?, head=?, req_form=?, req_len=?, res_form=?, res_len=? WHERE id=?`

func (t *tx) insertContent(id traffic.ID, events int64, head []byte, req, res column) error {
	return t.run(insertContent, int64(id), events, head, int64(req.form), req.len, req.times, req.data, int64(res.form), res.len, res.times, res.data)
}

func (t *tx) insertFrame(id traffic.ID, f *traffic.Frame) error {
	var flags int64
	if f.Compressed {
		flags = 1
	}
	var lost any
	if f.Lost != "" {
		lost = f.Lost
	}
	return t.run(`INSERT INTO frame (id, seq, side, at, op, flags, wire, lost, data) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
		int64(id), int64(f.Seq), int64(f.Side), int64(f.At), int64(f.Opcode), flags, int64(f.Wire), lost, f.Data)
}
