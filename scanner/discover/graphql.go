package discover

import (
	"slices"
	"strings"
)

// graphQL names the operation of a GraphQL document: its type and name, or the fields it asks for where it has no name.
// wanted is the one to run where there are several. It is not ok for a text that is no GraphQL.
func graphQL(text, wanted string) (name string, ok bool) {
	r := graphReader{rest: text[:min(len(text), maxGraph)]}
	for !r.failed {
		op, found := r.definition()
		if !found {
			break
		}
		if op.kind == "fragment" || ok && op.name != wanted {
			continue
		}
		name, ok = op.String(), true
		if op.name == wanted {
			break
		}
	}
	return name, ok
}

// Bounds of a GraphQL document.
const (
	maxGraph  = 256 << 10 // bytes
	maxFields = 3         // that name an operation without name
)

type graphOperation struct {
	kind, name string
	fields     []string
}

func (o graphOperation) String() string {
	if o.name != "" {
		return operationName(o.kind + " " + o.name)
	}
	return operationName(o.kind + " {" + strings.Join(o.fields, " ") + "}")
}

// graphReader reads the definitions of a document, no more of them than names them.
type graphReader struct {
	rest   string
	failed bool
}

var graphKinds = []string{"query", "mutation", "subscription", "fragment"}

// definition reads the next definition. What begins like none ends the document.
func (r *graphReader) definition() (op graphOperation, found bool) {
	switch token := r.token(); {
	case token == "{":
		op.kind = "query"
	case slices.Contains(graphKinds, token):
		op.kind = token
		if !r.head(&op) {
			r.failed = true
			return op, false
		}
	default:
		r.failed = true
		return op, false
	}
	r.selection(&op)
	return op, true
}

// head reads what stands between the kind of an operation and its selection: its name, variables, directives.
func (r *graphReader) head(op *graphOperation) bool {
	for depth := 0; ; {
		switch token := r.token(); {
		case token == "":
			return false
		case token == "(":
			depth++
		case token == ")":
			depth--
		case depth > 0:
		case token == "{":
			return true
		case token == "@":
			r.token() // a directive is no name
		case !isName(token):
			return false
		case op.name == "":
			op.name = token
		case op.kind != "fragment":
			return false
		}
	}
}

// selection reads to the end of a selection and collects the fields at its top.
func (r *graphReader) selection(op *graphOperation) {
	last := ""
	for braces, parens := 1, 0; braces > 0; {
		token := r.token()
		top := braces == 1 && parens == 0
		switch {
		case token == "":
			r.failed = true // it breaks off; what was read is true
			return
		case token == "{":
			braces++
		case token == "}":
			braces--
		case token == "(":
			parens++
		case token == ")":
			parens--
		case top && token == ":" && len(op.fields) > 0 && op.fields[len(op.fields)-1] == last:
			op.fields = op.fields[:len(op.fields)-1] // it was an alias
		case top && isName(token) && last != "." && last != "@" && last != "on" && len(op.fields) < maxFields && !slices.Contains(op.fields, token):
			op.fields = append(op.fields, token)
		}
		last = token
	}
}

func isName(token string) bool {
	c := token[0]
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// token returns the next name, number or sign; strings are a quote. "" at the end.
func (r *graphReader) token() string {
	for r.rest != "" {
		switch c := r.rest[0]; {
		case c == ' ', c == '\t', c == '\r', c == '\n', c == ',':
			r.rest = r.rest[1:]
		case strings.HasPrefix(r.rest, "\ufeff"):
			r.rest = r.rest[3:]
		case c == '#':
			_, r.rest, _ = strings.Cut(r.rest, "\n")
		case strings.HasPrefix(r.rest, `"""`):
			r.skipBlock()
			return `"`
		case c == '"':
			r.skipString()
			return `"`
		default:
			end := 1
			for isName(r.rest) && end < len(r.rest) && (isName(r.rest[end:]) || r.rest[end] >= '0' && r.rest[end] <= '9') {
				end++
			}
			token := r.rest[:end]
			r.rest = r.rest[end:]
			return token
		}
	}
	return ""
}

func (r *graphReader) skipString() {
	for i := 1; i < len(r.rest); i++ {
		switch r.rest[i] {
		case '\\':
			i++
		case '"':
			r.rest = r.rest[i+1:]
			return
		}
	}
	r.rest = ""
}

// skipBlock skips a block string, which three quotes begin and end.
func (r *graphReader) skipBlock() {
	for r.rest = r.rest[3:]; ; {
		before, after, found := strings.Cut(r.rest, `"""`)
		r.rest = after
		if !found || !strings.HasSuffix(before, `\`) {
			return
		}
	}
}
