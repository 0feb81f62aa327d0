package engine

import (
	"context"
	"slices"

	"assay/scanner"
	"assay/scanner/craft"
	"assay/scanner/judge"
	"assay/scanner/template"
	"assay/traffic"
)

// mostBaseline is how many bytes of a baseline's body are compared with.
const mostBaseline = 1 << 20

// baselines asks every target once without an attack, and reports whether the run can go on. A target that does not
// answer has no baseline: its cases are sent all the same.
func (e *Execution) baselines(ctx context.Context) bool {
	targets := slices.Clone(e.o.Run.Targets)
	changed := false
	for i := range targets {
		f := e.by[targets[i].Ref]
		if f == nil || f.Baseline != nil || len(f.lane.cases) == 0 {
			continue
		}
		if targets[i].Baseline != 0 && e.recall(ctx, f, targets[i].Baseline) {
			continue
		}
		if e.halted() || ctx.Err() != nil {
			return false
		}
		id, err := e.innocent(ctx, f)
		if err != nil {
			e.fail(err)
			return false
		}
		if id != 0 {
			targets[i].Baseline, f.named.Baseline, changed = id, id, true
		}
	}
	if changed {
		if err := e.o.Store.SetRunTargets(ctx, e.o.Run.ID, targets); err != nil {
			e.fail(err)
			return false
		}
	}
	return true
}

// recall reads a baseline that was kept at an earlier start.
func (e *Execution) recall(ctx context.Context, f *fighter, id traffic.ID) bool {
	x, said, err := e.o.Store.Understand(ctx, id)
	if err != nil || x.Response == nil {
		return false
	}
	body, _, err := e.o.Store.ReadBody(ctx, id, traffic.FromServer, mostBaseline)
	if err != nil {
		return false
	}
	f.Victim = withBaseline(f.Victim, &judge.Baseline{
		Prompt: f.Subject.Prompt, Said: said, Status: x.Response.Status, Body: body, Size: x.Response.Body.Size, Latency: x.Timing.Done,
	})
	return true
}

func withBaseline(v *Victim, b *judge.Baseline) *Victim {
	copied := *v
	copied.Baseline = b
	return &copied
}

// innocent sends the request without an attack and keeps it. The id is 0 where there is no answer to compare with; the
// error says that it could not be kept.
func (e *Execution) innocent(ctx context.Context, f *fighter) (traffic.ID, error) {
	script, err := craft.Begin(f.Subject, &template.Rendered{})
	if err != nil {
		return 0, nil //nolint:nilerr // there is nothing to compare with
	}
	call, err := script.Call(0)
	if err != nil {
		return 0, nil //nolint:nilerr // there is nothing to compare with
	}
	// Sent as a trial's request is: at the host's pace, and again where it is put off.
	a := &attempt{e: e, f: f, c: &scanner.Case{}, t: &template.Template{}, prices: true, script: script, rendered: &template.Rendered{}, record: &scanner.TrialRecord{}}
	a.trial = &a.record.Trial
	ans, err := a.exchange(ctx, call)
	if ans == nil || ans.Status == 0 {
		return 0, nil
	}
	id, kept := e.o.Store.SaveExchange(context.WithoutCancel(ctx), ans.Record(traffic.SourceTest, err), ans.Secrets())
	if kept != nil {
		return 0, kept
	}
	// An error of JSON-RPC is kept: a tool server that says the same to every call tells nothing by it.
	rpc := ans.Said.RPC != nil && ans.Said.Error != nil
	if err != nil && !rpc || ans.Status >= 400 {
		if ans.Status >= 400 {
			f.declines = ans.Status
		}
		return 0, nil //nolint:nilerr // no answer to compare with
	}
	f.Victim = withBaseline(f.Victim, &judge.Baseline{
		Prompt: f.Subject.Prompt, Said: saidOf(ans, f.Target), Status: ans.Status, Body: ans.Body[:min(len(ans.Body), mostBaseline)],
		Size: int64(len(ans.Body)), Latency: ans.Total,
	})
	return id, nil
}
