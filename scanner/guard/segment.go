package guard

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"assay/llm"
)

// framing is how a streamed answer is laid out.
type framing uint8

const (
	framingWhole framing = iota // no stream
	framingSSE
	framingLines
	framingArray // one JSON array, its elements are the events
	framingAWS
	framingPlain // text as it comes
)

// framingOf tells by the media type of an answer, and by what was asked for, whether it is a stream.
func framingOf(media string, size int64, conv *llm.Conversation) framing {
	switch {
	case media == "text/event-stream":
		return framingSSE
	case media == "application/vnd.amazon.eventstream":
		return framingAWS
	case strings.HasSuffix(media, "ndjson"), strings.HasSuffix(media, "jsonl"), strings.HasSuffix(media, "json-lines"), media == "application/stream+json", media == "application/json-seq":
		return framingLines
	case media == "application/json" && conv.Family == "gemini.streamGenerateContent":
		return framingArray
	case media == "application/json" && size < 0 && conv.StreamAsked:
		return framingLines
	case media == "text/plain" && conv.Kind != llm.KindPlain && (conv.StreamAsked || conv.Streamed || conv.Kind == llm.KindChatBackend):
		return framingPlain
	}
	return framingWhole
}

// mostSegment bounds one event; a longer one is taken for text as it comes.
const mostSegment = 1 << 20

// segmenter cuts a stream into its events. Put together they are the stream, byte for byte.
type segmenter struct {
	framing framing
	buf     []byte
	seen    int // no end in buf[:seen]
	depth   int // of an array
	text    bool
	escaped bool
}

// write adds bytes and returns the events that are whole now. They share nothing with p.
func (s *segmenter) write(p []byte) [][]byte {
	s.buf = append(s.buf, p...)
	var out [][]byte
	for {
		n := s.end()
		if n <= 0 {
			if len(s.buf) <= mostSegment {
				return out
			}
			n = len(s.buf)
		}
		out = append(out, bytes.Clone(s.buf[:n]))
		s.buf, s.seen = s.buf[n:], 0
	}
}

// rest is what no event has taken.
func (s *segmenter) rest() []byte {
	rest := s.buf
	s.buf, s.seen = nil, 0
	return rest
}

// end is the length of the event at the front, 0 while it is not whole.
func (s *segmenter) end() int {
	if len(s.buf) == 0 {
		return 0
	}
	switch s.framing {
	case framingSSE:
		return s.blankLine()
	case framingLines:
		i := bytes.IndexByte(s.buf[s.seen:], '\n')
		if i < 0 {
			s.seen = len(s.buf)
			return 0
		}
		return s.seen + i + 1
	case framingArray:
		return s.element()
	case framingAWS:
		return s.message()
	default:
		return len(s.buf)
	}
}

// blankLine finds the empty line that ends an event.
func (s *segmenter) blankLine() int {
	b := s.buf
	for i := max(s.seen-3, 0); i < len(b); i++ {
		if b[i] != '\n' && b[i] != '\r' {
			continue
		}
		next := i + 1
		if b[i] == '\r' && next < len(b) && b[next] == '\n' {
			next++
		}
		if next >= len(b) {
			break
		}
		if b[next] == '\n' {
			return next + 1
		}
		if b[next] == '\r' {
			if next+1 < len(b) && b[next+1] == '\n' {
				return next + 2
			}
			return next + 1
		}
	}
	s.seen = len(b)
	return 0
}

// element finds the end of an element of the array.
func (s *segmenter) element() int {
	for i := s.seen; i < len(s.buf); i++ {
		c := s.buf[i]
		switch {
		case s.escaped:
			s.escaped = false
		case s.text && c == '\\':
			s.escaped = true
		case c == '"':
			s.text = !s.text
		case s.text:
		case c == '{' || c == '[':
			s.depth++
		case c == '}' || c == ']':
			s.depth--
			if s.depth <= 1 {
				return i + 1
			}
		}
	}
	s.seen = len(s.buf)
	return 0
}

// The parts of a message of an AWS event stream that frame it.
const (
	awsPrelude = 12
	awsSum     = 4
)

// message is the length that a message of an AWS event stream says it has.
func (s *segmenter) message() int {
	if len(s.buf) < awsPrelude {
		return 0
	}
	n := int64(binary.BigEndian.Uint32(s.buf))
	if n < awsPrelude+awsSum || n > mostSegment {
		s.framing = framingPlain // no message: what comes is passed on as it is
		return len(s.buf)
	}
	if int64(len(s.buf)) < n {
		return 0
	}
	return int(n)
}

// payloadOf finds the data of an event: from and to are bytes of it. ok is false where it has none that is read.
func payloadOf(raw []byte, f framing) (from, to int, ok bool) {
	switch f {
	case framingAWS:
		if len(raw) < awsPrelude+awsSum {
			return 0, 0, false
		}
		from = awsPrelude + int(binary.BigEndian.Uint32(raw[4:]))
		to = len(raw) - awsSum
		return from, to, from <= to && from >= awsPrelude
	default:
		return 0, len(raw), true
	}
}

// framed puts another payload into an event.
func framed(raw []byte, from, to int, payload []byte, f framing) []byte {
	out := make([]byte, 0, len(raw)+len(payload)-(to-from))
	out = append(append(append(out, raw[:from]...), payload...), raw[to:]...)
	if f == framingAWS {
		sumAWS(out)
	}
	return out
}

// sumAWS writes the length and the checksums of a message.
func sumAWS(m []byte) {
	binary.BigEndian.PutUint32(m, uint32(len(m)))
	binary.BigEndian.PutUint32(m[8:], crc32.ChecksumIEEE(m[:8]))
	end := len(m) - awsSum
	binary.BigEndian.PutUint32(m[end:], crc32.ChecksumIEEE(m[:end]))
}

// awsFailure is an exception in an AWS event stream.
func awsFailure(text string) []byte {
	var headers []byte
	for _, h := range [][2]string{
		{":message-type", "exception"}, {":exception-type", "validationException"}, {":content-type", "application/json"},
	} {
		headers = append(append(headers, byte(len(h[0]))), h[0]...)
		headers = binary.BigEndian.AppendUint16(append(headers, 7), uint16(len(h[1])))
		headers = append(headers, h[1]...)
	}
	m := make([]byte, awsPrelude, 256)
	binary.BigEndian.PutUint32(m[4:], uint32(len(headers)))
	m = append(append(m, headers...), quoted(object{"message", text})...)
	m = append(m, 0, 0, 0, 0)
	sumAWS(m)
	return m
}
