package llm

// maxEvent bounds one event of a stream, in bytes; a longer one is dropped and counted.
const maxEvent = 32 << 20

// Event is one event of a streamed answer.
type Event struct {
	Name   string // "event:" of SSE, :event-type or :exception-type of an AWS event stream; "" where there is none
	Data   []byte // the payload; it points into what was written, treat it as read-only
	Offset int    // where the event begins in the stream, in bytes
}

// Done reports whether the event is the "[DONE]" that ends many streams.
func (e Event) Done() bool { return string(e.Data) == "[DONE]" }

// Framing names how events are laid out in a stream.
type Framing string

// The framings. FramingSSE is the event stream of the HTML standard, FramingLines is NDJSON and every other format
// with one event a line, FramingArray is one JSON array whose elements are the events, FramingAWS is
// application/vnd.amazon.eventstream, FramingWhole is a document that is not a stream: one event, when it has ended.
const (
	FramingSSE   Framing = "sse"
	FramingLines Framing = "lines"
	FramingArray Framing = "json-array"
	FramingAWS   Framing = "aws-eventstream"
	FramingWhole Framing = "whole"
)

// Splitter cuts a streamed answer into its events while it arrives. The events are the same however the stream is cut
// into writes. Not safe for use by several goroutines.
type Splitter struct {
	Comments int // comment lines of SSE
	Dropped  int // events that were too long or broken beyond reading

	framing Framing
	cut     framer
	buf     []byte // what no event has taken yet
	offset  int    // of buf in the stream
}

// framer cuts events off the front of a buffer. next is called until it neither finds an event nor uses bytes; it may
// keep offsets into the buffer, which starts with used bytes less in the next call and may have grown at its end.
// With end set nothing more will come.
type framer interface {
	next(b []byte, end bool) (ev Event, found bool, used int)
}

// NewSplitter returns a Splitter for a known framing.
func NewSplitter(framing Framing) *Splitter { return newSplitter(framing, maxEvent) }

func newSplitter(framing Framing, limit int) *Splitter {
	s := &Splitter{framing: framing}
	switch framing {
	case FramingSSE:
		s.cut = &sseFramer{splitter: s, limit: limit}
	case FramingLines:
		s.cut = &lineFramer{splitter: s, limit: limit}
	case FramingArray:
		s.cut = &arrayFramer{splitter: s, limit: limit}
	case FramingAWS:
		s.cut = &awsFramer{splitter: s, limit: limit}
	default:
		s.framing = FramingWhole
		s.cut = &wholeFramer{splitter: s, limit: limit}
	}
	return s
}

// Framing tells which framing the Splitter reads.
func (s *Splitter) Framing() Framing { return s.framing }

// Write adds the next bytes of the stream and returns the events that are now complete. Events and Splitter point into
// p where they can: the caller must not change p afterwards.
func (s *Splitter) Write(p []byte) []Event {
	if len(s.buf) == 0 {
		s.buf = p[:len(p):len(p)]
	} else {
		s.buf = append(s.buf, p...)
	}
	return s.take(false)
}

// Close tells that the stream has ended and returns what its end leaves: an event that lacks its final blank line, a
// last line without line end, the whole document.
func (s *Splitter) Close() []Event { return s.take(true) }

func (s *Splitter) take(end bool) []Event {
	var events []Event
	for {
		ev, found, used := s.cut.next(s.buf, end)
		if found {
			ev.Offset += s.offset
			ev.Data = ev.Data[:len(ev.Data):len(ev.Data)]
			events = append(events, ev)
		}
		s.buf = s.buf[used:]
		s.offset += used
		if !found && used == 0 {
			return events
		}
	}
}

// wholeFramer waits for the end of a document.
type wholeFramer struct {
	splitter *Splitter
	limit    int
	over     bool
}

func (f *wholeFramer) next(b []byte, end bool) (Event, bool, int) {
	if len(b) > 0 && (f.over || len(b) > f.limit) {
		if !f.over {
			f.splitter.Dropped++
		}
		f.over = true
		return Event{}, false, len(b)
	}
	if !end || len(b) == 0 {
		return Event{}, false, 0
	}
	return Event{Data: b}, true, len(b)
}
