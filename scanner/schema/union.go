package schema

import "slices"

// tags are members whose value often tells what an object is, the surest first.
var tags = []string{"type", "object", "event", "kind", "role", "__typename", "$type", "@type", "_type"}

// tagOf is the member that may tell variants apart.
func tagOf(o Value) string {
	best := len(tags)
	for name, member := range o.Members() {
		at := slices.Index(tags, string(name.plain()))
		if at < 0 {
			continue
		}
		if _, ok := tagValue(member); ok && at < best {
			best = at
		} else if !ok && at == best { // the last of the same name counts
			best = len(tags)
		}
	}
	if best == len(tags) {
		return ""
	}
	return tags[best]
}

// tagValue is the name of a variant.
func tagValue(v Value) (name string, ok bool) {
	if v.Kind() != String || len(v.Raw()) > maxEnumText {
		return "", false
	}
	name = v.Text()
	return name, name != ""
}

// variant adds an object to the variant its tag names. It fails when the tag is missing or there are too many: then the
// tag was none.
func (a *adder) variant(s *Schema, o Value) bool {
	name, ok := tagValue(o.Get(s.Tag))
	if !ok {
		return false
	}
	v := s.Variants[name]
	if v == nil {
		if len(s.Variants) >= maxVariants || a.size >= maxNodes {
			return false
		}
		v = a.node()
		s.Variants[name] = v
	}
	v.Count++
	v.Objects++
	if v.Values != nil {
		a.values(v, o)
		return true
	}
	a.members(v, o)
	return true
}

// joinVariants gives up telling variants apart.
func (s *Schema) joinVariants() {
	variants := s.Variants
	s.Tag, s.Variants = "", nil
	own := s.Objects
	s.Objects = 0
	for _, name := range sorted(variants) {
		v := variants[name]
		v.Count = 0
		s.Merge(v)
	}
	s.Objects = own
}

// Merge adds everything that other has seen. other is not used any more afterwards.
func (s *Schema) Merge(other *Schema) {
	mine, theirs := s.Cut, other.Cut
	s.size = 0
	s.Count += other.Count
	s.Nulls += other.Nulls
	s.Booleans += other.Booleans
	s.Integers += other.Integers
	s.Numbers += other.Numbers
	s.Strings += other.Strings
	s.Arrays += other.Arrays
	s.Deep, s.Cut = s.Deep || other.Deep, s.Cut || other.Cut
	s.mergeText(other.Text)
	switch {
	case other.Items != nil && s.Items == nil && !mine:
		s.Items = other.Items
	case other.Items != nil && s.Items != nil:
		s.Items.Merge(other.Items)
	case other.Items == nil && theirs && s.Items != nil:
		s.Items.Deep = true // what the other did not look at may be anything
	}
	if theirs {
		for _, name := range s.Order {
			if other.Members[name] == nil {
				s.Members[name].Deep = true
			}
		}
	}
	s.mergeObjects(other, mine)
}

func (s *Schema) mergeText(other *Text) {
	switch {
	case other == nil:
	case s.Text == nil:
		s.Text = other
	default:
		t := s.Text
		t.Longest = max(t.Longest, other.Longest)
		for f, n := range other.Formats {
			if t.Formats == nil {
				t.Formats = map[string]int64{}
			}
			t.Formats[f] += n
		}
		if t.Values == nil || other.Values == nil {
			t.Values = nil
			return
		}
		for v, n := range other.Values {
			t.Values[v] += n
		}
		if len(t.Values) > maxEnum {
			t.Values = nil
		}
	}
}

func (s *Schema) mergeObjects(other *Schema, cut bool) {
	before := s.Objects
	s.Objects += other.Objects
	if other.Objects == 0 {
		return
	}
	if before == 0 {
		s.Members, s.Order, s.Tag, s.Variants, s.Values = other.Members, other.Order, other.Tag, other.Variants, other.Values
		return
	}
	if s.Variants != nil && s.Tag == other.Tag && other.Variants != nil {
		s.mergeVariants(other)
		return
	}
	for _, x := range []*Schema{s, other} {
		if x.Variants != nil {
			x.joinVariants()
		}
	}
	if (s.Values == nil) != (other.Values == nil) {
		for _, x := range []*Schema{s, other} {
			if x.Values == nil {
				x.becomeMap()
			}
		}
	}
	if s.Values != nil {
		s.Values.Merge(other.Values)
		return
	}
	s.mergeMembers(other, cut)
}

func (s *Schema) mergeVariants(other *Schema) {
	for _, name := range sorted(other.Variants) {
		if mine := s.Variants[name]; mine != nil {
			mine.Merge(other.Variants[name])
			continue
		}
		s.Variants[name] = other.Variants[name]
	}
	if len(s.Variants) > maxVariants {
		s.joinVariants()
	}
}

func (s *Schema) mergeMembers(other *Schema, cut bool) {
	if s.Members == nil {
		s.Members = map[string]*Field{}
	}
	for _, name := range other.Order {
		theirs := other.Members[name]
		mine := s.Members[name]
		if mine == nil {
			if cut || len(s.Members) >= maxMembers {
				s.Cut = true
				continue
			}
			s.Members[name] = theirs
			s.Order = append(s.Order, name)
			continue
		}
		mine.Present += theirs.Present
		mine.Merge(&theirs.Schema)
	}
}

// namesAreData reports whether the names of members are rather ids, numbers or dates than words somebody chose: most
// look so, and each occurs in few of the objects.
func (s *Schema) namesAreData() bool {
	data := 0
	for name := range s.Members {
		if looksLikeData(name) {
			data++
		}
	}
	return data*10 >= len(s.Members)*8
}

// becomeMap joins the members to one shape of values.
func (s *Schema) becomeMap() {
	s.Values = &Schema{Deep: s.Cut}
	for _, name := range s.Order {
		s.Values.Merge(&s.Members[name].Schema)
	}
	s.Members, s.Order = nil, nil
}

// Bound gives up a shape that merging made larger than a Schema may be: what it says of the documents is then nothing,
// which is not wrong.
func (s *Schema) Bound() {
	if s.nodes() > 2*maxNodes {
		*s = Schema{Count: s.Count, Deep: true, Cut: true}
	}
}

// nodes counts the places of a shape.
func (s *Schema) nodes() int {
	n := 1
	for _, f := range s.Members {
		n += f.nodes()
	}
	for _, v := range s.Variants {
		n += v.nodes()
	}
	for _, below := range []*Schema{s.Items, s.Values} {
		if below != nil {
			n += below.nodes()
		}
	}
	return n
}
