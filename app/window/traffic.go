package window

import (
	"assay/traffic"
)

// Traffic is the list of exchanges. A view is one filtered, perhaps grouped, order of them: it is made by Open, knows how
// many items it has and gives any part of them (Page), also the last of a million. Sync brings it up to date.
type Traffic struct{ desk *Desk }

// ViewIn says what a view shows.
type ViewIn struct {
	Query string `json:"query"`
	All   bool   `json:"all"`   // also traffic that is no call of a model; folded away otherwise
	Group bool   `json:"group"` // one item per conversation, with its turns below when it is expanded
	// Replaces is the view this one takes the place of, which is forgotten; empty for none.
	Replaces string `json:"replaces"`
}

// ViewOut is a view, or what is wrong with its query.
type ViewOut struct {
	View    string     `json:"view"` // its id; empty when the query cannot be read
	Count   int        `json:"count"`
	Total   int64      `json:"total"`   // exchanges in the project
	Folded  int64      `json:"folded"`  // that match the query but are no calls of a model, where All is false
	Looking bool       `json:"looking"` // older ones are still being looked for: Count and Folded are what is known by now
	Explain string     `json:"explain"` // the query in words; empty for an empty query
	Problem QueryFault `json:"problem"`
}

// QueryFault says what is wrong with a query; Message is empty when nothing is.
type QueryFault struct {
	Column  int    `json:"column"` // from 1, in code points
	Length  int    `json:"length"`
	Message string `json:"message"`
	Nearest string `json:"nearest"` // the field that was probably meant
}

// PageIn asks for items From to From+Limit of a view.
type PageIn struct {
	View  string `json:"view"`
	From  int    `json:"from"`
	Limit int    `json:"limit"` // at most 500
}

// PageOut is a part of a view, oldest first.
type PageOut struct {
	Items []Item `json:"items"`
	Count int    `json:"count"` // of the whole view, now
}

// Item is one line of a view.
type Item struct {
	Row      Row  `json:"row"`
	Turns    int  `json:"turns"`    // of a group: how many turns match; 0 for a line that is no group
	Expanded bool `json:"expanded"` // of a group
	Turn     int  `json:"turn"`     // of a turn below an expanded group, from 1; 0 otherwise
}

// SyncIn names a view.
type SyncIn struct {
	View string `json:"view"`
}

// SyncOut says how a view changed since it was last asked.
type SyncOut struct {
	Count  int   `json:"count"`
	Total  int64 `json:"total"`
	Folded int64 `json:"folded"`
	From   int   `json:"from"`   // items from here on may have moved; equal to the old count when things were only appended
	Behind int64 `json:"behind"` // exchanges that ended and are not read yet: a filter may miss them
	// Looking says that older ones are still being looked for: Count and Folded are what is known by now.
	Looking bool `json:"looking"`
}

// ToggleIn expands or folds the group of a conversation; an empty Conversation means all.
type ToggleIn struct {
	View         string `json:"view"`
	Conversation string `json:"conversation"`
	Expand       bool   `json:"expand"`
}

// LocateIn asks where an exchange is in a view.
type LocateIn struct {
	View string `json:"view"`
	ID   string `json:"id"`
}

// LocateOut is its place, or -1 when the view does not show it.
type LocateOut struct {
	Index int `json:"index"`
}

// SuggestIn is a query that is being typed.
type SuggestIn struct {
	Text   string `json:"text"`
	Cursor int    `json:"cursor"` // in code points
}

// SuggestOut offers ways to go on, and says what the text means so far.
type SuggestOut struct {
	Suggestions []Suggestion `json:"suggestions"`
	Explain     string       `json:"explain"`
	Problem     QueryFault   `json:"problem"`
}

// Suggestion replaces the code points from Start to End by Text.
type Suggestion struct {
	Kind  string `json:"kind"` // field, operator, value, keyword
	Text  string `json:"text"`
	Help  string `json:"help"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Filters are the saved ones and those used last, newest first.
type Filters struct {
	Saved  []SavedFilter `json:"saved"`
	Recent []string      `json:"recent"`
}

// SavedFilter is a query with a name.
type SavedFilter struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// SaveFilterIn saves a query under a name, in place of the one that had it; an empty query deletes it.
type SaveFilterIn struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// MarkIn changes what a person wrote about exchanges. Only what Set names is changed: tags, note, colour; add-tags keeps
// the tags that are there already.
type MarkIn struct {
	IDs    []string `json:"ids"`
	Set    []string `json:"set"`
	Tags   []string `json:"tags"`
	Note   string   `json:"note"`
	Colour string   `json:"colour"` // one of Facets.Colours, or empty to take it away
}

// MarkOut holds what stood there before, to undo it.
type MarkOut struct {
	Before []MarkIn `json:"before"`
}

// DeleteIn moves exchanges to the trash, or brings them back.
type DeleteIn struct {
	IDs  []string `json:"ids"`
	Undo bool     `json:"undo"`
}

// DeleteOut says how many there were.
type DeleteOut struct {
	N int `json:"n"`
}

// Facets are values worth narrowing to.
type Facets struct {
	Tags    []string `json:"tags"` // in use
	Colours []string `json:"colours"`
}

// Open makes a view. In a large project it answers with the newest lines while older ones are looked for: Looking says
// so, and a pulse with Missed comes when Sync has more.
func (t *Traffic) Open(in ViewIn) (out ViewOut, err error) {
	defer t.desk.guard(&err)
	v, err := t.desk.openView(in)
	if out.Problem = queryFault(err); out.Problem.Message != "" {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	state := v.state()
	out = ViewOut{View: v.id, Count: state.Count, Folded: state.Folded, Looking: state.Looking}
	if v.query != nil {
		out.Explain = v.query.Explain()
	}
	total, err := v.store.Count(t.desk.life(), nil)
	out.Total = total.N
	return out, err
}

// mostPaged is how many items one call may ask for.
const mostPaged = 500

// Page returns part of a view. An exchange that was deleted since the view was last synced is an item with nothing but
// its id.
func (t *Traffic) Page(in PageIn) (out PageOut, err error) {
	defer t.desk.guard(&err)
	out.Items = []Item{}
	v, err := t.desk.views.get(in.View)
	if err != nil {
		return out, err
	}
	lines, count := v.lines(in.From, min(in.Limit, mostPaged))
	out.Count = count
	rows, err := v.rows(t.desk.life(), lines)
	if err != nil {
		return out, err
	}
	for i, l := range lines {
		out.Items = append(out.Items, Item{Row: rows[i], Turns: l.turns, Expanded: l.expanded, Turn: l.turn})
	}
	return out, nil
}

// Sync brings a view up to date.
func (t *Traffic) Sync(in SyncIn) (out SyncOut, err error) {
	defer t.desk.guard(&err)
	v, err := t.desk.views.get(in.View)
	if err != nil {
		return out, err
	}
	from, err := v.sync()
	if err != nil {
		return out, err
	}
	return t.synced(v, from)
}

// synced says how a view is now.
func (t *Traffic) synced(v *view, from int) (out SyncOut, err error) {
	out = v.state()
	out.From = from
	total, err := v.store.Count(t.desk.life(), nil)
	if err != nil {
		return out, err
	}
	out.Total = total.N
	unread, unsaid, err := v.store.Waiting(t.desk.life())
	out.Behind = unread
	if v.searches() {
		out.Behind = max(unread, unsaid)
	}
	return out, err
}

// Toggle expands or folds groups.
func (t *Traffic) Toggle(in ToggleIn) (out SyncOut, err error) {
	defer t.desk.guard(&err)
	v, err := t.desk.views.get(in.View)
	if err != nil {
		return out, err
	}
	var thread traffic.ID
	if in.Conversation != "" {
		if thread, err = exchangeID(in.Conversation); err != nil {
			return out, err
		}
	}
	from, err := v.sync()
	if err != nil {
		return out, err
	}
	return t.synced(v, min(from, v.toggle(thread, in.Expand)))
}

// Locate finds an exchange in a view.
func (t *Traffic) Locate(in LocateIn) (out LocateOut, err error) {
	defer t.desk.guard(&err)
	out.Index = -1
	v, err := t.desk.views.get(in.View)
	if err != nil {
		return out, err
	}
	id, err := exchangeID(in.ID)
	if err != nil {
		return out, err
	}
	out.Index = v.find(id)
	return out, nil
}

// Delete moves exchanges to the trash or brings them back.
func (t *Traffic) Delete(in DeleteIn) (out DeleteOut, err error) {
	defer t.desk.guard(&err)
	store, err := t.desk.writable()
	if err != nil {
		return out, err
	}
	ids, err := exchangeIDs(in.IDs)
	if err != nil {
		return out, err
	}
	if in.Undo {
		out.N, err = store.Undelete(t.desk.life(), ids...)
	} else {
		out.N, err = store.Delete(t.desk.life(), ids...)
	}
	return out, err
}
