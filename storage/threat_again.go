package storage

import (
	"encoding/json"
	"fmt"
	"time"

	"assay/scanner"
)

// saidState is the entry of watch_state that holds what persons said of threats that were forgotten since.
const saidState = "said"

// mostSaid bounds how much of that is kept; the oldest goes.
const mostSaid = 10_000

// said is what a person held of a threat. When everything is watched anew, a threat of the same rule, actor and group at
// the same time is the same threat.
type said struct {
	Rule  string              `json:"rule"`
	Actor scanner.ActorKey    `json:"actor,omitempty"`
	Group string              `json:"group,omitempty"`
	First time.Time           `json:"first"`
	Last  time.Time           `json:"last"`
	State scanner.ThreatState `json:"state"`
	Note  string              `json:"note,omitempty"`
}

func (s *said) of(t *scanner.Threat) bool {
	return s.Rule == t.Rule && s.Actor == t.Actor && s.Group == t.Group && !t.First.After(s.Last) && !s.First.After(t.Last)
}

// rememberSaid keeps what persons said of threats that are about to be forgotten.
func (t *tx) rememberSaid() error {
	all, err := t.said()
	if err != nil {
		return err
	}
	err = t.each("SELECT "+threatColumns+" FROM threat t WHERE t.state <> 'new' OR t.note <> '' ORDER BY t.id", nil, func(scan func(...any) error) error {
		one, err := scanThreat(scan)
		if err == nil {
			all = append(all, said{one.Rule, one.Actor, one.Group, one.First, one.Last, one.State, one.Note})
		}
		return err
	})
	if err != nil || len(all) == 0 {
		return err
	}
	data, err := json.Marshal(all[max(len(all)-mostSaid, 0):])
	if err != nil {
		return err
	}
	return t.saveWatchState(saidState, data)
}

func (t *tx) said() (all []said, err error) {
	var packed []byte
	err = t.each("SELECT data FROM watch_state WHERE name = ?", []any{saidState}, func(scan func(...any) error) error { return scan(&packed) })
	if err != nil || packed == nil {
		return nil, err
	}
	data, err := inflate(packed)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("what was said of threats: %w: %w", errCodec, err)
	}
	return all, nil
}

// sayAgain gives new threats what persons said of them before they were forgotten. What was said last counts.
func (t *tx) sayAgain(threats []*scanner.Threat) error {
	var all []said
	for _, one := range threats {
		var known bool
		if err := t.get("SELECT EXISTS (SELECT 1 FROM threat WHERE id = ?)", []any{int64(one.ID)}, &known); err != nil {
			return err
		}
		if known {
			continue
		}
		if all == nil {
			var err error
			if all, err = t.said(); err != nil || len(all) == 0 {
				return err
			}
		}
		for i := len(all) - 1; i >= 0; i-- {
			if s := &all[i]; s.of(one) {
				one.State, one.Note = s.State, s.Note
				break
			}
		}
	}
	return nil
}
