package window

import (
	"bytes"
	"context"
	"sync"
	"time"

	"assay/llm"
	"assay/storage"
	"assay/traffic"
)

// events are the events of an answer with the moments at which they were complete, cut while it arrives.
type events struct {
	mu       sync.Mutex
	begun    bool
	pieces   int // of the answer that were taken
	bytes    int // decoded
	pump     *pump
	splitter *llm.Splitter     // nil until the first bytes came
	early    []traffic.Segment // what came before, decoded
	waiting  int               // bytes of it
	reader   *llm.Reader       // until the first word came
	closed   bool
	list     []streamEvent
	first    time.Duration // when the first word of the answer came; 0 when not known
	arrivals []streamEvent // the pieces themselves: what there is of an answer that is no stream

	filter string // the events that matched last, of how many
	among  int
	match  []int
}

type streamEvent struct {
	at   time.Duration
	name string
	data []byte
	size int
}

func (e *events) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pump.close()
}

// sniffBytes are how many bytes of an answer settle how it is cut.
const sniffBytes = 512

// update takes what arrived since the last time. The caller holds e.mu.
func (e *events) update(ctx context.Context, p *storage.Project, x *traffic.Exchange) error {
	if e.closed {
		return nil
	}
	if !e.begun {
		if err := e.begin(ctx, p, x); err != nil {
			return err
		}
	}
	n := 0
	for piece, err := range p.Segments(ctx, x.ID, traffic.FromServer) {
		if err != nil {
			return err
		}
		if n++; n <= e.pieces {
			continue
		}
		e.pieces = n
		e.arrivals = append(e.arrivals, streamEvent{at: piece.At, data: piece.Data, size: len(piece.Data)})
		e.take(piece, x.Response.Header)
	}
	if x.State.Ended() {
		e.end(x.Response.Header, x.Timing.Done)
	}
	return nil
}

func (e *events) begin(ctx context.Context, p *storage.Project, x *traffic.Exchange) error {
	var notes []string
	request, err := p.Content(ctx, x, traffic.FromClient, &notes)
	if err != nil {
		return err
	}
	e.reader = llm.NewReader(llm.Input{
		Method: x.Request.Method, URL: x.Request.URL, RequestHeader: x.Request.Header, RequestBody: request,
		Status: x.Response.Status, ResponseHeader: x.Response.Header,
	})
	e.pump = newPump(codingOf(x.Response.Header))
	e.begun = true
	return nil
}

// take decodes and cuts one piece.
func (e *events) take(piece traffic.Segment, header traffic.Header) {
	data := piece.Data
	if e.pump != nil {
		decoded, failed := e.pump.push(data)
		if failed { // the headers name a coding the body does not have
			e.pump = nil
			for _, before := range e.arrivals {
				e.cut(before.at, before.data, header)
			}
			return
		}
		data = decoded
	}
	e.cut(piece.At, data, header)
}

func (e *events) cut(at time.Duration, data []byte, header traffic.Header) {
	if len(data) == 0 || e.bytes > mostDecoded {
		return
	}
	e.bytes += len(data)
	e.read(at, data)
	if e.splitter != nil {
		e.add(at, e.splitter.Write(data))
		return
	}
	e.early, e.waiting = append(e.early, traffic.Segment{At: at, Data: data}), e.waiting+len(data)
	if e.waiting >= sniffBytes {
		e.split(header)
	}
}

// split settles how the answer is cut, and cuts what came before that.
func (e *events) split(header traffic.Header) {
	var head []byte
	for _, piece := range e.early {
		head = append(head, piece.Data...)
	}
	e.splitter = llm.SplitterFor(header.Get("Content-Type"), head)
	for _, piece := range e.early {
		e.add(piece.At, e.splitter.Write(piece.Data))
	}
	e.early = nil
}

// mostUnspoken is how much of an answer may come without a word before the first one is no longer looked for, in bytes.
const mostUnspoken = 256 << 10

// read looks for the first word of the answer.
func (e *events) read(at time.Duration, data []byte) {
	if e.reader == nil {
		return
	}
	e.reader.Write(data)
	c := e.reader.Conversation()
	spoke := len(c.Parts) > 0 || c.Answer != "" || c.Reasoning != ""
	if spoke {
		e.first = at
	}
	if spoke || e.bytes > mostUnspoken {
		e.reader = nil
	}
}

func (e *events) add(at time.Duration, found []llm.Event) {
	for _, ev := range found {
		e.list = append(e.list, streamEvent{at: at, name: ev.Name, data: ev.Data, size: len(ev.Data)})
	}
}

func (e *events) end(header traffic.Header, done time.Duration) {
	last := done
	if n := len(e.arrivals); n > 0 {
		last = e.arrivals[n-1].at
	}
	if e.splitter == nil && len(e.early) > 0 {
		e.split(header)
	}
	if e.splitter != nil {
		e.add(last, e.splitter.Close())
	}
	e.pump.close()
	e.closed, e.reader = true, nil
}

// shown are the events, or the pieces of an answer that is one document.
func (e *events) shown() (list []streamEvent, framing llm.Framing) {
	if e.splitter == nil || e.splitter.Framing() == llm.FramingWhole {
		return e.arrivals, llm.FramingWhole
	}
	return e.list, e.splitter.Framing()
}

// matching are the numbers of the events that hold a text, without case.
func (e *events) matching(list []streamEvent, contains string) []int {
	if contains == e.filter && len(list) == e.among {
		return e.match
	}
	e.filter, e.among, e.match = contains, len(list), nil
	want := bytes.ToLower([]byte(contains))
	for i := range list {
		if bytes.Contains(bytes.ToLower(list[i].data), want) || bytes.Contains(bytes.ToLower([]byte(list[i].name)), want) {
			e.match = append(e.match, i)
		}
	}
	return e.match
}
