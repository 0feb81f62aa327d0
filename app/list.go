package app

import (
	"context"
	"slices"

	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// ListOptions select what List yields.
type ListOptions struct {
	Query   string // the filter language; empty selects everything
	Limit   int    // the newest so many; 0 means all
	After   string // only exchanges after this id; then Limit counts from the oldest
	Explain bool   // used by the command line
}

// listPage is how many exchanges are loaded at a time.
const listPage = 500

// List yields exchanges with what they meant, oldest first.
func (a *App) List(ctx context.Context, path string, o ListOptions, yield func(*Line) error) error {
	filter, err := o.filter()
	if err != nil {
		return err
	}
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	if o.Limit > 0 && o.After == "" { // the newest, turned round
		filter.OldestFirst, filter.Limit = false, o.Limit
		rows, err := p.List(ctx, filter)
		if err != nil {
			return err
		}
		slices.Reverse(rows)
		return a.lines(ctx, p, rows, yield)
	}
	filter.OldestFirst = true
	for left := o.Limit; ; {
		filter.Limit = listPage
		if o.Limit > 0 {
			filter.Limit = min(listPage, left)
		}
		rows, err := p.List(ctx, filter)
		if err != nil {
			return err
		}
		if err := a.lines(ctx, p, rows, yield); err != nil {
			return err
		}
		left -= len(rows)
		if len(rows) < filter.Limit || (o.Limit > 0 && left <= 0) {
			return nil
		}
		filter.After = rows[len(rows)-1].ID
	}
}

func (o ListOptions) filter() (storage.Filter, error) {
	f := storage.Filter{Texts: true}
	if o.Limit < 0 {
		return f, usagef("0 means all", "--limit %d is less than nothing", o.Limit)
	}
	q, err := parseQuery(o.Query)
	if err != nil {
		return f, err
	}
	f.Where = q
	if o.After != "" {
		id, err := exchangeID(o.After)
		if err != nil {
			return f, err
		}
		f.After = id
	}
	return f, nil
}

// parseQuery reads the filter language; nil selects everything.
func parseQuery(text string) (*traffic.Query, error) {
	if text == "" {
		return nil, nil
	}
	q, err := traffic.Parse(text)
	if err != nil {
		return nil, &Error{Code: CodeUsage, Message: "the query cannot be read", Err: err}
	}
	return q, nil
}

// ExplainQuery says in words what a query selects.
func ExplainQuery(text string) (string, error) {
	q, err := parseQuery(text)
	if err != nil {
		return "", err
	}
	if q == nil {
		q = &traffic.Query{}
	}
	return q.Explain(), nil
}

func exchangeID(s string) (traffic.ID, error) {
	id, err := traffic.ParseID(s)
	if err != nil || id < 1 {
		return 0, usagef("`assay ls` prints the ids", "%q is not the id of an exchange", s)
	}
	return id, nil
}

func (a *App) lines(ctx context.Context, p *storage.Project, rows []storage.Row, yield func(*Line) error) error {
	found, err := findingsOf(ctx, p, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		l, err := a.line(ctx, p, &rows[i])
		if err != nil {
			return err
		}
		found.add(l, rows[i].ID)
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}

// findings are what inventory and watch say of exchanges.
type findings struct {
	endpoints map[traffic.ID]scanner.EndpointID
	sensitive map[traffic.ID][]string
	threats   map[traffic.ID][]*scanner.Threat
}

func findingsOf(ctx context.Context, p *storage.Project, rows []storage.Row) (f findings, err error) {
	ids := make([]traffic.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	if f.endpoints, err = p.Folded(ctx, ids); err != nil || len(f.endpoints) == 0 {
		return f, err // nothing was looked through
	}
	if f.sensitive, err = p.Sensitive(ctx, ids); err != nil {
		return f, err
	}
	f.threats, err = p.ThreatsOf(ctx, ids)
	return f, err
}

func (f *findings) add(l *Line, id traffic.ID) {
	l.Sensitive, l.Endpoint = f.sensitive[id], idText(int64(f.endpoints[id]))
	for _, t := range f.threats[id] {
		if !slices.Contains(l.Threats, t.Rule) {
			l.Threats = append(l.Threats, t.Rule)
		}
	}
}

// line says what is known about one exchange. What has not been read yet is read now, so that a listing is never
// behind the recording.
func (a *App) line(ctx context.Context, p *storage.Project, r *storage.Row) (*Line, error) {
	l := newLine(r)
	if !r.Read {
		_, c, err := p.Understand(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		l.converse(c)
		return l, nil
	}
	c, err := p.Reading(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	l.converse(c)
	l.System, l.LastUser = r.System, r.LastUser // a kept reading has no texts of messages
	return l, nil
}
