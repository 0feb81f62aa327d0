package app

import (
	"context"
	"sync"
	"time"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// reader reads exchanges once they are committed: one goroutine, idempotent by exchange id, out of the way of the
// recorder.
type reader struct {
	project *storage.Project
	app     *App
	done    sync.WaitGroup
	cancel  context.CancelFunc
}

// How the reader shares the machine with the recorder.
const (
	readBatch = 32
	readPause = 50 * time.Millisecond // company is worth waiting for
	busyPause = time.Second           // between batches while the recorder is busy: the list stays alive, the traffic fast
)

// startReader reads what is unread now and then whatever the project commits, until stop is called.
func (a *App) startReader(ctx context.Context, p *storage.Project) *reader {
	ctx, cancel := context.WithCancel(ctx)
	r := &reader{project: p, app: a, cancel: cancel}
	feed := p.Committed()
	r.done.Go(func() {
		defer feed.Close()
		for {
			r.pass(ctx)
			select {
			case <-ctx.Done():
				return
			case <-feed.Signal():
				feed.Take()
			}
			r.sleep(ctx, readPause)
		}
	})
	return r
}

// stop ends the reader. What is unread stays so.
func (r *reader) stop() {
	r.cancel()
	r.done.Wait()
}

func (r *reader) sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// pass reads everything that is unread, a batch at a time.
func (r *reader) pass(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := readUnread(ctx, r.project, readBatch)
		if err != nil && ctx.Err() == nil {
			r.app.log().Warn("exchanges could not be read", "err", err) // the next commit tries again
			return
		}
		if n < readBatch {
			return
		}
		if r.project.Recorder().Stats().Busy {
			r.sleep(ctx, busyPause)
		}
	}
}

// catchUp reads everything that is unread and waits for the search index.
func catchUp(ctx context.Context, p *storage.Project) error {
	for {
		n, err := readUnread(ctx, p, readBatch)
		if err != nil {
			return err
		}
		if n == 0 {
			return p.Settle(ctx)
		}
	}
}

// readUnread reads up to limit unread exchanges and returns how many there were.
func readUnread(ctx context.Context, p *storage.Project, limit int) (int, error) {
	ids, err := p.Unread(ctx, limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	readings, err := readAll(ctx, p, ids)
	if err != nil {
		return 0, err
	}
	return len(ids), p.SaveReadings(ctx, readings)
}

func readAll(ctx context.Context, p *storage.Project, ids []traffic.ID) (map[traffic.ID]*llm.Conversation, error) {
	readings := make(map[traffic.ID]*llm.Conversation, len(ids))
	for _, id := range ids {
		_, c, err := p.Understand(ctx, id)
		if err != nil {
			return nil, err
		}
		readings[id] = c
	}
	return readings, nil
}
