package window

import (
	"strings"

	"assay/app"
	"assay/scanner/diff"
	"assay/traffic"
)

// Diff is two exchanges beside each other: meaning, text, bytes.
type Diff struct{ desk *Desk }

// DiffIn names two exchanges, which side of them is compared, and what to ignore.
type DiffIn struct {
	A      string   `json:"a"`
	B      string   `json:"b"`
	Side   string   `json:"side"`   // answer, request
	Ignore []string `json:"ignore"` // kinds of noise (ids, dates, usage, transport) and JSON paths (/choices/*/index)
}

// DiffOut is how they differ.
type DiffOut struct {
	A       Row           `json:"a"`
	B       Row           `json:"b"`
	Facts   []DiffFact    `json:"facts"`
	Text    DiffText      `json:"text"`
	Form    string        `json:"form"` // how the bodies are compared: json, events, lines, binary
	Headers []DiffDelta   `json:"headers"`
	Changes []DiffDelta   `json:"changes"` // of json, events and binary
	More    int           `json:"more"`    // differences beyond those listed
	Lines   DiffText      `json:"lines"`   // of lines
	Noise   []DiffIgnored `json:"noise"`   // what was ignored, in the order it was asked for
	Equal   bool          `json:"equal"`   // the bodies are the same, byte by byte
	Open    bool          `json:"open"`    // one of them is still arriving
	Notes   []string      `json:"notes"`   // what could not be compared
}

// DiffFact is one thing that the sides mean.
type DiffFact struct {
	Name   string `json:"name"`   // refusal, status, fault, error, tool_call, finish, model, choices, input_tokens, …
	Change string `json:"change"` // same, added, removed, changed
	A      string `json:"a"`
	B      string `json:"b"`
}

// DiffText is how two texts differ.
type DiffText struct {
	Segments []DiffSegment `json:"segments"`
	Unit     string        `json:"unit"` // word, line
	Coarse   bool          `json:"coarse"`
	Cut      bool          `json:"cut"`
}

// DiffSegment is a piece of one text or of both.
type DiffSegment struct {
	Change string `json:"change"` // same, added, removed
	Text   string `json:"text"`
	Moved  bool   `json:"moved"`
}

// DiffDelta is one difference of JSON, of a header, or of bytes.
type DiffDelta struct {
	Change string `json:"change"`
	Path   string `json:"path"`
	A      string `json:"a"`
	B      string `json:"b"`
}

// DiffIgnored says how many differences were ignored for one reason.
type DiffIgnored struct {
	Name   string `json:"name"`
	Hidden int    `json:"hidden"`
}

// mostShownBytes bounds how much text of a difference is handed to the window.
const mostShownBytes = 1 << 20

// Compare compares two exchanges.
func (d *Diff) Compare(in DiffIn) (out DiffOut, err error) {
	defer d.desk.guard(&err)
	out = DiffOut{
		A: noRow(), B: noRow(), Facts: []DiffFact{}, Text: textOf(diff.Text{}), Headers: []DiffDelta{}, Changes: []DiffDelta{}, Lines: textOf(diff.Text{}),
		Noise: []DiffIgnored{}, Notes: []string{},
	}
	p, err := d.desk.store()
	if err != nil {
		return out, err
	}
	if in.Side != "answer" && in.Side != "request" {
		return out, &app.Error{Code: app.CodeUsage, Message: "either answers or requests are compared"}
	}
	ctx := d.desk.life()
	var ids []traffic.ID
	var sides []diff.Side
	for _, s := range []string{in.A, in.B} {
		id, err := exchangeID(s)
		if err != nil {
			return out, err
		}
		side, x, err := comparedSide(ctx, p, id, in.Side == "request")
		if err != nil {
			return out, err
		}
		out.Open = out.Open || !x.State.Ended()
		for _, note := range side.Said.Notes {
			out.Notes = append(out.Notes, s+": "+note)
		}
		ids, sides = append(ids, id), append(sides, side)
	}
	for i, row := range []*Row{&out.A, &out.B} {
		rows, err := p.Rows(ctx, ids[i:i+1], true)
		if err != nil {
			return out, err
		}
		if len(rows) == 1 {
			*row = rowOf(&rows[0])
		}
	}
	out.take(diff.Compare(sides[0], sides[1], in.Ignore))
	return out, nil
}

func (out *DiffOut) take(r diff.Result) {
	for _, f := range r.Facts {
		out.Facts = append(out.Facts, DiffFact{Name: f.Name, Change: string(f.Change), A: valid(f.A), B: valid(f.B)})
	}
	out.Text, out.Lines = textOf(r.Text), textOf(r.Bytes.Lines)
	out.Form, out.More, out.Equal = r.Bytes.Form, r.Bytes.More, r.Bytes.Same
	out.Headers, out.Changes = deltasOf(r.Bytes.Headers), deltasOf(r.Bytes.Changes)
	for _, n := range r.Ignored {
		out.Noise = append(out.Noise, DiffIgnored{Name: n.Name, Hidden: n.Hidden})
	}
}

// textOf hands on at most mostShownBytes.
func textOf(t diff.Text) DiffText {
	out := DiffText{Segments: []DiffSegment{}, Unit: t.Unit, Coarse: t.Coarse, Cut: t.Cut}
	left := mostShownBytes
	for _, s := range t.Segments {
		if left <= 0 {
			out.Cut = true
			break
		}
		text := valid(s.Text)
		if len(text) > left {
			text, out.Cut = strings.ToValidUTF8(text[:left], ""), true
		}
		left -= len(text)
		out.Segments = append(out.Segments, DiffSegment{Change: string(s.Change), Text: text, Moved: s.Moved})
	}
	return out
}

func deltasOf(list []diff.Delta) []DiffDelta {
	out := make([]DiffDelta, 0, len(list))
	for _, d := range list {
		out = append(out, DiffDelta{Change: string(d.Change), Path: valid(d.Path), A: valid(d.A), B: valid(d.B)})
	}
	return out
}

func noRow() Row { return Row{Tools: []string{}, Calls: []string{}, Tags: []string{}} }

// valid replaces what is no UTF-8, which JSON cannot carry.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
