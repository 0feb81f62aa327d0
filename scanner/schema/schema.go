package schema

import (
	"slices"
)

// Schema is the shape of all documents that were added. The zero Schema has seen none.
type Schema struct {
	Count    int64 // values seen here
	Nulls    int64
	Booleans int64
	Integers int64
	Numbers  int64 // that are no integers
	Strings  int64
	Objects  int64
	Arrays   int64

	Text    *Text             // of strings
	Members map[string]*Field // of objects that are no variants and no maps
	Order   []string          // of Members, as first seen
	Items   *Schema           // of arrays; nil when all were empty

	// Tag is the member that tells variants apart, and Variants their shapes by its value. Members is empty then.
	Tag      string
	Variants map[string]*Schema

	// Values is the shape of the members of an object that is a map: its keys are data (ids, dates), not names.
	Values *Schema

	Deep bool // something deeper than Limits allow was not looked at
	Cut  bool // more members, variants or items than Limits allow were not looked at

	size   int  // nodes of the whole shape, at its root; 0 when nobody counted
	partly bool // at the root: see Partly
}

// Partly reports whether something in the documents that were added to this shape was too deep or too much to be looked
// at. It is not kept: after a shape was read it tells of documents since.
func (s *Schema) Partly() bool { return s.partly }

// Field is a member of an object.
type Field struct {
	Schema
	Present int64 // in how many of the objects
	private bool  // its values are not kept
	stamp   int64 // the object that had it last
}

// Text is what is known of strings.
type Text struct {
	Values  map[string]int64 // nil once there were too many for an enum, or they are no choices: secrets, names, free text
	Formats map[string]int64 // uuid, date-time, date, email, uri, ipv4, ipv6, byte: how many strings had it
	Longest int
}

// Bounds of what a Schema remembers.
const (
	maxDepth    = 48  // levels below the document
	maxMembers  = 400 // of one object
	maxVariants = 64
	maxEnum     = 12    // distinct values
	maxEnumText = 64    // bytes of one
	maxName     = 256   // bytes of a member's name
	maxNodes    = 5_000 // places of the whole shape
	mapKeys     = 24    // members whose names look like data make a map
)

// Optional reports whether a member was missing in some of the objects.
func (s *Schema) Optional(name string) bool {
	f := s.Members[name]
	return f == nil || f.Present < s.Objects
}

// Enum returns the values of a string that has few, sorted; nil when it is free text.
func (s *Schema) Enum() []string {
	if s.Text == nil || s.Text.Values == nil || s.Strings < 4 || int64(len(s.Text.Values))*2 > s.Strings {
		return nil
	}
	values := make([]string, 0, len(s.Text.Values))
	for v := range s.Text.Values {
		values = append(values, v)
	}
	slices.Sort(values)
	return values
}

// Format returns the format that every string had, or "".
func (s *Schema) Format() string {
	if s.Text == nil || s.Strings == 0 {
		return ""
	}
	for format, n := range s.Text.Formats {
		if n == s.Strings {
			return format
		}
	}
	return ""
}

// Types lists the JSON types seen, in the order of JSON Schema's own documents.
func (s *Schema) Types() []string {
	var types []string
	for _, t := range []struct {
		name string
		n    int64
	}{
		{"null", s.Nulls}, {"boolean", s.Booleans}, {"object", s.Objects}, {"array", s.Arrays}, {"string", s.Strings},
	} {
		if t.n > 0 {
			types = append(types, t.name)
		}
	}
	switch {
	case s.Numbers > 0:
		types = append(types, "number")
	case s.Integers > 0:
		types = append(types, "integer")
	}
	return types
}
