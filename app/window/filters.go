package window

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// queryFault is what is wrong with a query; nothing where err is about something else.
func queryFault(err error) QueryFault {
	if e, ok := errors.AsType[*traffic.QueryError](err); ok {
		return QueryFault{Column: e.Column, Length: e.Length, Message: e.Message, Nearest: e.Nearest}
	}
	return QueryFault{}
}

// Suggest helps to type a query.
func (t *Traffic) Suggest(in SuggestIn) (out SuggestOut, err error) {
	defer t.desk.guard(&err)
	out.Suggestions = []Suggestion{}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	known := func(field, prefix string) []string { return t.desk.views.words.of(t.desk, store, field) }
	for _, s := range traffic.Suggest(in.Text, in.Cursor, known) {
		out.Suggestions = append(out.Suggestions, Suggestion{string(s.Kind), s.Text, s.Help, s.Start, s.End})
	}
	q, err := parseQuery(in.Text)
	if out.Problem = queryFault(err); out.Problem.Message != "" {
		return out, nil
	}
	if q != nil {
		out.Explain = q.Explain()
	}
	return out, err
}

// wordsFor is how long known values are good for: they are offered, not relied on.
const wordsFor = 3 * time.Second

// words are values of fields that occur in the project, kept while somebody types.
type words struct {
	mu    sync.Mutex
	store *storage.Project
	until time.Time
	known map[string][]string
}

// of returns values of a field, most frequent first where that is known. Not being able to is no reason to disturb who
// types.
func (w *words) of(d *Desk, store *storage.Project, field string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := time.Now(); w.store != store || now.After(w.until) {
		w.store, w.until, w.known = store, now.Add(wordsFor), map[string][]string{}
	}
	values, ok := w.known[field]
	if !ok {
		var err error
		if values, err = look(d, store, field); err != nil {
			d.log().Warn("values of a field cannot be offered", "field", field, "err", err)
		}
		w.known[field] = values
	}
	return values
}

func look(d *Desk, store *storage.Project, field string) ([]string, error) {
	ctx := d.life()
	var facets func(f *storage.Facets) []storage.Facet
	switch field {
	case "tag":
		return store.TagsInUse(ctx)
	case "host":
		facets = func(f *storage.Facets) []storage.Facet { return f.Hosts }
	case "status":
		facets = func(f *storage.Facets) []storage.Facet { return f.Statuses }
	case "provider":
		facets = func(f *storage.Facets) []storage.Facet { return f.Providers }
	case "model":
		facets = func(f *storage.Facets) []storage.Facet { return f.Models }
	default:
		return store.Words(ctx, field)
	}
	all, err := store.Facets(ctx)
	if err != nil {
		return nil, err
	}
	var values []string
	for _, f := range facets(&all) {
		values = append(values, f.Value)
	}
	return values, nil
}

// Filters lists saved and recent filters.
func (t *Traffic) Filters(Nothing) (out Filters, err error) {
	defer t.desk.guard(&err)
	out = Filters{Saved: []SavedFilter{}, Recent: []string{}}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	saved, recent, err := store.Filters(t.desk.life())
	for _, f := range saved {
		out.Saved = append(out.Saved, SavedFilter{f.Name, f.Query})
	}
	out.Recent = append(out.Recent, recent...)
	return out, err
}

// longestFilterName is in code points.
const longestFilterName = 80

// SaveFilter saves or deletes a filter, and lists what there is then.
func (t *Traffic) SaveFilter(in SaveFilterIn) (out Filters, err error) {
	defer t.desk.guard(&err)
	name, query := strings.TrimSpace(in.Name), strings.TrimSpace(in.Query)
	if name == "" {
		return out, &app.Error{Code: app.CodeUsage, Message: "the filter needs a name"}
	}
	if utf8.RuneCountInString(name) > longestFilterName {
		return out, &app.Error{Code: app.CodeUsage, Message: "the filter's name is longer than 80 characters"}
	}
	if _, err := parseQuery(query); err != nil {
		return out, err
	}
	store, err := t.desk.writable()
	if err != nil {
		return out, err
	}
	if err := store.SaveFilter(t.desk.life(), name, query); err != nil {
		return out, err
	}
	return t.Filters(Nothing{})
}

// Facets lists values worth narrowing to.
func (t *Traffic) Facets(Nothing) (out Facets, err error) {
	defer t.desk.guard(&err)
	out = Facets{Tags: []string{}, Colours: slices.Clone(traffic.Colours)}
	store, err := t.desk.store()
	if err != nil {
		return out, err
	}
	tags, err := store.TagsInUse(t.desk.life())
	out.Tags = append(out.Tags, tags...)
	return out, err
}
