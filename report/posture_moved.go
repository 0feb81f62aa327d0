package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"assay/scanner"
)

// Snapshot takes down how things stand, with what can be compared later: reasons that take nothing away are left out.
func (s *Scene) Snapshot(p *Posture, cause string) Snapshot {
	shot := Snapshot{At: p.At, Cause: cause, Score: p.Score, Grade: p.Grade, Enough: p.Enough, Severities: map[string]int{}, Items: map[string]State{}}
	for _, severity := range []scanner.Severity{
		scanner.SeverityCritical, scanner.SeverityHigh, scanner.SeverityMedium, scanner.SeverityLow, scanner.SeverityInfo,
	} {
		shot.Severities[string(severity)] = 0
	}
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Open() {
			shot.Severities[string(f.Severity)]++
		}
	}
	for _, c := range p.OWASP {
		shot.Items[c.ID] = c.State
	}
	for i := range p.Reasons {
		if p.Reasons[i].Points > 0 {
			shot.Reasons = append(shot.Reasons, p.Reasons[i])
		}
	}
	return shot
}

// reasonKey is what makes a reason the same in two snapshots.
type reasonKey struct {
	area       Area
	code, what string
}

func keyOf(d *Deduction) reasonKey {
	if d.Ref != "" { // an item that was not tested and is vulnerable now is the same item
		return reasonKey{d.Area, "", d.Ref}
	}
	return reasonKey{d.Area, d.Code, ""}
}

// Moved says what moved the score from one snapshot to another, what moved it most first: reasons that came, went, and
// changed. The points add up to the difference of the scores.
func Moved(before, after *Snapshot) []Move {
	moves := []Move{}
	was := map[reasonKey]*Deduction{}
	for i := range before.Reasons {
		was[keyOf(&before.Reasons[i])] = &before.Reasons[i]
	}
	for i := range after.Reasons {
		now := &after.Reasons[i]
		key := keyOf(now)
		old := was[key]
		delete(was, key)
		switch {
		case old == nil:
			moves = append(moves, Move{Points: -now.Points, Kind: MoveNew, What: now.What, Ref: now.Ref})
		case tenth(old.Points-now.Points) != 0:
			moves = append(moves, Move{Points: tenth(old.Points - now.Points), Kind: MoveChanged, What: now.What + changed(old, now), Ref: now.Ref})
		}
	}
	for _, old := range was {
		moves = append(moves, Move{Points: old.Points, Kind: MoveGone, What: old.What, Ref: old.Ref})
	}
	left := after.Score - before.Score
	for i := range moves {
		left -= moves[i].Points
	}
	if left = tenth(left); left != 0 {
		moves = append(moves, Move{Points: left, Kind: MoveChanged, What: fmt.Sprintf("With a critical weakness open nothing is better than %.1f.", criticalCeiling)})
	}
	slices.SortFunc(moves, func(a, b Move) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.What, b.What))
	})
	return moves
}

// changed says why a reason counts otherwise.
func changed(before, after *Deduction) string {
	if before.Full == after.Full {
		if before.Points < after.Points {
			return " It counts more: what stood above it in its area went away."
		}
		return " It counts less: its area is at its limit."
	}
	return fmt.Sprintf(" It was %.1f.", before.Points)
}

// LastMoved finds the newest of the snapshots, which are the oldest first, since which anything moved, and what that was. It
// is nil where nothing ever moved.
func LastMoved(trend []Snapshot, now *Snapshot) (*Snapshot, []Move) {
	for i := len(trend) - 1; i >= 0; i-- {
		if moves := Moved(&trend[i], now); len(moves) > 0 {
			return &trend[i], moves
		}
	}
	return nil, nil
}
