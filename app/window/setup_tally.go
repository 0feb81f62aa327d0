package window

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"assay/storage"
	"assay/traffic"
)

// tally counts exchanges by client since the project was opened: those that clients sent, not imports.
type tally struct {
	mu      sync.Mutex
	store   *storage.Project // nil while no project is open
	last    traffic.ID       // counted up to here
	seen    int64
	clients map[string]counted
	refused map[refusedKey]Refusal
}

// counted is what was seen of one client.
type counted struct {
	requests int64
	read     int64 // of them: TLS that was decrypted
	refused  int64 // handshakes in which it refused our certificate
	last     time.Time
}

type refusedKey struct{ host, client string }

// follow begins to count anew, from what the project holds now.
func (t *tally) follow(ctx context.Context, p *storage.Project) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.store, t.last, t.seen = p, 0, 0
	t.clients, t.refused = map[string]counted{}, map[refusedKey]Refusal{}
	if rows, err := p.List(ctx, storage.Filter{Limit: 1}); err == nil && len(rows) > 0 {
		t.last = rows[0].ID
	}
}

const tallyBatch = 500

// catchUp counts what is new.
func (t *tally) catchUp(ctx context.Context, p *storage.Project) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.store != p {
		return nil // another project is being opened
	}
	for {
		rows, err := p.List(ctx, storage.Filter{After: t.last, OldestFirst: true, Limit: tallyBatch})
		if err != nil {
			return err
		}
		for i := range rows {
			t.count(&rows[i])
		}
		if len(rows) < tallyBatch {
			return nil
		}
	}
}

func (t *tally) count(r *storage.Row) {
	t.last = r.ID
	if r.Source != traffic.SourceProxy && r.Source != traffic.SourceReverse {
		return
	}
	c := t.clients[r.Client]
	c.last = r.Started
	if r.Fault != nil && r.Fault.Stage == traffic.StageClientTLS {
		c.refused++
		key := refusedKey{r.Host, r.Client}
		one := t.refused[key]
		t.refused[key] = Refusal{Host: r.Host, Client: r.Client, Count: one.Count + 1, Reason: r.Fault.Reason, Last: r.Started.UTC().Format(time.RFC3339)}
	} else {
		t.seen++
		c.requests++
		if r.Scheme == "https" && r.Wire != traffic.KindTunnel {
			c.read++
		}
	}
	t.clients[r.Client] = c
}

// of adds up what was counted of the clients whose process name fits.
func (t *tally) of(fits func(process string) bool) (sum counted) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, c := range t.clients {
		if fits(name) {
			sum.requests += c.requests
			sum.read += c.read
			sum.refused += c.refused
		}
	}
	return sum
}

// report lists what was counted: clients by requests, refusals by host.
func (t *tally) report() (seen int64, clients []ClientCount, refusals []Refusal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	clients = []ClientCount{}
	for name, c := range t.clients {
		clients = append(clients, ClientCount{
			Client: name, Requests: c.requests, Read: c.read, Refused: c.refused, Last: c.last.UTC().Format(time.RFC3339),
		})
	}
	slices.SortFunc(clients, func(a, b ClientCount) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Client, b.Client))
	})
	refusals = slices.AppendSeq([]Refusal{}, maps.Values(t.refused))
	slices.SortFunc(refusals, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Client, b.Client))
	})
	return t.seen, clients, refusals
}
