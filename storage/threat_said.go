package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"assay/scanner"
)

// ErrNoException says that the project holds no exception of that id.
var ErrNoException = errors.New("this exception is not in the project")

// Exceptions lists what a person called harmless, the newest first.
func (p *Project) Exceptions(ctx context.Context) ([]scanner.Exception, error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT id, definition FROM watch_exception ORDER BY id DESC", nil, func(scan func(...any) error) (e scanner.Exception, err error) {
		var id int64
		var definition []byte
		if err := scan(&id, &definition); err != nil {
			return e, err
		}
		if err := json.Unmarshal(definition, &e); err != nil {
			return e, fmt.Errorf("the exception %d: %w: %w", id, errCodec, err)
		}
		e.ID = id
		return e, nil
	})
}

// AddException keeps an exception and returns its id.
func (p *Project) AddException(ctx context.Context, e scanner.Exception) (id int64, err error) {
	e.ID = 0
	definition, err := json.Marshal(e)
	if err != nil {
		return 0, err
	}
	err = p.updateWoken(ctx, func(t *tx) error {
		return t.get("INSERT INTO watch_exception (definition) VALUES (?) RETURNING id", []any{definition}, &id)
	})
	return id, err
}

// RemoveException forgets an exception.
func (p *Project) RemoveException(ctx context.Context, id int64) error {
	return p.removed(ctx, ErrNoException, "DELETE FROM watch_exception WHERE id = ?", id)
}

// RuleSettings returns how a person set rules apart from how they are shipped, in the order of the rules' names.
func (p *Project) RuleSettings(ctx context.Context) ([]scanner.RuleSetting, error) {
	if known, err := p.knowsWatch(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT rule, definition FROM watch_rule ORDER BY rule", nil, func(scan func(...any) error) (s scanner.RuleSetting, err error) {
		var rule string
		var definition []byte
		if err := scan(&rule, &definition); err != nil {
			return s, err
		}
		if err := json.Unmarshal(definition, &s); err != nil {
			return s, fmt.Errorf("the setting of rule %s: %w: %w", rule, errCodec, err)
		}
		s.Rule = rule
		return s, nil
	})
}

// SetRule keeps a setting of a rule; one that changes nothing is forgotten.
func (p *Project) SetRule(ctx context.Context, s scanner.RuleSetting) error {
	if s == (scanner.RuleSetting{Rule: s.Rule}) {
		return p.updateWoken(ctx, func(t *tx) error { return t.run("DELETE FROM watch_rule WHERE rule = ?", s.Rule) })
	}
	definition, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return p.updateWoken(ctx, func(t *tx) error {
		return t.run("INSERT INTO watch_rule (rule, definition) VALUES (?, ?) ON CONFLICT (rule) DO UPDATE SET definition = excluded.definition", s.Rule, definition)
	})
}
