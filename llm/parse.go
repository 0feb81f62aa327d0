package llm

import (
	"errors"
	"strings"
)

// Parse reads one exchange: who answers, in which wire format, what was asked and what came back. Traffic that is no
// call of a model gives a Conversation of KindPlain. It never fails: what it cannot read it leaves out, and what
// arrived of an answer that broke off is read as far as it goes.
func Parse(in Input) Conversation {
	r := NewReader(in)
	r.Write(in.ResponseBody)
	if in.Ended {
		r.Close()
	}
	conv := r.Conversation()
	r.release()
	return conv
}

// release gives the memory of indexes back. Nothing may be read from the Reader afterwards.
func (r *Reader) release() {
	r.call.request.doc.release()
	r.doc.release()
	r.answer.release()
}

// sniffLength is how many bytes of an answer settle its framing.
const sniffLength = 1024

// maxDocument bounds an answer that is one document, in bytes. What comes after is not read.
const maxDocument = 256 << 20

// decideEvents is how many events of a stream may be looked at before it is settled which format it is.
const decideEvents = 32

// Reader reads an answer while it arrives. Not safe for use by several goroutines.
type Reader struct {
	call     *call
	base     Conversation // what is known without the answer
	format   *format
	evidence evidence
	paths    []strength // what the path says, by format
	reply    reply

	body     []byte    // the answer so far, while its framing is open or when it is one document
	splitter *Splitter // set when the answer is a stream
	settled  bool      // the framing is known
	static   bool      // a page, style, script, font or picture of a site nobody knows
	over     bool      // the document is longer than maxDocument
	closed   bool
	early    []Event   // the first events, while they may still change the format
	doc      *document // of the event being read
	answer   *document // of an answer that is one document
	events   int
	failure  *ProviderError // seen in mid-stream
	broken   int            // events that were no JSON
	server   string         // who answers, by the answer
}

// NewReader takes all of an exchange but the body of its answer, which is written to the Reader as it arrives, its
// content coding undone.
func NewReader(in Input) *Reader {
	in.ResponseBody = nil
	r := &Reader{call: newCall(in), doc: documents.Get().(*document)}
	r.call.identify()
	r.decide("", value{})
	r.static = r.format == nil && r.call.static()
	return r
}

// Write adds the next bytes of the answer. The Reader keeps p: it must not change afterwards.
func (r *Reader) Write(p []byte) {
	if len(p) == 0 || r.closed {
		return
	}
	if r.splitter != nil {
		r.take(r.splitter.Write(p))
		return
	}
	if !r.keep(len(p)) {
		return
	}
	if len(r.body) == 0 {
		r.body = p[:len(p):len(p)]
	} else {
		r.body = append(r.body, p...)
	}
	if !r.settled && len(r.body) >= sniffLength {
		r.settle()
	}
}

// keep reports whether n more bytes of a document are worth holding: not those of a download that is no JSON and in no
// known format, and not without end.
func (r *Reader) keep(n int) bool {
	if r.static || r.settled && r.format == nil && !looksJSON(r.body) {
		return false
	}
	r.over = r.over || len(r.body)+n > maxDocument
	return !r.over
}

// Close tells that the answer has ended.
func (r *Reader) Close() {
	if r.closed {
		return
	}
	if !r.settled {
		r.settle()
	}
	r.closed = true
	if r.splitter != nil {
		r.take(r.splitter.Close())
	}
}

// settle decides whether the answer is a stream or one document.
func (r *Reader) settle() {
	r.settled = true
	s := SplitterFor(r.call.ResponseHeader.Get("Content-Type"), r.body)
	switch s.Framing() {
	case FramingWhole:
		return
	case FramingArray:
		if r.format == nil || !r.format.array || r.call.Status >= 400 {
			return
		}
	default: // a stream
	}
	r.splitter = s
	r.decide("", value{})
	r.take(s.Write(r.body))
	r.body = nil
}

func (r *Reader) take(events []Event) {
	for _, ev := range events {
		r.events++
		if ev.Done() {
			r.finish(ev)
			continue
		}
		doc := r.read(ev)
		if r.undecided() {
			before := r.format
			r.decide(ev.Name, doc)
			if r.format != before {
				r.replay()
				doc = r.read(ev)
			}
			r.early = append(r.early, ev)
		} else {
			r.early = nil
		}
		if r.reply != nil {
			r.event(ev, doc)
		}
	}
}

// undecided reports whether the next event may still settle, or change, which format this is.
func (r *Reader) undecided() bool {
	return r.events <= decideEvents && (r.format == nil || r.evidence.open())
}

// read indexes an event's data. The last event of a stream that broke off may be cut: half of it says nothing.
func (r *Reader) read(ev Event) value {
	r.doc.parse(ev.Data)
	if errors.Is(r.doc.err, errTruncated) {
		return value{}
	}
	return r.doc.root()
}

// finish handles the "[DONE]" of a stream.
func (r *Reader) finish(ev Event) {
	if r.reply != nil {
		r.reply.event(ev, value{})
	}
}

// replay gives a new reply the events that came before its format was known.
func (r *Reader) replay() {
	if r.reply == nil {
		return
	}
	for _, ev := range r.early {
		r.event(ev, r.read(ev))
	}
}

func (r *Reader) event(ev Event, doc value) {
	if looksJSON(ev.Data) && !r.doc.whole() {
		r.broken++
	}
	if r.failure == nil {
		r.failure = eventError(ev.Name, doc)
	}
	if r.server == "" && r.call.provider == "" {
		r.server = r.call.server(doc)
	}
	r.reply.event(ev, doc)
}

// Conversation is what is known so far. It may be called at any time, and again.
func (r *Reader) Conversation() Conversation {
	if !r.settled && len(r.body) > 0 {
		return r.glimpse()
	}
	conv := r.base
	if r.splitter != nil {
		r.streamed(&conv)
	} else {
		r.document(&conv)
	}
	if conv.Provider == "" && conv.Family != "" {
		conv.Provider = r.server
		if conv.Provider == "" {
			conv.Provider = r.call.gateway(conv.Family)
		}
	}
	return conv
}

// glimpse reads an answer so short that its framing is still open, as if nothing more would come.
func (r *Reader) glimpse() Conversation {
	in := r.call.Input
	in.ResponseBody = r.body
	g := NewReader(in)
	g.Write(in.ResponseBody)
	g.settle()
	return g.Conversation()
}

func (r *Reader) streamed(conv *Conversation) {
	if r.reply == nil { // a list in lines, or nothing known
		conv.Complete = conv.Family != "" && r.closed
		return
	}
	conv.Streamed = r.call.Status < 400
	conv.Events = r.events
	r.reply.into(conv)
	if conv.Error == nil {
		conv.Error = r.failure
	}
	if conv.Error == nil && r.call.Status >= 400 {
		conv.Error = &ProviderError{}
	}
	if conv.Error != nil && r.call.Status >= 400 {
		conv.Error.Status = r.call.Status
	}
	if r.broken > 0 {
		conv.Notes = append(conv.Notes, count(r.broken, "event of the stream was", "events of the stream were")+" no whole JSON")
	}
	if r.splitter.Dropped > 0 {
		conv.Notes = append(conv.Notes, count(r.splitter.Dropped, "event of the stream was", "events of the stream were")+
			" too long or damaged and left out")
	}
}

// document reads an answer that is one document, or as much of it as is there.
func (r *Reader) document(conv *Conversation) {
	var doc value
	if looksJSON(r.body) {
		if r.answer == nil {
			r.answer = documents.Get().(*document)
		}
		r.answer.parse(r.body)
		doc = r.answer.root()
		if errors.Is(r.answer.err, errTooLarge) {
			conv.Notes = append(conv.Notes, "the answer's JSON is too large or too deep to be read to its end")
		}
		if r.over {
			conv.Notes = append(conv.Notes, "the answer is too long to be read to its end")
		}
	}
	if r.closed || doc.exists() && r.answer.whole() {
		r.decide("", doc)
		notes := conv.Notes
		*conv = r.base
		conv.Notes = append(conv.Notes, notes...)
	}
	if conv.Family == "" {
		return
	}
	if r.call.provider == "" {
		r.server = r.call.server(doc)
	}
	if r.call.Status >= 400 || failed(doc) {
		conv.Error = documentError(r.call.Status, doc, r.body)
		if conv.Error.Type == "" { // AWS has it in a header: "ValidationException:http://internal…"
			conv.Error.Type, _, _ = strings.Cut(r.call.ResponseHeader.Get("X-Amzn-Errortype"), ":")
		}
	}
	if r.format == nil {
		return
	}
	if r.format.reply == nil || len(r.body) == 0 {
		conv.Complete = r.closed && r.call.Status != 0
		return
	}
	failure := conv.Error
	rep := r.format.reply(r.call)
	rep.whole(doc, r.body)
	rep.into(conv)
	conv.Complete = r.closed
	if failure != nil {
		conv.Error = failure
	}
}
