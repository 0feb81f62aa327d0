package window

import "net/http"

// Handler serves what does not fit a binding: bodies as bytes, and uploads of files to import.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	return mux
}
