package storage

import (
	"context"
	"encoding/json"

	"assay/llm"
	"assay/scanner"
	"assay/traffic"
)

// Witness is an exchange with what it meant and with what that was read from, so that who folds it into the inventory
// need not load it again.
type Witness struct {
	Exchange     *traffic.Exchange // without bodies
	Conversation *llm.Conversation
	Request      []byte // the body, its content coding undone, as far as it is read for its meaning
	Response     []byte
	Frames       []traffic.Frame // of a WebSocket session
}

// Size is how many bytes of bodies and frames it holds.
func (w *Witness) Size() int64 {
	n := int64(len(w.Request) + len(w.Response))
	for i := range w.Frames {
		n += int64(len(w.Frames[i].Data))
	}
	return n
}

// Witness is Understand with what was understood.
func (p *Project) Witness(ctx context.Context, id traffic.ID) (*Witness, error) {
	x, err := p.Exchange(ctx, id)
	if err != nil {
		return nil, err
	}
	w := &Witness{Exchange: x, Conversation: &llm.Conversation{Kind: llm.KindPlain}}
	if x.Kind == traffic.KindTunnel {
		return w, nil
	}
	in := llm.Input{Method: x.Request.Method, URL: x.Request.URL, RequestHeader: x.Request.Header, Ended: x.State.Ended()}
	var notes []string
	if w.Request, err = p.Content(ctx, x, traffic.FromClient, &notes); err != nil {
		return nil, err
	}
	if r := x.Response; r != nil {
		in.Status, in.ResponseHeader = r.Status, r.Header
		if w.Response, err = p.Content(ctx, x, traffic.FromServer, &notes); err != nil {
			return nil, err
		}
	}
	if x.Kind == traffic.KindWebSocket {
		if w.Frames, err = p.Frames(ctx, id, 0, 0); err != nil {
			return nil, err
		}
	}
	in.RequestBody, in.ResponseBody, in.Frames = w.Request, w.Response, w.Frames
	c := llm.Parse(in)
	c.Notes = append(c.Notes, notes...)
	w.Conversation = &c
	return w, nil
}

// Folded returns the endpoints of those of the exchanges that are in the inventory: 0 for one that belongs to none.
// Exchanges that are not folded yet are left out.
func (p *Project) Folded(ctx context.Context, ids []traffic.ID) (map[traffic.ID]scanner.EndpointID, error) {
	folded := make(map[traffic.ID]scanner.EndpointID, len(ids))
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return folded, err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	err = p.each(ctx, "SELECT id, endpoint FROM exchange WHERE endpoint >= 0 AND id IN (SELECT value FROM json_each(?))", []any{string(list)},
		func(scan func(...any) error) error {
			var id, endpoint int64
			err := scan(&id, &endpoint)
			folded[traffic.ID(id)] = scanner.EndpointID(endpoint)
			return err
		})
	return folded, err
}

// WaitingForFold counts exchanges that were read and are not in the inventory yet. It counts to 10,000.
func (p *Project) WaitingForFold(ctx context.Context) (n int64, err error) {
	where := "read > 0" // a file of an older Assay: nothing is
	if has, err := p.hasInventory(ctx); err != nil {
		return 0, err
	} else if has {
		where = "ifnull(endpoint, -1) < 0 AND read > 0 AND state >= 3"
	}
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM exchange WHERE "+where+" LIMIT ?)", int64(mostWaiting)).Scan(&n)
	return n, err
}

// hasInventory reports whether the file has an inventory at all: one of an older Assay that is open for reading only has
// none.
func (p *Project) hasInventory(ctx context.Context) (has bool, err error) {
	err = p.readers.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pragma_table_info('exchange') WHERE name = 'endpoint')").Scan(&has)
	return has, err
}

// Outside counts exchanges that were folded and belong to no endpoint: tunnels nobody read. What Assay sent itself, which is
// in no endpoint either, is not among them.
func (p *Project) Outside(ctx context.Context) (n int64, err error) {
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return 0, err
	}
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM exchange WHERE endpoint = 0 AND source < 4").Scan(&n)
	return n, err
}

// Own counts the exchanges that Assay sent itself: again by hand, and in tests.
func (p *Project) Own(ctx context.Context) (n int64, err error) {
	err = p.readers.QueryRowContext(ctx, "SELECT count(*) FROM exchange WHERE source >= 4").Scan(&n)
	return n, err
}
