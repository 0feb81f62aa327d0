package watch

import (
	"encoding/json"
	"fmt"

	"assay/scanner"
	"assay/scanner/behaviour"
	"assay/traffic"
)

// Counters of rules are kept with each batch as long as they are few. Where they are many, batches only say which
// exchanges were counted since, and the counters follow now and then: whoever opens the book again counts those again.
const (
	fewWindows = 32 << 10 // bytes
	mostTail   = 512      // exchanges
)

// tailed is an exchange that was counted since the counters were kept, with what was unusual about it.
type tailed struct {
	Exchange traffic.ID      `json:"x"`
	Alarms   []scanner.Alarm `json:"a,omitempty"`
}

// briefly is alarms as far as counting them again takes.
func briefly(alarms []scanner.Alarm) []scanner.Alarm {
	var brief []scanner.Alarm
	for i := range alarms {
		a := &alarms[i]
		brief = append(brief, scanner.Alarm{Kind: a.Kind, Actor: a.Actor, At: a.At, Score: a.Score, Slow: a.Slow})
	}
	return brief
}

// keepWindows keeps the counters of the rules, or what was counted since they were kept.
func (b *Book) keepWindows(t *batch) error {
	states := t.watched.States
	if b.large && len(b.tail) < mostTail {
		tail, err := json.Marshal(b.tail)
		if err != nil {
			return fmt.Errorf("keep what the rules counted: %w", err)
		}
		states[tailState] = tail
		return nil
	}
	windows, err := b.options.Rules.State()
	if err != nil {
		return fmt.Errorf("keep what the rules counted: %w", err)
	}
	states[windowsState], states[tailState] = windows, nil
	b.large, b.tail = len(windows) > fewWindows, nil
	return nil
}

// restore takes back what was counted and what is known of all actors together. What an older program kept and this one
// cannot read begins anew.
func (b *Book) restore() error {
	crowd, err := b.archive.WatchState(crowdState)
	if err != nil {
		return err
	}
	if len(crowd) > 0 && b.crowd.UnmarshalBinary(crowd) != nil {
		b.crowd = behaviour.Crowd{}
	}
	windows, err := b.archive.WatchState(windowsState)
	if err != nil {
		return err
	}
	_ = b.options.Rules.Restore(windows)
	b.large = len(windows) > fewWindows
	kept, err := b.archive.WatchState(tailState)
	if err != nil || len(kept) == 0 {
		b.cut = b.options.Rules.Cut()
		return err
	}
	var tail []tailed
	if json.Unmarshal(kept, &tail) != nil || len(tail) > 2*mostTail {
		tail = nil
	}
	if err := b.recount(tail); err != nil {
		return err
	}
	b.cut = b.options.Rules.Cut()
	return nil
}

// recount counts again what was counted after the counters were kept. What it came to was kept then.
func (b *Book) recount(tail []tailed) error {
	ids, alarms := make([]traffic.ID, len(tail)), map[traffic.ID][]scanner.Alarm{}
	for i, x := range tail {
		ids[i], alarms[x.Exchange] = x.Exchange, x.Alarms
	}
	for len(ids) > 0 {
		n := min(len(ids), 64)
		seen, err := b.archive.Seen(ids[:n])
		if err != nil {
			return err
		}
		for i := range seen {
			id := seen[i].Exchange.ID
			b.options.Rules.Observe(Look(&seen[i], b.options.Identity), alarms[id])
		}
		ids = ids[n:]
	}
	b.tail = tail
	return nil
}
