package window

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
)

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

// FreeAddress returns an address near the one given that nothing listens on now, for when that one is taken.
func (s *Session) FreeAddress(in CaptureIn) (out CaptureIn, err error) {
	defer s.desk.guard(&err)
	out.Listen = freeAddress(s.desk.life(), in.Listen)
	return out, nil
}

const portsTried = 20

// freeAddress tries the ports after that of listen; any free one, which port 0 means, is the last resort.
func freeAddress(ctx context.Context, listen string) string {
	host, text, err := net.SplitHostPort(listen)
	port, badPort := strconv.Atoi(text)
	if err != nil || badPort != nil {
		return "127.0.0.1:0"
	}
	for next := port + 1; next <= min(port+portsTried, 65535); next++ {
		address := net.JoinHostPort(host, strconv.Itoa(next))
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			continue
		}
		_ = l.Close()
		return address
	}
	return net.JoinHostPort(host, "0")
}
