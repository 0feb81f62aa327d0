package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// writer is the one connection that changes the file.
type writer struct {
	turn  chan struct{} // holds one token; who has it may write
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func newWriter(db *sql.DB, conn *sql.Conn) *writer {
	w := &writer{turn: make(chan struct{}, 1), db: db, conn: conn, stmts: map[string]*sql.Stmt{}}
	w.turn <- struct{}{}
	return w
}

func (w *writer) lock(ctx context.Context) error {
	select {
	case <-w.turn:
		return nil
	default:
	}
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (w *writer) release() { w.turn <- struct{}{} }

func (w *writer) close() error {
	errs := make([]error, 0, len(w.stmts)+2)
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.db.Close())...)
}

// tx is a transaction of the writer. Its statements run to their end: a cancelled context ends the wait for the
// transaction, never a transaction half-way.
type tx struct {
	p     *Project
	w     *writer
	tally map[tallyKey]int64
	// revision is what endpoints get that change here; 0 until one does.
	revision int64
}

// update runs f in a transaction. When f or the commit fails nothing was changed.
func (p *Project) update(ctx context.Context, f func(*tx) error) error {
	if p.readOnly {
		return errReadOnly
	}
	if err := p.write.lock(ctx); err != nil {
		return err
	}
	defer p.write.release()
	return p.transact(f)
}

// transact is update for a caller that holds the lock.
func (p *Project) transact(f func(*tx) error) error {
	t := &tx{p: p, w: p.write}
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	fresh, err := p.seal.save(t)
	if err == nil {
		err = f(t)
	}
	if err == nil {
		// What f sealed itself belongs to the same transaction.
		var more int
		more, err = p.seal.saveFrom(t, fresh)
		fresh += more
	}
	if err == nil {
		err = t.saveTally()
	}
	if err == nil {
		_, err = t.exec("COMMIT")
	}
	if err != nil {
		// SQLite has already rolled back when the disk was full: then this says there is no transaction.
		_, _ = t.exec("ROLLBACK")
		p.names.forget()
		return err
	}
	p.seal.saved(fresh)
	return nil
}

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s, ok := t.w.stmts[query]; ok {
		return s, nil
	}
	s, err := t.w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	t.w.stmts[query] = s
	return s, nil
}

// exec runs a statement; query must be a constant, it is prepared once.
func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept as long as the connection
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.Background(), args...)
}

// run is exec for those who do not look at the result.
func (t *tx) run(query string, args ...any) error {
	_, err := t.exec(query, args...)
	return err
}

// changed is exec for those who ask how many rows there were.
func (t *tx) changed(query string, args ...any) (int, error) {
	res, err := t.exec(query, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// get scans the one row a query returns; sql.ErrNoRows when there is none.
func (t *tx) get(query string, args []any, into ...any) error {
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept as long as the connection
	if err != nil {
		return err
	}
	return s.QueryRowContext(context.Background(), args...).Scan(into...)
}

// each calls f for every row of a query.
func (t *tx) each(query string, args []any, f func(scan func(...any) error) error) error {
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept as long as the connection
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(context.Background(), args...)
	if err != nil {
		return err
	}
	return eachRow(rows, f)
}

func eachRow(rows *sql.Rows, f func(scan func(...any) error) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t *tx) setMeta(key string, value any) error {
	return t.run("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
}

func unixMicro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
