package storage

import (
	"context"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Compact gives back space that nothing uses: chunks and files of exchanges that were purged, merged parts of the text
// index, free pages. It may run while the project records.
func (p *Project) Compact(ctx context.Context) error {
	if p.readOnly {
		return errReadOnly
	}
	if err := p.Settle(ctx); err != nil {
		return err
	}
	release, err := p.work.holdPacking(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := p.dropBlocks(ctx); err != nil {
		return err
	}
	if err := p.dropFiles(ctx); err != nil {
		return err
	}
	err = p.update(ctx, func(t *tx) error {
		if err := t.run("INSERT INTO said (said) VALUES ('optimize')"); err != nil {
			return err
		}
		return t.recount()
	})
	if err != nil {
		return err
	}
	for {
		var free int64
		err := p.update(ctx, func(t *tx) error {
			if err := t.vacuum(vacuumPages); err != nil {
				return err
			}
			return t.get("PRAGMA freelist_count", nil, &free)
		})
		if err != nil {
			return err
		}
		if free == 0 {
			break
		}
	}
	return p.foldLog(ctx)
}

// foldLog folds the whole write-ahead log into the file and empties it. It tries for a while: somebody may be reading,
// or folding, just now.
func (p *Project) foldLog(ctx context.Context) error {
	if err := p.write.lock(ctx); err != nil {
		return err
	}
	defer p.write.release()
	for range 20 {
		var busy, pages, folded int64
		if err := p.write.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &folded); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		if !p.work.wait(50 * time.Millisecond) {
			return nil
		}
	}
	return nil // the next fold, at the latest when the project is closed, does it
}

// dropBlocks deletes blocks none of whose chunks any body names.
func (p *Project) dropBlocks(ctx context.Context) error {
	used, err := p.usedChunks(ctx)
	if err != nil {
		return err
	}
	var unused []int64
	err = p.each(ctx, "SELECT id, n FROM block ORDER BY id", nil, func(scan func(...any) error) error {
		var b run
		if err := scan(&b.first, &b.n); err != nil {
			return err
		}
		if !used.overlaps(b) {
			unused = append(unused, b.first, b.n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for len(unused) > 0 {
		n := min(len(unused), 2*purgeBatch)
		err := p.update(ctx, func(t *tx) error {
			for i := 0; i < n; i += 2 {
				if err := t.run("DELETE FROM block WHERE id = ?", unused[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		unused = unused[n:]
	}
	p.blocks.forget()
	return p.update(ctx, func(t *tx) error { // hashes of chunks that are gone
		return t.run("DELETE FROM chunk WHERE NOT EXISTS (SELECT 1 FROM block b WHERE b.id = (SELECT max(id) FROM block WHERE id <= chunk.id) AND chunk.id < b.id + b.n)")
	})
}

// runs are runs of chunks, sorted and joined.
type runs []run

func (r runs) overlaps(b run) bool {
	i, found := slices.BinarySearchFunc(r, b.first, func(x run, first int64) int {
		switch {
		case x.first+x.n <= first:
			return -1
		case x.first > first:
			return 1
		}
		return 0
	})
	return found || i < len(r) && r[i].first < b.first+b.n
}

func (p *Project) usedChunks(ctx context.Context) (runs, error) {
	var all runs
	tidy := func() {
		slices.SortFunc(all, func(a, b run) int { return int(a.first - b.first) })
		joined := all[:0]
		for _, r := range all {
			if n := len(joined); n > 0 && r.first <= joined[n-1].first+joined[n-1].n {
				joined[n-1].n = max(joined[n-1].n, r.first+r.n-joined[n-1].first)
				continue
			}
			joined = append(joined, r)
		}
		all = joined
	}
	for _, side := range []string{"req", "res"} {
		limit := 1 << 20
		err := p.each(ctx, "SELECT "+side+" FROM content WHERE "+side+"_form = ?", []any{int64(formRecipe)}, func(scan func(...any) error) error {
			var b []byte
			if err := scan(&b); err != nil {
				return err
			}
			r, err := decodeRecipe(b)
			all = append(all, r...)
			if len(all) > limit {
				tidy()
				limit = max(limit, 2*len(all))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	tidy()
	return all, nil
}

// dropFiles deletes files of large bodies that no exchange names.
func (p *Project) dropFiles(ctx context.Context) error {
	used := map[string]bool{}
	for _, side := range []string{"req", "res"} {
		err := p.each(ctx, "SELECT id, "+side+"_form, "+side+" FROM content WHERE "+side+"_form IN (?, ?)", []any{int64(formPart), int64(formBlob)},
			func(scan func(...any) error) error {
				var s stored
				if err := scan(&s.id, &s.form, &s.data); err != nil {
					return err
				}
				if s.form == formBlob {
					used[hex.EncodeToString(s.data)] = true
				}
				return nil
			})
		if err != nil {
			return err
		}
	}
	err := filepath.WalkDir(p.blobDir(), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreMissing(err)
		}
		dir := filepath.Base(filepath.Dir(name))
		if dir == "part" || used[dir+d.Name()] {
			return nil // those that arrive are named by their exchange, which purge knows
		}
		if len(dir) != 2 || strings.Trim(d.Name(), "0123456789abcdef") != "" {
			return nil // not ours
		}
		return os.Remove(name)
	})
	return ignoreMissing(err)
}

// holdPacking keeps the packer from making blocks that nothing names yet. The returned function lets it go on.
func (w *workers) holdPacking(ctx context.Context) (func(), error) {
	w.imports.Add(1)
	release := func() {
		w.imports.Add(-1)
		signal(w.packing)
	}
	select {
	case w.packTurn <- struct{}{}:
		return func() { <-w.packTurn; release() }, nil
	case <-ctx.Done():
		release()
		return nil, context.Cause(ctx)
	}
}
