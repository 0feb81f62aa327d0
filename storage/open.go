package storage

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver
)

const (
	readerConns = 4
	probeConns  = 4
)

// Open opens the project file at path, and makes it where there is none. Of several processes one may have a project
// open for writing (LockedError otherwise), any number for reading only. A project of a newer Assay is opened for
// reading only where that is possible (see Project.ReadOnly), and refused otherwise (NewerError).
func Open(ctx context.Context, path string, o Options) (*Project, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	p := &Project{path: abs, options: o, log: o.Log, names: newNameBook(), breadth: usualBreadth, readOnly: o.ReadOnly}
	if err := registerFunctions(); err != nil {
		return nil, err
	}
	if err := p.inspect(); err != nil {
		return nil, err
	}
	if !p.readOnly {
		if p.unlock, err = lockProject(abs); err != nil {
			return nil, openError(abs, err)
		}
		err = p.openWriter(ctx)
		var newer *NewerError
		if errors.As(err, &newer) {
			p.readOnly, p.why = true, newer.Error()
			err = p.unlock()
			p.unlock = nil
		}
	}
	if err == nil {
		err = p.openReaders(ctx)
	}
	if err == nil {
		err = p.begin(ctx)
	}
	if err != nil {
		return nil, errors.Join(openError(abs, err), p.release())
	}
	return p, nil
}

// inspect finds what is wrong with a file before SQLite touches it.
func (p *Project) inspect() error {
	info, err := os.Stat(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if p.options.MustExist || p.readOnly {
			return fmt.Errorf("there is no project %s: check the name, or record or import into it to make it", p.path)
		}
		if _, err := os.Stat(filepath.Dir(p.path)); err != nil {
			return fmt.Errorf("the folder %s does not exist: make it, or choose another place for the project", filepath.Dir(p.path))
		}
		return nil
	case err != nil:
		return openError(p.path, err)
	case info.IsDir():
		return fmt.Errorf("%s is a folder, not a project: name a file in it", p.path)
	}
	if err := looksLikeSQLite(p.path); err != nil {
		return openError(p.path, err)
	}
	return nil
}

// openError says in one sentence why a project cannot be opened and what to do.
func openError(path string, err error) error {
	var locked *LockedError
	var newer *NewerError
	switch {
	case errors.As(err, &locked), errors.As(err, &newer):
		return err
	case errors.Is(err, fs.ErrPermission) || readOnlyDisk(err):
		return fmt.Errorf("the project %s cannot be written: open it for reading only, or copy it to a folder you may write: %w", path, err)
	case errors.Is(err, errForeign):
		return fmt.Errorf("%s cannot be opened: %w", path, err)
	case diskFull(err):
		return fmt.Errorf("the project %s cannot be opened for writing because the disk is full: make room, or open it for reading only: %w", path, err)
	}
	return fmt.Errorf("open the project %s: %w", path, err)
}

func dsn(path string, readOnly bool, extra ...string) string {
	q := url.Values{"_pragma": append([]string{"busy_timeout(5000)"}, extra...)}
	if readOnly {
		q.Set("mode", "ro")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

var writerPragmas = []string{
	"page_size(8192)", "auto_vacuum(incremental)", "journal_mode(wal)", "synchronous(normal)", "foreign_keys(on)",
	"wal_autocheckpoint(4000)", "journal_size_limit(67108864)", "cache_size(-32000)", "temp_store(memory)",
}

var readerPragmas = []string{"query_only(on)", "cache_size(-16000)", "temp_store(memory)"}

func (p *Project) openWriter(ctx context.Context) error {
	// A new file is for its owner alone; SQLite gives its log the rights of the file.
	file, err := os.OpenFile(p.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(p.path, false, writerPragmas...))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	p.write = newWriter(db, conn)
	version, err := schemaVersion(ctx, conn)
	switch {
	case err == nil && version > newest():
		err = &NewerError{Path: p.path, Has: version, Reads: newest()}
	case err == nil && version < newest():
		err = migrate(ctx, conn, p.path, version)
	}
	if err != nil {
		err = errors.Join(err, p.write.close())
		p.write = nil
	}
	return err
}

func (p *Project) openReaders(ctx context.Context) error {
	// Where nothing may be written beside the file, SQLite can read it only if told that nobody changes it.
	for _, immutable := range []string{"", "&immutable=1"} {
		var err error
		if p.readers, err = openPool(dsn(p.path, p.readOnly, readerPragmas...)+immutable, readerConns); err != nil {
			return err
		}
		if p.probes, err = openPool(dsn(p.path, p.readOnly, readerPragmas...)+immutable, probeConns); err != nil {
			return err
		}
		if p.folder, err = openPool(dsn(p.path, p.readOnly)+immutable, 1); err != nil {
			return err
		}
		version, err := schemaVersion(ctx, p.readers)
		if err == nil && version == 0 {
			err = errForeign
		}
		if err == nil && version > newest() {
			if readErr := p.tryReading(ctx); readErr != nil {
				return &NewerError{Path: p.path, Has: version, Reads: newest(), Unreadable: readErr}
			}
		}
		if err == nil || !p.readOnly || errors.Is(err, errForeign) {
			p.still = immutable != ""
			return err
		}
		if immutable != "" {
			return err
		}
		if err := errors.Join(p.readers.Close(), p.probes.Close(), p.folder.Close()); err != nil {
			return err
		}
	}
	return nil
}

func openPool(dsn string, n int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// tryReading finds out whether the columns this program reads are in a newer file.
func (p *Project) tryReading(ctx context.Context) error {
	_, err := p.List(ctx, Filter{Limit: 1})
	return err
}

// begin reads what the project knows about itself, repairs what a crash left and starts the workers.
func (p *Project) begin(ctx context.Context) error {
	if !p.readOnly {
		if err := p.introduce(ctx); err != nil {
			return err
		}
	}
	var created string
	var keyName sql.NullString
	err := p.readers.QueryRowContext(ctx, `SELECT (SELECT value FROM meta WHERE key = 'uuid'), (SELECT value FROM meta WHERE key = 'created'),
		(SELECT value FROM meta WHERE key = 'key')`).Scan(&p.uuid, &created, &keyName)
	if err != nil {
		return err
	}
	if p.created, err = time.Parse(time.RFC3339Nano, created); err != nil {
		return fmt.Errorf("%w: %w", errCodec, err)
	}
	making := makeNoKey
	switch {
	case p.readOnly:
	case keyName.Valid:
		making = makeOtherKey
	default:
		making = makeFirstKey
	}
	name := p.uuid
	if keyName.Valid {
		name = keyName.String
	}
	p.seal = newSealer(ctx, p.options.Keys, name, making, p.log)
	var last int64
	err = p.readers.QueryRowContext(ctx, `SELECT max(ifnull((SELECT max(id) FROM exchange), 0), ifnull((SELECT max(id) FROM trash), 0),
		ifnull((SELECT value FROM meta WHERE key = 'last_id'), 0))`).Scan(&last)
	if err != nil || p.readOnly {
		return err
	}
	p.nextID.Store(last)
	if err := p.readers.QueryRowContext(ctx, "SELECT ifnull(max(id), 0) FROM dictionary").Scan(&last); err != nil {
		return err
	}
	p.nextDictionary.Store(last)
	if p.seal.keyName != "" && p.seal.keyName != keyName.String {
		if err := p.update(ctx, func(t *tx) error { return t.setMeta("key", p.seal.keyName) }); err != nil {
			return err
		}
	}
	p.rec = newRecorder(p)
	if err := p.recover(ctx); err != nil {
		return err
	}
	if err := p.tidy(ctx); err != nil {
		return err
	}
	if err := p.interruptRuns(ctx); err != nil {
		return err
	}
	p.rec.start()
	p.work = startWorkers(p)
	return nil
}

// introduce gives a new project its identity.
func (p *Project) introduce(ctx context.Context) error {
	id := randomKey()[:16]
	for key, value := range map[string]string{"uuid": hex.EncodeToString(id), "created": time.Now().UTC().Format(time.RFC3339Nano)} {
		if _, err := p.write.conn.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING", key, value); err != nil {
			return err
		}
	}
	return nil
}

// Close writes what waits, ends the workers and closes the file.
func (p *Project) Close() error {
	p.closeOnce.Do(func() {
		var errs []error
		if p.work != nil {
			p.work.end()
		}
		if p.rec != nil {
			errs = append(errs, p.rec.Close())
			errs = append(errs, p.repair(context.Background()))
		}
		p.closeErr = errors.Join(append(errs, p.release())...)
	})
	return p.closeErr
}

// release closes what is open.
func (p *Project) release() error {
	errs := []error{p.onlooker.close()}
	for _, db := range []*sql.DB{p.readers, p.probes, p.folder} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if p.write != nil { // last: closing the last connection folds the write-ahead log into the file
		errs = append(errs, p.write.close())
	}
	if p.unlock != nil {
		errs = append(errs, p.unlock())
	}
	return errors.Join(errs...)
}
