package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/guard"
	"assay/storage"
)

// Policy says what the guard does with what.
type Policy = scanner.Policy

// PolicyID numbers a policy within its project.
type PolicyID = scanner.PolicyID

// Ruling is what the guard did with an exchange, or would have done, and why.
type Ruling = scanner.Ruling

// The types of a policy's fields.
type (
	// Action is what a policy does with what it matches.
	Action = scanner.Action
	// Side is the half of an exchange that it looks at.
	Side = scanner.Side
	// SignKind is what it asks for.
	SignKind = scanner.SignKind
	// Duration is one that JSON writes as text.
	Duration = scanner.Duration
)

// mostPolicies bounds how many policies a project holds: each is looked at for every exchange.
const mostPolicies = 500

// PolicyChange is what is to become of a project's policies. Everything in it is done, or nothing.
type PolicyChange struct {
	Save   []Policy   `json:"save,omitempty"`   // new ones where their ID is 0
	Remove []PolicyID `json:"remove,omitempty"` //
}

// Policies lists the project's policies, in the order in which they were made.
func (p *Project) Policies(ctx context.Context) ([]Policy, error) { return p.store.Policies(ctx) }

// SavePolicy keeps a policy that can be carried out, a new one where its ID is 0, and the guard at work obeys it at once.
func (p *Project) SavePolicy(ctx context.Context, one Policy) (PolicyID, error) {
	ids, err := p.ChangePolicies(ctx, PolicyChange{Save: []Policy{one}})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// RemovePolicy forgets a policy. What it did stays.
func (p *Project) RemovePolicy(ctx context.Context, id PolicyID) error {
	_, err := p.ChangePolicies(ctx, PolicyChange{Remove: []PolicyID{id}})
	return err
}

// ChangePolicies changes policies where all of them can be carried out, makes the guard at work obey them, and returns the
// ids of those that were saved.
func (p *Project) ChangePolicies(ctx context.Context, c PolicyChange) ([]PolicyID, error) {
	if ro, _ := p.store.ReadOnly(); ro {
		return nil, p.readOnly()
	}
	have, err := p.store.Policies(ctx)
	if err != nil {
		return nil, err
	}
	fresh := 0
	for i := range c.Save {
		if c.Save[i].ID == 0 {
			fresh++
		} else if !hasPolicy(have, c.Save[i].ID) {
			return nil, noPolicy(c.Save[i].ID)
		}
	}
	if err := p.checkPolicies(ctx, c.Save); err != nil {
		return nil, err
	}
	for _, id := range c.Remove {
		if !hasPolicy(have, id) {
			return nil, noPolicy(id)
		}
	}
	if len(have)+fresh-len(c.Remove) > mostPolicies {
		return nil, usagef("remove some first", "a project holds at most %d policies", mostPolicies)
	}
	var ids []PolicyID
	for _, one := range c.Save {
		if one.Added.IsZero() {
			one.Added = time.Now()
		}
		id, err := p.store.SetPolicy(ctx, one)
		if err != nil {
			return ids, policyError(err, one.ID)
		}
		ids = append(ids, id)
	}
	for _, id := range c.Remove {
		if err := p.store.RemovePolicy(ctx, id); err != nil {
			return ids, policyError(err, id)
		}
	}
	return ids, p.PoliciesChanged(ctx)
}

func hasPolicy(have []Policy, id PolicyID) bool {
	return slices.ContainsFunc(have, func(one Policy) bool { return one.ID == id })
}

func noPolicy(id PolicyID) error {
	return &Error{
		Code: CodeNotFound, Message: fmt.Sprintf("there is no policy %d in this project", id), Hint: "`assay policy ls` lists them",
		InWindow: "it was removed meanwhile",
	}
}

func policyError(err error, id PolicyID) error {
	if errors.Is(err, storage.ErrNoPolicy) {
		return noPolicy(id)
	}
	return err
}

// CheckPolicy says what is wrong with a policy: in its own words, or why the guard could not carry it out.
func (p *Project) CheckPolicy(ctx context.Context, one Policy) error {
	return p.checkPolicies(ctx, []Policy{one})
}

func (p *Project) checkPolicies(ctx context.Context, list []Policy) error {
	list = slices.Clone(list)
	for i := range list {
		if problems := p.policyProblems(ctx, &list[i]); len(problems) > 0 {
			return &Error{Code: CodeInput, Message: "the policy " + quoted(list[i].Name) + " cannot be used", Err: problems[0], InWindow: "mend what is marked"}
		}
		list[i].On = true // one that is off is looked at, too
	}
	if _, err := p.newGuard(ctx, scanner.GuardMonitor, list, nil); err != nil {
		return &Error{Code: CodeInput, Message: "this cannot be carried out", Err: err}
	}
	return nil
}

// PolicyProblems says what is wrong with the fields of a policy, for a form; none where nothing is.
func (p *Project) PolicyProblems(ctx context.Context, one Policy) []PolicyProblem {
	return p.policyProblems(ctx, &one)
}

// RulingOptions select rulings. Empty fields select everything.
type RulingOptions struct {
	Exchanges []string
	Policies  []PolicyID
	Actions   []string
	Since     time.Duration // not older than this; 0: all
	Offset    int
	Limit     int // 0: all
}

// Rulings lists what the guard did, the newest first, and how many there are without offset and limit.
func (p *Project) Rulings(ctx context.Context, q storage.RulingQuery) ([]Ruling, int, error) {
	return p.store.Rulings(ctx, q)
}

// Policies lists the policies of a project.
func (a *App) Policies(ctx context.Context, path string) (list []Policy, err error) {
	err = a.read(ctx, path, func(p *Project) error {
		list, err = p.Policies(ctx)
		return err
	})
	return list, err
}

// Rulings lists what the guard of a project did, the newest first.
func (a *App) Rulings(ctx context.Context, path string, o RulingOptions) (list []Ruling, total int, err error) {
	q := storage.RulingQuery{Policies: o.Policies, Offset: o.Offset, Limit: o.Limit}
	for _, word := range o.Actions {
		if !slices.Contains(Actions, word) {
			return nil, 0, notOneOf("--action", word, Actions)
		}
		q.Actions = append(q.Actions, scanner.Action(word))
	}
	for _, word := range o.Exchanges {
		id, err := exchangeID(word)
		if err != nil {
			return nil, 0, err
		}
		q.Exchanges = append(q.Exchanges, id)
	}
	if o.Since > 0 {
		q.Since = time.Now().Add(-o.Since)
	}
	err = a.read(ctx, path, func(p *Project) error {
		list, total, err = p.Rulings(ctx, q)
		return err
	})
	return list, total, err
}

// SavePolicies keeps policies in a project, also in one that is being recorded into.
func (a *App) SavePolicies(ctx context.Context, path string, list []Policy) ([]PolicyID, error) {
	return a.changePolicies(ctx, path, PolicyChange{Save: list})
}

// RemovePolicies forgets policies of a project. What they did stays.
func (a *App) RemovePolicies(ctx context.Context, path string, ids []PolicyID) error {
	_, err := a.changePolicies(ctx, path, PolicyChange{Remove: ids})
	return err
}

// PoliciesOf returns the policies of those ids, as they are.
func (a *App) PoliciesOf(ctx context.Context, path string, ids []PolicyID) ([]Policy, error) {
	have, err := a.Policies(ctx, path)
	if err != nil {
		return nil, err
	}
	var list []Policy
	for _, id := range ids {
		at := slices.IndexFunc(have, func(one Policy) bool { return one.ID == id })
		if at < 0 {
			return nil, noPolicy(id)
		}
		list = append(list, have[at])
	}
	return list, nil
}

// ParsePolicyIDs reads numbers of policies.
func ParsePolicyIDs(words []string) ([]PolicyID, error) {
	var ids []PolicyID
	for _, word := range words {
		n, err := strconv.ParseInt(strings.TrimSpace(word), 10, 64)
		if err != nil || n <= 0 {
			return nil, usagef("`assay policy ls` lists them", "%q is no number of a policy", Harmless(word, 40))
		}
		ids = append(ids, PolicyID(n))
	}
	return ids, nil
}

// read opens a project for reading and does one thing.
func (a *App) read(ctx context.Context, path string, do func(*Project) error) error {
	store, err := a.project(ctx, path, toRead)
	if err != nil {
		return err
	}
	return errors.Join(do(&Project{app: a, store: store}), store.Close())
}

// changePolicies changes policies of a project: in its file, or by the recorder that has it open.
func (a *App) changePolicies(ctx context.Context, path string, c PolicyChange) (ids []PolicyID, err error) {
	err = a.change(ctx, path, func(store *storage.Project) error {
		ids, err = (&Project{app: a, store: store}).ChangePolicies(ctx, c)
		return err
	})
	if locked, is := errors.AsType[*storage.LockedError](err); is {
		return a.changeAtWork(ctx, locked, c)
	}
	return ids, err
}

// Presets lists policies worth beginning with, by the name of their preset.
func Presets() map[string][]Policy { return guard.Presets() }
