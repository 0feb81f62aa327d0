package window

import (
	"context"
	"io"
	"strconv"
	"sync"

	"assay/app"
	"assay/scanner"
	"assay/scanner/engine"
)

// comparing keeps the comparison that is looked at: its pages are asked for one by one.
type comparing struct {
	mu   sync.Mutex
	of   comparedRuns
	made *engine.Comparison
}

// comparedRuns says what was compared; a run that went on since is another.
type comparedRuns struct {
	project       *app.Project
	before, after scanner.RunID
	trials        [2]int
	counts        [2]CaseCounts
}

// changeOrder is how the kinds of change stand beside each other.
var changeOrder = []engine.Change{engine.ChangeNew, engine.ChangeFixed, engine.ChangeStill, engine.ChangeFlaky, engine.ChangeSame, engine.ChangeNothing}

// Compare shows two runs case by case.
func (t *Tests) Compare(in CompareIn) (out CompareOut, err error) {
	defer t.desk.guard(&err)
	out = CompareOut{Before: noRun(), After: noRun(), Counts: []ChangeCount{}, Cases: []ComparedRow{}}
	project, before, err := t.run(in.Before)
	if err != nil {
		return out, err
	}
	_, after, err := t.run(in.After)
	if err != nil {
		return out, err
	}
	out.Before, out.After = runRow(project, before), runRow(project, after)
	made, err := t.compared(project, before, after)
	if err != nil {
		return out, err
	}
	for _, change := range changeOrder {
		out.Counts = append(out.Counts, ChangeCount{string(change), made.Counts[change]})
	}
	names, other := t.names(after), t.names(before)
	for ref, name := range other.targets {
		if _, known := names.targets[ref]; !known {
			names.targets[ref] = name
		}
	}
	for i := range made.Cases {
		c := &made.Cases[i]
		if in.Change != "" && string(c.Change) != in.Change {
			continue
		}
		if out.Total++; out.Total <= in.From || len(out.Cases) >= min(max(in.Limit, 1), mostCases) {
			continue
		}
		row := ComparedRow{Key: c.Key, Change: string(c.Change), Why: clip(c.Why, longName)}
		if c.Before != nil {
			row.Before = names.row(c.Before)
		}
		if c.After != nil {
			row.After = names.row(c.After)
		}
		out.Cases = append(out.Cases, row)
	}
	return out, nil
}

func (t *Tests) compared(project *app.Project, before, after *scanner.Run) (*engine.Comparison, error) {
	c := &t.desk.comparing
	c.mu.Lock()
	defer c.mu.Unlock()
	of := comparedRuns{
		project: project, before: before.ID, after: after.ID,
		trials: [2]int{before.Tally.Trials, after.Tally.Trials}, counts: [2]CaseCounts{tallyOf(&before.Tally).Counts, tallyOf(&after.Tally).Counts},
	}
	if c.made != nil && c.of == of {
		return c.made, nil
	}
	made, err := project.CompareRuns(t.desk.life(), before.ID, after.ID)
	if err != nil {
		return nil, err
	}
	c.of, c.made = of, made
	return made, nil
}

// reportEnd is the end of a file's name, and what is in it, by format.
var reportEnd = map[string][2]string{"sarif": {".sarif", "application/sarif+json"}, "junit": {"-junit.xml", "application/xml"}}

// Export saves what a run came to as a file for other tools.
func (t *Tests) Export(in ExportRunIn) (out SaveOut, err error) {
	defer t.desk.guard(&err)
	end, ok := reportEnd[in.Format]
	if !ok {
		return out, &app.Error{Code: app.CodeUsage, Message: "a run cannot be saved as " + strconv.Quote(clip(in.Format, 40)), Hint: "as junit or sarif it can"}
	}
	project, run, err := t.run(in.ID)
	if err != nil {
		return out, err
	}
	if in.Baseline != "" {
		if _, err := runID(in.Baseline); err != nil { // a baseline of the window is a run, never a file
			return out, err
		}
	}
	return t.desk.save(&file{
		title: "Save the run", kind: "export", mime: end[1], name: projectName(project.Store().Path()) + "-run-" + idText(run.ID) + end[0],
		write: func(ctx context.Context, w io.Writer, _ func(done, all int64)) (string, error) {
			return "", project.WriteTestReport(ctx, run.ID, in.Format, in.Baseline, w)
		},
	})
}
