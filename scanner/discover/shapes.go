package discover

import (
	"encoding/binary"
	"errors"
	"fmt"

	"assay/scanner/schema"
)

// ErrDamaged says that bytes are not what Fold.Shapes holds.
var ErrDamaged = errors.New("discover: not shapes of an endpoint")

// Side names what a Shape is the shape of.
type Side string

// The sides. Those of parameters are objects with the parameters as members.
const (
	SideRequest  Side = "request"  // body
	SideParams   Side = "params"   // of JSON-RPC, variables of GraphQL
	SideResponse Side = "response" // body
	SideResult   Side = "result"   // of JSON-RPC
	SideEvent    Side = "event"    // one event of a stream
	SideSent     Side = "sent"     // a message of a WebSocket client
	SideReceived Side = "received" // a message for it
	SidePath     Side = "path"
	SideQuery    Side = "query"
	SideHeader   Side = "header" // of the request, only telling ones
	SideCookie   Side = "cookie" // of the request, names only
	SideForm     Side = "form"
)

// Shape is what was learned of one side of an endpoint.
type Shape struct {
	Side    Side
	Status  string // of answers: 2xx, 4xx, …; empty otherwise
	N       int64  // exchanges, events or messages that had it
	Skipped int64  // that were too large to look into
	Schema  *schema.Schema
}

// Shapes reads what Fold.Shapes and Archive.Shape hold.
func Shapes(blob []byte) ([]Shape, error) {
	s, err := readShapes(blob)
	if err != nil {
		return nil, err
	}
	list := make([]Shape, len(s.list))
	for i, each := range s.list {
		list[i] = *each
	}
	return list, nil
}

// shapes are all sides of an endpoint.
type shapes struct {
	n     int64 // exchanges
	lines int64 // of the timeline that were written about them
	list  []*Shape

	changed bool  // beyond counts, since they were kept
	kept    int64 // n when they were kept
	used    int64 // batch that used them last
	size    int   // bytes when they were kept
}

const (
	keptShapes = 1  // version of the form
	maxSides   = 32 // of an endpoint
)

// side returns a side, making it.
func (s *shapes) side(side Side, status string) *Shape {
	for _, each := range s.list {
		if each.Side == side && each.Status == status {
			return each
		}
	}
	made := &Shape{Side: side, Status: status, Schema: &schema.Schema{}}
	if len(s.list) < maxSides {
		s.list = append(s.list, made)
	}
	return made
}

// forget drops a side.
func (s *shapes) forget(side Side) {
	kept := s.list[:0]
	for _, each := range s.list {
		if each.Side != side {
			kept = append(kept, each)
		}
	}
	s.list = kept
	s.changed = true
}

// merge adds all that other has seen, but for path parameters, which are called otherwise there.
func (s *shapes) merge(other *shapes) {
	s.n += other.n
	s.lines = max(s.lines, other.lines)
	s.changed = true
	for _, theirs := range other.list {
		if theirs.Side == SidePath {
			continue
		}
		mine := s.side(theirs.Side, theirs.Status)
		mine.N += theirs.N
		mine.Skipped += theirs.Skipped
		mine.Schema.Merge(theirs.Schema)
		mine.Schema.Bound()
	}
}

func (s *shapes) write() ([]byte, error) {
	b := []byte{keptShapes}
	b = binary.AppendUvarint(b, uint64(s.n))
	b = binary.AppendUvarint(b, uint64(s.lines))
	b = binary.AppendUvarint(b, uint64(len(s.list)))
	for _, each := range s.list {
		data, err := each.Schema.MarshalBinary()
		if err != nil {
			return nil, fmt.Errorf("write the shape of %s: %w", each.Side, err)
		}
		for _, word := range []string{string(each.Side), each.Status} {
			b = append(binary.AppendUvarint(b, uint64(len(word))), word...)
		}
		b = binary.AppendUvarint(b, uint64(each.N))
		b = binary.AppendUvarint(b, uint64(each.Skipped))
		b = append(binary.AppendUvarint(b, uint64(len(data))), data...)
	}
	return b, nil
}

func readShapes(blob []byte) (*shapes, error) {
	if len(blob) == 0 || blob[0] != keptShapes {
		return nil, fmt.Errorf("%w of version %d", ErrDamaged, keptShapes)
	}
	r := &shapesReader{rest: blob[1:]}
	s := &shapes{n: r.number(), lines: r.number(), size: len(blob)}
	count := r.number()
	if count > maxSides {
		return nil, ErrDamaged
	}
	for range count {
		each := &Shape{Side: Side(r.bytes()), Status: string(r.bytes()), N: r.number(), Skipped: r.number(), Schema: &schema.Schema{}}
		if err := each.Schema.UnmarshalBinary(r.bytes()); err != nil || r.failed {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		s.list = append(s.list, each)
	}
	if r.failed || len(r.rest) > 0 {
		return nil, ErrDamaged
	}
	s.kept = s.n
	return s, nil
}

// shapesReader takes shapes apart. After a failure it gives nothing.
type shapesReader struct {
	rest   []byte
	failed bool
}

func (r *shapesReader) number() int64 {
	n, used := binary.Uvarint(r.rest)
	if used <= 0 || n > 1<<60 {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[used:]
	return int64(n)
}

func (r *shapesReader) bytes() []byte {
	n := r.number()
	if n > int64(len(r.rest)) {
		r.failed, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
