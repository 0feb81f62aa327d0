package storage

import (
	"context"
	"errors"
	"fmt"
	"os"

	"assay/traffic"
)

// Problem is something that Check found.
type Problem struct {
	ID   traffic.ID // 0 when it concerns no single exchange
	What string
}

// maxProblems is how many problems Check lists.
const maxProblems = 1000

// Check looks for damage: in the file's structure, in bodies (each is read as a whole), and in what refers to what. It
// changes nothing.
func (p *Project) Check(ctx context.Context) ([]Problem, error) {
	var found []Problem
	add := func(id traffic.ID, format string, args ...any) {
		if len(found) < maxProblems {
			found = append(found, Problem{id, fmt.Sprintf(format, args...)})
		}
	}
	if err := p.checkFile(ctx, add); err != nil {
		return found, err
	}
	for what, query := range map[string]string{
		"it has no content":                  "SELECT id FROM exchange WHERE id NOT IN (SELECT id FROM content UNION ALL SELECT id FROM fresh)",
		"its content belongs to no exchange": "SELECT id FROM (SELECT id FROM content UNION ALL SELECT id FROM fresh) WHERE id NOT IN (SELECT id FROM exchange UNION ALL SELECT id FROM trash)",
		"the place it went to is not known":  "SELECT id FROM exchange WHERE origin NOT IN (SELECT id FROM origin)",
		"a frame belongs to no exchange":     "SELECT DISTINCT id FROM frame WHERE id NOT IN (SELECT id FROM exchange UNION ALL SELECT id FROM trash)",
		"a part of a body has no exchange":   "SELECT DISTINCT id FROM segment WHERE id NOT IN (SELECT id FROM content UNION ALL SELECT id FROM fresh)",
		"its reading belongs to no exchange": "SELECT id FROM reading WHERE id NOT IN (SELECT id FROM exchange UNION ALL SELECT id FROM trash)",
	} {
		err := p.each(ctx, query, nil, func(scan func(...any) error) error {
			var id traffic.ID
			err := scan(&id)
			add(id, "%s", what)
			return err
		})
		if err != nil {
			return found, err
		}
	}
	for _, check := range []func(context.Context, func(traffic.ID, string, ...any)) error{p.checkInventory, p.checkTests, p.checkWatch} {
		if err := check(ctx, add); err != nil {
			return found, err
		}
	}
	err := p.eachContent(ctx, func(id traffic.ID) error {
		for _, side := range []traffic.Side{traffic.FromClient, traffic.FromServer} {
			if err := p.checkBody(ctx, id, side); err != nil {
				if ctx.Err() != nil {
					return err
				}
				add(id, "%v", err)
			}
		}
		return nil
	})
	return found, err
}

// checkFile looks for damage in the file's structure, on a connection of its own: one that has read the text index before
// compares it with what it remembers, and calls a change damage.
func (p *Project) checkFile(ctx context.Context, add func(id traffic.ID, format string, args ...any)) (err error) {
	name := dsn(p.path, true, readerPragmas...)
	if p.still {
		name += "&immutable=1"
	}
	db, err := openPool(name, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, "PRAGMA quick_check(100)")
	if err != nil {
		return err
	}
	return eachRow(rows, func(scan func(...any) error) error {
		var line string
		err := scan(&line)
		if line != "ok" {
			add(0, "the file is damaged: %s", line)
		}
		return err
	})
}

// eachContent calls f with the ids of all exchanges, without holding a connection meanwhile.
func (p *Project) eachContent(ctx context.Context, f func(traffic.ID) error) error {
	last := traffic.ID(0)
	for {
		var ids []traffic.ID
		err := p.each(ctx, "SELECT id FROM exchange WHERE id > ? ORDER BY id LIMIT 1000", []any{int64(last)}, func(scan func(...any) error) error {
			var id traffic.ID
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := f(id); err != nil {
				return err
			}
		}
		last = ids[len(ids)-1]
	}
}

// checkBody reads a body, and compares a file with the hash in its name.
func (p *Project) checkBody(ctx context.Context, id traffic.ID, side traffic.Side) error {
	s, err := loadStored(ctx, p.readers, id, side)
	if err != nil {
		return err
	}
	if s.form == formBlob {
		if _, err := os.Stat(p.blobFile(s.data)); err == nil {
			hash, err := hashFile(p.blobFile(s.data), s.len)
			if err != nil {
				return err
			}
			if string(hash) != string(s.data) {
				return fmt.Errorf("the file %s was changed", p.blobFile(s.data))
			}
			return nil
		}
	}
	body, err := p.Body(ctx, id, side)
	if err != nil {
		return err
	}
	return body.Close()
}

// Info returns facts about the project.
func (p *Project) Info(ctx context.Context) (Info, error) {
	info := Info{Path: p.path, UUID: p.uuid, Created: p.created, KeepsValues: p.seal.keyName != ""}
	var err error
	if info.SchemaVersion, err = schemaVersion(ctx, p.readers); err != nil {
		return info, err
	}
	if info.Exchanges, err = p.counted(ctx, tallyAll); err != nil {
		return info, err
	}
	if info.Deleted, err = p.counted(ctx, tallyTrash); err != nil {
		return info, err
	}
	err = p.readers.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM reading), (SELECT count(*) FROM credential)").Scan(&info.Conversations, &info.Credentials)
	if err != nil {
		return info, err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if stat, err := os.Stat(p.path + suffix); err == nil {
			info.FileBytes += stat.Size()
		}
	}
	if stat, err := os.Stat(p.path + ".journal"); err == nil {
		info.JournalBytes = stat.Size()
	}
	info.BlobBytes, err = dirSize(p.blobDir())
	return info, err
}
