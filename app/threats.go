package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/scanner"
	"assay/storage"
)

// ThreatOptions select threats. Empty fields select everything.
type ThreatOptions struct {
	States   []string
	Severity []string
	Rules    []string
	Actors   []string
	Since    string // last seen at or after: -15m, today, 2026-01-31
	Slow     bool
	Text     string
}

// Sign is one, as a command prints it.
type Sign = scanner.Sign

// Actor is one, as a command prints it.
type Actor = scanner.Actor

// Exception is one, as a command prints it.
type Exception = scanner.Exception

// ThreatRow is one threat as `assay threats ls --json` prints it: a contract (docs/cli.md).
type ThreatRow struct {
	ID           int64    `json:"id"`
	Rule         string   `json:"rule"`
	Title        string   `json:"title"`
	Severity     string   `json:"severity"`
	State        string   `json:"state"`
	OWASP        []string `json:"owasp"`
	ASI          []string `json:"asi,omitempty"`
	ATLAS        []string `json:"atlas,omitempty"`
	Actor        string   `json:"actor,omitempty"`
	Host         string   `json:"host,omitempty"`
	Endpoint     string   `json:"endpoint_id,omitempty"` // of the first exchange
	Model        string   `json:"model,omitempty"`
	Conversation string   `json:"conversation,omitempty"`
	First        string   `json:"first_seen"`
	Last         string   `json:"last_seen"`
	Raised       string   `json:"raised"`
	Count        int      `json:"count"`
	Slow         bool     `json:"slow"`
	Usual        string   `json:"usual,omitempty"`
	Seen         string   `json:"seen"`
	Score        float64  `json:"score,omitempty"`
	Note         string   `json:"note,omitempty"`
}

// ThreatDetail is one threat with its timeline, as `assay threats show` and `assay threats replay` print it.
type ThreatDetail struct {
	ThreatRow
	Advice   string       `json:"advice,omitempty"`
	Timeline []MomentLine `json:"timeline"`
	// Dropped is how many lines of the timeline are no longer kept.
	Dropped int `json:"dropped,omitempty"`
}

// MomentLine is one line of a timeline.
type MomentLine struct {
	At       string         `json:"at"`
	Exchange string         `json:"exchange,omitempty"`
	What     string         `json:"what"`
	Weight   float64        `json:"weight"`
	Signs    []scanner.Sign `json:"signs,omitempty"`
}

// threatStates are the words for what a person holds of a threat.
var threatStates = []string{"new", "confirmed", "harmless", "closed"}

// ThreatStateOf reads the word for what a person holds of a threat.
func ThreatStateOf(word string) (scanner.ThreatState, error) {
	state := strings.ToLower(word)
	if slices.Contains(threatStates, state) {
		return scanner.ThreatState(state), nil
	}
	return "", usagef(nearOr(state, threatStates, "the states are "+list(threatStates)), "there is no state %q of threats", Harmless(word, 40))
}

func (o *ThreatOptions) query(now time.Time) (q storage.ThreatQuery, err error) {
	q = storage.ThreatQuery{Rules: o.Rules, Slow: o.Slow, Text: o.Text}
	for _, s := range o.States {
		state, err := ThreatStateOf(s)
		if err != nil {
			return q, err
		}
		q.States = append(q.States, state)
	}
	for _, s := range o.Severity {
		severity, err := SeverityOf("--severity", s)
		if err != nil {
			return q, err
		}
		q.Severities = append(q.Severities, severity)
	}
	for _, a := range o.Actors {
		q.Actors = append(q.Actors, scanner.ActorKey(a))
	}
	q.Since, err = sinceOf(o.Since, now)
	return q, err
}

// sinceOf reads a moment as the filter language writes it.
func sinceOf(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	q, err := parseQuery("since:" + strconv.Quote(text))
	if err != nil {
		return time.Time{}, usagef("for example -15m, today or 2026-01-31", "%q is no moment", Harmless(text, 40))
	}
	from, ok := earliest(q, now)
	if !ok {
		return time.Time{}, usagef("for example -15m, today or 2026-01-31", "%q is no moment", Harmless(text, 40))
	}
	return from, nil
}

// Threats lists the threats of a project, the worst first.
func (a *App) Threats(ctx context.Context, path string, o ThreatOptions) (rows []ThreatRow, err error) {
	q, err := o.query(time.Now())
	if err != nil {
		return nil, err
	}
	p, err := a.watched(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	threats, _, err := p.Threats(ctx, q)
	for _, t := range threats {
		rows = append(rows, threatRow(t))
	}
	return rows, err
}

// watched opens a project to list what the watch saw. Where nobody records into it, what the watch has not looked at yet
// is looked at first.
func (a *App) watched(ctx context.Context, path string) (*storage.Project, error) {
	p, err := a.upToDate(ctx, path)
	if err != nil {
		return nil, err
	}
	known, err := p.KnowsWatch(ctx)
	if err != nil {
		return p, err
	}
	waiting, err := p.Unwatched(ctx, 1)
	if err != nil || known && len(waiting) == 0 || a.recordsInto(p.Path()) {
		return p, err
	}
	w, err := a.project(ctx, p.Path(), toWrite)
	if err != nil {
		return p, nil //nolint:nilerr // what was watched can still be listed
	}
	if ro, _ := w.ReadOnly(); ro {
		return p, w.Close()
	}
	if err := a.newAnalyst(w).catchUp(ctx); err != nil {
		return nil, errors.Join(err, w.Close(), p.Close())
	}
	return p, w.Close()
}

func threatRow(t *scanner.Threat) ThreatRow {
	row := ThreatRow{
		ID: int64(t.ID), Rule: t.Rule, Title: t.Title, Severity: string(t.Severity), State: string(t.State), OWASP: orNone(t.OWASP), ASI: t.ASI, ATLAS: t.ATLAS,
		Actor: string(t.Actor), Host: t.Host, Endpoint: idText(int64(t.Endpoint)), Model: t.Model, First: stamp(t.First), Last: stamp(t.Last),
		Raised: stamp(t.Raised), Count: t.Count, Slow: t.Slow, Usual: t.Usual, Seen: t.Seen, Score: t.Score, Note: t.Note,
	}
	if t.Conversation != 0 {
		row.Conversation = t.Conversation.String()
	}
	return row
}

func threatDetail(t *scanner.Threat, moments []scanner.Moment) *ThreatDetail {
	d := &ThreatDetail{ThreatRow: threatRow(t), Advice: t.Advice, Timeline: []MomentLine{}, Dropped: max(t.Count-len(moments), 0)}
	for i := range moments {
		m := &moments[i]
		line := MomentLine{At: stamp(m.At), What: m.What, Weight: m.Weight, Signs: m.Signs}
		if m.Exchange != 0 {
			line.Exchange = m.Exchange.String()
		}
		d.Timeline = append(d.Timeline, line)
	}
	return d
}

// Threat returns one threat with its timeline.
func (a *App) Threat(ctx context.Context, path, which string) (*ThreatDetail, error) {
	id, err := threatID(which)
	if err != nil {
		return nil, err
	}
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	t, err := p.Threat(ctx, id)
	if err != nil {
		return nil, noThreat(which, err)
	}
	moments, _, err := p.Moments(ctx, id, 0, 0)
	if err != nil {
		return nil, err
	}
	return threatDetail(t, moments), nil
}

func threatID(which string) (scanner.ThreatID, error) {
	id, err := strconv.ParseInt(which, 10, 64)
	if err != nil || id < 1 {
		return 0, usagef("`assay threats ls` prints the ids", "%q is not the id of a threat", Harmless(which, 40))
	}
	return scanner.ThreatID(id), nil
}

func noThreat(which string, err error) error {
	if errors.Is(err, storage.ErrNoThreat) {
		return &Error{Code: CodeNotFound, Message: "there is no threat " + Harmless(which, 40), Hint: "`assay threats ls` lists them"}
	}
	return err
}

// SetThreats says what a person holds of threats, by the ids that `assay threats ls` prints.
func (a *App) SetThreats(ctx context.Context, path string, which []string, state, note string) error {
	to, err := ThreatStateOf(state)
	if err != nil {
		return err
	}
	ids := make([]scanner.ThreatID, len(which))
	for i, w := range which {
		if ids[i], err = threatID(w); err != nil {
			return err
		}
	}
	return a.change(ctx, path, func(p *storage.Project) error {
		_, err := p.SetThreats(ctx, ids, to, note)
		if errors.Is(err, storage.ErrNoThreat) {
			return &Error{Code: CodeNotFound, Message: "not every one of these is a threat of the project", Err: err, Hint: "`assay threats ls` lists them"}
		}
		return err
	})
}

// SetThreats says what a person holds of threats, and returns what they were before, for undo.
func (p *Project) SetThreats(ctx context.Context, ids []scanner.ThreatID, state scanner.ThreatState, note string) (before map[scanner.ThreatID]scanner.ThreatState, err error) {
	err = p.changeWatch(func() error {
		before, err = p.store.SetThreats(ctx, ids, state, note)
		return err
	})
	return before, err
}

// NoteThreat keeps what a person writes of a threat; an empty note takes it away.
func (p *Project) NoteThreat(ctx context.Context, id scanner.ThreatID, note string) error {
	return p.changeWatch(func() error { return p.store.NoteThreat(ctx, id, note) })
}

// changeWatch changes what the watch of the open project rests on.
func (p *Project) changeWatch(do func() error) error {
	if p.reader == nil {
		return p.readOnly()
	}
	return p.reader.changeWatch(do)
}
