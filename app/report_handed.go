package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// Handed remembers in the project that a report was handed to a person whole, as data: name is what its file is called.
// Save does so by itself.
func (r *Report) Handed(ctx context.Context, name, format string, data []byte) (*ReportMade, error) {
	made := &ReportMade{
		At: stamp(time.Now()), Format: format, Audience: string(r.Document.Audience), File: filepath.Base(name), Bytes: int64(len(data)),
		SHA256: fmt.Sprintf("%x", sha256.Sum256(data)), Findings: len(r.Document.Weaknesses), Hidden: map[string]int{},
	}
	for _, h := range r.Document.Hidden {
		if h.Shown {
			made.Shown = append(made.Shown, h.Placeholder)
		} else {
			made.Hidden[h.Type]++
		}
	}
	if len(made.Shown) > 0 {
		r.app.log().Warn("a report shows values that are hidden otherwise", "file", made.File, "placeholders", strings.Join(made.Shown, ", "))
	}
	return made, r.remember(ctx, made)
}
