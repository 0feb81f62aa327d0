package window

import (
	"encoding/json"
	"errors"
	"net/http"

	"assay/app"
	"assay/storage"
)

// Handler serves what does not fit a binding: bodies as bytes, long texts, pages of reports, and uploads of files to import. Nothing it
// answers is ever a page: recorded bytes must not be shown by the engine that shows the window.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+downloadPath, d.serveDownload)
	mux.HandleFunc("GET /raw/{id}/{side}", answering(d.serveRaw))
	mux.HandleFunc("GET /body/{id}/{side}", answering(d.serveBody))
	mux.HandleFunc("GET /text/{id}", answering(d.serveText))
	mux.HandleFunc("GET "+reportPath+"{id}", answering(d.serveReport))
	d.importRoute(mux)
	return mux
}

// answering gives every answer the headers that keep it bytes, and errors the form the window reads.
func answering(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/octet-stream")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Disposition", "attachment")
		h.Set("Cache-Control", "no-store")
		err := serve(w, r)
		if err == nil {
			return
		}
		status := http.StatusInternalServerError
		switch {
		case app.CodeOf(err) == app.CodeUsage:
			status = http.StatusBadRequest
		case app.CodeOf(err) == app.CodeNotFound, errors.Is(err, storage.ErrNoExchange):
			status = http.StatusNotFound
		}
		h.Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(faultOf(err)) // the window has gone
	}
}
