package schema

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrDamaged says that bytes are not what MarshalBinary wrote.
var ErrDamaged = errors.New("schema: not a shape")

const (
	kept      = 1              // version of the form
	keptDepth = 2*maxDepth + 8 // a variant or map adds a level
	keptNodes = 3 * maxNodes   // merging may exceed what adding may
	keptText  = 1 << 16        // bytes of one name or value
)

// What a node has, as bits.
const (
	hasText = 1 << iota
	hasChoices
	hasMembers
	hasItems
	hasVariants
	hasValues
	isDeep
	isCut
)

// MarshalBinary writes everything a Schema knows.
func (s *Schema) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

// AppendBinary appends what MarshalBinary writes.
func (s *Schema) AppendBinary(b []byte) ([]byte, error) { return s.keep(append(b, kept)), nil }

func (s *Schema) has() (bits byte) {
	set := func(bit byte, has bool) {
		if has {
			bits |= bit
		}
	}
	set(hasText, s.Text != nil)
	set(hasChoices, s.Text != nil && s.Text.Values != nil)
	set(hasMembers, s.Members != nil)
	set(hasItems, s.Items != nil)
	set(hasVariants, s.Variants != nil)
	set(hasValues, s.Values != nil)
	set(isDeep, s.Deep)
	set(isCut, s.Cut)
	return bits
}

func (s *Schema) keep(b []byte) []byte {
	b = append(b, s.has())
	for _, n := range []int64{s.Count, s.Nulls, s.Booleans, s.Integers, s.Numbers, s.Strings, s.Objects, s.Arrays} {
		b = number(b, n)
	}
	if s.Text != nil {
		b = number(b, int64(s.Text.Longest))
		b = counts(b, s.Text.Formats)
		if s.Text.Values != nil {
			b = counts(b, s.Text.Values)
		}
	}
	if s.Members != nil {
		b = number(b, int64(len(s.Order)))
		for _, name := range s.Order {
			b = number(text(b, name), s.Members[name].Present)
			b = s.Members[name].keep(b)
		}
	}
	if s.Items != nil {
		b = s.Items.keep(b)
	}
	if s.Variants != nil {
		b = number(text(b, s.Tag), int64(len(s.Variants)))
		for name, v := range s.Variants {
			b = v.keep(text(b, name))
		}
	}
	if s.Values != nil {
		b = s.Values.keep(b)
	}
	return b
}

func number(b []byte, n int64) []byte {
	if n >= 0 && n < 0x80 { // most are
		return append(b, byte(n))
	}
	return binary.AppendUvarint(b, uint64(max(n, 0)))
}

func text(b []byte, s string) []byte { return append(number(b, int64(len(s))), s...) }

// counts writes a map in whatever order it comes: sorting would cost more than all the rest.
func counts(b []byte, m map[string]int64) []byte {
	b = number(b, int64(len(m)))
	for name, n := range m {
		b = number(text(b, name), n)
	}
	return b
}

// UnmarshalBinary reads what MarshalBinary wrote into an empty Schema. What is none, or more than a Schema may hold,
// fails with ErrDamaged and leaves it empty.
func (s *Schema) UnmarshalBinary(data []byte) error {
	if len(data) == 0 || data[0] != kept {
		return fmt.Errorf("%w of version %d", ErrDamaged, kept)
	}
	r := &reader{rest: data[1:], room: keptNodes}
	var read Schema
	r.schema(&read, 0)
	if r.failed || len(r.rest) > 0 {
		return ErrDamaged
	}
	*s = read
	return nil
}

// reader takes a shape apart. After a failure it gives zeros.
type reader struct {
	rest   []byte
	room   int
	failed bool
}

func (r *reader) fail() int {
	r.failed, r.rest = true, nil
	return 0
}

func (r *reader) number() int64 {
	n, used := binary.Uvarint(r.rest)
	if used <= 0 || n > 1<<60 {
		return int64(r.fail())
	}
	r.rest = r.rest[used:]
	return int64(n)
}

// count reads how many things follow, each at least one byte.
func (r *reader) count(most int) int {
	n := r.number()
	if n > int64(most) || n > int64(len(r.rest)) {
		return r.fail()
	}
	return int(n)
}

func (r *reader) text() string {
	n := r.count(keptText)
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *reader) counts() map[string]int64 {
	m := map[string]int64{}
	for range r.count(4 * maxEnum) {
		m[r.text()] = r.number()
	}
	return m
}

func (r *reader) schema(s *Schema, depth int) {
	r.room--
	if len(r.rest) == 0 || r.room < 0 || depth > keptDepth {
		r.fail()
		return
	}
	has := r.rest[0]
	r.rest = r.rest[1:]
	for _, n := range []*int64{&s.Count, &s.Nulls, &s.Booleans, &s.Integers, &s.Numbers, &s.Strings, &s.Objects, &s.Arrays} {
		*n = r.number()
	}
	s.Deep, s.Cut = has&isDeep != 0, has&isCut != 0
	if has&hasText != 0 {
		s.Text = &Text{Longest: int(r.number()), Formats: r.counts()}
		if has&hasChoices != 0 {
			s.Text.Values = r.counts()
		}
	} else if has&hasChoices != 0 {
		r.fail()
	}
	if has&hasMembers != 0 {
		r.members(s, depth)
	}
	if has&hasItems != 0 {
		s.Items = &Schema{}
		r.schema(s.Items, depth+1)
	}
	if has&hasVariants != 0 {
		r.variants(s, depth)
	}
	if has&hasValues != 0 {
		s.Values = &Schema{}
		r.schema(s.Values, depth+1)
	}
}

func (r *reader) members(s *Schema, depth int) {
	s.Members = map[string]*Field{}
	for range r.count(maxMembers) {
		name := r.text()
		f := &Field{Present: r.number(), private: private(name)}
		r.schema(&f.Schema, depth+1)
		if r.failed || s.Members[name] != nil {
			r.fail()
			return
		}
		s.Members[name] = f
		s.Order = append(s.Order, name)
	}
}

func (r *reader) variants(s *Schema, depth int) {
	s.Tag, s.Variants = r.text(), map[string]*Schema{}
	for range r.count(maxVariants) {
		name := r.text()
		v := &Schema{}
		r.schema(v, depth+1)
		if r.failed || s.Variants[name] != nil {
			r.fail()
			return
		}
		s.Variants[name] = v
	}
}
