package window

import (
	"fmt"
	"slices"
	"strings"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// exchangeIDs reads ids that the window sent.
func exchangeIDs(list []string) ([]traffic.ID, error) {
	ids := make([]traffic.ID, 0, len(list))
	for _, s := range list {
		id, err := exchangeID(s)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// addTags keeps the tags that are there, which differ from exchange to exchange.
const addTags = "add-tags"

var marksThereAre = []string{"tags", addTags, "note", "colour"}

// change returns what a MarkIn does to the marks of an exchange.
func (in *MarkIn) change() (func(*storage.Marks), error) {
	for _, what := range in.Set {
		if !slices.Contains(marksThereAre, what) {
			return nil, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("%q cannot be marked: tags, note and colour can", what)}
		}
	}
	if in.Colour != "" && !slices.Contains(traffic.Colours, in.Colour) {
		return nil, &app.Error{
			Code: app.CodeUsage, Message: fmt.Sprintf("there is no colour %q", in.Colour), Hint: "choose one of " + strings.Join(traffic.Colours, ", "),
		}
	}
	return func(m *storage.Marks) {
		for _, what := range in.Set {
			switch what {
			case "tags":
				m.Tags = in.Tags
			case addTags:
				m.Tags = slices.Clone(m.Tags)
				for _, tag := range in.Tags {
					if !slices.Contains(m.Tags, tag) {
						m.Tags = append(m.Tags, tag)
					}
				}
			case "note":
				m.Note = in.Note
			case "colour":
				m.Colour = in.Colour
			}
		}
	}, nil
}

// Mark changes tags, note or colour of exchanges, all or none, and returns what undoes it. Exchanges that are not in the
// project are left out.
func (t *Traffic) Mark(in MarkIn) (out MarkOut, err error) {
	defer t.desk.guard(&err)
	out.Before = []MarkIn{}
	change, err := in.change()
	if err != nil {
		return out, err
	}
	ids, err := exchangeIDs(in.IDs)
	if err != nil {
		return out, err
	}
	store, err := t.desk.writable()
	if err != nil {
		return out, err
	}
	before, err := store.Mark(t.desk.life(), ids, change)
	if err != nil {
		return out, err
	}
	if len(before) == 0 && len(ids) > 0 {
		return out, storage.ErrNoExchange
	}
	out.Before = in.undo(ids, before)
	return out, nil
}

// undo groups what stood there before by what it was.
func (in *MarkIn) undo(ids []traffic.ID, before map[traffic.ID]storage.Marks) []MarkIn {
	undo := []MarkIn{}
	at := map[string]int{}
	set := list(slices.Clone(in.Set))
	for i, what := range set {
		if what == addTags {
			set[i] = "tags"
		}
	}
	for _, id := range ids {
		m, ok := before[id]
		if !ok {
			continue
		}
		delete(before, id) // should it be named twice
		was := MarkIn{IDs: []string{}, Set: set, Tags: []string{}}
		for _, what := range set {
			switch what {
			case "tags":
				was.Tags = list(m.Tags)
			case "note":
				was.Note = m.Note
			case "colour":
				was.Colour = m.Colour
			}
		}
		key := fmt.Sprintf("%q %q %q", was.Tags, was.Note, was.Colour)
		i, ok := at[key]
		if !ok {
			i = len(undo)
			at[key], undo = i, append(undo, was)
		}
		undo[i].IDs = append(undo[i].IDs, id.String())
	}
	return undo
}
