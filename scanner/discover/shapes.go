package discover

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"assay/scanner"
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

// retemplate carries what is known of path parameters over to another template of the same paths: what is called otherwise
// keeps its values, and what was a fixed segment was one value.
func (s *shapes) retemplate(was, is string) {
	at := slices.IndexFunc(s.list, func(each *Shape) bool { return each.Side == SidePath })
	old, fresh := &schema.Schema{}, &Shape{Side: SidePath, N: s.n, Schema: &schema.Schema{}}
	if at >= 0 {
		old = s.list[at].Schema
		s.list = slices.Delete(s.list, at, at+1)
	}
	s.changed = true
	kept, fixed := &schema.Schema{Members: map[string]*schema.Field{}}, []formField(nil)
	for _, f := range pathFields(is, was) {
		name, _, open := strings.Cut(strings.TrimPrefix(f.value, "{"), "}")
		if !open || f.value[0] != '{' {
			fixed = append(fixed, f)
		} else if member := old.Members[name]; member != nil && kept.Members[f.name] == nil {
			kept.Members[f.name] = member
			kept.Order = append(kept.Order, f.name)
			kept.Count, kept.Objects = old.Count, old.Objects
		}
	}
	if len(fixed) > 0 {
		var doc schema.Document
		if doc.Parse(record(fixed)) == nil {
			fresh.Schema.AddRecord(doc.Root(), nil)
		}
	}
	fresh.Schema.Merge(kept)
	if len(fresh.Schema.Members) > 0 {
		s.list = append(s.list, fresh)
	}
}

// catchUp counts what was folded after the shapes were kept: it changed nothing but counts, or they had been kept anew. n is
// how many exchanges the endpoint has, and list the inputs as they were told last.
func (s *shapes) catchUp(n int64, list []scanner.Parameter) {
	if n <= s.n {
		return
	}
	s.n = n
	for _, each := range parameterSides {
		for _, shape := range s.list {
			if shape.Side == each.side {
				shape.catchUp(each.in, list)
			}
		}
	}
}

func (s *Shape) catchUp(in string, list []scanner.Parameter) {
	counted := map[string]int64{}
	for _, p := range parametersOf(s, in, 0) {
		counted[p.Name] = p.N
	}
	parts := []*schema.Schema{s.Schema}
	for _, variant := range s.Schema.Variants {
		parts = append(parts, variant)
	}
	for i, part := range parts {
		missing := int64(0)
		for _, p := range list {
			f, behind := part.Members[p.Name], p.N-counted[p.Name]
			if p.In != in || f == nil || behind <= 0 {
				continue
			}
			f.Present += behind
			counted[p.Name] = p.N
			missing = max(missing, behind)
		}
		part.Objects += missing
		part.Count += missing
		s.N += missing
		if i > 0 {
			s.Schema.Objects += missing
			s.Schema.Count += missing
		}
	}
}

// merge adds all that other has seen.
func (s *shapes) merge(other *shapes) {
	s.n += other.n
	s.lines = max(s.lines, other.lines)
	s.changed = true
	for _, theirs := range other.list {
		mine := s.side(theirs.Side, theirs.Status)
		mine.N += theirs.N
		mine.Skipped += theirs.Skipped
		mine.Schema.Merge(theirs.Schema)
		mine.Schema.Bound()
	}
}

// write returns what readShapes reads. room is memory to work in, and what it became.
func (s *shapes) write(room []byte) (b, grown []byte, err error) {
	b = append(make([]byte, 0, s.size+s.size/8+64), keptShapes)
	b = binary.AppendUvarint(b, uint64(s.n))
	b = binary.AppendUvarint(b, uint64(s.lines))
	b = binary.AppendUvarint(b, uint64(len(s.list)))
	for _, each := range s.list {
		if room, err = each.Schema.AppendBinary(room[:0]); err != nil {
			return nil, room, fmt.Errorf("write the shape of %s: %w", each.Side, err)
		}
		for _, word := range []string{string(each.Side), each.Status} {
			b = append(binary.AppendUvarint(b, uint64(len(word))), word...)
		}
		b = binary.AppendUvarint(b, uint64(each.N))
		b = binary.AppendUvarint(b, uint64(each.Skipped))
		b = append(binary.AppendUvarint(b, uint64(len(room))), room...)
	}
	return b, room, nil
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
