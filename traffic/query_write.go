package traffic

import (
	"strings"
	"unicode"
)

// String returns the filter in its canonical form: aliases resolved, implied and written out as a space, no needless
// parentheses and quotes. Parsing it gives an equal Query.
func (q *Query) String() string {
	if q.Root == nil {
		return ""
	}
	var b strings.Builder
	q.Root.write(&b, 0)
	return b.String()
}

// Ranks tell how tightly a node binds: a node inside one of a higher rank needs parentheses.
const (
	rankOr = iota + 1
	rankAnd
	rankNot
)

func writeJoined(b *strings.Builder, nodes []Node, by string, rank, outer int) {
	if outer > rank {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(by)
		}
		n.write(b, rank)
	}
}

func (n And) write(b *strings.Builder, outer int) { writeJoined(b, n.Nodes, " and ", rankAnd, outer) }

func (n Or) write(b *strings.Builder, outer int) { writeJoined(b, n.Nodes, " or ", rankOr, outer) }

func (n Not) write(b *strings.Builder, _ int) {
	if c, ok := n.Node.(Compare); ok && c.Op == OpEqual && len(c.Values) == 1 {
		c.writeHead(b)
		b.WriteString("!=")
		c.writeValues(b)
		return
	}
	b.WriteString("not ")
	n.Node.write(b, rankNot)
}

func (n Compare) write(b *strings.Builder, _ int) {
	n.writeHead(b)
	sign := n.Op.String()
	if f := lookupField(n.Field); n.Op == OpEqual && f != nil && f.Type != FieldText {
		sign = ":"
	}
	b.WriteString(sign)
	n.writeValues(b)
}

func (n Compare) writeHead(b *strings.Builder) {
	b.WriteString(n.Field)
	if n.Key != "" {
		b.WriteByte('.')
		b.WriteString(n.Key)
	}
}

func (n Compare) writeValues(b *strings.Builder) {
	first := n.Values[0]
	if len(n.Values) == 1 && (!first.Glob || operatorAt(first.Text) == "") {
		n.Values[0].write(b, n.Op)
		return
	}
	b.WriteByte('(')
	for i, v := range n.Values {
		if i > 0 {
			b.WriteString(", ")
		}
		v.write(b, n.Op)
	}
	b.WriteByte(')')
}

func (v Value) write(b *strings.Builder, op Op) {
	switch {
	case op == OpRegex:
		pattern, fold := strings.CutPrefix(v.Text, "(?i)")
		b.WriteByte('/')
		writePattern(b, pattern)
		b.WriteByte('/')
		if fold {
			b.WriteByte('i')
		}
	case v.Glob || bareValue(v.Text):
		b.WriteString(v.Text)
	default:
		writeQuoted(b, v.Text)
	}
}

// writePattern writes a regular expression with its slashes escaped.
func writePattern(b *strings.Builder, pattern string) {
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '/':
			b.WriteString(`\/`)
		case pattern[i] == '\\' && i+1 < len(pattern) && pattern[i+1] != '/':
			b.WriteString(pattern[i : i+2])
			i++
		default:
			b.WriteByte(pattern[i])
		}
	}
}

func writeQuoted(b *strings.Builder, s string) {
	b.WriteByte('"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	b.WriteByte('"')
}

// bareValue reports whether a value needs no quotes.
func bareValue(s string) bool {
	if s == "" || operatorAt(s) != "" {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == '(' || r == ')' || r == '"' || r == ',' || r == '*'
	})
}

func (n Text) write(b *strings.Builder, _ int) {
	if n.Field != "text" {
		b.WriteString(n.Field)
		b.WriteByte(':')
	}
	s := strings.Join(n.Words, " ")
	if len(n.Words) == 1 && !isKeyword(s) {
		b.WriteString(s)
	} else {
		writeQuoted(b, s)
	}
	if n.Prefix {
		b.WriteByte('*')
	}
}

func isKeyword(s string) bool {
	return strings.EqualFold(s, "and") || strings.EqualFold(s, "or") || strings.EqualFold(s, "not")
}
