package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"assay/traffic"
)

// pieceBytes is the size of the pieces in which a backup holds the files of large bodies.
const pieceBytes = 1 << 20

// Backup writes the whole project, large bodies included, into one new file, which can be opened like any project.
// Recording goes on meanwhile; the backup holds what was committed when it began.
func (p *Project) Backup(ctx context.Context, file string) (err error) {
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("back up to %s: there is a file of that name already: choose another", file)
	}
	if p.rec != nil {
		if err := p.rec.Flush(ctx); err != nil {
			return err
		}
	}
	// Under another name until it is whole.
	half := file + ".part"
	if err := removeIfThere(half); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("back up to %s: %w", file, err), removeIfThere(half))
		}
	}()
	if _, err := p.folder.ExecContext(ctx, "VACUUM INTO ?", half); err != nil {
		return err
	}
	if err := p.packFiles(ctx, half); err != nil {
		return err
	}
	return os.Rename(half, file)
}

// packFiles copies the files of large bodies into the database at name.
func (p *Project) packFiles(ctx context.Context, name string) (err error) {
	db, err := openPool(dsn(name, false, "synchronous(off)", "journal_mode(delete)"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for i, c := range []struct{ table, form, len, data, times string }{
		{"fresh", "req_form", "req_len", "req", "req_times"},
		{"fresh", "res_form", "res_len", "res", "res_times"},
		{"content", "req_form", "req_len", "req", "req_times"},
		{"content", "res_form", "res_len", "res", "res_times"},
	} {
		side := i % 2
		type large struct {
			id   int64
			form form
			len  int64
			data []byte
		}
		var list []large
		rows, err := db.QueryContext(ctx, "SELECT id, "+c.form+", "+c.len+", "+c.data+" FROM "+c.table+" WHERE "+c.form+" IN (?, ?)", int64(formPart), int64(formBlob))
		if err != nil {
			return err
		}
		err = eachRow(rows, func(scan func(...any) error) error {
			var l large
			err := scan(&l.id, &l.form, &l.len, &l.data)
			list = append(list, l)
			return err
		})
		if err != nil {
			return err
		}
		for _, l := range list {
			hash, err := p.packLarge(ctx, db, traffic.ID(l.id), traffic.Side(side), l.form, l.len, l.data)
			if err != nil {
				return err
			}
			if l.form == formBlob {
				continue
			}
			if hash == nil {
				p.log.Warn("the file of a large body is missing from the backup", "exchange", l.id)
				continue
			}
			if err := adoptPiece(ctx, db, l.id, side, c.table, c.form, c.data, c.times, hash); err != nil {
				return err
			}
		}
	}
	return nil
}

// packLarge copies a large body into rows of blob_piece and returns its hash, nil when there is no file. A body that
// was in its first file when the copy was made may be packed by now, so it is read as the project holds it now.
func (p *Project) packLarge(ctx context.Context, db *sql.DB, id traffic.ID, side traffic.Side, f form, size int64, data []byte) (hash []byte, err error) {
	var body io.ReadSeekCloser
	if f == formBlob {
		hash = data
		body, err = os.Open(p.blobFile(data))
	} else {
		body, err = p.Body(ctx, id, side)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // already in pieces, or lost: Check tells
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	if hash == nil {
		sum := sha256.New()
		if _, err := io.CopyN(sum, body, size); err != nil {
			return nil, fmt.Errorf("the %s's body of exchange %d is shorter than recorded: %w", side, id, err)
		}
		if _, err := body.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		hash = sum.Sum(nil)
	}
	return hash, packPieces(ctx, db, body, hash, size)
}

func packPieces(ctx context.Context, db *sql.DB, body io.Reader, hash []byte, size int64) error {
	buf := make([]byte, pieceBytes)
	for seq, at := 0, int64(0); at < size; seq++ {
		n, err := io.ReadFull(body, buf[:min(pieceBytes, size-at)])
		if err != nil {
			return fmt.Errorf("a large body is shorter than recorded: %w", err)
		}
		if _, err := db.ExecContext(ctx, "INSERT INTO blob_piece (hash, seq, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", hash, seq, buf[:n]); err != nil {
			return err
		}
		at += int64(n)
	}
	return nil
}

// adoptPiece turns a body that was still in its first file into one named by its hash.
func adoptPiece(ctx context.Context, db *sql.DB, id int64, side int, table, formColumn, dataColumn, timesColumn string, hash []byte) error {
	rows, err := db.QueryContext(ctx, "SELECT times FROM segment WHERE id = ? AND side = ? ORDER BY seq", id, side)
	if err != nil {
		return err
	}
	var times [][]byte
	err = eachRow(rows, func(scan func(...any) error) error {
		times = append(times, nil)
		return scan(&times[len(times)-1])
	})
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "UPDATE "+table+" SET "+formColumn+" = ?, "+dataColumn+" = ?, "+timesColumn+" = ? WHERE id = ?",
		int64(formBlob), hash, joinArrivals(times), id)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "DELETE FROM segment WHERE id = ? AND side = ?", id, side)
	return err
}

// openPieces opens a large body that lies in the database.
func (p *Project) openPieces(ctx context.Context, s stored) (io.ReadSeekCloser, error) {
	var n int64
	if err := p.readers.QueryRowContext(ctx, "SELECT count(*) FROM blob_piece WHERE hash = ?", s.data).Scan(&n); err != nil {
		return nil, bodyError(s.id, s.side, err)
	}
	if n != (s.len+pieceBytes-1)/pieceBytes {
		return nil, bodyError(s.id, s.side, fmt.Errorf("its file %s is missing", p.blobFile(s.data)))
	}
	return &pieces{ctx: ctx, p: p, hash: s.data, size: s.len, at: -1}, nil
}

// pieces reads rows of blob_piece one after the other.
type pieces struct {
	ctx  context.Context // of who opened it: io.Reader takes none
	p    *Project
	hash []byte
	size int64
	pos  int64
	at   int64 // the piece in buf, -1 for none
	buf  []byte
}

// Read reads from the piece in which the position lies.
func (r *pieces) Read(b []byte) (int, error) {
	if r.pos >= r.size {
		return 0, io.EOF
	}
	if at := r.pos / pieceBytes; at != r.at {
		err := r.p.readers.QueryRowContext(r.ctx, "SELECT data FROM blob_piece WHERE hash = ? AND seq = ?", r.hash, at).Scan(&r.buf)
		if err != nil {
			return 0, err
		}
		r.at = at
	}
	rest := r.buf[min(r.pos%pieceBytes, int64(len(r.buf))):]
	if len(rest) == 0 {
		return 0, errCodec
	}
	n := copy(b, rest)
	r.pos += int64(n)
	return n, nil
}

// Seek moves the position.
func (r *pieces) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return r.pos, errors.New("a position before the beginning")
	}
	r.pos = offset
	return offset, nil
}

// Close does nothing.
func (r *pieces) Close() error { return nil }
