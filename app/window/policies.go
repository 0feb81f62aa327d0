package window

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"

	"assay/app"
	"assay/scanner"
	"assay/scanner/detect"
)

// Policies is the screen of the guard: how far it goes, what it does with what, what it did and would have done.
type Policies struct{ desk *Desk }

// List lists the policies of the project, in the order in which they were made.
func (p *Policies) List(_ Nothing) (out PoliciesOut, err error) {
	defer p.desk.guard(&err)
	out.Items = []PolicyRow{}
	project, err := p.desk.opened()
	if err != nil {
		return out, err
	}
	ctx := p.desk.life()
	list, err := project.Policies(ctx)
	if err != nil {
		return out, err
	}
	tallies, err := project.RulingTallies(ctx)
	if err != nil {
		return out, err
	}
	for i := range list {
		row := policyRow(&list[i])
		tally := tallies[list[i].ID]
		row.Rulings, row.Done, row.Last = tally.Rulings, tally.Done, stamp(tally.Last)
		out.Items = append(out.Items, row)
	}
	return out, nil
}

// Words lists what a policy can name.
func (p *Policies) Words(_ Nothing) (out PolicyWordsOut, err error) {
	defer p.desk.guard(&err)
	out = PolicyWordsOut{
		Actions: slices.Clone(app.Actions), Signs: slices.Clone(app.SignKinds), Roles: slices.Clone(app.CheckRoles), Rules: []PolicyWord{}, Types: []PolicyWord{},
	}
	project, err := p.desk.opened()
	if err != nil {
		return out, err
	}
	ctx := p.desk.life()
	rules, _ := project.Rules(ctx) // those that are not good are named where rules are listed
	for _, r := range rules.Rules() {
		if r.Single {
			out.Rules = append(out.Rules, PolicyWord{Value: r.ID, What: clip(valid(r.Name), longName), Group: string(r.Severity)})
		}
	}
	custom, err := project.Store().CustomTypes(ctx)
	if err != nil {
		return out, err
	}
	for _, c := range []detect.Class{detect.Secret, detect.Personal} {
		out.Types = append(out.Types, PolicyWord{Value: string(c), Group: "all"})
	}
	for _, t := range custom {
		out.Types = append(out.Types, PolicyWord{Value: t.Name, Group: "own"})
	}
	for _, k := range detect.Kinds() {
		out.Types = append(out.Types, PolicyWord{Value: k.Name, What: k.What, Group: string(k.Class)})
	}
	return out, nil
}

// Check says what is wrong with a policy. It keeps nothing.
func (p *Policies) Check(in PolicyForm) (out PolicySaved, err error) {
	defer p.desk.guard(&err)
	out.ID, out.Faults = in.ID, []PolicyFault{}
	project, err := p.desk.opened()
	if err == nil {
		_, out.Faults, err = in.policy(p.desk.life(), project)
	}
	return out, err
}

// Save keeps a policy that can be carried out, a new one where its id is empty. Otherwise it says what is wrong with it.
func (p *Policies) Save(in PolicyForm) (out PolicySaved, err error) {
	defer p.desk.guard(&err)
	out.Faults = []PolicyFault{}
	project, err := p.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	ctx := p.desk.life()
	one, faults, err := in.policy(ctx, project)
	if err != nil || len(faults) > 0 {
		out.Faults = faults
		return out, err
	}
	if one.ID != 0 {
		was, err := onePolicy(ctx, project, one.ID)
		if err != nil {
			return out, err
		}
		one.Added = was.Added
	}
	id, err := project.SavePolicy(ctx, one)
	out.ID = idText(id)
	return out, policyError(err)
}

// Switch switches a policy on or off.
func (p *Policies) Switch(in PolicySwitch) (out Nothing, err error) {
	defer p.desk.guard(&err)
	project, err := p.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	ids, err := policyIDs([]string{in.ID})
	if err != nil {
		return out, err
	}
	one, err := onePolicy(p.desk.life(), project, ids[0])
	if err != nil {
		return out, err
	}
	one.On = in.On
	_, err = project.SavePolicy(p.desk.life(), one)
	return out, policyError(err)
}

// Remove forgets policies; they can be brought back while the window is open. What they did stays.
func (p *Policies) Remove(in PolicyIDs) (out PoliciesRemoved, err error) {
	defer p.desk.guard(&err)
	project, err := p.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	ids, err := policyIDs(in.IDs)
	if err != nil {
		return out, err
	}
	ctx := p.desk.life()
	gone := make([]app.Policy, 0, len(ids))
	for _, id := range ids {
		one, err := onePolicy(ctx, project, id)
		if err != nil {
			return out, err
		}
		gone = append(gone, one)
	}
	if _, err := project.ChangePolicies(ctx, app.PolicyChange{Remove: ids}); err != nil {
		return out, policyError(err)
	}
	out.Token = p.desk.policing.keep(project, gone)
	return out, nil
}

// Restore brings policies back that were removed.
func (p *Policies) Restore(in PoliciesBack) (out Nothing, err error) {
	defer p.desk.guard(&err)
	project, err := p.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	gone := p.desk.policing.take(project, in.Token)
	if gone == nil {
		return out, &app.Error{Code: app.CodeNotFound, Message: "these policies were brought back already, or belong to another project"}
	}
	return out, policyError(project.RestorePolicies(p.desk.life(), gone))
}

// SetMode says how far the guard goes. It is kept for the next recording, too.
func (p *Policies) SetMode(in GuardModeIn) (out GuardState, err error) {
	defer p.desk.guard(&err)
	project, err := p.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	if !slices.Contains(app.GuardModes, in.Mode) {
		return out, &app.Error{Code: app.CodeUsage, Message: "the guard is off, monitors or enforces"}
	}
	if err := project.SetGuard(p.desk.life(), scanner.GuardMode(in.Mode)); err != nil {
		return out, policyError(err)
	}
	p.desk.pulse.guarded()
	return p.desk.guardState(), nil
}

// Presets lists policies worth beginning with.
func (p *Policies) Presets(_ Nothing) (out PolicyPresetsOut, err error) {
	defer p.desk.guard(&err)
	out.Items = []PolicyPreset{}
	project, err := p.desk.opened()
	if err != nil {
		return out, err
	}
	have, err := project.Policies(p.desk.life())
	if err != nil {
		return out, err
	}
	presets := app.Presets()
	for _, name := range slices.Sorted(maps.Keys(presets)) {
		one := PolicyPreset{Name: name, Items: []PolicyRow{}}
		for i := range presets[name] {
			policy := &presets[name][i]
			one.Items = append(one.Items, policyRow(policy))
			if slices.ContainsFunc(have, func(h app.Policy) bool { return h.Name == policy.Name }) {
				one.Have++
			}
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}

// AddPreset adds those policies of a preset that are not there yet, by their names. They are off.
func (p *Policies) AddPreset(in PolicyPresetIn) (out PolicyIDs, err error) {
	defer p.desk.guard(&err)
	out.IDs = []string{}
	project, err := p.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	list, known := app.Presets()[in.Name]
	if !known {
		return out, &app.Error{Code: app.CodeNotFound, Message: strconv.Quote(clip(in.Name, 100)) + " is no preset"}
	}
	have, err := project.Policies(p.desk.life())
	if err != nil {
		return out, err
	}
	list = slices.DeleteFunc(list, func(one app.Policy) bool {
		return slices.ContainsFunc(have, func(h app.Policy) bool { return h.Name == one.Name })
	})
	ids, err := project.ChangePolicies(p.desk.life(), app.PolicyChange{Save: list})
	for _, id := range ids {
		out.IDs = append(out.IDs, idText(id))
	}
	return out, policyError(err)
}

// policing is what the window holds of policies. The zero value holds nothing.
type policing struct {
	mu      sync.Mutex
	next    int
	gone    map[string]gonePolicies // that can be brought back
	preview *preview                // the latest; nil for none
}

type gonePolicies struct {
	project *app.Project
	list    []app.Policy
}

func (p *policing) keep(project *app.Project, list []app.Policy) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone == nil {
		p.gone = map[string]gonePolicies{}
	}
	p.next++
	token := strconv.Itoa(p.next)
	p.gone[token] = gonePolicies{project, list}
	return token
}

// take gives removed policies of a project once; nil where there are none.
func (p *policing) take(project *app.Project, token string) []app.Policy {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.gone[token]
	if kept.project != project {
		return nil
	}
	delete(p.gone, token)
	return kept.list
}

func onePolicy(ctx context.Context, project *app.Project, id app.PolicyID) (app.Policy, error) {
	list, err := project.Policies(ctx)
	if err != nil {
		return app.Policy{}, err
	}
	at := slices.IndexFunc(list, func(one app.Policy) bool { return one.ID == id })
	if at < 0 {
		return app.Policy{}, &app.Error{Code: app.CodeNotFound, Message: "this policy is no longer in the project"}
	}
	return list[at], nil
}

func policyIDs(texts []string) ([]app.PolicyID, error) {
	ids := make([]app.PolicyID, 0, len(texts))
	for _, text := range texts {
		n, err := numberOf(text, "a policy")
		if err != nil {
			return nil, err
		}
		ids = append(ids, app.PolicyID(n))
	}
	if len(ids) == 0 {
		return nil, &app.Error{Code: app.CodeUsage, Message: "no policy is named", Hint: "choose one or several"}
	}
	return ids, nil
}

// guardState is how the guard of the open project is doing.
func (d *Desk) guardState() GuardState {
	out := GuardState{Mode: string(scanner.GuardOff)}
	project, err := d.opened()
	if err != nil {
		return out
	}
	ctx := d.life()
	now := project.GuardNow()
	out.Waiting, out.Rulings, out.Lost = now.Waiting, now.Rulings, now.Lost
	d.mu.Lock()
	out.AtWork = d.recording != nil
	d.mu.Unlock()
	if out.AtWork {
		out.Mode, out.Policies, out.Closed = string(now.Mode), now.Policies, now.Closed
		return out
	}
	if mode, err := project.Guard(ctx); err == nil {
		out.Mode = string(mode)
	}
	list, _ := project.Policies(ctx) // the list itself says what is wrong with it
	for i := range list {
		if list[i].On {
			out.Policies++
			if list[i].FailClosed {
				out.Closed++
			}
		}
	}
	return out
}

// guarded says that the guard has news: Session.State has them, too.
func (p *pulse) guarded() {
	p.mu.Lock()
	p.state, p.guard = true, true
	p.mu.Unlock()
	p.poke()
}
