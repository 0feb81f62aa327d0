package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// reading is what is kept of a conversation beside the columns of exchange. The texts of its messages are not: they
// are in the body. System texts and tools that are those of the turn before are kept there.
type reading struct {
	llm.Conversation
	LastUser string
	Roles    []string   // of the messages, one each
	SystemAt traffic.ID // the exchange that has System, when this one has not
	ToolsAt  traffic.ID
	Again    bool // long texts were left out: they come back by reading the bodies again
}

// maxKeptReading is how many compressed bytes of a reading are kept. What is longer is mostly texts that the bodies hold
// anyway.
const maxKeptReading = 512

// SaveReading keeps what an exchange meant, in place of an earlier reading. Saving the same again changes nothing.
func (p *Project) SaveReading(ctx context.Context, id traffic.ID, c *llm.Conversation) error {
	return p.SaveReadings(ctx, map[traffic.ID]*llm.Conversation{id: c})
}

// SaveReadings does so for many exchanges in one transaction. Exchanges that were deleted meanwhile are left out.
func (p *Project) SaveReadings(ctx context.Context, readings map[traffic.ID]*llm.Conversation) error {
	ids := slices.Sorted(maps.Keys(readings)) // a turn finds the one it follows
	err := p.update(ctx, func(t *tx) error {
		for _, id := range ids {
			if c := readings[id]; c != nil {
				if err := t.saveReading(id, c); err != nil {
					return fmt.Errorf("save the reading of exchange %d: %w", id, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.work.said()
	p.feeds.publish(nil, ids)
	return nil
}

func (t *tx) saveReading(id traffic.ID, c *llm.Conversation) error {
	var before [3]sql.NullInt64
	var originID int64
	var path string
	err := t.get("SELECT kind, provider, model, origin, path FROM exchange WHERE id = ?", []any{int64(id)}, &before[0], &before[1], &before[2], &originID, &path)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	at, err := t.findTurn(id, c)
	if err != nil {
		return err
	}
	if err := t.saveColumns(id, c, at, before); err != nil {
		return err
	}
	if err := t.saveRest(id, c, at); err != nil {
		return err
	}
	if at.base != 0 {
		err = t.run("INSERT INTO link (id, base, answered) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET base = excluded.base, answered = excluded.answered",
			int64(id), int64(at.base), number(at.heard))
	} else {
		err = t.run("DELETE FROM link WHERE id = ?", int64(id))
	}
	if err != nil {
		return err
	}
	if err := t.saveTurn(id, at); err != nil {
		return err
	}
	var o origin
	if err := t.get("SELECT scheme, authority FROM origin WHERE id = ?", []any{originID}, &o.scheme, &o.authority); err != nil {
		return err
	}
	texts := textsOf(c, at.told, at.base == 0)
	texts[saidURL] = o.url(path)
	packed, err := texts.encode()
	if err != nil {
		return err
	}
	return t.run("INSERT INTO unsaid (id, texts) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET texts = excluded.texts", int64(id), packed)
}

// saveColumns writes what lists and filters need.
func (t *tx) saveColumns(id traffic.ID, c *llm.Conversation, at turn, before [3]sql.NullInt64) error {
	names := make([]any, 0, 9)
	for _, n := range []struct {
		kind nameKind
		text string
	}{
		{nameKindOf, string(c.Kind)},
		{nameProvider, c.Provider},
		{nameFamily, c.Family},
		{nameModel, c.Model},
		{nameFinish, c.Finish},
		{nameRoles, lines(rolesOf(c))},
		{nameTools, lines(toolNames(c))},
		{nameCalls, lines(callNames(c))},
	} {
		v, err := t.name(n.kind, n.text)
		if err != nil {
			return err
		}
		names = append(names, v)
	}
	for i, f := range []struct {
		field tallyField
		after any
	}{{tallyKind, names[0]}, {tallyProvider, names[1]}, {tallyModel, names[3]}} {
		if before[i].Valid {
			t.count(f.field, before[i].Int64, -1)
		}
		if after, ok := f.after.(int64); ok {
			t.count(f.field, after, 1)
		}
	}
	version := max(t.p.options.ReadingVersion, 1)
	args := append([]any{int64(flagsOfReading), flagsOf(c), version}, names...)
	var messages, stream any
	if c.Kind != llm.KindPlain {
		stream = number(c.Streamed)
		if c.MessageCount > 0 || len(c.Messages) > 0 {
			messages = int64(max(c.MessageCount, len(c.Messages)))
		}
		if c.MessageCount > 0 {
			messages = int64(c.MessageCount)
		}
	}
	args = append(args, stream, messages, pointer(c.Usage.Input), pointer(c.Usage.Output), totalTokens(c.Usage), t.p.cost(c),
		orNull(at.thread), errorText(c), int64(id))
	return t.run(`UPDATE exchange SET flags = (flags & ~?) | ?, read = ?, kind = ?, provider = ?, family = ?, model = ?, finish = ?, roles = ?,
		tools = ?, calls = ?, stream = ?, messages = ?, tokens_in = ?, tokens_out = ?, tokens = ?, cost = ?, thread = ?, error = ? WHERE id = ?`, args...)
}

func (p *Project) cost(c *llm.Conversation) any {
	if p.options.Price == nil {
		return nil
	}
	if n, ok := p.options.Price(c); ok {
		return n
	}
	return nil
}

func orNull(id traffic.ID) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

func pointer(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func totalTokens(u llm.Usage) any {
	switch {
	case u.Total != nil:
		return *u.Total
	case u.Input != nil && u.Output != nil:
		return *u.Input + *u.Output
	}
	return nil
}

func errorText(c *llm.Conversation) any {
	if c.Error == nil {
		return nil
	}
	var parts []string
	for _, s := range []string{c.Error.Type, c.Error.Code, c.Error.Message} {
		if s != "" && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ": ")
}

func flagsOf(c *llm.Conversation) int64 {
	var flags int64
	for flag, has := range map[int64]bool{
		flagError: c.Error != nil, flagAnswer: c.Answer != "", flagReasoning: c.Reasoning != "", flagRefusal: c.Refusal != "",
		flagTools: len(c.Tools) > 0, flagCalls: len(c.ToolCalls) > 0, flagResults: c.ToolResults > 0,
	} {
		if has {
			flags |= flag
		}
	}
	return flags
}

// rolesOf returns the roles that speak, in the order in which each first does.
func rolesOf(c *llm.Conversation) []string {
	var roles []string
	for _, m := range c.Messages {
		if m.Role != "" && !slices.Contains(roles, m.Role) && len(roles) < 20 {
			roles = append(roles, m.Role)
		}
	}
	return roles
}

func toolNames(c *llm.Conversation) []string {
	names := make([]string, 0, len(c.Tools))
	for _, t := range c.Tools {
		names = append(names, t.Name)
	}
	return names
}

func callNames(c *llm.Conversation) []string {
	names := make([]string, 0, len(c.ToolCalls))
	for _, call := range c.ToolCalls {
		names = append(names, call.Name)
	}
	return names
}

// maxNameList bounds a list that becomes one name.
const maxNameList = 16 << 10

func lines(list []string) string {
	var b strings.Builder
	for i, s := range list {
		if b.Len()+len(s) > maxNameList {
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.ReplaceAll(s, "\n", " "))
	}
	return b.String()
}

func unlines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// saveRest writes what is not in a column.
func (t *tx) saveRest(id traffic.ID, c *llm.Conversation, at turn) error {
	if c.Kind == llm.KindPlain && c.Family == "" && len(c.Notes) == 0 {
		return t.run("DELETE FROM reading WHERE id = ?", int64(id))
	}
	r := reading{Conversation: *c, LastUser: lastUser(c)}
	for _, m := range c.Messages {
		r.Roles = append(r.Roles, m.Role)
	}
	r.Messages = nil
	if c.Answer != "" && len(c.Parts) == 1 && c.Parts[0].Kind == llm.PartText && c.Parts[0].Text == c.Answer {
		r.Parts = nil // told by Answer
	}
	if at.base != 0 {
		if b, err := t.loadReading(at.base); err == nil && !b.Again {
			if slices.Equal(b.System, c.System) && len(c.System) > 0 {
				r.System, r.SystemAt = nil, first(b.SystemAt, at.base)
			}
			if slices.Equal(b.Tools, c.Tools) && len(c.Tools) > 0 {
				r.Tools, r.ToolsAt = nil, first(b.ToolsAt, at.base)
			}
		} else if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	packed, err := t.packReading(&r)
	if err == nil && len(packed) > maxKeptReading {
		packed, err = t.packReading(&reading{Conversation: llm.Conversation{Kind: c.Kind, Family: c.Family}, Again: true})
	}
	if err != nil {
		return err
	}
	return t.run("INSERT INTO reading (id, form, data) VALUES (?, 1, ?) ON CONFLICT (id) DO UPDATE SET form = 1, data = excluded.data", int64(id), packed)
}

func (t *tx) packReading(r *reading) ([]byte, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return t.p.readings.pack(t, data)
}

func first(ids ...traffic.ID) traffic.ID {
	for _, id := range ids {
		if id != 0 {
			return id
		}
	}
	return 0
}

// lastUser is the text of the last message of the user that has text.
func lastUser(c *llm.Conversation) string {
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if c.Messages[i].Role != "user" && c.Messages[i].Role != "human" {
			continue
		}
		if text := messageText(c.Messages[i]); text != "" {
			return text
		}
	}
	if n := len(c.Prompts); n > 0 {
		return c.Prompts[n-1]
	}
	return ""
}

func (t *tx) loadReading(id traffic.ID) (*reading, error) {
	var data []byte
	if err := t.get("SELECT data FROM reading WHERE id = ?", []any{int64(id)}, &data); err != nil {
		return nil, err
	}
	return t.p.openReading(context.Background(), data)
}

func (p *Project) openReading(ctx context.Context, data []byte) (*reading, error) {
	raw, err := p.unpackWith(ctx, data)
	if err != nil {
		return nil, err
	}
	var r reading
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("%w: %w", errCodec, err)
	}
	for _, role := range r.Roles {
		r.Messages = append(r.Messages, llm.Message{Role: role})
	}
	if len(r.Parts) == 0 && r.Answer != "" {
		r.Parts = []llm.Part{{Kind: llm.PartText, Text: r.Answer}}
	}
	return &r, nil
}

// fullReading returns a reading with the system texts and tools that are kept with an earlier turn; nil when there is
// none.
func (p *Project) fullReading(ctx context.Context, id traffic.ID) (*reading, error) {
	r, err := p.bareReading(ctx, id)
	if r == nil || err != nil {
		return nil, err
	}
	if r.Again {
		_, c, err := p.Understand(ctx, id)
		if err != nil {
			return nil, err
		}
		return &reading{Conversation: *c, LastUser: lastUser(c)}, nil
	}
	for _, at := range []traffic.ID{r.SystemAt, r.ToolsAt} {
		if at == 0 {
			continue
		}
		other, err := p.bareReading(ctx, at)
		if err != nil {
			return nil, err
		}
		if other == nil {
			continue // deleted; the exchange is to be read again
		}
		if at == r.SystemAt {
			r.System = other.System
		}
		if at == r.ToolsAt {
			r.Tools = other.Tools
		}
	}
	return r, nil
}

func (p *Project) bareReading(ctx context.Context, id traffic.ID) (*reading, error) {
	var data []byte
	err := p.probes.QueryRowContext(ctx, "SELECT data FROM reading WHERE id = ?", int64(id)).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return p.openReading(ctx, data)
}

// Reading returns what SaveReading kept: all of a conversation but what its Messages say beyond their roles, which is
// in the body and comes back by reading that again. An exchange that was read as plain traffic gives a Conversation of KindPlain, one that was
// not read ErrNoReading.
func (p *Project) Reading(ctx context.Context, id traffic.ID) (*llm.Conversation, error) {
	var version int64
	err := p.readers.QueryRowContext(ctx, "SELECT read FROM exchange WHERE id = ?", int64(id)).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("exchange %d: %w", id, ErrNoExchange)
	}
	if err == nil && version == 0 {
		return nil, fmt.Errorf("exchange %d: %w", id, ErrNoReading)
	}
	if err != nil {
		return nil, err
	}
	r, err := p.fullReading(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("the reading of exchange %d: %w", id, err)
	}
	if r == nil {
		return &llm.Conversation{Kind: llm.KindPlain}, nil
	}
	return &r.Conversation, nil
}

// ErrNoReading says that an exchange was not read yet.
var ErrNoReading = errors.New("the exchange was not read yet")
