package storage

import (
	"context"

	"assay/scanner"
	"assay/traffic"
)

// verdictSums counts done cases by verdict, as a tally does.
const verdictSums = `sum(done AND verdict = 'vulnerable') || ' ' || sum(done AND verdict = 'resisted') || ' ' || sum(done AND verdict = 'unclear') || ' ' ||
 sum(done AND verdict = 'errored') || ' ' || sum(done AND verdict = 'vulnerable' AND resisted > 0) || ' ' || sum(done AND verdict = 'resisted' AND blocked)`

// trialSums counts the trials of a case by verdict.
const trialSums = `ifnull(sum(t.verdict = 'vulnerable'), 0) || ' ' || ifnull(sum(t.verdict = 'resisted'), 0) || ' ' || ifnull(sum(t.verdict = 'unclear'), 0) || ' ' ||
 ifnull(sum(t.verdict = 'errored'), 0)`

// checkTests looks for what does not belong together in runs and findings.
func (p *Project) checkTests(ctx context.Context, add func(id traffic.ID, format string, args ...any)) error {
	if known, err := p.knowsTests(ctx); err != nil || !known {
		return err
	}
	for what, query := range map[string]string{
		"run %d counts cases as %s, and they are %s": `SELECT r.run, r.cases || ' ' || r.vulnerable || ' ' || r.resisted || ' ' || r.unclear || ' ' || r.errored || ' ' ||
			r.flaky || ' ' || r.blocked AS says, ifnull((SELECT count(*) || ' ' || ` + verdictSums + ` FROM run_case c WHERE c.run = r.run HAVING count(*) > 0), '0 0 0 0 0 0 0') AS has
			FROM run_tally r WHERE says <> has`,
		"run %d counts %s trials, and has %s": `SELECT r.run, r.trials AS says, (SELECT count(*) FROM trial t WHERE t.run = r.run) AS has FROM run_tally r WHERE says <> has`,
		"run %d has no tally%s%s":             "SELECT id, '', '' FROM run WHERE id NOT IN (SELECT run FROM run_tally)",
		"run %d: a case counts its trials as %s, and they are %s": `SELECT c.run, c.vulnerable || ' ' || c.resisted || ' ' || c.unclear || ' ' || c.errored AS says, ` + trialSums + ` AS has
			FROM run_case c LEFT JOIN trial t ON t.run = c.run AND t.n = c.n GROUP BY c.run, c.n HAVING says <> has`,
		"run %d: trial %s of case %s belongs to no case": `SELECT run, trial, n FROM trial t WHERE NOT EXISTS (SELECT 1 FROM run_case c WHERE c.run = t.run AND c.n = t.n)`,
		"run %d: a trial is %s, and counts as %s":        `SELECT t.run, ifnull(o.verdict, t.ruled) AS says, t.verdict FROM trial t LEFT JOIN overrule o ON o.print = t.print WHERE says <> t.verdict`,
		"finding %d counts %s trials, and has %s": `SELECT f.id, f.count, (SELECT count(*) FROM finding_trial s WHERE s.finding = f.id) AS has FROM finding f
			WHERE f.source = 'test' AND f.count <> has`,
		"finding %d is shown by trial %s of case %s, which is not there": `SELECT finding, trial, n FROM finding_trial s
			WHERE NOT EXISTS (SELECT 1 FROM trial t WHERE t.run = s.run AND t.n = s.n AND t.trial = s.trial)`,
	} {
		err := p.each(ctx, query, nil, func(scan func(...any) error) error {
			var id int64
			var says, has string
			err := scan(&id, &says, &has)
			add(0, what, id, says, has)
			return err
		})
		if err != nil {
			return err
		}
	}
	return p.checkDefinitions(ctx, add)
}

// checkDefinitions reads what is kept of runs, cases, trials and roles beside their columns.
func (p *Project) checkDefinitions(ctx context.Context, add func(id traffic.ID, format string, args ...any)) error {
	runs, err := eachOf(ctx, p.readers, "SELECT id FROM run", nil, func(scan func(...any) error) (id scanner.RunID, err error) {
		err = scan(&id)
		return id, err
	})
	if err != nil {
		return err
	}
	for _, id := range runs {
		if _, err := p.Run(ctx, id); err != nil {
			add(0, "run %d: %v", id, err)
			continue
		}
		for _, err := range p.EachTrial(ctx, id) {
			if err != nil {
				if ctx.Err() != nil {
					return err
				}
				add(0, "run %d: %v", id, err)
			}
		}
	}
	if _, err := p.Roles(ctx); err != nil {
		add(0, "%v", err)
	}
	return ctx.Err()
}
