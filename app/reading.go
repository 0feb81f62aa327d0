package app

import (
	"context"
	"strings"
	"sync"
	"time"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// mostRead is how much of a body is read for meaning; what lies beyond stays in the project and is said to be unread.
const mostRead = 64 << 20

// read works out what an exchange meant, from what the project holds of it now.
func read(ctx context.Context, p *storage.Project, id traffic.ID) (*traffic.Exchange, *llm.Conversation, error) {
	x, err := p.Exchange(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if x.Kind == traffic.KindTunnel {
		return x, &llm.Conversation{Kind: llm.KindPlain}, nil
	}
	in := llm.Input{
		Method:        x.Request.Method,
		URL:           x.Request.URL,
		RequestHeader: x.Request.Header,
		Ended:         x.State.Ended(),
	}
	var notes []string
	if in.RequestBody, err = readable(ctx, p, x, traffic.FromClient, &notes); err != nil {
		return nil, nil, err
	}
	if r := x.Response; r != nil {
		in.Status, in.ResponseHeader = r.Status, r.Header
		if in.ResponseBody, err = readable(ctx, p, x, traffic.FromServer, &notes); err != nil {
			return nil, nil, err
		}
	}
	if x.Kind == traffic.KindWebSocket {
		if in.Frames, err = p.Frames(ctx, id, 0, 0); err != nil {
			return nil, nil, err
		}
	}
	c := llm.Parse(in)
	c.Notes = append(c.Notes, notes...)
	return x, &c, nil
}

// readable loads a body and undoes its content coding. What cannot be had is said in notes.
func readable(ctx context.Context, p *storage.Project, x *traffic.Exchange, side traffic.Side, notes *[]string) ([]byte, error) {
	header := x.Request.Header
	if side == traffic.FromServer {
		header = x.Response.Header
	}
	most, media := int64(mostRead), isMedia(header.Get("Content-Type"))
	if media {
		most = mediaRead
	}
	data, more, err := p.ReadBody(ctx, x.ID, side, most)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	if more && !media {
		*notes = append(*notes, "only the first "+Bytes(mostRead)+" of the "+side.String()+"'s body were read")
	}
	body := &x.Request.Body
	if side == traffic.FromServer {
		body = &x.Response.Body
	}
	body.Data = data
	content, lost := x.Content(side, mostRead)
	body.Data = nil // an exchange carries its bodies only where they were asked for
	if lost != "" {
		*notes = append(*notes, "the "+side.String()+"'s body: "+lost)
	}
	return content, nil
}

// mediaRead is how much of an image, a film or an archive is looked at: nothing in it is a conversation.
const mediaRead = 4 << 10

// isMedia reports whether a Content-Type names something that cannot hold a conversation.
func isMedia(contentType string) bool {
	kind := traffic.MediaType(contentType)
	top, sub, _ := strings.Cut(kind, "/")
	switch top {
	case "image", "audio", "video", "font":
		return true
	case "application":
		return sub == "octet-stream" || sub == "zip" || sub == "gzip" || sub == "pdf" || sub == "wasm"
	}
	return false
}

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
		_, c, err := read(ctx, p, id)
		if err != nil {
			return nil, err
		}
		readings[id] = c
	}
	return readings, nil
}
