package storage

import (
	"context"
	"time"
)

// RuleSpoke is how often a rule spoke in a project.
type RuleSpoke struct {
	Threats int
	Moments int       // of those threats, those that are no longer kept too
	Last    time.Time // when the latest of them was last seen
}

// RulesSpoke counts threats by rule, those that a person called harmless too.
func (p *Project) RulesSpoke(ctx context.Context) (map[string]RuleSpoke, error) {
	spoke := map[string]RuleSpoke{}
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return spoke, err
	}
	err := p.each(ctx, "SELECT rule, count(*), total(n), max(last) FROM threat GROUP BY rule", nil, func(scan func(...any) error) error {
		var rule string
		var s RuleSpoke
		var moments float64
		var last int64
		if err := scan(&rule, &s.Threats, &moments, &last); err != nil {
			return err
		}
		s.Moments, s.Last = int(moments), timeOf(last)
		spoke[rule] = s
		return nil
	})
	return spoke, err
}

// ThreatsBetween returns when the first moment of a threat was, and when the last; zero where there is none.
func (p *Project) ThreatsBetween(ctx context.Context) (first, last time.Time, err error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return first, last, err
	}
	var from, to *int64
	err = p.readers.QueryRowContext(ctx, "SELECT (SELECT min(at) FROM threat_moment), (SELECT max(at) FROM threat_moment)").Scan(&from, &to)
	if err == nil && from != nil && to != nil {
		first, last = timeOf(*from), timeOf(*to)
	}
	return first, last, err
}
