package apidoc

import (
	"fmt"
	"slices"
	"strings"

	"assay/scanner"
)

// How a parameter differs from what a document says.
const (
	Undocumented = "undocumented" // the document does not have it
	OtherType    = "type"         // values are of a type the document does not allow
	Missing      = "missing"      // the document requires it, and requests without it were seen
)

// declares tells how a parameter differs from the operation; empty when it does not, or when nothing can be said.
func (o *Operation) declares(p *scanner.Parameter) string {
	switch p.In {
	case "path", "header", "cookie": // names of path parameters are made up, and programs send headers of their own
		return ""
	}
	at := slices.IndexFunc(o.Parameters, func(d Parameter) bool { return d.In == p.In && d.Name == p.Name })
	if at < 0 {
		if o.Open && p.In != "query" {
			return ""
		}
		return Undocumented
	}
	d := o.Parameters[at]
	switch {
	case !slices.ContainsFunc(p.Types, func(seen string) bool { return !allowed(d.Types, seen, p.In) }):
	default:
		return OtherType
	}
	if d.Required && p.Optional {
		return Missing
	}
	return ""
}

// allowed reports whether a type that was seen is one of the declared. Outside of a JSON body every value is text, and a
// form (uuid, date) says more than JSON's types do.
func allowed(declared []string, seen, in string) bool {
	if len(declared) == 0 || slices.Contains(declared, seen) {
		return true
	}
	switch seen {
	case "integer":
		return slices.Contains(declared, "number") || in != "body" && slices.Contains(declared, "string")
	case "number", "boolean":
		return in != "body" && slices.Contains(declared, "string")
	case "null", "object", "array":
		return false
	}
	return slices.Contains(declared, "string") || in != "body" && slices.Contains(declared, "array")
}

// Described is how one document describes an endpoint.
type Described struct {
	Document    int64
	Name        string
	Operation   string
	Differences []string // one sentence each
}

// Differences tells how an endpoint differs from the operations that describe it, by document.
func (m *Matcher) Differences(e *scanner.Endpoint) []Described {
	var list []Described
	all, _ := m.matches(e)
	for _, one := range all {
		d := m.docs[one.doc]
		op := &d.Operations[one.op]
		list = append(list, Described{Document: d.ID, Name: d.Name, Operation: op.name(), Differences: op.differences(e)})
	}
	return list
}

// differences are what an endpoint does otherwise than the operation says, one sentence each.
func (o *Operation) differences(e *scanner.Endpoint) (list []string) {
	add := func(format string, args ...any) {
		list = append(list, fmt.Sprintf(format, args...))
	}
	for i := range e.Facts.Parameters {
		p := &e.Facts.Parameters[i]
		switch o.declares(p) {
		case Undocumented:
			add("%s parameter %q is not documented", p.In, p.Name)
		case OtherType:
			add("%s parameter %q was %s", p.In, p.Name, strings.Join(p.Types, " or "))
		case Missing:
			add("%s parameter %q is required, and was missing in some requests", p.In, p.Name)
		}
	}
	for _, want := range o.Parameters {
		if want.Required && want.In != "path" && want.In != "header" && want.In != "cookie" && !slices.ContainsFunc(e.Facts.Parameters, func(p scanner.Parameter) bool { return p.In == want.In && p.Name == want.Name }) && !e.Facts.Cut {
			add("%s parameter %q is required, and was never seen", want.In, want.Name)
		}
	}
	if o.Deprecated {
		add("it is deprecated, and still used")
	}
	if len(o.Auth) > 0 && !slices.Contains(o.Auth, "none") {
		for _, a := range e.Facts.Auth {
			if a.Kind == "none" && a.OK > 0 {
				add("it asks for %s, and %d requests without it were answered", strings.Join(o.Auth, " or "), a.OK)
			}
		}
	}
	return list
}
