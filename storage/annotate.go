package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"assay/traffic"
)

// SetTags replaces the tags of an exchange. Tags are trimmed, empty ones and repetitions left out.
func (p *Project) SetTags(ctx context.Context, id traffic.ID, tags []string) error {
	return p.annotated(ctx, id, func(t *tx) (int, error) {
		v, err := t.tagList(tags)
		if err != nil {
			return 0, err
		}
		return t.changed("UPDATE exchange SET tags = ? WHERE id = ?", v, int64(id))
	})
}

// SetNote replaces the note of an exchange.
func (p *Project) SetNote(ctx context.Context, id traffic.ID, note string) error {
	return p.annotated(ctx, id, func(t *tx) (int, error) {
		return t.changed("UPDATE exchange SET note = ? WHERE id = ?", textOrNull(note), int64(id))
	})
}

// SetColour replaces the mark of an exchange, one of traffic.Colours; empty takes it away.
func (p *Project) SetColour(ctx context.Context, id traffic.ID, colour string) error {
	if colour != "" && !slices.Contains(traffic.Colours, colour) {
		return fmt.Errorf("there is no mark %q: choose one of %s", colour, strings.Join(traffic.Colours, ", "))
	}
	return p.annotated(ctx, id, func(t *tx) (int, error) {
		v, err := t.name(nameColour, colour)
		if err != nil {
			return 0, err
		}
		return t.changed("UPDATE exchange SET colour = ? WHERE id = ?", v, int64(id))
	})
}

func (p *Project) annotated(ctx context.Context, id traffic.ID, f func(*tx) (int, error)) error {
	err := p.update(ctx, func(t *tx) error {
		n, err := f(t)
		if err == nil && n == 0 {
			err = fmt.Errorf("exchange %d: %w", id, ErrNoExchange)
		}
		return err
	})
	if err == nil {
		p.feeds.publish(nil, []traffic.ID{id})
	}
	return err
}

// annotate writes all that a person said about an exchange.
func (t *tx) annotate(id traffic.ID, tags []string, note, colour string) error {
	list, err := t.tagList(tags)
	if err != nil {
		return err
	}
	var mark any
	if slices.Contains(traffic.Colours, colour) {
		if mark, err = t.name(nameColour, colour); err != nil {
			return err
		}
	}
	return t.run("UPDATE exchange SET tags = ?, note = ?, colour = ? WHERE id = ?", list, textOrNull(note), mark, int64(id))
}

func (t *tx) tagList(tags []string) (any, error) {
	var clean []string
	for _, tag := range tags {
		tag = strings.TrimSpace(strings.ReplaceAll(tag, "\n", " "))
		if tag != "" && !slices.Contains(clean, tag) {
			clean = append(clean, tag)
		}
	}
	return t.name(nameTags, lines(clean))
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
