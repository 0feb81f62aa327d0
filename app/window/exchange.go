package window

import (
	"context"

	"assay/storage"
	"assay/traffic"
)

// Exchange is one exchange in detail: as chat, text, bytes, events, headers, timing.
type Exchange struct{ desk *Desk }

// ExchangeIn names one exchange.
type ExchangeIn struct {
	ID string `json:"id"`
}

// Row returns what a list shows of an exchange.
func (e *Exchange) Row(in ExchangeIn) (out Row, err error) {
	defer e.desk.guard(&err)
	p, id, err := e.desk.find(in.ID)
	if err != nil {
		return out, err
	}
	rows, err := p.List(e.desk.life(), storage.Filter{After: id - 1, Before: id + 1, Limit: 1, Texts: true})
	if err != nil {
		return out, err
	}
	if len(rows) == 0 {
		return out, storage.ErrNoExchange
	}
	return rowOf(&rows[0]), nil
}

// find returns the open project and the id that a window named.
func (d *Desk) find(id string) (*storage.Project, traffic.ID, error) {
	n, err := exchangeID(id)
	if err != nil {
		return nil, 0, err
	}
	p, err := d.store()
	return p, n, err
}

// exchange returns the open project and the exchange that a window named.
func (d *Desk) exchange(ctx context.Context, id string) (*storage.Project, *traffic.Exchange, error) {
	p, n, err := d.find(id)
	if err != nil {
		return nil, nil, err
	}
	x, err := p.Exchange(ctx, n)
	return p, x, err
}

// detail is what the views of an exchange remember between two questions about it: readers of answers that grow, texts
// and events that are looked at part by part. All of it can be made again from the project.
type detail struct {
	growing *recent[exchangeKey, *growing]
	streams *recent[exchangeKey, *events]
	texts   *recent[textKey, *text]
}

// exchangeKey names an exchange of one opened project.
type exchangeKey struct {
	project *storage.Project
	id      traffic.ID
}

// How many exchanges are remembered: those of the detail beside the list, and of a tab or two of the Repeater.
const (
	keptGrowing = 4
	keptStreams = 2
	keptTexts   = 3
)

func newDetail() *detail {
	return &detail{
		growing: newRecent[exchangeKey](keptGrowing, (*growing).close),
		streams: newRecent[exchangeKey](keptStreams, (*events).close),
		texts:   newRecent[textKey](keptTexts, func(*text) {}),
	}
}

// close ends what waits for answers to grow.
func (d *detail) close() {
	d.growing.clear()
	d.streams.clear()
	d.texts.clear()
}
