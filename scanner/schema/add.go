package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrNotJSON says that a document is no JSON; nothing of it was added.
var ErrNotJSON = errors.New("not JSON")

// Add adds one document. A document that breaks off or holds more than one value fails with ErrNotJSON and adds
// nothing. Of members of the same name the last counts, as with most parsers.
func (s *Schema) Add(document []byte) error {
	v, err := decode(document)
	if err != nil {
		return err
	}
	s.add(v, 0)
	return nil
}

// object keeps the order of members.
type object struct {
	names  []string
	values map[string]any
}

// tooDeep stands for a value below maxDepth.
type tooDeep struct{}

func decode(document []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	v, err := value(dec, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the document", ErrNotJSON)
	}
	return v, nil
}

func value(dec *json.Decoder, depth int) (any, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	delim, composite := token.(json.Delim)
	if !composite {
		return token, nil
	}
	if depth >= maxDepth {
		return tooDeep{}, skip(dec)
	}
	if delim == '[' {
		list := []any{}
		for dec.More() {
			v, err := value(dec, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := dec.Token()
		return list, err
	}
	o := &object{values: map[string]any{}}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		v, err := value(dec, depth+1)
		if err != nil {
			return nil, err
		}
		if _, again := o.values[name]; !again {
			o.names = append(o.names, name)
		}
		o.values[name] = v
	}
	_, err = dec.Token()
	return o, err
}

// skip reads to the end of a composite value that was entered.
func skip(dec *json.Decoder) error {
	for depth := 1; depth > 0; {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		if d, ok := token.(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else {
				depth--
			}
		}
	}
	return nil
}

func (s *Schema) add(v any, depth int) {
	s.Count++
	switch v := v.(type) {
	case nil:
		s.Nulls++
	case bool:
		s.Booleans++
	case json.Number:
		if integral(v.String()) {
			s.Integers++
		} else {
			s.Numbers++
		}
	case string:
		s.Strings++
		s.addText(v)
	case []any:
		s.Arrays++
		for _, item := range v {
			if s.Items == nil {
				s.Items = &Schema{}
			}
			s.Items.add(item, depth+1)
		}
	case *object:
		s.Objects++
		s.addObject(v, depth)
	case tooDeep:
		s.Deep = true
	}
}

func integral(n string) bool {
	for i := range len(n) {
		if c := n[i]; c == '.' || c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}

func (s *Schema) addText(v string) {
	if s.Text == nil {
		s.Text = &Text{Values: map[string]int64{}, Formats: map[string]int64{}}
	}
	t := s.Text
	t.Longest = max(t.Longest, len(v))
	if t.Values != nil {
		t.Values[v]++
		if len(t.Values) > maxEnum || len(v) > maxEnumText {
			t.Values = nil
		}
	}
	if f := formatOf(v); f != "" {
		t.Formats[f]++
	}
}

func (s *Schema) addObject(o *object, depth int) {
	switch {
	case s.Values != nil:
		s.addValues(o, depth)
		return
	case s.Variants != nil:
		if s.addVariant(o, depth) {
			return
		}
		s.joinVariants()
		if s.Values != nil { // one of them was a map
			s.addValues(o, depth)
			return
		}
	case s.Objects == 1:
		if tag := tagOf(o); tag != "" {
			s.Tag, s.Variants = tag, map[string]*Schema{}
			s.addVariant(o, depth)
			return
		}
	}
	s.addMembers(o, depth)
}

func (s *Schema) addMembers(o *object, depth int) {
	if s.Members == nil {
		s.Members = map[string]*Field{}
	}
	for _, name := range o.names {
		f := s.Members[name]
		if f == nil {
			if len(s.Members) >= maxMembers {
				s.Cut = true
				continue
			}
			f = &Field{}
			s.Members[name] = f
			s.Order = append(s.Order, name)
		}
		f.Present++
		f.add(o.values[name], depth+1)
	}
	if len(s.Members) > mapKeys && s.namesAreData() {
		s.becomeMap()
	}
}

func (s *Schema) addValues(o *object, depth int) {
	for _, name := range o.names {
		s.Values.add(o.values[name], depth+1)
	}
}
