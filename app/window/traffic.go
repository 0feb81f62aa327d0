package window

import (
	"assay/app"
)

// Traffic is the list of exchanges. A view is one filtered, perhaps grouped, order of them: it is made by Open, knows how
// many items it has and gives any part of them (Page), also the last of a million. Sync brings it up to date.
type Traffic struct{ desk *Desk }

// views are the open views of the list.
type views struct{}

func newViews() *views { return &views{} }

// reset forgets every view: another project was opened.
func (v *views) reset() {}

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

// MarkIn changes what a person wrote about exchanges. Only what Set names is changed: tags, note, colour.
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

var errSoon = &app.Error{Code: app.CodeFailed, Message: "not built yet"}

// Open makes a view.
func (t *Traffic) Open(in ViewIn) (out ViewOut, err error) {
	defer t.desk.guard(&err)
	return out, errSoon
}

// Page returns part of a view.
func (t *Traffic) Page(in PageIn) (out PageOut, err error) {
	defer t.desk.guard(&err)
	return PageOut{Items: []Item{}}, errSoon
}

// Sync brings a view up to date.
func (t *Traffic) Sync(in SyncIn) (out SyncOut, err error) {
	defer t.desk.guard(&err)
	return out, errSoon
}

// Toggle expands or folds groups.
func (t *Traffic) Toggle(in ToggleIn) (out SyncOut, err error) {
	defer t.desk.guard(&err)
	return out, errSoon
}

// Locate finds an exchange in a view.
func (t *Traffic) Locate(in LocateIn) (out LocateOut, err error) {
	defer t.desk.guard(&err)
	return out, errSoon
}

// Suggest helps to type a query.
func (t *Traffic) Suggest(in SuggestIn) (out SuggestOut, err error) {
	defer t.desk.guard(&err)
	return SuggestOut{Suggestions: []Suggestion{}}, errSoon
}

// Filters lists saved and recent filters.
func (t *Traffic) Filters(Nothing) (out Filters, err error) {
	defer t.desk.guard(&err)
	return Filters{Saved: []SavedFilter{}, Recent: []string{}}, nil
}

// SaveFilter saves or deletes a filter.
func (t *Traffic) SaveFilter(in SaveFilterIn) (out Filters, err error) {
	defer t.desk.guard(&err)
	return out, errSoon
}

// Mark changes tags, note or colour.
func (t *Traffic) Mark(in MarkIn) (out MarkOut, err error) {
	defer t.desk.guard(&err)
	return MarkOut{Before: []MarkIn{}}, errSoon
}

// Delete moves exchanges to the trash or brings them back.
func (t *Traffic) Delete(in DeleteIn) (out DeleteOut, err error) {
	defer t.desk.guard(&err)
	return out, errSoon
}

// Facets lists values worth narrowing to.
func (t *Traffic) Facets(Nothing) (out Facets, err error) {
	defer t.desk.guard(&err)
	return Facets{Tags: []string{}, Colours: []string{}}, nil
}
