package llm

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
)

// The parts of an event stream message: two lengths and their checksum, headers, payload, checksum of all before
// (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html).
const (
	awsPrelude  = 12
	awsChecksum = 4
)

// awsFramer reads application/vnd.amazon.eventstream. A message whose checksum is wrong is dropped and counted; after
// a prelude whose checksum is wrong nothing can be found again, the rest counts as one dropped event.
type awsFramer struct {
	splitter *Splitter
	limit    int
	skip     int  // bytes of a message that is too long
	lost     bool // no prelude can be trusted any more
}

func (f *awsFramer) next(b []byte, end bool) (Event, bool, int) {
	if f.lost {
		return Event{}, false, len(b)
	}
	if f.skip > 0 {
		n := min(f.skip, len(b))
		f.skip -= n
		return Event{}, false, n
	}
	if len(b) < awsPrelude {
		return f.rest(b, end)
	}
	total := int64(binary.BigEndian.Uint32(b))
	headers := int64(binary.BigEndian.Uint32(b[4:]))
	if crc32.ChecksumIEEE(b[:8]) != binary.BigEndian.Uint32(b[8:]) || headers > total-awsPrelude-awsChecksum {
		f.lost = true
		f.splitter.Dropped++
		return Event{}, false, len(b)
	}
	if total > int64(f.limit) {
		f.splitter.Dropped++
		f.skip = int(total)
		return f.next(b, end)
	}
	if int64(len(b)) < total {
		return f.rest(b, end)
	}
	sum := total - awsChecksum
	if crc32.ChecksumIEEE(b[:sum]) != binary.BigEndian.Uint32(b[sum:]) {
		f.splitter.Dropped++
		return Event{}, false, int(total)
	}
	ev := awsEvent(b[awsPrelude:awsPrelude+headers], b[awsPrelude+headers:sum])
	return ev, true, int(total)
}

// rest counts what an interrupted stream leaves of a message.
func (f *awsFramer) rest(b []byte, end bool) (Event, bool, int) {
	if !end || len(b) == 0 {
		return Event{}, false, 0
	}
	f.splitter.Dropped++
	return Event{}, false, len(b)
}

// awsEvent names a message: by its event type, by its exception type, or by its error code, whose message then stands
// in for the payload.
func awsEvent(headers, payload []byte) Event {
	ev := Event{Data: payload}
	var code, message string
	for len(headers) > 0 {
		name, value, rest := awsHeader(headers)
		headers = rest
		switch name {
		case ":event-type", ":exception-type":
			ev.Name = value
		case ":error-code":
			code = value
		case ":error-message":
			message = value
		}
	}
	if ev.Name == "" && code != "" {
		ev.Name = code
		if len(payload) == 0 {
			ev.Data, _ = json.Marshal(map[string]string{"message": message})
		}
	}
	return ev
}

// awsHeaderSizes are the sizes of header values by type: true, false, byte, short, integer, long, bytes, string,
// timestamp, UUID. A size of -1 stands for a length of two bytes before the value.
var awsHeaderSizes = [...]int{0, 0, 1, 2, 4, 8, -1, -1, 8, 16}

// awsHeader reads the header at the front of b; value is empty for all types but strings. What it cannot read ends b.
func awsHeader(b []byte) (name, value string, rest []byte) {
	n := int(b[0])
	if len(b) < n+2 || int(b[n+1]) >= len(awsHeaderSizes) {
		return "", "", nil
	}
	name, kind, rest := string(b[1:n+1]), b[n+1], b[n+2:]
	size := awsHeaderSizes[kind]
	if size < 0 {
		if len(rest) < 2 {
			return "", "", nil
		}
		size, rest = int(binary.BigEndian.Uint16(rest)), rest[2:]
	}
	if len(rest) < size {
		return "", "", nil
	}
	if kind == 7 {
		value = string(rest[:size])
	}
	return name, value, rest[size:]
}
