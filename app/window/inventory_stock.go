package window

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"assay/app"
	"assay/scanner"
	"assay/storage"
)

// stock is the inventory of the open project, brought up to date.
type stock struct {
	ctx       context.Context //nolint:containedctx // of one call
	project   *app.Project
	store     *storage.Project
	catalogue *app.Catalogue
	revision  int64
	visited   time.Time // zero when a person never looked
}

func (i *Inventory) stock() (s *stock, err error) {
	project, err := i.desk.opened()
	if err != nil {
		return nil, err
	}
	s = &stock{ctx: i.desk.life(), project: project, store: project.Store(), catalogue: project.Catalogue()}
	if s.revision, err = s.catalogue.Refresh(s.ctx); err != nil {
		return nil, err
	}
	s.visited, err = s.store.Visited(s.ctx)
	return s, err
}

// isNew reports whether something was found since a person last looked; all is where nobody ever did.
func (s *stock) isNew(found time.Time) bool { return found.After(s.visited) }

// endpointID reads the id of an endpoint that the window sent. Those of endpoints that a document has and nobody saw are
// negative.
func endpointID(text string) (scanner.EndpointID, error) {
	n, err := numberOf(strings.TrimPrefix(text, "-"), "an endpoint")
	if strings.HasPrefix(text, "-") {
		n = -n
	}
	return scanner.EndpointID(n), err
}

// assetID reads the id of an asset that the window sent.
func assetID(text string) (scanner.AssetID, error) {
	n, err := numberOf(text, "an asset")
	return scanner.AssetID(n), err
}

// numberOf reads an id that the window sent.
func numberOf(text, what string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("%q is not the id of %s", clip(text, 40), what)}
	}
	return n, nil
}

// idText writes an id; empty for none.
func idText[T ~int64](id T) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// stamp writes a moment; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// Names, paths and values come from the traffic: what is longer than any of use is cut, with a sign that it was.
const (
	longName = 1_000  // characters of a name, a path, a value
	longText = 50_000 // of a description, a schema, a definition
)

// clip cuts a text after n characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}

// names is a list of names as the window shows them.
func namesOf(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, clip(s, longName))
	}
	return out
}

// limitOf is how many lines are asked for: all that one call may give where nothing is said.
func limitOf(limit int) int {
	if limit <= 0 {
		return mostPaged
	}
	return min(limit, mostPaged)
}
