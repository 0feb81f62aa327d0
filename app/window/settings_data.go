package window

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// DataOut is what the open project holds, and what the last check of it found.
type DataOut struct {
	Path          string   `json:"path"`
	Folder        string   `json:"folder"`
	Name          string   `json:"name"`
	ReadOnly      bool     `json:"read_only"`
	Created       string   `json:"created"`
	Schema        int      `json:"schema"`
	Exchanges     int64    `json:"exchanges"`
	Conversations int64    `json:"conversations"`
	Deleted       int64    `json:"deleted"` // in the trash
	Credentials   int64    `json:"credentials"`
	KeepsValues   bool     `json:"keeps_values"`
	Bytes         int64    `json:"bytes"`
	Checked       string   `json:"checked"` // when the last check of this project ended; empty when there was none
	Problems      []string `json:"problems"`
	Home          string   `json:"home"` // the folder of this installation
}

// checked is what the last integrity check found.
type checked struct {
	mu       sync.Mutex
	path     string
	when     time.Time
	problems []string
}

func (c *checked) set(path string, problems []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.path, c.when, c.problems = path, time.Now(), problems
}

func (c *checked) of(path string) (when string, problems []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.path != path {
		return "", []string{}
	}
	return c.when.UTC().Format(time.RFC3339), list(c.problems)
}

// Data says what the open project holds.
func (s *Settings) Data(Nothing) (out DataOut, err error) {
	defer s.desk.guard(&err)
	out.Problems = []string{}
	p, err := s.desk.store()
	if err != nil {
		return out, err
	}
	i, err := p.Info(s.desk.life())
	if err != nil {
		return out, err
	}
	readOnly, _ := p.ReadOnly()
	out = DataOut{
		Path: i.Path, Folder: filepath.Dir(i.Path), Name: projectName(i.Path), ReadOnly: readOnly,
		Created: i.Created.UTC().Format(time.RFC3339), Schema: i.SchemaVersion, Exchanges: i.Exchanges,
		Conversations: i.Conversations, Deleted: i.Deleted, Credentials: i.Credentials, KeepsValues: i.KeepsValues,
		Bytes: i.FileBytes + i.BlobBytes + i.JournalBytes, Home: s.desk.app.Home.Dir(),
	}
	out.Checked, out.Problems = s.desk.checked.of(i.Path)
	return out, nil
}

func projectName(path string) string { return strings.TrimSuffix(filepath.Base(path), ".assay") }

// BackupIn says where the backup goes.
type BackupIn struct {
	Path string `json:"path"` // a new file; asked for in a dialog where there are dialogs
}

// JobOut is the job that was started; its ID is empty when the person cancelled.
type JobOut struct {
	Job Job `json:"job"`
}

// Backup packs the project into one new file.
func (s *Settings) Backup(in BackupIn) (out JobOut, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	p, err := d.store()
	if err != nil {
		return out, err
	}
	file := strings.TrimSpace(in.Path)
	if host := d.around(); host.SaveFile != nil {
		name := projectName(p.Path()) + "-" + time.Now().Format(time.DateOnly) + ".assay"
		if file, err = host.SaveFile("Back up the project", name); err != nil || file == "" {
			return out, err
		}
	}
	if !filepath.IsAbs(file) {
		return out, &app.Error{Code: app.CodeUsage, Message: "the backup needs a file name with its folder", Hint: "for example " + filepath.Join(filepath.Dir(p.Path()), "backup.assay")}
	}
	if filepath.Ext(file) == "" {
		file += ".assay"
	}
	out.Job = d.job("backup", file, func(ctx context.Context, _ func(done, all int64)) (string, error) {
		return "", p.Backup(ctx, file)
	})
	return out, nil
}

// Check looks for damage in the project. Data then tells what was found.
func (s *Settings) Check(Nothing) (out JobOut, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	project, err := d.opened()
	if err != nil {
		return out, err
	}
	out.Job = d.job("check", project.Store().Path(), func(ctx context.Context, _ func(done, all int64)) (string, error) {
		report, err := project.Check(ctx)
		if err != nil {
			return "", err
		}
		d.checked.set(report.Path, report.Problems)
		if n := len(report.Problems); n > 0 {
			return fmt.Sprintf("Problems found: %d. They are listed in Settings, Data.", n), nil
		}
		return "Everything is in order.", nil
	})
	return out, nil
}

// Compact gives back the space of what was deleted.
func (s *Settings) Compact(Nothing) (out JobOut, err error) {
	defer s.desk.guard(&err)
	p, err := s.desk.writable()
	if err != nil {
		return out, err
	}
	out.Job = s.desk.job("compact", p.Path(), func(ctx context.Context, _ func(done, all int64)) (string, error) {
		before, err := p.Info(ctx)
		if err != nil {
			return "", err
		}
		if err := p.Compact(ctx); err != nil {
			return "", err
		}
		after, err := p.Info(ctx)
		freed := before.FileBytes + before.BlobBytes - after.FileBytes - after.BlobBytes
		return app.Bytes(max(0, freed)) + " given back.", err
	})
	return out, nil
}

// Analyse reads every exchange again with today's rules.
func (s *Settings) Analyse(Nothing) (out JobOut, err error) {
	defer s.desk.guard(&err)
	project, err := s.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	out.Job = s.desk.job("analyse", project.Store().Path(), func(ctx context.Context, report func(done, all int64)) (string, error) {
		sum, err := project.Analyse(ctx, report)
		return fmt.Sprintf("Read %d, conversations among them %d.", sum.Read, sum.Conversations), err
	})
	return out, nil
}

// CountOut is how many exchanges something concerns.
type CountOut struct {
	N int64 `json:"n"`
}

// EmptyTrash deletes for good what was deleted before.
func (s *Settings) EmptyTrash(Nothing) (out CountOut, err error) {
	defer s.desk.guard(&err)
	p, err := s.desk.writable()
	if err != nil {
		return out, err
	}
	n, err := p.Purge(s.desk.life())
	return CountOut{int64(n)}, err
}

// Old counts what Retain would delete for its age.
func (s *Settings) Old(Nothing) (out CountOut, err error) {
	defer s.desk.guard(&err)
	p, err := s.desk.store()
	if err != nil {
		return out, err
	}
	kept, err := s.desk.app.Home.Settings()
	if err != nil || kept.Retention.AgeDays == 0 {
		return out, err
	}
	before := time.Now().AddDate(0, 0, -kept.Retention.AgeDays).UTC().Format("2006-01-02T15:04:05")
	q, err := traffic.Parse("started<" + before + "Z and not has:tag and not has:note and not has:colour")
	if err != nil {
		return out, err
	}
	total, err := p.Count(s.desk.life(), q)
	return CountOut{total.N}, err
}

// Retain deletes for good what the settings say is not to be kept. Exchanges that a person marked stay.
func (s *Settings) Retain(Nothing) (out CountOut, err error) {
	defer s.desk.guard(&err)
	p, err := s.desk.writable()
	if err != nil {
		return out, err
	}
	kept, err := s.desk.app.Home.Settings()
	if err != nil {
		return out, err
	}
	policy := storage.Policy{MaxAge: time.Duration(kept.Retention.AgeDays) * 24 * time.Hour, KeepNoted: true}
	if kept.Retention.Size != "" {
		if policy.MaxBytes, err = app.ParseBytes(kept.Retention.Size); err != nil {
			return out, err
		}
	}
	if policy.MaxAge == 0 && policy.MaxBytes == 0 {
		return out, &app.Error{Code: app.CodeUsage, Message: "nothing says what is old", Hint: "give an age or a size first"}
	}
	n, err := p.Retain(s.desk.life(), policy)
	return CountOut{int64(n)}, err
}

// job starts long work on behalf of the window.
func (d *Desk) job(kind, what string, work func(ctx context.Context, report func(done, all int64)) (string, error)) Job {
	job := d.jobs.start(d.life(), kind, what, d.pulse.changed, work)
	d.pulse.changed()
	return job
}
