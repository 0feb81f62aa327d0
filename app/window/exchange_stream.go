package window

import (
	"context"
	"time"
	"unicode/utf8"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// StreamIn asks for events From to From+Limit of those that match.
type StreamIn struct {
	ID       string `json:"id"`
	From     int    `json:"from"`
	Limit    int    `json:"limit"`    // at most 500
	Contains string `json:"contains"` // a text the events hold, without case; empty for all
	Whole    bool   `json:"whole"`    // texts up to 64 kB instead of a line of them
}

// StreamOut is what arrived, in the order it did.
type StreamOut struct {
	Kind    string       `json:"kind"`    // events, frames (of a WebSocket), pieces (of an answer that is no stream)
	Framing string       `json:"framing"` // of events: sse, lines, json-array, aws-eventstream
	Live    bool         `json:"live"`
	Items   []StreamItem `json:"items"`
	Count   int          `json:"count"` // that match
	Total   int          `json:"total"`

	First   float64 `json:"first_ms"`      // first word of the answer, since the request began; 0 when not known
	Begin   float64 `json:"begin_ms"`      // first event
	End     float64 `json:"end_ms"`        // last event
	Longest float64 `json:"longest_ms"`    // longest gap between two events
	Rate    float64 `json:"tokens_second"` // tokens of the answer, as the provider counted them, by time; 0 when not known
	Bytes   int64   `json:"bytes"`
	Bar     []int64 `json:"bar"` // bytes by slice of the time from Begin to End; empty where there is no time

	Comments int `json:"comments"` // lines of an event stream that are no events
	Dropped  int `json:"dropped"`  // events that are too long, or broken beyond reading
}

// StreamItem is one event.
type StreamItem struct {
	N     int     `json:"n"` // from 0, among all
	At    float64 `json:"at_ms"`
	Gap   float64 `json:"gap_ms"` // since the one before
	Bytes int     `json:"bytes"`
	Side  string  `json:"side"` // client or server
	Name  string  `json:"name"` // of the event, or kind of the frame: text, binary, ping, pong, close
	Text  string  `json:"text"`
	More  int     `json:"more"` // bytes of the text that are left out
	Lost  string  `json:"lost"` // why not all of it is there
}

const (
	mostItems  = 500
	streamText = 300 // bytes of an event that a line shows
	barSlices  = 120
)

// Stream returns the events of an answer, or the messages of a WebSocket session.
func (e *Exchange) Stream(in StreamIn) (out StreamOut, err error) {
	defer e.desk.guard(&err)
	out = StreamOut{Kind: "events", Items: []StreamItem{}, Bar: []int64{}}
	d := e.desk
	p, id, err := d.find(in.ID)
	if err != nil {
		return out, err
	}
	x, err := p.Exchange(d.life(), id)
	if err != nil {
		return out, err
	}
	out.Live = !x.State.Ended()
	in.From, in.Limit = max(0, in.From), min(max(1, in.Limit), mostItems)
	switch {
	case x.Kind == traffic.KindWebSocket:
		return out, out.frames(d.life(), p, id, in)
	case x.Response == nil || x.Kind == traffic.KindTunnel:
		out.Kind = "pieces"
		return out, nil
	}
	events := d.detail.streams.get(exchangeKey{p, id}, func() *events { return &events{} })
	events.mu.Lock()
	defer events.mu.Unlock()
	if err := events.update(d.life(), p, x); err != nil {
		d.detail.streams.forget(exchangeKey{p, id})
		return out, err
	}
	out.events(events, in)
	if out.First > 0 && !out.Live {
		return out, out.rate(d.life(), p, id)
	}
	return out, nil
}

func (out *StreamOut) events(e *events, in StreamIn) {
	list, framing := e.shown()
	out.Framing, out.Total, out.Count = string(framing), len(list), len(list)
	if framing == llm.FramingWhole {
		out.Kind, out.Framing = "pieces", ""
	}
	if e.splitter != nil {
		out.Comments, out.Dropped = e.splitter.Comments, e.splitter.Dropped
	}
	out.First = milliseconds(e.first)
	out.measure(len(list), func(i int) (time.Duration, int) { return list[i].at, list[i].size })
	number := func(i int) int { return i }
	if in.Contains != "" {
		match := e.matching(list, in.Contains)
		out.Count = len(match)
		number = func(i int) int { return match[i] }
	}
	for i := in.From; i < min(in.From+in.Limit, out.Count); i++ {
		n := number(i)
		ev := list[n]
		item := StreamItem{N: n, At: milliseconds(ev.at), Bytes: ev.size, Side: traffic.FromServer.String(), Name: short(ev.name)}
		if n > 0 {
			item.Gap = milliseconds(ev.at - list[n-1].at)
		}
		item.text(ev.data, in.Whole)
		out.Items = append(out.Items, item)
	}
}

// text shows data as text where it is text.
func (item *StreamItem) text(data []byte, whole bool) {
	most := streamText
	if whole {
		most = mostText
	}
	shown := data[:min(len(data), most)]
	for i := 0; i < utf8.UTFMax && len(shown) < len(data) && len(shown) > 0 && !utf8.RuneStart(data[len(shown)]); i++ {
		shown = shown[:len(shown)-1]
	}
	item.Text, item.More = string(shown), len(data)-len(shown)
}

// measure works out when how much arrived.
func (out *StreamOut) measure(n int, at func(int) (time.Duration, int)) {
	if n == 0 {
		return
	}
	begin, _ := at(0)
	end, _ := at(n - 1)
	out.Begin, out.End = milliseconds(begin), milliseconds(end)
	span := end - begin
	if span > 0 {
		out.Bar = make([]int64, barSlices)
	}
	last := begin
	for i := range n {
		when, size := at(i)
		out.Bytes += int64(size)
		out.Longest = max(out.Longest, milliseconds(when-last))
		last = when
		if span > 0 {
			out.Bar[min(barSlices-1, max(0, int(int64(when-begin)*barSlices/int64(span))))] += int64(size)
		}
	}
}

// rate works out how fast the words came.
func (out *StreamOut) rate(ctx context.Context, p *storage.Project, id traffic.ID) error {
	rows, err := p.List(ctx, storage.Filter{After: id - 1, Before: id + 1, Limit: 1})
	if err != nil || len(rows) == 0 || rows[0].OutputTokens == nil {
		return err
	}
	if seconds := (out.End - out.First) / 1000; out.Kind == "events" && seconds > 0.001 {
		out.Rate = float64(*rows[0].OutputTokens) / seconds
	}
	return nil
}
