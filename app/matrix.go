package app

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"strings"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/diff"
	"assay/scanner/target"
	"assay/storage"
	"assay/traffic"
)

// Nobody is who sends a request without any credentials.
const Nobody = "nobody"

// MatrixOptions say which recorded requests are sent again, and as whom.
type MatrixOptions struct {
	Query  string   // filter of exchanges: the newest of each method and path is taken
	Roles  []string // none means all of the project
	Limit  int      // at most so many requests of different paths; 0 is 50
	Unsafe bool     // also those whose method changes things
	Scope  []string
	Yes    bool
	Reach  ModelReach
}

// MatrixRow is one recorded request and what each role got for it: a line of `assay test matrix --json`.
type MatrixRow struct {
	Exchange string       `json:"exchange"`
	Method   string       `json:"method"`
	URL      string       `json:"url"`
	Status   int          `json:"status"` // as it was recorded
	Cells    []MatrixCell `json:"cells"`
	Proven   bool         `json:"proven"` // a role saw what only another may see
}

// MatrixCell is what one role got.
type MatrixCell struct {
	Role     string   `json:"role"`
	Status   int      `json:"status,omitempty"`
	Access   string   `json:"access"`         // same, other, denied, failed
	Sees     []string `json:"sees,omitempty"` // roles whose own values stand in the answer
	Why      string   `json:"why,omitempty"`  // of failed
	Exchange string   `json:"exchange_id,omitempty"`
}

const (
	usualMatrix = 50
	mostMatrix  = 1000
)

// AccessMatrix sends recorded requests again as each role and as nobody, and tells who gets what. What comes back is kept
// in the project. Requests whose method changes things are left out unless they are asked for.
func (p *Project) AccessMatrix(ctx context.Context, o MatrixOptions, each func(*MatrixRow) error) error {
	if ro, _ := p.store.ReadOnly(); ro {
		return p.readOnly()
	}
	if o.Limit <= 0 {
		o.Limit = usualMatrix
	}
	chosen, err := p.matrixRows(ctx, &o)
	if err != nil {
		return err
	}
	if err := p.matrixScope(ctx, chosen, &o); err != nil {
		return err
	}
	people, err := p.matrixRoles(ctx, o.Roles)
	if err != nil {
		return err
	}
	for i := range chosen {
		row, err := p.matrixRow(ctx, chosen[i].ID, people, o.Reach)
		if err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

// matrixRows are the newest recorded exchanges of different methods and paths.
func (p *Project) matrixRows(ctx context.Context, o *MatrixOptions) ([]storage.Row, error) {
	text := "not source:test"
	if o.Query != "" {
		text = "(" + o.Query + ") and " + text
	}
	query, err := traffic.Parse(text)
	if err != nil {
		return nil, &Error{Code: CodeUsage, Message: "the filter of --query cannot be read", Err: err, Hint: "docs/query.md has the language"}
	}
	rows, err := p.store.List(ctx, storage.Filter{Where: query, Limit: mostMatrix})
	if err != nil {
		return nil, err
	}
	var chosen []storage.Row
	seen := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		key := r.Method + " " + r.Scheme + "://" + r.Host + r.Path
		safe := o.Unsafe || slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, r.Method) || r.Kind != "" && r.Kind != llm.KindPlain
		if r.Wire != traffic.KindHTTP || seen[key] || !safe || len(chosen) == o.Limit {
			continue
		}
		seen[key] = true
		chosen = append(chosen, *r)
	}
	if len(chosen) == 0 {
		return nil, usagef("`assay ls` lists them; --unsafe takes those that change things, too", "no recorded request is selected")
	}
	slices.Reverse(chosen)
	return chosen, nil
}

func (p *Project) matrixScope(ctx context.Context, chosen []storage.Row, o *MatrixOptions) error {
	var hosts []string
	for i := range chosen {
		if u, err := url.Parse(chosen[i].URL); err == nil && !slices.Contains(hosts, u.Host) {
			hosts = append(hosts, u.Host)
		}
	}
	if o.Yes {
		return nil
	}
	var scope []string
	for _, written := range o.Scope {
		host, err := scopeHost(written)
		if err != nil {
			return err
		}
		scope = append(scope, host)
	}
	out, err := outOfScope(ctx, p.store, hosts, scope)
	if err == nil && len(out) > 0 {
		err = notInScope(out)
	}
	return err
}

// matrixRoles resolves the roles; the last one is nobody.
func (p *Project) matrixRoles(ctx context.Context, names []string) ([]*target.Identity, error) {
	if len(names) == 0 {
		roles, err := p.store.Roles(ctx)
		if err != nil {
			return nil, err
		}
		for i := range roles {
			names = append(names, roles[i].Name)
		}
	}
	var people []*target.Identity
	for _, name := range names {
		who, err := p.identity(ctx, &bench{}, name)
		if err != nil {
			return nil, err
		}
		people = append(people, who)
	}
	if len(people) == 0 {
		return nil, usagef("`assay roles add` keeps one", "there is no test role to act as")
	}
	return append(people, &target.Identity{Role: &scanner.Role{Name: Nobody}}), nil
}

// matrixRow sends one recorded request as everybody.
func (p *Project) matrixRow(ctx context.Context, id traffic.ID, people []*target.Identity, reach ModelReach) (*MatrixRow, error) {
	s := p.secrets(true)
	in, err := s.exchange(ctx, id)
	if err != nil {
		return nil, err
	}
	header := sendable(in.RequestHeader)
	t, err := s.reach(&scanner.Model{
		Name: "matrix", Method: in.Method, URL: in.URL, Header: header, Body: in.RequestBody, Slot: "body:", Auth: scanner.ModelAuth{Form: target.AuthNone},
	}, reach)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	row := &MatrixRow{Exchange: id.String(), Method: in.Method, URL: in.URL, Status: in.Status}
	recorded := sideOf(in.Status, in.ResponseHeader, in.ResponseBody, in)
	for _, who := range people {
		call := target.Call{Input: llm.Input{Method: in.Method, URL: in.URL, RequestHeader: header, RequestBody: in.RequestBody}, As: who}
		answer, err := t.Do(ctx, call)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		cell := MatrixCell{Role: who.Role.Name, Access: "failed"}
		if answer == nil || answer.Status == 0 {
			if f, ok := target.FailureOf(err); ok {
				cell.Why = answer.Hide(f.Error())
			}
			row.Cells = append(row.Cells, cell)
			continue
		}
		kept, err := p.store.SaveExchange(ctx, answer.Record(traffic.SourceTest, nil), answer.Secrets())
		if err != nil {
			return nil, err
		}
		cell.Exchange, cell.Status = kept.String(), answer.Status
		cell.Access = accessOf(recorded, answer, in)
		cell.Sees = seenBy(who, people, answer, in)
		row.Proven = row.Proven || len(cell.Sees) > 0
		row.Cells = append(row.Cells, cell)
	}
	return row, nil
}

func sideOf(status int, header traffic.Header, body []byte, in *llm.Input) diff.Side {
	said := llm.Parse(llm.Input{
		Method: in.Method, URL: in.URL, RequestHeader: in.RequestHeader, RequestBody: in.RequestBody, Status: status, ResponseHeader: header, ResponseBody: body, Ended: true,
	})
	return diff.Side{Status: status, Header: header, Body: body, Said: &said}
}

// accessOf tells how an answer stands to the recorded one: the same, but for what changes from answer to answer; another
// one; or a refusal.
func accessOf(recorded diff.Side, a *target.Answer, in *llm.Input) string {
	switch {
	case a.Status == 401 || a.Status == 403 || a.Status == 404 || a.Status >= 300 && a.Status < 400:
		return "denied"
	case a.Status >= 400:
		return "failed"
	}
	now := sideOf(a.Status, a.Header, a.Body, in)
	same, all := 0, 0
	for _, s := range diff.Compare(recorded, now, diff.Noises()).Text.Segments {
		all += len(s.Text)
		if s.Change == diff.Same {
			same += len(s.Text)
		}
	}
	if all == 0 || same*10 >= all*8 {
		return "same"
	}
	return "other"
}

// seenBy are the roles whose own values stand in an answer to somebody else. What the request itself says proves nothing.
func seenBy(who *target.Identity, people []*target.Identity, a *target.Answer, in *llm.Input) []string {
	var names []string
	asked := in.URL + "\n" + string(in.RequestBody)
	for _, other := range people {
		if other.Role.Name == who.Role.Name {
			continue
		}
		shown := slices.ContainsFunc(other.Role.Knows, func(v string) bool {
			return len(v) >= 4 && bytes.Contains(a.Body, []byte(v)) && !strings.Contains(asked, v) && !slices.Contains(who.Role.Knows, v)
		})
		if shown {
			names = append(names, other.Role.Name)
		}
	}
	return names
}
