package app

import (
	"context"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"

	"assay/storage"
	"assay/traffic"
)

// importers are the formats of `assay import`: a new one is a reader in package traffic and a line here.
var importers = map[string]func(io.Reader) iter.Seq2[*traffic.Record, error]{
	"har":       traffic.ReadHAR,
	"jsonl":     traffic.ReadJSONL,
	"curl":      traffic.ReadCurl,
	"burp":      traffic.ReadBurp,
	"postman":   traffic.ReadPostman,
	"mitmproxy": traffic.ReadMitmproxy,
}

// ImportFormats returns the names Import knows, sorted.
func ImportFormats() []string { return slices.Sorted(maps.Keys(importers)) }

// CheckImportFormat says whether a format can be imported, and if not which ones can.
func CheckImportFormat(format string) error {
	if importers[format] != nil {
		return nil
	}
	return usagef(nearOr(format, ImportFormats(), "the formats are "+list(ImportFormats())), "there is no import format %q", format)
}

// ImportOptions say what is imported and who wants to hear of it.
type ImportOptions struct {
	Format   string
	Name     string                // of the file, for people
	Each     func(id string) error // called for each exchange, in input order, once it is kept; may be nil
	Progress func(bytes int64)     // called with the bytes read so far; may be nil
}

// ImportSummary says what came of an import.
type ImportSummary struct {
	Project     string
	Exchanges   int64
	First, Last string // ids of the first and the last one; empty when there is none
	LeftOut     int64  // entries that could not be read
	Why         string // of the first of them
}

// Import reads exchanges from a file into a project and then works out what they meant. An entry that cannot be read
// is left out and named in the error; everything else is kept.
func (a *App) Import(ctx context.Context, path string, in io.Reader, o ImportOptions) (sum ImportSummary, err error) {
	if err := CheckImportFormat(o.Format); err != nil {
		return sum, err
	}
	p, err := a.project(ctx, path, toWrite)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	sum, partly, err := importInto(ctx, p, in, o)
	if err != nil {
		return sum, err
	}
	if err := a.newAnalyst(p).catchUp(ctx); err != nil {
		return sum, err
	}
	return sum, partly
}

// Import reads exchanges from a file into the open project, whose reader then works out what they meant. An entry that
// cannot be read is left out and named in the error; everything else is kept.
func (p *Project) Import(ctx context.Context, in io.Reader, o ImportOptions) (ImportSummary, error) {
	if err := CheckImportFormat(o.Format); err != nil {
		return ImportSummary{}, err
	}
	sum, partly, err := importInto(ctx, p.store, in, o)
	if err != nil {
		return sum, err
	}
	return sum, partly
}

// importInto imports; partly says what was left out.
func importInto(ctx context.Context, p *storage.Project, in io.Reader, o ImportOptions) (sum ImportSummary, partly, err error) {
	sum.Project = p.Path()
	counted := &countingReader{r: in, tell: o.Progress}
	var problems importProblems
	var eachErr error
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_, err = p.Import(ctx, problems.leaveOut(importers[o.Format](counted)), storage.ImportOptions{
		Each: func(_ int64, id traffic.ID) {
			if sum.Exchanges++; sum.First == "" {
				sum.First = id.String()
			}
			sum.Last = id.String()
			if o.Each == nil || eachErr != nil {
				return
			}
			if eachErr = o.Each(id.String()); eachErr != nil {
				cancel()
			}
		},
	})
	if problems.first != nil {
		sum.LeftOut, sum.Why = int64(1+problems.more), problems.first.Error()
	}
	if eachErr != nil {
		return sum, nil, eachErr
	}
	return sum, problems.err(o.Name, sum.Exchanges), err
}

// importProblems collects what could not be read.
type importProblems struct {
	first error
	more  int
}

// leaveOut passes on what can be read and keeps the rest from the project.
func (p *importProblems) leaveOut(in iter.Seq2[*traffic.Record, error]) iter.Seq2[*traffic.Record, error] {
	return func(yield func(*traffic.Record, error) bool) {
		for r, err := range in {
			switch {
			case err != nil && p.first == nil:
				p.first = err
			case err != nil:
				p.more++
			case !yield(r, nil):
				return
			}
		}
	}
}

// err says what was left out of a file of which so many exchanges were imported.
func (p *importProblems) err(name string, imported int64) error {
	if p.first == nil {
		return nil
	}
	message, hint := "part of "+name+" cannot be read", "everything else in the file was imported"
	if imported == 0 {
		message, hint = name+" cannot be read", "nothing was imported"
	}
	if p.more > 0 {
		hint = "and " + count(p.more, "other entry", "other entries") + "; " + hint
	}
	return &Error{Code: CodeInput, Message: message, Err: p.first, Hint: hint}
}

// countingReader tells how many bytes were read.
type countingReader struct {
	r    io.Reader
	n    int64
	tell func(int64)
}

func (c *countingReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	if c.tell != nil {
		c.tell(c.n)
	}
	return n, err
}
