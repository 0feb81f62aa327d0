package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"assay/scanner/template"
)

// AktoImport is what became of one file of Akto's test library: a line of `assay templates import-akto --json`, a
// contract (docs/cli.md).
type AktoImport struct {
	File   string   `json:"file"`
	ID     string   `json:"id,omitempty"` // of the template that was made
	Status string   `json:"status"`       // imported or skipped
	Reason string   `json:"reason"`
	Notes  []string `json:"notes"` // what the test says that the template does not
}

// mostAkto bounds how large one file may be and how many are read.
const (
	mostAktoBytes = 256 << 10
	mostAktoFiles = 20_000
)

// ImportAkto reads a test of Akto's library, or a folder of them, and writes the templates that do the same into a folder:
// that for templates of one's own, where none is named. Files that are there already are not touched.
func (a *App) ImportAkto(from, out string) ([]AktoImport, error) {
	if out == "" {
		out = filepath.Join(a.Home.templatesDir(), "akto")
	}
	info, err := os.Stat(from)
	if err != nil {
		return nil, noFolder(from, err)
	}
	folder, root := os.DirFS(from), "."
	if !info.IsDir() {
		folder, root = os.DirFS(filepath.Dir(from)), filepath.Base(from)
	}
	if err := os.MkdirAll(out, 0o700); err != nil {
		return nil, &Error{Code: CodeFailed, Message: "cannot make the folder for the templates", Err: err, Hint: "--out names another one"}
	}
	var all []AktoImport
	err = fs.WalkDir(folder, root, func(file string, d fs.DirEntry, err error) error {
		ext := path.Ext(file)
		switch {
		case err != nil:
			all = append(all, AktoImport{File: file, Status: "skipped", Reason: "it cannot be read: " + err.Error(), Notes: []string{}})
			return nil
		case d.IsDir() && file != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || ext != ".yaml" && ext != ".yml":
			return nil
		case len(all) == mostAktoFiles:
			return fmt.Errorf("there are more than %d files", mostAktoFiles)
		}
		one, err := importAkto(folder, file, out)
		all = append(all, one)
		return err
	})
	return all, err
}

// importAkto imports one file. An error says that nothing can be written.
func importAkto(folder fs.FS, file, out string) (AktoImport, error) {
	one := AktoImport{File: file, Status: "skipped", Notes: []string{}}
	data, err := readRegular(folder, file, mostAktoBytes)
	if err != nil {
		one.Reason = "it cannot be read: " + err.Error()
		return one, nil
	}
	made, err := template.ImportAkto(file, data)
	if why, is := errors.AsType[*template.NotImported](err); is {
		one.Reason = why.Why
		return one, nil
	}
	if err != nil {
		return one, err
	}
	one.ID, one.Notes = made.ID, orNone(made.Notes)
	target, err := os.OpenFile(filepath.Join(out, made.ID+".yaml"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		one.Reason = "there is a " + made.ID + ".yaml in the folder already"
		return one, nil
	}
	if err != nil {
		return one, err
	}
	_, err = target.Write(made.Data)
	if err = errors.Join(err, target.Close()); err != nil {
		return one, err
	}
	one.Status, one.Reason = "imported", "it does what the test did"
	if len(made.Notes) > 0 {
		one.Reason = "but " + strings.Join(made.Notes, "; ")
	}
	return one, nil
}

// readRegular reads a file of at most so many bytes that is no pipe or device.
func readRegular(folder fs.FS, file string, most int64) ([]byte, error) {
	info, err := fs.Stat(folder, file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("this is no file")
	case info.Size() > most:
		return nil, fmt.Errorf("it has more than %d bytes", most)
	}
	f, err := folder.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return io.ReadAll(io.LimitReader(f, most))
}
