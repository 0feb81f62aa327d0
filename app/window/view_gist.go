package window

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"

	"assay/storage"
	"assay/traffic"
)

// gists are the texts of a view's rows, shortened. A page is asked for again and again while it is on screen, and the
// texts of long conversations come from their bodies.
type gists struct {
	mu    sync.Mutex
	epoch int // how often some were dropped
	kept  map[traffic.ID]gist
}

type gist struct{ lastUser, answer string }

// mostGists is how many are kept: a few hundred bytes each.
const mostGists = 4000

// drop forgets those of exchanges that changed; all of them when it is not known which.
func (g *gists) drop(ids []traffic.ID, all bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.epoch++
	if all {
		clear(g.kept)
	}
	for _, id := range ids {
		delete(g.kept, id)
	}
}

// add puts texts into rows that are read, and loads those that are not kept.
func (g *gists) add(ctx context.Context, store *storage.Project, rows []storage.Row) error {
	var missing []traffic.ID
	g.mu.Lock()
	epoch := g.epoch
	for i := range rows {
		if t, ok := g.kept[rows[i].ID]; ok {
			rows[i].LastUser, rows[i].Answer = t.lastUser, t.answer
		} else if rows[i].Read {
			missing = append(missing, rows[i].ID)
		}
	}
	g.mu.Unlock()
	if len(missing) == 0 {
		return nil
	}
	loaded, err := load(ctx, store, missing)
	if err != nil {
		return err
	}
	for i := range rows {
		if t, ok := loaded[rows[i].ID]; ok {
			rows[i].LastUser, rows[i].Answer = t.lastUser, t.answer
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.epoch != epoch { // they may have changed since
		return nil
	}
	if g.kept == nil || len(g.kept)+len(loaded) > mostGists {
		g.kept = make(map[traffic.ID]gist, len(loaded))
	}
	maps.Copy(g.kept, loaded)
	return nil
}

// load reads the texts of exchanges, on all processors.
func load(ctx context.Context, store *storage.Project, ids []traffic.ID) (map[traffic.ID]gist, error) {
	parts := slices.Collect(slices.Chunk(ids, max(10, (len(ids)-1)/runtime.GOMAXPROCS(0)+1)))
	rows, errs := make([][]storage.Row, len(parts)), make([]error, len(parts))
	var running sync.WaitGroup
	for i, part := range parts {
		running.Go(func() { rows[i], errs[i] = store.Rows(ctx, part, true) })
	}
	running.Wait()
	loaded := make(map[traffic.ID]gist, len(ids))
	for _, part := range rows {
		for i := range part {
			loaded[part[i].ID] = gist{shorten(part[i].LastUser), shorten(part[i].Answer)}
		}
	}
	return loaded, errors.Join(errs...)
}
