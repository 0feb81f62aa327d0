package window

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"assay/app"
	"assay/llm"
	"assay/scanner/diff"
	"assay/storage"
	"assay/traffic"
)

// mostHistory is how much of a tab's history is shown.
const mostHistory = 200

// History lists what was sent from a tab, newest first.
func (r *Repeater) History(in TabIn) (out HistoryOut, err error) {
	defer r.desk.guard(&err)
	out.Sent = []Sent{}
	id, err := tabID(in.Tab)
	if err != nil {
		return out, err
	}
	p, err := r.desk.store()
	if err != nil {
		return out, err
	}
	ctx := r.desk.life()
	out.Sending = r.desk.repeats.sending(id)
	sent, err := p.Sent(ctx, id, mostHistory)
	if err != nil {
		return out, err
	}
	ids := make([]traffic.ID, len(sent))
	for i, s := range sent {
		ids[i] = s.Exchange
	}
	rows, err := p.Rows(ctx, ids, true)
	if err != nil {
		return out, err
	}
	found := map[traffic.ID]*storage.Row{}
	for i := range rows {
		found[rows[i].ID] = &rows[i]
	}
	for _, s := range sent {
		row := found[s.Exchange]
		if row == nil {
			if out.Sending == 0 {
				continue // deleted
			}
			row = &storage.Row{ID: s.Exchange, State: traffic.StateOpen} // on its way to the disk
		}
		line := Sent{N: s.N, Batch: s.Batch, Changed: list(s.Changed), Refused: string(refusalOf(row)), Row: rowOf(row)}
		if row.Status == http.StatusTooManyRequests || row.Status == http.StatusServiceUnavailable {
			line.RetryAfter = retryAfter(ctx, p, row)
		}
		out.Sent = append(out.Sent, line)
	}
	return out, nil
}

// refusalOf judges by what a list knows of an exchange.
func refusalOf(r *storage.Row) diff.Refusal {
	if r.HasRefusal {
		return diff.RefusalSaid
	}
	return diff.Refused(&llm.Conversation{Answer: r.Answer, Finish: r.Finish})
}

// retryAfter is how many seconds from its answer a server asked to wait; 0 when it did not say.
func retryAfter(ctx context.Context, p *storage.Project, r *storage.Row) int {
	x, err := p.Exchange(ctx, r.ID)
	if err != nil || x.Response == nil {
		return 0
	}
	said := strings.TrimSpace(x.Response.Header.Get("Retry-After"))
	if n, err := strconv.ParseFloat(said, 64); err == nil && n > 0 && n < 1e6 {
		return int(math.Ceil(n))
	}
	at, err := http.ParseTime(said)
	if wait := at.Sub(x.Started.Add(x.Timing.Head)); err == nil && wait > 0 && wait < 24*time.Hour {
		return int(math.Ceil(wait.Seconds()))
	}
	return 0
}

// Agreement tells how far answers to the same request agree.
func (r *Repeater) Agreement(in AgreementIn) (out AgreementOut, err error) {
	defer r.desk.guard(&err)
	out = AgreementOut{Clusters: []Cluster{}, Tokens: TokenRange{Min: -1, Max: -1}}
	if len(in.IDs) > mostHistory {
		return out, &app.Error{Code: app.CodeUsage, Message: "these are too many answers to compare at once"}
	}
	p, err := r.desk.store()
	if err != nil {
		return out, err
	}
	var sides []diff.Side
	var ids []string
	for _, s := range in.IDs {
		id, err := exchangeID(s)
		if err != nil {
			return out, err
		}
		side, x, err := comparedSide(r.desk.life(), p, id, false)
		if err != nil {
			continue //nolint:nilerr // not on disk yet, or deleted: it is not counted
		}
		if !x.State.Ended() {
			out.Open++
			continue
		}
		ids, sides = append(ids, s), append(sides, side)
		out.Tokens.add(side.Said.Usage.Output)
	}
	out.N = len(sides)
	for _, c := range diff.Group(sides) {
		switch c.Kind {
		case diff.Declined:
			out.Refused += c.N
		case diff.LooksDeclined:
			out.Looks += c.N
		}
		out.Clusters = append(out.Clusters, clusterOf(c, ids))
	}
	return out, nil
}

func (t *TokenRange) add(n *int64) {
	if n == nil {
		return
	}
	if t.Min < 0 || *n < t.Min {
		t.Min = *n
	}
	t.Max = max(t.Max, *n)
}

func clusterOf(c diff.Cluster, ids []string) Cluster {
	out := Cluster{Kind: c.Kind, Detail: shorten(c.Detail), N: c.N, Equal: []Equal{}}
	for _, e := range c.Equal {
		equal := Equal{IDs: []string{}, Text: shorten(strings.ToValidUTF8(e.Text, "\uFFFD"))}
		for _, i := range e.Members {
			equal.IDs = append(equal.IDs, ids[i])
		}
		out.Equal = append(out.Equal, equal)
	}
	return out
}

// comparedSide loads one side of a comparison.
func comparedSide(ctx context.Context, p *storage.Project, id traffic.ID, request bool) (diff.Side, *traffic.Exchange, error) {
	x, said, err := p.Understand(ctx, id)
	if err != nil {
		return diff.Side{}, nil, err
	}
	s := diff.Side{Request: request, Said: said, Header: x.Request.Header}
	side := traffic.FromClient
	if !request {
		side, s.Header = traffic.FromServer, nil
		if x.Fault != nil {
			s.Fault = x.Fault.Reason
		}
		if x.Response == nil {
			return s, x, nil
		}
		s.Status, s.Header = x.Response.Status, x.Response.Header
	}
	var notes []string
	s.Body, err = p.Content(ctx, x, side, &notes)
	return s, x, err
}
