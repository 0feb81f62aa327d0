package storage

import (
	"context"

	"assay/scanner"
)

// RetestFindings marks findings fixed that a run tried again and that resisted: everything the run sent for the template
// to the target resisted, and every case that ever showed the finding was among it. Of findings that a person called fixed
// it notes that a run showed it (see Mended). Findings that a newer run showed stay as they are, and so do false positives.
// It returns those that are fixed now, as the run shows.
func (p *Project) RetestFindings(ctx context.Context, run scanner.RunID) (fixed []scanner.FindingID, err error) {
	err = p.updateWoken(ctx, func(t *tx) error {
		fixed = nil
		ids, err := t.ids(`SELECT f.id FROM finding f JOIN
			(SELECT template, target FROM run_case WHERE run = ?1 GROUP BY 1, 2 HAVING min(done AND verdict = 'resisted')) r USING (template, target)
			WHERE (f.state IN ('new', 'verified', 'accepted') OR f.state = 'fixed' AND NOT EXISTS (SELECT 1 `+mendedBy+`)) AND f.run < ?1 AND f.count > 0 AND NOT EXISTS
				(SELECT 1 FROM finding_trial s JOIN run_case c ON c.run = s.run AND c.n = s.n
				JOIN trial t ON t.run = s.run AND t.n = s.n AND t.trial = s.trial AND t.verdict = 'vulnerable'
				WHERE s.finding = f.id AND NOT EXISTS (SELECT 1 FROM run_case o WHERE o.key = c.key AND o.run = ?1))
			ORDER BY 1`, int64(run))
		for _, id := range ids {
			kept, err := t.keptFinding("id", id)
			if err != nil {
				return err
			}
			if err := t.setFinding(&kept, scanner.FindingFixed, scanner.FindingEvent{What: eventFixed, Run: run}); err != nil {
				return err
			}
			fixed = append(fixed, scanner.FindingID(id))
		}
		return err
	})
	return fixed, err
}
