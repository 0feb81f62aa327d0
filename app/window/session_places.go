package window

import "path/filepath"

// Recent are the projects used last, newest first.
type Recent struct {
	Projects []RecentProject `json:"projects"`
	Folder   string          `json:"folder"` // where a new one goes when nobody says otherwise
}

// RecentProject is a project that was used before.
type RecentProject struct {
	Path string `json:"path"`
	Name string `json:"name"`
}

// Recent lists the projects used last, the open one among them.
func (s *Session) Recent(Nothing) (out Recent, err error) {
	defer s.desk.guard(&err)
	home := s.desk.app.Home
	out = Recent{Projects: []RecentProject{}, Folder: filepath.Dir(home.DefaultProject())}
	paths, err := home.RecentProjects()
	for _, path := range paths {
		out.Projects = append(out.Projects, RecentProject{path, projectName(path)})
	}
	return out, err
}
