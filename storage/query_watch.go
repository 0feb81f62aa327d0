package storage

import (
	"context"

	"assay/traffic"
)

// watched compiles a comparison with something that the watch knows; ok is false for other fields.
func (c *compiler) watched(n traffic.Compare, v traffic.Value) (condition string, ok bool, err error) {
	switch n.Field {
	case "threat", "severity", "actor":
	default:
		return "", false, nil
	}
	if known, err := c.p.knowsWatch(c.context()); err != nil || !known {
		return "0", true, err
	}
	switch n.Field {
	case "actor":
		return "(e.watched > 0 AND e.watched IN (SELECT id FROM actor WHERE " + c.match("key", false, n.Op, v, n.Field) + "))", true, nil
	case "severity":
		condition, err = c.threatened(func() string { return c.match("t.severity", false, n.Op, v, n.Field) })
	default:
		condition, err = c.threatened(func() string {
			return "(" + c.match("t.rule", false, n.Op, v, n.Field) + " OR " + c.match("t.title", false, n.Op, v, n.Field) + ")"
		})
	}
	return condition, true, err
}

// threatened selects exchanges by a condition on a threat t in which they count.
func (c *compiler) threatened(condition func() string) (string, error) {
	from := len(c.args)
	where := "t.state <> 'harmless' AND " + condition()
	many, err := c.many("SELECT total(n) FROM threat t WHERE "+where, c.args[from:])
	if err != nil {
		return "", err
	}
	if many { // the exchange is looked up, not every threat
		return "EXISTS (SELECT 1 FROM threat_moment m CROSS JOIN threat t WHERE m.exchange > 0 AND m.exchange = e.id AND t.id = m.threat AND " + where + ")", nil
	}
	return "e.id IN (SELECT m.exchange FROM threat t CROSS JOIN threat_moment m ON m.threat = t.id WHERE m.exchange > 0 AND " + where + ")", nil
}

// watchWords returns values of a field that the watch knows; ok is false for other fields.
func (p *Project) watchWords(ctx context.Context, field string) (words []string, ok bool, err error) {
	query, ok := map[string]string{
		"threat":   "SELECT DISTINCT rule FROM threat ORDER BY rule LIMIT ?",
		"severity": "SELECT DISTINCT severity FROM threat LIMIT ?",
		"actor":    "SELECT key FROM actor ORDER BY risk DESC, n DESC LIMIT ?",
	}[field]
	if !ok {
		return nil, false, nil
	}
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, true, err
	}
	words, err = eachOf(ctx, p.readers, query, []any{int64(maxWords)}, func(scan func(...any) error) (text string, err error) {
		err = scan(&text)
		return text, err
	})
	return words, true, err
}
