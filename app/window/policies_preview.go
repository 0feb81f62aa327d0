package window

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"assay/app"
	"assay/scanner"
	"assay/storage"
	"assay/traffic"
)

// Bounds of what is listed.
const (
	mostRulings   = 500    // of one call
	mostPreviewed = 20_000 // rulings of a preview that can be listed; the others are counted
	mostChecked   = 4 << 20
)

// preview is what policies would have done with recorded traffic, as far as it is known.
type preview struct {
	mu      sync.Mutex
	project *app.Project
	out     PreviewOut // without items
	sum     app.PreviewSum
	rulings []app.Ruling
}

// Preview replays recorded traffic through policies, as a job. It takes the place of the preview before.
func (p *Policies) Preview(in PreviewIn) (out Job, err error) {
	defer p.desk.guard(&err)
	project, err := p.desk.opened()
	if err != nil {
		return out, err
	}
	ctx := p.desk.life()
	list, err := p.asked(ctx, project, &in.Asked)
	if err != nil {
		return out, err
	}
	if len(list) == 0 {
		return out, &app.Error{Code: app.CodeUsage, Message: "no policy is asked", Hint: "choose some, or switch some on"}
	}
	where, err := traffic.Parse(in.Filter)
	if err != nil {
		return out, err
	}
	all, err := project.Store().CountWithin(ctx, where, time.Second)
	if err != nil {
		return out, err
	}
	one := &preview{project: project, out: PreviewOut{State: "running", Filter: in.Filter, All: all.N}}
	for i := range list {
		one.sum.Policies = append(one.sum.Policies, app.PreviewPolicy{ID: list[i].ID, Name: list[i].Name, Action: string(list[i].Action)})
	}
	p.desk.policing.mu.Lock()
	before := p.desk.policing.preview
	p.desk.policing.preview = one
	p.desk.policing.mu.Unlock()
	if before != nil {
		if job, running := before.running(); running {
			p.desk.jobs.end(job)
		}
	}
	job := p.desk.job("preview", in.Filter, func(ctx context.Context, report func(done, all int64)) (string, error) {
		return one.run(ctx, project, list, in.Filter, report)
	})
	one.mu.Lock()
	one.out.Job = job.ID
	one.mu.Unlock()
	return job, nil
}

func (v *preview) running() (job string, running bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.out.Job, v.out.State == "running"
}

func (v *preview) run(ctx context.Context, project *app.Project, list []app.Policy, filter string, report func(done, all int64)) (string, error) {
	actions := map[string]int64{}
	progress := func(n int64) {
		v.mu.Lock()
		v.out.Exchanges, v.out.All = n, max(n, v.out.All)
		all := v.out.All
		v.mu.Unlock()
		report(n, all)
	}
	sum, err := project.PreviewSum(ctx, list, filter, progress, func(r *app.Ruling) error {
		v.mu.Lock()
		defer v.mu.Unlock()
		actions[string(r.Action)]++
		if len(v.rulings) < mostPreviewed {
			v.rulings = append(v.rulings, *r)
		} else {
			v.out.Left++
		}
		return ctx.Err()
	})
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sum = sum
	v.out.Exchanges, v.out.Touched, v.out.State = sum.Exchanges, sum.Touched, "done"
	switch {
	case err != nil && ctx.Err() != nil:
		v.out.State = "cancelled"
	case err != nil:
		v.out.State, v.out.Fault = "failed", faultOf(policyError(err))
	}
	n := int64(0)
	for _, each := range actions {
		n += each
	}
	return fmt.Sprintf("%s looked at, %s; nothing was changed", amount(sum.Exchanges, "exchange"), amount(n, "ruling")), err
}

// amount is a number of things in words.
func amount(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Previewed returns the latest preview of the open project, as far as it is known.
func (p *Policies) Previewed(in PreviewPage) (out PreviewOut, err error) {
	defer p.desk.guard(&err)
	none := PreviewOut{State: "none", Policies: []PreviewPolicy{}, Actions: []ActionCount{}, Items: []RulingRow{}}
	project, err := p.desk.opened()
	if err != nil {
		return none, err
	}
	p.desk.policing.mu.Lock()
	one := p.desk.policing.preview
	p.desk.policing.mu.Unlock()
	if one == nil || one.project != project {
		return none, nil
	}
	return one.page(&in), nil
}

// page counts and lists what is known. While it is at work, policies are counted by the rulings that are listed.
func (v *preview) page(in *PreviewPage) PreviewOut {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := v.out
	out.Policies, out.Actions, out.Items = []PreviewPolicy{}, []ActionCount{}, []RulingRow{}
	actions := v.sum.Actions
	byPolicy := v.sum.Policies
	if out.State == "running" {
		byPolicy, actions, out.Touched = v.sofar()
	}
	for i := range byPolicy {
		one := &byPolicy[i]
		out.Policies = append(out.Policies, PreviewPolicy{ID: idText(one.ID), Name: clip(valid(one.Name), longName), Action: one.Action, Rulings: one.Rulings})
	}
	for _, action := range app.Actions {
		if n := actions[action]; n > 0 {
			out.Actions = append(out.Actions, ActionCount{action, n})
		}
	}
	first, limit := max(in.From, 0), mostRulings
	if in.Limit > 0 {
		limit = min(in.Limit, mostRulings)
	}
	for i := range v.rulings {
		if r := &v.rulings[i]; in.Action == "" || string(r.Action) == in.Action {
			if out.Total >= first && len(out.Items) < limit {
				row := rulingRow(r, nil)
				row.ID = fmt.Sprint(out.Total + 1)
				out.Items = append(out.Items, row)
			}
			out.Total++
		}
	}
	return out
}

// sofar counts the rulings that came so far.
func (v *preview) sofar() (byPolicy []app.PreviewPolicy, actions map[string]int64, touched int64) {
	byPolicy, actions = slices.Clone(v.sum.Policies), map[string]int64{}
	last := traffic.ID(0)
	for i := range v.rulings {
		r := &v.rulings[i]
		actions[string(r.Action)]++
		if r.Exchange != last {
			touched, last = touched+1, r.Exchange
		}
		for j := range byPolicy {
			if byPolicy[j].ID == r.Policy && byPolicy[j].Name == r.Name {
				byPolicy[j].Rulings++
				break
			}
		}
	}
	return byPolicy, actions, touched
}

// asked are the policies that are asked what they would do, also where they are off.
func (p *Policies) asked(ctx context.Context, project *app.Project, in *PolicyAsked) ([]app.Policy, error) {
	have, err := project.Policies(ctx)
	if err != nil {
		return nil, err
	}
	if len(in.IDs) == 0 && len(in.Drafts) == 0 {
		return slices.DeleteFunc(have, func(one app.Policy) bool { return !one.On }), nil
	}
	list := make([]app.Policy, 0, len(in.IDs)+len(in.Drafts))
	if len(in.IDs) > 0 {
		ids, err := policyIDs(in.IDs)
		if err != nil {
			return nil, err
		}
		list = append(list, slices.DeleteFunc(have, func(one app.Policy) bool { return !slices.Contains(ids, one.ID) })...)
	}
	for i := range in.Drafts {
		one, faults, err := in.Drafts[i].policy(ctx, project)
		if err != nil {
			return nil, err
		}
		if len(faults) > 0 {
			return nil, &app.Error{Code: app.CodeInput, Message: "the policy cannot be used: " + faults[0].Message, Hint: "mend it first"}
		}
		list = append(list, one)
	}
	for i := range list {
		list[i].On = true
	}
	return list, nil
}

// CheckText says what policies would do with a text. Nothing is kept.
func (p *Policies) CheckText(in PolicyCheckIn) (out PolicyCheckOut, err error) {
	defer p.desk.guard(&err)
	out.Items = []RulingRow{}
	project, err := p.desk.opened()
	if err != nil {
		return out, err
	}
	if !slices.Contains(app.CheckRoles, in.Role) {
		return out, &app.Error{Code: app.CodeUsage, Message: "who says the text is one of user, assistant, system, tool and document"}
	}
	if len(in.Text) > mostChecked {
		return out, &app.Error{Code: app.CodeUsage, Message: "the text is larger than 4 MiB", Hint: "check it in parts"}
	}
	ctx := p.desk.life()
	list, err := p.asked(ctx, project, &in.Asked)
	if err != nil || len(list) == 0 {
		return out, err
	}
	checked, err := project.CheckText(ctx, list, in.Text, in.Role)
	if err != nil {
		return out, policyError(err)
	}
	out.Policies, out.Action = checked.Policies, checked.Action
	for i := range checked.Rulings {
		row := rulingRow(&checked.Rulings[i], &in.Text)
		row.ID = fmt.Sprint(i + 1)
		out.Items = append(out.Items, row)
	}
	return out, nil
}

// Rulings lists what the guard did, the newest first.
func (p *Policies) Rulings(in RulingsIn) (out RulingsOut, err error) {
	defer p.desk.guard(&err)
	out.Items = []RulingRow{}
	project, err := p.desk.opened()
	if err != nil {
		return out, err
	}
	q := storage.RulingQuery{Offset: max(in.From, 0), Limit: mostRulings}
	if in.Limit > 0 {
		q.Limit = min(in.Limit, mostRulings)
	}
	for _, action := range in.Actions {
		q.Actions = append(q.Actions, scanner.Action(action))
	}
	if len(in.Policies) > 0 {
		if q.Policies, err = policyIDs(in.Policies); err != nil {
			return out, err
		}
	}
	ctx := p.desk.life()
	list, total, err := project.Rulings(ctx, q)
	if err != nil {
		return out, err
	}
	out.Total, out.All = total, total
	if len(q.Actions)+len(q.Policies) > 0 {
		if _, out.All, err = project.Rulings(ctx, storage.RulingQuery{Limit: 1}); err != nil {
			return out, err
		}
	}
	for i := range list {
		out.Items = append(out.Items, rulingRow(&list[i], nil))
	}
	return out, nil
}

// Waiting lists what waits for a person, the oldest first.
func (p *Policies) Waiting(_ Nothing) (out ApprovalsOut, err error) {
	defer p.desk.guard(&err)
	out.Items = []ApprovalRow{}
	project, err := p.desk.opened()
	if err != nil {
		return out, err
	}
	waiting := project.Waiting()
	if len(waiting) == 0 {
		return out, nil
	}
	policies, err := project.Policies(p.desk.life())
	if err != nil {
		return out, err
	}
	for i := range waiting {
		out.Items = append(out.Items, approvalRow(&waiting[i], policies))
	}
	return out, nil
}

func approvalRow(a *app.Approval, policies []app.Policy) ApprovalRow {
	r := &a.Ruling
	row := ApprovalRow{
		ID: idText(a.ID), Policy: clip(valid(r.Name), longName), Side: string(r.Side), Host: clip(valid(r.Host), longName), Model: clip(valid(r.Model), longName),
		Actor: clip(valid(string(r.Actor)), longName), Reason: clip(valid(r.Reason), longName), Shown: clip(valid(a.Shown), longText),
		Left: float64(max(time.Until(a.Until), 0).Milliseconds()), Of: float64(time.Minute.Milliseconds()),
	}
	at := slices.IndexFunc(policies, func(one app.Policy) bool { return one.ID == r.Policy })
	if at < 0 {
		return row
	}
	row.Passes = !policies[at].FailClosed
	if patience := time.Duration(policies[at].Patience); patience > 0 {
		row.Of = float64(patience.Milliseconds())
	}
	return row
}

// Answer says yes or no to what waits. What no longer waits is no error: the answer came too late.
func (p *Policies) Answer(in ApprovalIn) (out ApprovalOut, err error) {
	defer p.desk.guard(&err)
	project, err := p.desk.opened()
	if err != nil {
		return out, err
	}
	id, err := numberOf(in.ID, "a question")
	if err != nil {
		return out, err
	}
	out.Answered = project.Answer(id, in.Yes)
	return out, nil
}
