package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Home is the folder of this installation: the certificate authority, the keys, the settings and what is running.
// Projects live elsewhere, wherever the person puts them.
type Home struct{ dir string }

// OpenHome opens the folder, making it where it is missing. An empty dir means $ASSAY_HOME, or the folder named assay
// in the operating system's place for settings.
func OpenHome(dir string) (*Home, error) {
	if dir == "" {
		dir = os.Getenv("ASSAY_HOME")
	}
	if dir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return nil, &Error{
				Code: CodeFailed, Message: "there is no folder for settings", Err: err,
				Hint: "set ASSAY_HOME to a folder of your own",
			}
		}
		dir = filepath.Join(base, "assay")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &Error{
			Code: CodeFailed, Message: "cannot make the folder for settings", Err: err,
			Hint: "set ASSAY_HOME to a folder you can write to",
		}
	}
	return &Home{dir}, nil
}

// Dir returns the folder's absolute path.
func (h *Home) Dir() string { return h.dir }

func (h *Home) caDir() string        { return filepath.Join(h.dir, "ca") }
func (h *Home) keyDir() string       { return filepath.Join(h.dir, "keys") }
func (h *Home) sessionDir() string   { return filepath.Join(h.dir, "running") }
func (h *Home) launchDir() string    { return filepath.Join(h.dir, "launch") }
func (h *Home) projectDir() string   { return filepath.Join(h.dir, "projects") }
func (h *Home) settingsFile() string { return filepath.Join(h.dir, "settings.json") }

// settings is what is remembered between runs. Keys this version does not know are kept.
type settings struct {
	Version     int    `json:"version"`
	LastProject string `json:"last_project,omitempty"`
}

// LastProject returns the project used last, or the default one in the home folder when there was none.
func (h *Home) LastProject() (string, error) {
	var s settings
	data, err := os.ReadFile(h.settingsFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err == nil {
		if err := json.Unmarshal(data, &s); err != nil {
			return "", &Error{
				Code: CodeInput, Message: "the settings file " + h.settingsFile() + " is not JSON", Err: err,
				Hint: "mend or delete it; projects are not touched",
			}
		}
	}
	if s.LastProject != "" {
		return s.LastProject, nil
	}
	return filepath.Join(h.projectDir(), "default.assay"), nil
}

// SetLastProject remembers the project used last.
func (h *Home) SetLastProject(path string) error {
	all := map[string]json.RawMessage{}
	if data, err := os.ReadFile(h.settingsFile()); err == nil {
		if err := json.Unmarshal(data, &all); err != nil {
			return nil // LastProject tells the person; nothing is overwritten here
		}
	}
	quoted, err := json.Marshal(path)
	if err != nil {
		return err
	}
	if string(all["last_project"]) == string(quoted) {
		return nil
	}
	all["version"], all["last_project"] = json.RawMessage("1"), quoted
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(h.settingsFile(), append(data, '\n'))
}

// writeFile replaces a file in one step, so that a reader never sees half of it.
func writeFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(tmp.Name()))
	}
	return nil
}
