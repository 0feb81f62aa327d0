package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks our files among all SQLite files: "Asay".
const applicationID = 0x41736179

type migration struct {
	version int
	script  string
}

func migrations() ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	list := make([]migration, 0, len(names))
	for i, name := range names { // Glob sorts
		script, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		list = append(list, migration{version, string(script)})
	}
	return list, nil
}

// newest returns the schema version this program writes.
func newest() int {
	list, err := migrations()
	if err != nil {
		return 0
	}
	return len(list)
}

// NewerError says that a project was written by a newer Assay.
type NewerError struct {
	Path       string
	Has, Reads int // schema versions
	Unreadable error
}

// Error says what to do.
func (e *NewerError) Error() string {
	return fmt.Sprintf("the project %s was written by a newer Assay (format %d, this one writes %d): update Assay to change it",
		e.Path, e.Has, e.Reads)
}

// errForeign says that a file is no project.
var errForeign = errors.New("it is not an Assay project")

// schemaVersion reads the version of a file: 0 when it is empty.
func schemaVersion(ctx context.Context, db querier) (int, error) {
	var id, version, tables int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return 0, err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return 0, err
	}
	if id != applicationID && (id != 0 || version != 0 || tables != 0) {
		return 0, errForeign
	}
	return version, nil
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// migrate brings the file to today's schema. A file that holds something is copied before the first step.
func migrate(ctx context.Context, conn *sql.Conn, path string, from int) error {
	list, err := migrations()
	if err != nil {
		return err
	}
	for _, m := range list[min(from, len(list)):] {
		if from > 0 && m.version == from+1 {
			if err := copyBefore(ctx, conn, path, m.version-1); err != nil {
				return fmt.Errorf("copy the project before changing its format: %w", err)
			}
		}
		script := fmt.Sprintf("BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d;\n%s\nCOMMIT;",
			applicationID, m.version, m.script)
		if _, err := conn.ExecContext(ctx, script); err != nil {
			_, rollback := conn.ExecContext(ctx, "ROLLBACK")
			return errors.Join(fmt.Errorf("bring the project to format %d: %w", m.version, err), rollback)
		}
	}
	return nil
}

// copyBefore copies the file as it is at this version to PATH.vN, once.
func copyBefore(ctx context.Context, conn *sql.Conn, path string, version int) error {
	name := fmt.Sprintf("%s.v%d", path, version)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	if _, err := conn.ExecContext(ctx, "VACUUM INTO ?", name); err != nil {
		return errors.Join(err, removeIfThere(name))
	}
	return os.Chmod(name, 0o600)
}

func removeIfThere(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// looksLikeSQLite tells an SQLite file or an empty one from anything else before SQLite touches it.
func looksLikeSQLite(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var magic [16]byte
	n, err := io.ReadFull(file, magic[:])
	if closeErr := file.Close(); closeErr != nil {
		return closeErr
	}
	switch {
	case n == 0:
		return nil
	case err != nil || string(magic[:]) != "SQLite format 3\x00":
		return errForeign
	}
	return nil
}
