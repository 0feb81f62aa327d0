package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"assay/internal/keyring"
	"assay/llm"
	"assay/proxy/ca"
	"assay/storage"
)

// App is the application: one installation and what it can do. The zero Log is silent.
type App struct {
	Home    *Home
	Log     *slog.Logger
	Version string
}

func (a *App) log() *slog.Logger {
	if a.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return a.Log
}

// access is how a project is opened.
type access int

const (
	toRead  access = iota // beside a recorder that may be writing
	toWrite               // alone, made where it is missing
)

// project opens the named project, or the last one used when path is empty, and remembers it.
func (a *App) project(ctx context.Context, path string, how access) (*storage.Project, error) {
	path, err := a.projectPath(path)
	if err != nil {
		return nil, err
	}
	if how == toRead {
		if _, err := os.Stat(path); err != nil {
			return nil, &Error{
				Code: CodeNotFound, Message: "there is no project at " + path, Err: err,
				Hint:     "`assay record --project FILE` makes one; --project names another",
				InWindow: "open another one, or make a new one",
			}
		}
	} else if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, &Error{
			Code: CodeFailed, Message: "cannot make the project's folder", Err: err,
			Hint: "--project names another place", InWindow: "choose another place for it",
		}
	}
	p, err := storage.Open(ctx, path, storage.Options{
		Keys:           lazyKeys{a},
		Log:            a.log(),
		ReadOnly:       how == toRead,
		MustExist:      how == toRead,
		ReadingVersion: llm.Version,
		Price:          cost,
	})
	if err != nil {
		return nil, err
	}
	if err := a.Home.SetLastProject(path); err != nil {
		a.log().Warn("the last project could not be remembered", "err", err)
	}
	return p, nil
}

// upToDate opens a project to list it. Where nobody records into it, what was left unread when its recorder ended (by a
// crash, for example) is read and folded first: a filter about what was said would miss it.
func (a *App) upToDate(ctx context.Context, path string) (*storage.Project, error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	behind, err := p.Behind(ctx)
	if err == nil && !behind {
		var waiting int64
		waiting, err = p.WaitingForFold(ctx)
		behind = waiting > 0
	}
	if err != nil || !behind || a.recordsInto(p.Path()) {
		return p, err
	}
	w, err := a.project(ctx, p.Path(), toWrite)
	if err != nil {
		return p, nil //nolint:nilerr // it can still be listed; what is unread is read line by line
	}
	if ro, _ := w.ReadOnly(); ro {
		w.Close()
		return p, nil
	}
	if err := a.newAnalyst(w).catchUp(ctx); err != nil {
		return nil, errors.Join(err, w.Close(), p.Close())
	}
	return p, w.Close()
}

// recordsInto reports whether a recorder of this installation has the project open.
func (a *App) recordsInto(path string) bool {
	return slices.ContainsFunc(a.Home.Sessions(), func(s Session) bool { return s.Project == path })
}

// projectPath is the absolute path of the named project, or of the last one used.
func (a *App) projectPath(path string) (string, error) {
	if path == "" {
		return a.Home.LastProject()
	}
	return filepath.Abs(path)
}

// cost is what a conversation cost in millionths of a US dollar, where the catalog knows the model's price.
func cost(c *llm.Conversation) (int64, bool) {
	price, ok := llm.PriceOf(c.Provider, c.Model)
	if !ok {
		return 0, false
	}
	dollars, ok := price.Cost(c)
	return int64(dollars * 1e6), ok
}

// authority opens the certificate authority of this installation, making it at first use.
func (a *App) authority() (*ca.Authority, error) {
	authority, err := ca.Load(a.Home.caDir())
	if err != nil {
		return nil, &Error{Code: CodeFailed, Message: "the certificate authority of this installation cannot be used", Err: err}
	}
	return authority, nil
}

// lazyKeys opens the keyring when a project first needs it: asking the keychain can take a moment, and may ask the
// person for a password.
type lazyKeys struct{ app *App }

func (k lazyKeys) open(ctx context.Context) (keyring.Keyring, error) {
	return keyring.Open(ctx, k.app.Home.keyDir(), keyring.Options{
		Passphrase: os.Getenv("ASSAY_PASSPHRASE"),
		FileOnly:   os.Getenv("ASSAY_KEYRING") == "file",
	})
}

// Get implements storage.Keys.
func (k lazyKeys) Get(ctx context.Context, name string) ([]byte, error) {
	ring, err := k.open(ctx)
	if err != nil {
		return nil, err
	}
	return ring.Get(ctx, name)
}

// Set implements storage.Keys.
func (k lazyKeys) Set(ctx context.Context, name string, secret []byte) error {
	ring, err := k.open(ctx)
	if err != nil {
		return err
	}
	return ring.Set(ctx, name, secret)
}
