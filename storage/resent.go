package storage

import "context"

// Resent reports whether something was ever sent from a tab of the Repeater.
func (p *Project) Resent(ctx context.Context) (bool, error) {
	var resent bool
	err := p.readers.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM repeater_sent)").Scan(&resent)
	return resent, err
}
