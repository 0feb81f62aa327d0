package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Home is the folder of this installation: the certificate authority, the keys, the settings and what is running.
// Projects live elsewhere, wherever the person puts them.
type Home struct {
	dir     string
	writing sync.Mutex // of settings.json
}

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
	return &Home{dir: dir}, nil
}

// Dir returns the folder's absolute path.
func (h *Home) Dir() string { return h.dir }

func (h *Home) caDir() string        { return filepath.Join(h.dir, "ca") }
func (h *Home) keyDir() string       { return filepath.Join(h.dir, "keys") }
func (h *Home) sessionDir() string   { return filepath.Join(h.dir, "running") }
func (h *Home) launchDir() string    { return filepath.Join(h.dir, "launch") }
func (h *Home) projectDir() string   { return filepath.Join(h.dir, "projects") }
func (h *Home) settingsFile() string { return filepath.Join(h.dir, "settings.json") }

// lastProject is the key of settings.json that names the project used last.
const lastProject = "last_project"

// LastProject returns the project used last, or the default one in the home folder when there was none.
func (h *Home) LastProject() (string, error) {
	all, err := h.readSettings()
	if err != nil {
		return "", err
	}
	var last string
	if raw, ok := all[lastProject]; ok && json.Unmarshal(raw, &last) == nil && last != "" {
		return last, nil
	}
	return h.DefaultProject(), nil
}

// DefaultProject returns the project that is opened where a person has named none.
func (h *Home) DefaultProject() string { return filepath.Join(h.projectDir(), "default.assay") }

// SetLastProject remembers the project used last, and those before it.
func (h *Home) SetLastProject(path string) error {
	quoted, err := json.Marshal(path)
	if err != nil {
		return err
	}
	err = h.updateSettings(func(all map[string]json.RawMessage) error {
		all[lastProject] = quoted
		recent, err := json.Marshal(withFirst(recentOf(all), path))
		all[recentProjects] = recent
		return err
	})
	if CodeOf(err) == CodeInput {
		return nil // LastProject tells the person; nothing is overwritten here
	}
	return err
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
