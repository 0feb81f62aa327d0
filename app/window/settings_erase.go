package window

import (
	"errors"

	"assay/app"
	"assay/storage"
)

// EraseIn confirms by name which project is to be deleted for good.
type EraseIn struct {
	Name string `json:"name"` // as DataOut.Name has it
}

// Erase deletes the open project for good, with everything that lies beside its file, and opens the default one.
func (s *Settings) Erase(in EraseIn) (out State, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	p, err := d.writable()
	if err != nil {
		return out, err
	}
	path := p.Path()
	if in.Name != projectName(path) {
		return out, &app.Error{Code: app.CodeUsage, Message: "the name does not match: nothing was deleted", Hint: "type " + projectName(path)}
	}
	d.jobs.stop()
	if err := errors.Join(d.stopCapture(), d.closeProject()); err != nil {
		return d.state(), err
	}
	if err := storage.Remove(path); err != nil {
		return d.state(), errors.Join(err, d.open(d.life(), path))
	}
	if err := d.open(d.life(), d.app.Home.DefaultProject()); err != nil {
		return d.state(), err
	}
	d.checked.set("", nil)
	return d.state(), nil
}
