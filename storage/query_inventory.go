package storage

import (
	"context"
	"slices"
	"strings"

	"assay/traffic"
)

// endpointNumbers are fields of an exchange's endpoint p that are compared as numbers.
var endpointNumbers = map[string]string{
	"risk": "p.risk", "count": "p.n", "first": "p.first_seen", "last": "p.last_seen",
	"new": "(p.found > ifnull((SELECT value FROM meta WHERE key = '" + metaVisited + "'), 0))",
}

// endpointTexts are fields of it that are compared as text.
var endpointTexts = map[string]string{"access": "p.access", "documented": "p.documented", "auth": "p.auth"}

// inventoryFields are the fields that need an inventory.
var inventoryFields = []string{
	"endpoint", "place", "asset", "sensitive", "access", "auth", "documented", "risk", "count", "first", "last", "new",
}

// inventory compiles a comparison with something that the inventory knows; ok is false for other fields.
func (c *compiler) inventory(n traffic.Compare, v traffic.Value) (condition string, ok bool, err error) {
	if !slices.Contains(inventoryFields, n.Field) {
		return "", false, nil
	}
	if has, err := c.p.hasInventory(c.context()); err != nil || !has {
		return "0", true, err
	}
	lo, hi := v.Bounds(c.now)
	switch n.Field {
	case "endpoint":
		return "(e.endpoint > 0 AND " + c.between("e.endpoint", lo, hi) + ")", true, nil
	case "asset":
		return "e.id IN (SELECT exchange FROM asset_use WHERE " + c.between("asset", lo, hi) + ")", true, nil
	case "place":
		condition, err = c.placed(func() string { return c.between("p.id", lo, hi) })
	case "sensitive":
		condition, err = c.placed(func() string {
			return "(" + c.match("p.type", false, n.Op, v, n.Field) + " OR " + c.match("p.class", false, n.Op, v, n.Field) + ")"
		})
	default:
		condition, err = c.ofEndpoint(func() string {
			if column, ok := endpointNumbers[n.Field]; ok {
				return c.between(column, lo, hi)
			}
			column := endpointTexts[n.Field]
			return column + " <> '' AND " + c.match(column, n.Field == "auth", n.Op, v, n.Field)
		})
	}
	return condition, true, err
}

func (c *compiler) context() context.Context {
	if c.seek == nil {
		return context.Background()
	}
	return c.seek.ctx
}

// ofEndpoint selects exchanges by a condition on their endpoint p.
func (c *compiler) ofEndpoint(condition func() string) (string, error) {
	from := len(c.args)
	where := condition()
	many, err := c.many("SELECT total(n) FROM endpoint p WHERE merged IS NULL AND "+where, c.args[from:])
	if err != nil {
		return "", err
	}
	column := "e.endpoint"
	if many { // the plus sign keeps the index out
		column = "+e.endpoint"
	}
	return "(e.endpoint > 0 AND " + column + " IN (SELECT id FROM endpoint p WHERE merged IS NULL AND " + where + "))", nil
}

// placed selects exchanges by a condition on a place p where they have data.
func (c *compiler) placed(condition func() string) (string, error) {
	from := len(c.args)
	where := condition()
	many, err := c.many("SELECT total(n) FROM place p WHERE "+where, c.args[from:])
	if err != nil {
		return "", err
	}
	if many { // the plus sign makes the exchange be looked up, not every place
		return "EXISTS (SELECT 1 FROM hit h WHERE h.exchange = e.id AND +h.place IN (SELECT p.id FROM place p WHERE " + where + "))", nil
	}
	return "e.id IN (SELECT h.exchange FROM place p CROSS JOIN hit h ON h.place = p.id WHERE " + where + ")", nil
}

// many reports whether more exchanges are selected than are worth listing.
func (c *compiler) many(query string, args []any) (bool, error) {
	var n float64
	err := c.p.probes.QueryRowContext(c.context(), query, args...).Scan(&n)
	return int64(n) > c.p.breadth.listed, err
}

// inventoryWords returns values of a field that the inventory knows; ok is false for other fields.
func (p *Project) inventoryWords(ctx context.Context, field string) (words []string, ok bool, err error) {
	query, ok := map[string]string{
		"sensitive": "SELECT DISTINCT type FROM place UNION SELECT class FROM place LIMIT ?",
		"auth":      "SELECT DISTINCT auth FROM endpoint WHERE auth <> '' LIMIT ?",
	}[field]
	if !ok {
		return nil, false, nil
	}
	if has, err := p.hasInventory(ctx); err != nil || !has {
		return nil, true, err
	}
	err = p.each(ctx, query, []any{int64(maxWords)}, func(scan func(...any) error) error {
		var text string
		err := scan(&text)
		words = append(words, strings.Split(text, "\n")...)
		return err
	})
	slices.Sort(words)
	return slices.Compact(words), true, err
}
