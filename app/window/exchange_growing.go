package window

import (
	"context"
	"io"
	"strings"
	"sync"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// growing reads an answer while it arrives: each time only what is new of it.
type growing struct {
	mu     sync.Mutex
	reader *llm.Reader // nil until the answer has begun
	asked  int64       // bytes of the request that the reader knows
	head   int         // status that the reader knows
	read   int64       // bytes of the answer that the reader got
	pump   *pump       // nil where no content coding is undone
	notes  []string
}

func (g *growing) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pump.close()
}

// understand works out what an exchange means, from what is there of it now.
func (d *Desk) understand(ctx context.Context, p *storage.Project, id traffic.ID) (*traffic.Exchange, *llm.Conversation, error) {
	key := exchangeKey{p, id}
	x, err := p.Exchange(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if x.State.Ended() || x.Kind != traffic.KindHTTP || x.Response == nil {
		d.detail.growing.forget(key)
		return p.Understand(ctx, id)
	}
	g := d.detail.growing.get(key, func() *growing { return &growing{} })
	c, err := g.conversation(ctx, p, x)
	return x, c, err
}

func (g *growing) conversation(ctx context.Context, p *storage.Project, x *traffic.Exchange) (*llm.Conversation, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.reader == nil || g.asked != x.Request.Body.Kept || g.head != x.Response.Status {
		if err := g.begin(ctx, p, x); err != nil {
			return nil, err
		}
	}
	if err := g.more(ctx, p, x.ID); err != nil {
		g.reader = nil // begin anew next time
		return nil, err
	}
	c := g.reader.Conversation()
	c.Notes = append(c.Notes, g.notes...)
	return &c, nil
}

func (g *growing) begin(ctx context.Context, p *storage.Project, x *traffic.Exchange) error {
	g.notes = nil
	request, err := p.Content(ctx, x, traffic.FromClient, &g.notes)
	if err != nil {
		return err
	}
	g.reader = llm.NewReader(llm.Input{
		Method: x.Request.Method, URL: x.Request.URL, RequestHeader: x.Request.Header, RequestBody: request,
		Status: x.Response.Status, ResponseHeader: x.Response.Header,
	})
	g.asked, g.head, g.read = x.Request.Body.Kept, x.Response.Status, 0
	g.pump.close()
	g.pump = newPump(codingOf(x.Response.Header))
	return nil
}

func codingOf(h traffic.Header) string { return strings.Join(h.Values("Content-Encoding"), ",") }

// more gives the reader what arrived since it was last given something.
func (g *growing) more(ctx context.Context, p *storage.Project, id traffic.ID) error {
	body, err := p.Body(ctx, id, traffic.FromServer)
	if err != nil {
		return err
	}
	defer body.Close()
	if _, err := body.Seek(g.read, io.SeekStart); err != nil {
		return err
	}
	data, err := io.ReadAll(io.LimitReader(body, mostDecoded-min(mostDecoded, g.read)))
	if err != nil {
		return err
	}
	g.read += int64(len(data))
	if g.pump == nil {
		g.reader.Write(data)
		return nil
	}
	decoded, failed := g.pump.push(data)
	if failed { // the headers name a coding the body does not have
		g.pump, g.read = nil, 0
		return g.more(ctx, p, id)
	}
	g.reader.Write(decoded)
	return nil
}
