package traffic

import (
	"net/http"
	"slices"
	"strings"
)

// Get returns the first value of the named header, compared without case, or "".
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Has reports whether the named header is present, even with an empty value.
func (h Header) Has(name string) bool {
	return slices.ContainsFunc(h, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

// Values returns all values of the named header in order.
func (h Header) Values(name string) []string {
	var vs []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			vs = append(vs, f.Value)
		}
	}
	return vs
}

// With returns the header with one value in the place of all of a name, or behind the others; h stays as it is.
func (h Header) With(name, value string) Header {
	out := make(Header, 0, len(h)+1)
	done := false
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			if done {
				continue
			}
			f.Value, done = value, true
		}
		out = append(out, f)
	}
	if !done {
		out = append(out, Field{Name: name, Value: value})
	}
	return out
}

// HTTP converts to net/http's map, which forgets order and case.
func (h Header) HTTP() http.Header {
	m := make(http.Header, len(h))
	for _, f := range h {
		m.Add(f.Name, f.Value)
	}
	return m
}

// FromHTTP converts from net/http's map, sorted by name because the order is not known.
func FromHTTP(m http.Header) Header {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	h := make(Header, 0, len(m))
	for _, name := range names {
		for _, v := range m[name] {
			h = append(h, Field{name, v})
		}
	}
	return h
}
