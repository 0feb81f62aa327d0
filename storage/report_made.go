package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// ReportMade is a report that was made of the project. What it says is opaque here.
type ReportMade struct {
	ID         int64
	At         time.Time
	Definition []byte // JSON
}

// mostReportsMade are remembered; the oldest go first.
const mostReportsMade = 2000

// AddReportMade remembers that a report was made.
func (p *Project) AddReportMade(ctx context.Context, r ReportMade) error {
	return p.update(ctx, func(t *tx) error {
		if err := t.run("INSERT INTO report_made (at, definition) VALUES (?, ?)", unixMicro(r.At), r.Definition); err != nil {
			return err
		}
		return t.run("DELETE FROM report_made WHERE id <= (SELECT id FROM report_made ORDER BY id DESC LIMIT 1 OFFSET ?)", mostReportsMade)
	})
}

// ReportsMade lists the reports that were made, the newest first; all of them where limit is 0.
func (p *Project) ReportsMade(ctx context.Context, limit int) ([]ReportMade, error) {
	if known, err := p.knowsPosture(ctx); err != nil || !known {
		return nil, err
	}
	return eachOf(ctx, p.readers, "SELECT id, at, definition FROM report_made ORDER BY id DESC LIMIT ?", []any{limitOf(limit)},
		func(scan func(...any) error) (r ReportMade, err error) {
			var at int64
			err = scan(&r.ID, &at, &r.Definition)
			r.At = timeOf(at)
			return r, err
		})
}

// metaReportOptions holds how a person last set the reports of this project up.
const metaReportOptions = "report_options"

// ReportOptions returns how a person last set the reports of this project up; nil where nobody did. It is opaque here.
func (p *Project) ReportOptions(ctx context.Context) (definition []byte, err error) {
	err = p.readers.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", metaReportOptions).Scan(&definition)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return definition, err
}

// SetReportOptions remembers how a person set the reports of this project up.
func (p *Project) SetReportOptions(ctx context.Context, definition []byte) error {
	return p.update(ctx, func(t *tx) error { return t.setMeta(metaReportOptions, definition) })
}
