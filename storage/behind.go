package storage

import "context"

// Behind reports whether exchanges that ended were not read by today's rules yet, or are not in the search index yet:
// a filter about what was said may miss them.
func (p *Project) Behind(ctx context.Context) (bool, error) {
	ids, err := p.Unread(ctx, 1)
	if err != nil || len(ids) > 0 {
		return len(ids) > 0, err
	}
	var waiting bool
	err = p.readers.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM unsaid)").Scan(&waiting)
	return waiting, err
}
