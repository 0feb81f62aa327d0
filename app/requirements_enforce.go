package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/requirement"
)

// Enforced is the policy that the guard holds a requirement by.
type Enforced struct {
	Requirement string   `json:"requirement"`
	Policy      PolicyID `json:"policy"`
	Name        string   `json:"name"`
	Action      Action   `json:"action"`
	Worth       Action   `json:"worth"` // the action that holds the requirement
	Made        bool     `json:"made"`  // just now; otherwise it was there
}

// Enforce makes a policy of the project out of a requirement, which only says what it would do unless an action is given.
// Whether the guard is at work stays as it is.
func (p *Project) Enforce(ctx context.Context, id string, action Action) (Enforced, error) {
	one, out, err := p.app.enforcing(id, action, func() ([]Policy, error) { return p.Policies(ctx) })
	if err != nil {
		return out, err
	}
	out.Policy, err = p.SavePolicy(ctx, one)
	return out, err
}

// EnforceRequirement makes a policy of a project out of a requirement, also in one that is being recorded into.
func (a *App) EnforceRequirement(ctx context.Context, path, id string, action Action) (Enforced, error) {
	one, out, err := a.enforcing(id, action, func() ([]Policy, error) { return a.Policies(ctx, path) })
	if err != nil {
		return out, err
	}
	ids, err := a.SavePolicies(ctx, path, []Policy{one})
	if err != nil {
		return out, err
	}
	out.Policy = ids[0]
	return out, nil
}

// enforcing is the policy that a requirement becomes: the one that was made of it before, or a new one.
func (a *App) enforcing(id string, action Action, policies func() ([]Policy, error)) (one Policy, out Enforced, err error) {
	r, err := a.findRequirement(id)
	if err != nil {
		return one, out, err
	}
	if r.Enforce == nil {
		return one, out, &Error{Code: CodeUsage, Message: "the guard cannot hold " + quoted(r.Name), Hint: r.Fix}
	}
	one = *r.Enforce
	one.Name, one.Action = policyName(r), scanner.Monitor
	out = Enforced{Requirement: r.ID, Name: one.Name, Worth: r.Enforce.Action, Made: true}
	have, err := policies()
	if err != nil {
		return one, out, err
	}
	if at := slices.IndexFunc(have, func(p Policy) bool { return isOf(&p, r) }); at >= 0 {
		one, out.Made = have[at], false // as a person changed it
		one.On = true
	}
	if action != "" {
		if !slices.Contains(Actions, string(action)) {
			return one, out, notOneOf("--action", string(action), Actions)
		}
		one.Action = action
	}
	out.Action, out.Name = one.Action, one.Name
	return one, out, nil
}

// policyName names the policy that holds a requirement. Its end tells whose it is.
func policyName(r *requirement.Requirement) string {
	end := nameEnd(r)
	return Harmless(r.Name, mostPolicyName-len(end)) + end
}

func nameEnd(r *requirement.Requirement) string { return " [" + r.ID + "]" }

func isOf(p *Policy, r *requirement.Requirement) bool { return strings.HasSuffix(p.Name, nameEnd(r)) }

// enforcedBy says which policy holds a requirement; empty where none does.
func enforcedBy(r *requirement.Requirement, policies []Policy) string {
	said := ""
	for i := range policies {
		p := &policies[i]
		switch {
		case !p.On || !isOf(p, r):
		case p.Action == scanner.Monitor:
			said = fmt.Sprintf("policy %d, which only says so", p.ID)
		default:
			return fmt.Sprintf("policy %d: %s", p.ID, p.Action)
		}
	}
	return said
}
