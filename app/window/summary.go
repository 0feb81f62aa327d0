package window

import (
	"assay/llm"
	"assay/storage"
)

// Summary is what Home and the status bar say about the open project.
type Summary struct {
	Exchanges     int64   `json:"exchanges"`     // without those in the trash
	Conversations int64   `json:"conversations"` // exchanges that are more than plain traffic
	Providers     []Tally `json:"providers"`     // most frequent first, as the next two
	Models        []Tally `json:"models"`
	Hosts         []Tally `json:"hosts"`
	Resent        bool    `json:"resent"` // something was sent from here
}

// Tally is a value and how many exchanges have it.
type Tally struct {
	Value string `json:"value"`
	N     int64  `json:"n"`
}

// Latest are the conversations that began last, newest first.
type Latest struct {
	Rows []Row `json:"rows"`
}

const (
	mostTallies   = 8
	latestRows    = 8
	latestPatient = 20_000 // exchanges that are looked through for conversations
)

// Summary counts what the open project holds. It costs the same however large that is.
func (s *Session) Summary(Nothing) (out Summary, err error) {
	defer s.desk.guard(&err)
	out = Summary{Providers: []Tally{}, Models: []Tally{}, Hosts: []Tally{}}
	store, err := s.desk.store()
	if err != nil {
		return out, err
	}
	ctx := s.desk.life()
	total, err := store.Count(ctx, nil)
	if err != nil {
		return out, err
	}
	facets, err := store.Facets(ctx)
	if err != nil {
		return out, err
	}
	out.Exchanges = total.N
	for _, kind := range facets.Kinds {
		if kind.Value != "" && kind.Value != string(llm.KindPlain) {
			out.Conversations += kind.N
		}
	}
	out.Providers, out.Models, out.Hosts = tallies(facets.Providers), tallies(facets.Models), tallies(facets.Hosts)
	out.Resent, err = store.Resent(ctx)
	return out, err
}

// Latest returns the conversations that began last.
func (s *Session) Latest(Nothing) (out Latest, err error) {
	defer s.desk.guard(&err)
	out.Rows = []Row{}
	store, err := s.desk.store()
	if err != nil {
		return out, err
	}
	filter := storage.Filter{Limit: 200, Texts: true}
	for seen := 0; seen < latestPatient && len(out.Rows) < latestRows; seen += filter.Limit {
		rows, err := store.List(s.desk.life(), filter)
		if err != nil || len(rows) == 0 {
			return out, err
		}
		for i := range rows {
			if rows[i].Read && rows[i].Kind != llm.KindPlain && len(out.Rows) < latestRows {
				out.Rows = append(out.Rows, rowOf(&rows[i]))
			}
		}
		filter.Before = rows[len(rows)-1].ID
	}
	return out, nil
}

// tallies gives the most frequent values that are known.
func tallies(facets []storage.Facet) []Tally {
	list := []Tally{}
	for _, facet := range facets {
		if facet.Value == "" {
			continue
		}
		if len(list) == mostTallies {
			break
		}
		list = append(list, Tally{facet.Value, facet.N})
	}
	return list
}
