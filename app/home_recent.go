package app

import (
	"encoding/json"
	"os"
	"slices"
)

// recentProjects is the key of settings.json that lists the projects used last, newest first.
const recentProjects = "recent_projects"

const mostRecent = 12

// RecentProjects returns the projects used last that still exist, newest first.
func (h *Home) RecentProjects() ([]string, error) {
	all, err := h.readSettings()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(recentOf(all), func(path string) bool {
		_, err := os.Stat(path)
		return err != nil
	}), nil
}

// recentOf reads the list; one that cannot be read is as good as none.
func recentOf(all map[string]json.RawMessage) []string {
	var recent []string
	if json.Unmarshal(all[recentProjects], &recent) != nil {
		return nil
	}
	return recent
}

func withFirst(recent []string, path string) []string {
	recent = slices.DeleteFunc(recent, func(other string) bool { return other == path })
	recent = slices.Insert(recent, 0, path)
	return recent[:min(len(recent), mostRecent)]
}
