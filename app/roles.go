package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"assay/scanner"
	"assay/scanner/target"
	"assay/storage"
	"assay/traffic"
)

// RoleOptions say who a test role is. Values hold no secret: {{env:VARIABLE}} and {{keyring:NAME}} stand for one, {{token}}
// for what Command or Login gives.
type RoleOptions struct {
	Name    string
	Header  []string // "Name: value"
	Body    []string // REF=VALUE
	Command string   // program and arguments, as a shell would split them; no shell runs it
	Login   []string // exchange:ID
	Token   string   // where the token stands in the last answer of Login: a JSON pointer, header:NAME or cookie:NAME
	Latest  string   // filter
	Knows   []string
	Holds   []string
}

// RoleRow is one test role as `assay roles ls --json` prints it.
type RoleRow struct {
	Name    string   `json:"name"`
	Header  []string `json:"header,omitempty"`
	Body    []string `json:"body,omitempty"`
	Command []string `json:"command,omitempty"`
	Login   []string `json:"login,omitempty"`
	Token   string   `json:"token,omitempty"`
	Latest  string   `json:"latest,omitempty"`
	Knows   []string `json:"knows,omitempty"`
	Holds   []string `json:"holds,omitempty"`
	Added   string   `json:"added"`
}

// Roles lists the test roles of a project.
func (a *App) Roles(ctx context.Context, path string) (rows []RoleRow, err error) {
	p, err := a.project(ctx, path, toRead)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	roles, err := p.Roles(ctx)
	for i := range roles {
		rows = append(rows, roleRow(&roles[i]))
	}
	return rows, err
}

func roleRow(r *scanner.Role) RoleRow {
	row := RoleRow{
		Name: r.Name, Command: r.Command, Latest: r.Latest, Knows: r.Knows, Holds: r.Holds, Added: r.Added.UTC().Format(time.RFC3339),
	}
	for _, f := range r.Header {
		row.Header = append(row.Header, f.Name+": "+f.Value)
	}
	for _, f := range r.Body {
		row.Body = append(row.Body, f.Ref+"="+f.Value)
	}
	if r.Login != nil {
		row.Token = r.Login.Token
		for _, id := range r.Login.Exchanges {
			row.Login = append(row.Login, "exchange:"+id.String())
		}
	}
	return row
}

// AddRole keeps a test role, in place of one with the same name.
func (a *App) AddRole(ctx context.Context, path string, o RoleOptions) error {
	r, err := o.role()
	if err != nil {
		return err
	}
	return a.change(ctx, path, func(p *storage.Project) error {
		if r.Login != nil {
			for _, id := range r.Login.Exchanges {
				if _, err := p.Exchange(ctx, id); err != nil {
					return &Error{Code: CodeNotFound, Message: "there is no exchange " + id.String(), Err: err, Hint: "`assay ls` lists them"}
				}
			}
		}
		return p.SetRole(ctx, *r)
	})
}

// RemoveRole forgets a test role.
func (a *App) RemoveRole(ctx context.Context, path, name string) error {
	return a.change(ctx, path, func(p *storage.Project) error {
		if _, err := findRole(ctx, p, name); err != nil {
			return err
		}
		return p.RemoveRole(ctx, name)
	})
}

func findRole(ctx context.Context, p *storage.Project, name string) (*scanner.Role, error) {
	roles, err := p.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range roles {
		if roles[i].Name == name {
			return &roles[i], nil
		}
		names = append(names, roles[i].Name)
	}
	return nil, &Error{Code: CodeNotFound, Message: "there is no test role \"" + Harmless(name, 60) + "\"", Hint: nearOr(name, names, "`assay roles ls` lists them")}
}

// role checks what a person said of a role.
func (o *RoleOptions) role() (*scanner.Role, error) {
	r := &scanner.Role{Name: strings.TrimSpace(o.Name), Latest: o.Latest, Knows: o.Knows, Holds: o.Holds, Added: time.Now()}
	if r.Name == "" || len(r.Name) > 80 || Harmless(r.Name, 0) != r.Name {
		return nil, usagef("one to eighty visible letters, as customer-a", "%q is no name for a role", Harmless(o.Name, 40))
	}
	for _, line := range o.Header {
		name, value, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || name == "" || strings.ContainsAny(line, "\r\n") {
			return nil, usagef(`write --header "Name: value"`, "%q is no header", Harmless(name, 40))
		}
		r.Header = append(r.Header, traffic.Field{Name: name, Value: strings.TrimSpace(value)})
	}
	if err := noClearSecrets(r.Header); err != nil {
		return nil, err
	}
	for _, pair := range o.Body {
		at, value, ok := strings.Cut(pair, "=")
		ref, err := target.ParsePlace(at)
		if !ok || err != nil {
			return nil, usagef("write --body /user/id=17, or --body form:user=17", "%q names no place in a body", Harmless(pair, 60))
		}
		r.Body = append(r.Body, scanner.RoleField{Ref: ref.String(), Value: value})
	}
	var err error
	if r.Command, err = commandWords(o.Command); err != nil {
		return nil, err
	}
	if r.Latest != "" {
		if _, err := traffic.Parse(r.Latest); err != nil {
			return nil, &Error{Code: CodeUsage, Message: "the filter of --latest cannot be read", Err: err}
		}
	}
	if err := o.login(r); err != nil {
		return nil, err
	}
	return r, nil
}

func (o *RoleOptions) login(r *scanner.Role) error {
	for _, ref := range o.Login {
		id, err := exchangeID(strings.TrimPrefix(strings.TrimSpace(ref), "exchange:"))
		if err != nil {
			return err
		}
		if r.Login == nil {
			r.Login = &scanner.RoleLogin{Token: o.Token}
		}
		r.Login.Exchanges = append(r.Login.Exchanges, id)
	}
	ways := 0
	for _, has := range []bool{r.Login != nil, len(r.Command) > 0, r.Latest != ""} {
		if has {
			ways++
		}
	}
	switch {
	case ways > 1:
		return usagef("one of them gives the credentials", "--command, --login and --latest do not go together")
	case r.Login == nil && o.Token != "":
		return usagef("give --login exchange:ID too", "--token says where the token of a login stands")
	case r.Login != nil && !isTokenPlace(o.Token):
		return usagef("write --token /access_token, header:X-Token or cookie:session", "a login needs the place of its token")
	case ways == 0 && len(r.Header) == 0 && len(r.Body) == 0:
		return usagef(`give --header "Authorization: Bearer {{env:TOKEN_A}}", --command, --login or --latest`, "nothing says how requests of this role prove who they are")
	}
	return nil
}

func isTokenPlace(s string) bool {
	form, name, ok := strings.Cut(s, ":")
	return strings.HasPrefix(s, "/") || ok && name != "" && (form == "header" || form == "cookie")
}

// noClearSecrets refuses credentials that are written out: the project would hold them.
func noClearSecrets(header traffic.Header) error {
	var wrong string
	storage.WithoutSecrets("", header, func(name, value string) string {
		if len(target.References(value)) == 0 && !strings.Contains(value, "{{token}}") {
			wrong = name
		}
		return value
	})
	if wrong == "" {
		return nil
	}
	return usagef(`write "`+wrong+`: Bearer {{env:VARIABLE}}"; the value is read when a test runs`, "the header %s holds a secret, and projects hold none", Harmless(wrong, 60))
}

// commandWords splits a command as a shell would, without a shell: blanks part words, quotes and backslashes keep them
// together.
func commandWords(line string) ([]string, error) {
	var all []string
	var word strings.Builder
	var quote rune
	inWord, escaped := false, false
	for _, r := range line {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, inWord = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			quote, inWord = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if inWord {
				all = append(all, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 || escaped {
		return nil, usagef("close the quotes", "the command of the role is not whole")
	}
	if inWord {
		all = append(all, word.String())
	}
	return all, nil
}

// takeRoles resolves the roles of a run and gives them to its targets.
func (p *Project) takeRoles(ctx context.Context, b *bench, spec *scanner.RunSpec) error {
	first, err := p.identity(ctx, b, spec.Role)
	if err != nil {
		return err
	}
	second, err := p.identity(ctx, b, spec.Other)
	if err != nil {
		return err
	}
	if spec.Other != "" && spec.Other == spec.Role {
		return usagef("name another one with --other", "a role is not swapped with itself")
	}
	for _, t := range b.aims {
		t.victim.Identity, t.victim.Other = first, second
		if first == nil && t.target.Request.Role != "" {
			if t.victim.Identity, err = p.identity(ctx, b, t.target.Request.Role); err != nil {
				return err
			}
		}
	}
	return nil
}

// identity is a role with what proves it: the output of its command, the token of its login, or the credentials of the
// latest exchange that its filter finds. Nil where no role is named.
func (p *Project) identity(ctx context.Context, b *bench, name string) (*target.Identity, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // the target's own credentials are used
	}
	kept, err := findRole(ctx, p.store, name)
	if err != nil {
		return nil, err
	}
	role := *kept
	who := &target.Identity{Role: &role}
	switch {
	case len(role.Command) > 0:
		who.Token, err = tokenOfCommand(ctx, role.Command)
	case role.Login != nil:
		who.Token, err = p.tokenOfLogin(ctx, role.Login)
	case role.Latest != "":
		role.Header, err = p.latestProof(ctx, &role)
		for _, t := range b.aims {
			t.secrets.recorded = true // the person said that what was recorded proves this role
		}
	}
	if err != nil {
		return nil, &Error{Code: CodeFailed, Message: "the test role " + role.Name + " cannot be used", Err: err, Hint: "`assay roles add " + role.Name + " …` says it anew"}
	}
	if who.Token != "" && !namesToken(&role) {
		role.Header = append(slices.Clone(role.Header), traffic.Field{Name: "Authorization", Value: "Bearer {{token}}"})
	}
	return who, nil
}

// namesToken reports whether a role says where its token goes.
func namesToken(r *scanner.Role) bool {
	in := func(v string) bool { return strings.Contains(v, "{{token}}") }
	return slices.ContainsFunc(r.Header, func(f traffic.Field) bool { return in(f.Value) }) ||
		slices.ContainsFunc(r.Body, func(f scanner.RoleField) bool { return in(f.Value) })
}
