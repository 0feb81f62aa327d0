package storage

import (
	"context"
	"errors"
	"time"

	"assay/scanner"
	"assay/traffic"
)

// ErrNoThreat says that the project holds no threat of that id.
var ErrNoThreat = errors.New("this threat is not in the project")

// ThreatQuery selects threats. Empty fields select everything.
type ThreatQuery struct {
	States     []scanner.ThreatState
	Severities []scanner.Severity
	Rules      []string
	Actors     []scanner.ActorKey
	Since      time.Time // last seen at or after
	Until      time.Time // first seen before
	Slow       bool      // only slow ones
	Text       string    // within title, rule, actor, host, model or note
	Sort       string    // severity (usual), last, first, count, title, actor; "-" before it turns it round
	Offset     int
	Limit      int // 0 for all
}

// Threats lists threats, and how many there are without Offset and Limit.
func (p *Project) Threats(ctx context.Context, q ThreatQuery) (threats []*scanner.Threat, total int, err error) {
	return nil, 0, nil
}

// Threat returns one threat. ErrNoThreat where there is none.
func (p *Project) Threat(ctx context.Context, id scanner.ThreatID) (*scanner.Threat, error) {
	return nil, ErrNoThreat
}

// Moments returns a threat's timeline, oldest first, and how many lines there are without offset and limit (0: all).
func (p *Project) Moments(ctx context.Context, id scanner.ThreatID, offset, limit int) (moments []scanner.Moment, total int, err error) {
	return nil, 0, nil
}

// ThreatsOf returns the threats in which exchanges count, the worst first.
func (p *Project) ThreatsOf(ctx context.Context, ids []traffic.ID) (map[traffic.ID][]*scanner.Threat, error) {
	return nil, nil
}

// SetThreats says what a person holds of threats. It returns what they were before, for undo.
func (p *Project) SetThreats(ctx context.Context, ids []scanner.ThreatID, state scanner.ThreatState, note string) (before map[scanner.ThreatID]scanner.ThreatState, err error) {
	return nil, errors.ErrUnsupported
}

// ThreatCount is how many moments of threats of one severity there were in one stretch of time.
type ThreatCount struct {
	From     time.Time
	Severity scanner.Severity
	N        int
}

// ThreatTimeline counts moments from since on, in stretches of step. Threats that a person called harmless are left out.
func (p *Project) ThreatTimeline(ctx context.Context, since time.Time, step time.Duration) ([]ThreatCount, error) {
	return nil, nil
}

// Exceptions lists what a person called harmless, the newest first.
func (p *Project) Exceptions(ctx context.Context) ([]scanner.Exception, error) { return nil, nil }

// AddException keeps an exception and returns its id.
func (p *Project) AddException(ctx context.Context, e scanner.Exception) (id int64, err error) {
	return 0, errors.ErrUnsupported
}

// RemoveException forgets an exception.
func (p *Project) RemoveException(ctx context.Context, id int64) error { return errors.ErrUnsupported }

// RuleSettings returns how a person set rules apart from how they are shipped.
func (p *Project) RuleSettings(ctx context.Context) ([]scanner.RuleSetting, error) { return nil, nil }

// SetRule keeps a setting of a rule; one that changes nothing is forgotten.
func (p *Project) SetRule(ctx context.Context, s scanner.RuleSetting) error {
	return errors.ErrUnsupported
}
