package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"

	"assay/llm"
	"assay/traffic"
)

// registerFunctions makes the functions our SQL uses known to the driver, once for the process.
var registerFunctions = sync.OnceValue(func() error {
	return errors.Join(
		sqlite.RegisterDeterministicScalarFunction("assay_regexp", 2, sqlRegexp),
		sqlite.RegisterDeterministicScalarFunction("assay_any", 2, sqlAny),
		sqlite.RegisterScalarFunction("assay_scan", 2, sqlScan),
	)
})

var errArguments = errors.New("wrong arguments")

// patterns are the regular expressions in use; a query compiles its own once, not for each row.
var patterns struct {
	sync.Mutex
	compiled map[string]*regexp.Regexp
}

func pattern(text string) (*regexp.Regexp, error) {
	patterns.Lock()
	defer patterns.Unlock()
	if re, ok := patterns.compiled[text]; ok {
		return re, nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	if len(patterns.compiled) >= 200 || patterns.compiled == nil {
		patterns.compiled = map[string]*regexp.Regexp{}
	}
	patterns.compiled[text] = re
	return re, nil
}

// sqlRegexp is assay_regexp(pattern, text).
func sqlRegexp(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	text, ok := args[1].(string)
	if !ok {
		return nil, nil // NULL does not match
	}
	expression, ok := args[0].(string)
	if !ok {
		return nil, errArguments
	}
	re, err := pattern(expression)
	if err != nil {
		return nil, err
	}
	return number(re.MatchString(text)), nil
}

// sqlAny is assay_any(pattern, lines): whether the pattern is found in one of the lines.
func sqlAny(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	lines, ok := args[1].(string)
	if !ok {
		return nil, nil
	}
	expression, ok := args[0].(string)
	if !ok {
		return nil, errArguments
	}
	re, err := pattern(expression)
	if err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(lines, "\n") {
		if re.MatchString(line) {
			return int64(1), nil
		}
	}
	return int64(0), nil
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// linePattern is a regular expression for what LIKE would do with one line.
func linePattern(op traffic.Op, v traffic.Value) string {
	quoted := regexp.QuoteMeta(v.Text)
	switch {
	case v.Glob:
		return "(?is)^" + strings.ReplaceAll(quoted, `\*`, ".*") + "$"
	case op == traffic.OpContains:
		return "(?i)" + quoted
	default:
		return "(?i)^" + quoted + "$"
	}
}

// check decides about one exchange in Go.
type check func(ctx context.Context, p *Project, id traffic.ID) (bool, error)

// textSeeker holds the conditions of one query that Go checks.
type textSeeker struct {
	p       *Project
	ctx     context.Context
	handles []int64
}

var (
	scanHandles atomic.Int64
	runningScan sync.Map // handle to func(id) (bool, error)
)

func (p *Project) newScanner(ctx context.Context) *textSeeker { return &textSeeker{p: p, ctx: ctx} }

func (s *textSeeker) close() {
	for _, h := range s.handles {
		runningScan.Delete(h)
	}
}

func (c *compiler) scan(f check) string {
	h := scanHandles.Add(1)
	s := c.seek
	s.handles = append(s.handles, h)
	runningScan.Store(h, func(id traffic.ID) (bool, error) {
		if err := s.ctx.Err(); err != nil {
			return false, err
		}
		return f(s.ctx, s.p, id)
	})
	c.args = append(c.args, h)
	return "assay_scan(?, e.id)"
}

// sqlScan is assay_scan(handle, id).
func sqlScan(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	handle, ok1 := args[0].(int64)
	id, ok2 := args[1].(int64)
	f, ok3 := runningScan.Load(handle)
	if !ok1 || !ok2 || !ok3 {
		return nil, errArguments
	}
	hit, err := f.(func(traffic.ID) (bool, error))(traffic.ID(id))
	if errors.Is(err, ErrNoExchange) || errors.Is(err, sql.ErrNoRows) {
		hit, err = false, nil // it was deleted since the query began
	}
	return number(hit), err
}

// headerCheck looks at header lines of request and answer.
func headerCheck(n traffic.Compare, v traffic.Value) check {
	match := v.Regexp
	if match == nil {
		match = regexp.MustCompile(linePattern(n.Op, v)) // quoted, so it compiles
	}
	return func(ctx context.Context, p *Project, id traffic.ID) (bool, error) {
		var packed int64
		var head []byte
		if err := p.probes.QueryRowContext(ctx, "SELECT 1, head FROM content WHERE id = ?1 UNION ALL SELECT 0, head FROM fresh WHERE id = ?1", int64(id)).Scan(&packed, &head); err != nil {
			return false, err
		}
		x, err := p.decodeContentHead(ctx, packed, head)
		if err != nil {
			return false, err
		}
		header := x.Request.Header
		if x.Response != nil {
			header = slices.Concat(header, x.Response.Header)
		}
		for _, f := range header {
			line := f.Value
			switch {
			case n.Key == "":
				line = f.Name + ": " + f.Value
			case !strings.EqualFold(f.Name, n.Key):
				continue
			}
			if match.MatchString(line) {
				return true, nil
			}
		}
		return false, nil
	}
}

// wordsCheck looks for a regular expression in what was said.
func wordsCheck(columns []int, v traffic.Value) check {
	return func(ctx context.Context, p *Project, id traffic.ID) (bool, error) {
		_, c, err := p.Understand(ctx, id)
		if err != nil {
			return false, err
		}
		if c == nil {
			c = &llm.Conversation{}
		}
		texts := textsOf(c, 0, true)
		if slices.Contains(columns, saidURL) {
			if texts[saidURL], err = p.url(ctx, id); err != nil {
				return false, err
			}
		}
		for _, column := range columns {
			for text := range strings.SplitSeq(texts[column], textBreak) {
				if text != "" && v.Regexp.MatchString(text) {
					return true, nil
				}
			}
		}
		return false, nil
	}
}
