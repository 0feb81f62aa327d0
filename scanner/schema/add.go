package schema

import (
	"errors"
	"strings"
	"sync"
)

// ErrNotJSON says that a document is no JSON; nothing of it was added.
var ErrNotJSON = errors.New("not JSON")

var documents = sync.Pool{New: func() any { return &Document{} }}

// Add adds one document. A document that breaks off or holds more than one value fails with ErrNotJSON, one that is too
// large with ErrLarge, and adds nothing.
func (s *Schema) Add(document []byte) error {
	d, _ := documents.Get().(*Document)
	defer func() {
		d.text = nil
		documents.Put(d)
	}()
	if err := d.Parse(document); err != nil {
		return err
	}
	s.AddValue(d.Root(), nil)
	return nil
}

// News is something a document had that none of those before it did.
type News struct {
	Path string // a JSON pointer in which * stands for any index; of a map's values too
	Type string // the JSON type; of a new member its own
	New  bool   // the member is new; otherwise it had other types only
}

// Watch asks AddValue what is new. Only places that at least After documents had are watched: what is hardly known is
// not news. At most Most are told.
type Watch struct {
	After     int64
	Most      int
	TypesOnly bool // new members are no news
	News      []News
}

// AddValue adds a value of a document that was parsed and reports whether the shape is another than before, beyond its
// counts. w may be nil.
func (s *Schema) AddValue(v Value, w *Watch) (changed bool) {
	return s.addRoot(v, w, false)
}

// AddRecord does the same with an object whose members are independent of each other, as the parameters of a request
// are: none of them tells variants apart.
func (s *Schema) AddRecord(v Value, w *Watch) (changed bool) {
	return s.addRoot(v, w, true)
}

func (s *Schema) addRoot(v Value, w *Watch, flat bool) bool {
	if v.Kind() == 0 {
		return false
	}
	if s.size == 0 {
		s.size = s.nodes()
	}
	a, _ := adders.Get().(*adder)
	defer adders.Put(a)
	*a = adder{size: s.size, watch: w, flat: flat, path: a.path[:0]}
	a.add(s, v)
	s.size, s.partly, a.watch = a.size, s.partly || a.partly, nil
	clear(a.path[:cap(a.path)])
	return a.changed
}

var adders = sync.Pool{New: func() any { return &adder{} }}

// adder adds one document.
type adder struct {
	size    int     // nodes of the whole shape
	changed bool    // the shape
	partly  bool    // something was not looked at
	watch   *Watch  // may be nil
	path    []Value // names to where the adder is, while it is watched; absent for any index
	flat    bool    // the document's members are its own, whatever they are called
}

func (a *adder) add(s *Schema, v Value) {
	known := s.Count
	s.Count++
	switch v.Kind() {
	case Null:
		a.count(&s.Nulls)
	case Bool:
		a.count(&s.Booleans)
		a.typed(s.Booleans, known, "boolean")
	case Number:
		if s.Integers+s.Numbers == 0 {
			a.typed(1, known, "number")
		}
		if integral(v.Raw()) {
			a.count(&s.Integers)
		} else {
			a.count(&s.Numbers)
		}
	case String:
		a.count(&s.Strings)
		a.typed(s.Strings, known, "string")
		a.text(s, v)
	case Array:
		a.count(&s.Arrays)
		a.typed(s.Arrays, known, "array")
		a.array(s, v)
	case Object:
		a.count(&s.Objects)
		a.typed(s.Objects, known, "object")
		a.object(s, v)
	case Deep:
		a.changed = a.changed || !s.Deep
		s.Deep, a.partly = true, true
	}
}

func (a *adder) count(n *int64) {
	*n++
	a.changed = a.changed || *n == 1
}

// typed tells of a type that a place never had.
func (a *adder) typed(n, known int64, name string) {
	if a.watch != nil && n == 1 && known >= a.watch.After {
		a.tell(News{Type: name})
	}
}

func (a *adder) tell(n News) {
	if len(a.watch.News) < a.watch.Most {
		for _, name := range a.path {
			step := "*"
			if name.d != nil {
				step = pointer.Replace(name.Text())
			}
			n.Path += "/" + step
		}
		a.watch.News = append(a.watch.News, n)
	}
}

// into follows a value below, under a step of the path.
func (a *adder) into(s *Schema, step, v Value) {
	a.path = append(a.path, step)
	a.add(s, v)
	a.path = a.path[:len(a.path)-1]
}

// node makes room for one more place of the shape; nil when there is none.
func (a *adder) node() *Schema {
	if a.size >= maxNodes {
		return nil
	}
	a.size++
	a.changed = true
	return &Schema{}
}

func (a *adder) array(s *Schema, v Value) {
	for item := range v.Items() {
		if s.Items == nil && !s.Cut {
			s.Items = a.node()
			s.Cut = s.Items == nil
		}
		if s.Items == nil {
			a.partly = true
		} else {
			a.into(s.Items, Value{}, item)
		}
	}
}

func (a *adder) text(s *Schema, v Value) {
	if s.Text == nil {
		s.Text = &Text{Values: map[string]int64{}}
	}
	t := s.Text
	raw := v.plain()
	t.Longest = max(t.Longest, len(raw))
	if t.Values != nil {
		if n, have := t.Values[string(raw)]; have {
			t.Values[string(raw)] = n + 1
			a.changed = a.changed || s.Strings <= 8 // it may be an enum from here on
		} else {
			a.changed = true
			if len(t.Values) >= maxEnum || !choice(raw) {
				t.Values = nil
			} else {
				t.Values[string(raw)] = 1
			}
		}
	}
	f := formatOf(raw)
	if f != "" {
		if t.Formats == nil {
			t.Formats = map[string]int64{}
		}
		t.Formats[f]++
	}
	if s.Strings == 1 {
		return
	}
	for name, n := range t.Formats { // the format all had until now
		a.changed = a.changed || name != f && n == s.Strings-1
	}
}

func (a *adder) object(s *Schema, v Value) {
	switch {
	case s.Values != nil:
		a.values(s, v)
		return
	case s.Variants != nil:
		if a.variant(s, v) {
			return
		}
		s.joinVariants()
		a.changed = true
		if s.Values != nil { // one of them was a map
			a.values(s, v)
			return
		}
	case s.Objects == 1 && (!a.flat || len(a.path) > 0):
		if tag := tagOf(v); tag != "" {
			s.Tag, s.Variants = tag, map[string]*Schema{}
			if a.variant(s, v) {
				return
			}
			s.Tag, s.Variants = "", nil
		}
	}
	a.members(s, v)
}

func (a *adder) members(s *Schema, v Value) {
	if s.Members == nil {
		s.Members = map[string]*Field{}
	}
	present := 0
	for name, member := range v.Members() {
		f := s.Members[string(name.plain())]
		if f == nil {
			if f = a.field(s, name, member); f == nil {
				continue
			}
		}
		if f.stamp != s.Objects { // of members of the same name all are looked at, and one counts
			f.stamp = s.Objects
			f.Present++
			present++
		}
		a.into(&f.Schema, name, member)
		if f.private && f.Text != nil {
			f.Text.Values = nil
		}
	}
	if !a.changed && present < len(s.Members) {
		for _, f := range s.Members {
			if f.stamp != s.Objects && f.Present == s.Objects-1 {
				a.changed = true // it was required until now
				break
			}
		}
	}
	if len(s.Members) > mapKeys && s.namesAreData() {
		s.becomeMap()
		a.changed = true
	}
}

// field makes room for a member; nil when there is none.
func (a *adder) field(s *Schema, called, member Value) *Field {
	name := called.Text()
	if s.Cut || len(s.Members) >= maxMembers || a.size >= maxNodes || len(name) > maxName {
		a.changed = a.changed || !s.Cut
		s.Cut, a.partly = true, true
		return nil
	}
	a.size++
	a.changed = true
	f := &Field{private: private(name)}
	s.Members[name] = f
	s.Order = append(s.Order, name)
	if a.watch != nil && !a.watch.TypesOnly && s.Objects > a.watch.After {
		a.path = append(a.path, called)
		a.tell(News{Type: typeOf(member), New: true})
		a.path = a.path[:len(a.path)-1]
	}
	return f
}

func (a *adder) values(s *Schema, v Value) {
	for _, member := range v.Members() {
		a.into(s.Values, Value{}, member)
	}
}

func typeOf(v Value) string {
	if v.Kind() == Number && integral(v.Raw()) {
		return "integer"
	}
	return typeNames[v.Kind()]
}

var typeNames = map[Kind]string{
	Null: "null", Bool: "boolean", Number: "number", String: "string", Array: "array", Object: "object", Deep: "object",
}

var pointer = strings.NewReplacer("~", "~0", "/", "~1")

func integral(n []byte) bool {
	for _, c := range n {
		if c == '.' || c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}

// secret are words in names whose values are never kept, not even where they are few.
var secret = []string{"pass", "secret", "token", "key", "auth", "cred", "cookie", "session", "mail", "phone", "ssn", "iban", "card", "otp", "pin", "address"}

// private reports whether the values under a name are nobody's business.
func private(name string) bool {
	name = strings.ToLower(name)
	for _, word := range secret {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
