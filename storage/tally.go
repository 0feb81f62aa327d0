package storage

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/traffic"
)

// tallyKey is a value of a field whose exchanges are counted as they come and go, so that no list has to.
type tallyKey struct {
	field tallyField
	value int64
}

type tallyField int64

const (
	tallyAll tallyField = iota // value 0: exchanges outside of the trash
	tallyOrigin
	tallyStatus
	tallyProvider
	tallyModel
	tallyKind
	tallyTrash // value 0: exchanges in the trash
	// Of the inventory these are columns of endpoint and place, not rows of tally.
	tallyEndpoint
	tallyPlace
)

// count adds n to the exchanges that have value in field.
func (t *tx) count(field tallyField, value, n int64) {
	if t.tally == nil {
		t.tally = map[tallyKey]int64{}
	}
	t.tally[tallyKey{field, value}] += n
}

func (t *tx) saveTally() error {
	for key, n := range t.tally {
		if n == 0 {
			continue
		}
		if key.field >= tallyEndpoint {
			if err := t.countAt(key, n); err != nil {
				return err
			}
			continue
		}
		err := t.run(`INSERT INTO tally (field, value, n) VALUES (?, ?, ?) ON CONFLICT (field, value) DO UPDATE SET n = n + excluded.n`,
			int64(key.field), key.value, n)
		if err != nil {
			return err
		}
	}
	return nil
}

// tallied are the columns of exchange that are counted by value.
var tallied = []struct {
	field  tallyField
	column string
}{
	{tallyOrigin, "origin"}, {tallyStatus, "status"}, {tallyProvider, "provider"}, {tallyModel, "model"}, {tallyKind, "kind"},
}

// recount counts everything anew.
func (t *tx) recount() error {
	t.tally = nil
	if err := t.run("DELETE FROM tally"); err != nil {
		return err
	}
	if err := t.run("INSERT INTO tally SELECT 0, 0, count(*) FROM exchange"); err != nil {
		return err
	}
	if err := t.run("INSERT INTO tally SELECT 6, 0, count(*) FROM trash"); err != nil {
		return err
	}
	for _, f := range tallied {
		err := t.run("INSERT INTO tally SELECT " + strconv.Itoa(int(f.field)) + ", " + f.column + ", count(*) FROM exchange WHERE " +
			f.column + " IS NOT NULL GROUP BY " + f.column)
		if err != nil {
			return err
		}
	}
	return t.recountInventory()
}

// Facets returns the values to narrow a list to, over all exchanges outside of the trash.
func (p *Project) Facets(ctx context.Context) (Facets, error) {
	counts := map[tallyField]map[string]int64{}
	err := p.each(ctx, "SELECT field, value, n FROM tally WHERE n > 0 AND field BETWEEN 1 AND 5", nil, func(scan func(...any) error) error {
		var field, value, n int64
		if err := scan(&field, &value, &n); err != nil {
			return err
		}
		text, err := p.tallyValue(ctx, tallyField(field), value)
		if err != nil {
			return err
		}
		if counts[tallyField(field)] == nil {
			counts[tallyField(field)] = map[string]int64{}
		}
		counts[tallyField(field)][text] += n
		return nil
	})
	if err != nil {
		return Facets{}, err
	}
	return Facets{
		Hosts: ranked(counts[tallyOrigin]), Statuses: ranked(counts[tallyStatus]), Providers: ranked(counts[tallyProvider]),
		Models: ranked(counts[tallyModel]), Kinds: ranked(counts[tallyKind]),
	}, nil
}

func (p *Project) tallyValue(ctx context.Context, field tallyField, value int64) (string, error) {
	switch field {
	case tallyStatus:
		return strconv.FormatInt(value, 10), nil
	case tallyOrigin:
		o, err := p.names.origin(ctx, p, value)
		return o.host, err
	default:
		return p.names.text(ctx, p, value)
	}
}

func ranked(counts map[string]int64) []Facet {
	facets := make([]Facet, 0, len(counts))
	for value, n := range counts {
		facets = append(facets, Facet{value, n})
	}
	slices.SortFunc(facets, func(a, b Facet) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value))
	})
	return facets
}

// counted returns one number of the tally.
func (p *Project) counted(ctx context.Context, field tallyField) (int64, error) {
	var n int64
	err := p.readers.QueryRowContext(ctx, "SELECT ifnull(sum(n), 0) FROM tally WHERE field = ?", int64(field)).Scan(&n)
	return n, err
}

// countTallied counts a single comparison of a field whose values are counted as they come and go.
func (p *Project) countTallied(ctx context.Context, where *traffic.Query) (n int64, ok bool, err error) {
	single, ok := where.Root.(traffic.Compare)
	if !ok {
		return 0, false, nil
	}
	n, _, ok, err = p.tallyOf(ctx, single)
	return n, ok, err
}

// tallyOf counts a comparison by the tally, and names the column that it is about.
func (p *Project) tallyOf(ctx context.Context, n traffic.Compare) (count int64, column string, ok bool, err error) {
	field, ok := map[string]tallyField{
		"host": tallyOrigin, "scheme": tallyOrigin, "status": tallyStatus, "provider": tallyProvider, "model": tallyModel, "kind": tallyKind,
	}[n.Field]
	if !ok {
		return 0, "", false, nil
	}
	c := &compiler{now: time.Now(), p: p}
	condition, err := c.compare(n)
	if err != nil {
		return 0, "", false, err
	}
	for _, f := range tallied {
		if f.field == field {
			column = "e." + f.column
		}
	}
	condition = strings.ReplaceAll(condition, column, "tally.value")
	err = p.readers.QueryRowContext(ctx, "SELECT ifnull(sum(n), 0) FROM tally WHERE field = ? AND "+condition, append([]any{int64(field)}, c.args...)...).Scan(&count)
	return count, column, true, err
}

// choose tells SQLite which index to use, which it cannot know: that of the rarest value, none when all are frequent. A
// plus sign before a column keeps its index out.
func (p *Project) choose(ctx context.Context, where string, root traffic.Node) (string, error) {
	nodes := []traffic.Node{root}
	if all, ok := root.(traffic.And); ok {
		nodes = all.Nodes
	}
	total, err := p.counted(ctx, tallyAll)
	if err != nil {
		return where, err
	}
	best, rarest := "", total/10
	var columns []string
	for _, n := range nodes {
		c, ok := n.(traffic.Compare)
		if !ok {
			continue
		}
		count, column, ok, err := p.tallyOf(ctx, c)
		if err != nil {
			return where, err
		}
		if !ok {
			continue
		}
		columns = append(columns, column)
		if count <= rarest {
			best, rarest = column, count
		}
	}
	for _, column := range slices.Compact(slices.Sorted(slices.Values(columns))) {
		if column != best {
			where = strings.ReplaceAll(where, column, "+"+column)
		}
	}
	return where, nil
}

// each calls f for every row a query returns on one of the reading connections.
func (p *Project) each(ctx context.Context, query string, args []any, f func(scan func(...any) error) error) error {
	rows, err := p.readers.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	return eachRow(rows, f)
}
