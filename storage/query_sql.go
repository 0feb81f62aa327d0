package storage

import (
	"fmt"
	"math"
	"strings"
	"time"

	"assay/traffic"
)

// statement is a compiled filter: a condition on a row e of exchange. Conditions on texts look only at exchanges
// between two ids, which the arguments named window stand for.
type statement struct {
	where string
	args  []any
	texts []traffic.Text // the searches in it
}

// window stands in the arguments for the first or the last id to look at.
type window int

const (
	windowFrom window = iota
	windowTo
)

// bind puts ids in place of windows.
func (s *statement) bind(from, to int64) []any {
	args := make([]any, len(s.args))
	for i, a := range s.args {
		switch a {
		case windowFrom:
			a = from
		case windowTo:
			a = to
		}
		args[i] = a
	}
	return args
}

// compiler turns a filter into SQL.
type compiler struct {
	statement
	now  time.Time
	p    *Project
	seek *textSeeker
}

// compile turns a filter into a condition. What Go has to check by itself comes last.
func (p *Project) compile(q *traffic.Query, now time.Time, s *textSeeker) (statement, error) {
	if q == nil || q.Root == nil {
		return statement{where: "1"}, nil
	}
	if now.IsZero() {
		now = time.Now()
	}
	c := &compiler{now: now, p: p, seek: s}
	where, err := c.node(q.Root)
	c.where = where
	return c.statement, err
}

func (c *compiler) node(n traffic.Node) (string, error) {
	switch n := n.(type) {
	case traffic.And:
		return c.joined(cheapFirst(n.Nodes), " AND ", "1")
	case traffic.Or:
		return c.joined(n.Nodes, " OR ", "0")
	case traffic.Not:
		inner, err := c.node(n.Node)
		return "NOT ifnull(" + inner + ", 0)", err
	case traffic.Compare:
		return c.compare(n)
	case traffic.Text:
		return c.text(n), nil
	}
	return "", fmt.Errorf("the filter has a part of an unknown kind, %T", n)
}

func (c *compiler) joined(nodes []traffic.Node, word, none string) (string, error) {
	if len(nodes) == 0 {
		return none, nil
	}
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		var err error
		if parts[i], err = c.node(n); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(parts, word) + ")", nil
}

// cheapFirst puts conditions that have to open every exchange behind all others.
func cheapFirst(nodes []traffic.Node) []traffic.Node {
	var cheap, costly []traffic.Node
	for _, n := range nodes {
		if scans(n) {
			costly = append(costly, n)
		} else {
			cheap = append(cheap, n)
		}
	}
	return append(cheap, costly...)
}

func scans(n traffic.Node) bool {
	switch n := n.(type) {
	case traffic.Not:
		return scans(n.Node)
	case traffic.Or:
		for _, inner := range n.Nodes {
			if scans(inner) {
				return true
			}
		}
	case traffic.And:
		for _, inner := range n.Nodes {
			if scans(inner) {
				return true
			}
		}
	case traffic.Compare:
		return n.Field == "header" || saidFields[n.Field] != nil
	}
	return false
}

// numberColumns are fields that are compared as numbers.
var numberColumns = map[string]string{
	"status": "e.status", "messages": "e.messages", "tokens": "e.tokens", "input_tokens": "e.tokens_in", "output_tokens": "e.tokens_out",
	"cost": "e.cost", "size": "(e.req_bytes + e.res_bytes)", "request_bytes": "e.req_bytes", "response_bytes": "e.res_bytes",
	"duration": "e.duration", "ttft": "e.ttfb", "started": "e.started", "id": "e.id", "stream": "e.stream",
}

// nameColumns are fields whose values are names: the condition is checked once for each name, not for each exchange.
var nameColumns = map[string]struct {
	column string
	kind   nameKind
	list   bool // the name is a list of lines, one of which suffices
}{
	"method": {"method", nameMethod, false}, "proto": {"proto", nameProto, false}, "mime": {"mime", nameMIME, false},
	"client": {"client", nameClient, false}, "kind": {"kind", nameKindOf, false}, "provider": {"provider", nameProvider, false},
	"family": {"family", nameFamily, false}, "model": {"model", nameModel, false}, "finish": {"finish", nameFinish, false},
	"colour": {"colour", nameColour, false},
	"role":   {"roles", nameRoles, true}, "tool": {"tools", nameTools, true}, "tool_call": {"calls", nameCalls, true}, "tag": {"tags", nameTags, true},
}

// textColumns are fields that are compared as text, row by row.
var textColumns = map[string]string{
	"path":         "substr(e.path, 1, instr(e.path || '?', '?') - 1)",
	"url":          "(SELECT iif(o.scheme = '', '', o.scheme || '://') || o.authority FROM origin o WHERE o.id = e.origin) || e.path",
	"error":        "iif(e.error IS NULL, substr(e.fault, instr(e.fault, char(10)) + 1), e.error || ' ' || ifnull(e.fault, ''))",
	"note":         "e.note",
	"conversation": "CAST(e.thread AS TEXT)",
}

// compare compiles a comparison; one value that holds suffices.
func (c *compiler) compare(n traffic.Compare) (string, error) {
	parts := make([]string, 0, len(n.Values))
	for _, v := range n.Values {
		part, err := c.value(n, v)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "0", nil
	}
	return "(" + strings.Join(parts, " OR ") + ")", nil
}

func (c *compiler) value(n traffic.Compare, v traffic.Value) (string, error) {
	if column, ok := numberColumns[n.Field]; ok {
		lo, hi := v.Bounds(c.now)
		return c.between(column, lo, hi), nil
	}
	if f, ok := nameColumns[n.Field]; ok {
		c.args = append(c.args, int64(f.kind))
		return "e." + f.column + " IN (SELECT id FROM name WHERE kind = ? AND " + c.match("text", f.list, n.Op, v, n.Field) + ")", nil
	}
	if column, ok := textColumns[n.Field]; ok {
		if n.Field == "path" && n.Op != traffic.OpRegex && !strings.Contains(v.Text, "?") {
			// Most rows are out already by the column as it is, which is cheaper to look at.
			c.args = append(c.args, traffic.Value{Text: strings.TrimRight(v.Text, "*"), Glob: v.Glob}.Like(traffic.OpContains))
			return `(e.path LIKE ? ESCAPE '\' AND (` + plainPath(n.Op, v) + c.match(column, false, n.Op, v, n.Field) + "))", nil
		}
		return c.match(column, false, n.Op, v, n.Field), nil
	}
	for _, known := range []func(traffic.Compare, traffic.Value) (string, bool, error){c.inventory, c.watched} {
		if condition, ok, err := known(n, v); ok || err != nil {
			return condition, err
		}
	}
	switch n.Field {
	case "host":
		return "e.origin IN (SELECT id FROM origin WHERE " + c.match("host", false, n.Op, v, n.Field) + ")", nil
	case "scheme":
		c.args = append(c.args, v.Text)
		return "e.origin IN (SELECT id FROM origin WHERE scheme = ? COLLATE NOCASE)", nil
	case "state":
		return c.equal("e.state", stateNumbers[traffic.State(v.Text)]), nil
	case "source":
		return c.equal("e.source", sourceNumbers[traffic.Source(v.Text)]), nil
	case "wire":
		return c.equal("e.wire", wireNumbers[traffic.Kind(v.Text)]), nil
	case "has":
		return has(v.Text), nil
	case "header":
		return c.scan(headerCheck(n, v)), nil
	}
	if columns := saidFields[n.Field]; columns != nil && n.Op == traffic.OpRegex {
		return c.scan(wordsCheck(columns, v)), nil
	}
	return "", fmt.Errorf("the project cannot filter by %s", n.Field)
}

// plainPath settles it for paths without a query, where the first look was not only a hint.
func plainPath(op traffic.Op, v traffic.Value) string {
	if op == traffic.OpContains && !v.Glob {
		return "instr(e.path, '?') = 0 OR "
	}
	return ""
}

func (c *compiler) equal(column string, n int64) string {
	c.args = append(c.args, n)
	return column + " = ?"
}

func (c *compiler) between(column string, lo, hi int64) string {
	switch {
	case lo == hi:
		return c.equal(column, lo)
	case lo == math.MinInt64 && hi == math.MaxInt64:
		return column + " IS NOT NULL"
	case lo == math.MinInt64:
		c.args = append(c.args, hi)
		return column + " <= ?"
	case hi == math.MaxInt64:
		c.args = append(c.args, lo)
		return column + " >= ?"
	}
	c.args = append(c.args, lo, hi)
	return column + " BETWEEN ? AND ?"
}

// match compares text. list says that it is lines, one of which suffices.
func (c *compiler) match(column string, list bool, op traffic.Op, v traffic.Value, field string) string {
	f, _ := traffic.LookupField(field)
	switch {
	case op == traffic.OpRegex:
		c.args = append(c.args, v.Text)
		if list {
			return "assay_any(?, " + column + ")"
		}
		return "assay_regexp(?, " + column + ")"
	case f.Type == traffic.FieldChoice:
		c.args = append(c.args, v.Text)
		return column + " = ? COLLATE NOCASE"
	case list:
		c.args = append(c.args, linePattern(op, v))
		return "assay_any(?, " + column + ")"
	}
	c.args = append(c.args, v.Like(op))
	return column + ` LIKE ? ESCAPE '\'`
}

// has compiles what an exchange can have.
func has(what string) string {
	flag := func(n int) string { return fmt.Sprintf("e.flags & %d <> 0", n) }
	switch what {
	case "answer":
		return flag(flagAnswer)
	case "reasoning":
		return flag(flagReasoning)
	case "refusal":
		return flag(flagRefusal)
	case "tools":
		return flag(flagTools)
	case "tool_calls":
		return flag(flagCalls)
	case "tool_results":
		return flag(flagResults)
	case "error":
		return fmt.Sprintf("(e.flags & %d <> 0 OR e.flags & %d <> 0 AND e.state = %d)", flagError, flagFault, stateNumbers[traffic.StateFailed])
	case "fault":
		return flag(flagFault)
	case "frames":
		return flag(flagFrames)
	case "lost":
		return flag(flagLost)
	case "stream":
		return "e.stream = 1"
	case "conversation":
		return "e.thread IS NOT NULL"
	case "colour":
		return "e.colour IS NOT NULL"
	case "note":
		return "e.note IS NOT NULL"
	case "tag":
		return "e.tags IS NOT NULL"
	}
	return "0"
}

// hits selects the exchanges in a window that said something. The index holds for each exchange what was new in it: it
// was told, too, all that its base was told, and what base answered where that came next. So: what exchanges in the
// window were told that was new, or those before it on which some in the window are based; all that follow from these;
// and what belongs to one exchange alone.
const hits = `WITH RECURSIVE
 up(id) AS (SELECT base FROM link WHERE id BETWEEN ?1 AND ?2 UNION SELECT l.base FROM up JOIN link l ON l.id = up.id),
 hit(id) AS (SELECT rowid FROM said WHERE said MATCH ?3 AND rowid BETWEEN ?1 AND ?2
  UNION SELECT up.id FROM up WHERE EXISTS (SELECT 1 FROM said WHERE said MATCH ?3 AND said.rowid = up.id)
  UNION SELECT l.id FROM up JOIN link l ON l.base = up.id AND l.answered WHERE EXISTS (SELECT 1 FROM said WHERE said MATCH ?5 AND said.rowid = up.id)
  UNION SELECT l.id FROM hit JOIN link l ON l.base = hit.id)
 SELECT id FROM hit UNION ALL SELECT rowid FROM said WHERE said MATCH ?4 AND rowid BETWEEN ?1 AND ?2`

// allHits is hits without a window.
const allHits = `WITH RECURSIVE hit(id) AS (SELECT rowid FROM said WHERE said MATCH ?3
  UNION SELECT l.id FROM said s JOIN link l ON l.base = s.rowid AND l.answered WHERE s.said MATCH ?5
  UNION SELECT l.id FROM hit JOIN link l ON l.base = hit.id)
 SELECT id FROM hit UNION ALL SELECT rowid FROM said WHERE said MATCH ?4`

// textMark is replaced by hits or allHits.
const textMark = "\x00"

func (c *compiler) text(n traffic.Text) string {
	c.texts = append(c.texts, n)
	c.args = append(c.args, textArgs{n})
	return "e.id IN (" + textMark + ")"
}

// textArgs stands in the arguments for those of hits or allHits.
type textArgs struct{ text traffic.Text }

// searchArgs returns a search's statement with ? for arguments, and these.
func searchArgs(query string, n traffic.Text) (string, []any) {
	var args []any
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(query, "?")
		b.WriteString(before)
		if !ok {
			return b.String(), args
		}
		b.WriteByte('?')
		switch after[0] {
		case '1':
			args = append(args, windowFrom)
		case '2':
			args = append(args, windowTo)
		case '3':
			args = append(args, matchExpression(n, inherited))
		case '4':
			args = append(args, matchExpression(n, own))
		case '5':
			args = append(args, matchExpression(n, answered))
		}
		query = after[1:]
	}
}

// windowed returns the statement with searches that look at a window, or at everything.
func (s statement) windowed(yes bool) statement {
	query := allHits
	if yes {
		query = hits
	}
	args := make([]any, 0, len(s.args)+8*len(s.texts))
	for _, a := range s.args {
		t, ok := a.(textArgs)
		if !ok {
			args = append(args, a)
			continue
		}
		search, more := searchArgs(query, t.text)
		s.where = strings.Replace(s.where, textMark, search, 1)
		args = append(args, more...)
	}
	s.args = args
	return s
}

// part says in which of a field's columns a search looks.
type part int

const (
	anywhere  part = iota
	inherited      // what later turns are told too
	own            // what they are not
	answered       // what those are told that follow the answer
)

// matchExpression writes a search in FTS5's language.
func matchExpression(n traffic.Text, where part) string {
	var b strings.Builder
	b.WriteByte('{')
	none := true
	for _, column := range saidFields[n.Field] {
		if where.holds(column) {
			b.WriteString(" " + saidColumns[column])
			none = false
		}
	}
	b.WriteString("} : ")
	words := strings.Join(n.Words, " ")
	if none { // of system and user nothing belongs to one exchange alone
		return `{url} : "` + noWord + `"`
	}
	b.WriteString(`"` + strings.ReplaceAll(words, `"`, " ") + `"`)
	if n.Prefix {
		b.WriteByte('*')
	}
	return b.String()
}

func (p part) holds(column int) bool {
	switch p {
	case inherited:
		return column < saidInherited
	case own:
		return column >= saidInherited
	case answered:
		return column == saidAnswer
	case anywhere:
	}
	return true
}

// noWord is a word that no URL holds.
const noWord = "\ue001"
