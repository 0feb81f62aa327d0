package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"assay/scanner"
)

// threatHead is the part of a threat's definition that ThreatHeads reads: times and what they came from are left alone.
type threatHead struct {
	OWASP  []string `json:"owasp"`
	Seen   string   `json:"seen"`
	Advice string   `json:"advice"`
}

// ThreatHeads returns threats that are in one of the states, in no order, with what a posture says of them: what they are, how
// bad, at what, by whom, how often and when, what was seen and what is advised. Everything else of them is empty. It takes a
// fraction of the time of Threats.
func (p *Project) ThreatHeads(ctx context.Context, states ...scanner.ThreatState) ([]*scanner.Threat, error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, err
	}
	var w conditions
	w.in("t.state", texts(states))
	where, args := w.text()
	return eachOf(ctx, p.readers, "SELECT t.id, t.rule, t.title, t.severity, t.state, t.actor, t.host, "+threatEndpoint+", t.model, t.first, t.last, t.n, t.note, t.definition FROM threat t WHERE "+where,
		args, func(scan func(...any) error) (*scanner.Threat, error) {
			t := &scanner.Threat{}
			var first, last int64
			var definition []byte
			err := scan((*int64)(&t.ID), &t.Rule, &t.Title, (*string)(&t.Severity), (*string)(&t.State), (*string)(&t.Actor), &t.Host, (*int64)(&t.Endpoint), &t.Model,
				&first, &last, &t.Count, &t.Note, &definition)
			if err != nil {
				return nil, err
			}
			var head threatHead
			if err := json.Unmarshal(definition, &head); err != nil {
				return nil, fmt.Errorf("the threat %d: %w: %w", t.ID, errCodec, err)
			}
			t.OWASP, t.Seen, t.Advice, t.First, t.Last = head.OWASP, head.Seen, head.Advice, timeOf(first), timeOf(last)
			return t, nil
		})
}
