package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"assay/traffic"
)

// Marks are what a person wrote about an exchange.
type Marks struct {
	Tags   []string
	Note   string
	Colour string // one of traffic.Colours; empty for none
}

// Mark changes what is written about exchanges, all or none, and returns what stood there before. Those that are not in
// the project are left out.
func (p *Project) Mark(ctx context.Context, ids []traffic.ID, change func(*Marks)) (before map[traffic.ID]Marks, err error) {
	err = p.update(ctx, func(t *tx) error {
		before = make(map[traffic.ID]Marks, len(ids))
		for _, id := range ids {
			m, err := t.marks(id)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			before[id] = m
			m.Tags = slices.Clone(m.Tags)
			change(&m)
			if m.Colour != "" && !slices.Contains(traffic.Colours, m.Colour) {
				return fmt.Errorf("there is no mark %q: choose one of %s", m.Colour, strings.Join(traffic.Colours, ", "))
			}
			if err := t.annotate(id, m.Tags, m.Note, m.Colour); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.feeds.publish(nil, ids)
	return before, nil
}

func (t *tx) marks(id traffic.ID) (m Marks, err error) {
	var tags, note, colour sql.NullString
	err = t.get(`SELECT (SELECT text FROM name WHERE name.id = e.tags), e.note, (SELECT text FROM name WHERE name.id = e.colour)
		FROM exchange e WHERE e.id = ?`, []any{int64(id)}, &tags, &note, &colour)
	return Marks{unlines(tags.String), note.String, colour.String}, err
}

// TagsInUse returns the tags that exchanges have, sorted.
func (p *Project) TagsInUse(ctx context.Context) ([]string, error) {
	seen := map[string]bool{}
	err := p.each(ctx, `SELECT text FROM name WHERE id IN (SELECT tags FROM exchange
		WHERE (colour IS NOT NULL OR tags IS NOT NULL OR note IS NOT NULL) AND tags IS NOT NULL)`, nil, func(scan func(...any) error) error {
		var list string
		err := scan(&list)
		for _, tag := range unlines(list) {
			seen[tag] = true
		}
		return err
	})
	tags := make([]string, 0, len(seen))
	for tag := range seen {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags, err
}

// maxWords bounds how many values of a field are worth offering.
const maxWords = 1000

// Words returns values of a field that exchanges have or had, without counts, for fields that Facets does not have:
// method, client, tool and so on. It is empty for fields whose values are no names.
func (p *Project) Words(ctx context.Context, field string) ([]string, error) {
	for _, known := range []func(context.Context, string) ([]string, bool, error){p.inventoryWords, p.watchWords} {
		if words, ok, err := known(ctx, field); ok || err != nil {
			return words, err
		}
	}
	f, ok := nameColumns[field]
	if !ok {
		return nil, nil
	}
	var words []string
	err := p.each(ctx, "SELECT text FROM name WHERE kind = ? ORDER BY id LIMIT ?", []any{int64(f.kind), int64(maxWords)}, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		if f.list {
			words = append(words, unlines(text)...)
		} else {
			words = append(words, text)
		}
		return nil
	})
	slices.Sort(words)
	return slices.Compact(words), err
}
