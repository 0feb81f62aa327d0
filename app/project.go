package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"assay/storage"
)

// ProjectInfo says what a project holds.
type ProjectInfo struct {
	Path          string `json:"path"`
	Created       string `json:"created"`
	Schema        int    `json:"schema"`
	Exchanges     int64  `json:"exchanges"`
	Conversations int64  `json:"conversations"`
	Credentials   int64  `json:"credentials"`
	Deleted       int64  `json:"deleted"`
	Bytes         int64  `json:"bytes"`
	KeepsValues   bool   `json:"keeps_credential_values"`
}

// Info returns what a project holds.
func (a *App) Info(ctx context.Context, path string) (ProjectInfo, error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return ProjectInfo{}, err
	}
	defer p.Close()
	i, err := p.Info(ctx)
	if err != nil {
		return ProjectInfo{}, err
	}
	return ProjectInfo{
		Path: i.Path, Created: i.Created.Format(time.RFC3339), Schema: i.SchemaVersion,
		Exchanges: i.Exchanges, Conversations: i.Conversations, Credentials: i.Credentials, Deleted: i.Deleted,
		Bytes: i.FileBytes + i.BlobBytes + i.JournalBytes, KeepsValues: i.KeepsValues,
	}, nil
}

// CheckReport is what an integrity check found.
type CheckReport struct {
	Path     string   `json:"path"`
	Problems []string `json:"problems"`
}

// Check looks for damage in a project.
func (a *App) Check(ctx context.Context, path string) (CheckReport, error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return CheckReport{}, err
	}
	defer p.Close()
	return check(ctx, p)
}

// Check looks for damage in the open project.
func (p *Project) Check(ctx context.Context) (CheckReport, error) { return check(ctx, p.store) }

func check(ctx context.Context, p *storage.Project) (CheckReport, error) {
	found, err := p.Check(ctx)
	report := CheckReport{Path: p.Path(), Problems: []string{}}
	for _, problem := range found {
		what := problem.What
		if problem.ID != 0 {
			what = "exchange " + problem.ID.String() + ": " + what
		}
		report.Problems = append(report.Problems, what)
	}
	return report, err
}

// Backup packs a project into one new file.
func (a *App) Backup(ctx context.Context, path, file string) error {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return err
	}
	defer p.Close()
	return p.Backup(ctx, file)
}

// Compact gives back the space of what was deleted.
func (a *App) Compact(ctx context.Context, path string) error {
	return a.change(ctx, path, func(p *storage.Project) error { return p.Compact(ctx) })
}

// RetainOptions say what a project keeps.
type RetainOptions struct {
	Age   time.Duration
	Size  string // "2GB"; empty keeps all
	Hosts []string
}

// Retain deletes for good what is not to be kept, and returns how many exchanges that were. Exchanges a person marked
// stay.
func (a *App) Retain(ctx context.Context, path string, o RetainOptions) (n int, err error) {
	policy := storage.Policy{MaxAge: o.Age, Hosts: o.Hosts, KeepNoted: true}
	if o.Size != "" {
		if policy.MaxBytes, err = ParseBytes(o.Size); err != nil {
			return 0, err
		}
	}
	if policy.MaxAge == 0 && policy.MaxBytes == 0 && len(policy.Hosts) == 0 {
		return 0, usagef("give one of --age, --size and --host", "nothing says what to delete")
	}
	err = a.change(ctx, path, func(p *storage.Project) error {
		n, err = p.Retain(ctx, policy)
		return err
	})
	return n, err
}

// change opens an existing project for writing, does one thing and closes it.
func (a *App) change(ctx context.Context, path string, do func(*storage.Project) error) error {
	look, err := a.project(ctx, path, toRead) // a wrong name makes no new project
	if err != nil {
		return err
	}
	path = look.Path()
	if err := look.Close(); err != nil {
		return err
	}
	p, err := a.project(ctx, path, toWrite)
	if err != nil {
		return err
	}
	err = do(p)
	if closing := p.Close(); err == nil {
		err = closing
	}
	return err
}

// ParseBytes reads a size for people: 1500, 20MB, 2GiB; units count 1,024.
func ParseBytes(s string) (int64, error) {
	number := strings.TrimRight(strings.ToUpper(strings.TrimSpace(s)), "IB")
	shift := 0
	if at := strings.IndexAny(number, "KMGT"); at >= 0 && at == len(number)-1 {
		shift = 10 * (1 + strings.IndexByte("KMGT", number[at]))
		number = number[:at]
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || n < 0 || n > 1<<40 {
		return 0, usagef("for example 500MB or 2GB", "%q is not a size", s)
	}
	return int64(n * float64(int64(1)<<shift)), nil
}

// Analysis says what reading a project anew came to.
type Analysis struct {
	Read          int64 `json:"read"`
	Conversations int64 `json:"conversations"`
	Partly        int64 `json:"partly"` // something in them could not be read; their notes say what
}

// Analyse reads every exchange of a project again with today's rules and makes its inventory anew.
func (a *App) Analyse(ctx context.Context, path string, progress func(done, all int64)) (sum Analysis, err error) {
	err = a.change(ctx, path, func(p *storage.Project) error {
		if sum, err = a.newAnalyst(p).analyse(ctx, progress); err != nil {
			return err
		}
		return p.Settle(ctx)
	})
	return sum, err
}

// Analyse reads every exchange of the open project again with today's rules and makes its inventory anew.
func (p *Project) Analyse(ctx context.Context, progress func(done, all int64)) (Analysis, error) {
	if p.reader == nil {
		return Analysis{}, p.readOnly()
	}
	defer p.reader.rouse() // for what came meanwhile, or is left when it was stopped
	sum, err := p.reader.analyse(ctx, progress)
	if err != nil {
		return sum, err
	}
	return sum, p.store.Settle(ctx)
}
