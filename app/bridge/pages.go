package bridge

import (
	"bytes"
	_ "embed"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed bridge.js
var script []byte

// pages serves the window's files, and the script that stands in for Wails before them.
type pages struct {
	files fs.FS
	index []byte
}

func newPages(files fs.FS) (*pages, error) {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, fmt.Errorf("the window has no index.html: %w", err)
	}
	at := bytes.Index(index, []byte("<script"))
	if at < 0 {
		return nil, fmt.Errorf("the window's index.html loads no script")
	}
	tag := []byte(`<script src="/bridge.js"></script>`)
	return &pages{files, bytes.Join([][]byte{index[:at], tag, index[at:]}, nil)}, nil
}

// types are those of the files a build of the window has. The system's own table is not asked: on some systems it calls
// scripts plain text, which a browser that may not sniff refuses.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
}

// serve answers for a file of the window, and reports whether there is one.
func (p *pages) serve(w http.ResponseWriter, r *http.Request) bool {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	var data []byte
	switch name {
	case "", "index.html":
		name, data = "index.html", p.index
	case "bridge.js":
		data = script
	default:
		var err error
		if data, err = fs.ReadFile(p.files, name); err != nil {
			return false
		}
		if strings.HasPrefix(name, "assets/") { // the build names these after their content
			w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
		}
	}
	kind, known := types[path.Ext(name)]
	if !known {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	return true
}
