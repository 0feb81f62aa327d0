package lab_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"assay/lab"
)

// FuzzRequest sends anything to every path: the lab may refuse, but neither fall over nor blame itself.
func FuzzRequest(f *testing.F) {
	paths := map[string]bool{}
	for _, shape := range shapes {
		if shape.method == http.MethodPost && !paths[shape.path] {
			f.Add(shape.path, shape.body)
			paths[shape.path] = true
		}
	}
	handler := lab.New(lab.Options{}).Handler()
	f.Fuzz(func(t *testing.T, path, body string) {
		if !paths[path] {
			return // only what the lab serves
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://lab.example"+path, strings.NewReader(body))
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code >= http.StatusInternalServerError {
			t.Errorf("%s answered %d to %q: %s", path, recorder.Code, body, recorder.Body)
		}
	})
}
