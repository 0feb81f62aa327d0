package lab

import (
	"compress/gzip"
	"net/http"
	"strings"
)

// compressed answers whole JSON with gzip to clients that accept it, as the real services do; streams go as they are.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		zw := &compressor{ResponseWriter: w}
		next.ServeHTTP(zw, r)
		if zw.zip != nil {
			_ = zw.zip.Close() // a client that has gone needs no answer
		}
	})
}

// compressor decides at the head whether to compress the body.
type compressor struct {
	http.ResponseWriter
	zip *gzip.Writer
}

// WriteHeader sends the head, which says how the body is coded.
func (c *compressor) WriteHeader(status int) {
	head := c.Header()
	if head.Get("Content-Type") == "application/json" && head.Get("Content-Encoding") == "" {
		head.Set("Content-Encoding", "gzip")
		head.Add("Vary", "Accept-Encoding")
		c.zip = gzip.NewWriter(c.ResponseWriter)
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *compressor) Write(b []byte) (int, error) {
	if c.zip != nil {
		return c.zip.Write(b)
	}
	return c.ResponseWriter.Write(b)
}

// Unwrap lets a http.ResponseController reach the connection.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }
